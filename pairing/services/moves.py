"""The states of a pair and how its members hear of them; shared by pairs.py, answers.py and gates.py."""

from pairing.enums import PairState
from pairing.models import Pair
from portal.models import Person
from portal.services import mail
from portal.workflow import Move, Moves

S = PairState
MOVES = Moves(
    Pair,
    [
        Move("accept", (S.PROPOSED,), S.ACCEPTED, "Cette proposition n’attend plus de réponse."),
        Move("activate", (S.ACCEPTED,), S.ACTIVE, "Ce binôme n’est pas accepté par tous."),
        Move("pause", (S.ACTIVE,), S.PAUSED, "Ce binôme n’est pas en cours."),
        Move("resume", (S.PAUSED,), S.ACTIVE, "Ce binôme n’est pas en pause."),
        Move("lapse", (S.PROPOSED, S.ACCEPTED), S.LAPSED, "Cette proposition n’attend plus de réponse."),
        Move("take_up", (S.LAPSED,), S.PROPOSED, "Cette proposition n’est plus possible."),
        Move("end", (S.ACCEPTED, S.ACTIVE, S.PAUSED), S.ENDED, "Ce binôme est déjà terminé."),
    ],
)


def tell(pair: Pair, event: str, but: Person | None = None, about: str = "") -> None:
    """A neutral mail to the members, except the one who acted; once for each version of the pair, or for `about`."""
    for member in pair.members.exclude(person=None).select_related("person"):
        if member.person != but:
            mail.post(
                kind=f"pairing/{event}",
                key=f"pair:{pair.ref}:{event}:{about or pair.version}:{member.person.ref}",
                person=member.person,
                object_ref=pair.ref,
            )
