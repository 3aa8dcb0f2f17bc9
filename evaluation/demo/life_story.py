"""The life of the pairs, after their first yes: opening meetings, points, dates, reviews."""

import datetime as dt
from collections.abc import Callable

from pairing.models import Pair
from pairing.services import dates, follow, reviews
from portal import clock
from portal.models import Employer, Person


class LifeStory:
    """Used by Story, which gives the people, the pairs and the simulated day."""

    employer: Employer
    people: dict[str, Person]
    pair: Callable[[str], Pair]

    def do_opened(self, pair: str, who: str) -> None:
        follow.hold_opening(pair=self.pair(pair), by=self.people[who])

    def do_points(self, pairs: list[str], who: str) -> None:
        for pair in pairs:
            follow.hold_point(pair=self.pair(pair), by=self.people[who])

    def do_dates(self, pair: str, who: str, days: list[int], hour: int, channel: str) -> None:
        """Dates so many days from now, at this hour, that nobody has answered yet."""
        zone = clock.ZoneInfo(self.employer.time_zone)
        today = clock.today(self.employer.time_zone)
        starts = [dt.datetime.combine(today + dt.timedelta(days=day), dt.time(hour), tzinfo=zone) for day in days]
        dates.propose(pair=self.pair(pair), by=self.people[who], dates=starts, minutes=45, channel=channel)

    def do_pair_review(self, pair: str, moment: str, ticks: dict[str, list[str]]) -> None:
        for who, ticked in ticks.items():
            reviews.answer(pair=self.pair(pair), by=self.people[who], moment=moment, ticks=ticked)
