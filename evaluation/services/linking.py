"""Linking departure and end by personal codes (decisions 20, 31; field R30; domain.md i.2).

Chosen at departure, for a cycle large enough. Each answer may bring a mark, HMAC(key of the cycle, personal code), kept
inside its sealed payload: never a column, an order or a time. When the end wave closes, marks that stand once on each side
are matched, the way each question moved is counted and stored, then every mark goes: the answers are inserted again without
it and the key is destroyed. A code that is lost, mistyped or borrowed has no consequence: the answer counts, unlinked.
"""

import datetime as dt
import hmac
import json
import secrets
import uuid
from collections import Counter
from random import Random

from django.db import transaction

from evaluation import personal_code
from evaluation.disclosure import changes, surveys
from evaluation.enums import Moment, Public, WaveState
from evaluation.models import ClosedAnswer, CollectiveTalk, LinkKey, Wave
from evaluation.services import questionnaires
from evaluation.variables import DIMENSIONS, QUESTIONS
from portal import clock
from portal.errors import DomainError
from portal.services import jobs
from programmes.models import Cycle

MARK = "@"
DRAW, TYPE, NOTHING = "draw", "type", ""


# --- Opening ----------------------------------------------------------------------------------------------------------
def compared(wave: Wave, *, linked: bool) -> list[str]:
    """Codes that will be published by their change, frozen as the wave opens: chosen at departure, followed at the end."""
    if wave.public != Public.PARTICIPANTS:
        return []
    items = _items()
    if linked:
        if wave.moment != Moment.T0 or not changes.could_link(wave.invited, wave.pairs_invited):
            raise DomainError("Trop peu de personnes pour que des réponses rapprochées puissent être publiées.")
        later = {item.code for item in questionnaires.items_of(questionnaires.read(moment=Moment.END))}
        return [code for code, asked in items.items() if asked <= later & wave.plan.keys()]
    if wave.moment == Moment.END and pending(wave.cycle_id):
        return [code for code in departure(wave).compared if items[code] <= wave.plan.keys()]
    return []


def begin(wave: Wave) -> None:
    """The key of the cycle's marks, drawn as its departure wave opens."""
    if wave.moment == Moment.T0 and wave.compared:
        LinkKey.objects.create(cycle=wave.cycle, key=secrets.token_urlsafe(32))


def departure(wave: Wave) -> Wave | None:
    return Wave.objects.filter(cycle=wave.cycle_id, moment=Moment.T0, public=Public.PARTICIPANTS).first()


def pending(cycle_id: int | None) -> bool:
    """Whether the answers of this cycle's departure still wait for those of its end."""
    return LinkKey.objects.filter(cycle=cycle_id).exists()


# --- Answering --------------------------------------------------------------------------------------------------------
def asks(wave: Wave) -> str:
    """Whether the answering page draws a code, asks for one, or says nothing of it."""
    if not wave.compared or wave.moment not in (Moment.T0, Moment.END) or not pending(wave.cycle_id):
        return NOTHING
    return DRAW if wave.moment == Moment.T0 else TYPE


def mark(wave: Wave, typed: str) -> dict[str, str]:
    """What an answer keeps of a personal code: one mark, or nothing."""
    code = personal_code.read(typed) if typed and asks(wave) else None
    if code is None:
        return {}
    key = LinkKey.objects.get(cycle=wave.cycle_id)
    return {MARK: hmac.digest(key.key.open(key.ref).encode(), code.encode(), "sha256").hex()[:32]}


# --- Closing ----------------------------------------------------------------------------------------------------------
def unclosed_departure(wave: Wave) -> Wave | None:
    """The departure that this end wave is compared with, when its last day is over and nothing has closed it yet."""
    if wave.moment != Moment.END or not wave.compared:
        return None
    rows = Wave.objects.select_for_update(of=("self",)).select_related("programme__lead_employer")
    over = {"state": WaveState.OPEN, "closes_on__lt": clock.today(wave.programme.time_zone)}
    return rows.filter(cycle=wave.cycle_id, moment=Moment.T0, public=Public.PARTICIPANTS, **over).first()


def settle(wave: Wave, chance: Random) -> None:
    """A wave has closed. At the end: count the changes, then destroy all that linked an answer to another.

    A departure that closes after its end is compared with nothing: its key is gone, and so are its marks.
    """
    if wave.public != Public.PARTICIPANTS:
        return
    if wave.moment == Moment.T0 and wave.compared and not pending(wave.cycle_id):
        _unmark(wave, chance)
    if wave.moment != Moment.END or not pending(wave.cycle_id):
        return
    first = departure(wave)
    pairs = min(first.pairs_invited, wave.pairs_invited)
    linked = matched(_opened(first), _opened(wave))
    wave.changes = {code: found for code in wave.compared if (found := _change(code, linked, pairs))}
    wave.save(update_fields=["changes"])
    for one in (first, wave):
        _unmark(one, chance)
    LinkKey.objects.filter(cycle=wave.cycle_id).delete()


