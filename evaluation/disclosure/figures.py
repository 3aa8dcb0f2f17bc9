"""A published figure: the only shape in which a statistic reaches a page, a file or a mail (decision 10)."""

from dataclasses import dataclass

VALUE = "value"
FEW = "few"
WITHHELD = "withheld"
NOT_COLLECTED = "not_collected"
NOT_APPLICABLE = "not_applicable"
NOT_PUBLISHED = "not_published"

SENTENCES = {
    FEW: "moins de 5 (zéro compris)",
    WITHHELD: "non diffusé pour protéger les personnes",
    NOT_COLLECTED: "non recueilli",
    NOT_APPLICABLE: "sans objet",
    NOT_PUBLISHED: "non publié par la source",
}
THIN_SPACE = "\u202f"


def grouped(number: int) -> str:
    """« 1 200 » : thousands set apart by a narrow no-break space."""
    return f"{number:,}".replace(",", THIN_SPACE)


@dataclass(frozen=True)
class Figure:
    """`lo..hi` when it is a value (lo = hi) or a band; a label and nothing else otherwise."""

    lo: int | None = None
    hi: int | None = None
    label: str = VALUE

    def __post_init__(self) -> None:
        if self.label == VALUE:
            if self.lo is None or self.hi is None or not 0 <= self.lo <= self.hi:
                raise ValueError("a value needs 0 <= lo <= hi")
        elif self.label not in SENTENCES or self.lo is not None or self.hi is not None:
            raise ValueError("a label carries no number")

    @classmethod
    def exact(cls, value: int) -> "Figure":
        return cls(value, value)

    @classmethod
    def said(cls, label: str) -> "Figure":
        """A figure that only says why there is no number."""
        return cls(label=label)

    @property
    def is_value(self) -> bool:
        return self.label == VALUE

    @property
    def text(self) -> str:
        """French, for the reader."""
        if not self.is_value:
            return SENTENCES[self.label]
        if self.lo == self.hi:
            return grouped(self.lo)
        return f"{grouped(self.lo)} à {grouped(self.hi)}"
