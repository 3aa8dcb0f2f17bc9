"""Pairs: who may meet, acceptance, places, gates, the end."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pairing.enums import EndCode, PairState, Part
from pairing.models import Pair, PairMember
from pairing.services import pairs, retention
from pairing.services.rules import REFUSAL
from portal import clock
from portal.errors import DomainError, Refused
from portal.models import OutgoingMail, Person
from programmes.enums import Origin, ProgrammeRoleKind, Side
from programmes.models import Participation
from programmes.services import participation as participations
from programmes.services import rollout
from tests.builders import (
    client_of,
    make_pair,
    make_participation,
    make_person,
    make_programme,
    name_as_avoided,
    referent_of,
)

pytestmark = pytest.mark.django_db


def test_a_pair_lives_once_all_have_said_yes():
    pair = make_pair(answered=False)
    helper, helped = (member.person for member in pair.members.order_by("-part"))
    pairs.say_yes(pair=pair, by=helped)
    assert Pair.objects.get(pk=pair.pk).state == PairState.PROPOSED
    pairs.say_yes(pair=pair, by=helper)
    pair = Pair.objects.get(pk=pair.pk)
    assert pair.state == PairState.ACTIVE
    assert pair.all_yes_at
    assert OutgoingMail.objects.filter(kind="pairing/active").count() == 2


def test_a_no_needs_no_reason_and_keeps_the_place_in_the_wait():
    programme = make_programme()
    helped = make_participation(programme)
    since = Participation.objects.get(pk=helped.pk).waiting_since
    pair = make_pair(programme, helped=helped, answered=False)
    pairs.decline(pair=pair, by=helped.person)
    assert pair.state == PairState.LAPSED
    assert not pair.members.filter(live=True).exists()
    assert Participation.objects.get(pk=helped.pk).waiting_since == since


def _hierarchy(programme):
    boss = make_person(programme.lead_employer)
    report = make_person(programme.lead_employer, manager=boss)
    return boss, report


def _same_team(programme):
    return tuple(make_person(programme.lead_employer, team="Comptabilité") for _ in range(2))


def _same_person(programme):
    person = make_person(programme.lead_employer)
    return person, person


def _wish_of(owner_side):
    def people(programme):
        return tuple(make_person(programme.lead_employer) for _ in range(2))

    people.wish = owner_side
    return people


def _strangers(programme):
    return tuple(make_person(programme.lead_employer) for _ in range(2))


FORBIDDEN = {
    "same person": _same_person,
    "helper manages helped": _hierarchy,
    "helped manages helper": lambda programme: _hierarchy(programme)[::-1],
    "same team": _same_team,
}


def refusal_of(programme, helper: Person, helped: Person, prepare=None) -> str:
    one = make_participation(programme, Side.HELPER, helper)
    other = make_participation(programme, Side.HELPED, helped)
    if prepare:
        prepare(one, other)
    with pytest.raises(DomainError) as refusal:
        pairs.propose(helper=one, helped=other, by=referent_of(programme))
    assert not Pair.objects.filter(state__in=[PairState.PROPOSED, PairState.ACTIVE]).exists()
    return str(refusal.value)


def _private_wish(owner, about):
    name_as_avoided(owner.person, person=about.person)


def _unit_wish(owner, about):
    name_as_avoided(owner.person, unit=about.person.affiliations.get().unit)


def _earlier_pair(one, other):
    pair = pairs.propose(helper=one, helped=other, by=None)
    pairs.decline(pair=pair, by=other.person)


WISHES = {
    "wish of the helper": _private_wish,
    "wish of the helped": lambda one, other: _private_wish(other, one),
    "unit avoided": _unit_wish,
    "earlier pair": _earlier_pair,
}


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_every_broken_rule_gets_the_same_sentence(rule):
    programme = make_programme()
    assert refusal_of(programme, *FORBIDDEN[rule](programme)) == REFUSAL


@pytest.mark.parametrize("rule", WISHES)
def test_a_private_wish_is_refused_with_the_same_words_as_any_rule(rule):
    programme = make_programme()
    assert refusal_of(programme, *_strangers(programme), prepare=WISHES[rule]) == REFUSAL


def test_the_same_team_may_be_allowed_by_the_programme():
    programme = make_programme()
    programme.exclude_same_team = False
    programme.save()
    helper, helped = _same_team(programme)
    make_pair(
        programme,
        helper=make_participation(programme, Side.HELPER, helper),
        helped=make_participation(programme, Side.HELPED, helped),
    )


def test_the_last_place_is_taken_once_in_the_database_itself():
    programme = make_programme()
    helper = make_participation(programme, Side.HELPER, places=1)
    make_pair(programme, helper=helper)
    with pytest.raises(DomainError, match="pas de place libre"):
        make_pair(programme, helper=helper)
    pair = Pair.objects.create(programme=programme, origin=Origin.BEFORE)
    with pytest.raises(IntegrityError), transaction.atomic():
        PairMember.objects.create(pair=pair, participation=helper, person=helper.person, part=Part.HELPER, slot=1)


def test_an_ended_pair_gives_its_place_back():
    programme = make_programme()
    helper = make_participation(programme, Side.HELPER, places=1)
    pair = make_pair(programme, helper=helper)
    pairs.end(pair=pair, by=helper.person, code=EndCode.UNSPECIFIED)
    assert make_pair(programme, helper=helper).state == PairState.ACTIVE


def test_only_members_answer_pause_or_end():
    pair = make_pair(answered=False)
    stranger, referent = make_person(pair.programme.lead_employer), referent_of(pair.programme)
    for somebody in (stranger, referent):
        for act in (pairs.say_yes, pairs.decline, pairs.pause):
            with pytest.raises(Refused):
                act(pair=pair, by=somebody)


def test_the_referent_in_a_pair_does_not_propose_it():
    programme = make_programme()
    referent = referent_of(programme)
    deputy = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=referent)
    helped = make_participation(programme, Side.HELPED, referent, accepted=False)
    participations.answer(participation=helped, move="accept", by=deputy)
    with pytest.raises(Refused):
        pairs.propose(helper=make_participation(programme, Side.HELPER), helped=helped, by=referent)


def test_a_silent_pair_is_never_closed_by_a_job():
    pair = make_pair()
    with clock.at(clock.now() + clock.dt.timedelta(days=400)):
        from portal.jobs import seal_journal, sweep

        sweep()
        seal_journal()
    assert Pair.objects.get(pk=pair.pk).state == PairState.ACTIVE


def test_leaving_the_programme_ends_the_pair_without_reason():
    programme = make_programme()
    helped = make_participation(programme)
    pair = make_pair(programme, helped=helped)
    participations.withdraw(participation=Participation.objects.get(pk=helped.pk), by=helped.person)
    pair = Pair.objects.get(pk=pair.pk)
    assert (pair.state, pair.end_code) == (PairState.ENDED, EndCode.UNSPECIFIED)


def test_after_a_pair_the_agent_waits_again_only_if_they_say_so():
    programme = make_programme()
    helped = make_participation(programme)
    pair = make_pair(programme, helped=helped)
    pairs.end(pair=pair, by=helped.person, code=EndCode.TERM)
    assert Participation.objects.get(pk=helped.pk).waiting_since is None
    participations.seek_again(participation=helped, by=helped.person)
    assert Participation.objects.get(pk=helped.pk).waiting_since is not None


@pytest.mark.parametrize("answered", [False, True])
def test_nobody_looks_for_somebody_else_while_in_a_pair(answered):
    programme = make_programme()
    helped = make_participation(programme)
    make_pair(programme, helped=helped, answered=answered)
    page = client_of(helped.person).get(reverse("programmes:my_participation", args=[helped.ref])).content.decode()
    assert reverse("programmes:seek_again", args=[helped.ref]) not in page
    before = Participation.objects.get(pk=helped.pk).waiting_since
    with pytest.raises(DomainError, match="déjà un binôme"):
        participations.seek_again(participation=helped, by=helped.person)
    assert Participation.objects.get(pk=helped.pk).waiting_since == before


def test_mails_about_a_pair_name_nobody_and_say_nothing():
    from portal.services import mail

    programme = make_programme()
    pair = make_pair(programme)
    names = [member.person.given for member in pair.members.all()]
    for row in OutgoingMail.objects.filter(kind__startswith="pairing/"):
        subject, body = mail.render(row)
        text = f"{subject} {body}".lower()
        others = [name.lower() for name in names if name != row.person.given]
        assert not any(name in text for name in others)
        assert not any(word in text for word in ("binôme", "pair-aid", "handicap", "santé", "entraide", "aidant"))


def test_pairs_whose_link_is_destroyed_are_a_number_and_no_row():
    programme = make_programme()
    old, recent = (make_pair(programme) for _ in range(2))
    for pair in (old, recent):
        pairs.end(pair=pair, by=pair.members.first().person, code=EndCode.TERM)
    Pair.objects.filter(pk=old.pk).update(
        ended_on=clock.today("Europe/Paris") - dt.timedelta(days=retention.LINK_DAYS + 1)
    )
    retention.links()
    page = client_of(referent_of(programme)).get(reverse("pairing:pairs", args=[programme.slug])).content.decode()
    assert str(recent.ref) in page and str(old.ref) not in page
    assert "1 binôme plus ancien" in page
