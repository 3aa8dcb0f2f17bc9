"""Joining, being answered, changing, leaving."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from portal import clock
from portal.dates import day_in_words
from portal.errors import Conflict, DomainError, Refused
from portal.models import JournalEntry, OutgoingMail
from portal.registry import RETENTION, gather
from portal.services import retention
from portal.typography import french
from portal.workflow import history
from programmes.enums import ParticipationState, ProgrammeRoleKind, Side
from programmes.models import Participation
from programmes.services import participation as service
from programmes.services import rollout
from tests.builders import (
    client_of,
    make_employer,
    make_pair,
    make_participation,
    make_person,
    make_programme,
    referent_of,
    wishes,
)

pytestmark = pytest.mark.django_db


def test_the_same_form_sent_twice_is_one_request():
    programme = make_programme()
    person = make_person(programme.lead_employer)
    form = wishes()
    first = service.join(programme=programme, person=person, side=Side.HELPED, **form)
    again = service.join(programme=programme, person=person, side=Side.HELPED, **form)
    assert first == again
    assert Participation.objects.count() == 1
    assert OutgoingMail.objects.filter(kind="programmes/received").count() == 1


def test_one_open_participation_per_side_but_both_sides_are_possible():
    programme = make_programme()
    person = make_person(programme.lead_employer)
    make_participation(programme, Side.HELPED, person)
    make_participation(programme, Side.HELPER, person)
    with pytest.raises(DomainError, match="Vous participez déjà"):
        make_participation(programme, Side.HELPED, person)


def test_nobody_joins_a_programme_that_is_not_open_or_is_another_employers():
    closed = make_programme(opened=False)
    stranger = make_person(make_employer())
    for programme, person in ((closed, make_person(closed.lead_employer)), (make_programme(), stranger)):
        with pytest.raises(DomainError, match="ne sont pas ouvertes"):
            service.join(programme=programme, person=person, side=Side.HELPED, **wishes())


@pytest.mark.parametrize(
    ("change", "field"),
    [({"information_read": False}, "information_read"), ({"channels": []}, "channels"), ({"slots": 0}, "slots")],
)
def test_what_is_missing_is_said_on_its_field(change, field):
    programme = make_programme()
    with pytest.raises(DomainError) as refusal:
        make_participation(programme, **change)
    assert refusal.value.field == field
    assert not Participation.objects.exists()


def test_shift_workers_need_no_slot():
    assert make_participation(make_programme(), slots=0, variable_hours=True).pk


def test_a_helper_never_gets_more_places_than_the_programme_allows():
    programme = make_programme()
    assert make_participation(programme, Side.HELPER, places=5).places == programme.places_per_helper
    assert make_participation(programme, Side.HELPED, places=5).places == 1


def test_a_request_for_support_cannot_be_put_off_nor_refused():
    programme = make_programme()
    request = make_participation(programme, Side.HELPED, accepted=False)
    for move in ("later", "refuse", ""):
        with pytest.raises(DomainError):
            service.answer(participation=request, move=move, by=referent_of(programme))
    request.refresh_from_db()
    assert request.state == ParticipationState.RECEIVED


def test_everybody_answered_is_told_and_the_move_is_logged():
    programme = make_programme()
    row = make_participation(programme, Side.HELPER, accepted=False)
    service.answer(participation=row, move="talk", by=referent_of(programme))
    service.answer(participation=row, move="accept", by=referent_of(programme))
    assert OutgoingMail.objects.filter(kind="programmes/answer", person=row.person).count() == 2
    assert [step.move for step in history(row)] == ["talk", "accept"]
    assert JournalEntry.objects.filter(verb="decided", subject_ref=row.person.ref).count() == 2


def test_the_referent_never_decides_on_their_own_participation_and_the_deputy_does():
    programme = make_programme()
    referent = referent_of(programme)
    row = make_participation(programme, Side.HELPED, referent, accepted=False)
    with pytest.raises(Refused):
        service.answer(participation=row, move="accept", by=referent)
    deputy = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=referent)
    service.answer(participation=row, move="accept", by=deputy)
    assert row.state == ParticipationState.ACCEPTED


def test_two_windows_changing_the_same_wishes_lose_nothing_silently():
    row = make_participation(make_programme())
    new = {"themes": [], "channels": ["phone"], "slots": 1}
    service.change(participation=row, by=row.person, seen=1 + 1, **new)
    with pytest.raises(Conflict):
        service.change(participation=row, by=row.person, seen=1 + 1, **{**new, "channels": ["video"]})
    row.refresh_from_db()
    assert row.channels == ["phone"]


def test_only_the_owner_changes_pauses_or_withdraws():
    programme = make_programme()
    row = make_participation(programme)
    for somebody in (referent_of(programme), make_person(programme.lead_employer)):
        for act in (service.pause, service.withdraw, service.seek_again):
            with pytest.raises(Refused):
                act(participation=row, by=somebody)
        with pytest.raises(Refused):
            service.change(participation=row, by=somebody, seen=row.version, themes=[], channels=["phone"], slots=1)


def test_withdrawing_erases_the_text_at_once_and_frees_the_side():
    programme = make_programme()
    row = make_participation(programme, free_text="CANARI: je cherche quelqu’un")
    stored = Participation.objects.get(pk=row.pk)
    assert "CANARI" not in stored.free_text.token
    assert stored.free_text.open(stored.ref) == "CANARI: je cherche quelqu’un"
    service.withdraw(participation=row, by=row.person)
    assert Participation.objects.get(pk=row.pk).free_text.token == ""
    assert make_participation(programme, person=row.person, receipt=uuid.uuid4()).pk != row.pk


# --- What goes, and when ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("side", "code", "days"), [("helped", "requests", 92), ("helper", "applications", 184)])
def test_the_page_says_the_day_on_which_the_name_goes_and_it_goes_that_day(side, code, days):
    row = make_participation(make_programme(), Side(side), accepted=side == "helped")
    url = reverse("programmes:withdraw", args=[row.ref])
    day = clock.today(row.programme.time_zone) + dt.timedelta(days=days)
    client = client_of(row.person)
    assert day_in_words(day).capitalize() in client.get(url).content.decode()
    client.post(url)
    rule = next(rule for rule in gather(RETENTION) if rule.code == code)
    for later, named in ((days - 1, True), (days, False)):
        with clock.at(clock.now() + dt.timedelta(days=later)):
            rule.apply()
        assert (Participation.objects.get(pk=row.pk).person_id is not None) == named


def test_with_a_pair_the_name_stays_until_the_link_goes_and_the_page_says_that_day():
    pair = make_pair(framed=True)
    row = pair.members.get(part="helped").participation
    url = reverse("programmes:withdraw", args=[row.ref])
    day = clock.today(row.programme.time_zone) + dt.timedelta(days=215)
    page = client_of(row.person).get(url).content.decode()
    assert page.count(day_in_words(day).capitalize()) == 2, "the link, and the request with it"
    client_of(row.person).post(url)
    for later, named in ((214, True), (215, False)):
        with clock.at(clock.now() + dt.timedelta(days=later)):
            retention.run()
        assert (Participation.objects.get(pk=row.pk).person_id is not None) == named


def test_rh_are_said_to_know_of_the_end_of_a_letter_and_of_nothing_else():
    pair = make_pair(framed=True)
    for member in pair.members.select_related("participation__person"):
        part = member.participation
        page = client_of(part.person).get(reverse("programmes:withdraw", args=[part.ref])).content.decode()
        assert ("Ni les RH, ni votre encadrement" in page) == (part.side == Side.HELPED)
        assert (french("Les RH : elles liront que votre lettre est terminée") in page) == (part.side == Side.HELPER)
