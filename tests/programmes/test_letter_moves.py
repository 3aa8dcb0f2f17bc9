"""Every move of a letter from every state: what the table does not hold is refused, by the service and by the page."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.errors import DomainError
from portal.services import links
from programmes.enums import LetterState, Side, VisaBy
from programmes.models import Letter
from programmes.services import letter_life, letters, visas
from programmes.services.letter_moves import MOVES
from tests.builders import client_of, make_participation, referent_of
from tests.programmes.letter_world import MANAGER, make_framed_programme, make_letter, signatory

pytestmark = pytest.mark.django_db
S = LetterState
STATES = list(S)


def bring(state: str) -> Letter:
    """A letter that came to `state` by the services."""
    if state == S.ENDED:
        letter = make_letter(S.IN_FORCE)
        letter_life.end(letter=letter, by=agent(letter), on=today(letter))
    elif state == S.CANCELLED:
        letter = make_letter(S.TO_AGENT)
        letters.cancel(letter=letter, by=pilot(letter))
    else:
        letter = make_letter(state)
    return letter


@pytest.fixture(scope="module")
def keys(module_rows) -> dict[str, int]:
    return {state: bring(state).pk for state in STATES}


@pytest.fixture
def letter_in(keys) -> Callable[[str], Letter]:
    """`letter_in(state)`: the letter that is there, each in a programme of its own."""
    return lambda state: Letter.objects.get(pk=keys[state])


def columns(letter: Letter) -> dict:
    """Every column, the sealed one as it is opened."""
    row = Letter.objects.filter(pk=letter.pk).values().get()
    sealed = row.pop("visa_address")
    return row | {"address": sealed.open(letter.ref) if sealed else ""}


def today(letter: Letter) -> dt.date:
    return clock.today(letter.programme.time_zone)


def agent(letter: Letter):
    return letter.participation.person


def pilot(letter: Letter):
    return referent_of(letter.programme)


def a_link(letter: Letter, days: int = 14):
    return links.issue(purpose=letters.VISA, object_ref=letter.ref, days=days)


def agree(letter: Letter, visa_by: str) -> None:
    address = MANAGER if visa_by == VisaBy.MANAGER else ""
    letters.agree(letter=letter, by=agent(letter), seen=letter.version, visa_by=visa_by, address=address)


def unanswered(letter: Letter) -> None:
    links.revoke(purpose=letters.VISA, object_ref=letter.ref)
    visas.pass_to_hr(letter=letter, by=pilot(letter))


def resume(letter: Letter) -> None:
    Letter.objects.filter(pk=letter.pk).update(suspended_on=today(letter))
    letter_life.resume(letter=letter, by=agent(letter))


def by_the_portal(move: str) -> Callable:
    """Moves nobody asks for: another letter's first day, the end of the days of grace, a peer's own engagement."""

    def act(letter: Letter) -> None:
        with MOVES.moving(letter, move, by=None) as fresh:
            fresh.in_force_at = fresh.in_force_at or clock.now()
            if move == "engage":
                letters._freeze(fresh)

    return act


SERVICES: dict[str, Callable] = {
    "send": lambda letter: letters.send(letter=letter, by=pilot(letter)),
    "ask_changes": lambda letter: letters.ask_changes(letter=letter, by=agent(letter)),
    "agree": lambda letter: agree(letter, VisaBy.MANAGER),
    "agree_hr": lambda letter: agree(letter, VisaBy.HR),
    "refuse": lambda letter: letter_life.refuse(letter=letter, by=agent(letter)),
    "engage": by_the_portal("engage"),
    "visa": lambda letter: visas.give(link=a_link(letter)[0]),
    "visa_refused": lambda letter: visas.refuse(link=a_link(letter)[0]),
    "visa_to_hr": lambda letter: visas.choose_other(letter=letter, by=agent(letter), visa_by=VisaBy.HR),
    "visa_unanswered": unanswered,
    "validate": lambda letter: letters.validate(letter=letter, by=signatory(letter.programme)),
    "hand_back": lambda letter: letters.hand_back(letter=letter, by=signatory(letter.programme)),
    "cancel": lambda letter: letters.cancel(letter=letter, by=pilot(letter)),
    "suspend": lambda letter: letter_life.suspend(letter=letter, by=agent(letter)),
    "resume": resume,
    "end": lambda letter: letter_life.end(letter=letter, by=agent(letter), on=today(letter)),
    "replace": by_the_portal("replace"),
    "lapse": by_the_portal("lapse"),
}


def pilot_page(name: str, *more: str) -> Callable:
    def post(letter: Letter):
        url = reverse(f"programmes:{name}", args=[letter.programme.slug, letter.ref, *more])
        return client_of(pilot(letter)).post(url)

    return post


def agent_page(name: str, **data) -> Callable:
    def post(letter: Letter):
        given = {"seen": letter.version, "on": today(letter).isoformat()} | data
        return client_of(agent(letter)).post(reverse(f"programmes:{name}", args=[letter.ref]), given)

    return post


def hr_page(letter: Letter, name: str, data: dict | None = None):
    slug = letter.participation.employer.slug
    args = [slug] if data else [slug, letter.ref]
    return client_of(signatory(letter.programme)).post(reverse(f"programmes:{name}", args=args), data or {})


def visa_page(answer: str) -> Callable:
    return lambda letter: Client().post(reverse("programmes:visa", args=[a_link(letter)[1]]), {"answer": answer})


YES = {"visa_read": "on", "letter_read": "on"}
PAGES: dict[str, Callable] = {
    "send": pilot_page("letter_move", "envoyer"),
    "ask_changes": agent_page("my_letter_changes"),
    "agree": agent_page("my_letter", visa_by="manager", address=MANAGER, **YES),
    "agree_hr": agent_page("my_letter", visa_by="hr", address="", **YES),
    "refuse": agent_page("my_letter_refuse"),
    "visa": visa_page("accord"),
    "visa_refused": visa_page("necessite"),
    "visa_to_hr": agent_page("my_letter_time", visa_by="hr"),
    "visa_unanswered": pilot_page("letter_move", "decision-rh"),
    "validate": lambda letter: hr_page(letter, "hr_validate", {"lettre": str(letter.ref)}),
    "hand_back": lambda letter: hr_page(letter, "hr_hand_back"),
    "cancel": pilot_page("letter_cancel"),
    "suspend": agent_page("my_letter_pause"),
    "resume": agent_page("my_letter_resume"),
    "end": agent_page("my_letter_end"),
}
UNSEEN = {"engage", "replace", "lapse"}  # no page asks for these moves about a given letter
OUTSIDE = [(state, name) for name, move in MOVES.by_name.items() for state in STATES if state not in move.sources]
INSIDE = [(state, name) for name, move in MOVES.by_name.items() for state in move.sources]


def test_each_move_is_tried_by_its_service_and_by_its_page():
    assert set(SERVICES) == set(MOVES.by_name)
    assert set(PAGES) == set(MOVES.by_name) - UNSEEN
    assert len(OUTSIDE) + len(INSIDE) == len(STATES) * len(MOVES.by_name)


@pytest.mark.parametrize(("state", "name"), INSIDE)
def test_a_move_of_the_table_passes_by_its_service(letter_in, state, name):
    letter = letter_in(state)
    SERVICES[name](letter)
    letter.refresh_from_db()
    assert letter.state == MOVES.by_name[name].target


@pytest.mark.parametrize(("state", "name"), OUTSIDE)
def test_a_move_outside_the_table_is_refused_by_its_service(letter_in, state, name):
    letter = letter_in(state)
    before = columns(letter)
    with pytest.raises(DomainError):
        SERVICES[name](letter)
    after = columns(letter)
    if name == "resume":
        before["suspended_on"] = after["suspended_on"]
    assert after == before


@pytest.mark.parametrize(("state", "name"), [(state, name) for state, name in OUTSIDE if name in PAGES])
def test_a_move_outside_the_table_is_refused_by_its_page(letter_in, state, name):
    letter = letter_in(state)
    before = columns(letter)
    response = PAGES[name](letter)
    assert response.status_code in (200, 302, 404, 410), response.status_code
    assert columns(letter) == before


@pytest.mark.parametrize("name", [name for name in PAGES if name not in ("resume", "visa_unanswered")])
def test_a_move_of_the_table_passes_by_its_page(letter_in, name):
    move = MOVES.by_name[name]
    letter = letter_in(move.sources[-1])
    PAGES[name](letter)
    letter.refresh_from_db()
    assert letter.state == move.target


def test_a_pause_is_taken_once_and_ended_once(letter_in):
    letter = letter_in(S.IN_FORCE)
    SERVICES["suspend"](letter)
    with pytest.raises(DomainError, match="déjà en pause"):
        SERVICES["suspend"](letter)
    letter_life.resume(letter=letter, by=agent(letter))
    with pytest.raises(DomainError, match="n’est pas en pause"):
        letter_life.resume(letter=letter, by=agent(letter))


def test_nobody_but_the_agent_refuses_pauses_resumes_or_ends(letter_in):
    letter = letter_in(S.IN_FORCE)
    other = make_participation(letter.programme, Side.HELPER).person
    for person in (pilot(letter), other, signatory(make_framed_programme())):
        for act in (letter_life.refuse, letter_life.suspend, letter_life.resume):
            with pytest.raises(DomainError, match="Seule la personne concernée"):
                act(letter=letter, by=person)
        with pytest.raises(DomainError, match="Seule la personne concernée"):
            letter_life.end(letter=letter, by=person, on=today(letter))
    for name in ("my_letter_refuse", "my_letter_pause", "my_letter_resume", "my_letter_end"):
        assert client_of(other).post(reverse(f"programmes:{name}", args=[letter.ref])).status_code == 404
