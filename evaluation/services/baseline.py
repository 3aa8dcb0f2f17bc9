"""The gate of the pairs: the departure survey of their cycle was issued, or something stands for it (decisions 18, 34)."""

from evaluation.enums import Moment, Public
from evaluation.models import CollectiveTalk, Wave
from evaluation.services.batches import cycle_of, pairs_of
from pairing.enums import LIVE
from pairing.models import Pair
from pairing.services import gates
from programmes.models import Cycle


def clear(cycle: Cycle, how: str) -> None:
    """The cycle's pairs may begin as far as the survey is concerned: it was sent, whether answered or not."""
    waiting = pairs_of(cycle).filter(state__in=LIVE, baseline_ok_at__isnull=True)
    gates.clear_baseline(pairs=list(waiting.select_related("programme__lead_employer")), how=how)


def baseline(pair: Pair) -> str | None:
    """How the departure survey of this pair's cycle is settled, for a pair formed afterwards; None while it is not."""
    cycle = cycle_of(pair)
    if cycle is None:
        return None
    issued = Wave.objects.filter(cycle=cycle, moment=Moment.T0, public=Public.PARTICIPANTS, opened_at__isnull=False)
    if issued.exists():
        return "after_issue"
    instead = CollectiveTalk.objects.filter(cycle=cycle, moment=Moment.T0).first()
    if instead is None:
        return None
    return "previous_wave" if instead.previous_id else "collective_talk"
