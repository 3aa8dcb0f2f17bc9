"""What each person prefers for each kind of news."""

from django.db import models

from portal.enums import NewsWay, Topic
from portal.models.people import Person


class NewsPreference(models.Model):
    """Without a row, news are grouped in one message a day."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="news_preferences")
    topic = models.CharField("nouvelles", max_length=14, choices=Topic)
    way = models.CharField("comment", max_length=8, choices=NewsWay)

    class Meta:
        verbose_name = "préférence de messages"
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="one_preference_per_topic")]

    def __str__(self) -> str:
        return f"{self.topic} {self.way}"
