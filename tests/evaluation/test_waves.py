"""Opening a survey: a whole batch or nothing, a plan frozen at opening, what stands for it, who hears of it."""

import re

import pytest
from django.core import mail as outbox
from django.urls import reverse

from evaluation.enums import Moment, WaveState
from evaluation.models import CollectiveTalk, Questionnaire, Ticket, Wave, WaveInvitation
from evaluation.services import answers, instead, questionnaires, waves
from portal import registry
from portal.errors import DomainError
from portal.models import JournalEntry, OutgoingMail, Person
from programmes.enums import Side
from programmes.services import rollout
from tests.builders import client_of, make_pair, make_participation, make_person, make_programme, referent_of
from tests.evaluation.surveys import day, make_cycle, on, open_wave, pairs_of, physically, tokens
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    with on(0):
        yield


@pytest.fixture
def cycle(now):
    return make_cycle()


# --- Questionnaires ---------------------------------------------------------------------------------------------------
def test_questionnaires_are_loaded_once_and_never_change_under_their_number(monkeypatch):
    first, again = questionnaires.load(), questionnaires.load()
    assert first == again and Questionnaire.objects.count() == 8
    row = {"code": first["participants", "t0"].code, "public": "participants", "moment": "t0", "number": 1}
    changed = {"items": {}, "questionnaires": [{**row, "title": "x", "parts": []}]}
    monkeypatch.setattr(questionnaires, "_source", lambda: changed)
    with pytest.raises(ValueError, match="new number"):
        questionnaires.load()


def test_both_sides_are_asked_the_common_core_at_every_moment():
    core = {f"TC{n}" for n in range(1, 7)}
    few = {"helper": 4, "helped": 4}
    asked = {m: questionnaires.asked(questionnaires.latest(moment=m), few) for m in ("t0", "mid", "end", "later")}
    assert set(asked["t0"]) == set(asked["later"]) == core
    assert set(asked["mid"]) == core | {"NEG"}
    assert set(asked["end"]) == core | {"TC7", "TC8", "NEG", "REC"}
    assert all(sides == {"helper", "helped"} for questions in asked.values() for sides in questions.values())


def test_a_question_of_one_side_is_asked_from_seven_invitations_of_that_side():
    questionnaire = questionnaires.latest(moment="t0")
    few = questionnaires.asked(questionnaire, {"helper": 6, "helped": 7})
    assert few["ISO1"] == {"helped"} and "PRE1" not in few
    assert questionnaires.asked(questionnaire, {"helper": 7, "helped": 7})["PRE1"] == {"helper"}


def test_no_question_is_put_twice_to_the_same_person():
    for questionnaire in questionnaires.load().values():
        items = questionnaires.items_of(questionnaire)
        assert len({item.code for item in items}) == len({item.text for item in items}) == len(items)


# --- Opening ----------------------------------------------------------------------------------------------------------
def test_the_whole_batch_is_asked_once_each(cycle):
    twice = make_participation(cycle.programme, Side.HELPER, places=2)
    waiting = make_participation(cycle.programme, Side.HELPED)
    idle = make_participation(cycle.programme, Side.HELPER)
    for _ in range(2):
        make_pair(cycle.programme, helper=twice, answered=False, framed=False)
    wave = open_wave(cycle)
    people = list(wave.invitations.values_list("person", flat=True))
    assert len(people) == len(set(people)) == wave.invited == wave.tickets.count() == 12
    assert wave.pairs_invited == 6
    assert idle.person_id in people, "an accepted helper is asked before any pair"
    assert waiting.person_id not in people, "no pair yet: this person belongs to a later batch"


def test_fewer_than_seven_people_are_not_asked(now):
    cycle = make_cycle(3)
    with pytest.raises(DomainError, match="Moins de 7 personnes"):
        open_wave(cycle)
    assert not Wave.objects.exists() and not Ticket.objects.exists()


def test_people_without_an_account_do_not_help_to_reach_seven(now):
    cycle = make_cycle(4)
    for pair in pairs_of(cycle.programme)[:2]:
        Person.objects.filter(memberships__pair=pair).update(user=None)
    with pytest.raises(DomainError, match="Moins de 7 personnes"):
        open_wave(cycle)


