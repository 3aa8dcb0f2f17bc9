"""The visa of time under attack: one link, one answer, one neutral page."""

import datetime as dt
import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.errors import DomainError, Refused
from portal.models import OutgoingMail, SignedLink
from portal.services import links, mail
from programmes import letter_text
from programmes.enums import LetterState, Side, VisaBy
from programmes.models import Signature
from programmes.services import letter_documents, letters, visas
from tests.builders import client_of, make_pair, make_participation, make_person, referent_of
from tests.crawler import PageReader, page_problems
from tests.programmes.letter_world import HEALTH_WORDS, MANAGER, make_framed_programme, make_letter, signatory, token_of

pytestmark = pytest.mark.django_db
YES, NO = {"answer": "accord"}, {"answer": "necessite"}


@pytest.fixture
def letter():
    return make_letter(LetterState.TO_MANAGER)


def address(letter) -> str:
    return reverse("programmes:visa", args=[token_of(letter)])


def words_of(html: str) -> str:
    """What a reader sees, titles of windows included."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


# --- One neutral page -----------------------------------------------------------------------------------------------
def test_page_mail_paper_and_stored_text_say_nothing_of_health_of_colleagues_nor_of_the_letter(monkeypatch):
    programme = make_framed_programme()
    programme.name = "Réseau Ajonc"
    programme.save(update_fields=["name"])
    helper = make_participation(programme, Side.HELPER, free_text="CANARI sur moi")
    pair = make_pair(programme, helper=helper, framed=False)
    helped = pair.members.get(part="helped").person
    letter = make_letter(LetterState.TO_MANAGER, programme, helper)
    page = Client().get(address(letter))
    assert page.status_code == 200
    shells: list[str] = []
    monkeypatch.setattr(letter_documents, "render_pdf", lambda html: shells.append(html) or b"%PDF-")
    job = letter_documents.request(letter=letter, which="visa")
    from portal.jobs import work

    work(job)
    (shell,) = shells
    row = OutgoingMail.objects.get(kind="programmes/letter_visa")
    texts = {"page": page.content.decode(), "paper": shell, "stored": letter.visa, "mail": " ".join(mail.render(row))}
    for name, text in texts.items():
        seen = text if name in ("mail", "stored") else words_of(text)
        assert not HEALTH_WORDS.findall(seen), f"{name}: {HEALTH_WORDS.findall(seen)}"
        for secret in (helped.family, helped.given, "CANARI", programme.name, "lettre"):
            assert secret.lower() not in seen.lower(), f"{name} says {secret}"
        for title in letter_text.section_titles():
            assert title.lower() not in seen.lower(), f"{name} holds section « {title} »"
    assert letter.participation.person.family not in texts["mail"]
    assert referent_of(programme).full_name in texts["page"]
    assert "chargé·e de mission" in texts["page"]
    assert letter.visa_sha256 in texts["page"] and letter.visa_sha256 in texts["paper"]
    assert letter.sha256 not in texts["page"]


@pytest.mark.parametrize("answer", [YES, NO])
def test_an_answer_is_asked_again_before_it_counts_and_may_be_given_up(letter, answer):
    client, url = Client(), address(letter)
    assert 'form method="get"' in client.get(url).content.decode()
    html = client.get(url, answer).content.decode()
    assert "Ce lien ne sert qu’une fois" in html and f'value="{answer["answer"]}"' in html and "Renoncer" in html
    assert page_problems(html) == [] and PageReader(html).links == [] and not HEALTH_WORDS.findall(words_of(html))
    letter.refresh_from_db()
    assert letter.state == LetterState.TO_MANAGER and links.live("visa", letter.ref)
    assert client.post(url, answer).status_code == 200


@pytest.mark.parametrize("answer", [YES, NO, None, {"answer": "n-importe"}])
def test_every_page_of_the_link_is_sound_and_leads_nowhere(letter, answer):
    client = Client()
    url = address(letter)
    pages = [client.get(url) if answer is None else client.post(url, answer), client.get(url)]
    pages.append(client.get(reverse("programmes:visa", args=["inconnu"])))
    for page in pages:
        html = page.content.decode()
        assert page_problems(html) == []
        assert PageReader(html).links == []
        assert not HEALTH_WORDS.findall(words_of(html))
        assert page.headers["Cache-Control"] == "no-store, private"
    assert not client.cookies, "a browser that refuses cookies answers all the same"


def test_a_browser_without_cookies_answers(letter):
    assert Client(enforce_csrf_checks=True).post(address(letter), YES).status_code == 200


def test_the_page_of_a_breakdown_is_neutral_too():
    for code in (400, 404, 500):
        assert not HEALTH_WORDS.findall(words_of(render_to_string(f"{code}.html"))), code


def test_a_referent_whose_address_speaks_is_named_without_it():
    programme = make_framed_programme()
    user = referent_of(programme).user
    user.email = "mission.handicap@ville.fr"
    user.save()
    letter = make_letter(LetterState.TO_MANAGER, programme)
    assert letters.visa_of(letter)["contact"]["address"] == ""


def test_a_function_label_that_speaks_stops_the_letter():
    programme = make_framed_programme()
    programme.words = {"fonction_neutre": "référente handicap"}
    programme.save(update_fields=["words"])
    with pytest.raises(DomainError, match="parle de santé"):
        make_letter(LetterState.TO_MANAGER, programme)


# --- One answer -----------------------------------------------------------------------------------------------------
def test_reading_uses_nothing_up_and_posting_once_gives_the_time(letter):
    url, client = address(letter), Client()
    for _ in range(3):
        assert client.get(url).status_code == 200
    assert client.head(url).status_code == 200
    assert "Merci, c’est enregistré" in client.post(url, YES).content.decode()
    letter.refresh_from_db()
    kept = Signature.objects.get(letter=letter, party="manager")
    assert letter.state == LetterState.TO_HR
    assert (kept.person, kept.sent_to.open(kept.ref), kept.sha256) == (None, MANAGER, letter.visa_sha256)
    assert visas.in_words(kept) == f"visa donné par le lien envoyé à {MANAGER}"
    for again in (client.get(url), client.post(url, YES), client.post(url, NO)):
        assert again.status_code == 410
        assert "déjà servi" in again.content.decode()
    assert Signature.objects.filter(letter=letter, party="manager").count() == 1


def test_an_answer_that_is_none_of_the_two_uses_nothing_up(letter):
    page = Client().post(address(letter), {"answer": "oui"})
    assert "Choisissez une des deux réponses" in page.content.decode()
    assert links.live("visa", letter.ref)


def test_two_windows_that_both_read_the_page_give_one_visa(letter):
    """The race as it is for the service: both hold the link as it was before the other's answer."""
    token = token_of(letter)
    (first, _), (second, _) = visas.opened(token), visas.opened(token)
    visas.give(link=first)
    for act in (visas.give, visas.refuse):
        with pytest.raises(DomainError, match="déjà servi"):
            act(link=second)
    letter.refresh_from_db()
    assert (letter.state, letter.signatures.filter(party="manager").count()) == (LetterState.TO_HR, 1)


