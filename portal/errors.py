"""Errors whose text is a French sentence for the person at the screen."""


class DomainError(Exception):
    """A rule refuses. `str(error)` is shown as it is; `field` names the form field it belongs to, if any."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class Conflict(DomainError):
    """Somebody else changed the same thing meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            "Une autre personne vient de modifier cette page. Relisez-la, puis recommencez : rien n’est perdu."
        )


class Refused(DomainError):
    """The object is visible, but this person may not change it (answered by 403)."""
