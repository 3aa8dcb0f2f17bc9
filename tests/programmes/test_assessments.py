"""Impact assessments: asked, validated with a file, read by the team alone, late ones said."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal import clock
from portal.enums import EmployerRoleKind, Verb
from portal.models import JournalEntry
from programmes.enums import ProgrammeRoleKind
from programmes.models import Programme
from programmes.services import assessments, opening, rollout
from tests.builders import SCAN, assess, client_of, make_participation, make_person, make_programme, referent_of

pytestmark = pytest.mark.django_db


def page(programme: Programme) -> str:
    return reverse("programmes:assessments", args=[programme.slug])


def upload(data: bytes = SCAN) -> SimpleUploadedFile:
    return SimpleUploadedFile("aipd.pdf", data)


def test_the_file_is_read_by_the_team_alone_and_each_download_is_journaled():
    programme = make_programme(opened=False)
    assess(programme)
    row = programme.impact_assessments.get()
    url = reverse("programmes:assessment_file", args=[programme.slug, row.ref])
    hr = make_person(programme.lead_employer, roles=(EmployerRoleKind.HR_SIGNATORY,))
    steering = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=steering, role=ProgrammeRoleKind.STEERING, by=None)
    other = referent_of(make_programme(programme.lead_employer))
    for person in (hr, steering, other):
        assert client_of(person).get(url).status_code == 404
    assert not JournalEntry.objects.filter(verb=Verb.DOWNLOADED).exists()
    deputy = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=None)
    answer = client_of(deputy).get(url)
    assert answer.content == SCAN
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert JournalEntry.objects.get(verb=Verb.DOWNLOADED).object_ref == row.ref


def test_a_file_is_not_reached_through_another_programme():
    programme, other = make_programme(), make_programme()
    row = programme.impact_assessments.get()
    url = reverse("programmes:assessment_file", args=[other.slug, row.ref])
    assert client_of(referent_of(other)).get(url).status_code == 404


def test_from_the_demand_to_the_conformity_read_by_the_opening():
    programme = make_programme(opened=False)
    client = client_of(referent_of(programme))
    today = clock.today(programme.time_zone)
    client.post(page(programme), {"forms": programme.forms, "asked_on": today.isoformat()})
    row = programme.impact_assessments.get()
    assert not opening.assessed(programme, "pair")
    url = reverse("programmes:assessment_validate", args=[programme.slug, row.ref])
    sent = {"seen": row.version, "validated_on": today.isoformat(), "validator": "dpo"}
    assert "PDF" in client.post(url, {**sent, "file": upload(b"not a scan")}).content.decode()
    assert not opening.assessed(programme, "pair")
    assert client.post(url, {**sent, "file": upload()}).status_code == 302
    assert opening.assessed(programme, "pair")
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(("day", "said"), [(9, "demandée"), (10, "demandée"), (11, "en retard")])
def test_a_late_one_is_said_and_is_something_to_do(day, said):
    programme = make_programme(opened=False)
    today = clock.today(programme.time_zone)
    due_on = today + dt.timedelta(days=10)
    assessments.ask(programme=programme, forms=["pair"], asked_on=today, due_on=due_on, by=referent_of(programme))
    client = client_of(referent_of(programme))
    with clock.at(clock.now() + dt.timedelta(days=day)):
        assert assessments.standing(programme.impact_assessments.get())[0] == said
        assert said in client.get(page(programme)).content.decode()
        dashboard = client.get(reverse("programmes:home", args=[programme.slug])).content.decode()
        assert ("Analyse d’impact (AIPD) attendue" in dashboard) is (said == "en retard")


def test_a_participant_reads_nothing_of_it():
    participation = make_participation(make_programme())
    assert client_of(participation.person).get(page(participation.programme)).status_code == 404