def matched(first: list[dict], last: list[dict]) -> list[tuple[dict, dict]]:
    """(departure, end) of each mark that stands once on either side; one that stands twice is nobody's."""
    sides = []
    for rows in (first, last):
        times = Counter(row["given"].get(MARK) for row in rows)
        sides.append(
            {row["given"][MARK]: row for row in rows if MARK in row["given"] and times[row["given"][MARK]] == 1}
        )
    return [(sides[0][one], sides[1][one]) for one in sorted(sides[0].keys() & sides[1].keys())]


def _change(code: str, linked: list[tuple[dict, dict]], pairs: int) -> dict | None:
    """{"n", "way"} of one question; None where too few answers were linked. Decided by their number alone."""
    if code in DIMENSIONS:
        _, side, items = DIMENSIONS[code]
        linked = [two for two in linked if all(row["side"] == side for row in two)]
        scores = [[surveys.score(row["given"], items) for row in two] for two in linked]
    else:
        scores = [[surveys.number(row["given"].get(code)) for row in two] for two in linked]
    if not changes.publishable(len(linked), pairs):
        return None
    figure = changes.change([None if None in two else two[1] - two[0] for two in scores])
    return {"n": len(linked), "way": figure.lo}


def _opened(wave: Wave) -> list[dict]:
    rows = wave.closed_answers.order_by("ref")
    return [{"side": row.side, "given": json.loads(row.payload.open(row.ref))} for row in rows]


def _unmark(wave: Wave, chance: Random) -> None:
    """The same answers without their marks, in a new random order, under new ids, of the same length."""
    rows = list(wave.closed_answers.order_by("ref"))
    chance.shuffle(rows)
    kept = []
    for row in rows:
        text = row.payload.open(row.ref)
        given = json.loads(text)
        given.pop(MARK, None)
        ref = uuid.UUID(int=chance.getrandbits(128), version=4)
        payload = json.dumps(given, ensure_ascii=False, sort_keys=True).ljust(len(text))
        kept.append(ClosedAnswer(ref=ref, wave=wave, side=row.side, payload=payload))
    wave.closed_answers.all().delete()
    ClosedAnswer.objects.bulk_create(kept)


# --- When no end wave comes -------------------------------------------------------------------------------------------
@transaction.atomic
def give_up(*, cycle: Cycle, chance: Random | None = None) -> None:
    """Nothing will be compared any more: the departure is published by itself, its marks and the key go."""
    first = Wave.objects.filter(cycle=cycle, moment=Moment.T0, public=Public.PARTICIPANTS).first()
    if first:
        _unmark(first, chance or secrets.SystemRandom())
        jobs.enqueue(kind="evaluation.vacuum", key=f"unlinked:{first.ref}", object_ref=first.ref)
    LinkKey.objects.filter(cycle=cycle).delete()


def overdue(after: dt.timedelta) -> list[Cycle]:
    """Cycles whose end wave can no longer open: its season is over, or a collective talk stands for it."""
    found = []
    for key in LinkKey.objects.select_related("cycle__programme__lead_employer"):
        cycle = key.cycle
        waves = Wave.objects.filter(cycle=cycle, public=Public.PARTICIPANTS)
        if waves.filter(state=WaveState.OPEN).exists():
            continue
        talk = CollectiveTalk.objects.filter(cycle=cycle, moment=Moment.END).exists()
        if talk or clock.today(cycle.programme.time_zone) > cycle.ends + after:
            found.append(cycle)
    return found


# --- Publishing -------------------------------------------------------------------------------------------------------
def elsewhere(wave: Wave) -> set[str]:
    """Codes that this wave does not publish as a cross-section: by their change, or not before the end wave closes."""
    if wave.moment == Moment.T0 and wave.compared:
        if pending(wave.cycle_id):
            return set(wave.compared)
        last = Wave.objects.filter(cycle=wave.cycle_id, moment=Moment.END, public=Public.PARTICIPANTS).first()
        return set(last.changes) if last else set()
    return set(wave.changes)


def _items() -> dict[str, set[str]]:
    """What each code that can be compared reads in an answer."""
    return {code: {code} for code in QUESTIONS} | {code: set(items) for code, (_, _, items) in DIMENSIONS.items()}
