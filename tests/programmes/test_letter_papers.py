"""Papers of a letter (PDF, signed scans) and who opens a letter; strangers get the same 404."""

import io

import pypdf
import pytest
from django.urls import reverse

from portal.errors import DomainError, Refused
from portal.jobs import work
from portal.models import Job, OutgoingMail, StoredDocument
from portal.services import documents, mail
from programmes import letter_text
from programmes.enums import LetterState
from programmes.models import Letter
from programmes.services import letter_documents, letters
from tests.builders import client_of, make_employer, make_person, make_programme, referent_of
from tests.programmes.letter_world import (
    HEALTH_WORDS,
    make_letter,
    signatory,
)

pytestmark = pytest.mark.django_db
SCAN = b"%PDF-1.7 signed"


# --- Papers ---------------------------------------------------------------------------------------------------------
def test_a_signed_paper_is_kept_sealed_and_counts_as_the_validation():
    letter = make_letter(LetterState.TO_HR)
    hr = signatory(letter.programme)
    letter_documents.deposit_hr(letter=letter, by=hr, data=SCAN)
    kept = letter.signatures.get(party="hr")
    assert (letter.state, kept.means, kept.person, kept.sha256) == ("in_force", "scan", hr, letter.sha256)
    assert documents.read(document=kept.document) == SCAN
    file = client_of(letter.participation.person).get(reverse("programmes:letter_file", args=[letter.ref, "scan-rh"]))
    assert (file.content, file["Content-Type"]) == (SCAN, "application/pdf")
    assert file["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "data", [b"", b"<html>", b"MZ\x90", b"GIF89a", b" %PDF-1.7", b"PK\x03\x04", b"%PDF-" + b"0" * (5 * 1024 * 1024)]
)
def test_anything_but_a_small_pdf_png_or_jpeg_is_refused_and_not_kept(data):
    letter = make_letter(LetterState.TO_HR)
    with pytest.raises(DomainError) as refusal:
        letter_documents.deposit_hr(letter=letter, by=signatory(letter.programme), data=data)
    assert refusal.value.field == "file"
    assert not StoredDocument.objects.filter(kind="programmes.scan").exists()


def test_a_paper_whose_validation_is_refused_is_not_kept():
    letter = make_letter(LetterState.TO_HR)
    with pytest.raises(Refused):
        letter_documents.deposit_hr(letter=letter, by=referent_of(letter.programme), data=SCAN)
    with pytest.raises(DomainError):
        letter_documents.deposit_visa(letter=letter, by=referent_of(letter.programme), data=SCAN)
    assert not StoredDocument.objects.filter(kind="programmes.scan").exists()


@pytest.fixture
def printed(monkeypatch) -> list[str]:
    """The print shells given to the PDF engine."""
    shells: list[str] = []
    monkeypatch.setattr(letter_documents, "render_pdf", lambda html: shells.append(html) or b"%PDF-1.7 drawn")
    return shells


def test_the_same_hash_is_on_the_page_and_on_the_paper(printed, committed):
    letter = make_letter(LetterState.TO_HR)
    with committed():
        letters.validate(letter=letter, by=signatory(letter.programme))
        letter_documents.request(letter=letter, which="visa")
    for job in Job.objects.filter(kind="programmes.letter"):
        assert job.state == "done", job.error
    letter_shell = next(shell for shell in printed if "Empreinte du texte" in shell)
    visa_shell = next(shell for shell in printed if shell is not letter_shell)
    page = client_of(letter.participation.person).get(reverse("programmes:my_letter", args=[letter.ref]))
    text = page.content.decode()
    assert letter.sha256 in text and letter.sha256 in letter_shell
    assert letter.visa_sha256 in text and letter.visa_sha256 in visa_shell
    assert letter.sha256 not in visa_shell
    assert "dans le portail, par Dominique" in letter_shell
    letter.refresh_from_db()
    assert letter.document and letter.document.state == "ready"


@pytest.mark.long
def test_the_real_papers_hold_their_hash_and_the_visas_says_nothing_more():
    letter = make_letter(LetterState.IN_FORCE)
    texts = {}
    for which in ("lettre", "visa"):
        work(letter_documents.request(letter=letter, which=which))
        data = documents.read(document=letter_documents.document_of(letter, which))
        texts[which] = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    assert letter.sha256 in texts["lettre"].replace("\n", "")
    assert letter.visa_sha256 in texts["visa"].replace("\n", "")
    assert not HEALTH_WORDS.findall(texts["visa"])
    assert not [title for title in letter_text.section_titles() if title in texts["visa"]]
    assert all(title in texts["lettre"].replace("\n", " ") for title in letter_text.section_titles())


def test_a_letter_is_given_up_after_a_confirmation():
    letter = make_letter(LetterState.TO_MANAGER)
    client, args = client_of(referent_of(letter.programme)), [letter.programme.slug, letter.ref]
    url = reverse("programmes:letter_cancel", args=args)
    assert "Voulez-vous abandonner" in client.get(url).content.decode()
    assert Letter.objects.get(pk=letter.pk).state == LetterState.TO_MANAGER
    client.post(url)
    assert Letter.objects.get(pk=letter.pk).state == LetterState.CANCELLED


