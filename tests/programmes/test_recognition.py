"""Recognition: one's own statement, neutral; a mention only on one's own request, dated, withdrawable, never automatic."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal import clock
from portal.errors import DomainError, Refused
from portal.jobs import work
from portal.models import Job, OutgoingMail, StoredDocument
from programmes.models import Letter, MentionRequest
from programmes.services import erasure, recognition
from tests.builders import bring_letter, client_of, make_participation, make_programme, referent_of, train
from tests.programmes.letter_world import HEALTH_WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def helper():
    programme = make_programme()
    programme.name = "Réseau Ajonc"
    programme.save(update_fields=["name"])
    row = make_participation(programme, "helper")
    bring_letter(row)
    train(programme, [row])
    return row


def page(row, person=None):
    return client_of(person or row.person).get(reverse("programmes:statement", args=[row.ref]))


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_statement_adds_up_letters_and_training_and_says_nothing_else(helper, monkeypatch):
    letter = Letter.objects.get(participation=helper)
    shells: list[str] = []
    monkeypatch.setattr(recognition, "render_pdf", lambda html: shells.append(html) or b"%PDF-1.7")
    document = recognition.Statement(helper)
    assert document.trained == sum(minutes for _, minutes in document.sessions) > 0
    months = recognition.months_in_force(letter, letter.starts, clock.today("Europe/Paris"))
    assert document.granted == round(letter.minutes_month * months)
    sent = client_of(helper.person).post(reverse("programmes:statement", args=[helper.ref]))
    paper = StoredDocument.objects.get(kind=recognition.STATEMENT)
    if not shells:
        work(Job.objects.get(object_ref=paper.ref))
    assert sent.url == reverse("programmes:time_certificate", args=[paper.ref])
    assert paper.filename.startswith("releve-") and not HEALTH_WORDS.search(paper.filename + paper.label)
    said = text(shells[0])
    assert helper.person.full_name in said and letter.mission_title.lower() in said.lower()
    assert not HEALTH_WORDS.findall(said), HEALTH_WORDS.findall(said)
    for secret in (helper.programme.name, referent_of(helper.programme).family, "binôme"):
        assert secret.lower() not in said.lower(), secret
    twin = text(page(helper).content.decode())
    for row in document.letters:
        assert row.title.lower() in twin.lower()


def test_the_statement_is_the_helpers_alone(helper):
    helped = make_participation(helper.programme, "helped")
    assert page(helper).status_code == 200
    for person in (helped.person, referent_of(helper.programme), make_participation(make_programme(), "helper").person):
        assert page(helper, person).status_code == 404
    assert page(helped).status_code == 404, "whoever is helped has no mission to state"


def test_without_a_letter_nor_training_there_is_nothing_to_state():
    row = make_participation(make_programme(), "helper")
    assert "Rien à relever" in page(row).content.decode()
    with pytest.raises(DomainError):
        recognition.ask_paper(participation=row, by=row.person)


def test_a_mention_is_asked_by_the_agent_marked_by_the_referent_and_withdrawn(helper, committed):
    programme, by = helper.programme, referent_of(helper.programme)
    file = reverse("programmes:participation", args=[programme.slug, helper.ref])
    assert "Mention demandée" not in client_of(by).get(file).content.decode(), "nothing is automatic"
    agent = client_of(helper.person)
    agent.post(reverse("programmes:ask_mention", args=[helper.ref]), {"place": "review"})
    mention = MentionRequest.objects.get()
    assert "entretien professionnel annuel" in client_of(by).get(file).content.decode()
    done = reverse("programmes:mention_done", args=[programme.slug, helper.ref, mention.ref])
    assert agent.post(done).status_code == 404
    before = OutgoingMail.objects.filter(person=helper.person).count()
    client_of(by).post(done)
    assert OutgoingMail.objects.filter(person=helper.person).count() == before + 1, "the agent is told"
    assert "faite le" in page(helper).content.decode()
    agent.post(reverse("programmes:withdraw_mention", args=[mention.ref]))
    assert "faites enlever la mention" in client_of(by).get(file).content.decode()
    client_of(by).post(done)
    assert not MentionRequest.objects.exists(), "once it is taken away nothing says that it was asked"


def test_a_request_not_yet_done_goes_without_a_trace_and_is_asked_once(helper):
    ask = {"participation": helper, "place": "news", "by": helper.person}
    mention = recognition.ask_mention(**ask)
    with pytest.raises(DomainError):
        recognition.ask_mention(**ask)
    with pytest.raises(IntegrityError), transaction.atomic():
        MentionRequest.objects.create(participation=helper, place="news")
    with pytest.raises(Refused):
        recognition.withdraw_mention(mention=mention, by=referent_of(helper.programme))
    recognition.withdraw_mention(mention=mention, by=helper.person)
    assert not MentionRequest.objects.exists()
    with pytest.raises(DomainError):
        recognition.ask_mention(**ask | {"place": "salary"})
    with pytest.raises(Refused):
        recognition.ask_mention(**ask | {"by": referent_of(helper.programme)})


def test_a_stranger_cannot_withdraw_anothers_request_and_it_goes_with_the_person(helper):
    mention = recognition.ask_mention(participation=helper, place="review", by=helper.person)
    other = make_participation(helper.programme, "helper")
    url = reverse("programmes:withdraw_mention", args=[mention.ref])
    assert client_of(other.person).post(url).status_code == 404
    erasure.erase(person=helper.person)
    assert not MentionRequest.objects.exists()
