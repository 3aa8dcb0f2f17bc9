"""The list of sites of a programme: a name for each, and whether few people work there."""

from uuid import UUID

from django import forms

from portal.forms.base import VersionMixin
from programmes.models import Programme, Site
from programmes.services.sites import Line

NEW_LINES = 3


class SitesForm(VersionMixin, forms.Form):
    """A line for each site, and some for new ones; a name taken away takes its site away."""

    agreed = forms.BooleanField(
        label="Retirer aussi ces sites des réponses données",
        required=False,
        help_text="Personne n’est prévenu. Une proposition reste toujours possible sans réponse.",
    )

    def __init__(self, *args, sites: list[Site], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.keys: list[UUID | str] = [site.ref for site in sites]
        self.keys += [f"new{number}" for number in range(1, NEW_LINES + 1)]
        known = {site.ref: site for site in sites}
        for key in self.keys:
            site = known.get(key)
            self.fields[f"name_{key}"] = forms.CharField(
                label="Nom du site", max_length=60, required=False, initial=site.name if site else ""
            )
            self.fields[f"small_{key}"] = forms.BooleanField(
                label="Moins de dix agents y travaillent", required=False, initial=site.small if site else False
            )

    def lines(self) -> list[Line]:
        """What was typed, sites that exist first."""
        typed = self.cleaned_data
        return [
            Line(typed[f"name_{key}"], typed[f"small_{key}"], key if isinstance(key, UUID) else None)
            for key in self.keys
        ]

    def rows(self) -> list[tuple[str, tuple]]:
        """The two fields of each line, under the name it has."""
        return [
            (self.fields[f"name_{key}"].initial or "Un nouveau site", (self[f"name_{key}"], self[f"small_{key}"]))
            for key in self.keys
        ]

    @property
    def asks_agreement(self) -> bool:
        """Only once the list would take answers away."""
        return "agreed" in self.errors or bool(self.data.get("agreed"))

    @staticmethod
    def initial_of(programme: Programme) -> dict:
        return {"seen": programme.version}
