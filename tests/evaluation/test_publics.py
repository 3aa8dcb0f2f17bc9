"""Managers and people at a session: who is asked, what is published, what is destroyed (decisions 30, 32, 47)."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from evaluation.disclosure import surveys as counted
from evaluation.disclosure.surveys import WaveFacts
from evaluation.enums import Moment, Public
from evaluation.models import ClosedAnswer, OpenAnswer, Wave, WaveInvitation
from evaluation.services import answers, closing, hot, publics, survey_figures, waves
from portal import clock
from portal.errors import DomainError
from portal.models import EmailDomain, OutgoingMail
from portal.services import mail
from programmes.enums import Presence, SessionState, Side
from programmes.models import Exercice, TrainingAttendance, TrainingSession
from tests.builders import client_of, make_participation, make_person, referent_of
from tests.evaluation.surveys import TODAY, day, make_cycle, on
from tests.evaluation.test_answers import url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle():
    with on(0):
        cycle = make_cycle(0)
        EmailDomain.objects.create(employer=cycle.programme.lead_employer, domain="ville.example")
        yield cycle


def addresses(number: int) -> str:
    return "\n".join(f"chef{n}@ville.example" for n in range(number))


def ask(cycle, number=9, moment=Moment.T0, **options):
    options = {"closes_on": clock.today(cycle.programme.time_zone) + dt.timedelta(days=21), "by": None, **options}
    return publics.open_managers(cycle=cycle, moment=moment, addresses=addresses(number), **options)


def test_all_the_managers_get_a_link_at_their_work_address(cycle):
    wave = ask(cycle)
    assert (wave.public, wave.invited, wave.tickets.count(), wave.plan["CL1"]) == (Public.MANAGERS, 9, 9, "whole")
    mails = OutgoingMail.objects.filter(kind=waves.MANAGERS_MAIL)
    assert {mail.address_of(row) for row in mails} == {f"chef{n}@ville.example" for n in range(9)}
    subject, body = mail.render(mails[0])
    assert "encadrants" in body and "/r/" in body and "handicap" not in subject + body


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (addresses(6), "au moins 7 adresses"),
        (addresses(9) + "\nchef@ailleurs.example", "n’est pas une adresse de l’employeur"),
        (addresses(9) + "\nle chef", "« le chef » n’est pas une adresse électronique"),
        (
            addresses(9) + "\n" + "\n".join(f"c{n}@ailleurs.example" for n in range(7)),
            "« c4@ailleurs.example » et 2 autres ne sont pas des adresses de l’employeur",
        ),
        (addresses(6) + "\nCHEF1@ville.example, chef2@ville.example", "au moins 7 adresses"),
    ],
)
def test_a_list_of_a_few_of_others_or_of_doubles_is_refused(cycle, text, sentence):
    with pytest.raises(DomainError, match=sentence):
        publics.open_managers(cycle=cycle, moment=Moment.T0, closes_on=day(21), addresses=text, by=None)
    assert not Wave.objects.exists()


def test_a_list_copied_from_a_mail_or_a_sheet_is_read_without_its_names(cycle):
    text = "\n".join(f'"Chef {n}" <CHEF{n}@ville.example>;' for n in range(4))
    text += "\n" + "\n".join(f"Chef {n};chef{n}@ville.example" for n in range(4, 9))
    assert publics.open_managers(cycle=cycle, moment=Moment.T0, closes_on=day(21), addresses=text, by=None).invited == 9


def test_two_waves_of_managers_are_ninety_days_apart_whatever_the_participants_are_asked(cycle):
    ask(cycle)
    with on(89), pytest.raises(DomainError, match="moins de 90 jours"):
        ask(cycle, moment=Moment.END)
    with on(90):
        assert ask(cycle, moment=Moment.END).plan["CL6"] == "whole"


def test_closing_destroys_the_addresses_everywhere(cycle):
    wave = ask(cycle)
    for invitation in wave.invitations.order_by("pk")[:7]:
        answers.submit(token=waves.token_of(invitation), answers={"CL1": "4"})
    with on(22):
        closing.close(wave=wave, by=None)
    assert not WaveInvitation.objects.exclude(address="").exists()
    assert not OutgoingMail.objects.filter(kind=waves.MANAGERS_MAIL).exclude(address="").exists()
    assert wave.invitations.count() == 9, "how many were asked stays"
    assert {row["side"] for row in answers.of(wave)} == {""}


def exercice_of(programme):
    return Exercice.objects.create(programme=programme, name="12 mois", starts=day(-100), ends=day(100))


def test_managers_are_published_without_any_pair_and_under_seven_answers_not_at_all(cycle):
    with on(0):
        wave = ask(cycle, 12)
    for rank, invitation in enumerate(wave.invitations.order_by("pk")[:8]):
        answers.submit(token=waves.token_of(invitation), answers={"CL1": "5" if rank < 5 else "2"})
    with on(22):
        closing.close(wave=wave, by=None)
    (found,) = survey_figures.collect_around(exercice_of(cycle.programme))
    first = found.content["questions"][0]
    assert (first["code"], first["cells"]) == ("CL1", [{"side": "", "label": "value", "lo": 5, "hi": 8, "of": 8}])
    assert (found.participation.figure.lo, found.participation.of) == (8, 12)
    facts = WaveFacts(12, None, {"CL1": "whole"}, frozenset({""}))
    few = [{"side": "", "answers": {"CL1": 5}}] * 6
    assert not counted.share("CL1", facts, few, counted.agrees)[0].figure.is_value


def test_pairs_are_still_asked_for_where_their_members_answer():
    facts = WaveFacts(12, 2, {"TC1": "whole"}, frozenset({"helper"}))
    many = [{"side": "helper", "answers": {"TC1": 5}}] * 12
    assert not counted.share("TC1", facts, many, counted.agrees)[0].figure.is_value
    assert not counted.participation(facts, many).is_value


# --- À chaud ----------------------------------------------------------------------------------------------------------
def held(programme, present: int, *, absent: int = 0, on_day: dt.date = TODAY) -> TrainingSession:
    session = TrainingSession.objects.create(programme=programme, on=on_day, minutes=120, state=SessionState.HELD)
    for number in range(present + absent):
        presence = Presence.PRESENT if number < present else Presence.EXCUSED
        TrainingAttendance.objects.create(
            session=session, participation=make_participation(programme, Side.HELPER), presence=presence
        )
    return session


def test_everybody_who_was_there_is_asked_and_nobody_else(cycle):
    session = held(cycle.programme, 8, absent=2)
    wave = hot.ask_present(session=session, by=None)
    here = session.attendances.filter(presence=Presence.PRESENT).values_list("participation__person", flat=True)
    assert sorted(wave.invitations.values_list("person", flat=True)) == sorted(here)
    assert (wave.plan, wave.closes_on) == ({f"H{n}": "whole" for n in range(1, 5)}, day(14))
    with pytest.raises(DomainError, match="déjà été demandé"):
        hot.ask_present(session=session, by=None)


def test_a_session_of_six_or_of_last_month_is_not_asked_about(cycle):
    with pytest.raises(DomainError, match="Moins de 7 personnes"):
        hot.ask_present(session=held(cycle.programme, 6), by=None)
    with pytest.raises(DomainError, match="dans les 7 jours"):
        hot.ask_present(session=held(cycle.programme, 9, on_day=day(-8)), by=None)
    assert not Wave.objects.exists()


def test_four_answers_of_eight_are_counted_and_not_shown(cycle):
    wave = hot.ask_present(session=held(cycle.programme, 8), by=None)
    for invitation in wave.invitations.order_by("pk")[:4]:
        answers.submit(token=waves.token_of(invitation), answers={"H1": "5"})
    with on(15):
        closing.close(wave=wave, by=None)
    (found,) = survey_figures.collect_around(exercice_of(cycle.programme))
    assert {cell["label"] for one in found.content["questions"] for cell in one["cells"]} == {"withheld"}
    assert found.content["title"] == "À chaud, séance de formation du 3 mars 2026"
    assert json.dumps(found.content).count('"lo": 4') == 1, "the questionnaires received, and nothing else"


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_the_referent_asks_the_managers_from_the_page_and_loses_nothing(cycle):
    client = client_of(referent_of(cycle.programme))
    url = reverse("evaluation:open_managers_survey", args=[cycle.programme.slug, cycle.ref, "depart"])
    assert url in client.get(reverse("evaluation:surveys", args=[cycle.programme.slug])).text
    wrong = client.post(url, {"closes_on": day(21).isoformat(), "addresses": "un@ville.example"}).text
    assert "au moins 7 adresses" in wrong and "un@ville.example" in wrong
    assert client.post(url, {"closes_on": day(21).isoformat(), "addresses": addresses(8)}).status_code == 302
    page = client.get(reverse("evaluation:surveys", args=[cycle.programme.slug])).text
    assert "à 8 personnes" in page and "chef1" not in page
    assert client.get(url.replace("depart", "mi-parcours")).status_code == 404, "managers have no such moment"


def test_the_referent_asks_about_a_session_from_the_page(cycle):
    session = held(cycle.programme, 7)
    client = client_of(referent_of(cycle.programme))
    url = reverse("evaluation:open_hot_survey", args=[cycle.programme.slug, session.ref])
    assert url in client.get(reverse("evaluation:surveys", args=[cycle.programme.slug])).text
    assert "7 personnes" in client.get(url).text
    assert client.post(url).status_code == 302
    assert "ne peut pas être demandé" in client.get(url).text
    stranger = client_of(make_person(cycle.programme.lead_employer))
    assert stranger.get(url).status_code == stranger.post(url).status_code == 404


def test_a_manager_answers_without_account(cycle, client):
    wave = ask(cycle)
    page = client.get(url_of(waves.token_of(wave.invitations.first())))
    assert "Dans mon service" in page.text and "TC1" not in page.text
    thanks = client.post(url_of(waves.token_of(wave.invitations.first())), {"CL2": "4"})
    assert "Merci" in thanks.text and "pour la suite" not in thanks.text
    assert OpenAnswer.objects.count() == 1 and not ClosedAnswer.objects.exists()