def test_a_paper_is_made_once_and_downloaded_by_those_who_may(printed):
    letter = make_letter(LetterState.TO_HR)
    people = {
        "agent": (letter.participation.person, 200),
        "referent": (referent_of(letter.programme), 200),
        "rh": (signatory(letter.programme), 200),
        "another referent": (referent_of(make_programme()), 404),
        "another agent": (make_letter(LetterState.TO_HR).participation.person, 404),
        "rh elsewhere": (make_person(make_employer(), roles=("hr_signatory",)), 404),
    }
    url = reverse("programmes:letter_document", args=[letter.ref, "lettre"])
    client = client_of(people["agent"][0])
    assert "Préparer le PDF" in client.get(url).content.decode()
    for _ in range(2):
        client.post(url)
    job = Job.objects.get(kind="programmes.letter", key__contains=str(letter.ref))
    work(job)
    work(job)
    assert len(printed) == 1
    for name, (person, status) in people.items():
        file = client_of(person).get(reverse("programmes:letter_file", args=[letter.ref, "lettre"]))
        assert file.status_code == status, name
    assert client.get(reverse("programmes:letter_file", args=[letter.ref, "scan-rh"])).status_code == 404
    assert client.get(reverse("programmes:letter_file", args=[letter.ref, "autre"])).status_code == 404


# --- Who opens what -------------------------------------------------------------------------------------------------
def test_each_opens_their_own_letter_and_strangers_get_the_same_404():
    letter, other = make_letter(LetterState.TO_AGENT), make_letter(LetterState.IN_FORCE)
    slug, employer = letter.programme.slug, letter.programme.lead_employer
    mine, piloted = (
        reverse("programmes:my_letter", args=[letter.ref]),
        reverse("programmes:letter", args=[slug, letter.ref]),
    )
    agent, referent = client_of(letter.participation.person), client_of(referent_of(letter.programme))
    assert (agent.get(mine).status_code, referent.get(piloted).status_code) == (200, 200)
    missing = agent.get("/n-existe-pas/").content
    strangers = [
        (client_of(other.participation.person), mine),
        (client_of(referent_of(other.programme)), piloted),
        (client_of(referent_of(letter.programme)), mine),
        (agent, piloted),
        (agent, reverse("programmes:my_letter", args=[other.ref])),
        (referent, reverse("programmes:letter", args=[slug, other.ref])),
    ]
    hr = client_of(signatory(letter.programme))
    for ref in (letter.ref, other.ref):
        strangers.append((hr, reverse("programmes:hr_letter", args=[employer.slug, ref])))
    for client, url in strangers:
        answer = client.get(url)
        assert (answer.status_code, answer.content) == (404, missing), url
    foreign = reverse("programmes:hr_letters", args=[other.programme.lead_employer.slug])
    assert hr.get(foreign).status_code == 404


def test_an_agent_writes_on_no_other_letter():
    letter, thief = make_letter(LetterState.TO_AGENT), make_letter(LetterState.TO_AGENT).participation.person
    client = client_of(thief)
    data = {"seen": letter.version, "visa_by": "hr", "visa_read": "on", "letter_read": "on", "title": "X"}
    for name in ("my_letter", "my_letter_title", "my_letter_changes", "my_letter_time"):
        assert client.post(reverse(f"programmes:{name}", args=[letter.ref]), data).status_code == 404
    letter.refresh_from_db()
    assert letter.state == LetterState.TO_AGENT


def test_without_second_factor_neither_referent_nor_rh_opens_a_letter():
    letter = make_letter(LetterState.TO_HR)
    urls = {
        reverse("programmes:letter", args=[letter.programme.slug, letter.ref]): referent_of(letter.programme),
        reverse("programmes:hr_letter", args=[letter.programme.lead_employer.slug, letter.ref]): signatory(
            letter.programme
        ),
        reverse("programmes:letter_file", args=[letter.ref, "lettre"]): signatory(letter.programme),
    }
    for url, person in urls.items():
        answer = client_of(person, second_factor=False).get(url)
        assert answer.status_code == 302 and answer["Location"].startswith(reverse("portal:second_factor"))


def test_mails_of_the_circuit_are_neutral_and_name_nobody_else():
    letter = make_letter(LetterState.IN_FORCE)
    back = make_letter(LetterState.TO_AGENT)
    letters.ask_changes(letter=back, by=back.participation.person)
    rows = OutgoingMail.objects.filter(kind__startswith="programmes/letter_")
    assert {row.kind for row in rows} >= {"programmes/letter_ready", "programmes/letter_news", "programmes/letter_back"}
    for row in rows:
        text = " ".join(mail.render(row)).lower()
        assert not [word for word in ("lettre de mission", "handicap", "pair-aid", "santé") if word in text], row.kind
        for name in (letter.participation.person.family, back.participation.person.family):
            assert name.lower() not in text
