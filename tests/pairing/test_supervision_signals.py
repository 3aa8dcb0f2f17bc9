"""Two sessions missed: the helper reads it first, the référent a week later, without a reason; nobody else ever."""

import datetime as dt

import pytest
from django.urls import reverse

from pairing import supervision_hooks
from pairing.services import pairs, supervision
from portal import clock
from programmes.enums import Presence
from programmes.services import participation as participations
from tests.builders import client_of, make_pair, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries
from tests.pairing.test_supervision import outside, session_of, sheet_of, supervisor_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CARD = "Vous avez manqué deux séances"


@pytest.fixture
def programme():
    return make_programme()


def helper_of(pair):
    return pair.members.get(part="helper").person


def held(engagement, *absent, hours=-1):
    """A session held; `absent` are excused, whoever else is expected was there."""
    session = session_of(engagement, hours=hours)
    presences = {
        row: Presence.EXCUSED if row.person in absent else Presence.PRESENT for row in supervision.expected(session)
    }
    supervision.mark(session=session, presences=presences, themes=[], by=None)
    return session


def invited(programme, by=None):
    return [
        todo.sentence
        for todo in supervision_hooks.todo(by or referent_of(programme), programme)
        if "point" in todo.sentence
    ]


def told(person):
    return [card.title for card in supervision_hooks.cards(person) if card.title == CARD]


def test_the_helper_reads_it_at_once_and_the_referent_a_week_after_it_was_noted(programme):
    engagement, helper = outside(programme), helper_of(make_pair(programme))
    other, start = helper_of(make_pair(programme)), clock.now()
    held(engagement, helper, hours=-400)
    assert not told(helper)
    held(engagement, helper, hours=-300)  # long ago, noted only now: the week runs from the note
    assert told(helper) and not told(other) and not invited(programme)
    assert CARD in client_of(helper).get(reverse("portal:my_space")).content.decode()
    name = f"Proposer un point à {helper.short_name}"
    for days, sentences in ((6.9, []), (7.1, [name]), (36.9, [name]), (37.1, [])):
        with clock.at(start + days * DAY):
            assert invited(programme) == sentences, days


def test_coming_again_or_leaving_the_programme_ends_it(programme):
    engagement, pair = outside(programme), make_pair(programme)
    helper = helper_of(pair)
    held(engagement, helper, hours=-3)
    last = held(engagement, helper, hours=-2)
    with clock.at(clock.now() + 8 * DAY):
        assert told(helper) and invited(programme)
        supervision.mark(session=last, presences=sheet_of(last), themes=[], by=None)  # the sheet was wrong
        assert not told(helper) and not invited(programme)
        supervision.mark(session=last, presences=sheet_of(last, Presence.EXCUSED), themes=[], by=None)
        assert told(helper) and not invited(programme)  # a new note: the helper first, again
    with clock.at(clock.now() + 20 * DAY):
        assert invited(programme)
        held(engagement)
        assert not told(helper) and not invited(programme)
        held(engagement, helper)
        held(engagement, helper)
        pairs.end(pair=pair, by=helper, code="term")
        assert told(helper)  # the letter runs on, so does the mission
        participations.withdraw(participation=supervision.supervised(programme).get(person=helper), by=helper)
        assert not told(helper)


def test_nobody_else_reads_it_and_the_invitation_gives_no_reason(programme):
    engagement, helper, employer = supervisor_of(programme), helper_of(make_pair(programme)), programme.lead_employer
    held(engagement, helper, hours=-3)
    held(engagement, helper, hours=-2)
    with clock.at(clock.now() + 8 * DAY):
        text = client_of(referent_of(programme)).get(reverse("programmes:home", args=[programme.slug])).content.decode()
        assert f"Proposer un point à {helper.short_name}" in text
        assert not [word for word in ("manqué", "excus", "absen", "séances manquées") if word in text.lower()]
        people = [make_person(employer, roles=(role,)) for role in ("hr_signatory", "administrator")]
        for person in (*people, engagement.person, helper):
            assert not invited(programme, person)
        for person in (*people, engagement.person, referent_of(programme)):
            assert not told(person)


def test_the_invitations_cost_the_same_for_one_helper_and_for_many(programme):
    engagement = outside(programme)

    def more() -> None:
        make_pair(programme)
        for hours in (-3, -2):
            held(engagement, *[row.person for row in supervision.supervised(programme)], hours=hours)

    def read() -> None:
        with clock.at(clock.now() + 8 * DAY):
            assert invited(programme)

    assert_same_queries(read, more)
