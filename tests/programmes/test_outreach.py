"""Sensibilisation: numbers without names, and testimonies that only two people know of."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal import clock
from portal.errors import Conflict, DomainError, Refused
from portal.models import JournalEntry, StoredDocument, Unit
from portal.services import erasure as erasing
from programmes import models
from programmes.enums import ProgrammeRoleKind, SessionState
from programmes.library_hooks import cards, personal_data, todo
from programmes.models import Outreach
from programmes.services import outreach, rollout
from tests.builders import client_of, make_employer, make_participation, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme()


def plan(programme, *, days=7, kind="testimony", **fields):
    on = clock.today(programme.time_zone) + dt.timedelta(days=days)
    return outreach.plan(programme=programme, kind=kind, on=on, by=referent_of(programme), **fields)


def asked(programme, row=None):
    """Somebody who takes part, asked to testify at an action to come."""
    person = make_participation(programme, "helper").person
    row = row or plan(programme)
    return outreach.ask_testimony(outreach=row, person=person, by=referent_of(programme))


def page_of(row, person):
    url = reverse("programmes:outreach_action", args=[row.programme.slug, row.ref])
    return client_of(person).get(url).content.decode()


def add_deputy(programme):
    deputy = make_person(programme.lead_employer, "Suppléante")
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=referent_of(programme))
    return deputy


# --- Actions --------------------------------------------------------------------------------------------------------
def test_an_action_is_held_with_numbers_then_corrected(programme):
    row = plan(programme, days=-1)
    by = referent_of(programme)
    outreach.record_held(outreach=row, numbers={"agents": 12, "managers": 3, "hr": 0}, seen=row.version, by=by)
    assert dict(row.numbers.values_list("audience", "people")) == {"agents": 12, "managers": 3}
    outreach.record_held(outreach=row, numbers={"agents": 11}, seen=row.version, by=by)
    assert dict(row.numbers.values_list("audience", "people")) == {"agents": 11}
    assert Outreach.objects.get().state == SessionState.HELD


def test_nothing_is_held_before_its_day_nor_after_it_was_cancelled(programme):
    row, by = plan(programme, days=1), referent_of(programme)
    with pytest.raises(DomainError, match="pas encore eu lieu"):
        outreach.record_held(outreach=row, numbers={}, seen=row.version, by=by)
    outreach.cancel(outreach=row, by=by)
    row.refresh_from_db()
    with pytest.raises(DomainError, match="annulée"):
        outreach.record_held(outreach=row, numbers={}, seen=row.version, by=by)
    held = plan(programme, days=-1)
    outreach.record_held(outreach=held, numbers={}, seen=held.version, by=by)
    with pytest.raises(DomainError, match="prévue"):
        outreach.cancel(outreach=held, by=by)


def test_two_people_who_count_at_once_do_not_overwrite_each_other(programme):
    row, by = plan(programme, days=-1), referent_of(programme)
    seen = row.version
    outreach.record_held(outreach=row, numbers={"agents": 5}, seen=seen, by=by)
    with pytest.raises(Conflict):
        outreach.record_held(outreach=row, numbers={"agents": 9}, seen=seen, by=by)
    assert row.numbers.get().people == 5


def test_units_are_directions_of_the_employer(programme):
    ours = Unit.objects.create(employer=programme.lead_employer, name="Direction de l’eau")
    Unit.objects.create(employer=programme.lead_employer, parent=ours, name="Usine", is_team=True)
    theirs = Unit.objects.create(employer=make_employer(), name="Direction ailleurs")
    assert list(outreach.directions(programme)) == [ours]
    with pytest.raises(DomainError, match="directions de l’employeur"):
        plan(programme, units=[theirs])
    assert list(plan(programme, units=[ours]).units.all()) == [ours]


@pytest.mark.parametrize("number", ["-1", "x", "999999999999"])
def test_a_wrong_number_keeps_what_was_typed(programme, number):
    row = plan(programme, days=-1)
    url = reverse("programmes:outreach_action", args=[programme.slug, row.ref])
    page = client_of(referent_of(programme)).post(url, {"seen": row.version, "agents": number, "managers": "38"})
    assert page.status_code == 200 and 'value="38"' in page.content.decode()
    assert not row.numbers.exists()


def test_from_planning_to_numbers_in_the_browser(programme):
    client = client_of(referent_of(programme))
    day = clock.today(programme.time_zone)
    sent = {"kind": "managers", "on": day.isoformat(), "minutes": "90", "place": "Salle du conseil"}
    there = client.post(reverse("programmes:outreach_plan", args=[programme.slug]), sent)
    client.post(there.url, {"seen": 1, "managers": "14"})
    row = Outreach.objects.get()
    assert (row.state, row.numbers.get().people) == ("held", 14)
    change = reverse("programmes:outreach_change", args=[programme.slug, row.ref])
    tomorrow = (day + dt.timedelta(days=1)).isoformat()
    assert "date passée" in client.post(change, {**sent, "seen": row.version, "on": tomorrow}).content.decode()
    client.post(change, {**sent, "seen": row.version, "place": "Salle B"})
    assert Outreach.objects.get().place == "Salle B"


def test_the_list_makes_as_many_queries_with_many_actions(programme):
    client, url = client_of(referent_of(programme)), reverse("programmes:outreach", args=[programme.slug])

    def add():
        row = plan(programme, days=-1)
        outreach.record_held(outreach=row, numbers={"agents": 3}, seen=row.version, by=referent_of(programme))

    assert_same_queries(lambda: client.get(url), add)


# --- Materials ------------------------------------------------------------------------------------------------------
def png():
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(out, "PNG")
    return out.getvalue()


def test_a_material_is_kept_read_by_the_team_and_removed(programme):
    row, client = plan(programme), client_of(referent_of(programme))
    url = reverse("programmes:outreach_material", args=[programme.slug, row.ref])
    refused = client.post(url, {"file": SimpleUploadedFile("x.html", b"<script>")})
    assert "PDF, PNG ou JPEG" in refused.content.decode() and not row.materials.exists()
    client.post(url, {"file": SimpleUploadedFile("x.png", png())})
    document = row.materials.get()
    file = reverse("programmes:outreach_file", args=[programme.slug, row.ref, document.ref])
    assert client.get(file)["Content-Disposition"].startswith("attachment")
    stranger = make_programme()
    assert client_of(referent_of(stranger)).get(file).status_code == 404
    assert client_of(referent_of(stranger)).get(file.replace(programme.slug, stranger.slug)).status_code == 404
    client.post(file)
    assert not StoredDocument.objects.filter(pk=document.pk).exists()


# --- Testimonies ----------------------------------------------------------------------------------------------------
def test_only_the_referent_and_the_person_know_who_was_asked(programme):
    testimony = asked(programme)
    name = testimony.person.short_name
    assert name in page_of(testimony.outreach, referent_of(programme))
    assert name not in page_of(testimony.outreach, add_deputy(programme))
    url = reverse("programmes:my_testimony", args=[testimony.ref])
    assert client_of(testimony.person).get(url).status_code == 200
    for other in (referent_of(programme), make_participation(programme, "helper").person):
        assert client_of(other).get(url).status_code == 404
        assert client_of(other).post(url).status_code == 404
    assert models.Testimony.objects.get().agreed_at is None


def test_the_deputy_asks_nobody(programme):
    person, row = make_participation(programme, "helper").person, plan(programme)
    url = reverse("programmes:outreach_ask", args=[programme.slug, row.ref])
    assert client_of(add_deputy(programme)).post(url, {"person": person.ref}).status_code == 404
    assert not models.Testimony.objects.exists()


def test_only_participants_are_asked_and_once(programme):
    row = plan(programme)
    with pytest.raises(DomainError):
        outreach.ask_testimony(outreach=row, person=make_person(programme.lead_employer), by=referent_of(programme))
    testimony = asked(programme, row)
    with pytest.raises(DomainError):
        outreach.ask_testimony(outreach=row, person=testimony.person, by=referent_of(programme))


def test_a_no_reads_like_a_silence(programme):
    row = plan(programme)
    silent, refusing = asked(programme, row), asked(programme, row)
    outreach.withdraw(testimony=refusing, by=refusing.person)
    said = {outreach.said_to_referent(one) for one in models.Testimony.objects.all()}
    assert said == {outreach.NO_ANSWER}
    assert not cards(refusing.person) and len(cards(silent.person)) == 1
    assert outreach.with_withdrawn(programme) == []
    with pytest.raises(DomainError, match="déjà retiré"):
        outreach.agree(testimony=refusing, by=refusing.person)


def test_nobody_answers_for_somebody_else(programme):
    testimony = asked(programme)
    for act in (outreach.agree, outreach.withdraw):
        with pytest.raises(Refused):
            act(testimony=testimony, by=referent_of(programme))
    assert models.Testimony.objects.filter(agreed_at=None, withdrawn_at=None).exists()


def test_whoever_agreed_withdraws_in_one_click_and_the_name_goes(programme):
    testimony, referent = asked(programme), referent_of(programme)
    client, url = client_of(testimony.person), reverse("programmes:my_testimony", args=[testimony.ref])
    client.post(url, {"recording": "on"})
    testimony.refresh_from_db()
    assert testimony.recording_agreed and "accord donné" in page_of(testimony.outreach, referent)
    client.post(url, {"no": "1"})
    client.post(url, {"no": "1"})
    testimony.refresh_from_db()
    assert not testimony.recording_agreed
    assert [one.sentence for one in todo(referent, programme)] == ["Témoignage retiré"]
    assert todo(add_deputy(programme), programme) == []
    client_of(referent).post(reverse("programmes:outreach_forget", args=[programme.slug, testimony.outreach.ref]))
    assert not models.Testimony.objects.exists() and todo(referent, programme) == []


def test_an_agreement_outlives_the_day_and_a_question_does_not(programme):
    agreed, silent = asked(programme), asked(programme)
    outreach.agree(testimony=agreed, by=agreed.person)
    with clock.at(clock.now() + dt.timedelta(days=30)):
        assert len(cards(agreed.person)) == 1 and cards(silent.person) == []
        outreach.withdraw(testimony=agreed, by=agreed.person)
        assert outreach.with_withdrawn(programme) == [agreed.outreach.ref]


def test_my_data_says_it_and_erasing_the_person_erases_it(programme):
    testimony = asked(programme)
    assert "cela vaut non" in personal_data(testimony.person)[0].rows[0][1]
    assert personal_data(make_person(programme.lead_employer)) == []
    erasing.erase(person=testimony.person)
    assert not models.Testimony.objects.exists()


def test_erasing_whoever_was_recorded_keeps_the_withdrawal_and_not_the_person(programme):
    testimony = asked(programme)
    person, row = testimony.person, testimony.outreach
    outreach.agree(testimony=testimony, by=person, recording=True)
    erasing.erase(person=person)
    testimony.refresh_from_db()
    assert testimony.person is None and not testimony.recording_agreed
    assert outreach.with_withdrawn(programme) == [row.ref]
    page = page_of(row, referent_of(programme))
    assert "témoignage retiré" in page and person.given not in page
    outreach.forget_withdrawn(outreach=row, by=referent_of(programme))
    assert not models.Testimony.objects.exists()


def test_a_cancelled_action_asks_nothing_more(programme):
    testimony = asked(programme)
    outreach.cancel(outreach=testimony.outreach, by=referent_of(programme))
    assert not models.Testimony.objects.exists() and cards(testimony.person) == []


def test_opening_the_list_of_those_asked_is_in_the_journal(programme):
    testimony = asked(programme)
    before = JournalEntry.objects.filter(verb="read_list").count()
    page_of(testimony.outreach, referent_of(programme))
    assert JournalEntry.objects.filter(verb="read_list").count() == before + 1
    page_of(testimony.outreach, add_deputy(programme))
    assert JournalEntry.objects.filter(verb="read_list").count() == before + 1


# --- Words on the public page ---------------------------------------------------------------------------------------
def public(programme, client, *, simple=False):
    url = reverse("programmes:public", args=[programme.slug])
    return client.get(url, {"simple": "1"} if simple else {}).content.decode()


def test_words_are_public_only_while_their_author_wants(programme, client):
    assert "Pas encore de témoignage" in public(programme, client)
    testimony = asked(programme)
    mine, url = client_of(testimony.person), reverse("programmes:my_testimony", args=[testimony.ref])
    words = {"show": "1", "words": "On m’a écoutée.", "signed": "nobody"}
    mine.post(url, words)
    assert "écoutée" not in public(programme, client), "asked is not agreed"
    mine.post(url, {"yes": "1"})
    assert "écoutée" not in public(programme, client), "agreed to testify is not agreed to be read"
    mine.post(url, words)
    for page in (public(programme, client), public(programme, client, simple=True)):
        assert "On m’a écoutée." in page
        assert testimony.person.given not in page and "Un ou une collègue" in page
    mine.post(url, words | {"signed": "given"})
    assert testimony.person.given in public(programme, client)
    mine.post(url, {"hide": "1"})
    assert "écoutée" not in public(programme, client)
    mine.post(url, words)
    mine.post(url, {"no": "1"})
    assert "écoutée" not in public(programme, client), "withdrawn: gone at once"
    testimony.refresh_from_db()
    assert testimony.shown_at is None and testimony.words.open(testimony.ref) == ""


def test_the_referent_may_hide_words_never_write_them(programme, client):
    testimony = asked(programme)
    outreach.agree(testimony=testimony, by=testimony.person)
    referent = referent_of(programme)
    show = {"testimony": testimony, "words": "Merci.", "signed": "nobody"}
    with pytest.raises(Refused):
        outreach.show_words(**show, by=referent)
    outreach.show_words(**show, by=testimony.person)
    url = reverse("programmes:outreach_hide", args=[programme.slug, testimony.outreach.ref, testimony.ref])
    other = referent_of(make_programme())
    for person in (testimony.person, add_deputy(programme), other):
        assert client_of(person).post(url).status_code == 404
    assert "Merci." in public(programme, client)
    client_of(referent).post(url)
    assert "Merci." not in public(programme, client)
    assert client_of(referent).post(url).status_code == 404


def test_an_erasure_takes_the_words_off_the_page(programme, client):
    testimony = asked(programme)
    outreach.agree(testimony=testimony, by=testimony.person)
    outreach.show_words(testimony=testimony, by=testimony.person, words="On m’a écoutée.", signed="given")
    outreach.forget_person(person=testimony.person)
    assert "écoutée" not in public(programme, client)
    testimony.refresh_from_db()
    assert testimony.words.open(testimony.ref) == ""


def test_the_database_holds_that_shown_words_are_agreed_to(programme):
    testimony = asked(programme)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Testimony.objects.filter(pk=testimony.pk).update(shown_at=clock.now())
