"""The answering form, made from the questions of a questionnaire; opening a wave and naming people for it."""

from django import forms

from evaluation.services import own_questions, questionnaires
from evaluation.services.questionnaires import Item
from programmes.forms.rollout import DateInput

TEXT_LENGTH = 500
NO_NAMES = (
    "N’écrivez aucun nom ni détail médical. Deux personnes étrangères au programme le liront, sans savoir de qui."
)
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
    def copy(self) -> list[tuple[str, str]]:
        """(question, answer in words) of what was answered, for its author to keep."""
        given = [
            (item.text, questionnaires.in_words(item, self.cleaned_data.get(code))) for code, item in self.items.items()
        ]
        return [(text, words) for text, words in given if words]

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
    options = {"label": item.text, "required": False, "help_text": item.condition}
    if item.kind == questionnaires.TEXT:
        options["help_text"] = NO_NAMES
        return forms.CharField(max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 4}), **options)
    if item.kind == questionnaires.SEVERAL:
        options["help_text"] = f"{item.most} cases au plus." if item.most else "Autant de cases que vous voulez."
        return forms.MultipleChoiceField(choices=item.choices, widget=forms.CheckboxSelectMultiple, **options)
    return forms.ChoiceField(choices=item.choices, widget=forms.RadioSelect, **options)


class OpenForm(forms.Form):
    """Until when people may answer; who reads the free answers, when the questionnaire has some."""

    closes_on = forms.DateField(
        label="Dernier jour pour répondre", widget=DateInput, help_text="De 14 à 60 jours après aujourd’hui."
    )
    linked = forms.BooleanField(
        label="Comparer départ et fin pour les mêmes personnes, par un code personnel",
        help_text="Chacun décide de garder son code. Le rapport donnera le sens du changement (en hausse, stable, en "
        "baisse) au lieu des deux résultats. S’il y a trop peu de codes à la fin, il donnera les deux résultats.",
        required=False,
    )
    reader1 = forms.EmailField(label="Première personne qui lira les réponses libres", required=False)
    reader2 = forms.EmailField(label="Deuxième personne", required=False)

    def __init__(self, *args, texts: bool = False, linkable: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not texts:
            del self.fields["reader1"], self.fields["reader2"]
        if not linkable:
            del self.fields["linked"]

    @property
    def readers(self) -> list[str]:
        return [self.cleaned_data[name] for name in ("reader1", "reader2") if name in self.fields]


class ManagersForm(forms.Form):
    """The whole list of an employer's managers."""

    closes_on = OpenForm.base_fields["closes_on"]
    addresses = forms.CharField(
        label="Adresses de tous les encadrants",
        help_text="Une adresse de travail par ligne, avec ou sans nom : le nom n’est pas gardé. Demandez la liste complète aux RH.",
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )


class TypistForm(forms.Form):
    """Who will type the paper answers."""

    email = forms.EmailField(label="Adresse électronique du compte de cette personne")


class OwnQuestionsForm(forms.Form):
    """Up to three statements."""

    text1 = forms.CharField(label="Première affirmation", required=False, max_length=own_questions.LENGTH)
    text2 = forms.CharField(label="Deuxième affirmation", required=False, max_length=own_questions.LENGTH)
    text3 = forms.CharField(label="Troisième affirmation", required=False, max_length=own_questions.LENGTH)


class SynthesisForm(forms.Form):
    """What two readers write together of what they read."""

    text = forms.CharField(
        label="Synthèse",
        max_length=2000,
        help_text="2 000 caractères au plus. Aucune phrase recopiée, aucun nom, aucun lieu, aucun détail médical.",
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class TalkForm(forms.Form):
    """The day of the collective talk."""

    on = forms.DateField(label="Date du temps collectif", widget=DateInput, help_text="Une fois qu’il a eu lieu.")
