"""Participants first: they read the page and the leaflet; until the restitution nothing of it reaches RH, anywhere.

The canaries are the numbers of a release that nothing else of the employer's pages says.
"""

import datetime as dt
import io
import re

import pikepdf
import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse

from evaluation.documents import LEAFLET, render_document
from evaluation.enums import Audience
from evaluation.models import Release
from evaluation.services import releases, reports
from portal.errors import DomainError
from portal.models import EmployerRole, OutgoingMail
from portal.services import documents as store
from portal.services import mail
from programmes.models import Participation
from tests.crawler import page_problems
from tests.evaluation import frame_world, world

pytestmark = pytest.mark.django_db
MEETINGS = 91
TEXT = "Nous voulons des rencontres plus longues."


@pytest.fixture
def release():
    """Seven pairs met 91 times together; eleven of thirteen answered, five agreed with TC1."""
    made, exercice = world.programme()
    for pair in world.pairs(made, 7):
        world.meet(pair, 13)
    answers = frame_world.favourable({"TC1": 5, "TC2": 6}, 11)
    frame_world.wave(made, answers)
    with world.after():
        return releases.establish(exercice=exercice)


@pytest.fixture
def shared(release):
    with world.after():
        return releases.share(release=release)


def participant(release):
    return Participation.objects.filter(programme=release.programme).order_by("pk").first().person


def everything_rh_may_try(release) -> dict[str, object]:
    """Every address of the release and of RH’s space, with its answer to somebody of RH."""
    programme, employer = release.programme, release.programme.lead_employer
    client = world.enter(Client(), world.human_resources(employer))
    urls = [
        reverse("portal:my_space"),
        reverse("evaluation:hr_reports", args=[employer.slug]),
        reverse("evaluation:results"),
        reverse("evaluation:result", args=[release.ref]),
        reverse("evaluation:leaflet", args=[release.ref]),
        reverse("evaluation:reports", args=[programme.slug]),
        reverse("evaluation:share_release", args=[programme.slug, release.ref]),
    ]
    for report in release.reports.all():
        urls.append(report.get_absolute_url())
        names = ("report_pdf", "report_ods", "report_csv", "report_progress")
        urls += [reverse(f"evaluation:{name}", args=[report.ref]) for name in names]
    with world.after():
        return {url: client.get(url) for url in urls}


def told(answer) -> bool:
    text = answer.content.decode("utf-8", "replace")
    return answer.status_code == 200 and bool(re.search(rf"\b{MEETINGS}\b|5 sur 11|11 sur 13", text))


@pytest.mark.parametrize("opened", [False, True])
def test_nothing_reaches_rh_before_the_restitution(release, opened):
    if opened:
        with world.after():
            releases.share(release=release)
    answers = everything_rh_may_try(release)
    assert not [url for url, answer in answers.items() if told(answer)]
    about = [url for url in answers if re.search("rapports/[0-9a-f]|resultats/[0-9a-f]|pilotage", url)]
    assert {answers[url].status_code for url in about} == {404}
    rh = EmployerRole.objects.get(employer=release.programme.lead_employer).person
    assert not OutgoingMail.objects.filter(person=rh).exists()
    with world.after():
        client = world.enter(Client(), rh)
        result = reverse("evaluation:result", args=[release.ref])
        share = reverse("evaluation:share_release", args=[release.programme.slug, release.ref])
        assert client.post(result).status_code == client.post(share).status_code == 404


def test_after_the_restitution_rh_reads_it_with_what_the_participants_said_first(shared):
    with world.after():
        releases.restitute(release=shared, on=dt.date(2026, 1, 12), how="meeting", words=TEXT, wishes="Un atelier.")
    answers = everything_rh_may_try(shared)
    read = [url for url, answer in answers.items() if told(answer)]
    own = shared.reports.get(audience=Audience.HR).get_absolute_url()
    assert own in read and TEXT in answers[own].text and "Un atelier." in answers[own].text
    others = [shared.reports.get(audience=which) for which in (Audience.REFERENT, Audience.PARTICIPANTS)]
    assert not {report.get_absolute_url() for report in others} & set(read)
    assert answers[reverse("evaluation:result", args=[shared.ref])].status_code == 404, "the participants’ own page"


