"""Supervision: who is engaged, the sheet of each session, and what nobody learns from it."""

import datetime as dt
import uuid
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pairing import supervision_hooks
from pairing.enums import COLLECTIVE_KINDS, UNLED_KINDS, SupervisionKind
from pairing.forms.supervision import SheetForm
from pairing.models import SupervisionAttendance, SupervisionSession
from pairing.services import pairs, supervision
from portal import clock
from portal.errors import DomainError, Refused
from portal.models import OutgoingMail, SignedLink
from portal.services import mail
from programmes.enums import Presence, ProgrammeRoleKind, SessionState, Side
from programmes.services import letter_life, rollout
from programmes.services import participation as participations
from tests.builders import client_of, make_pair, make_participation, make_person, make_programme, referent_of
from tests.crawler import page_problems
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme()


def supervisor_of(programme, given="Interne"):
    """Somebody of the portal, with the role and engaged."""
    person, by = make_person(programme.lead_employer, given), referent_of(programme)
    rollout.grant(programme=programme, person=person, role=ProgrammeRoleKind.SUPERVISOR, by=by)
    today = clock.today(programme.time_zone)
    return supervision.engage(programme=programme, person=person, confidentiality_on=today, by=by)


def outside(programme):
    today = clock.today(programme.time_zone)
    return supervision.engage(
        programme=programme,
        name="Pascale V.",
        address="Pascale@Cabinet.invalid",
        confidentiality_on=today,
        by=referent_of(programme),
    )


def session_of(engagement, *, hours=-1):
    start = clock.now() + dt.timedelta(hours=hours)
    by = referent_of(engagement.programme)
    (session,) = supervision.plan(engagement=engagement, starts=[start], minutes=120, by=by)
    return session


def sheet_of(session, presence=Presence.PRESENT):
    return dict.fromkeys(supervision.expected(session), presence)


def filled(session, answer="present", **more):
    """What the sheet's page sends."""
    return {**{f"p{n}": answer for n, _ in enumerate(supervision.expected(session), 1)}, **more}


# --- Engaging and planning ----------------------------------------------------------------------------------------------
def test_a_supervisor_has_the_role_and_signed_confidentiality(programme):
    person, by, today = make_person(programme.lead_employer), referent_of(programme), clock.today("Europe/Paris")
    with pytest.raises(DomainError, match="rôle"):
        supervision.engage(programme=programme, person=person, confidentiality_on=today, by=by)
    tomorrow = today + dt.timedelta(days=2)
    with pytest.raises(DomainError, match="se signe avant"):
        supervision.engage(programme=programme, name="P", address="p@x.invalid", confidentiality_on=tomorrow, by=by)
    for fields in ({"name": "", "address": "p@x.invalid"}, {"name": "P", "address": "p"}):
        with pytest.raises(DomainError):
            supervision.engage(programme=programme, confidentiality_on=today, by=by, **fields)
    assert not programme.supervisors.exists()


def test_whoever_takes_part_does_not_supervise(programme):
    helper, by = make_participation(programme, Side.HELPER), referent_of(programme)
    rollout.grant(programme=programme, person=helper.person, role=ProgrammeRoleKind.SUPERVISOR, by=by)
    with pytest.raises(DomainError, match="participe"):
        today = clock.today(programme.time_zone)
        supervision.engage(programme=programme, person=helper.person, confidentiality_on=today, by=by)


def planning(programme, kind="group", **more):
    """The address of the preview: a first date and a rhythm."""
    first = clock.today(programme.time_zone) + dt.timedelta(days=9)
    asked = {"kind": kind, "first": first.isoformat(), "weeks": 6, "number": 9, **more}
    return f"{reverse('pairing:plan_supervision', args=[programme.slug])}?{urlencode(asked)}"


def proposed(page):
    """What the preview sends back when nothing is changed."""
    form = page.context["form"]
    fields = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: getattr(value, "pk", value) for name, value in fields.items() if value} | {"hour": "14:00"}


