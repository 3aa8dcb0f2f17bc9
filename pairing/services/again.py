"""After an end or a lapse: the référent has a proposal the same day, and the person says what they want (field R28).

The agent is told first, kindly: maintenant, plus tard, non. Whatever is prepared meanwhile stays the référent's, and is
published only once the person looks for somebody.
"""

from django.db import transaction
from django.db.models import F, QuerySet

from pairing.enums import Part, RunState, SearchAnswer
from pairing.models import Pair, Run, SearchChoice
from portal import clock
from portal.errors import DomainError, Refused
from portal.models import Person
from portal.services.jobs import enqueue
from programmes.enums import ParticipationState
from programmes.models import Participation
from programmes.services import participation as participations

KIND = "pairing.again"
SAID = {
    SearchAnswer.NOW: "C’est noté : nous cherchons un binôme pour vous, dès aujourd’hui.",
    SearchAnswer.LATER: "C’est noté. Vous reprendrez quand vous voudrez.",
    SearchAnswer.NO: "C’est noté. Vous pourrez toujours changer d’avis.",
}


def after_end(pair: Pair) -> None:
    """A pair has ended: those who were accompanied, or peers, are asked; the référent's proposal is prepared."""
    for row in _looking_again(pair):
        SearchChoice.objects.get_or_create(pair=pair, participation=row)
    prepare(pair)


def prepare(pair: Pair) -> None:
    """Have the next proposal of these people made, in the background, the same day."""
    for row in _looking_again(pair):
        enqueue(kind=KIND, key=f"again:{pair.ref}:{pair.version}:{row.ref}", object_ref=row.ref)


def settle(people: list[Participation]) -> None:
    """These people have a proposal, or look for nobody any more: what was prepared for them is set aside."""
    Run.objects.filter(about__in=people, state=RunState.STAGED).update(
        state=RunState.DISCARDED, decided_at=clock.now(), version=F("version") + 1
    )


def _looking_again(pair: Pair) -> list[Participation]:
    seats = pair.members.exclude(part=Part.HELPER).filter(participation__state=ParticipationState.ACCEPTED)
    return [seat.participation for seat in seats.filter(person__isnull=False).select_related("participation")]


@transaction.atomic
def answer(*, choice: SearchChoice, by: Person, answer: SearchAnswer) -> None:
    """Maintenant starts the wait today; plus tard and non ask nothing more; one may always change one's mind."""
    if choice.participation.person_id != by.pk:
        raise Refused("Seule la personne concernée peut faire cela.")
    if answer not in (SearchAnswer.NOW, SearchAnswer.LATER, SearchAnswer.NO):
        raise DomainError("Choisissez « maintenant », « plus tard » ou « non ».")
    if choice.answer == SearchAnswer.NOW:
        raise DomainError("Votre recherche d’un binôme est déjà en cours.")
    SearchChoice.objects.filter(pk=choice.pk).update(answer=answer, answered_at=clock.now())
    if answer == SearchAnswer.NOW:
        participations.seek_again(participation=choice.participation, by=by)
    elif answer == SearchAnswer.NO:
        settle([choice.participation])


def open_choice(pair: Pair, person: Person) -> SearchChoice | None:
    """The question this person may answer, or answer again, about the end of this pair."""
    rows = open_choices(person).filter(pair=pair)
    return rows.select_related("participation__programme").first()


def open_choices(person: Person) -> QuerySet[SearchChoice]:
    """Questions still open: the person takes part, looks for nobody and has nobody."""
    return (
        SearchChoice.objects.filter(participation__person=person, participation__state=ParticipationState.ACCEPTED)
        .filter(participation__waiting_since__isnull=True)
        .exclude(participation__memberships__live=True)
    )
