"""After the first meeting: the answer is its author's alone, attacked first; then « changer »."""

import datetime as dt
import io
import re
import uuid

import pytest
from django.core.management import call_command
from django.urls import reverse

from pairing.access import waiting_for_a_pair
from pairing.enums import EndCode, Fit, PairState
from pairing.life_hooks import cards, todo
from pairing.models import FitCheck, Pair
from pairing.services import erasure, fit, meetings, pairs, retention
from portal import clock
from portal.errors import DomainError, Refused
from portal.models import JournalEntry, OutgoingMail, Transition
from portal.services import mail
from portal.services.my_data import export
from portal.typography import french
from programmes.enums import ProgrammeRoleKind
from programmes.models import Participation
from programmes.services import participation, rollout
from tests.builders import client_of, make_pair, make_participation, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db


def met(**options) -> Pair:
    """A pair that met today."""
    pair = make_pair(**options)
    meetings.log(pair=pair, by=people_of(pair)[0], key=uuid.uuid4())
    return Pair.objects.get(pk=pair.pk)


def people_of(pair: Pair) -> list:
    """The helped agent, then the helper."""
    return [member.person for member in pair.members.order_by("part")]


def stored_and_sent() -> str:
    """Every row as stored, without the key, and every mail as sent."""
    out = io.StringIO()
    call_command("dumpdata", "--all", stdout=out)
    mails = "".join("".join(mail.render(row)) for row in OutgoingMail.objects.all())
    return out.getvalue() + mails


# --- The attack -------------------------------------------------------------------------------------------------------
def test_no_answer_can_be_told_from_another_anywhere(caplog, django_capture_on_commit_callbacks):
    """Same world, three answers: rows, pages of others, journal, mails and logs differ by nothing an attacker can read."""
    pair = met()
    author, other = people_of(pair)
    programme, referent = pair.programme, referent_of(pair.programme)
    rollout.grant(
        programme=programme, person=make_person(programme.lead_employer), role=ProgrammeRoleKind.SUPERVISOR, by=referent
    )
    views = {
        client_of(referent): [reverse("pairing:pilot_pair", args=[programme.slug, pair.ref])],
        client_of(other): [reverse("pairing:pair", args=[pair.ref]), reverse("portal:my_space")],
    }
    mine, seen = client_of(author), []
    for answer in Fit.values:
        with django_capture_on_commit_callbacks(execute=True):
            reply = mine.post(reverse("pairing:fit", args=[pair.ref]), {"answer": answer})
        row = FitCheck.objects.get()
        trace = [reply.status_code, reply.url, len(row.answer.token), row.answered_on]
        trace += [OutgoingMail.objects.count(), Transition.objects.count(), export_of(other)]
        trace.append(list(JournalEntry.objects.exclude(verb__in=["read_file", "read_list", "exported"]).values("verb")))
        stored = stored_and_sent()
        pages = "".join(client.get(url).content.decode() for client, urls in views.items() for url in urls)
        for where in (stored, caplog.text):
            assert f'"{answer}"' not in where
            assert Fit(answer).label not in where
        trace.append(re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|csrfmiddlewaretoken\" value=\"\w+", "x", pages))
        assert french(f"« {Fit(answer).label} »") in mine.get(reverse("pairing:pair", args=[pair.ref])).content.decode()
        seen.append(trace)
    assert seen[0] == seen[1] == seen[2]


def export_of(person) -> dict:
    return {name: rows for name, rows in export(person=person)["donnees"].items() if "FitCheck" in name}


def test_only_a_member_answers_and_each_for_themself():
    pair = met()
    author, other = people_of(pair)
    fit.answer(pair=pair, by=author, answer=Fit.MISS)
    fit.answer(pair=pair, by=other, answer=Fit.FITS)
    assert [fit.own(member) for member in pair.members.order_by("part")] == [Fit.MISS, Fit.FITS]
    for stranger in (referent_of(pair.programme), make_person(pair.programme.lead_employer)):
        with pytest.raises(Refused):
            fit.answer(pair=pair, by=stranger, answer=Fit.FITS)
        assert client_of(stranger).post(reverse("pairing:fit", args=[pair.ref]), {"answer": "fits"}).status_code == 404


def test_the_answer_goes_with_the_pair_on_demand_after_thirty_days_or_with_the_person():
    pair = met()
    author, other = people_of(pair)
    fit.answer(pair=pair, by=author, answer=Fit.MISS)
    fit.forget(pair=pair, by=author)
    assert not FitCheck.objects.exists()
    fit.answer(pair=pair, by=author, answer=Fit.MISS)
    for days, left in ((30, 1), (31, 0)):
        with clock.at(clock.now() + dt.timedelta(days=days)):
            retention.fit_checks()
            assert FitCheck.objects.count() == left
    fit.answer(pair=pair, by=author, answer=Fit.FITS)
    pairs.end(pair=pair, by=other, code=EndCode.TERM)
    assert not FitCheck.objects.exists()
    pair = met()
    fit.answer(pair=pair, by=people_of(pair)[0], answer=Fit.FITS)
    erasure.erase(person=people_of(pair)[0])
    assert not FitCheck.objects.exists()