def test_a_year_is_seen_then_changed_then_created_at_once_and_only_once(programme):
    engagement, client = outside(programme), client_of(referent_of(programme))
    url = planning(programme)
    page = client.get(url)
    data = proposed(page)
    assert not programme.supervision_sessions.exists()  # seen, not written
    assert [data[f"date_{n + 1}"] - data[f"date_{n}"] for n in range(1, 9)] == [dt.timedelta(weeks=6)] * 8
    del data["date_9"]
    data["date_2"] += dt.timedelta(days=1)
    for _ in range(2):
        answer = client.post(url, data)
        assert answer.status_code == 302, answer.context["form"].errors
    made = programme.supervision_sessions.order_by("starts_at")
    zone = clock.ZoneInfo(programme.time_zone)
    lived = [row.starts_at.astimezone(zone) for row in made]
    # nine were proposed, one emptied: two o’clock all year long, summer time or not
    assert [moment.date() for moment in lived] == [data[f"date_{n}"] for n in range(1, 9)]
    assert {(moment.hour, row.supervisor) for moment, row in zip(lived, made, strict=True)} == {(14, engagement)}
    again = proposed(client.get(url))  # another form with the same dates: refused as a whole
    assert "déjà prévue" in client.post(url, again).content.decode()
    assert made.count() == 8


def test_a_date_that_is_not_worked_is_said_in_the_preview(programme):
    outside(programme)
    saturday = clock.today(programme.time_zone)
    while saturday.weekday() != 5:
        saturday += dt.timedelta(days=1)
    client = client_of(referent_of(programme))
    assert "pas un jour travaillé" in client.get(planning(programme, first=saturday, number=1)).content.decode()
    for wrong in ({"weeks": 0}, {"number": 13}, {"first": "hier"}, {"kind": "individual"}, {"kind": "debrief"}):
        page = client.get(planning(programme, **wrong))
        assert page.status_code == 200 and page.context["form"] is None


@pytest.mark.parametrize("kind", COLLECTIVE_KINDS)
def test_each_collective_kind_is_planned_and_read_by_helpers(programme, kind):
    outside(programme)
    client, pair = client_of(referent_of(programme)), make_pair(programme)
    programme.supervision_sessions.all().delete()
    url = planning(programme, kind)
    assert client.post(url, proposed(client.get(url))).status_code == 302
    assert programme.supervision_sessions.filter(kind=kind).count() == 9
    assert kind.label in client.get(reverse("pairing:supervision", args=[programme.slug])).content.decode()
    helper = client_of(pair.members.get(part="helper").person)
    assert kind.label in helper.get(reverse("pairing:my_supervision")).content.decode()
    title, _ = supervision_hooks.NEXT[kind]
    assert title in helper.get(reverse("portal:my_space")).content.decode()


@pytest.mark.parametrize("kind", UNLED_KINDS)
def test_nothing_is_ever_noted_of_an_intervision_nor_of_a_logistic_point(programme, kind):
    make_pair(programme)
    by = referent_of(programme)
    fields = {"kind": kind, "starts": [clock.now() - dt.timedelta(hours=1)], "minutes": 30, "receipt": uuid.uuid4()}
    (session,) = supervision.plan_year(programme=programme, by=by, **fields)
    for refused in (
        lambda: supervision.mark(session=session, presences=sheet_of(session), themes=[], by=None),
        lambda: supervision.send_link(session=session, by=by),
    ):
        with pytest.raises(DomainError, match="pas de feuille"):
            refused()
    engagement = supervisor_of(programme)
    with pytest.raises(Refused):
        supervision.mark_as_supervisor(session=session, by=engagement.person, presences={}, themes=[])
    text = client_of(by).get(reverse("pairing:supervision", args=[programme.slug])).content.decode()
    assert "passée" in text
    todos = supervision_hooks.todo(by, programme)
    assert not any("feuille" in todo.sentence for todo in todos)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupervisionSession.objects.filter(pk=session.pk).update(supervisor=engagement)


def test_a_group_session_without_a_supervisor_of_this_programme_is_refused(programme):
    other = outside(make_programme())
    fields = {"kind": "group", "starts": [clock.now()], "minutes": 60, "by": referent_of(programme)}
    for engagement in (None, other):
        with pytest.raises(DomainError, match="qui anime"):
            supervision.plan_year(programme=programme, engagement=engagement, receipt=uuid.uuid4(), **fields)
    assert not SupervisionSession.objects.exists()


