"""Paper answers typed by somebody outside the programme, free answers read by two people outside it (field R4, R5)."""

import re
import uuid

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.html import escape

from evaluation.enums import Moment, WaveRoleKind
from evaluation.models import ClosedText, OpenAnswer, OpenText, Synthesis, Ticket, WaveRole
from evaluation.services import answers, closing, free_texts, parts, questionnaires, survey_figures, waves
from portal.errors import Conflict, DomainError
from portal.models import JournalEntry, Person
from portal.typography import french
from programmes.enums import Side
from programmes.models import Exercice
from tests.builders import client_of, make_participation, make_person, referent_of
from tests.crawler import page_problems
from tests.evaluation.surveys import day, make_cycle, on, open_wave, pairs_of, tokens

pytestmark = pytest.mark.django_db
SAID = ["Le temps laissé pour parler.", "La régularité.", "Ne pas être jugée.", "Un canari tout bleu."]


@pytest.fixture
def cycle():
    with on(0):
        yield make_cycle(6)


def without_account(programme, number: int) -> list[Person]:
    people = [member.person for pair in pairs_of(programme)[:number] for member in pair.members.filter(part="helped")]
    Person.objects.filter(pk__in=[person.pk for person in people]).update(user=None)
    return people


def outsider(cycle) -> Person:
    return make_person(cycle.programme.lead_employer)


# --- The sheet itself -------------------------------------------------------------------------------------------------
def test_the_sheet_to_print_asks_what_is_typed_and_is_the_same_for_everybody(cycle):
    wave = open_wave(cycle)
    client, side = client_of(referent_of(cycle.programme)), Side.HELPED
    url = reverse("evaluation:paper_survey", args=[cycle.programme.slug, wave.ref, side])
    pages = [client.get(url).content.decode() for _ in range(2)]
    body = [re.search(r'<section class="paper-survey".*?</section>', page, re.DOTALL).group() for page in pages]
    assert body[0] == body[1], "nothing tells one sheet from another"
    asked = re.findall(r'class="asked-text">(.*?)</p>', body[0])
    assert asked == [escape(item.text) for item in questionnaires.of_side(wave, side)]
    assert not re.findall(r"<input|[0-9a-f]{8}-[0-9a-f]{4}", body[0])
    assert client.get(url.replace("helped", "peer")).status_code == 404


# --- Who may be named -------------------------------------------------------------------------------------------------
def test_nobody_of_the_programme_of_rh_or_who_manages_types_or_reads(cycle):
    programme, employer = cycle.programme, cycle.programme.lead_employer
    manager = make_person(employer)
    make_person(employer, manager=manager)
    refused = [
        referent_of(programme),
        make_person(employer, roles=("hr_reader",)),
        manager,
        pairs_of(programme)[0].members.first().person,
        make_participation(programme, Side.HELPED).person,
    ]
    wave = open_wave(cycle)
    for person in refused:
        with pytest.raises(DomainError, match="ne peut pas tenir ce rôle"):
            parts.name_typist(wave=wave, email=person.user.email, by=referent_of(programme))
        with pytest.raises(DomainError, match="ne peut pas tenir ce rôle"):
            parts.two_readers(programme=programme, emails=[person.user.email, outsider(cycle).user.email])
    assert not WaveRole.objects.exists()


def test_readers_are_two_different_people_or_nobody(cycle):
    one = outsider(cycle).user.email
    for emails in ([one, ""], ["", one], [one, one]):
        with pytest.raises(DomainError, match="deux"):
            parts.two_readers(programme=cycle.programme, emails=emails)
    assert parts.two_readers(programme=cycle.programme, emails=["", ""]) == []


def test_another_typist_takes_the_place_of_the_first(cycle):
    wave, by = open_wave(cycle), referent_of(cycle.programme)
    first, second = outsider(cycle), outsider(cycle)
    for person in (first, second):
        parts.name_typist(wave=wave, email=person.user.email, by=by)
    assert [role.person for role in parts.typists(wave)] == [second]


# --- Paper ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def papers(cycle):
    """Three helped people have no account; the envelopes are opened on the last days."""
    without_account(cycle.programme, 3)
    wave = open_wave(cycle)
    typist = outsider(cycle)
    parts.name_typist(wave=wave, email=typist.user.email, by=referent_of(cycle.programme))
    return wave, typist


def sheet_url(wave, side="helped") -> str:
    return reverse("evaluation:type_sheet", args=[wave.ref, side])


def typed(client, wave, **given):
    return client.post(sheet_url(wave), {"receipt": uuid.uuid4(), **given}, follow=True)