def test_somebody_of_rh_who_takes_part_waits_like_rh(shared):
    person = participant(shared)
    url = reverse("evaluation:result", args=[shared.ref])
    with world.after():
        assert world.enter(Client(), person).get(url).status_code == 200
        EmployerRole.objects.create(
            person=person, employer=shared.programme.lead_employer, role="hr_reader", starts=dt.date(2020, 1, 1)
        )
        assert world.enter(Client(), person).get(url).status_code == 404
        releases.restitute(release=shared, on=dt.date(2026, 1, 12))
        assert world.enter(Client(), person).get(url).status_code == 200


def test_participants_read_the_page_once_it_is_open_to_them(release):
    person, url = participant(release), reverse("evaluation:result", args=[release.ref])
    with world.after():
        client = world.enter(Client(), person, second_factor=False)
        assert client.get(url).status_code == 404
        assert "Aucun résultat" in client.get(reverse("evaluation:results")).text
        releases.share(release=release)
        page = client.get(url)
        assert page_problems(page.text) == [] and told(page)
        assert url in client.get(reverse("evaluation:results")).text
        assert url in client.get(reverse("portal:my_space")).text
        stranger = world.enter(Client(), world.person(), second_factor=False)
        assert stranger.get(url).status_code == 404


def test_the_message_to_participants_holds_no_figure(shared, committed):
    rows = OutgoingMail.objects.filter(kind=releases.MAIL)
    assert rows.count() == 14
    for row in rows:
        subject, body = mail.render(row)
        assert not re.search(rf"\b{MEETINGS}\b|sur 1|binôme|handicap", subject + body)
        assert reverse("evaluation:result", args=[shared.ref]) in body
    assert not outbox.outbox


def test_it_is_opened_once_and_what_was_restituted_was_open(release):
    with world.after():
        releases.share(release=release)
        with pytest.raises(DomainError, match="lisent déjà"):
            releases.share(release=release)
    other = world.established(slug="autre", restituted=True)
    assert other.shared_on == other.restituted_on
    assert not Release.objects.filter(restituted_on__isnull=False, shared_on__isnull=True).exists()


def test_the_leaflet_is_one_page_of_frozen_content(shared, django_assert_num_queries):
    content = reports.content_of(shared, Audience.PARTICIPANTS)
    with django_assert_num_queries(0):
        rendered = render_document(LEAFLET, content)
        assert "5 sur 11" in rendered.shell and "11 sur 13" in rendered.shell
    assert rendered.document.page_title == "Nos résultats, année 2025"


def test_the_leaflet_is_made_by_a_job_then_downloaded(shared):
    report = shared.reports.get(audience=Audience.PARTICIPANTS)
    client = world.enter(Client(), participant(shared), second_factor=False)
    url = reverse("evaluation:leaflet", args=[shared.ref])
    with world.after():
        assert client.get(url).status_code == 302
        assert "se prépare" in client.get(reverse("evaluation:result", args=[shared.ref])).text
        reports.make_report(report.job, Outside())
        answer = client.get(url)
    pdf = answer.content
    assert answer.headers["Content-Type"] == "application/pdf" and pdf.startswith(b"%PDF")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) == 1
    report.refresh_from_db()
    assert store.read(document=report.document) == pdf


class Outside:
    """The progress of a job run outside its worker."""

    def step(self, done: int, total: int) -> None: ...


def test_the_referent_previews_opens_then_notes_the_restitution(release):
    client = world.enter(Client(), world.referent(release.programme))
    share = reverse("evaluation:share_release", args=[release.programme.slug, release.ref])
    restitute = reverse("evaluation:restitute", args=[release.programme.slug, release.ref])
    with world.after():
        listed = reverse("evaluation:reports", args=[release.programme.slug])
        assert share in client.get(listed).text
        preview = client.get(share)
        assert page_problems(preview.text) == [] and "5 sur 11" in preview.text
        assert share in client.get(restitute).text
        assert client.post(share).status_code == 302
        assert share not in client.get(listed).text and "Ouverte aux participants" in client.get(listed).text
        wrong = client.post(restitute, {"on": "2030-01-01", "how": "meeting", "words": TEXT}).text
        assert TEXT in wrong and "à venir" in wrong
        assert client.post(restitute, {"on": "2026-01-12", "how": "meeting", "words": TEXT}).status_code == 302
    release.refresh_from_db()
    assert (release.restituted_how, release.words) == ("meeting", TEXT)
