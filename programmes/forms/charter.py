"""Forms of the charter."""

from django import forms

from portal.forms.base import VersionMixin
from programmes.forms.rollout import DateInput
from programmes.models import CharterVersion


class ArticlesForm(VersionMixin):
    """One text for each article; titles stay."""

    def __init__(self, *args, version: CharterVersion, **kwargs) -> None:
        kwargs.setdefault("initial", {"seen": version.version})
        super().__init__(*args, **kwargs)
        for number, article in enumerate(version.articles, start=1):
            self.fields[f"article_{number}"] = forms.CharField(
                label=f"{number}. {article['title']}",
                initial=article["text"],
                max_length=1200,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    @property
    def texts(self) -> list[str]:
        return [value for name, value in self.cleaned_data.items() if name.startswith("article_")]


class InForceForm(VersionMixin):
    """From which day."""

    on = forms.DateField(label="En vigueur à partir du", widget=DateInput)


class AcceptForm(forms.Form):
    """The version that was read."""

    version = forms.UUIDField(widget=forms.HiddenInput)
    read = forms.BooleanField(
        label="J’ai lu la charte et je l’accepte",
        error_messages={"required": "Cochez cette case pour accepter la charte."},
    )
