"""Somebody who runs a programme wants to know one person's answer: made-up people, a chosen list, an early closing.

Through the services, through the pages, and by hand in the database.
"""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from evaluation.enums import Moment, Public, WaveState
from evaluation.models import OpenAnswer, Ticket, Wave, WaveInvitation
from evaluation.services import answers, closing, publics, waves
from portal import clock
from portal.errors import DomainError
from portal.models import EmailDomain, OutgoingMail, Person
from programmes.enums import ParticipationState, Side
from programmes.models import Participation
from tests.builders import client_of, referent_of
from tests.evaluation.surveys import day, make_cycle, on, open_wave, tokens

pytestmark = pytest.mark.django_db
URL = "evaluation:open_survey"


def dummies(programme, number: int) -> list[Person]:
    """Accepted helpers whom only the référent vouches for, each with a mailbox that the référent reads."""
    made = []
    for rank in range(number):
        person = Person.objects.create(given=f"Inventé{rank}", family="Personne")
        person.notify_email = f"invente{rank}@exemple.invalid"
        person.save()
        Participation.objects.create(
            programme=programme,
            person=person,
            employer=programme.lead_employer,
            side=Side.HELPER,
            state=ParticipationState.ACCEPTED,
            information_read_at=clock.now(),
            accepted_at=clock.now(),
        )
        made.append(person)
    return made


# --- Made-up people ---------------------------------------------------------------------------------------------------
def test_six_made_up_people_and_one_real_pair_are_not_asked():
    with on(0):
        cycle = make_cycle(1)
        dummies(cycle.programme, 6)
        with pytest.raises(DomainError, match="Moins de 7"):
            open_wave(cycle)
        client = client_of(referent_of(cycle.programme))
        client.post(reverse(URL, args=[cycle.programme.slug, cycle.ref, "depart"]), {"closes_on": day(21)})
    assert not Wave.objects.exists()


def test_made_up_people_get_no_link_and_never_count():
    """Eight real people are asked. The six others could fill the threshold if a link reached a mailbox of theirs."""
    with on(0):
        cycle = make_cycle(4)
        made_up = dummies(cycle.programme, 6)
        wave = open_wave(cycle)
    assert wave.invited == 8
    asked = set(OutgoingMail.objects.filter(kind=waves.MAIL).values_list("object_ref", flat=True))
    theirs = set(WaveInvitation.objects.filter(person__in=made_up).values_list("ref", flat=True))
    assert len(theirs) == 6 and not asked & theirs
    assert Ticket.objects.filter(wave=wave, paper=True).count() == 6, (
        "only somebody outside the programme may type for them"
    )


def test_nor_when_their_link_is_asked_for_again_nor_at_a_reminder():
    with on(0):
        cycle = make_cycle(4)
        made_up = dummies(cycle.programme, 1)
        wave = open_wave(cycle)
        invitation = wave.invitations.get(person=made_up[0])
        waves.send_again(invitation=invitation)
    with on(8):
        waves.remind(wave=wave, by=None)
    assert not OutgoingMail.objects.filter(kind=waves.MAIL, object_ref=invitation.ref).exists()


def test_one_mailbox_is_not_seven_managers():
    with on(0):
        cycle = make_cycle(4, starts=-60)
        EmailDomain.objects.get_or_create(employer=cycle.programme.lead_employer, domain="ville.invalid")
        listed = "\n".join([f"moi+{rank}@ville.invalid" for rank in range(6)] + ["elle@ville.invalid"])
        moment = waves.questionnaires.moments_of(Public.MANAGERS)[0]
        with pytest.raises(DomainError, match="adresse") as raised:
            publics.open_managers(cycle=cycle, moment=moment, closes_on=day(21), addresses=listed, by=None)
    assert "+" in str(raised.value) or "au moins" in str(raised.value)
    assert not Wave.objects.filter(public=Public.MANAGERS).exists()


def test_one_link_gives_one_answer_and_one_personal_code():
    with on(0):
        wave = open_wave(make_cycle(6), linked=True)
    with on(1):
        token = next(iter(tokens(wave).values()))
        answers.submit(token=token, answers={"TC1": "4"}, code="00000000")
        with pytest.raises(answers.Gone):
            answers.submit(token=token, answers={"TC1": "4"}, code="00000000")
    assert OpenAnswer.objects.count() == 1


# --- A chosen list ----------------------------------------------------------------------------------------------------
def test_no_page_takes_a_list_of_people():
    with on(0):
        cycle = make_cycle(5)
        one = cycle.programme.pairs.first().members.first().person
        chosen = {"closes_on": day(21), "people": [one.pk], "person": one.pk, "sides": "helper", "invited": 1}
        client_of(referent_of(cycle.programme)).post(
            reverse(URL, args=[cycle.programme.slug, cycle.ref, "depart"]), chosen
        )
    wave = Wave.objects.get()
    assert wave.invited == wave.invitations.count() == 10


def test_the_service_takes_no_list_either():
    with on(0), pytest.raises(TypeError):
        open_wave(make_cycle(5), people=[])


def test_the_same_people_are_not_asked_again_under_another_name():
    """Two nearly equal batches a week apart would show who left: the programme waits ninety days."""
    with on(0):
        cycle = make_cycle(4)
        open_wave(cycle)
    with on(7):
        other = make_cycle_of(cycle.programme, 2)
        with pytest.raises(DomainError, match="90 jours"):
            open_wave(other)


def make_cycle_of(programme, number):
    """Another cycle of the same programme with the same pairs."""
    made = programme.cycles.create(number=number, starts=day(-5), ends=day(170))
    programme.pairs.update(cycle=made)
    return made


# --- An early closing -------------------------------------------------------------------------------------------------
@pytest.fixture
def wave():
    with on(0):
        wave = open_wave(make_cycle(4))
        for token in list(tokens(wave).values())[:1]:
            answers.submit(token=token, answers={"TC1": "4"})
    return wave


def by_hand(statement: str, *values) -> None:
    with (
        pytest.raises(DatabaseError, match="survey|constraint|closed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


def test_one_answer_is_not_read_by_closing_at_once(wave):
    close = reverse("evaluation:close_survey", args=[wave.programme.slug, wave.ref])
    with on(1):
        with pytest.raises(DomainError, match="reste ouverte"):
            closing.close(wave=wave, by=None)
        client_of(referent_of(wave.programme)).post(close)
        with pytest.raises(DomainError, match="ne se lisent pas"):
            answers.of(wave)
    wave.refresh_from_db()
    assert wave.state == WaveState.OPEN


def test_the_database_refuses_it_too(wave):
    by_hand("UPDATE evaluation_wave SET state = 'closed', closed_at = %s, key = ''", f"{day(1)} 10:00:00+00:00"[:19])
    by_hand("UPDATE evaluation_wave SET closes_on = %s", f"{day(1)}")
    by_hand("UPDATE evaluation_wave SET state = 'closed'")


def test_a_wave_of_less_than_fourteen_days_is_refused_by_the_database():
    with on(0):
        cycle = make_cycle(4)
        with pytest.raises(DomainError, match="14"):
            open_wave(cycle, days=13)
        with pytest.raises(DatabaseError, match="fourteen"), transaction.atomic():
            waves.start(cycle=cycle, moment=Moment.T0, closes_on=day(13), people={}, pairs=4)


def test_closing_on_the_day_after_is_not_refused_wherever_the_employer_lives(wave):
    """Just after midnight in Paris it is still the last day in UTC."""
    with clock.at(dt.datetime.combine(day(21), dt.time(23, 30), dt.UTC)):
        closing.close(wave=wave, by=None)
    assert wave.state == WaveState.CLOSED