@pytest.mark.parametrize("kind", [SupervisionKind.INDIVIDUAL, SupervisionKind.DEBRIEF])
def test_neither_the_referent_nor_other_helpers_find_an_individual_session(programme, kind):
    pair, engagement = make_pair(programme), supervisor_of(programme)
    programme.supervision_sessions.all().delete()
    by, client = referent_of(programme), client_of(referent_of(programme))
    with pytest.raises(DomainError, match="individuelle"):
        fields = {"starts": [clock.now()], "minutes": 60, "receipt": uuid.uuid4(), "by": by}
        supervision.plan_year(programme=programme, kind=kind, engagement=engagement, **fields)
    held, coming = session_of(engagement), session_of(engagement, hours=48)
    supervision.mark(session=held, presences=sheet_of(held), themes=[], by=None)
    for row in (held, coming):
        SupervisionSession.objects.filter(pk=row.pk).update(kind=kind, place="Bureau témoin")
    page = client.get(reverse("pairing:supervision", args=[programme.slug]))
    assert "Bureau témoin" not in page.content.decode()
    assert page.context["matrix"] == {"sessions": [], "rows": []}
    for name in ("send_sheet_link", "cancel_supervision"):
        assert client.post(reverse(f"pairing:{name}", args=[programme.slug, coming.ref])).status_code == 404
    today = clock.today(programme.time_zone)
    assert supervision_hooks.calendar(programme, today, today + dt.timedelta(days=9)) == []
    assert supervision.coming_for(pair.members.get(part="helper").person) == []


def test_expected_are_helpers_and_peers_in_a_mission_and_nobody_else(programme):
    session = session_of(outside(programme), hours=48)
    make_participation(programme, Side.HELPER)
    pair = make_pair(programme)
    helper = pair.members.get(part="helper")
    assert [row.pk for row in supervision.expected(session)] == [helper.participation_id]
    pairs.end(pair=pair, by=helper.person, code="term")
    assert [row.pk for row in supervision.expected(session)] == [helper.participation_id]  # the letter runs on
    letter = helper.participation.letters.get()
    letter_life.suspend(letter=letter, by=helper.person)
    assert supervision.expected(session) == []
    letter_life.resume(letter=letter, by=helper.person)
    assert supervision.expected(session)
    participations.withdraw(participation=helper.participation, by=helper.person)
    assert supervision.expected(session) == []


# --- The sheet ----------------------------------------------------------------------------------------------------------
def test_the_sheet_opens_with_the_session_and_may_be_corrected(programme):
    make_pair(programme)
    session = session_of(outside(programme), hours=2)
    with pytest.raises(DomainError, match="quand la séance commence"):
        supervision.mark(session=session, presences=sheet_of(session), themes=[], by=None)
    with clock.at(clock.now() + dt.timedelta(hours=3)):
        supervision.mark(session=session, presences=sheet_of(session), themes=["load", "limits"], by=None)
        supervision.mark(session=session, presences=sheet_of(session, Presence.EXCUSED), themes=["load"], by=None)
    session.refresh_from_db()
    assert (session.state, session.themes) == (SessionState.HELD, ["load"])
    assert session.attendances.get().presence == Presence.EXCUSED


def test_the_sheet_takes_everybody_expected_and_closed_answers_only(programme):
    make_pair(programme)
    session = session_of(outside(programme))
    stranger = make_participation(programme, Side.HELPER)
    for presences, themes in (
        ({}, []),
        ({stranger: Presence.PRESENT}, []),
        (sheet_of(session, Presence.EXPECTED), []),
        (sheet_of(session), ["Untel va mal"]),
    ):
        with pytest.raises(DomainError):
            supervision.mark(session=session, presences=presences, themes=themes, by=None)
    assert not session.attendances.exists()


