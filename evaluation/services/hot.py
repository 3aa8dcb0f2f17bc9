"""« À chaud »: four questions about a training session or a collective time, to a whole batch (domain.md i.3, decision 18).

A session's batch is everybody marked present, asked when the référent decides. A collective time keeps a number, never a
list: its batch is everybody registered, asked once, as that number is typed and before the registrations go. Nobody reads
who they were nor how many: neither before, nor on the wave, nor in what is published of it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from random import Random

from django.db import transaction
from django.urls import reverse

from evaluation.disclosure.rules import MIN_ANSWERS
from evaluation.enums import Moment, Public
from evaluation.models import Wave, WaveInvitation
from evaluation.services import waves
from portal import clock
from portal.dates import day_in_words
from portal.errors import DomainError
from portal.models import Person
from programmes.enums import Presence, SessionState
from programmes.models import Gathering, Programme, TrainingSession

# Asked within a week, and answered within two.
HOT_DAYS = 7
SENT = "Quatre questions partent aux personnes inscrites."
WAITS = "Quatre questions partiront aux personnes inscrites, quand vous noterez combien de personnes sont venues."
NOT_SENT = (
    f"L’avis à chaud n’a pas été demandé : il faut au moins {MIN_ANSWERS} personnes inscrites, {MIN_ANSWERS} personnes "
    f"venues, et un nombre noté dans les {HOT_DAYS} jours."
)


@transaction.atomic
def _ask(wave: Wave, people: Iterable[Person], by: Person | None, chance: Random | None) -> Wave:
    """These people, for two weeks."""
    people = sorted(people, key=lambda person: (person.sort_key, person.pk))
    wave.moment = Moment.HOT
    wave.closes_on = clock.today(wave.programme.time_zone) + dt.timedelta(days=waves.MIN_DAYS)
    vouched = Counter({"": sum(bool(person.user_id) for person in people)})
    waves.begin(wave, [WaveInvitation(person=person) for person in people], vouched, chance=chance)
    waves.issue(wave, by)
    return wave


# --- Training sessions ------------------------------------------------------------------------------------------------
def present(session: TrainingSession) -> set[Person]:
    """Everybody marked present at this session who takes part in the programme: the whole batch."""
    rows = session.attendances.filter(presence=Presence.PRESENT, participation__person__isnull=False)
    return {row.participation.person for row in rows.select_related("participation__person")}


def refusal(session: TrainingSession) -> str:
    """Why nobody can be asked about this session today; "" when they can."""
    if Wave.objects.filter(session=session).exists():
        return "L’avis à chaud a déjà été demandé."
    if session.state != SessionState.HELD:
        return "L’avis à chaud se demande une fois la feuille de présence remplie."
    last = session.on + dt.timedelta(days=HOT_DAYS)
    if clock.today(session.programme.time_zone) > last:
        return f"L’avis à chaud se demande dans les {HOT_DAYS} jours : c’était jusqu’au {day_in_words(last)}."
    if sum(bool(person.user_id) for person in present(session)) < MIN_ANSWERS:
        return f"Moins de {MIN_ANSWERS} personnes étaient là : leurs réponses ne pourraient pas rester anonymes."
    return ""


@transaction.atomic
def ask_present(*, session: TrainingSession, by: Person | None, chance: Random | None = None) -> Wave:
    """Ask everybody who was there."""
    session = TrainingSession.objects.select_for_update().select_related("programme__lead_employer").get(pk=session.pk)
    if said := refusal(session):
        raise DomainError(said)
    return _ask(Wave(programme=session.programme, session=session, public=Public.EVENT), present(session), by, chance)


# --- Collective times -------------------------------------------------------------------------------------------------
def ask_registered(gathering: Gathering, by: Person | None) -> str:
    """HELD hook: ask everybody registered, all or nobody, when this was announced; says which, without any number.

    Only people who have an account can register, and only they count or are written to (decision 47).
    """
    if not gathering.asks:
        return ""
    wave = Wave(programme=gathering.programme, gathering=gathering, public=Public.EVENT)
    late = clock.today(gathering.programme.time_zone) > wave.about_day + dt.timedelta(days=HOT_DAYS)
    registered = Person.objects.filter(registrations__gathering=gathering, user__isnull=False).order_by("pk")
    if late or gathering.attended < MIN_ANSWERS or registered.count() < MIN_ANSWERS:
        return NOT_SENT
    _ask(wave, registered, by, None)
    return SENT


# --- What the référent reads ------------------------------------------------------------------------------------------
def listed(programme: Programme) -> list[dict]:
    """Events of the last days, then waves about earlier ones, the latest first.

    Each: `name`; `wave` or None; `said`, why it is not asked, or when it will be; `url` and `action`, what may be done.
    """
    today = clock.today(programme.time_zone)
    since = today - dt.timedelta(days=HOT_DAYS)
    rows = [_session(programme, one) for one in _recent_sessions(programme, since)]
    rows += [_gathering(programme, one) for one in _recent_gatherings(programme, since)]
    asked = Wave.objects.filter(programme=programme, public=Public.EVENT).select_related("session", "gathering")
    for wave in asked.order_by("-opens_on", "-pk")[:5]:
        wave.programme = programme
        rows.append({"name": wave.about, "wave": wave, "counted": bool(wave.session_id)})
    return rows


def _recent_sessions(programme: Programme, since: dt.date) -> Iterable[TrainingSession]:
    held = programme.training_sessions.filter(state=SessionState.HELD, on__gte=since, wave__isnull=True)
    return held.order_by("-on", "pk")


def _recent_gatherings(programme: Programme, since: dt.date) -> Iterable[Gathering]:
    start = dt.datetime.combine(since, dt.time(), tzinfo=clock.ZoneInfo(programme.time_zone))
    begun = programme.gatherings.filter(starts_at__gte=start, starts_at__lte=clock.now(), asks=True, wave__isnull=True)
    return begun.exclude(state=SessionState.CANCELLED).order_by("-starts_at", "pk")


def _session(programme: Programme, session: TrainingSession) -> dict:
    session.programme = programme
    said = refusal(session)
    url = "" if said else reverse("evaluation:open_hot_survey", args=[programme.slug, session.ref])
    name = Wave(programme=programme, session=session, public=Public.EVENT).about
    return {"name": name, "wave": None, "said": said, "url": url, "action": "Demander un avis à chaud"}


def _gathering(programme: Programme, gathering: Gathering) -> dict:
    held = gathering.state == SessionState.HELD
    url = "" if held else reverse("programmes:gathering", args=[programme.slug, gathering.ref])
    name = Wave(programme=programme, gathering=gathering, public=Public.EVENT).about
    return {"name": name, "wave": None, "said": NOT_SENT if held else WAITS, "url": url, "action": "Noter le nombre"}