def test_envelopes_stay_closed_until_the_last_days(papers):
    wave, typist = papers
    client = client_of(typist)
    url = reverse("evaluation:type_answers", args=[wave.ref])
    with on(17):
        assert "gardez les enveloppes fermées" in client.get(url).text
        assert "gardez les enveloppes fermées" in typed(client, wave, TC1="4").text
    with on(22):
        assert "close" in typed(client, wave, TC1="4").text
    assert not OpenAnswer.objects.exists()


def test_one_blank_sheet_at_a_time_as_many_as_people_without_account(papers):
    wave, typist = papers
    client = client_of(typist)
    with on(18):
        for _ in range(3):
            blank = client.get(sheet_url(wave)).text
            assert page_problems(blank) == [] and "checked" not in blank
            after = typed(client, wave, TC1="5", TC2="2").text
            assert "est saisie" in after and "d’accord" not in after, "nothing of it is shown again"
        assert "Toutes les feuilles attendues sont saisies" in typed(client, wave, TC1="1").text
    assert OpenAnswer.objects.count() == 3
    assert Ticket.objects.filter(used=True, paper=True).count() == 3
    assert answers.paper_sides(wave) == []


def test_a_sheet_sent_twice_is_typed_once_and_an_error_loses_nothing(papers):
    wave, typist = papers
    client, same = client_of(typist), {"receipt": uuid.uuid4(), "TC1": "5"}
    with on(18):
        wrong = client.post(sheet_url(wave), {"receipt": uuid.uuid4(), "TC1": "5", "TC2": "77"}).text
        assert re.search(r'name="TC1" value="5"[^>]* checked', wrong)
        for _ in range(2):
            client.post(sheet_url(wave), same)
    assert OpenAnswer.objects.count() == 1


def test_a_typed_sheet_vouches_for_somebody_without_account(papers):
    """Nine people have an account; the three others count once a sheet is typed (decision 47)."""
    wave, _ = papers
    assert wave.invited == 9
    with on(18):
        for _ in range(2):
            answers.submit_paper(
                wave=wave, side="helped", answers={"TC1": "4"}, receipt=uuid.uuid4(), url="/mes-enquetes/"
            )
    with on(22):
        closing.close(wave=wave, by=None)
    assert wave.invited == 11


def test_the_page_of_typing_opens_to_the_person_named_and_to_nobody_else(papers):
    wave, typist = papers
    programme = wave.programme
    others = [
        referent_of(programme),
        make_person(programme.lead_employer),
        make_person(programme.lead_employer, roles=("hr_signatory",)),
        pairs_of(programme)[-1].members.first().person,
    ]
    with on(18):
        for other in others:
            client = client_of(other)
            assert client.get(reverse("evaluation:type_answers", args=[wave.ref])).status_code == 404
            assert client.post(sheet_url(wave), {"TC1": "4"}).status_code == 404
        assert client_of(typist).get(sheet_url(wave, "cote")).status_code == 404
        before = JournalEntry.objects.count()
        typed(client_of(typist), wave, TC1="4")
        assert JournalEntry.objects.count() == before, "no trace of when a sheet was typed"
    assert "Saisir les réponses sur papier" in client_of(typist).get(reverse("evaluation:my_surveys")).text


# --- Free answers -----------------------------------------------------------------------------------------------------
@pytest.fixture
def ended():
    with on(0):
        yield make_cycle(6, starts=-100, ends=80, answered=True, framed=True)


def read_by(cycle):
    readers = [outsider(cycle), outsider(cycle)]
    return open_wave(cycle, Moment.END, readers=[person.user.email for person in readers]), readers


def answered(wave, number: int, texts=SAID) -> None:
    for rank, token in enumerate(list(tokens(wave).values())[:number]):
        words = {"LIB1": texts[rank]} if rank < len(texts) else {}
        answers.submit(token=token, answers={"TC1": "4", **words})
    with on(22):
        closing.close(wave=wave, by=None)


def test_without_readers_nothing_is_asked_in_words(ended):
    wave = open_wave(ended, Moment.END)
    assert not {"LIB1", "LIB2"} & wave.plan.keys()
    answers.submit(token=next(iter(tokens(wave).values())), answers={"TC1": "4", "LIB1": SAID[0]})
    assert not OpenText.objects.exists()


def test_words_are_kept_apart_from_the_other_answers_and_sealed(ended):
    wave, _ = read_by(ended)
    answers.submit(token=next(iter(tokens(wave).values())), answers={"TC1": "4", "LIB1": SAID[3]})
    assert {field.name for field in OpenText._meta.fields} == {"ref", "code", "text", "wave"}
    row, answer = OpenText.objects.get(), OpenAnswer.objects.get()
    assert "canari" not in answer.payload.open(answer.ref)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM evaluation_opentext")
        assert "canari" not in " ".join(map(str, cursor.fetchone()))
    assert row.text.open(row.ref).strip() == SAID[3]


