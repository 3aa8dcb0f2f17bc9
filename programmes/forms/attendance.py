"""An attendance sheet: one question by person, two answers, nothing to write."""

from django import forms

from programmes.enums import Presence

ANSWERS = [(Presence.PRESENT, "Présent·e"), (Presence.EXCUSED, "Excusé·e")]


class AttendanceForm(forms.Form):
    """`expected`: attendance rows with their person."""

    def __init__(self, *args, expected: list, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.expected = {f"p{row.pk}": row for row in expected if row.person}
        for name, row in self.expected.items():
            self.fields[name] = forms.ChoiceField(
                label=row.person.short_name,
                choices=ANSWERS,
                widget=forms.RadioSelect,
                initial=row.presence if row.presence != Presence.EXPECTED else None,
            )

    @property
    def presences(self) -> dict:
        """What the service takes."""
        return {row.who: self.cleaned_data[name] for name, row in self.expected.items()}