def test_twenty_answers_one_after_the_other_give_one_visa(letter):
    url = address(letter)
    answers = [Client().post(url, YES).status_code for _ in range(20)]
    assert answers == [200] + [410] * 19
    assert letter.signatures.filter(party="manager").count() == 1


def test_a_visa_that_cannot_be_given_leaves_its_link_whole(letter):
    """The letter is given up between the reading and the answer."""
    link, _ = visas.opened(token_of(letter))
    letters.cancel(letter=letter, by=referent_of(letter.programme))
    SignedLink.objects.filter(pk=link.pk).update(expires_at=clock.now() + dt.timedelta(days=1))
    assert Client().get(address(letter)).status_code == 410
    with pytest.raises(DomainError):
        visas.give(link=link)
    link.refresh_from_db()
    assert link.used_at is None


def test_a_link_opens_its_own_letter_only(letter):
    other = make_letter(LetterState.TO_MANAGER, mission_title="Autre réseau interne")
    assert "Autre réseau interne" not in Client().get(address(letter)).content.decode()
    Client().post(address(letter), YES)
    other.refresh_from_db()
    assert other.state == LetterState.TO_MANAGER
    _, foreign = links.issue(purpose="seance", object_ref=other.ref, days=14)
    assert Client().post(reverse("programmes:visa", args=[foreign]), YES).status_code == 410
    other.refresh_from_db()
    assert other.state == LetterState.TO_MANAGER


