"""The inscription, step by step: nothing lost, nothing shown to anybody else, nothing sent before the end."""

import datetime as dt
import json

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from portal import clock
from portal.models import OutgoingMail, Unit
from portal.typography import french
from programmes.joining_steps import STEPS, steps_for
from programmes.models import JoinDraft, Participation, Theme
from programmes.services import avoid, erasure, joining, retention
from tests.builders import client_of, make_employer, make_person, make_programme
from tests.programmes.joining_walk import send, url_of, walk

pytestmark = pytest.mark.django_db
CANARY = "CANARI de brouillon"


@pytest.fixture
def programme():
    return make_programme(wishes_on_presentations=True)


@pytest.fixture
def person(programme):
    return make_person(programme.lead_employer)


# --- To the end -----------------------------------------------------------------------------------------------------
def test_everything_answered_arrives_and_the_draft_goes(programme, person):
    unit = Unit.objects.create(employer=programme.lead_employer, name="Direction des parcs")
    answer = walk(
        client_of(person),
        programme,
        side="helper",
        experience="on",
        themes=["retour"],
        exchange_needs=["written"],
        setting="field",
        lived=["career"],
        lived_used="on",
        free_text="Mes mots",
        readers=["pair"],
        presentation="Ma présentation",
        presentation_published="on",
        places="1",
        meeting_place="outside",
        units=[str(unit.ref)],
    )
    row = Participation.objects.get(person=person)
    assert answer.headers["Location"] == reverse("programmes:my_participation", args=[row.ref])
    assert (row.side, row.places, row.setting, row.lived) == ("helper", 1, "field", ["career"])
    assert (row.readers, row.presentation_published, row.meeting_place) == (["pair"], True, "outside")
    assert row.free_text.open(row.ref) == "Mes mots" and list(row.themes.all()) == [Theme.objects.get(pk="retour")]
    assert row.information_read_at and not JoinDraft.objects.exists()
    assert avoid.targets_of([person.pk])[person.pk].units == {unit.pk}


def test_nothing_optional_is_needed_and_what_is_not_agreed_to_is_not_kept(programme, person):
    walk(client_of(person), programme, lived=["career"])
    row = Participation.objects.get(person=person)
    assert row.lived == [] and row.readers == [] and not row.presentation_published


def test_nothing_is_sent_nor_told_before_the_last_page(programme, person):
    walk(client_of(person), programme, upto="recapitulatif")
    assert not Participation.objects.filter(person=person).exists()
    assert not OutgoingMail.objects.filter(person=person).exists()


def test_the_last_page_sent_twice_is_one_inscription(programme, person):
    client = client_of(person)
    walk(client, programme, upto="recapitulatif")
    page = client.get(url_of(programme, "recapitulatif"))
    fields = {"receipt": page.context["form"]["receipt"].value(), "move": "next"}
    answers = [client.post(url_of(programme, "recapitulatif"), fields) for _ in range(2)]
    row = Participation.objects.get(person=person)
    assert {answer.headers["Location"] for answer in answers} == {
        reverse("programmes:my_participation", args=[row.ref])
    }


def test_a_step_left_out_is_named_on_the_summary_and_stops_the_sending(programme, person):
    client = client_of(person)
    send(client, programme, "cote", side="helped")
    send(client, programme, "disponibilites", channels=[])
    page = client.get(url_of(programme, "recapitulatif"))
    assert [step.slug for step in page.context["missing"]] == [
        *("besoins", "moi", "disponibilites", "pas-avec", "qui-voit-quoi", "information")
    ]
    client.post(url_of(programme, "recapitulatif"), {"receipt": page.context["form"]["receipt"].value()})
    assert not Participation.objects.exists()


def test_going_back_keeps_what_does_not_stand_yet(programme, person):
    client = client_of(person)
    send(client, programme, "cote", side="helped")
    answer = send(client, programme, "disponibilites", move="back", slots=["3"])
    assert answer.headers["Location"] == url_of(programme, "moi")
    page = client.get(url_of(programme, "disponibilites")).content.decode()
    assert 'value="3"' in page and "checked" in page.partition('value="3"')[2][:120]


def test_a_page_never_answered_offers_what_its_fields_propose(programme, person):
    client = client_of(person)
    send(client, programme, "cote", side="helper")
    assert client.get(url_of(programme, "disponibilites")).context["form"]["places"].value() == 1


def test_an_error_keeps_the_page_as_typed_and_the_draft_too(programme, person):
    client = client_of(person)
    send(client, programme, "cote", side="helped")
    answer = send(client, programme, "disponibilites", slots=["3"])
    assert answer.status_code == 200 and "channels" in answer.context["form"].errors
    assert joining.read(joining.find(person, programme)).steps["disponibilites"]["slots"] == ["3"]


