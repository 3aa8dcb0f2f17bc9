"""One field of each kind, for the gallery of components."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout, Submit
from django import forms

ROLES = [("helper", "Soutenir un collègue"), ("helped", "Être soutenu·e"), ("peer", "Les deux, entre pairs")]
THEMES = [
    ("parler", "parler de sa situation"),
    ("poste", "aménager son poste"),
    ("mobilite", "mobilité, concours, formation"),
]


class GalleryForm(forms.Form):
    """A hint on almost every field, so that hint and error are seen together."""

    quiet_errors = True

    email = forms.EmailField(
        label="Adresse professionnelle",
        help_text="Par exemple prenom.nom@employeur.fr",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    words = forms.CharField(label="Ce que j’attends", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    day = forms.DateField(
        label="Premier jour possible",
        help_text="Une date approximative suffit.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    hours = forms.IntegerField(label="Heures par mois", min_value=1, max_value=10, help_text="De 1 à 10.")
    channel = forms.ChoiceField(
        label="Moyen d’échange",
        choices=[("", "Choisissez"), ("phone", "par téléphone"), ("video", "en visioconférence")],
    )
    role = forms.ChoiceField(
        label="Je veux", choices=ROLES, widget=forms.RadioSelect, help_text="Vous pourrez changer plus tard."
    )
    themes = forms.MultipleChoiceField(
        label="Thèmes", choices=THEMES, widget=forms.CheckboxSelectMultiple, help_text="Cochez tout ce qui vous va."
    )
    paper = forms.FileField(label="Document signé", required=False, help_text="PDF, 5 Mo au plus.")
    locked = forms.CharField(label="Employeur", required=False, disabled=True, initial="Brumeval Agglomération")
    understood = forms.BooleanField(label="J’ai lu qui voit quoi", help_text="Vous pouvez le relire à tout moment.")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Fieldset("Vous", "email", "role", "themes", "channel", "day", "hours"),
            Fieldset("Le reste", "words", "paper", "locked", "understood"),
            HTML('<div class="actions">'),
            Submit("envoyer", "Envoyer", css_id=f"envoyer-{self.prefix or 'vide'}", disabled=True),
            HTML("</div>"),
        )

    def clean(self) -> dict:
        if self.cleaned_data.get("role") == "peer":
            raise forms.ValidationError("Le soutien entre pairs n’est pas encore ouvert dans ce programme.")
        return self.cleaned_data
