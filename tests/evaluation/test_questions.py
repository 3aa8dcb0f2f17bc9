"""What is asked: the file of questions, a programme's own ones, the preview, the copy that one keeps."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from evaluation import variables
from evaluation.enums import Moment
from evaluation.models import OpenAnswer
from evaluation.services import answers, batches, closing, own_questions, questionnaires, survey_figures, waves
from pairing.enums import EndCode
from pairing.services import pairs
from portal.errors import DomainError
from portal.models import OutgoingMail
from portal.services import mail
from programmes.models import Exercice
from tests.builders import client_of, make_person, referent_of
from tests.crawler import page_problems
from tests.evaluation.surveys import bare_cycles, day, make_cycle, on, open_wave, sides, tokens
from tests.evaluation.test_answers import url_of

BANK = json.loads(questionnaires.SOURCE.read_text(encoding="utf-8"))
ASKED = {(row["public"], row["moment"]) for row in BANK["questionnaires"]}
# domain.md i.3, with TC everywhere (decision 38) and SUITE and BES left to pages of their own.
HELPED = {
    "t0": "ISO1 ISO2 ISO3 CAP1 CAP2 CAP3 CAP4 LIEN1 LIEN2 ATT",
    "mid": "ISO1 CAP1 SEC1 SEC2 SEC3 ADE1 ADE2",
    "end": "ISO1 ISO2 ISO3 CAP1 CAP2 CAP3 CAP4 LIEN1 LIEN2 SEC2 SEC3 UT2 UT3 REP1 DEM",
    "later": "ISO1 CAP3 CAP4 LIEN1 LIEN2 DUR1 DUR2 MNT ROLE",
}
HELPER = {
    "t0": "PRE1 PRE2 PRE3 PRE4 PRE5",
    "mid": "PRE1 PRE2 PRE3 PRE4 PRE5 CH1 CH2 CH3 SUP1 SUP2 ENC1",
    "end": "PRE1 PRE2 PRE3 PRE4 PRE5 CH1 CH2 CH3 SUP1 SUP2 ENC1 RO1 RO2 RO3 GAI1 GAI2 GAI3 CADRE POUR",
    "later": "CH1 RO1 DUR3 MNT2",
}
AROUND = {
    ("managers", "t0"): "CL1 CL2 CL3 CL4 CL5",
    ("managers", "end"): "CL1 CL2 CL3 CL4 CL5 CL6 ORG REC",
    ("managers", "later"): "CL1 CL2 CL3 CL4 PRAT",
    ("event", "hot"): "H1 H2 H3 H4",
}


# --- The file ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("moment", HELPED)
def test_each_side_is_asked_its_questions_at_each_moment(moment):
    items = questionnaires.items_of(questionnaires.latest(moment=moment))
    assert [item.code for item in items if item.side == "helped"] == HELPED[moment].split()
    assert [item.code for item in items if item.side == "helper"] == HELPER[moment].split()


@pytest.mark.django_db
@pytest.mark.parametrize("key", AROUND)
def test_managers_and_people_at_a_session_are_asked_theirs(key):
    items = questionnaires.items_of(questionnaires.latest(public=key[0], moment=key[1]))
    assert [item.code for item in items] == AROUND[key].split() and not any(item.side for item in items)


def test_every_public_has_its_moments_and_every_question_is_asked():
    assert {key for key in ASKED if key[0] == "participants"} == {("participants", m) for m in HELPED}
    assert ASKED - {("participants", m) for m in HELPED} == AROUND.keys()
    used = {code for row in BANK["questionnaires"] for part in row["parts"] for code in part["items"]}
    assert used == BANK["items"].keys()


@pytest.mark.django_db
def test_questions_of_a_kind_are_what_they_say():
    items = {item.code: item for row in questionnaires.load().values() for item in questionnaires.items_of(row)}
    assert {code for code, item in items.items() if item.reverse} == {"ISO1", "ISO3", "CH2"}
    assert items["ATT"].most == 3 and items["NEG"].alone == items["DEM"].alone == ("none",)
    assert items["REP1"].condition and [value for value, _ in items["REC"].choices][:11] == [str(n) for n in range(11)]
    assert {code for code, item in items.items() if item.kind == "text"} == {"LIB1", "LIB2"}
    for code, item in items.items():
        values = [value for value, _ in item.choices]
        assert len(values) == len(set(values)), code
        if item.kind == "agree":
            assert {"nsp", "nc"} <= set(values)


def test_questions_are_short_and_say_nothing_of_care():
    """Plain words: one sentence, 25 words at most, no diagnosis, no treatment, no leave."""
    words = re.compile(
        r"diagnosti|maladi|traitement|\bsoins?\b|arrêt maladie|RQTH|symptôme|psych|dépress", re.IGNORECASE
    )
    for code, item in BANK["items"].items():
        assert len(item["text"].split()) <= 25, code
        assert not words.search(" ".join([item["text"], *(label for _, label in item.get("options", []))])), code


def test_a_question_is_published_in_one_way_only():
    """Decision 39: by items or by mean, never both."""
    items = [item for _, _, items in variables.DIMENSIONS.values() for item in items]
    shares = {*variables.QUESTIONS, *variables.MANAGERS, *variables.HOT}
    assert len(items) == len(set(items)) and not shares & {*items, variables.HARM_ITEM, *variables.FREE}
    assert {variables.WAYS[code] for code in items} == {variables.MEAN_OF}
    assert variables.WAYS.keys() <= BANK["items"].keys()
    reversed_items = {code for code, item in BANK["items"].items() if item.get("reverse")}
    turned = {code for _, _, found in variables.DIMENSIONS.values() for code, value in found.items() if value}
    assert turned == reversed_items & set(items)


# --- Moments ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_half_way_asks_members_of_live_pairs_and_those_who_still_help():
    with on(0):
        cycle = make_cycle(5, answered=True, framed=True)
        pair = cycle.programme.pairs.order_by("pk").first()
        left = {member.part: member.person for member in pair.members.select_related("person")}
        with pytest.raises(DomainError, match="à partir du"):
            open_wave(cycle, Moment.MID)
    with on(60):
        pairs.end(pair=pair, by=left["helped"], code=EndCode.UNSPECIFIED)
        wave = open_wave(cycle, Moment.MID)
        asked = {row.person for row in wave.invitations.select_related("person")}
    assert len(asked) == 9 and left["helper"] in asked and left["helped"] not in asked
    assert wave.pairs_invited == 4 and {"NEG", "TC1"} <= wave.plan.keys()


@pytest.mark.django_db
@pytest.mark.parametrize(("starts", "ends"), [(-10, 170), (-10, 80), (0, 285)])
def test_half_way_and_end_never_open_on_the_same_day(starts, ends):
    with on(0):
        cycle = make_cycle(0, starts=starts, ends=ends)
    (first, last), (end, _) = (batches.season(cycle, moment) for moment in (Moment.MID, Moment.END))
    assert first <= last < end


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "accepted"), [(149, False), (150, True), (270, True), (271, False)])
def test_six_months_after_is_five_to_nine_months_after_the_end(days, accepted):
    with on(0):
        cycle = make_cycle(4, starts=-180, ends=0, answered=True, framed=True)
    with on(days):
        assert waves.standing(cycle, Moment.LATER).may_open is accepted


# --- One's own questions ----------------------------------------------------------------------------------------------
OWN = "Les horaires des rencontres conviennent à mon service."


@pytest.fixture
def cycle(db):
    with on(0):
        yield make_cycle()


def write(cycle, *texts):
    own_questions.write(programme=cycle.programme, texts=texts, by=referent_of(cycle.programme))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Ma maladie est comprise par mes collègues.", "maladie"),
        ("Mes SOINS sont compatibles avec le poste.", "SOINS"),
        ("Je parle de mon handicap avec mon équipe.", "handicap"),
        ("Mon mandat syndical est respecté ici.", "mandat"),
        ("Je suis en dépression depuis cette mission.", "dépression"),
        ("Les horaires vous conviennent-ils ?", "affirmation"),
        ("Trop court.", "caractères"),
        (OWN * 4, "caractères"),
    ],
)
def test_an_own_question_about_health_or_not_a_statement_is_refused(cycle, text, sentence):
    with pytest.raises(DomainError, match=sentence):
        write(cycle, OWN, text)
    assert own_questions.of(cycle.programme) == []


def test_three_at_most_each_once(cycle):
    with pytest.raises(DomainError, match="3 questions"):
        write(cycle, *(f"{OWN} Et la salle numéro {n} aussi." for n in range(4)))
    with pytest.raises(DomainError, match="déjà écrite"):
        write(cycle, OWN, f" {OWN} ")


def test_an_own_question_is_asked_frozen_and_published_like_the_common_core(cycle):
    write(cycle, OWN)
    wave = open_wave(cycle)
    ((code, text),) = wave.own
    write(cycle, "Une autre affirmation, plus tard.")
    assert text == OWN and wave.plan[code] == "whole"
    for rank, token in enumerate(tokens(wave).values()):
        answers.submit(token=token, answers={code: "5" if rank < 4 else "1", "TC1": "3"})
    with on(22):
        closing.close(wave=wave, by=None)
    exercice = Exercice.objects.create(programme=cycle.programme, name="12 mois", starts=day(-100), ends=day(100))
    (figures,) = survey_figures.collect(exercice)
    row = figures.content["questions"][-1]
    assert (row["code"], row["text"], row["cells"][0]["lo"], row["cells"][0]["of"]) == (code, OWN, 4, 8)


def test_the_referent_writes_and_previews_and_nobody_else(cycle):
    client, slug = client_of(referent_of(cycle.programme)), cycle.programme.slug
    url = reverse("evaluation:questions", args=[slug])
    assert url in client.get(reverse("evaluation:surveys", args=[slug])).text
    wrong = client.post(url, {"text1": "Mes soins passent avant tout ici."}).text
    assert "rien ne se demande" in wrong and "Mes soins passent" in wrong
    assert client.post(url, {"text1": OWN}).status_code == 302
    for public, moment in (("participants", "depart"), ("participants", "mi-parcours"), ("encadrants", "fin")):
        page = client.get(reverse("evaluation:preview_survey", args=[slug, public, moment]))
        assert page_problems(page.text) == []
        assert (OWN in page.text) is (public == "participants")
    assert (
        "Publiée dans la moyenne"
        in client.get(reverse("evaluation:preview_survey", args=[slug, "participants", "fin"])).text
    )
    for wrong in (("encadrants", "mi-parcours"), ("autres", "fin"), ("participants", "jamais")):
        assert client.get(reverse("evaluation:preview_survey", args=[slug, *wrong])).status_code == 404
    stranger = client_of(make_person(cycle.programme.lead_employer))
    assert stranger.get(url).status_code == stranger.post(url).status_code == 404


# --- The copy that one keeps ------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_copy_of_ones_answers_is_shown_once_and_kept_nowhere():
    with on(0):
        cycles, people = bare_cycles(1)
        wave = waves.start(cycle=cycles[0], moment=Moment.END, closes_on=day(21), people=sides(people), pairs=4)
        token = next(iter(tokens(wave).values()))
        page = Client().post(url_of(token), {"TC1": "4", "TC2": "nsp", "NEG": ["tired", "team"], "REC": "0"})
        assert page.status_code == 200 and page_problems(page.text) == []
        assert "Plutôt d’accord" in page.text and "De la fatigue, Une gêne dans l’équipe" in page.text
        assert "Je préfère ne pas répondre" in page.text, "what was ticked is in the copy, though it is not kept"
        assert token not in page.text and page.headers["Cache-Control"] == "no-store, private"
        assert not page.cookies
        again = Client().get(url_of(token))
    assert again.status_code == 410 and "Plutôt d’accord" not in again.text
    row = OpenAnswer.objects.get()
    assert json.loads(row.payload.open(row.ref)) == {"TC1": 4, "NEG": ["tired", "team"], "REC": 0}


@pytest.mark.django_db
def test_what_one_wishes_next_is_said_on_a_page_that_does_not_know_who_answered():
    with on(0):
        wave = open_wave(make_cycle(answered=True, framed=True))
        person, token = next(iter(tokens(wave).items()))
        client, url = client_of(person), reverse("evaluation:survey_next")
        before = client.get(url).text
        assert url in Client().post(url_of(token), {"TC1": "4"}).text
        marks = re.compile(r'csrfmiddlewaretoken" value="[^"]+"')
        assert marks.sub("", client.get(url).text) == marks.sub("", before) and page_problems(before) == []
        assert url in client.get(reverse("evaluation:my_surveys")).text, "reached by everybody, answered or not"
    for code in ("SUITE", "BES"):
        assert code not in BANK["items"]


# --- A host of its own ------------------------------------------------------------------------------------------------
@pytest.fixture
def own_host(cycle, settings):
    settings.SURVEY_URL, settings.SURVEY_HOST = "https://questions.example", "questions.example"
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "questions.example"]
    return open_wave(cycle)


def test_the_answering_page_is_on_its_own_host_and_there_only(own_host):
    person, token = next(iter(tokens(own_host).items()))
    here, there = client_of(person), {"HTTP_HOST": "questions.example"}
    assert here.get(url_of(token)).status_code == 404
    assert here.post(url_of(token), {"TC1": "4"}).status_code == 404
    page = here.get(url_of(token), **there)
    assert page.status_code == 200 and not page.cookies and person.given not in page.text
    for path in ("/", "/mon-espace/", "/demo/entrer/"):
        sent = here.get(path, **there)
        assert (sent.status_code, sent.headers["Location"]) == (302, settings.BASE_URL + path)
        assert here.post(path, **there).status_code == 404
    thanks = here.post(url_of(token), {"TC1": "4"}, **there)
    assert f'href="{settings.BASE_URL}{reverse("evaluation:survey_next")}"' in thanks.text


def test_the_mail_leads_to_that_host(own_host):
    invitation = own_host.invitations.select_related("wave", "person").first()
    row = OutgoingMail.objects.filter(object_ref=invitation.ref).first()
    assert f"https://questions.example{url_of(waves.token_of(invitation))}" in mail.render(row)[1]
