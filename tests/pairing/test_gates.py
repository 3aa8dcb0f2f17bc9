"""No pair lives with a gate of the frame missing, whichever the door; no gate ever stops a pair that lives."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from pairing.enums import PairState
from pairing.models import GATES, Pair
from pairing.services import gates, pairs, supervision
from portal import clock
from portal.errors import DomainError
from programmes.enums import Decision, Form, LetterState, Origin, Side
from programmes.models import Letter
from programmes.services import charter, training
from tests.builders import (
    accept_charter,
    clear_gates,
    client_of,
    make_pair,
    make_participation,
    make_person,
    make_programme,
    make_reciprocal,
    referent_of,
)

pytestmark = pytest.mark.django_db
MAKERS = {"pair": make_pair, "reciprocal": make_reciprocal}
both_forms = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
each_gate = pytest.mark.parametrize("gate", GATES)


def fresh(pair: Pair) -> Pair:
    return Pair.objects.get(pk=pair.pk)


def all_but(make, gate: str) -> Pair:
    """A pair proposed, everything met except `gate`."""
    pair = make(answered=False, framed=False)
    clear_gates(pair, but=gate)
    return fresh(pair)


@both_forms
def test_a_new_pair_of_the_portal_needs_the_five(make):
    pair = make(answered=False, framed=False)
    assert [gate for gate in GATES if getattr(pair, f"needs_{gate}")] == list(GATES)
    assert gates.missing_gates(pair) == list(GATES)


@both_forms
@each_gate
def test_by_the_services_one_missing_gate_is_enough_to_wait(make, gate):
    pair = all_but(make, gate)
    for member in pair.members.all():
        pairs.say_yes(pair=fresh(pair), by=member.person)
    pair = fresh(pair)
    assert (pair.state, gates.missing_gates(pair)) == (PairState.ACCEPTED, [gate])
    assert not pairs.activate_if_ready(pair=pair, by=None)
    assert fresh(pair).active_at is None


@both_forms
@each_gate
def test_by_the_forms_one_missing_gate_is_enough_to_wait(make, gate):
    pair = all_but(make, gate)
    for member in pair.members.select_related("person__user"):
        client = client_of(member.person)
        client.post(reverse("pairing:answer", args=[pair.ref]), {"answer": "oui"})
        client.post(reverse("pairing:tap", args=[pair.ref]), {"key": str(pair.ref)})
    pair = fresh(pair)
    assert (pair.state, pair.meetings.count()) == (PairState.ACCEPTED, 0)


@both_forms
@each_gate
def test_by_sql_one_missing_gate_is_enough_to_be_refused(make, gate):
    pair = all_but(make, gate)
    for member in pair.members.all():
        pairs.say_yes(pair=fresh(pair), by=member.person)
    for attack in (
        "UPDATE pairing_pair SET state = 'active' WHERE id = %s",
        f"UPDATE pairing_pair SET state = 'active', needs_{gate} = %s WHERE id = %s",
    ):
        values = [False, pair.pk] if attack.count("%s") == 2 else [pair.pk]
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack, values)
    assert fresh(pair).state == PairState.ACCEPTED


@both_forms
@each_gate
def test_the_last_gate_cleared_starts_the_pair(make, gate):
    pair = all_but(make, gate)
    for member in pair.members.all():
        pairs.say_yes(pair=fresh(pair), by=member.person)
    clear_gates(fresh(pair))
    assert fresh(pair).state == PairState.ACTIVE


@pytest.mark.parametrize("needed", [True, False])
@pytest.mark.parametrize("origin", Origin)
@pytest.mark.parametrize("form", [Form.PAIR, Form.RECIPROCAL, Form.PERMANENCE])
def test_the_database_ties_the_gates_to_form_and_origin(form, origin, needed):
    programme = make_programme()
    bound = origin == Origin.PORTAL and form in (Form.PAIR, Form.RECIPROCAL)
    fields = {f"needs_{gate}": needed for gate in GATES}
    if needed == bound:
        assert Pair.objects.create(programme=programme, form=form, origin=origin, **fields).pk
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            Pair.objects.create(programme=programme, form=form, origin=origin, **fields)


@both_forms
def test_a_gate_dated_without_saying_how_the_survey_was_settled_is_refused(make):
    pair = make(answered=False, framed=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pair.objects.filter(pk=pair.pk).update(baseline_ok_at=clock.now())


@pytest.mark.parametrize("how", ["issued", "previous_wave", "collective_talk", "after_issue"])
def test_the_start_survey_is_kept_with_the_way_it_was_settled(how):
    pair = make_pair(answered=False, framed=False)
    gates.clear_baseline(pairs=[pair], how=how)
    assert fresh(pair).baseline_how == how
    gates.clear_baseline(pairs=[fresh(pair)], how="issued")
    assert fresh(pair).baseline_how == how
    with pytest.raises(ValueError, match="otherwise"):
        gates.clear_baseline(pairs=[make_pair(answered=False, framed=False)], how="otherwise")


def test_the_evaluation_may_say_that_the_survey_is_settled_for_a_new_pair(monkeypatch):
    monkeypatch.setattr("pairing.services.gates.hooks", lambda name: (lambda pair: "after_issue",))
    pair = make_pair(answered=False, framed=False)
    assert fresh(pair).baseline_how == "after_issue"


# --- Nothing late stops a pair that lives ------------------------------------------------------------------------------
@both_forms
def test_nothing_late_stops_a_pair_that_lives(make):
    pair = make()
    programme, by = pair.programme, referent_of(pair.programme)
    version = charter.draft(programme=programme, by=by)
    charter.put_in_force(version=version, on=clock.today(programme.time_zone), seen=version.version, by=by)
    Letter.objects.update(state=LetterState.ENDED, ended_on=clock.today(programme.time_zone))
    supervision.end_engagement(engagement=programme.supervisors.get(), by=by)
    for participation in programme.participations.filter(side=Side.HELPER):
        training.decide(participation=participation, decision=Decision.OTHER, by=by)
    gates.refresh(pair=fresh(pair))
    member = pair.members.first().person
    pairs.pause(pair=fresh(pair), by=member)
    pairs.resume(pair=fresh(pair), by=member)
    pair = fresh(pair)
    assert (pair.state, gates.missing_gates(pair)) == (PairState.ACTIVE, [])


@both_forms
def test_a_gate_that_no_longer_holds_binds_a_pair_that_has_not_started(make):
    pair = all_but(make, "baseline")
    programme, by = pair.programme, referent_of(pair.programme)
    for member in pair.members.all():
        pairs.say_yes(pair=fresh(pair), by=member.person)
    version = charter.draft(programme=programme, by=by)
    charter.put_in_force(version=version, on=clock.today(programme.time_zone), seen=version.version, by=by)
    gates.clear_baseline(pairs=[fresh(pair)], how="collective_talk")
    assert (fresh(pair).state, gates.missing_gates(fresh(pair))) == (PairState.ACCEPTED, ["charter"])
    for member in pair.members.select_related("participation"):
        accept_charter(member.participation)
    assert fresh(pair).state == PairState.ACTIVE


def test_a_reciprocal_pair_may_have_a_referee_instead_of_a_supervisor():
    pair = all_but(make_reciprocal, "supervisor")
    for member in pair.members.all():
        pairs.say_yes(pair=fresh(pair), by=member.person)
    referee = make_person(pair.programme.lead_employer)
    pairs.entrust(pair=fresh(pair), referee=referee, by=referent_of(pair.programme))
    assert fresh(pair).state == PairState.ACTIVE


def test_a_helpers_pair_wants_a_supervisor_even_with_a_referee():
    pair = all_but(make_pair, "supervisor")
    for member in pair.members.all():
        pairs.say_yes(pair=fresh(pair), by=member.person)
    referee = make_person(pair.programme.lead_employer)
    pairs.entrust(pair=fresh(pair), referee=referee, by=referent_of(pair.programme))
    assert gates.missing_gates(fresh(pair)) == ["supervisor"]


def test_an_engaged_supervisor_without_a_date_is_not_enough():
    pair = all_but(make_pair, "supervisor")
    programme, by = pair.programme, referent_of(pair.programme)
    today = clock.today(programme.time_zone)
    engagement = supervision.engage(
        programme=programme, name="Pascale", address="p@ailleurs.invalid", confidentiality_on=today, by=by
    )
    assert gates.missing_gates(fresh(pair)) == ["supervisor"]
    start = clock.now() + dt.timedelta(days=3)
    (session,) = supervision.plan(engagement=engagement, starts=[start], minutes=120, by=by)
    assert gates.missing_gates(fresh(pair)) == []
    supervision.cancel(session=session, by=by)
    assert gates.missing_gates(fresh(pair)) == ["supervisor"]


# --- Words ------------------------------------------------------------------------------------------------------------
@both_forms
@each_gate
def test_the_referent_reads_what_is_missing_and_the_two_read_it_kindly(make, gate):
    pair = all_but(make, gate)
    for member in pair.members.all():
        pairs.say_yes(pair=fresh(pair), by=member.person)
    pair = fresh(pair)
    (words,), (kind,) = gates.missing_in_words(pair), gates.missing_in_words(pair, kindly=True)
    by = referent_of(pair.programme)
    page = client_of(by).get(reverse("pairing:pilot_pair", args=[pair.programme.slug, pair.ref]))
    assert words in page.content.decode()
    text = client_of(pair.members.first().person).get(reverse("pairing:pair", args=[pair.ref])).content.decode()
    assert kind in text
    assert words not in text


def test_a_pair_lived_before_the_portal_waits_for_nothing():
    programme = make_programme()
    helper, helped = (make_participation(programme, side) for side in (Side.HELPER, Side.HELPED))
    pair = Pair.objects.create(
        programme=programme, origin=Origin.BEFORE, state=PairState.ACCEPTED, all_yes_at=clock.now()
    )
    for row, part in ((helper, "helper"), (helped, "helped")):
        pair.members.create(participation=row, person=row.person, part=part, yes_at=clock.now())
    assert pairs.activate_if_ready(pair=pair, by=None)


def test_nobody_activates_what_is_not_accepted():
    pair = make_pair(answered=False)
    assert gates.missing_gates(pair) == []
    assert not pairs.activate_if_ready(pair=pair, by=None)
    with pytest.raises(DomainError):
        pairs.pause(pair=pair, by=pair.members.first().person)
