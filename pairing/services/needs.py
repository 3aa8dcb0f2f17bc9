"""A collective need: written by whoever supervises a group, validated by those who were there, then read by the référent.

Somebody without an account cannot answer here: the others are asked, and whoever supervises reads the words aloud to the
group before writing them. At least two are asked: the voice of one alone would be no group's.

Whoever said no is known by nobody; it is enough to hold the words back, and to take an agreement back hides them again.
The group and whoever supervises read « validé » or « pas validé », never a number, and never that it changed back: two who
compare what they answered (the model of the disclosure rules, C) cannot tell somebody who objects from somebody silent.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from pairing.enums import SupervisionKind
from pairing.models import CollectiveNeed, NeedVoice, SupervisionAttendance, SupervisionSession
from pairing.services.names import NAMED, names_one_of
from pairing.services.problems import who_takes_part
from portal import clock
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.models import Person
from portal.services import journal, mail
from programmes.enums import Presence
from programmes.models import Participation, Programme

LEAST = 3  # fewer are not a group: whose need it is would be guessed
LEAST_ASKED = 2
LONGEST = 500
# All agree: at once. More than half agree and nobody objects: after a week, so that everybody could. Of three, all must
# agree: two who agreed would else know, after the week, that the third objects.
WAIT = dt.timedelta(days=7)
VOICE_MAIL = "pairing/supervision_news"
TOO_FEW = (
    f"Un besoin collectif s’écrit à partir de {LEAST} personnes présentes : plus petit, le groupe se reconnaîtrait."
)

NOBODY_ASKED = (
    "Trop peu de personnes présentes ont un compte : ce texte ne pourrait pas être validé ici. "
    "Dites ce besoin de vive voix au ou à la référent·e, avec l’accord du groupe."
)


def present(need: CollectiveNeed) -> list[Participation]:
    """Those who were there."""
    rows = need.session.attendances.all()
    return [row.participation for row in rows if row.presence == Presence.PRESENT]


def has_account(row: Participation) -> bool:
    return row.person is not None and row.person.user_id is not None


def holds(need: CollectiveNeed) -> bool:
    """Whether the group agrees now: what the référent's reading hangs on.

    Nothing is validated any more once somebody who was there is gone: their objection would be read in the change.
    """
    there = present(need)
    said = {row.participation_id: row.agrees for row in need.voices.all()}
    # Whoever answered, then closed their account, still counts.
    asked = [row.pk for row in there if has_account(row) or row.pk in said]
    voices = [said[key] for key in asked if key in said]
    yes, everybody = voices.count(True), len(asked)
    most = everybody > LEAST and yes * 2 > everybody and clock.now() - need.written_at >= WAIT
    gone = any(row.person_id is None for row in there)
    return everybody >= LEAST_ASKED and all(voices) and not gone and (yes == everybody or most)


def was_validated(need: CollectiveNeed) -> bool:
    """What the group and whoever supervises read: it agreed, whatever somebody took back since."""
    return need.validated_at is not None or holds(need)


def _rows() -> QuerySet[CollectiveNeed]:
    rows = CollectiveNeed.objects.select_related("session__programme__lead_employer")
    # Joined: a thousand people prefetched by their keys are more than SQLite takes.
    there = SupervisionAttendance.objects.select_related("participation__person")
    voices = NeedVoice.objects.select_related("participation")
    return rows.prefetch_related(Prefetch("voices", voices), Prefetch("session__attendances", there))


# --- Whoever supervises -----------------------------------------------------------------------------------------------
def write(*, session: SupervisionSession, words: str) -> None:
    """With the sheet, whose presences are already noted. No words take them back.

    Other words are validated anew, and so are the same ones when the presences changed: else whoever supervises could
    read in « validé » what each one answers, marking them absent in turn.
    """
    words = words.strip()
    known = CollectiveNeed.objects.filter(session=session).first()
    if not words:
        if known:
            known.delete()
        return
    if session.kind != SupervisionKind.GROUP:
        raise DomainError("Rien ne s’écrit d’une séance individuelle.")
    if len(words) > LONGEST:
        raise DomainError(f"Écrivez-le en {LONGEST} caractères au plus.", field="need")
    there = list(session.attendances.filter(presence=Presence.PRESENT).select_related("participation__person"))
    if len(there) < LEAST:
        raise DomainError(TOO_FEW, field="need")
    asked = [row.participation.person for row in there if has_account(row.participation)]
    if len(asked) < LEAST_ASKED:
        raise DomainError(NOBODY_ASKED, field="need")
    # Only the names whoever supervises knows: to compare with others would tell who takes part.
    on_the_sheet = session.attendances.filter(participation__person__isnull=False)
    if names_one_of(words, on_the_sheet.values_list("participation__person__given", "participation__person__family")):
        raise DomainError(NAMED, field="need")
    if known and known.words.open(known.ref) == words and not _sheet_changed(known):
        return
    if known:
        known.delete()
    need = CollectiveNeed.objects.create(session=session, words=words, written_at=clock.now())
    for person in asked:
        mail.post(kind=VOICE_MAIL, key=f"need:{need.ref}:{person.ref}", person=person, object_ref=session.ref)


def _sheet_changed(need: CollectiveNeed) -> bool:
    return need.session.attendances.filter(noted_at__gt=need.written_at).exists()


def of_session(session: SupervisionSession) -> tuple[str, bool] | None:
    """The words and whether the group validated them, for whoever leads the session."""
    need = _rows().filter(session=session).first()
    return (need.words.open(need.ref), was_validated(need)) if need else None


# --- Those who were there ---------------------------------------------------------------------------------------------
def of_person(person: Person) -> QuerySet[CollectiveNeed]:
    """The needs `person` may validate."""
    return _rows().filter(
        session__attendances__participation__person=person, session__attendances__presence=Presence.PRESENT
    )


def voice_of(need: CollectiveNeed, person: Person) -> bool | None:
    return next((row.agrees for row in need.voices.all() if row.participation.person_id == person.pk), None)


def shown_to(person: Person) -> list[dict]:
    """Each with its words, whether the group validated it, and one's own voice."""
    return [
        {
            "need": need,
            "words": need.words.open(need.ref),
            "validated": was_validated(need),
            "mine": voice_of(need, person),
        }
        for need in of_person(person)
    ]