def test_it_is_asked_after_a_first_meeting_for_thirty_days():
    pair = make_pair()
    author, _ = people_of(pair)
    with pytest.raises(DomainError, match="plus posée"):
        fit.answer(pair=pair, by=author, answer=Fit.FITS)
    meetings.log(pair=pair, by=author, key=uuid.uuid4())
    for days, asked in ((0, True), (30, True), (31, False)):
        with clock.at(clock.now() + dt.timedelta(days=days)):
            assert fit.is_asked(Pair.objects.get(pk=pair.pk)) is asked


def test_three_doors_are_open_to_whom_it_does_not_suit_and_nobody_else():
    pair = met()
    author, other = people_of(pair)
    fit.answer(pair=pair, by=author, answer=Fit.MISS)
    doors = [reverse(f"pairing:{name}", args=[pair.ref]) for name in ("change", "end")]
    page = client_of(author).get(reverse("pairing:pair", args=[pair.ref])).content.decode()
    assert "Trois portes" in page
    talk = reverse("pairing:ask_support", args=[pair.programme.slug]) + "?a=superviseur"
    assert all(door in page for door in [*doors, talk])
    assert "Trois portes" not in client_of(other).get(reverse("pairing:pair", args=[pair.ref])).content.decode()


def waiting_for(programme, days: int) -> Participation:
    row = make_participation(programme)
    since = clock.now() - dt.timedelta(days=days)
    Participation.objects.filter(pk=row.pk).update(accepted_at=since, waiting_since=since)
    return Participation.objects.get(pk=row.pk)


# --- « Changer » ------------------------------------------------------------------------------------------------------
def test_changing_ends_the_pair_without_a_reason_and_puts_the_person_first():
    programme = make_programme()
    longest, helped = waiting_for(programme, 90), waiting_for(programme, 60)
    pair = met(programme=programme, helped=helped)
    author, other = people_of(pair)
    page = client_of(author).get(reverse("pairing:change", args=[pair.ref])).content.decode()
    assert "<textarea" not in page
    client_of(author).post(reverse("pairing:change", args=[pair.ref]), {"code": "term", "reason": "MOTS"})
    pair = Pair.objects.get(pk=pair.pk)
    assert (pair.state, pair.end_code) == (PairState.ENDED, EndCode.CHANGE)
    assert list(waiting_for_a_pair(programme)) == [Participation.objects.get(pk=helped.pk), longest]
    assert "MOTS" not in stored_and_sent()

    said = f"{author.given} a souhaité changer. Ce n’est pas un jugement. Un temps avec le superviseur est possible."
    assert said in [card.text for card in cards(other)]
    assert said not in [card.text for card in cards(author)]
    page = client_of(other).get(reverse("pairing:pair", args=[pair.ref])).content.decode()
    assert f"{author.given} a souhaité changer" in page
    items = [item.sentence for item in todo(referent_of(programme), programme)]
    assert items == ["1 personne est à proposer à nouveau"]
    with clock.at(clock.now() + dt.timedelta(days=15)):
        assert not cards(other)


def test_a_helper_who_changes_gets_a_place_back_and_nobody_waits_because_of_it():
    pair = met()
    author, other = people_of(pair)
    fit.change(pair=pair, by=other)
    assert not waiting_for_a_pair(pair.programme).exists()
    assert any(other.given in card.text for card in cards(author))
    assert make_pair(pair.programme, helper=Participation.objects.get(person=other)).state == PairState.ACTIVE


def test_once_paired_again_and_back_in_the_wait_nobody_is_first_for_ever():
    programme = make_programme()
    helped = make_participation(programme)
    pair = met(programme=programme, helped=helped)
    fit.change(pair=pair, by=helped.person)
    again = make_pair(programme, helped=Participation.objects.get(pk=helped.pk))
    pairs.end(pair=again, by=helped.person, code=EndCode.TERM)
    participation.seek_again(participation=Participation.objects.get(pk=helped.pk), by=helped.person)
    assert [row.changed for row in waiting_for_a_pair(programme)] == [False]


def test_changing_twice_or_after_the_end_is_refused_and_it_is_never_a_reason_to_tick():
    pair = met()
    author, other = people_of(pair)
    assert "Souhait de changer" not in client_of(author).get(reverse("pairing:end", args=[pair.ref])).content.decode()
    reply = client_of(author).post(reverse("pairing:end", args=[pair.ref]), {"code": "change"})
    assert reply.status_code == 200
    fit.change(pair=pair, by=author)
    with pytest.raises(DomainError):
        fit.change(pair=Pair.objects.get(pk=pair.pk), by=other)


def test_the_pages_of_the_pair_ask_as_many_queries_whatever_the_answers():
    pair = met()
    author, other = people_of(pair)
    client = client_of(author)
    assert_same_queries(
        lambda: client.get(reverse("pairing:pair", args=[pair.ref])),
        lambda: fit.answer(pair=pair, by=other, answer=Fit.MISS),
    )
