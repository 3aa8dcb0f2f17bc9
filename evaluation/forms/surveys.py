"""The answering form, made from the questions of a questionnaire; opening a wave; noting a collective talk."""

from django import forms

from evaluation.services import questionnaires
from evaluation.services.questionnaires import AGREEMENT, NOT_CONCERNED, PREFERS_NOT, Item
from programmes.forms.rollout import DateInput

NO_ANSWER = [(PREFERS_NOT, "Je préfère ne pas répondre"), (NOT_CONCERNED, "Non concerné")]
EMPTY = "Vous n’avez coché aucune réponse. Cochez au moins une case, ou fermez cette page : rien ne vous y oblige."


class AnswerForm(forms.Form):
    """One optional field per question. `sections` gives them back in their order, under their titles."""

    def __init__(self, *args, items: list[Item], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.items = {item.code: item for item in items}
        for item in items:
            self.fields[item.code] = _field(item)

    def clean(self) -> dict:
        data = super().clean()
        for code, item in self.items.items():
            if item.kind == questionnaires.SEVERAL and data.get(code):
                self._check_several(item, data[code])
        if not self.errors and not any(data.values()):
            raise forms.ValidationError(EMPTY)
        return data

    def _check_several(self, item: Item, ticked: list[str]) -> None:
        if item.most and len(ticked) > item.most:
            self.add_error(item.code, f"Gardez {item.most} cases au plus.")
        alone = [label for code, label in item.options if code in ticked and code in item.alone]
        if alone and len(ticked) > 1:
            self.add_error(item.code, f"« {alone[0].capitalize()} » ne va pas avec une autre case.")

    @property
    def sections(self) -> list[dict]:
        found: list[dict] = []
        for code, item in self.items.items():
            if not found or found[-1]["title"] != item.section:
                found.append({"title": item.section, "questions": []})
            scale = item.kind in (questionnaires.AGREE, questionnaires.NOTE)
            found[-1]["questions"].append({"field": self[code], "layout": item.kind if scale else "list"})
        return found


def _field(item: Item) -> forms.Field:
    options = {"label": item.text, "required": False}
    if item.kind == questionnaires.SEVERAL:
        hint = f"{item.most} cases au plus." if item.most else "Autant de cases que vous voulez."
        choices = [(code, label.capitalize()) for code, label in item.options]
        return forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, help_text=hint, **options
        )
    choices = {
        questionnaires.AGREE: [*AGREEMENT, *NO_ANSWER],
        questionnaires.NOTE: [*((str(n), str(n)) for n in range(11)), NO_ANSWER[0]],
    }.get(item.kind) or [(code, label.capitalize()) for code, label in item.options]
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **options)


class OpenForm(forms.Form):
    """Until when people may answer."""

    closes_on = forms.DateField(
        label="Dernier jour pour répondre", widget=DateInput, help_text="De 14 à 60 jours après aujourd’hui."
    )


class TalkForm(forms.Form):
    """The day of the collective talk."""

    on = forms.DateField(label="Date du temps collectif", widget=DateInput, help_text="Une fois qu’il a eu lieu.")