def awaits(person: Person) -> bool:
    """Whether a need waits for this person's voice."""
    return of_person(person).exclude(voices__participation__person=person).exists()


@transaction.atomic
def say(*, need: CollectiveNeed, agrees: bool, by: Person) -> None:
    """Agree, or wish for other words; said again, the last one holds."""
    mine = next((row for row in present(need) if row.person_id == by.pk), None)
    if mine is None:
        raise Refused("Seules les personnes présentes à la séance valident ce texte.")
    _remember(need)
    NeedVoice.objects.update_or_create(
        need=need, participation=mine, defaults={"agrees": agrees, "said_at": clock.now()}
    )
    _remember(_rows().get(pk=need.pk))


def _remember(need: CollectiveNeed) -> None:
    """Before and after a voice: that the group agreed stays said, whoever takes their agreement back."""
    if holds(need):
        CollectiveNeed.objects.filter(pk=need.pk, validated_at__isnull=True).update(validated_at=clock.now())


# --- The référent -----------------------------------------------------------------------------------------------------
def for_referent(programme: Programme) -> list[CollectiveNeed]:
    """Those that their group validated."""
    rows = _rows().filter(session__programme=programme)
    return [need for need in rows if holds(need)]


def shown_to_referent(programme: Programme) -> list[tuple[CollectiveNeed, str]]:
    """With their words; none when they seem to name somebody who takes part: other words are then asked for."""
    found = [(need, need.words.open(need.ref)) for need in for_referent(programme)]
    names = who_takes_part(programme) if found else []
    return [(need, "" if names_one_of(words, names) else words) for need, words in found]


@transaction.atomic
def take_up(*, need: CollectiveNeed, by: Person) -> None:
    """Said once; the group reads it."""
    if not holds(need):
        raise DomainError("Le groupe n’a pas validé ce texte.")
    if CollectiveNeed.objects.filter(pk=need.pk, taken_up_at__isnull=True).update(taken_up_at=clock.now()):
        journal.log(actor=by, verb=Verb.DECIDED, target=need, employer=need.session.programme.lead_employer)
