"""Undoing a row of the « reprise de l’existant »: a typing mistake goes as if never entered, while nothing began from it."""

from django.db import transaction

from pairing.models import Meeting, Pair
from pairing.services.moves import S
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person
from portal.services import journal
from programmes.enums import Origin, ParticipationState
from programmes.models import Participation, TrainingSession
from programmes.services import erasure

NOT_TAKEN_OVER = "Ce binôme n’a pas été repris : il vit dans le portail."
BEGUN = "Ce binôme a déjà vécu dans le portail depuis sa reprise : il ne se défait plus, il se termine."
OWN = "Vous êtes l’une des deux personnes : cela revient à une autre personne référente."


def why_not(pair: Pair, by: Person) -> str:
    """Why this row stays, in a sentence; empty when it may be undone."""
    if pair.origin != Origin.BEFORE:
        return NOT_TAKEN_OVER
    if pair.members.filter(person=by).exists():
        return OWN
    lived = pair.version != 1 or pair.state not in (S.ACTIVE, S.ENDED)
    if lived or pair.first_met_on or Meeting.objects.filter(pair=pair).exists():
        return BEGUN
    return ""


@transaction.atomic
def undo(*, pair: Pair, by: Person) -> None:
    """The pair goes, and what only it brought: participations, paper letters, past training, people without account."""
    if refusal := why_not(pair, by):
        raise DomainError(refusal)
    programme = pair.programme
    parts = list(Participation.objects.filter(memberships__pair=pair).select_related("person", "employer"))
    if not Pair.objects.filter(pk=pair.pk, version=pair.version).delete()[0]:
        raise DomainError(BEGUN)
    journal.log(actor=by, verb=Verb.CHANGED, target=pair, employer=programme.lead_employer)
    for part in parts:
        if _only_taken_over(part):
            _remove(part, by)
        elif part.entered_by_ref:
            _give_back_places(part)
    TrainingSession.objects.filter(programme=programme, origin=Origin.BEFORE, attendances=None).delete()


def _only_taken_over(part: Participation) -> bool:
    """Entered by a référent, and nothing was added to it since: another pair, a charter, a letter, a decision, a wish."""
    if not part.entered_by_ref or part.state != ParticipationState.ACCEPTED or part.version != 1:
        return False
    return not (
        part.memberships.exists()
        or part.charter_acceptances.exists()
        or part.letters.exclude(origin=Origin.BEFORE).exists()
        or part.training_attendances.exclude(session__origin=Origin.BEFORE).exists()
        or part.supervision_attendances.exists()
        or hasattr(part, "readiness")
        or part.themes.exists()
    )


def _remove(part: Participation, by: Person) -> None:
    person = part.person
    for letter in part.letters.filter(origin=Origin.BEFORE):
        erasure.drop(letter=letter)
    journal.log(actor=by, verb=Verb.CHANGED, target=part, subject=person, employer=part.employer)
    part.training_attendances.all().delete()
    part.delete()
    if person and not person.user_id and not person.participations.exists() and not person.affiliations.exists():
        person.delete()


def _give_back_places(part: Participation) -> None:
    """A helper entered here has the places that are in use."""
    Participation.objects.filter(pk=part.pk).update(places=part.memberships.filter(live=True).count())
