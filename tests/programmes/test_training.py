"""Training, « prêt·e à accompagner », and the settings of the frame."""

import datetime as dt

import pytest
from django.urls import reverse

from portal import clock
from portal.errors import DomainError, Refused
from portal.models import OutgoingMail
from portal.services import mail
from programmes.enums import Decision, ParticipationState, Presence, ProgrammeRoleKind, Side
from programmes.models import Deviation, GateRule, Participation, Readiness, TrainingAttendance, TrainingModule
from programmes.services import gates, rollout, training
from programmes.services import participation as participations
from tests.builders import client_of, make_participation, make_person, make_programme, referent_of, train
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db


def today(programme):
    return clock.today(programme.time_zone)


def follow(programme, people, codes, *, minutes=None, presence=Presence.PRESENT, marked_by=None):
    by = referent_of(programme)
    session = training.plan_session(
        programme=programme,
        modules=list(TrainingModule.objects.filter(pk__in=codes)),
        on=today(programme),
        minutes=minutes,
        invited=people,
        by=by,
    )
    training.record_attendance(session=session, presences=dict.fromkeys(people, presence), by=marked_by or by)
    return session


def peer_programme():
    return make_programme(forms=["reciprocal"])


# --- Hours ------------------------------------------------------------------------------------------------------------
def test_the_three_modules_before_the_first_meeting_last_seven_hours():
    base = TrainingModule.objects.filter(before_meeting=True)
    assert [module.code for module in base] == ["M3", "M4", "M6"]
    assert sum(module.minutes for module in base) == training.BASE_MINUTES == 420
    course = TrainingModule.objects.filter(pk__startswith="M")
    assert sum(module.minutes for module in course) == 28 * 60
    assert {module.pk: module.minutes for module in TrainingModule.objects.exclude(pk__in=course)} == {
        "R": 420,
        "X1": 210,
        "X2": 90,
        "X3": 420,
    }


@pytest.mark.parametrize(
    ("codes", "missing"),
    [(["M3", "M4", "M6"], 0), (["M3", "M4"], 60), (["M7"], 420), (["M1", "M2", "M5"], 420)],
)
def test_hours_count_when_they_are_those_of_the_base(codes, missing):
    programme = make_programme()
    helper = make_participation(programme, Side.HELPER)
    follow(programme, [helper], codes)
    assert training.minutes_missing([helper])[helper.pk] == missing


def test_an_excused_person_has_followed_nothing():
    programme = make_programme()
    helper = make_participation(programme, Side.HELPER)
    follow(programme, [helper], ["M3", "M4", "M6"], presence=Presence.EXCUSED)
    assert training.minutes_followed([helper])[helper.pk] == (0, 0)


def test_the_programme_may_ask_for_more():
    programme = make_programme()
    helper = make_participation(programme, Side.HELPER)
    rule = GateRule.objects.get(pk="pair-training")
    by = referent_of(programme)
    gates.set_value(programme=programme, rule=rule, value=840, reason="Quatorze heures ici.", by=by)
    follow(programme, [helper], ["M3", "M4", "M6"])
    assert training.minutes_missing([helper])[helper.pk] == 420
    follow(programme, [helper], ["M1", "M2", "M5"])
    assert training.complete(helper)


# --- The decision -----------------------------------------------------------------------------------------------------
def test_ready_asks_for_the_hours_and_the_other_answers_do_not():
    programme = make_programme()
    helper, by = make_participation(programme, Side.HELPER), referent_of(programme)
    with pytest.raises(DomainError, match="pas terminée"):
        training.decide(participation=helper, decision=Decision.READY, by=by)
    training.decide(participation=helper, decision=Decision.OTHER, by=by)
    assert not training.cleared(helper)
    train(programme, [helper])
    assert training.cleared(helper)
    assert Readiness.objects.get(participation=helper).decided_by == by


def test_reinforced_support_comes_before_the_first_meeting():
    programme = make_programme()
    helper, by = make_participation(programme, Side.HELPER), referent_of(programme)
    follow(programme, [helper], ["M3", "M4", "M6"])
    training.decide(participation=helper, decision=Decision.REINFORCED, by=by)
    assert not training.cleared(helper)
    training.decide(participation=helper, decision=Decision.READY, by=by)
    assert training.cleared(helper)


def test_nobody_decides_about_themselves():
    programme = make_programme()
    referent, deputy = referent_of(programme), make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=referent)
    helper = make_participation(programme, Side.HELPER, referent, accepted=False)
    participations.answer(participation=helper, move="accept", by=deputy)
    helper.refresh_from_db()
    with pytest.raises(Refused, match="propre présence"):
        follow(programme, [helper], ["M3", "M4", "M6"])
    follow(programme, [helper], ["M3", "M4", "M6"], marked_by=deputy)
    with pytest.raises(Refused):
        training.decide(participation=helper, decision=Decision.READY, by=referent)
    url = reverse("programmes:decide_readiness", args=[programme.slug, helper.ref])
    client_of(referent).post(url, {"decision": "ready"})
    assert not training.cleared(helper)
    client_of(deputy).post(url, {"decision": "ready"})
    assert training.cleared(helper)


