"""What the page of a pair shows of its life: one part a card; None where a part has nothing to say."""

from pairing.enums import Fit, Noting, OpeningWay, PairState, Part
from pairing.models import Pair, PairMember
from pairing.services import dates, fit, follow, frame, monthly, retention, returns, reviews
from portal import clock
from portal.dates import day_in_words, month_in_words
from programmes.access import joinable_by


def parts(pair: Pair, mine: PairMember) -> dict:
    """Read by this member."""
    over = pair.state == PairState.ENDED
    return {
        "fit": _fit(pair, mine),
        "frame": _frame(pair, mine),
        "back": _back(pair, mine),
        "dates": _dates(pair, mine),
        "opening": _opening(pair),
        "month": _month(pair),
        "counts": monthly.said(pair),
        "review": _review(pair, mine),
        "kept": _kept(pair) if over else None,
        "joinable": over and joinable_by(mine.person).filter(pk=pair.programme_id).exists(),
        "mine_is_helper": mine.part == Part.HELPER,
    }


def _fit(pair: Pair, mine: PairMember) -> dict | None:
    return {"answer": fit.own(mine), "choices": Fit.choices} if fit.is_asked(pair) else None


def _frame(pair: Pair, mine: PairMember) -> dict | None:
    if pair.state not in frame.RUNNING:
        return None
    now, waiting = frame.in_force(pair), frame.waiting(pair)
    return {
        "now": now,
        "now_words": frame.in_words(now) if now else [],
        "waiting": waiting,
        "waiting_words": frame.in_words(waiting) if waiting else [],
        "to_answer": waiting is not None and mine not in waiting.accepted_by.all(),
        "notes_nothing": now is not None and now.noting == Noting.NONE,
    }


def _back(pair: Pair, mine: PairMember) -> dict | None:
    """The day of a return: for the one who gives it, as soon as it may be given; for the other, once it is."""
    plan, own = returns.read(pair), mine.part == Part.HELPED
    return {"plan": plan, "own": own} if plan or (own and returns.is_offered(pair)) else None


def _month(pair: Pair) -> dict | None:
    """The month to ask about, for a pair that gives one number a month."""
    month = monthly.asked(pair) if monthly.counts_by_month(pair) else None
    return {"month": month, "words": month_in_words(month)} if month else None


def _review(pair: Pair, mine: PairMember) -> dict | None:
    moment = reviews.offered(pair)
    return {"moment": moment, "answered": reviews.own(mine, moment) is not None} if moment else None


def _kept(pair: Pair) -> list[tuple[str, str]]:
    """On the last page of a pair: what is kept, and until when."""
    return [(what, day_in_words(day, weekday=False)) for what, day in retention.of_an_ended_pair(pair)]


def _opening(pair: Pair) -> dict | None:
    """The opening meeting with a third person, while it is still ahead."""
    if pair.state not in follow.RUNNING:
        return None
    found = follow.look(follow.with_follow(Pair.objects.filter(pk=pair.pk)))[pair.pk]
    if found.opening not in ("open", "planned"):
        return None
    referee = pair.referee.short_name if found.way == OpeningWay.REFEREE and pair.referee else ""
    return {"way": found.way, "with": referee, "row": found.row}


def _dates(pair: Pair, mine: PairMember) -> dict | None:
    if pair.state not in dates.RUNNING:
        return None
    waiting = dates.waiting(pair)
    return {
        "coming": dates.coming(pair),
        "waiting": waiting,
        "open": [one for one in waiting.dates.all() if one.starts_at > clock.now()] if waiting else [],
        "to_answer": waiting is not None and waiting.by_id != mine.pk,
    }