@pytest.mark.parametrize(("days", "accepted"), [(13, False), (14, True), (60, True), (61, False)])
def test_a_wave_stays_open_fourteen_to_sixty_days(cycle, days, accepted):
    if accepted:
        assert open_wave(cycle, days=days).closes_on == day(days)
    else:
        with pytest.raises(DomainError, match="de 14 à 60 jours"):
            open_wave(cycle, days=days)


def test_a_wave_opens_once(cycle):
    open_wave(cycle)
    with pytest.raises(DomainError, match="déjà eu lieu"):
        open_wave(cycle)
    assert Wave.objects.count() == 1


def test_two_waves_of_a_programme_are_ninety_days_apart(now):
    cycle = make_cycle(starts=-10, ends=80, answered=True, framed=True)
    open_wave(cycle)
    with on(89), pytest.raises(DomainError, match="moins de 90 jours"):
        open_wave(cycle, Moment.END)
    with on(90):
        assert open_wave(cycle, Moment.END).state == WaveState.OPEN


def test_the_plan_is_frozen_at_opening_with_one_partition_for_each_question(cycle, monkeypatch):
    wave = open_wave(cycle)
    assert wave.plan == {f"TC{n}": "whole" for n in range(1, 7)}
    assert (wave.rules_version, wave.questionnaire.code) == (1, "participants-depart")


def test_a_question_is_planned_by_side_when_each_side_has_eleven_invitations(now):
    cycle = make_cycle(0)
    people = {make_person(): (Side.HELPER, Side.HELPED)[number % 2] for number in range(22)}
    wave = waves.start(cycle=cycle, moment=Moment.T0, closes_on=day(21), people=people, pairs=11)
    assert wave.plan["TC1"] == "by_side"
    assert wave.plan["ISO1"] == wave.plan["PRE1"] == "whole", "asked of one side: that side is the whole"


def test_tickets_say_nothing_about_the_order_of_invitations(cycle):
    wave = open_wave(cycle)
    hashes = [waves.digest(token) for token in tokens(wave).values()]
    stored = physically(Ticket, wave, "hash")
    assert sorted(hashes) == sorted(stored)
    assert hashes != stored


# --- The gate ---------------------------------------------------------------------------------------------------------
def test_issuing_clears_the_gate_of_the_cycles_pairs_and_of_those_formed_later(cycle):
    open_wave(cycle)
    assert {pair.baseline_how for pair in pairs_of(cycle.programme)} == {"issued"}
    late = make_pair(cycle.programme, answered=False, framed=False)
    assert late.baseline_how == "after_issue" and late.baseline_ok_at


def test_a_small_cycle_talks_instead_and_its_pairs_may_begin(now):
    cycle = make_cycle(2)
    by = referent_of(cycle.programme)
    with pytest.raises(DomainError, match="une fois qu’il a eu lieu"):
        instead.note_talk(cycle=cycle, moment=Moment.T0, on=day(1), by=by)
    assert not any(pair.baseline_ok_at for pair in pairs_of(cycle.programme))
    instead.note_talk(cycle=cycle, moment=Moment.T0, on=day(-1), by=by)
    late = make_pair(cycle.programme, answered=False, framed=False)
    assert {pair.baseline_how for pair in [*pairs_of(cycle.programme), late]} == {"collective_talk"}
    assert CollectiveTalk.objects.get().on == day(-1)


def test_a_talk_does_not_replace_a_survey_that_is_possible(cycle):
    with pytest.raises(DomainError, match="Une enquête est possible"):
        instead.note_talk(cycle=cycle, moment=Moment.T0, on=day(-1), by=None)


def test_a_departure_due_too_soon_leans_on_the_previous_wave(now):
    first = make_cycle(starts=-10, ends=40)
    programme = first.programme
    open_wave(first)
    with on(50):
        second = rollout.add_cycle(programme=programme, starts=day(50), ends=day(200), by=referent_of(programme))
        pairs = [make_pair(programme, answered=False, framed=False) for _ in range(4)]
        assert not any(pair.baseline_ok_at for pair in pairs)
        with pytest.raises(DomainError, match="moins de 90 jours"):
            open_wave(second)
        instead.lean_on_previous(cycle=second, by=referent_of(programme))
        late = make_pair(programme, answered=False, framed=False)
    assert {pair.baseline_how for pair in pairs_of(programme)[4:]} == {"previous_wave"} == {late.baseline_how}


