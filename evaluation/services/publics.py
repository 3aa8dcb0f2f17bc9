"""Waves of other people than the participants: all the managers of an employer, and whoever was at a session (decision 30).

Managers are known by their addresses, given by RH as a whole and typed once: the portal writes to them, nobody picks who
answers, and the addresses are destroyed at closing. A session's batch is everybody marked present.
"""

import datetime as dt
import re
from collections import Counter
from random import Random

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from evaluation.disclosure.rules import MIN_ANSWERS
from evaluation.enums import Moment, Public
from evaluation.models import Wave, WaveInvitation
from evaluation.services import waves
from portal import clock
from portal.dates import day_in_words
from portal.errors import DomainError
from portal.models import EmailDomain, Person
from programmes.enums import Presence, SessionState
from programmes.models import Cycle, Programme, TrainingSession

# « À chaud »: within a week, and answered within two.
HOT_DAYS = 7


@transaction.atomic
def open_managers(
    *, cycle: Cycle, moment: str, closes_on: dt.date, addresses: str, by: Person | None, chance: Random | None = None
) -> Wave:
    """Ask all the managers of the employer; `addresses` is the whole list, one a line."""
    waves.may_open(cycle, moment, Public.MANAGERS, closes_on)
    listed = _addresses(cycle.programme, addresses)
    wave = Wave(programme=cycle.programme, cycle=cycle, moment=moment, public=Public.MANAGERS, closes_on=closes_on)
    invitations = [WaveInvitation(address=address) for address in listed]
    waves.begin(wave, invitations, Counter({"": len(listed)}), chance=chance)
    waves.issue(wave, by)
    return wave


def _addresses(programme: Programme, text: str) -> list[str]:
    """Each once, in order; raises DomainError for one that is not of the employer, or for too few."""
    listed = sorted({one.strip().lower() for one in re.split(r"[\s;,]+", text) if one.strip()})
    domains = set(EmailDomain.objects.filter(employer=programme.lead_employer_id).values_list("domain", flat=True))
    for address in listed:
        try:
            validate_email(address)
        except ValidationError:
            raise DomainError(f"« {address} » n’est pas une adresse électronique.", field="addresses") from None
        if "+" in address:
            raise DomainError(f"« {address} » : donnez l’adresse sans « + », une par personne.", field="addresses")
        if address.rpartition("@")[2] not in domains:
            raise DomainError(
                f"« {address} » n’est pas une adresse de l’employeur : un lien ne part qu’aux adresses de travail.",
                field="addresses",
            )
    if len(listed) < MIN_ANSWERS:
        raise DomainError(
            f"Donnez au moins {MIN_ANSWERS} adresses : tous les encadrants de l’employeur, pas une partie.",
            field="addresses",
        )
    return listed


# --- À chaud ----------------------------------------------------------------------------------------------------------
def present(session: TrainingSession) -> dict[Person, str]:
    """Everybody marked present at this session who takes part in the programme: the whole batch."""
    rows = session.attendances.filter(presence=Presence.PRESENT, participation__person__isnull=False)
    people = {row.participation.person for row in rows.select_related("participation__person")}
    return dict.fromkeys(sorted(people, key=lambda person: (person.sort_key, person.pk)), "")


def hot_refusal(session: TrainingSession) -> str:
    """Why nobody can be asked about this session today; "" when they can."""
    if Wave.objects.filter(session=session).exists():
        return "L’avis à chaud a déjà été demandé."
    if session.state != SessionState.HELD:
        return "L’avis à chaud se demande une fois la feuille de présence remplie."
    today = clock.today(session.programme.time_zone)
    if today > session.on + dt.timedelta(days=HOT_DAYS):
        return (
            f"L’avis à chaud se demande dans les {HOT_DAYS} jours : c’était jusqu’au "
            + day_in_words(session.on + dt.timedelta(days=HOT_DAYS))
            + "."
        )
    if sum(bool(person.user_id) for person in present(session)) < MIN_ANSWERS:
        return f"Moins de {MIN_ANSWERS} personnes étaient là : leurs réponses ne pourraient pas rester anonymes."
    return ""


def hot(programme: Programme) -> list[dict]:
    """Sessions of the last days that may be asked about, then waves about sessions, the latest first."""
    since = clock.today(programme.time_zone) - dt.timedelta(days=HOT_DAYS)
    recent = programme.training_sessions.filter(state=SessionState.HELD, on__gte=since, wave__isnull=True)
    rows = [{"session": one, "wave": None, "refusal": hot_refusal(one)} for one in recent.order_by("-on", "pk")]
    asked = Wave.objects.filter(programme=programme, public=Public.EVENT).select_related("session")
    return rows + [
        {"session": wave.session, "wave": wave, "refusal": ""} for wave in asked.order_by("-opens_on", "pk")[:5]
    ]


@transaction.atomic
def open_hot(*, session: TrainingSession, by: Person | None, chance: Random | None = None) -> Wave:
    """Ask everybody who was there, for two weeks."""
    session = TrainingSession.objects.select_for_update().select_related("programme__lead_employer").get(pk=session.pk)
    if refusal := hot_refusal(session):
        raise DomainError(refusal)
    people = present(session)
    closes_on = clock.today(session.programme.time_zone) + dt.timedelta(days=waves.MIN_DAYS)
    wave = Wave(
        programme=session.programme, session=session, moment=Moment.HOT, public=Public.EVENT, closes_on=closes_on
    )
    invitations = [WaveInvitation(person=person) for person in people]
    vouched = Counter({"": sum(bool(person.user_id) for person in people)})
    waves.begin(wave, invitations, vouched, chance=chance)
    waves.issue(wave, by)
    return wave
