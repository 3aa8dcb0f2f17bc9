"""The interview grid of helpers: points and a date, nothing that describes the person; roles that do not go together."""

import datetime as dt

import pytest
from django.db import models
from django.urls import reverse

from portal import clock
from portal.enums import EmployerRoleKind
from portal.errors import Conflict, DomainError, Refused
from portal.services import invitations
from portal.typography import french
from programmes.enums import ParticipationState, ProgrammeRoleKind, Side
from programmes.models import Interview
from programmes.services import interviews, participation, rollout
from tests.builders import client_of, make_participation, make_person, make_programme, referent_of, wishes

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme()


def offering(programme, person=None):
    person = person or make_person(programme.lead_employer, "Volontaire")
    return participation.join(programme=programme, person=person, side=Side.HELPER, **wishes())


def today() -> dt.date:
    return clock.today("Europe/Paris")


def test_nothing_of_the_talk_can_be_written():
    """Codes and a date: no column takes words, and no point is about support, health or a mandate."""
    texts = [f.name for f in Interview._meta.fields if isinstance(f, (models.CharField, models.TextField))]
    assert not texts
    assert "support" not in interviews.POINTS and "mandate" not in interviews.POINTS
    said = " ".join(f"{p.title} {p.question}" for p in interviews.POINTS.values()).lower()
    for word in ("diagnostic", "traitement", "rqth", "mandat", "syndic", "arrêt"):
        assert word not in said.replace("droit d’arrêter", "")


def test_points_are_ticked_then_completed_and_the_agent_reads_them_in_their_data(programme):
    row, by = offering(programme), referent_of(programme)
    url = reverse("programmes:interview", args=[programme.slug, row.ref])
    client = client_of(by)
    page = client.get(url).content.decode()
    assert "Ce qui ne se note pas" in page and "mandat syndical" in page and "bibliotheque/trame-entretien" in page
    sent = client.post(url, {"on": today().isoformat(), "points": ["time", "listening"], "seen": 0})
    assert sent.url == reverse("programmes:participation", args=[programme.slug, row.ref])
    assert Interview.objects.get().points == ["listening", "time"], "in the order of the grid"
    client.post(url, {"on": today().isoformat(), "points": ["time", "frame"], "seen": Interview.objects.get().version})
    assert Interview.objects.get().points == ["time", "frame"]
    page = client.get(sent.url).content.decode()
    assert "le temps, le cadre" in page and "Votre décision" in page
    taken = client_of(row.person).post(reverse("portal:export_my_data")).content.decode()
    assert "programmes.Interview" in taken and "frame" in taken


def test_what_is_made_up_late_or_ones_own_is_refused(programme):
    row, by = offering(programme), referent_of(programme)
    record = {"participation": row, "on": today(), "points": [], "seen": 0, "by": by}
    with pytest.raises(DomainError):
        interviews.record(**record | {"points": ["diagnostic"]})
    with pytest.raises(DomainError):
        interviews.record(**record | {"on": today() + dt.timedelta(days=2)})
    with pytest.raises(Refused):
        interviews.record(**record | {"by": row.person})
    with pytest.raises(DomainError):
        interviews.record(**record | {"participation": make_participation(programme, "helped")})
    interviews.record(**record)
    interviews.record(**record | {"seen": Interview.objects.get().version, "points": ["time"]})
    with pytest.raises(Conflict):
        interviews.record(**record)


def test_only_the_team_reads_the_grid_and_for_helpers_only(programme):
    row, helped = offering(programme), make_participation(programme, "helped")
    url = reverse("programmes:interview", args=[programme.slug, row.ref])
    stranger = referent_of(make_programme())
    for person in (row.person, helped.person, stranger):
        assert client_of(person).get(url).status_code == 404
    referent = client_of(referent_of(programme))
    assert referent.get(url).status_code == 200
    assert referent.get(reverse("programmes:interview", args=[programme.slug, helped.ref])).status_code == 404


@pytest.mark.parametrize("role", ["hr", "supervisor"])
def test_a_role_that_does_not_go_with_helping_is_seen_and_stops_the_acceptance(programme, role):
    person, by = make_person(programme.lead_employer, "Double"), referent_of(programme)
    row = offering(programme, person)
    assert interviews.conflicts(row) == []
    if role == "hr":
        invitations.grant(person=person, employer=programme.lead_employer, role=EmployerRoleKind.HR_READER, by=None)
    else:
        rollout.grant(programme=programme, person=person, role=ProgrammeRoleKind.SUPERVISOR, by=by)
    said = interviews.HR_CONFLICT if role == "hr" else interviews.SUPERVISES
    page = client_of(by).get(reverse("programmes:participation", args=[programme.slug, row.ref])).content.decode()
    assert french(said) in page
    with pytest.raises(DomainError, match=said[:20]):
        participation.answer(participation=row, move="accept", by=by)
    participation.answer(participation=row, move="later", by=by)
    row.refresh_from_db()
    assert row.state == ParticipationState.LATER


def test_hr_may_be_helped(programme):
    """The check is about helping: nobody is kept from support."""
    row = make_participation(programme, "helped")
    invitations.grant(person=row.person, employer=programme.lead_employer, role=EmployerRoleKind.HR_READER, by=None)
    assert interviews.conflicts(row) == []


def test_the_grid_goes_with_the_person(programme):
    from programmes.services import erasure

    row = offering(programme)
    interviews.record(participation=row, on=today(), points=["time"], seen=0, by=referent_of(programme))
    erasure.erase(person=row.person)
    assert not Interview.objects.exists()
