"""Once a link is destroyed, nothing left in the database says it: every table, every column, read by whoever has a copy."""

import datetime as dt

import pytest
from django.apps import apps
from django.urls import reverse

from pairing.enums import EndCode
from pairing.models import Alert, Pair, SupportRequest
from pairing.services import pairs, support
from portal import clock
from portal.models import JournalEntry, OutgoingMail, Person
from portal.services import erasure, journal, retention
from programmes.models import Letter, Membership
from programmes.services import community
from tests.builders import bring_letter, clear_gates, client_of, make_pair, make_programme, referent_of
from tests.pairing.test_alerts import sent
from tests.pairing.test_supervision import supervisor_of
from tests.pairing.test_support import asked

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def rows_with(*values) -> list[str]:
    """Every row that holds one of each of these sets of values: how a copy of the database links two things."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values():
            held = [str(value) for value in row.values() if value is not None]
            if all(any(str(one) in text for one in some for text in held) for some in values):
                found.append(f"{model._meta.label} {row}")
    return found


def names_of(person: Person) -> set:
    return {person.ref}


@pytest.fixture
def programme():
    return make_programme()


def lived(programme) -> tuple[Pair, list[Person]]:
    """A pair whose page the référent opened, that met, was entered for and ended."""
    pair = make_pair(programme)
    clear_gates(pair)
    people = [member.person for member in pair.members.select_related("person")]
    referent = referent_of(programme)
    assert client_of(referent).get(reverse("pairing:pilot_pair", args=[programme.slug, pair.ref])).status_code == 200
    pair.refresh_from_db()
    pairs.end(pair=pair, by=people[0], code=EndCode.MOBILITY)
    return pair, people


def test_the_link_of_a_pair_is_nowhere_seven_months_after_its_end(programme):
    pair, people = lived(programme)
    referent = referent_of(programme)
    refs = {pair.ref}
    assert rows_with(refs, names_of(people[0])), "the test sees nothing"
    with clock.at(clock.now() + 214 * DAY):
        retention.run()
        assert rows_with(refs, names_of(people[1])), "not before"
    with clock.at(clock.now() + 216 * DAY):
        retention.run()
        for person in people:
            assert rows_with(refs, names_of(person)) == []
        assert rows_with(names_of(people[0]), names_of(people[1])) == []
        kept = JournalEntry.objects.filter(label="pairing.Pair", verb="read_file", actor_ref=referent.ref)
        assert kept.filter(subject_ref=None, object_ref=None).count() >= 2, "that files were read stays said"
        journal.seal_segments()
        assert journal.verify() is None


def test_a_message_that_worries_no_longer_leads_to_its_author_two_months_after(programme):
    _, people = lived(programme)
    referent = referent_of(programme)
    row = sent(programme, people[1])
    client = client_of(referent)
    for move in ("relayer", "clore"):
        client.post(reverse("pairing:alert", args=[programme.slug, row.ref]), {"move": move, "relay_code": "reporting"})
    assert client.get(reverse("pairing:alert", args=[programme.slug, row.ref])).status_code == 200
    assert rows_with({row.ref}, names_of(people[1])), "the test sees nothing"
    with clock.at(clock.now() + 63 * DAY):
        retention.run()
        assert rows_with({row.ref}, names_of(people[1])) == []
        assert Alert.objects.filter(pk=row.pk).exists()


def test_a_request_for_support_no_longer_leads_to_whoever_asked_two_months_after(programme):
    _, people = lived(programme)
    row, referent = asked(programme, people[0]), referent_of(programme)
    client_of(referent).get(reverse("pairing:pilot_support", args=[programme.slug, row.ref]))
    support.move(request=row, name="close", by=referent)
    with clock.at(clock.now() + 63 * DAY):
        retention.run()
        assert rows_with({row.ref}, names_of(people[0])) == []
        assert SupportRequest.objects.filter(pk=row.pk).exists()


def test_a_request_taken_back_leaves_nothing_but_the_receipt_of_its_form(programme):
    """A receipt goes after thirty days; the supervisor’s message that said « somebody » goes with the request."""
    engagement = supervisor_of(programme)
    helper = make_pair(programme).members.get(part="helper").person
    row = asked(programme, helper, to=f"supervisor-{engagement.ref}", kind="individual")
    client_of(engagement.person).get(reverse("pairing:supervisor_request", args=[row.ref]))
    support.cancel(request=row, by=helper)
    assert all(found.startswith("portal.FormReceipt") for found in rows_with({row.ref}, names_of(helper)))
    assert not OutgoingMail.objects.filter(object_ref=row.ref).exists()


def test_whoever_is_erased_leaves_no_trace_of_the_pair_and_the_other_keeps_theirs(programme):
    pair, people = lived(programme)
    erasure.erase(person=people[0])
    assert rows_with({pair.ref}, names_of(people[0])) == []
    assert JournalEntry.objects.filter(object_ref=pair.ref, subject_ref=people[1].ref).exists()
    assert journal.verify() is None


def test_whoever_is_erased_is_named_by_no_reference_even_when_rh_keep_their_letter(programme):
    """The letter bears their name: a single entry about it would tell which reference was theirs."""
    _, people = lived(programme)
    helper = next(person for person in people if person.participations.filter(side="helper").exists())
    bring_letter(helper.participations.get())
    client_of(helper).get(reverse("portal:my_space"))
    journal.log(actor=helper, verb="signed_in", target=helper, subject=helper)
    group = Membership.objects.create(
        programme=programme, person=helper, form="community", rules=community.version(), joined_at=clock.now()
    )
    journal.log(actor=helper, verb="created", target=group, subject=helper)
    assert len(rows_with(names_of(helper))) > 5, "the test sees nothing"
    erasure.erase(person=helper)
    assert Letter.objects.exclude(body="").exists()
    assert [row.split()[0] for row in rows_with(names_of(helper))] == ["portal.ErasureRecord"]
    assert journal.verify() is None
