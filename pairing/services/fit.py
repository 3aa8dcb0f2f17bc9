"""After the first meeting: does it suit you? Three doors when it does not, and « changer », without a reason.

The answer is its author's alone: sealed, in no journal, mail or list, gone with the pair or after thirty days. Codes of
one length, one row whatever is answered, one message: neither a copy of the database nor an exchange on the wire tells
a yes from a no.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Min

from pairing.enums import EndCode, Fit, PairState, SearchAnswer
from pairing.models import FitCheck, Pair, PairMember, SearchChoice
from pairing.services import pairs
from portal import clock
from portal.errors import DomainError
from portal.models import Person, Transition
from programmes.enums import Origin
from programmes.services import participation as participations

ASK_DAYS = 30
RUNNING = (PairState.ACTIVE, PairState.PAUSED)


def is_asked(pair: Pair) -> bool:
    """For thirty days after the first meeting known of a pair that began in the portal."""
    if pair.state not in RUNNING or pair.origin != Origin.PORTAL:
        return False
    first = pair.first_met_on or _first_number(pair)
    return first is not None and clock.today(pair.programme.time_zone) - first <= dt.timedelta(days=ASK_DAYS)


def _first_number(pair: Pair) -> dt.date | None:
    """The day a pair that gives one number a month first said that it met."""
    given = pair.month_counts.filter(number__gt=0).aggregate(first=Min("entered_at"))["first"]
    return given.astimezone(clock.ZoneInfo(pair.programme.time_zone)).date() if given else None


def own(member: PairMember) -> Fit | None:
    """What this member answered: to be shown to them alone."""
    row = FitCheck.objects.filter(member=member).first()
    return Fit(row.answer.open(row.ref)) if row else None


@transaction.atomic
def answer(*, pair: Pair, by: Person, answer: str) -> None:
    """Answer, or answer again; the last one holds and nothing is told to anybody."""
    member = pairs.member_of(pair, by)
    if not is_asked(pair):
        raise DomainError("Cette question n’est plus posée.")
    if answer not in Fit.values:
        raise DomainError("Choisissez une des trois réponses.")
    row = {"answer": answer, "answered_on": clock.today(pair.programme.time_zone)}
    FitCheck.objects.update_or_create(member=member, defaults=row)


def in_words(person: Person) -> list[FitCheck]:
    """One's own answers, to take away."""
    found = list(FitCheck.objects.filter(member__person=person).order_by("pk"))
    for row in found:
        row.answer = Fit(row.answer.open(row.ref)).label
    return found


def forget(*, pair: Pair, by: Person) -> None:
    """The author erases their answer."""
    FitCheck.objects.filter(member=pairs.member_of(pair, by)).delete()


@transaction.atomic
def change(*, pair: Pair, by: Person) -> None:
    """The pair ends, whoever asked keeps the place they had in the wait; no reason is asked nor kept."""
    member = pairs.member_of(pair, by)
    pairs.end(pair=pair, by=by, code=EndCode.CHANGE)
    if member.participation:
        participations.take_place_back(participation=member.participation)
        asked = SearchChoice.objects.filter(pair=pair, participation=member.participation)
        asked.update(answer=SearchAnswer.NOW, answered_at=clock.now())


def who_changed(pair: Pair) -> Person | None:
    """The member who wished to change, as long as the link between the members stands."""
    if pair.end_code != EndCode.CHANGE:
        return None
    last = Transition.objects.filter(label=pair._meta.label, object_ref=pair.ref, move="end").last()
    names = {member.person.ref: member.person for member in pair.members.all() if member.person_id}
    return names.get(last.by_ref) if last else None