def test_without_a_recent_wave_there_is_nothing_to_lean_on(cycle):
    with pytest.raises(DomainError, match="ne peut en tenir lieu"):
        instead.lean_on_previous(cycle=cycle, by=None)


# --- Mails ------------------------------------------------------------------------------------------------------------
def test_each_person_gets_one_neutral_mail_with_their_own_link(cycle, committed):
    outbox.outbox.clear()
    with committed():
        wave = open_wave(cycle)
    sent = {message.to[0]: message for message in outbox.outbox if "quelques questions" in message.subject}
    assert len(sent) == 8
    for person, token in tokens(wave).items():
        message = sent[person.user.email]
        assert f"/r/{token}/" in message.body
        assert not re.search(r"handicap|santé|pair-aid|binôme|enquête", message.subject + message.body, re.IGNORECASE)


def test_the_rows_of_the_mails_hold_no_token(cycle, committed):
    with committed():
        wave = open_wave(cycle)
    rows = OutgoingMail.objects.filter(kind=waves.MAIL)
    text = " ".join(f"{row.key} {row.object_ref} {row.payload.token} {row.address.token}" for row in rows)
    assert rows.count() == 8
    assert not any(token in text or waves.digest(token) in text for token in tokens(wave).values())


def test_reminders_go_to_everybody_and_once_a_week_at_most(cycle):
    wave = open_wave(cycle)
    with on(6), pytest.raises(DomainError, match="moins d’une semaine"):
        waves.remind(wave=wave, by=None)
    Ticket.objects.filter(wave=wave).update(used=True)
    before = OutgoingMail.objects.count()
    with on(7):
        assert waves.remind(wave=wave, by=None) == 8
        with pytest.raises(DomainError, match="moins d’une semaine"):
            waves.remind(wave=wave, by=None)
    assert OutgoingMail.objects.count() == before + 8
    with on(22), pytest.raises(DomainError, match="close"):
        waves.remind(wave=wave, by=None)


def test_asking_for_ones_link_again_leaves_the_invitation_as_it_was(cycle):
    wave = open_wave(cycle)
    invitation = wave.invitations.select_related("wave", "person").first()
    columns = ("ref", "wave", "person", "side", "last_sent_on")
    before = WaveInvitation.objects.filter(pk=invitation.pk).values(*columns).get(), waves.token_of(invitation)
    with on(3):
        waves.send_again(invitation=invitation)
        waves.send_again(invitation=invitation)
    after = WaveInvitation.objects.filter(pk=invitation.pk).values(*columns).get(), waves.token_of(invitation)
    assert after == before
    assert OutgoingMail.objects.filter(object_ref=invitation.ref).count() == 2, "the first one, and one a day"


# --- Pages ------------------------------------------------------------------------------------------------------------
def address(name: str, cycle, *arguments) -> str:
    return reverse(f"evaluation:{name}", args=[cycle.programme.slug, *arguments])


def test_the_referent_opens_a_survey_from_the_page(cycle):
    client = client_of(referent_of(cycle.programme))
    page = client.get(address("surveys", cycle)).content.decode()
    url = address("open_survey", cycle, cycle.ref, "depart")
    assert url in page
    assert "8 personnes" in client.get(url).content.decode()
    wrong = client.post(url, {"closes_on": day(3).isoformat()}).content.decode()
    assert "de 14 à 60 jours" in wrong and day(3).isoformat() in wrong
    assert client.post(url, {"closes_on": day(21).isoformat()}).status_code == 302
    assert "ouverte" in client.get(address("surveys", cycle)).content.decode()
    assert "ne peut pas s’ouvrir" in client.get(url).content.decode()


def test_the_referent_notes_a_talk_from_the_page(now):
    cycle = make_cycle(2)
    client = client_of(referent_of(cycle.programme))
    url = address("talk", cycle, cycle.ref, "depart")
    assert url in client.get(address("surveys", cycle)).content.decode()
    assert client.post(url, {"on": day(-2).isoformat()}).status_code == 302
    assert "en tient lieu" in client.get(address("surveys", cycle)).content.decode()