@pytest.mark.parametrize("side", [Side.HELPED, Side.PEER])
def test_the_decision_is_for_helpers_only(side):
    programme = peer_programme() if side == Side.PEER else make_programme()
    row = make_participation(programme, side)
    with pytest.raises(DomainError):
        training.decide(participation=row, decision=Decision.READY, by=referent_of(programme))
    url = reverse("programmes:decide_readiness", args=[programme.slug, row.ref])
    assert client_of(referent_of(programme)).get(url).status_code == 404


def test_peers_are_cleared_by_three_hours_and_a_half_together():
    programme = peer_programme()
    peers = [make_participation(programme, Side.PEER) for _ in range(2)]
    follow(programme, peers, ["M4", "M6"])
    assert not any(training.cleared(row) for row in peers)
    follow(programme, peers, ["M3"], minutes=30)
    assert all(training.cleared(row) for row in peers)


# --- Sessions ---------------------------------------------------------------------------------------------------------
def test_a_session_invites_accepted_helpers_and_peers_only():
    programme, other = make_programme(), make_programme()
    by, modules = referent_of(programme), list(TrainingModule.objects.filter(pk="M3"))
    strangers = [
        make_participation(programme, Side.HELPED),
        make_participation(programme, Side.HELPER, accepted=False),
        make_participation(other, Side.HELPER),
    ]
    for row in strangers:
        with pytest.raises(DomainError):
            training.plan_session(programme=programme, modules=modules, on=today(programme), invited=[row], by=by)
    assert not TrainingAttendance.objects.exists()


def test_the_sheet_opens_on_the_day_and_takes_everybody_expected():
    programme = make_programme()
    helpers, by = [make_participation(programme, Side.HELPER) for _ in range(2)], referent_of(programme)
    session = training.plan_session(
        programme=programme,
        modules=list(TrainingModule.objects.filter(pk="M3")),
        on=today(programme) + dt.timedelta(days=3),
        invited=helpers,
        by=by,
    )
    sheet = dict.fromkeys(helpers, Presence.PRESENT)
    with pytest.raises(DomainError, match="pas encore"):
        training.record_attendance(session=session, presences=sheet, by=by)
    with clock.at(clock.now() + dt.timedelta(days=4)):
        with pytest.raises(DomainError, match="ne correspond plus"):
            training.record_attendance(session=session, presences={helpers[0]: Presence.PRESENT}, by=by)
        with pytest.raises(DomainError, match="présent"):
            training.record_attendance(session=session, presences=dict.fromkeys(helpers, Presence.EXPECTED), by=by)
        training.record_attendance(session=session, presences=sheet, by=by)
        training.record_attendance(session=session, presences={**sheet, helpers[1]: Presence.EXCUSED}, by=by)
    assert training.minutes_followed(helpers) == {helpers[0].pk: (240, 240), helpers[1].pk: (0, 0)}
    with pytest.raises(DomainError):
        training.cancel(session=session, by=by)


def test_the_pages_of_a_session_from_the_plan_to_the_sheet():
    programme = make_programme()
    helper, client = make_participation(programme, Side.HELPER), client_of(referent_of(programme))
    client.post(
        reverse("programmes:plan_training", args=[programme.slug]),
        {
            "modules": ["M3", "M4", "M6"],
            "public": "participants",
            "on": today(programme).isoformat(),
            "invited": [helper.pk],
            "place": "Salle 2",
        },
    )
    session = programme.training_sessions.get()
    assert session.minutes == 420
    page = reverse("programmes:training_session", args=[programme.slug, session.ref])
    answer = client.post(page, {})
    assert answer.status_code == 200
    assert "à corriger" in answer.content.decode()
    client.post(page, {f"p{session.attendances.get().pk}": "present"})
    assert training.complete(helper)


def test_mails_about_a_date_say_nothing_of_it():
    programme = make_programme()
    helper = make_participation(programme, Side.HELPER)
    follow(programme, [helper], ["M7"])
    row = OutgoingMail.objects.get(kind="programmes/session")
    subject, body = mail.render(row)
    text = f"{subject} {body}".lower()
    assert not any(word in text for word in ("santé", "aidant", "handicap", "secours", "entraide"))


