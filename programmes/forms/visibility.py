"""The optional agreements of somebody who takes part, each taken back by its own tick."""

from portal.forms.base import VersionMixin
from programmes.forms.joining import AgreementsForm
from programmes.models import Participation


class AgreementsOfForm(VersionMixin, AgreementsForm):
    """Only those that something stands behind: words, a presentation, ticks."""

    def __init__(self, *args, participation: Participation, **kwargs) -> None:
        super().__init__(*args, programme=participation.programme, side=participation.side, **kwargs)
        behind = {
            "readers": participation.free_text,
            "presentation_published": participation.presentation,
            "lived_used": participation.lived,
        }
        for name, something in behind.items():
            if not something:
                self.fields.pop(name, None)

    @property
    def asks(self) -> bool:
        return len(self.fields) > 1

    def agreements(self) -> dict:
        """What was agreed to; what is not asked is not given."""
        said = self.cleaned_data
        return {
            "readers": said.get("readers", []),
            "published": said.get("presentation_published", False),
            "lived_used": said.get("lived_used", False),
        }

    @staticmethod
    def initial_of(row: Participation) -> dict:
        published, used = row.presentation_published, bool(row.lived)
        return {"seen": row.version, "readers": row.readers, "presentation_published": published, "lived_used": used}
