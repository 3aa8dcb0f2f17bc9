"""Asking to be called back. The one text box takes a number or an address, checked, sealed, erased at closing."""

from django import forms

from pairing.enums import SESSION_KINDS, SupportKind
from pairing.services.support import Recipient
from portal.forms.base import ReceiptMixin
from programmes.enums import HALF_DAYS, Channel
from programmes.forms.settings import capitalised


class AskForm(ReceiptMixin):
    """Whom, about what, how, when."""

    to = forms.ChoiceField(label="Qui doit vous rappeler ?", widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label="À quel sujet ?",
        choices=capitalised(one for one in SupportKind.choices if one[0] not in SESSION_KINDS),
        widget=forms.RadioSelect,
        help_text="Rien d’autre n’est demandé. Vous direz le reste de vive voix.",
    )
    channel = forms.ChoiceField(label="Comment ?", choices=Channel.capitalised(), widget=forms.RadioSelect)
    reach = forms.CharField(
        label="Où vous joindre ?",
        max_length=80,
        required=False,
        help_text="Un numéro ou une adresse électronique. Pas nécessaire pour un échange en présence.",
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    slots = forms.TypedMultipleChoiceField(
        label="Quand ?",
        choices=capitalised(HALF_DAYS),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une demi-journée."},
    )

    def __init__(self, *args, recipients: list[Recipient], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(one.key, one.label) for one in recipients]
        if len(recipients) == 1:
            self.fields["to"].initial = recipients[0].key

    def clean_slots(self) -> int:
        return sum(1 << bit for bit in self.cleaned_data["slots"])


class DebriefForm(AskForm):
    """The same, asked of a supervisor; what about is known."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["kind"]


class SessionForm(AskForm):
    """A session of one's own, or a debrief, with a supervisor: no reason is asked."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].label = "Avec qui ?"
        self.fields["kind"].label = "Que souhaitez-vous ?"
        self.fields["kind"].help_text = "La raison n’est pas demandée."
        self.fields["kind"].choices = [
            (SupportKind.INDIVIDUAL, "Une séance individuelle : réponse visée en 10 jours ouvrés"),
            (SupportKind.DEBRIEF, "Un débriefing, après une situation difficile : réponse visée en 72 heures"),
        ]
