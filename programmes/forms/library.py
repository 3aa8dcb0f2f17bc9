"""Adapting a document: one block, one kind and one text area."""

from django import forms
from django.http import QueryDict

from portal.forms.base import VersionMixin
from programmes.library_text import KINDS, MAX_BLOCKS, MAX_TEXT, PARAGRAPH

ADD, REMOVE = "ajouter", "retirer"


def _index(value: str, last: int) -> int:
    return min(int(value), last) if value.isdecimal() else last


def posted_blocks(data: QueryDict) -> list[dict]:
    """The blocks of a form as it was sent, empty ones included."""
    count = _index(data.get("count", ""), MAX_BLOCKS)
    return [
        {"kind": data.get(f"kind_{number}", PARAGRAPH), "text": data.get(f"text_{number}", "")}
        for number in range(1, count + 1)
    ]


def rearranged(blocks: list[dict], then: str) -> list[dict]:
    """With an empty block after the one named (« ajouter-3 »), or without it (« retirer-3 »)."""
    move, _, number = then.partition("-")
    at = _index(number, len(blocks))
    if move == ADD and len(blocks) < MAX_BLOCKS:
        return [*blocks[:at], {"kind": PARAGRAPH, "text": ""}, *blocks[at:]]
    if move == REMOVE:
        return [*blocks[: max(at - 1, 0)], *blocks[at:]]
    return blocks


class BlocksForm(VersionMixin):
    """`blocks`: what to show, or what was sent when the form is bound."""

    count = forms.IntegerField(min_value=0, max_value=MAX_BLOCKS, widget=forms.HiddenInput)

    def __init__(self, *args, blocks: list[dict], seen: int | str, **kwargs) -> None:
        super().__init__(*args, initial={"seen": seen, "count": len(blocks)}, **kwargs)
        self.length = len(blocks)
        for number, block in enumerate(blocks, start=1):
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=f"Bloc {number} : nature",
                choices=[(kind, label.capitalize()) for kind, label in KINDS.items()],
                initial=block["kind"],
            )
            self.fields[f"text_{number}"] = forms.CharField(
                label=f"Bloc {number} : texte",
                required=False,
                max_length=MAX_TEXT,
                initial=block["text"],
                widget=forms.Textarea(attrs={"rows": max(2, min(8, len(block["text"]) // 70 + 1))}),
            )

    def rows(self) -> list[dict]:
        """For the template: the fields of each block, with what its two buttons send."""
        return [
            {
                "number": number,
                "kind": self[f"kind_{number}"],
                "text": self[f"text_{number}"],
                "add": f"{ADD}-{number}",
                "remove": f"{REMOVE}-{number}",
            }
            for number in range(1, self.length + 1)
        ]

    @property
    def blocks(self) -> list[dict]:
        values = self.cleaned_data
        numbers = range(1, self.length + 1)
        return [{"kind": values[f"kind_{number}"], "text": values[f"text_{number}"]} for number in numbers]
