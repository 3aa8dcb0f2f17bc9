"""The interview grid: a date and boxes « abordé », no words about anybody."""

from django import forms

from programmes.models import Interview
from programmes.services.interviews import POINTS


class InterviewForm(forms.Form):
    on = forms.DateField(
        label="Entretien du",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Indiquez le jour de l’entretien."},
    )
    points = forms.MultipleChoiceField(
        label="Points abordés",
        help_text="Cochez ce dont vous avez parlé. Rien de ce qui a été dit ne se note.",
        choices=[(code, f"{point.title}. {point.question}") for code, point in POINTS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def initial_of(row: Interview | None) -> dict:
        return {"on": row.on, "points": row.points, "seen": row.version} if row else {"seen": 0}
