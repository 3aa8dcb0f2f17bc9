"""A session of one's own, or a debrief, asked by a helper: the supervisor alone knows (field R8); others read numbers."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pairing.enums import SESSION_KINDS, SupportKind, SupportState
from pairing.forms.support import SessionForm
from pairing.models import SupportRequest
from pairing.services import support, support_reminders
from portal import clock, registry
from portal.errors import DomainError, Refused
from portal.models import OutgoingMail
from portal.services import journal, mail
from programmes.enums import ProgrammeRoleKind, Side
from programmes.services import rollout
from tests.builders import client_of, make_pair, make_participation, make_person, make_programme, referent_of
from tests.pairing.test_supervision import outside, supervisor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def helper(programme):
    return make_pair(programme).members.get(part="helper").person


def asked(programme, person, engagement, kind="individual"):
    fields = {"kind": kind, "channel": "in_person", "slots": 1, "receipt": uuid.uuid4()}
    return support.ask(programme=programme, person=person, to=f"supervisor-{engagement.ref}", **fields)


def read(person, *pages):
    """The text of pages as `person` gets them; a page they do not get counts for nothing."""
    client = client_of(person)
    return " ".join(client.get(page).content.decode() for page in pages)


@pytest.mark.parametrize("kind", SESSION_KINDS)
@pytest.mark.parametrize("late", [False, True])
def test_nobody_but_the_supervisor_learns_that_a_session_was_asked(programme, helper, kind, late):
    """The pages, to-dos, mails and own data of everybody else are the same as if nothing had been asked, up to its end."""
    employer, by, engagement = programme.lead_employer, referent_of(programme), supervisor_of(programme)
    rest = {role: make_person(employer, roles=(role,)) for role in ("hr_signatory", "administrator")}
    rest |= {"referent": by, "deputy": make_person(employer), "other": supervisor_of(programme, "Autre").person}
    rollout.grant(programme=programme, person=rest["deputy"], role=ProgrammeRoleKind.DEPUTY, by=by)
    rest["helper"] = make_pair(programme).members.get(part="helper").person
    slug = [programme.slug]
    pages = [reverse(f"pairing:{name}", args=slug) for name in ("register", "supervision", "plan_supervision")]
    pages += [reverse("pairing:support_of_supervisor"), reverse("pairing:my_supervision"), reverse("portal:my_space")]
    pages += [reverse("programmes:home", args=slug)]

    def seen():
        told = list(OutgoingMail.objects.exclude(person=engagement.person).order_by("pk"))
        todos = [
            todo
            for person in rest.values()
            for hook in registry.hooks(registry.TODO)
            for todo in hook(person, programme)
        ]
        own = [list(journal.about(person)) for person in rest.values()]
        return told, todos, own

    before = seen()
    row = asked(programme, helper, engagement, kind)
    with clock.at(row.due_at + dt.timedelta(days=1) if late else clock.now()):
        support_reminders.run()
        assert seen()[0] == before[0]
        if not late:
            assert seen()[1:] == before[1:]
        for who, person in rest.items():
            text = read(person, *pages)
            assert "séance individuelle ou" not in text or who == "helper"  # the door, on a helper's own page
            for word in ("une séance individuelle<", "un débriefing<", str(row.ref), "demande d’appui attend"):
                assert word.lower() not in text.lower(), f"{who} reads {word}"
            if who not in ("referent", "deputy"):
                assert helper.short_name not in text, who
            client = client_of(person)
            for url in (
                reverse("pairing:supervisor_request", args=[row.ref]),
                reverse("pairing:pilot_support", args=[*slug, row.ref]),
            ):
                assert client.get(url).status_code == 404, who
                assert client.post(url, {"move": "tenue"}).status_code == 404, who
    row.refresh_from_db()
    assert row.state == SupportState.RECEIVED


def test_the_supervisor_has_it_due_and_says_that_it_was_held(programme, helper):
    engagement = supervisor_of(programme)
    row = asked(programme, helper, engagement)
    client, url = client_of(engagement.person), reverse("pairing:supervisor_request", args=[row.ref])
    page = client.get(url).content.decode()
    assert helper.short_name in page and "Séance tenue, clore" in page and "textarea" not in page
    client.post(url, {"move": "rappele"})
    client.post(url, {"move": "tenue"})
    row.refresh_from_db()
    assert (row.state, row.held, row.reach.token) == (SupportState.CLOSED, True, "")


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        # 10 working days from Friday 15 May 2026; Whit Monday, 25 May, does not count; a debrief counts hours.
        ("individual", dt.datetime(2026, 6, 1, 16, tzinfo=dt.UTC)),
        ("debrief", dt.datetime(2026, 5, 18, 9, tzinfo=dt.UTC)),
    ],
)
def test_the_target_is_ten_working_days_or_72_hours(kind, due):
    friday = dt.datetime(2026, 5, 15, 9, tzinfo=dt.UTC)
    assert support.due("supervisor", kind, friday, "Europe/Paris") == due


def test_a_supervisor_from_outside_answers_by_a_neutral_link(programme, helper, client):
    row = asked(programme, helper, outside(programme))
    subject, body = mail.render(OutgoingMail.objects.get(kind=support.LINK_MAIL))
    text = f"{subject} {body}".lower()
    words = (helper.given.lower(), "supervision", "santé", "handicap", "aidant", "individuel", "débriefing")
    assert not [word for word in words if word in text]
    url = "/rappel/" + body.split("/rappel/")[1].split("/")[0] + "/"
    assert helper.short_name in client.get(url).content.decode()
    client.post(url, {"move": "tenue"})
    row.refresh_from_db()
    assert row.held and client.get(url).status_code == 410


def test_helpers_in_a_pair_ask_and_nobody_else_finds_the_page(programme, helper):
    engagement, url = supervisor_of(programme), reverse("pairing:ask_session", args=[programme.slug])
    helped = programme.pairs.get().members.get(part="helped").person
    waiting = make_participation(programme, Side.HELPER).person
    for person in (helped, waiting, referent_of(programme), engagement.person):
        assert client_of(person).get(url).status_code == 404
    for person in (helped, waiting):
        with pytest.raises(Refused):
            asked(programme, person, engagement)
    client = client_of(helper)
    assert url in client.get(reverse("pairing:my_supervision")).content.decode()
    data = {"receipt": uuid.uuid4(), "channel": "in_person", "slots": [0], "kind": "individual", "to": "referent"}
    assert client.post(url, data).status_code == 200  # a supervisor is asked, nobody else
    assert not SupportRequest.objects.exists()
    for _ in range(2):
        assert client.post(url, data | {"to": f"supervisor-{engagement.ref}"}).status_code == 302
    assert SupportRequest.objects.get().kind == SupportKind.INDIVIDUAL


def test_without_a_supervisor_the_page_says_whom_to_call(programme, helper):
    programme.supervisors.update(ended_on=clock.today(programme.time_zone) - dt.timedelta(days=1))
    page = client_of(helper).get(reverse("pairing:ask_session", args=[programme.slug])).content.decode()
    assert "Personne ne supervise" in page and "<textarea" not in page


def test_no_text_is_taken_about_a_session_and_no_other_request_is_ever_held(programme, helper):
    engagement = supervisor_of(programme)
    form = SessionForm(recipients=support.recipients(programme, helper))
    texts = [name for name, field in form.fields.items() if type(field).__name__ == "CharField"]
    assert texts == ["reach"]  # a number or an address, checked (test_support)
    fields = {"kind": "individual", "channel": "in_person", "slots": 1, "receipt": uuid.uuid4()}
    with pytest.raises(DomainError, match="supervise"):
        support.ask(programme=programme, person=helper, to="referent", **fields)
    row = asked(programme, helper, engagement, "rights")
    with pytest.raises(DomainError, match="séance"):
        support.move(request=row, name="close", by=engagement.person, held=True)
    support.move(request=row, name="close", by=engagement.person)
    for change in ({"held": True}, {"kind": "individual", "asked": "referent"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SupportRequest.objects.filter(pk=row.pk).update(**change)