def test_the_pages_of_the_referent_are_the_same_whoever_answers(cycle):
    """Every page she can open on the wave, byte for byte, before and after an answer."""
    wave = open_wave(cycle)
    client = client_of(referent_of(cycle.programme))
    slug = cycle.programme.slug
    pages = [address("surveys", cycle), reverse("programmes:home", args=[slug]), reverse("pairing:pairs", args=[slug])]
    pages += [reverse("evaluation:reports", args=[slug])]

    def read() -> list[str]:
        hidden = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
        return [hidden.sub("", client.get(page).content.decode()) for page in pages]

    client.get(pages[0])
    before, entries = read(), JournalEntry.objects.exclude(verb__in=["read_list", "read_file"]).count()
    for token in list(tokens(wave).values())[:5]:
        answers.submit(token=token, answers={"TC1": "4"})
    assert read() == before
    assert JournalEntry.objects.exclude(verb__in=["read_list", "read_file"]).count() == entries


def test_only_the_referent_of_the_programme_opens_these_pages(cycle):
    wave = open_wave(cycle)
    member = wave.invitations.first().person
    employer = cycle.programme.lead_employer
    strangers = [referent_of(make_programme()), make_person(employer, roles=("hr_signatory",)), member]
    pages = [
        address("surveys", cycle),
        address("open_survey", cycle, cycle.ref, "fin"),
        address("talk", cycle, cycle.ref, "fin"),
    ]
    posts = [address("remind_survey", cycle, wave.ref), address("close_survey", cycle, wave.ref)]
    for stranger in strangers:
        client = client_of(stranger)
        assert {client.get(page).status_code for page in pages} == {404}
        assert {client.post(page).status_code for page in posts} == {404}
    other = client_of(referent_of(make_programme()))
    own = referent_of(make_programme()).programme_roles.get().programme
    assert other.post(reverse("evaluation:remind_survey", args=[own.slug, wave.ref])).status_code == 404


def test_an_agent_sees_what_they_are_asked_and_never_that_they_answered(cycle):
    wave = open_wave(cycle)
    person, token = next(iter(tokens(wave).items()))
    client, url = client_of(person), reverse("evaluation:my_surveys")

    def read() -> str:
        return re.sub(r'value="[^"]+"', "", client.get(url).content.decode())

    before = read()
    assert "Questionnaire de départ" in before
    answers.submit(token=token, answers={"TC1": "4"})
    assert read() == before
    invitation = wave.invitations.get(person=person)
    again = reverse("evaluation:send_survey_again", args=[invitation.ref])
    assert client.post(again).status_code == 302
    assert client_of(make_person(cycle.programme.lead_employer)).post(again).status_code == 404
    with on(22):
        assert "Aucune enquête en ce moment" in client.get(url).content.decode()


def test_ones_own_data_name_the_invitation_and_erasure_takes_it_away(cycle):
    wave = open_wave(cycle)
    person = wave.invitations.first().person
    client = client_of(person)
    assert "personne ne peut les retrouver" in client.get(reverse("portal:my_data")).content.decode()
    for hook in registry.hooks(registry.ERASURE):
        hook(person)
    assert not WaveInvitation.objects.filter(person=person).exists()
    assert wave.tickets.count() == 8, "the ticket says nothing about whose it was"


def test_the_list_costs_the_same_with_one_cycle_and_with_three(now):
    programme = make_programme()
    client = client_of(referent_of(programme))
    numbers = iter(range(20))

    def add() -> None:
        start = next(numbers) * 40 - 1000
        rollout.add_cycle(programme=programme, starts=day(start), ends=day(start + 39), by=None)

    assert_same_queries(lambda: client.get(reverse("evaluation:surveys", args=[programme.slug])), add)


def test_the_end_survey_waits_for_the_second_half_of_the_cycle(now):
    cycle = make_cycle(starts=-10, ends=170)
    with pytest.raises(DomainError, match="à partir du"):
        open_wave(cycle, Moment.END)
    with on(79):
        assert "à partir du" in waves.standing(cycle, Moment.END).refusal
    with on(80):
        assert "à partir du" not in waves.standing(cycle, Moment.END).refusal