def test_no_moment_at_all_is_refused_on_its_own_page(programme, person):
    client = client_of(person)
    send(client, programme, "cote", side="helped")
    answer = send(client, programme, "disponibilites", channels=["phone"], slots=[])
    assert answer.status_code == 200 and "slots" in answer.context["form"].errors
    answer = send(client, programme, "disponibilites", channels=["phone"], slots=[], variable_hours="on")
    assert answer.headers["Location"] == url_of(programme, "pas-avec")


def test_changing_sides_asks_for_what_this_side_must_read(programme, person):
    client = client_of(person)
    walk(client, programme, upto="recapitulatif")
    send(client, programme, "cote", side="helper")
    page = client.get(url_of(programme, "recapitulatif"))
    assert [step.slug for step in page.context["missing"]] == ["information"]


def test_the_experience_tick_is_never_kept(programme, person):
    client = client_of(person)
    walk(client, programme, upto="recapitulatif", side="helper", experience="on", places="1")
    draft = JoinDraft.objects.get()
    assert "experience" not in draft.content.open(draft.ref)


def test_not_knowing_leads_to_a_voice_and_loses_nothing(programme, person):
    client = client_of(person)
    answer = send(client, programme, "cote", side="unsure")
    page = client.get(answer.headers["Location"]).content.decode()
    assert reverse("programmes:talk", args=[programme.slug]) in page
    assert client.get(url_of(programme, "moi")).headers["Location"] == url_of(programme, "cote")
    assert JoinDraft.objects.get().person == person


def test_the_helpers_warning_is_read_before_the_first_field(programme, person):
    door = reverse("programmes:join_side", args=[programme.slug, "accompagner"])
    page = client_of(person).get(door).content.decode()
    said = page.index("RH et encadrant sauront que vous avez une mission, pas pourquoi")
    assert said < page.index('name="side"')
    assert "checked" in page.partition('value="helper"')[2][:120]


@pytest.mark.parametrize("step", [step.slug for step in steps_for(places=False)])
def test_each_step_has_short_sentences_too_and_they_last(programme, person, step):
    client = client_of(person)
    walk(client, programme, upto="recapitulatif")
    page = client.get(url_of(programme, step) + "?simple=1").content.decode()
    assert french(next(one.simple for one in STEPS if one.slug == step)) in page.replace("&#x27;", "'")
    assert f'action="{url_of(programme, step)}?simple=1"' in page


# --- The draft is its owner's ----------------------------------------------------------------------------------------
def test_a_draft_is_sealed_and_its_owner_alone_reads_it(programme, person):
    client = client_of(person)
    send(client, programme, "cote", side="helped")
    send(client, programme, "moi", free_text=CANARY)
    assert CANARY in client.get(url_of(programme, "moi")).content.decode()
    other = client_of(make_person(programme.lead_employer))
    send(other, programme, "cote", side="helped")
    assert CANARY not in other.get(url_of(programme, "moi")).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("select * from programmes_joindraft")
        assert CANARY not in str(cursor.fetchall())


def test_strangers_have_no_inscription_here(programme):
    stranger = client_of(make_person(make_employer()))
    for name, more in (("join_resume", []), ("join_step", ["cote"]), ("join_unsure", [])):
        assert stranger.get(reverse(f"programmes:{name}", args=[programme.slug, *more])).status_code == 404
    assert stranger.post(reverse("programmes:join_drop", args=[programme.slug])).status_code == 404


def test_reading_writes_nothing(programme, person):
    client = client_of(person)
    for name, more in (("join_resume", []), ("join_step", ["cote"]), ("join_unsure", [])):
        client.get(reverse(f"programmes:{name}", args=[programme.slug, *more]))
    assert not JoinDraft.objects.exists()


def test_it_resumes_where_it_was_left_for_a_week_then_goes(programme, person):
    client = client_of(person)
    send(client, programme, "cote", side="helped")
    send(client, programme, "besoins")
    resume = reverse("programmes:join_resume", args=[programme.slug])
    assert client.get(resume).headers["Location"] == url_of(programme, "moi")
    assert "Votre inscription n’est pas finie" in client.get(reverse("portal:my_space")).content.decode()
    JoinDraft.objects.update(changed_at=clock.now() - dt.timedelta(days=7, minutes=1))
    assert client.get(resume).headers["Location"] == url_of(programme, "cote")
    (rule,) = [rule for rule in retention.rules() if rule.code == "drafts"]
    assert rule.apply() == 1 and not JoinDraft.objects.exists()


def test_it_is_taken_away_with_my_data_erased_with_me_and_dropped_when_i_say_so(programme, person):
    client = client_of(person)
    send(client, programme, "cote", side="helped")
    send(client, programme, "moi", free_text=CANARY)
    held = json.loads(client.post(reverse("portal:export_my_data")).content)["donnees"]
    assert CANARY in held["programmes.JoinDraft"][0]["content"]
    client.post(reverse("programmes:join_drop", args=[programme.slug]))
    assert not JoinDraft.objects.exists()
    send(client, programme, "cote", side="helped")
    erasure.erase(person=person)
    assert not JoinDraft.objects.exists()