def test_under_eight_answers_nobody_reads_a_word(ended):
    wave, readers = read_by(ended)
    answered(wave, 7)
    assert not OpenText.objects.exists() and not ClosedText.objects.exists()
    page = client_of(readers[0]).get(reverse("evaluation:read_texts", args=[wave.ref])).text
    assert "rien à lire" in page and "canari" not in page


def test_two_readers_write_a_synthesis_and_the_sentences_are_destroyed(ended):
    wave, readers = read_by(ended)
    url = reverse("evaluation:read_texts", args=[wave.ref])
    first, second = (client_of(person) for person in readers)
    assert "après la clôture" in first.get(url).text
    answered(wave, 9)
    with on(23):
        page = first.get(url).text
        assert page_problems(page) == [] and all(said in page for said in SAID)
        first.post(url, {"text": "Le temps et la régularité ont aidé.", "version": 0, "agree": "1"})
        assert ClosedText.objects.exists(), "one agreement is not enough"
        stale = second.post(url, {"text": "Autre chose.", "version": 0}).text
        assert "Autre chose." in stale and "vient de modifier" in stale
        second.post(url, {"text": "Le temps et la régularité ont aidé.", "version": 1, "agree": "1"})
        assert not ClosedText.objects.exists()
        done = first.get(url).text
        assert "approuvée" in done and "canari" not in done
    row = Synthesis.objects.get()
    assert row.agreed_on == day(23)
    programme = wave.programme
    exercice = Exercice.objects.create(programme=programme, name="12 mois", starts=day(-100), ends=day(100))
    (figures,) = survey_figures.collect(exercice)
    assert figures.content["synthesis"] == row.text


def test_a_changed_text_asks_both_again(ended):
    wave, _ = read_by(ended)
    answered(wave, 9)
    one, other = wave.roles.filter(role=WaveRoleKind.READER).select_related("wave__programme__lead_employer")
    with on(23):
        free_texts.write(role=one, text="Un premier texte.", seen=0)
        free_texts.agree(role=one)
        free_texts.write(role=other, text="Un autre texte.", seen=1)
        assert not wave.roles.filter(agreed=True).exists()
        with pytest.raises(Conflict):
            free_texts.write(role=one, text="Un troisième.", seen=1)
        assert survey_figures._synthesis(wave, None) == "", "nothing is published before both agree"


def test_sentences_without_synthesis_go_after_sixty_days(ended):
    wave, _ = read_by(ended)
    answered(wave, 9)
    with on(81):
        assert free_texts.forget() == 0
    with on(83):
        assert free_texts.forget() == 4


def test_the_reading_opens_to_the_two_readers_and_to_nobody_else(ended):
    wave, _ = read_by(ended)
    answered(wave, 9)
    programme = wave.programme
    for other in (
        referent_of(programme),
        make_person(programme.lead_employer, roles=("hr_signatory",)),
        pairs_of(programme)[0].members.first().person,
    ):
        client = client_of(other)
        assert client.get(reverse("evaluation:read_texts", args=[wave.ref])).status_code == 404
        assert client.post(reverse("evaluation:read_texts", args=[wave.ref]), {"text": "x"}).status_code == 404


def test_the_referent_names_readers_at_the_opening_and_a_typist_afterwards(ended):
    client, slug = client_of(referent_of(ended.programme)), ended.programme.slug
    one, two = outsider(ended).user.email, outsider(ended).user.email
    url = reverse("evaluation:open_survey", args=[slug, ended.ref, "fin"])
    wrong = client.post(url, {"closes_on": day(21).isoformat(), "reader1": one, "reader2": ""}).text
    assert "donnez les deux adresses" in wrong and one in wrong
    assert client.post(url, {"closes_on": day(21).isoformat(), "reader1": one, "reader2": two}).status_code == 302
    wave = ended.waves.get()
    assert "LIB1" in wave.plan and wave.roles.count() == 2
    naming = reverse("evaluation:name_typist", args=[slug, wave.ref])
    assert naming in client.get(reverse("evaluation:surveys", args=[slug])).text
    assert "déjà" in client.post(naming, {"email": one}).text
    assert client.post(naming, {"email": outsider(ended).user.email}).status_code == 302
    reader = client_of(Person.objects.get(user__email=one)).get(reverse("portal:my_space")).text
    assert "Lire les réponses libres" in reader
    assert french(waves.CLOSED) not in reader
