"""« Demander un appui » : the person asked alone sees it, by account or by link; the number goes at closing."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pairing.enums import Asked, SupportKind, SupportState
from pairing.models import SupportRequest
from pairing.services import retention, support, support_reminders
from portal import clock
from portal.errors import DomainError, Refused
from portal.models import JournalEntry, OutgoingMail
from portal.services import mail
from programmes.enums import ContactKind, ProgrammeRoleKind, Side
from programmes.models import Contact
from programmes.services import cover, rollout
from programmes.services import participation as participations
from tests.builders import client_of, make_participation, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries
from tests.pairing.test_supervision import outside, supervisor_of

pytestmark = pytest.mark.django_db
PHONE = "06 12 34 56 78"


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def agent(programme):
    return make_participation(programme, Side.HELPER).person


def asked(programme, agent, to="referent", **more):
    fields = {"kind": "rights", "channel": "phone", "slots": 0b101, "reach": PHONE, "receipt": uuid.uuid4(), **more}
    return support.ask(programme=programme, person=agent, to=to, **fields)


def away(programme):
    """The référent is away today."""
    role, today = programme.roles.get(role="referent"), clock.today(programme.time_zone)
    cover.declare_absence(role=role, starts=today, ends=today + dt.timedelta(days=6), by=role.person)


def deputy_of(programme, given="Morgane"):
    person = make_person(programme.lead_employer, given)
    rollout.grant(programme=programme, person=person, role=ProgrammeRoleKind.DEPUTY, by=referent_of(programme))
    return person


def test_the_form_sends_a_request_that_the_referent_reads(programme, agent):
    url = reverse("pairing:ask_support", args=[programme.slug])
    client = client_of(agent)
    page = client.get(url)
    assert "Délai visé" in page.content.decode()
    data = {"receipt": uuid.uuid4(), "to": "referent", "kind": "return", "channel": "phone", "reach": PHONE}
    assert client.post(url, data).status_code == 200  # no half-day: the form comes back
    for _ in range(2):  # sent twice, taken once
        assert client.post(url, data | {"slots": [0, 2]}).status_code == 302
    row = SupportRequest.objects.get()
    assert (row.person, row.kind, row.asked, row.state) == (agent, "return", Asked.REFERENT, SupportState.RECEIVED)
    referent = client_of(referent_of(programme))
    listed = referent.get(reverse("pairing:register", args=[programme.slug])).content.decode()
    assert agent.short_name in listed and PHONE not in listed
    opened = referent.get(reverse("pairing:pilot_support", args=[programme.slug, row.ref])).content.decode()
    assert PHONE in opened and "lundi matin" in opened.lower()
    assert JournalEntry.objects.filter(verb="read_file", subject_ref=agent.ref, object_ref=row.ref).exists()
    message = OutgoingMail.objects.get(kind="pairing/support_waiting")
    assert not {"appui", "handicap", agent.given.lower()} & set(" ".join(mail.render(message)).lower().split())


@pytest.mark.parametrize(
    ("channel", "reach", "fits"),
    [
        ("phone", PHONE, True),
        ("writing", "moi@exemple.invalid", True),
        ("in_person", "", True),
        ("phone", "", False),
        ("phone", "Kim ne va pas bien", False),
        ("phone", "appelez Kim au 06 12 34 56 78", False),
        ("in_person", "Kim", False),
    ],
)
def test_where_to_answer_is_a_number_or_an_address_never_a_sentence(channel, reach, fits):
    if fits:
        assert support.reach_of(channel, reach) == reach
    else:
        with pytest.raises(DomainError):
            support.reach_of(channel, reach)


def test_only_who_takes_part_asks_and_only_who_is_there_is_asked(programme, agent):
    with pytest.raises(Refused):
        asked(programme, make_person(programme.lead_employer))
    with pytest.raises(DomainError, match="sollicitée"):
        asked(programme, agent, to=f"supervisor-{uuid.uuid4()}")
    with pytest.raises(DomainError, match="débriefing"):
        asked(programme, agent, kind="debrief")
    with pytest.raises(DomainError, match="demi-journée"):
        asked(programme, agent, slots=0)
    away(programme)
    assert Asked.REFERENT not in [one.asked for one in support.recipients(programme, agent)]
    deputy = deputy_of(programme)
    first = support.recipients(programme, agent)[0]
    assert first.asked == Asked.REFERENT and deputy.short_name in first.label
    assert (
        client_of(make_person(programme.lead_employer))
        .get(reverse("pairing:ask_support", args=[programme.slug]))
        .status_code
        == 404
    )


def test_the_referent_who_takes_part_does_not_answer_their_own_request(programme):
    own = make_participation(programme, Side.HELPER, referent_of(programme), accepted=False).person
    assert Asked.REFERENT not in [one.asked for one in support.recipients(programme, own)]
    other = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=other, role=ProgrammeRoleKind.REFERENT, by=own)
    row = asked(programme, own)
    assert support.for_referent(programme, other).get() == row
    assert not support.for_referent(programme, own).exists()
    with pytest.raises(Refused):
        support.move(request=row, name="call", by=own)


def test_what_is_asked_of_a_supervisor_is_known_by_that_supervisor_alone(programme, agent):
    engagement, other = supervisor_of(programme), supervisor_of(programme, "Autre")
    row = asked(programme, agent, to=f"supervisor-{engagement.ref}", kind="relation")
    mine = client_of(engagement.person)
    assert agent.short_name in mine.get(reverse("pairing:support_of_supervisor")).content.decode()
    url = reverse("pairing:supervisor_request", args=[row.ref])
    assert PHONE in mine.get(url).content.decode()
    assert client_of(other.person).get(url).status_code == 404
    referent = client_of(referent_of(programme))
    pages = ["programmes:home", "pairing:register", "pairing:supervision"]
    for name in pages:
        page = referent.get(reverse(name, args=[programme.slug])).content.decode()
        assert agent.short_name not in page and "demande d’appui attend" not in page
    assert referent.get(reverse("pairing:pilot_support", args=[programme.slug, row.ref])).status_code == 404
    assert not OutgoingMail.objects.filter(person=referent_of(programme), kind__startswith="pairing/support").exists()


@pytest.mark.parametrize("who", ["supervisor", "contact"])
def test_somebody_without_account_answers_by_a_link_until_it_is_closed(programme, agent, who, client):
    if who == "supervisor":
        to = f"supervisor-{outside(programme).ref}"
    else:
        fields = {"kind": ContactKind.SOCIAL, "name": "Service social", "email": "social@exemple.invalid"}
        to = f"contact-{Contact.objects.create(programme=programme, **fields).ref}"
    row = asked(programme, agent, to=to)
    message = OutgoingMail.objects.get(kind="pairing/support_link")
    subject, body = mail.render(message)
    assert agent.given not in subject + body and PHONE not in body
    token = body.split("/rappel/")[1].split("/")[0]
    url = reverse("pairing:support_by_link", args=[token])
    page = client.get(url).content.decode()
    assert PHONE in page and agent.short_name in page and agent.family not in page
    assert client.post(url, {"move": "rappele"}).status_code == 302
    assert client.get(url).status_code == 200
    assert PHONE not in client.post(url, {"move": "clore"}).content.decode()
    assert client.get(url).status_code == 410
    row.refresh_from_db()
    assert (row.state, bool(row.reach)) == (SupportState.CLOSED, False)


def test_the_number_goes_at_closing_and_the_rest_two_months_later(programme, agent):
    row = asked(programme, agent)
    support.move(request=row, name="call", by=referent_of(programme))
    assert SupportRequest.objects.get().reach
    support.move(request=row, name="close", by=referent_of(programme))
    row = SupportRequest.objects.get()
    assert row.reach.token == "" and row.called_at and row.closed_at
    with pytest.raises(DomainError, match="close"):
        support.move(request=row, name="close", by=referent_of(programme))
    for days, left in ((60, agent), (62, None), (62, None)):  # run twice
        with clock.at(row.closed_at + dt.timedelta(days=days)):
            retention.support_requests()
        row.refresh_from_db()
        assert row.person == left
    assert (row.kind, row.channel, row.slots, row.supervisor) == ("rights", "", 0, None)
    page = client_of(referent_of(programme)).get(reverse("pairing:register", args=[programme.slug]))
    assert "Aucune demande" in page.content.decode()


def test_a_request_never_closed_loses_its_name_after_a_year(programme, agent):
    row = asked(programme, agent)
    with clock.at(row.asked_at + dt.timedelta(days=366)):
        assert retention.support_requests() == 1
    row.refresh_from_db()
    assert (row.person, row.state, row.reach.token) == (None, SupportState.CLOSED, "")


def test_a_request_taken_back_leaves_nothing(programme, agent, client):
    row = asked(programme, agent, to=f"supervisor-{outside(programme).ref}")
    url = reverse("pairing:cancel_support", args=[row.ref])
    assert client_of(make_participation(programme).person).post(url).status_code == 404
    client_of(agent).post(url)
    assert not SupportRequest.objects.exists()
    token = mail.render(OutgoingMail.objects.get(kind="pairing/support_link"))[1].split("/rappel/")[1].split("/")[0]
    assert client.get(reverse("pairing:support_by_link", args=[token])).status_code == 410


def test_no_number_is_left_on_a_closed_row_by_the_database(programme, agent):
    row = asked(programme, agent)
    now = clock.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportRequest.objects.filter(pk=row.pk).update(state="closed", called_at=now, closed_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportRequest.objects.filter(pk=row.pk).update(kind=SupportKind.DEBRIEF)


def test_one_reminder_before_the_target_run_twice_or_late(programme, agent):
    row = asked(programme, agent)
    for hours, sent in ((-25, 0), (-23, 1), (-23, 0), (30, 0)):
        with clock.at(row.due_at + dt.timedelta(hours=hours)):
            assert support_reminders.run() == sent
    reminders = OutgoingMail.objects.filter(kind="pairing/support_waiting", key__contains="reminder")
    assert [one.person for one in reminders] == [referent_of(programme)]


def test_a_reminder_that_comes_late_is_said_once_and_the_page_says_it_without_blame(programme, agent):
    row = asked(programme, agent)
    with clock.at(row.due_at + dt.timedelta(days=9)):
        assert (support_reminders.run(), support_reminders.run()) == (1, 0)
        page = client_of(referent_of(programme)).get(reverse("pairing:register", args=[programme.slug]))
    assert "la personne attend encore" in page.content.decode()


def test_whoever_leaves_the_programme_asks_no_more_but_still_reads_what_they_asked(programme):
    part = make_participation(programme)
    asked(programme, part.person)
    participations.withdraw(participation=part, by=part.person)
    client = client_of(part.person)
    assert client.get(reverse("pairing:ask_support", args=[programme.slug])).status_code == 404
    assert "Mes demandes" in client.get(reverse("pairing:my_support")).content.decode()


@pytest.mark.parametrize("page", ["mine", "register", "supervisor", "home"])
def test_lists_cost_the_same_with_one_and_with_many(programme, agent, page):
    engagement = supervisor_of(programme)
    person, url = {
        "mine": (agent, reverse("pairing:my_support")),
        "home": (agent, reverse("portal:my_space")),
        "register": (referent_of(programme), reverse("pairing:register", args=[programme.slug])),
        "supervisor": (engagement.person, reverse("pairing:support_of_supervisor")),
    }[page]
    to = f"supervisor-{engagement.ref}" if page == "supervisor" else "referent"
    browser = client_of(person)

    def another() -> None:
        asked(programme, agent if page in ("mine", "home") else make_participation(programme).person, to=to)

    assert_same_queries(lambda: browser.get(url), another)