# --- The attestation --------------------------------------------------------------------------------------------------
def test_the_attestation_says_a_neutral_title_hours_and_dates_only():
    programme = make_programme()
    helper = make_participation(programme, Side.HELPER)
    follow(programme, [helper], ["M3", "M4", "M6"])
    follow(programme, [helper], ["M7"])
    client = client_of(helper.person)
    page = client.get(reverse("programmes:certificate", args=[helper.ref])).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert "Entraide professionnelle entre agents" in main
    assert "21\N{NO-BREAK SPACE}h" in main
    for word in ("santé", "handicap", "aidant", "secours", "Écoute", "M7"):
        assert word not in main
    stranger = client_of(make_person(programme.lead_employer))
    assert stranger.get(reverse("programmes:certificate", args=[helper.ref])).status_code == 404


# --- Who opens what ----------------------------------------------------------------------------------------------------
def test_each_page_of_training_and_frame_opens_to_whom_it_should():
    programme = make_programme()
    referent, employer = referent_of(programme), programme.lead_employer
    helper = make_participation(programme, Side.HELPER)
    session = follow(programme, [helper], ["M3"])
    people = {
        "referent": referent,
        "deputy": make_person(employer),
        "hr": make_person(employer, roles=("hr_signatory",)),
        "admin": make_person(employer, roles=("administrator",)),
        "helper": helper.person,
        "other": referent_of(make_programme()),
    }
    rollout.grant(programme=programme, person=people["deputy"], role=ProgrammeRoleKind.DEPUTY, by=referent)
    pages = {
        "training": ([programme.slug], {"referent"}),
        "plan_training": ([programme.slug], {"referent"}),
        "training_session": ([programme.slug, session.ref], {"referent"}),
        "decide_readiness": ([programme.slug, helper.ref], {"referent"}),
        "frame": ([programme.slug], {"referent", "deputy"}),
        "gate_setting": ([programme.slug, "pair-training"], {"referent"}),
        "certificate": ([helper.ref], {"helper"}),
    }
    for who, person in people.items():
        client = client_of(person)
        for name, (arguments, allowed) in pages.items():
            status = client.get(reverse(f"programmes:{name}", args=arguments)).status_code
            assert status == (200 if who in allowed else 404), f"{who} gets {status} on {name}"


def test_the_list_of_training_costs_the_same_with_one_person_and_with_three():
    programme = make_programme()
    client, url = client_of(referent_of(programme)), reverse("programmes:training", args=[programme.slug])

    def read() -> None:
        assert client.get(url).status_code == 200

    assert_same_queries(read, lambda: train(programme, [make_participation(programme, Side.HELPER)]))


# --- Settings and deviations --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("code", "value"), [("pair-training", 209), ("pair-training", 1681), ("pair-answer", 6)])
def test_a_setting_out_of_its_bounds_is_refused(code, value):
    programme = make_programme()
    rule = GateRule.objects.get(pk=code)
    with pytest.raises(DomainError, match="entre"):
        gates.set_value(programme=programme, rule=rule, value=value, reason="Pour voir.", by=referent_of(programme))
    assert gates.value(programme, code) == rule.default
    assert not Deviation.objects.exists()


@pytest.mark.parametrize("code", ["pair-charter", "pair-review"])
def test_what_is_law_or_advice_has_no_setting(code):
    programme = make_programme()
    rule = GateRule.objects.get(pk=code)
    with pytest.raises(DomainError, match="ne se règle pas"):
        gates.set_value(programme=programme, rule=rule, value=1, reason="Pour voir.", by=referent_of(programme))
    url = reverse("programmes:gate_setting", args=[programme.slug, code])
    assert client_of(referent_of(programme)).get(url).status_code == 404


def test_a_setting_within_bounds_asks_why_and_is_listed():
    programme = make_programme()
    client = client_of(referent_of(programme))
    url = reverse("programmes:gate_setting", args=[programme.slug, "pair-training"])
    for refused in ({"value": "3.5", "reason": " "}, {"value": "3", "reason": "Pilote."}, {"value": "", "reason": "x"}):
        assert client.post(url, refused).status_code == 200
    assert not Deviation.objects.exists()
    client.post(url, {"value": "3.5", "reason": "Pilote de cinq mois."})
    assert gates.value(programme, "pair-training") == 210
    page = client.get(reverse("programmes:frame", args=[programme.slug])).content.decode()
    assert "Pilote de cinq mois." in page
    assert "3\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30 au lieu de 7\N{NO-BREAK SPACE}h" in page


def test_a_setting_changes_nothing_for_another_programme():
    one, other = make_programme(), make_programme()
    rule = GateRule.objects.get(pk="pair-training")
    gates.set_value(programme=one, rule=rule, value=210, reason="Pilote.", by=referent_of(one))
    assert (gates.value(one, rule.pk), gates.value(other, rule.pk)) == (210, 420)


def test_paused_helpers_keep_their_training():
    programme = make_programme()
    helper = make_participation(programme, Side.HELPER)
    train(programme, [helper])
    participations.pause(participation=helper, by=helper.person)
    assert Participation.objects.get(pk=helper.pk).state == ParticipationState.PAUSED
    assert training.cleared(helper)