@pytest.mark.parametrize("kind", [SupervisionKind.INDIVIDUAL, SupervisionKind.DEBRIEF])
def test_an_individual_session_has_no_theme_not_even_by_sql(programme, kind):
    make_pair(programme)
    session = session_of(outside(programme))
    SupervisionSession.objects.filter(pk=session.pk).update(kind=kind)
    session.refresh_from_db()
    with pytest.raises(DomainError, match="individuelle"):
        supervision.mark(session=session, presences=sheet_of(session), themes=["load"], by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupervisionSession.objects.filter(pk=session.pk).update(themes=["load"])


def test_no_field_of_supervision_takes_a_text_about_somebody(programme):
    texts = {f.name for f in SupervisionAttendance._meta.fields if f.get_internal_type() in ("TextField", "CharField")}
    assert texts == {"presence"}
    make_pair(programme)
    session = session_of(outside(programme))
    for kind, texts in (("group", {"CharField"}), ("individual", set()), ("debrief", set())):
        session.kind = kind  # of a group alone: what it wishes to say (tests/pairing/test_needs.py)
        form = SheetForm(session=session, expected=supervision.expected(session))
        found = {type(field).__name__ for field in form.fields.values()}
        assert found - {"MultipleChoiceField"} == {"ChoiceField"} | texts


# --- The supervisor of the portal -----------------------------------------------------------------------------------------
def test_a_supervisor_marks_own_sessions_and_sees_no_other(programme):
    make_pair(programme)
    mine, theirs = supervisor_of(programme, "Une"), supervisor_of(programme, "Autre")
    own, other = session_of(mine), session_of(theirs)
    client = client_of(mine.person)
    text = client.get(reverse("pairing:my_sessions")).content.decode()
    assert str(own.ref) in text
    assert str(other.ref) not in text
    assert client.get(reverse("pairing:supervision_sheet", args=[other.ref])).status_code == 404
    with pytest.raises(Refused):
        supervision.mark_as_supervisor(session=other, by=mine.person, presences=sheet_of(other), themes=[])
    client.post(reverse("pairing:supervision_sheet", args=[own.ref]), filled(own, themes=["load"]))
    own.refresh_from_db()
    assert (own.state, own.themes) == (SessionState.HELD, ["load"])


def test_the_supervisors_pages_end_with_the_engagement_and_with_the_role(programme):
    engagement = supervisor_of(programme)
    session_of(engagement)
    url = reverse("pairing:my_sessions")
    client = client_of(engagement.person)
    assert client.get(url).status_code == 200
    yesterday = clock.today(programme.time_zone) - dt.timedelta(days=1)
    programme.roles.filter(role="supervisor").update(starts=yesterday, ends=yesterday)
    assert client.get(url).status_code == 404
    programme.roles.filter(role="supervisor").update(ends=None)
    programme.supervisors.update(ended_on=yesterday)
    assert client.get(url).status_code == 404


def test_the_supervisors_sheet_shows_names_and_presences_and_nothing_of_the_helped(programme):
    pair = make_pair(programme)
    engagement = supervisor_of(programme)
    session = session_of(engagement)
    text = client_of(engagement.person).get(reverse("pairing:supervision_sheet", args=[session.ref])).content.decode()
    assert pair.members.get(part="helper").person.short_name in text
    helped = pair.members.get(part="helped").person
    assert helped.given not in text
    assert str(pair.ref) not in text


# --- The supervisor from outside --------------------------------------------------------------------------------------------
def link_of(session):
    """The address in the mail, as its reader sees it."""
    supervision.send_link(session=session, by=referent_of(session.programme))
    row = OutgoingMail.objects.filter(kind=supervision.LINK_MAIL).latest("pk")
    body = mail.render(row)[1]
    return "/seance/" + body.split("/seance/")[1].split("/")[0] + "/"


def test_the_link_takes_one_sheet_and_reading_uses_nothing_up(client, programme):
    make_pair(programme)
    session = session_of(outside(programme))
    url = link_of(session)
    for _ in range(3):
        page = client.get(url)
        assert page.status_code == 200
    assert client.post(url, {}).status_code == 200
    assert not SignedLink.objects.filter(used_at__isnull=False).exists()
    assert "est enregistrée" in client.post(url, filled(session, themes=["load", "limits"])).content.decode()
    session.refresh_from_db()
    assert (session.state, session.attendances.get().presence) == (SessionState.HELD, "present")
    again = client.post(url, filled(session, "excused"))
    assert again.status_code == 410
    assert "déjà servi" in again.content.decode()
    assert session.attendances.get().presence == "present"


def test_the_link_of_a_session_that_is_no_longer_there_says_so(client, programme):
    session = session_of(outside(programme))
    url = link_of(session)
    SupervisionSession.objects.filter(pk=session.pk).delete()
    assert [client.get(url).status_code, client.post(url, {}).status_code] == [410, 410]


def test_a_link_taken_twice_at_the_same_moment_takes_one_sheet(programme):
    make_pair(programme)
    session = session_of(outside(programme))
    link = supervision.send_link(session=session, by=referent_of(programme))
    stale = SignedLink.objects.get(pk=link.pk)
    supervision.mark_by_link(link=link, presences=sheet_of(session), themes=[])
    with pytest.raises(DomainError):
        supervision.mark_by_link(link=stale, presences=sheet_of(session, Presence.EXCUSED), themes=[])
    assert session.attendances.get().presence == "present"


def test_a_refused_sheet_leaves_the_link_alive(client, programme):
    make_pair(programme)
    session = session_of(outside(programme), hours=2)
    url = link_of(session)
    assert client.post(url, filled(session)).status_code == 200
    with clock.at(clock.now() + dt.timedelta(hours=3)):
        assert "est enregistrée" in client.post(url, filled(session)).content.decode()


def test_a_link_opens_its_own_session_only_and_the_newest_alone(client, programme):
    make_pair(programme)
    engagement = outside(programme)
    one, other = session_of(engagement), session_of(engagement, hours=-2)
    old, new = link_of(one), link_of(one)
    assert client.get(old).status_code == 410
    client.post(new, filled(one))
    other.refresh_from_db()
    assert other.state == SessionState.PLANNED
    supervision.send_link(session=other, by=referent_of(programme))
    supervision.cancel(session=other, by=referent_of(programme))
    assert not SignedLink.objects.filter(
        object_ref=other.ref, used_at__isnull=True, expires_at__gt=clock.now()
    ).exists()


def test_the_mail_and_title_of_the_link_are_neutral(client, programme):
    pair = make_pair(programme)
    session = session_of(outside(programme))
    url = link_of(session)
    subject, body = mail.render(OutgoingMail.objects.get(kind=supervision.LINK_MAIL))
    page = client.get(url).content.decode()
    title = page.split("<title>")[1].split("</title>")[0]
    text = f"{subject} {body} {title}".lower()
    names = [member.person.given.lower() for member in pair.members.all()]
    assert not any(word in text for word in (*names, "supervision", "santé", "handicap", "aidant", "binôme"))


# --- Who opens what ------------------------------------------------------------------------------------------------------------
def test_each_page_of_supervision_opens_to_whom_it_should(programme):
    pair, by = make_pair(programme), referent_of(programme)
    employer = programme.lead_employer
    engagement = supervisor_of(programme)
    session = session_of(engagement)
    people = {
        "referent": by,
        "deputy": make_person(employer),
        "hr": make_person(employer, roles=("hr_signatory",)),
        "admin": make_person(employer, roles=("administrator",)),
        "supervisor": engagement.person,
        "helper": pair.members.get(part="helper").person,
        "helped": pair.members.get(part="helped").person,
        "other": referent_of(make_programme()),
    }
    rollout.grant(programme=programme, person=people["deputy"], role=ProgrammeRoleKind.DEPUTY, by=by)
    pages = {
        "supervision": ([programme.slug], {"referent"}),
        "plan_supervision": ([programme.slug], {"referent"}),
        "end_supervisor": ([programme.slug, engagement.ref], {"referent"}),
        "my_sessions": ([], {"supervisor"}),
        "supervision_sheet": ([session.ref], {"supervisor"}),
        "my_supervision": ([], set(people)),
    }
    for who, person in people.items():
        client = client_of(person)
        for name, (arguments, allowed) in pages.items():
            status = client.get(reverse(f"pairing:{name}", args=arguments)).status_code
            assert status == (200 if who in allowed else 404), f"{who} gets {status} on {name}"
        if who != "referent":
            for name in ("send_sheet_link", "cancel_supervision"):
                assert client.post(reverse(f"pairing:{name}", args=[programme.slug, session.ref])).status_code == 404
    weak = client_of(engagement.person, second_factor=False)
    assert weak.get(reverse("pairing:my_sessions")).status_code == 302


def test_a_session_is_cancelled_once_confirmed(programme):
    session = session_of(outside(programme), hours=48)
    client = client_of(referent_of(programme))
    url = reverse("pairing:cancel_supervision", args=[programme.slug, session.ref])
    page = client.get(url).text
    assert page_problems(page) == [] and "Qui le saura" in page and "Annuler cette séance" in page
    session.refresh_from_db()
    assert session.state == "planned"
    assert client.post(url).status_code == 302
    session.refresh_from_db()
    assert session.state == "cancelled" and "ne s’annule pas" in client.get(url).text


def test_a_helper_reads_the_next_date_and_own_presences_only(programme):
    one, two = make_pair(programme), make_pair(programme)
    engagement = outside(programme)
    held = session_of(engagement)
    supervision.mark(session=held, presences=sheet_of(held), themes=["load"], by=None)
    session_of(engagement, hours=72)
    helper, other = (pair.members.get(part="helper").person for pair in (one, two))
    client = client_of(helper)
    assert "Ma prochaine supervision" in client.get(reverse("portal:my_space")).content.decode()
    text = client.get(reverse("pairing:my_supervision")).content.decode()
    assert "présent·e" in text
    assert other.short_name not in text
    assert "charge" not in text
    helped = client_of(one.members.get(part="helped").person)
    assert "supervision" not in helped.get(reverse("portal:my_space")).content.decode().lower()


def test_the_referents_page_costs_the_same_with_one_person_and_with_three(programme):
    engagement = outside(programme)
    client, url = client_of(referent_of(programme)), reverse("pairing:supervision", args=[programme.slug])

    def read() -> None:
        assert client.get(url).status_code == 200

    def more() -> None:
        make_pair(programme)
        session = session_of(engagement)
        supervision.mark(session=session, presences=sheet_of(session), themes=[], by=None)

    assert_same_queries(read, more)