def test_after_fourteen_days_the_page_says_what_to_do_and_rh_may_decide(letter):
    by = referent_of(letter.programme)
    with pytest.raises(DomainError):
        visas.pass_to_hr(letter=letter, by=by)
    with clock.at(clock.now() + dt.timedelta(days=14, seconds=1)):
        page = Client().get(address(letter))
        assert page.status_code == 410 and "plus de 14 jours" in page.content.decode()
        assert visas.standing(letter).key == "expired"
        visas.pass_to_hr(letter=letter, by=by)
    assert letter.state == LetterState.TO_HR
    letters.validate(letter=letter, by=signatory(letter.programme))


# --- Refusal, other people, papers ----------------------------------------------------------------------------------
def test_a_refusal_goes_back_to_the_referent_and_keeps_the_agents_yes(letter):
    before = (letter.sha256, letter.visa_sha256)
    first = address(letter)
    assert "non accordé" in Client().post(first, NO).content.decode()
    letter.refresh_from_db()
    assert (letter.state, letter.sha256, letter.visa_sha256) == (LetterState.TO_MANAGER, *before)
    assert [row.party for row in letter.signatures.all()] == ["agent"]
    assert visas.standing(letter).key == "refused"
    by = referent_of(letter.programme)
    assert OutgoingMail.objects.filter(kind="programmes/letter_back", person=by).count() == 1
    with pytest.raises(DomainError):
        visas.pass_to_hr(letter=letter, by=by)
    page = client_of(by).get(reverse("programmes:letter", args=[letter.programme.slug, letter.ref])).content.decode()
    assert "nécessité de service" in page
    visas.send_again(letter=letter, by=by)
    assert address(letter) != first
    assert Client().post(first, YES).status_code == 410
    assert Client().post(address(letter), YES).status_code == 200
    letter.refresh_from_db()
    assert letter.state == LetterState.TO_HR


def test_a_new_link_kills_the_one_before(letter):
    first = address(letter)
    visas.send_again(letter=letter, by=referent_of(letter.programme))
    assert Client().post(first, YES).status_code == 410
    letter.refresh_from_db()
    assert letter.state == LetterState.TO_MANAGER


def test_the_agent_has_somebody_else_asked_without_reason(letter):
    person, first = letter.participation.person, address(letter)
    with pytest.raises(Refused):
        visas.choose_other(letter=letter, by=referent_of(letter.programme), visa_by=VisaBy.HR)
    client = client_of(person)
    url = reverse("programmes:my_letter_time", args=[letter.ref])
    assert client.post(url, {"visa_by": "authority", "address": ""}).status_code == 200
    client.post(url, {"visa_by": "authority", "address": "dg@exemple.invalid"})
    assert Client().get(first).status_code == 410
    row = OutgoingMail.objects.filter(kind="programmes/letter_visa").first()
    assert row.address.open(row.ref) == "dg@exemple.invalid"
    second = address(letter)
    client.post(url, {"visa_by": "hr"})
    letter.refresh_from_db()
    assert (letter.state, letter.visa_by) == (LetterState.TO_HR, VisaBy.HR)
    assert Client().post(second, YES).status_code == 410


def test_the_page_signed_on_paper_counts_and_the_link_dies(letter):
    by = referent_of(letter.programme)
    with pytest.raises(Refused):
        visas.deposit(letter=letter, by=letter.participation.person, document=None)
    letter_documents.deposit_visa(letter=letter, by=by, data=b"\x89PNG\r\n\x1a\n scanned")
    kept = letter.signatures.get(party="manager")
    assert (letter.state, kept.means, kept.person, kept.sha256) == ("to_hr", "scan", by, letter.visa_sha256)
    assert Client().post(address(letter), YES).status_code == 410


def test_the_hr_way_sends_no_link():
    letter = make_letter(LetterState.TO_HR)
    assert not SignedLink.objects.exists()
    assert not OutgoingMail.objects.filter(kind="programmes/letter_visa").exists()
    assert letter.visa_address.open(letter.ref) == ""


def test_giving_the_time_needs_no_login_and_helps_no_stranger_in(letter):
    stranger = client_of(make_person(letter.programme.lead_employer))
    assert stranger.get(address(letter)).status_code == 200
    assert Client().get(reverse("programmes:my_letter", args=[letter.ref])).status_code == 302
