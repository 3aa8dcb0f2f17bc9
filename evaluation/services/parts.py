"""People named for one wave: who types the paper answers (field R4), who reads the free ones (field R5).

Never the référent nor anybody of the team, RH, somebody who manages people, or somebody who takes part.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from evaluation.enums import Public, WaveRoleKind, WaveState
from evaluation.models import Wave, WaveRole
from pairing.models import PairMember
from portal import clock
from portal.dates import day_in_words
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Affiliation, Person
from portal.services import journal
from programmes.models import Programme
from programmes.services import team

READERS = 2
# Envelopes are kept closed until the last days, then typed in one sitting.
TYPING_DAYS = 3
NEUTRAL = (
    "Cette personne ne peut pas tenir ce rôle : elle pilote le programme, travaille aux RH, encadre une équipe ou "
    "participe au programme. Choisissez quelqu’un d’autre."
)


def two_readers(*, programme: Programme, emails: Sequence[str]) -> list[Person]:
    """The two people behind these addresses; none when both are left empty."""
    given = [email.strip() for email in emails]
    if not any(given):
        return []
    found = []
    for number, email in enumerate(given, 1):
        field = f"reader{number}"
        if not email:
            raise DomainError(
                "Les réponses libres se lisent à deux : donnez les deux adresses, ou aucune.", field=field
            )
        person = _neutral(programme, email, field)
        if person in found:
            raise DomainError("Donnez deux personnes différentes.", field=field)
        found.append(person)
    return found


def name_readers(*, wave: Wave, people: Sequence[Person]) -> None:
    WaveRole.objects.bulk_create(WaveRole(wave=wave, person=person, role=WaveRoleKind.READER) for person in people)


@transaction.atomic
def name_typist(*, wave: Wave, email: str, by: Person) -> None:
    """Somebody who will type the paper answers of this wave, in place of whoever was named before."""
    if wave.state != WaveState.OPEN or wave.public != Public.PARTICIPANTS:
        raise DomainError("Les réponses sur papier se saisissent pendant une enquête ouverte aux participants.")
    person = _neutral(wave.programme, email, "email")
    if wave.roles.filter(person=person, role=WaveRoleKind.READER).exists():
        raise DomainError("Cette personne lit déjà les réponses libres de cette enquête.", field="email")
    wave.roles.filter(role=WaveRoleKind.TYPIST).delete()
    WaveRole.objects.create(wave=wave, person=person, role=WaveRoleKind.TYPIST)
    journal.log(actor=by, verb=Verb.DECIDED, target=wave, employer=wave.programme.lead_employer)


def of(person: Person) -> list[WaveRole]:
    """What this person is to do for a wave: type while it is open, read until the synthesis is agreed."""
    rows = WaveRole.objects.filter(person=person).select_related("wave__programme", "wave__questionnaire")
    typed = Q(role=WaveRoleKind.TYPIST, wave__state=WaveState.OPEN)
    read = Q(role=WaveRoleKind.READER) & (Q(wave__state=WaveState.OPEN) | Q(wave__closed_texts__isnull=False))
    return list(rows.filter(typed | read).distinct().order_by("wave__closes_on", "pk"))


def sides_of(wave: Wave) -> list[str]:
    """Sides this wave asks: one blank sheet each."""
    return sorted(wave.invitations.exclude(side="").values_list("side", flat=True).distinct())


def typists(wave: Wave) -> QuerySet[WaveRole]:
    return wave.roles.filter(role=WaveRoleKind.TYPIST).select_related("person")


def typing_from(wave: Wave) -> dt.date:
    return wave.closes_on - dt.timedelta(days=TYPING_DAYS)


def check_typing(wave: Wave) -> None:
    """Raise DomainError unless paper answers are typed today."""
    today = clock.today(wave.programme.time_zone)
    if wave.state != WaveState.OPEN or today > wave.closes_on:
        raise DomainError("Cette enquête est close : plus rien ne se saisit.")
    if today < typing_from(wave):
        first = day_in_words(typing_from(wave))
        raise DomainError(f"La saisie s’ouvre le {first}. Jusque-là, gardez les enveloppes fermées.")


def _neutral(programme: Programme, email: str, field: str) -> Person:
    try:
        person = team.known_person(programme, email)
    except DomainError as error:
        raise DomainError(str(error), field=field) from None
    today = clock.today(programme.time_zone)
    involved = (
        programme.roles.on(today).filter(person=person).exists()
        or team.in_hr(person, programme)
        or Affiliation.objects.on(today).filter(manager=person).exists()
        or programme.participations.open().filter(person=person).exists()
        or PairMember.objects.filter(pair__programme=programme, person=person).exists()
    )
    if involved:
        raise DomainError(NEUTRAL, field=field)
    return person
