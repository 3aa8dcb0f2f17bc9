"""One ticket, one answer, nothing between the two (decision 19, trust 4.2).

The ticket is used by a conditional update in the transaction that inserts the answer: fifty posts at once give one. The
answer carries no time, no person, no ticket; who posts it is never read.
"""

import json
from uuid import UUID

from django.db import transaction

from evaluation.enums import WaveState
from evaluation.models import OpenAnswer, OpenText, Ticket, Wave
from evaluation.services import linking, parts, questionnaires
from evaluation.services.questionnaires import NO_VALUE, Item
from evaluation.services.waves import digest, is_open
from portal.errors import DomainError
from portal.services import receipts

# Every sealed answer has the same length, or one that says next to nothing.
BLOCK = 1024


class Gone(DomainError):
    """The link was used, or its wave is over."""


def ticket_of(token: str) -> Ticket | None:
    """The ticket behind a link, used or not; None when there is none (unknown, or its wave is closed)."""
    wave = "wave__programme__lead_employer"
    return Ticket.objects.select_related(wave, "wave__questionnaire").filter(hash=digest(token)).first()


def usable(ticket: Ticket) -> bool:
    return not ticket.used and is_open(ticket.wave)


def items_for(ticket: Ticket) -> list[Item]:
    return questionnaires.of_side(ticket.wave, ticket.side)


@transaction.atomic
def submit(*, token: str, answers: dict[str, object], code: str = "") -> None:
    """Take the answers once. « Je préfère ne pas répondre » and « non concerné » are not kept. Raises Gone.

    `code`: the personal code to link with, where the wave has one.
    """
    ticket = ticket_of(token)
    if ticket is None or not usable(ticket):
        raise Gone("Ce lien a déjà servi, ou le questionnaire est clos.")
    _take(ticket, answers, code)


@transaction.atomic
def submit_paper(*, wave: Wave, side: str, answers: dict[str, object], receipt: UUID, url: str) -> None:
    """One sheet typed: the ticket of somebody of this side whom no message reaches, whichever. Raises Gone when none is left."""
    parts.check_typing(wave)
    ticket = Ticket.objects.filter(wave=wave, side=side, paper=True, used=False).order_by("hash").first()
    if ticket is None:
        raise Gone("Toutes les feuilles attendues de ce côté sont saisies.")
    ticket.wave = wave
    receipts.keep(key=receipt, person=None, url=url)
    _take(ticket, answers)


def paper_sides(wave: Wave) -> list[str]:
    """Sides of which a sheet may still be typed."""
    rows = Ticket.objects.filter(wave=wave, paper=True, used=False)
    return sorted(rows.values_list("side", flat=True).distinct())


def _take(ticket: Ticket, answers: dict[str, object], code: str = "") -> None:
    if not Ticket.objects.filter(pk=ticket.pk, used=False).update(used=True):
        raise Gone("Ce lien a déjà servi.")
    kept = {}
    for item in items_for(ticket):
        value = _value(item, answers.get(item.code))
        if value is None:
            continue
        if item.kind == questionnaires.TEXT:
            OpenText.objects.create(wave=ticket.wave, code=item.code, text=_padded(value))
        else:
            kept[item.code] = value
    text = json.dumps(kept | linking.mark(ticket.wave, code), ensure_ascii=False, sort_keys=True)
    OpenAnswer.objects.create(wave=ticket.wave, side=ticket.side, payload=_padded(text))


def of(wave: Wave) -> list[dict]:
    """The answers of a CLOSED wave, opened: {"side": "helped", "answers": {"TC1": 4, "NEG": ["tired"], …}}."""
    if wave.state != WaveState.CLOSED:
        raise DomainError("Les réponses d’une enquête ouverte ne se lisent pas.")
    rows = wave.closed_answers.order_by("ref")
    return [{"side": row.side, "answers": _unmarked(json.loads(row.payload.open(row.ref)))} for row in rows]


def _unmarked(given: dict) -> dict:
    return {code: value for code, value in given.items() if code != linking.MARK}


def _value(item: Item, given: object) -> object:
    """What is kept of one answer: a number, a code, a list of codes, words; None for nothing."""
    if item.kind == questionnaires.SEVERAL:
        return [one for one in given or [] if one not in NO_VALUE] or None
    if given in (None, "") or given in NO_VALUE:
        return None
    if item.kind == questionnaires.TEXT:
        return " ".join(str(given).split()) or None
    return given if item.kind == questionnaires.ONE else int(given)


def _padded(text: str) -> str:
    """To the next multiple of BLOCK bytes, with spaces."""
    return text + " " * (-len(text.encode()) % BLOCK)
