"""« Temps pour les deux »: the paper says nothing, and nothing else says it was asked for."""

import datetime as dt
import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from portal import clock
from portal.errors import DomainError
from portal.jobs import work
from portal.models import Job, JournalEntry, OutgoingMail, StoredDocument
from programmes.enums import Side
from programmes.services import time_certificates as service
from tests.builders import client_of, make_pair, make_participation, make_programme, referent_of
from tests.programmes.letter_world import HEALTH_WORDS

pytestmark = pytest.mark.django_db
MINE = "programmes:my_time"


def in_days(count: int) -> dt.date:
    return clock.today("Europe/Paris") + dt.timedelta(days=count)


@pytest.fixture
def shells(monkeypatch) -> list[str]:
    """The pages sent to print."""
    kept: list[str] = []
    monkeypatch.setattr(service, "render_pdf", lambda html: kept.append(html) or b"%PDF-1.7")
    return kept


def made(person, on=None):
    document = service.ask(person=person, on=on or in_days(3), minutes=60)
    job = Job.objects.get(object_ref=document.ref)
    if job.state != "done":
        work(job)
    document.refresh_from_db()
    return document


def test_helper_and_helped_get_the_same_words_and_none_of_the_programme(shells):
    programme = make_programme()
    programme.name = "Réseau Ajonc"
    programme.save(update_fields=["name"])
    pair = make_pair(programme, framed=False)
    people = [member.person for member in pair.members.order_by("pk")]
    for person in people:
        made(person)
    texts = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shell)) for shell in shells]
    for text, person, other in zip(texts, people, reversed(people), strict=True):
        assert "rendez-vous professionnel autorisé par la direction" in text
        assert person.full_name in text
        assert not HEALTH_WORDS.findall(text), HEALTH_WORDS.findall(text)
        for secret in (other.family, "Ajonc", "lettre", "binôme", "programme", referent_of(programme).family):
            assert secret.lower() not in text.lower(), secret
    assert texts[0].replace(people[0].full_name, "") == texts[1].replace(people[1].full_name, "")


def test_asking_leaves_no_line_but_the_document_and_thirty_days_later_none(shells):
    person = make_participation(make_programme(), Side.HELPED).person
    client = client_of(person)
    before = JournalEntry.objects.count(), OutgoingMail.objects.count()
    with clock.at(clock.now()):
        response = client.post(reverse(MINE), {"on": in_days(2).isoformat(), "minutes": "90"})
    document = StoredDocument.objects.get(kind=service.KIND)
    assert response.headers["Location"] == reverse("programmes:time_certificate", args=[document.ref])
    made_by = Job.objects.filter(object_ref=document.ref).first()
    work(made_by)
    assert client.get(reverse("programmes:time_certificate_file", args=[document.ref])).content == b"%PDF-1.7"
    assert (JournalEntry.objects.count(), OutgoingMail.objects.count()) == before
    assert str(person.ref) not in made_by.key and made_by.object_ref != person.ref
    with clock.at(clock.now() + dt.timedelta(days=30)):
        assert service.forget() == 0
    with clock.at(clock.now() + dt.timedelta(days=32)):
        assert service.forget() == 1 and service.forget() == 0
    assert not StoredDocument.objects.filter(kind=service.KIND).exists()
    assert not Job.objects.filter(kind=service.KIND).exists()


def test_nobody_else_sees_fetches_or_erases_it(shells):
    programme = make_programme()
    person = make_participation(programme, Side.HELPER).person
    other = make_participation(programme, Side.HELPED).person
    document = made(person)
    for reader in (other, referent_of(programme)):
        client = client_of(reader)
        assert client.get(reverse("programmes:time_certificate", args=[document.ref])).status_code == 404
        assert client.get(reverse("programmes:time_certificate_file", args=[document.ref])).status_code == 404
        assert client.post(reverse("programmes:time_certificate_erase", args=[document.ref])).status_code == 404
    assert document.label not in client_of(other).get(reverse(MINE)).content.decode()
    assert document.label in client_of(person).get(reverse(MINE)).content.decode()
    client_of(person).post(reverse("programmes:time_certificate_erase", args=[document.ref]))
    assert not StoredDocument.objects.filter(pk=document.pk).exists()


def test_it_takes_an_accepted_request_a_near_day_and_a_length_of_the_list(shells):
    programme = make_programme()
    asking = make_participation(programme, Side.HELPER, accepted=False).person
    with pytest.raises(DomainError, match="acceptée"):
        service.ask(person=asking, on=in_days(1), minutes=60)
    person = make_participation(programme, Side.HELPER).person
    for on, minutes in ((in_days(-40), 60), (in_days(200), 60), (in_days(1), 45)):
        with pytest.raises(DomainError):
            service.ask(person=person, on=on, minutes=minutes)
    assert not StoredDocument.objects.filter(kind=service.KIND).exists()
    page = client_of(person).post(reverse(MINE), {"on": "pas un jour", "minutes": "60"})
    assert page.status_code == 200 and "pas un jour" in page.content.decode(), "what was typed is kept"


def test_a_function_that_speaks_of_health_signs_nothing():
    programme = make_programme()
    programme.words = {"fonction_neutre": "référent handicap"}
    programme.save(update_fields=["words"])
    person = make_participation(programme, Side.HELPED).person
    with pytest.raises(DomainError):
        service.ask(person=person, on=in_days(1), minutes=60)
    assert not Job.objects.filter(kind=service.KIND).exists()


def test_a_paper_erased_before_it_is_made_is_not_made(shells):
    person = make_participation(make_programme(), Side.HELPER).person
    document = service.ask(person=person, on=in_days(1), minutes=60)
    job = Job.objects.get(object_ref=document.ref)
    StoredDocument.objects.filter(pk=document.pk).delete()
    service.make(job, progress=None)
    assert not StoredDocument.objects.filter(kind=service.KIND).exists() and not shells


def test_the_real_paper_is_a_document_of_one_page():
    from portal.pdf import render_pdf

    programme = make_programme()
    paper = service.Paper(
        agent="Alix Moreau",
        employer=programme.lead_employer,
        function="chargé·e de mission",
        on=in_days(3),
        minutes=90,
        made=in_days(0),
    )
    data = render_pdf(render_to_string("layout/print.html", {"document": paper, "body": paper.template}))
    assert data.startswith(b"%PDF-") and data.count(b"/Type /Page\n") <= 1
