"""Reports on screen: who reads what, when; the PDF is made once, whatever happens to the worker."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from evaluation.enums import Audience
from evaluation.models import Release, Report
from evaluation.services import releases
from evaluation.services import reports as reports_service
from pairing.models import Meeting
from portal import jobs
from portal.enums import JobState, Verb
from portal.errors import DomainError
from portal.models import Job, JournalEntry, StoredDocument
from portal.services import documents as store
from tests.evaluation import world
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _january():
    with world.after():
        yield


@pytest.fixture
def quick_pdf(monkeypatch):
    """A stand-in for the rendering alone (three whole renderings are enough for the suite)."""
    monkeypatch.setattr("evaluation.documents.render_pdf", lambda html: b"%PDF-1.7 " + html.encode())


def report_of(release, audience=Audience.HR):
    return release.reports.get(audience=audience)


def addresses(report):
    return [reverse(f"evaluation:{name}", args=[report.ref]) for name in ("report", "report_progress", "report_pdf")]


def test_from_the_closed_year_to_the_opened_pdf(client, committed, quick_pdf):
    """The référent establishes, restitutes; RH reads the page, waits, downloads: the journal knows."""
    made, exercice = world.programme()
    for pair in world.pairs(made, 6):
        world.meet(pair, 3)
    referent, rh = world.referent(made), world.human_resources(made.lead_employer)
    listing = reverse("evaluation:reports", args=[made.slug])
    world.enter(client, referent)
    assert "Le rapport peut être établi" in client.get(listing).content.decode()
    establish = reverse("evaluation:establish", args=[made.slug, exercice.ref])
    assert not Release.objects.exists() and client.get(establish).status_code == 200
    assert client.post(establish).url == listing
    release = Release.objects.get()
    assert release.established_by == referent
    restitute = reverse("evaluation:restitute", args=[made.slug, release.ref])
    wrong = client.post(restitute, {"on": "2027-01-01"})
    assert wrong.status_code == 200 and "cette date est à venir" in wrong.content.decode()
    with committed():
        assert client.post(restitute, {"on": "2026-01-12"}).url == listing

    world.enter(client, rh)
    page = client.get(reverse("evaluation:hr_reports", args=[made.lead_employer.slug])).content.decode()
    report = report_of(release)
    assert reverse("evaluation:report", args=[report.ref]) in page
    assert "18" in client.get(report.get_absolute_url()).content.decode()
    answer = client.get(reverse("evaluation:report_pdf", args=[report.ref]))
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert 'filename="rapport-annuel-2025-01-2025-12-edition-1.pdf"' in answer.headers["Content-Disposition"]
    entry = JournalEntry.objects.get(verb=Verb.DOWNLOADED)
    assert (entry.actor_ref, entry.object_ref) == (rh.ref, report.ref)


def test_rh_reads_nothing_before_the_participants(client):
    release = world.established()
    rh = world.human_resources(release.programme.lead_employer)
    world.enter(client, rh)
    for audience in Audience:
        assert {client.get(url).status_code for url in addresses(report_of(release, audience))} == {404}
    page = client.get(reverse("evaluation:hr_reports", args=[release.programme.lead_employer.slug])).content.decode()
    assert "Aucun rapport pour l’instant" in page
    with pytest.raises(DomainError, match="d’abord restitué"):
        reports_service.request(report=report_of(release))


def test_of_two_editions_rh_reads_which_one_is_out_of_date(client):
    release = world.established(restituted=True)
    employer = release.programme.lead_employer
    Meeting.objects.first().delete()
    again = releases.establish(exercice=release.exercice)
    releases.restitute(release=again, on=dt.date(2026, 1, 14))
    world.enter(client, world.human_resources(employer))
    page = client.get(reverse("evaluation:hr_reports", args=[employer.slug])).text
    latest, earlier = page[page.index("édition 2") :].split("édition 1</h2>")
    assert "Une édition plus récente" in earlier and "Une édition plus récente" not in latest


def test_what_is_done_is_not_asked_again(client):
    """The pages that open an edition, met again by their address once it is open."""
    release = world.established(restituted=True)
    world.enter(client, world.referent(release.programme))
    for name, said in (("restitute", "La restitution est déjà notée"), ("share_release", "lisent déjà cette page")):
        page = client.get(reverse(f"evaluation:{name}", args=[release.programme.slug, release.ref])).text
        assert said in page and '<button type="submit" class="btn btn-primary">' not in page


def test_rh_never_reads_the_team_s_version(client):
    release = world.established(restituted=True)
    world.enter(client, world.human_resources(release.programme.lead_employer))
    assert {client.get(url).status_code for url in addresses(report_of(release, Audience.REFERENT))} == {404}


def test_a_stranger_and_a_wrong_address_read_the_same_page(client):
    release = world.established(restituted=True)
    other, _ = world.programme("ailleurs", lead=world.employer("ailleurs"))
    strangers = [
        world.person(),
        world.referent(other),
        world.human_resources(other.lead_employer),
        release.programme.participations.first().person,
    ]
    for stranger in strangers:
        world.enter(client, stranger)
        for url in addresses(report_of(release)):
            wrong = client.get(url.replace(str(report_of(release).ref), str(uuid.uuid4())))
            found = client.get(url)
            assert (found.status_code, found.content) == (404, wrong.content)
        for name, args in (
            ("reports", [release.programme.slug]),
            ("establish", [release.programme.slug, release.exercice.ref]),
            ("restitute", [release.programme.slug, release.ref]),
            ("hr_reports", [release.programme.lead_employer.slug]),
        ):
            assert client.get(reverse(f"evaluation:{name}", args=args)).status_code == 404
    assert Release.objects.count() == 1


def test_rights_end_with_the_role(client):
    release = world.established(restituted=True)
    rh = world.human_resources(release.programme.lead_employer)
    world.enter(client, rh)
    assert client.get(report_of(release).get_absolute_url()).status_code == 200
    rh.employer_roles.update(ends=dt.date(2026, 1, 14))
    assert client.get(report_of(release).get_absolute_url()).status_code == 404


def test_a_second_factor_is_asked(client):
    release = world.established(restituted=True)
    rh = world.human_resources(release.programme.lead_employer)
    world.enter(client, rh, second_factor=False)
    for url in addresses(report_of(release)):
        assert client.get(url).url.startswith(reverse("portal:second_factor"))


def test_while_the_pdf_is_made_the_page_says_how_far_it_is(client):
    release = world.established(restituted=True)
    report = report_of(release)
    Job.objects.filter(pk=report.job_id).update(
        state=JobState.RUNNING, lease_until=world.clock.now() + dt.timedelta(minutes=1), done=2, total=4
    )
    world.enter(client, world.human_resources(release.programme.lead_employer))
    assert client.get(reverse("evaluation:report_pdf", args=[report.ref])).url == addresses(report)[1]
    answer = client.get(addresses(report)[1])
    assert answer.headers["Refresh"] == "3"
    assert '<progress id="avancement" value="2" max="4">' in answer.content.decode()


def test_a_failure_says_why_and_one_button_starts_again(client, committed, monkeypatch):
    release = world.established(restituted=True)
    report = report_of(release)

    def broken(html):
        raise DomainError("Une police de caractères manque sur le serveur.")

    monkeypatch.setattr("evaluation.documents.render_pdf", broken)
    jobs.work(report.job)
    world.enter(client, world.human_resources(release.programme.lead_employer))
    page = client.get(addresses(report)[1])
    assert "Une police de caractères manque" in page.content.decode()
    assert page.content.decode().count("Recommencer") == 1
    assert "Refresh" not in page.headers
    monkeypatch.setattr("evaluation.documents.render_pdf", lambda html: b"%PDF-1.7")
    with committed():
        client.post(addresses(report)[1])
    assert "Le document est prêt" in client.get(addresses(report)[1]).content.decode()
    assert StoredDocument.objects.count() == 1


def test_a_worker_killed_after_storing_leaves_one_document(quick_pdf, monkeypatch):
    report = report_of(world.established(restituted=True))

    class Killed(BaseException):
        pass

    stored = store.store

    def store_then_die(**kwargs):
        stored(**kwargs)
        raise Killed

    monkeypatch.setattr("portal.services.documents.store", store_then_die)
    with pytest.raises(Killed):
        jobs.work(report.job)
    monkeypatch.setattr("portal.services.documents.store", stored)
    with world.after(dt.date(2026, 1, 16)):
        jobs.sweep()
        report.job.refresh_from_db()
        jobs.work(report.job)
    report.refresh_from_db()
    assert StoredDocument.objects.count() == 1
    assert reports_service.is_ready(report)


def test_the_stored_file_never_changes_with_the_programme(client, committed, quick_pdf):
    release = world.established()
    report = report_of(release, Audience.REFERENT)
    with committed():
        reports_service.request(report=report)
    report.refresh_from_db()
    before = store.read(document=report.document)
    release.programme.lead_employer.__class__.objects.update(name="Un autre nom", accent="#7b2d5b")
    world.enter(client, world.referent(release.programme))
    assert client.get(addresses(report)[2]).content == before
    assert "Ville de Brume" in client.get(addresses(report)[0]).content.decode().split("<article")[1]


def test_establishing_twice_says_that_nothing_changed(client):
    release = world.established()
    world.enter(client, world.referent(release.programme))
    url = reverse("evaluation:establish", args=[release.programme.slug, release.exercice.ref])
    assert "Rien n’a changé" in client.post(url, follow=True).content.decode()
    assert Release.objects.count() == 1


def test_lists_ask_as_much_for_three_rows_as_for_one(client):
    release = world.established(restituted=True)
    made = release.programme
    years = iter(range(2024, 2010, -1))

    def add():
        year = next(years)
        exercice = made.exercices.create(name=f"{year}", starts=dt.date(year, 1, 1), ends=dt.date(year, 12, 31))
        row = Release.objects.create(
            programme=made,
            exercice=exercice,
            edition=1,
            rules_version=1,
            data="{}",
            sha256="0",
            shared_on="2026-01-01",
            restituted_on="2026-01-01",
        )
        Report.objects.bulk_create(Report(release=row, audience=audience) for audience in Audience)

    world.enter(client, world.referent(made))
    assert_same_queries(lambda: client.get(reverse("evaluation:reports", args=[made.slug])), add)
    world.enter(client, world.human_resources(made.lead_employer))
    assert_same_queries(lambda: client.get(reverse("evaluation:hr_reports", args=[made.lead_employer.slug])), add)
