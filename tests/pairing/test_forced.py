"""A pair whose state was forced by hand: each answer, pressed from a page read before, is taken or clearly refused."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.urls import reverse

from pairing.enums import PairState
from pairing.models import Pair
from pairing.services import dates, frame
from portal import clock
from tests.builders import client_of, make_pair, referent_of

pytestmark = pytest.mark.django_db
FRAME = {"rhythm": "fortnight", "minutes": 60, "channel": "in_person", "objectives": [], "noting": "meetings"}


@pytest.fixture(scope="module")
def pairs(module_rows) -> dict[str, int]:
    """One that is only proposed, one that lives: a frame and dates of the second wait for an answer."""
    living = make_pair()
    one = living.members.first().person
    frame.propose(pair=living, by=one, **FRAME)
    ahead = [clock.now() + dt.timedelta(days=3)]
    dates.propose(pair=living, by=one, dates=ahead, minutes=60, channel="in_person")
    return {"proposed": make_pair(answered=False, framed=False).pk, "living": living.pk}


def waiting_frame(pair: Pair) -> dict:
    row = pair.frames.first()
    return {"frame": str(row.ref if row else uuid.uuid4()), "answer": "oui"}


def waiting_dates(pair: Pair) -> dict:
    row = pair.date_proposals.first()
    return {"proposal": str(row.ref), "date": str(row.dates.first().pk)} if row else {"proposal": "", "date": "1"}


def this_month(pair: Pair) -> dict:
    return {"month": clock.today(pair.programme.time_zone).replace(day=1).isoformat(), "number": "2"}


AGENT: dict[str, tuple[str, Callable[[Pair], dict]]] = {
    **{
        f"answer {word}": ("answer", lambda pair, word=word: {"answer": word})
        for word in ("oui", "non", "temps", "encore")
    },
    "search again": ("search_again", lambda pair: {"choix": "now"}),
    "tap": ("tap", lambda pair: {"key": str(uuid.uuid4())}),
    "alive": ("alive", lambda pair: {}),
    "month": ("month", this_month),
    "pause": ("pause", lambda pair: {}),
    "frame": ("frame", lambda pair: FRAME),
    "answer frame": ("answer_frame", waiting_frame),
    "answer dates": ("answer_dates", waiting_dates),
    "prefer opening": ("prefer_opening", lambda pair: {"choix": "deux"}),
    "fit": ("fit", lambda pair: {"answer": "yes"}),
    "change": ("change", lambda pair: {}),
    "end": ("end", lambda pair: {"code": "term"}),
}
PILOT, WITHDRAW = {"hold opening": "hold_opening", "hold point": "hold_point"}, "withdraw_proposal"


# What the database lets somebody write by hand.
ALLOWED = [("proposed", state) for state in (PairState.PROPOSED, PairState.ACCEPTED, PairState.LAPSED)] + [
    ("living", state) for state in PairState
]


@pytest.mark.parametrize(("start", "state"), ALLOWED)
@pytest.mark.parametrize("route", [*AGENT, *PILOT, "withdraw"])
def test_an_answer_is_taken_or_clearly_refused_whatever_the_state_became(pairs, start, state, route):
    rows = Pair.objects.select_related("programme__lead_employer").filter(pk=pairs[start])
    over = {"ended_on": clock.today("Europe/Paris"), "end_code": "term"} if state == PairState.ENDED else {}
    rows.update(state=state, **over)
    pair = rows.get()
    if route in AGENT:
        name, data = AGENT[route]
        client, args, given = client_of(pair.members.last().person), [pair.ref], data(pair)
    else:
        client, given = client_of(referent_of(pair.programme)), {}
        name, args = (PILOT[route], [pair.ref]) if route in PILOT else (WITHDRAW, [pair.programme.slug, pair.ref])
    response = client.post(reverse(f"pairing:{name}", args=args), given, follow=True)
    assert response.status_code == 200 or (route == "search again" and response.status_code == 404)
