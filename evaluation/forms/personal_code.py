"""The answering form of a wave whose answers may be linked: it gives a personal code, or asks for it."""

from django import forms

from evaluation import personal_code
from evaluation.forms.surveys import AnswerForm
from evaluation.services import linking

UNREADABLE = (
    "Ce code comporte plusieurs fautes de frappe, ou n’est pas complet. Corrigez-le, ou videz la case : vos réponses "
    "compteront de la même façon."
)


class LinkedForm(AnswerForm):
    """`asks` is linking.DRAW, linking.TYPE or nothing, which leaves the questions alone. `code` is what to link with."""

    def __init__(self, *args, asks: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.asks = asks
        if asks == linking.DRAW:
            self.fields["code"] = forms.CharField(
                label="Votre code personnel",
                help_text="Notez-le ou imprimez-le : il n’est gardé nulle part.",
                required=False,
                initial=lambda: personal_code.grouped(personal_code.draw()),
                widget=forms.TextInput(attrs=self._attributes(readonly=True)),
            )
            self.fields["keeps"] = forms.BooleanField(label="Je garde ce code pour l’enquête de fin", required=False)
        if asks == linking.TYPE:
            self.fields["code"] = forms.CharField(
                label="Votre code personnel",
                help_text="Huit signes, donnés à l’enquête de départ. Laissez vide si vous ne l’avez plus.",
                required=False,
                max_length=40,
                widget=forms.TextInput(attrs=self._attributes()),
            )

    def _attributes(self, **more) -> dict:
        said = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "class": "personal-code"}
        kept = {"data-kept": "yes"} if self.is_bound else {}
        return said | {"data-personal-code": self.asks} | kept | more

    def clean(self) -> dict:
        """The questions first, as if there were no code: a code alone is no answer."""
        mine = {name: self.cleaned_data.pop(name) for name in ("code", "keeps") if name in self.cleaned_data}
        return super().clean() | mine

    def clean_code(self) -> str:
        typed = self.cleaned_data["code"].strip()
        if typed and personal_code.read(typed) is None:
            raise forms.ValidationError(UNREADABLE)
        return typed

    @property
    def code(self) -> str:
        """What to link with: nothing when the box of a drawn code was not ticked."""
        if self.asks == linking.DRAW and not self.cleaned_data.get("keeps"):
            return ""
        return self.cleaned_data.get("code", "")

    @property
    def noted(self) -> str:
        """The code to note, on the copy of one's own answers."""
        return personal_code.grouped(personal_code.read(self.code)) if self.asks == linking.DRAW and self.code else ""