# --- The session ends ------------------------------------------------------------------------------------------------
def typed_then_expired(programme, person, **typed):
    """A page filled in whose session has ended: the browser, and the form it is about to send."""
    client = client_of(person)
    send(client, programme, "cote", side="helped")
    page = client.get(url_of(programme, "moi"))
    client.session.flush()
    client.cookies.pop("resonance")
    return client, {page.context["token_field"]: page.context["token"], "move": "next", **typed}


def test_a_page_sent_after_the_session_ended_is_kept_and_found_after_signing_in(programme, person):
    client, form = typed_then_expired(programme, person, free_text=CANARY, setting="field")
    answer = client.post(url_of(programme, "moi"), form)
    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert CANARY not in client.get(answer.headers["Location"]).content.decode()
    again = client_of(person)
    assert again.get(reverse("programmes:join_resume", args=[programme.slug])).headers["Location"] == url_of(
        programme, "moi"
    )
    page = again.get(url_of(programme, "moi")).content.decode()
    assert CANARY in page and "Rien n’est perdu" in page
    send(again, programme, "moi", free_text=CANARY)
    assert not JoinDraft.objects.get().late
    assert "Rien n’est perdu" not in again.get(url_of(programme, "moi")).content.decode()


def test_what_came_late_never_replaces_what_was_kept(programme, person):
    send(client_of(person), programme, "cote", side="helped")
    send(client_of(person), programme, "moi", free_text="Gardé")
    client, form = typed_then_expired(programme, person, free_text="Tard")
    client.post(url_of(programme, "moi"), form)
    assert joining.read(joining.find(person, programme)).steps["moi"]["free_text"] == ["Gardé"]


def test_somebody_else_on_the_same_browser_reads_nothing_and_the_author_finds_it(programme, person):
    client, form = typed_then_expired(programme, person, free_text=CANARY)
    other = make_person(programme.lead_employer)
    client.cookies.update(client_of(other).cookies)
    answer = client.post(url_of(programme, "moi"), form, follow=True)
    assert answer.redirect_chain[0][0] == reverse("portal:my_space")
    for url in (url_of(programme, "cote"), url_of(programme, "moi"), reverse("portal:my_space")):
        assert CANARY not in client.get(url, follow=True).content.decode()
    assert not JoinDraft.objects.filter(person=other).exists()
    assert CANARY in client_of(person).get(url_of(programme, "moi")).content.decode()


def test_a_cross_site_token_that_changed_is_no_loss(programme, person):
    """Signed in again in another window: the old page's token of the session no longer holds, ours does."""
    client, form = typed_then_expired(programme, person, free_text=CANARY)
    strict = client_of(person)
    strict.handler.enforce_csrf_checks = True
    answer = strict.post(url_of(programme, "moi"), form)
    assert answer.headers["Location"] == url_of(programme, "moi")
    assert CANARY in strict.get(url_of(programme, "moi")).content.decode()
    assert joining.read(joining.find(person, programme)).steps.get("moi") is None, "kept aside, not taken as sent"


@pytest.mark.parametrize("spoil", ["no token", "forged", "too old", "too big", "too many"])
def test_nothing_is_kept_without_a_sound_token(programme, person, spoil, settings):
    client, form = typed_then_expired(programme, person, free_text=CANARY)
    name = next(key for key in form if key.endswith("token"))
    if spoil == "no token":
        del form[name]
    if spoil == "forged":
        form[name] = form[name][:-3] + "abc"
    if spoil == "too big":
        form["free_text"] = CANARY * 6000
    if spoil == "too many":
        settings.ACCOUNT_RATE_LIMITS = {"late_form": "1/h/key"}
        client.post(url_of(programme, "besoins"), {name: form[name]})
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=8 if spoil == "too old" else 0), tick=False):
        answer = client.post(url_of(programme, "moi"), form)
    assert answer.headers["Location"].startswith(reverse("account_login"))
    draft = JoinDraft.objects.get()
    assert CANARY not in draft.late.open(draft.ref)


def test_the_page_says_until_when_and_one_click_makes_it_last(programme, person):
    client = client_of(person)
    assert "Votre session dure jusqu’à" in client.get(url_of(programme, "cote")).content.decode()
    before = client.session.get_expiry_date() + clock.ahead  # Django's own clock is the real one
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=2), tick=False):
        said = client.post(reverse("portal:prolong_session"), headers={"Accept": "application/json"}).json()
    assert dt.datetime.fromisoformat(said["ends"]) > before + dt.timedelta(hours=1)
    assert client.post(reverse("portal:prolong_session")).status_code == 302
