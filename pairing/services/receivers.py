"""Who reads today what is sent to « the référent » : référents who are there, else the deputy, else nobody (field R31).

The deputy reads after taking over, on purpose (programmes/services/cover.py). Nobody receives their own message
(decision 17).
"""

from dataclasses import dataclass

from portal.models import OutgoingMail, Person
from portal.services import mail
from programmes.models import Programme
from programmes.services import cover

WAITING = "pairing/support_waiting"


@dataclass(frozen=True)
class Receivers:
    """`relay`: no référent is there, the deputy is asked."""

    people: tuple[Person, ...] = ()
    relay: bool = False

    def __bool__(self) -> bool:
        return bool(self.people)

    @property
    def in_words(self) -> str:
        """« Claude R. », « Claude R. ou Morgan T. »."""
        return " ou ".join(person.short_name for person in self.people)


def of(programme: Programme, *, but: Person | None = None) -> Receivers:
    """Whoever receives a message sent now by `but`."""
    there = cover.present(programme)
    if there.exists():
        return Receivers(_people(there, but))
    return Receivers(_people(cover.deputies(programme), but), relay=True)


def _people(roles, but: Person | None) -> tuple[Person, ...]:
    rows = roles.exclude(person=but).select_related("person__user").order_by("pk")
    return tuple({role.person_id: role.person for role in rows}.values())


def tell(programme: Programme, *, key: str, but: Person | None) -> list[OutgoingMail]:
    """A neutral mail to each of them."""
    return [
        mail.post(kind=WAITING, key=f"{key}:{person.ref}", person=person, object_ref=programme.ref)
        for person in of(programme, but=but).people
    ]
