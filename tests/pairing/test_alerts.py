"""« Une situation m’inquiète » : numbers first, nobody recorded, no message without a reader, targets at their instants."""

import datetime as dt
import re
import uuid
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, models, transaction
from django.urls import reverse

from pairing import support_hooks
from pairing.enums import ALERT_CODES, AlertState, SupportKind
from pairing.models import Alert, AlertReview, SupportRequest
from pairing.services import alerts, erasure, receivers, retention, support, support_reminders
from portal import clock
from portal.errors import DomainError, Refused
from portal.models import JournalEntry, OutgoingMail
from portal.services import mail
from programmes.enums import ProgrammeRoleKind, Side
from programmes.models import StepItem
from programmes.services import cover, rollout
from tests.builders import client_of, make_pair, make_participation, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries
from tests.pairing.test_supervision import outside, supervisor_of
from tests.pairing.test_support import away, deputy_of

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
NUMBERS = ("tel:15", "tel:112", "sms:114", "tel:3114")


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def sender(programme):
    return make_participation(programme, Side.HELPER).person


def sent(programme, sender, level=3, **more):
    fields = {"receipt": uuid.uuid4(), "code": ALERT_CODES[level][0], **more}
    return alerts.send(programme=programme, sender=sender, level=level, **fields)


def worry(programme, level=None):
    name = "pairing:worry_level" if level else "pairing:worry"
    return reverse(name, args=[programme.slug, *([level] if level else [])])


class Order(HTMLParser):
    """What a reader meets in the main part of a page: numbers to call, boxes to fill."""

    def __init__(self, text):
        super().__init__()
        self.met = []
        self.feed(text[text.index("<h1") :])

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and attrs.get("href") in NUMBERS:
            self.met.append(attrs["href"])
        elif tag in ("input", "select", "textarea") and attrs.get("type") != "hidden":
            self.met.append("asks")


# --- Nobody but the sender ----------------------------------------------------------------------------------------------
def test_no_column_can_hold_the_person_concerned():
    fields = {field.name: field for field in Alert._meta.get_fields()}
    people = [name for name, field in fields.items() if field.is_relation and not field.auto_created]
    assert sorted(people) == ["programme", "sender"]
    free = [
        name
        for name, field in fields.items()
        if isinstance(field, models.CharField | models.TextField | models.JSONField) and not field.choices
    ]
    assert free == []


@pytest.mark.parametrize("level", [2, 3, 4])
def test_whatever_else_a_form_sends_nothing_of_it_is_kept(programme, level):
    pair = make_pair(programme)
    helper = pair.members.get(part="helper").person
    helped = pair.members.get(part="helped").person
    data = {"receipt": uuid.uuid4(), "code": ALERT_CODES[level][0].value}
    data |= {"pair": pair.ref, "person": helped.ref, "text": f"C’est {helped.given}", "note": helped.given}
    assert client_of(helper).post(worry(programme, level), data).status_code == 302
    row = Alert.objects.values().get()
    assert helped.pk not in (row["sender_id"],) and helped.given not in str(row)
    entries = JournalEntry.objects.filter(label=Alert._meta.label)
    assert entries.exists() and not entries.filter(subject_ref=helped.ref).exists()


# --- Numbers first --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("level", [None, 1, 2, 3, 4])
def test_every_page_gives_the_numbers_before_it_asks_anything(programme, sender, level):
    page = client_of(sender).get(worry(programme, level)).content.decode()
    met = Order(page).met
    assert met[:4] == list(NUMBERS)
    assert "n’est pas un service d’urgence" in page


def test_level_1_leaves_no_trace_and_leads_to_the_supervisor(programme, sender):
    client = client_of(sender)
    page = client.get(worry(programme, 1)).content.decode()
    assert "<form" not in page[page.index("<h1") :]
    client.post(worry(programme, 1), {"code": "other"})
    engagement = supervisor_of(programme)
    first = client.get(reverse("pairing:ask_support", args=[programme.slug]), {"a": "superviseur"})
    assert first.context["recipients"][0].supervisor == engagement
    (checked,) = re.findall(r"<input[^>]*name=\"to\"[^>]*checked[^>]*>", first.content.decode())
    assert f"supervisor-{engagement.ref}" in checked
    assert not Alert.objects.exists()
    assert client.get(worry(programme, 5)).status_code == 404


def test_the_trace_of_level_4_is_optional_and_says_when_and_who_was_called(programme, sender):
    client, yesterday = client_of(sender), clock.today("Europe/Paris") - dt.timedelta(days=1)
    data = {"receipt": uuid.uuid4(), "code": "suicide", "day": yesterday.isoformat(), "hour": "14:30"}
    client.post(worry(programme, 4), data | {"relay_code": "emergency"})
    row = Alert.objects.get()
    assert row.occurred_at == dt.datetime.combine(yesterday, dt.time(14, 30), tzinfo=PARIS)
    assert (row.relay_code, row.state) == ("emergency", AlertState.RECEIVED)
    late = data | {"receipt": uuid.uuid4(), "day": (yesterday + dt.timedelta(days=3)).isoformat()}
    assert "à venir" in client.post(worry(programme, 4), late).content.decode()
    with pytest.raises(DomainError, match="niveau 4"):
        sent(programme, sender, 3, relay_code="emergency")


# --- Who receives -----------------------------------------------------------------------------------------------------------
def test_the_referent_receives_and_nobody_else_can_read(programme, sender):
    row = sent(programme, sender)
    client = client_of(referent_of(programme))
    page = client.get(reverse("pairing:register", args=[programme.slug])).content.decode()
    assert "Niveau 3" in page and sender.short_name in page
    url = reverse("pairing:alert", args=[programme.slug, row.ref])
    assert client.get(url).status_code == 200
    assert JournalEntry.objects.filter(verb="read_file", subject_ref=sender.ref, object_ref=row.ref).count() == 1
    for other in (make_person(programme.lead_employer, roles=("hr_signatory",)), deputy_of(programme), sender):
        assert client_of(other).get(url).status_code == 404
    subject, body = mail.render(OutgoingMail.objects.get(kind="pairing/support_waiting"))
    assert not {"alerte", "inquiet", "danger", sender.given.lower()} & set((subject + " " + body).lower().split())


def test_while_the_referent_is_away_the_deputy_takes_over_in_the_open(programme, sender):
    deputy = deputy_of(programme)
    away(programme)
    row = sent(programme, sender)
    assert [one.person for one in OutgoingMail.objects.filter(kind="pairing/support_waiting")] == [deputy]
    client, register = client_of(deputy), reverse("pairing:register", args=[programme.slug])
    closed = client.get(register).content.decode()
    assert sender.short_name not in closed and "Prendre le relais" in closed
    assert client.get(reverse("pairing:alert", args=[programme.slug, row.ref])).status_code == 404
    assert (
        "Un message attend une réponse"
        in client.get(reverse("programmes:home", args=[programme.slug])).content.decode()
    )
    client.post(reverse("programmes:take_over", args=[programme.slug]))
    assert sender.short_name in client.get(register).content.decode()
    seen = JournalEntry.objects.filter(subject_ref=sender.ref, actor_ref=deputy.ref)
    client.get(reverse("pairing:alert", args=[programme.slug, row.ref]))
    assert set(seen.values_list("verb", flat=True)) == {"took_over", "read_file"}


def test_when_nobody_is_there_no_message_is_taken_and_the_page_says_whom_to_call(programme, sender):
    away(programme)
    client = client_of(sender)
    for level in (None, 2, 3, 4):
        page = client.get(worry(programme, level)).content.decode()
        assert "Aucun message ne sera accepté" in page and "01 23 45 67 89" in page
    answer = client.post(worry(programme, 3), {"receipt": uuid.uuid4(), "code": "breach"})
    assert "n’est pas envoyé" in answer.content.decode()
    assert not Alert.objects.exists() and not OutgoingMail.objects.filter(kind="pairing/support_waiting").exists()


def test_nobody_deals_with_their_own_message(programme):
    own = make_participation(programme, Side.HELPER, referent_of(programme), accepted=False).person
    deputy_of(programme)
    assert not receivers.of(programme, but=own)  # the deputy cannot take over while they are there
    other = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=other, role=ProgrammeRoleKind.REFERENT, by=own)
    row = sent(programme, own)
    assert not alerts.register(programme, own).exists()
    with pytest.raises(Refused):
        alerts.relay(alert=row, relay_code="voice", by=own)
    alerts.relay(alert=row, relay_code="voice", by=other)


# --- Until it is closed -------------------------------------------------------------------------------------------------------
def test_the_referent_reads_how_the_sender_chose_to_be_reached_or_that_the_portal_does_not_know(programme, sender):
    row = sent(programme, sender)
    page, own = reverse("pairing:alert", args=[programme.slug, row.ref]), reverse("pairing:my_alert", args=[row.ref])
    client, mine = client_of(referent_of(programme)), client_of(sender)
    assert "n’a pas écrit comment la joindre" in client.get(page).content.decode()
    assert sender.user.email not in client.get(page).content.decode()
    assert "Écrire comment me joindre" in mine.get(own).content.decode()
    sender.contact = "06 01 02 03 04, le matin"
    sender.save()
    for reader, url in ((client, page), (mine, own)):
        assert "06 01 02 03 04, le matin" in reader.get(url).content.decode()
    alerts.close(alert=row, relay_code="voice", by=referent_of(programme))
    for reader, url in ((client, page), (mine, own)):
        assert "06 01 02 03 04" not in reader.get(url).content.decode()


def test_relayed_then_closed_with_a_code_and_the_sender_is_told(programme, sender):
    row, by = sent(programme, sender), referent_of(programme)
    with pytest.raises(DomainError, match="relais"):
        alerts.close(alert=row, by=by)
    client, url = client_of(by), reverse("pairing:alert", args=[programme.slug, row.ref])
    client.post(url, {"move": "relayer", "relay_code": "reporting"})
    client.post(url, {"move": "clore", "relay_code": "reporting"})
    row.refresh_from_db()
    assert (row.state, row.relay_code) == (AlertState.CLOSED, "reporting")
    message = OutgoingMail.objects.get(kind="pairing/support_news")
    assert message.person == sender
    page = client_of(sender).get(reverse("pairing:my_alert", args=[row.ref])).content.decode()
    assert "votre message est clos, un débriefing vous est proposé" in page.lower()
    assert (
        client_of(make_participation(programme).person).get(reverse("pairing:my_alert", args=[row.ref])).status_code
        == 404
    )
    with pytest.raises(DomainError, match="clos"):
        alerts.close(alert=row, by=by)


def test_that_a_debrief_was_asked_is_known_by_the_supervisor_alone(programme, sender):
    engagement, row = supervisor_of(programme), sent(programme, sender)
    alerts.close(alert=row, by=referent_of(programme), relay_code="voice")
    client, url = client_of(sender), reverse("pairing:my_alert", args=[row.ref])
    data = {"receipt": uuid.uuid4(), "channel": "in_person", "slots": [0], "to": "referent"}
    client.post(url, data)  # only a supervisor may be asked
    assert not SupportRequest.objects.exists()
    client.post(url, data | {"to": f"supervisor-{engagement.ref}"})
    request = SupportRequest.objects.get()
    assert request.kind == SupportKind.DEBRIEF and request.due_at - request.asked_at == dt.timedelta(hours=72)
    assert not alerts.may_ask_debrief(Alert.objects.select_related("sender", "programme").get())
    referent = client_of(referent_of(programme))
    for name, more in (("register", []), ("alert", [row.ref]), ("supervision", [])):
        page = referent.get(reverse(f"pairing:{name}", args=[programme.slug, *more])).content.decode()
        assert "Demandé par" not in page and "debrief" not in page
    assert not support.for_referent(programme, referent_of(programme)).exists()
    assert (
        "un débriefing" in client_of(engagement.person).get(reverse("pairing:support_of_supervisor")).content.decode()
    )


def test_the_supervisor_reads_levels_and_days_never_who_wrote(programme, sender):
    engagement = supervisor_of(programme)
    sent(programme, sender, 2)
    page = client_of(engagement.person).get(reverse("pairing:support_of_supervisor")).content.decode()
    assert "Niveau 2" in page and sender.given not in page


def test_no_debrief_is_offered_for_level_2_nor_before_closing(programme, sender):
    for level, close in ((2, True), (3, False)):
        row = sent(programme, sender, level)
        if close:
            alerts.close(alert=row, by=referent_of(programme), relay_code="voice")
        assert not alerts.may_ask_debrief(row)


def test_a_pause_is_offered_once_a_serious_message_is_closed(programme):
    helper = make_participation(programme, Side.HELPER)
    for level, offered in ((2, False), (3, True)):
        row = sent(programme, helper.person, level)
        url, way = (
            reverse("pairing:my_alert", args=[row.ref]),
            reverse("programmes:my_participation", args=[helper.ref]),
        )
        assert way not in client_of(helper.person).get(url).content.decode()
        alerts.close(alert=row, by=referent_of(programme), relay_code="voice")
        assert (way in client_of(helper.person).get(url).content.decode()) is offered


# --- Instants -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("level", "sent_at", "due"),
    [
        # clocks go forward in the night to 29 March 2026, back in the night to 25 October: hours stay hours
        (3, "2026-03-28T20:00", "2026-03-30T21:00"),
        (3, "2026-10-24T20:00", "2026-10-26T19:00"),
        (4, "2026-03-28T20:00", "2026-03-29T21:00"),
        # working days end where the programme lives, across both changes
        (2, "2026-03-27T09:00", "2026-04-03T18:00"),
        (2, "2026-10-23T09:00", "2026-10-30T18:00"),
        # Easter Monday 6 April, 1 and 8 May, Ascension on 14 May 2026
        (2, "2026-04-03T09:00", "2026-04-13T18:00"),
        (2, "2026-04-30T23:30", "2026-05-11T18:00"),
        # 29 February 2028 is a Tuesday
        (2, "2028-02-25T08:00", "2028-03-03T18:00"),
        (3, "2028-02-28T10:00", "2028-03-01T10:00"),
        # the year ends on a public holiday
        (2, "2026-12-24T17:00", "2027-01-04T18:00"),
    ],
)
def test_targets_at_their_instants(level, sent_at, due):
    at = dt.datetime.fromisoformat(sent_at).replace(tzinfo=PARIS)
    assert alerts.due(level, at.astimezone(dt.UTC), "Europe/Paris").astimezone(PARIS).isoformat()[:16] == due


def test_days_are_those_of_the_programme():
    late = dt.datetime(2026, 6, 8, 22, tzinfo=dt.UTC)  # Tuesday already in La Réunion, still Monday in Martinique
    assert (
        alerts.due(2, late, "Indian/Reunion").astimezone(ZoneInfo("Indian/Reunion")).date().isoformat() == "2026-06-16"
    )
    assert alerts.due(2, late, "America/Martinique").date().isoformat() == "2026-06-15"


@pytest.mark.parametrize(("level", "before"), [(2, 24), (3, 12), (4, 6)])
def test_a_reminder_before_the_target_once_to_whoever_would_read(programme, sender, level, before):
    row = sent(programme, sender, level)
    deputy = deputy_of(programme)
    away(programme)
    for hours, reminded in ((-before - 1, 0), (-before + 1, 1), (-before + 1, 0), (300, 0)):
        with clock.at(row.due_at + dt.timedelta(hours=hours)):
            assert support_reminders.run() == reminded
    (reminder,) = OutgoingMail.objects.filter(key__startswith=f"alert:{row.ref}:reminder")
    assert reminder.person == deputy


def test_nobody_is_reminded_of_what_was_relayed(programme, sender):
    row = sent(programme, sender)
    alerts.relay(alert=row, relay_code="voice", by=referent_of(programme))
    with clock.at(row.due_at + dt.timedelta(days=1)):
        assert support_reminders.run() == 0


def test_late_is_said_without_blame_to_the_referent_only(programme, sender):
    row = sent(programme, sender)
    with clock.at(row.due_at + dt.timedelta(hours=1)):
        home = client_of(referent_of(programme)).get(reverse("programmes:home", args=[programme.slug])).content.decode()
        assert "le délai visé est passé, la personne attend encore" in home
        assert "passé" not in client_of(sender).get(reverse("pairing:my_alert", args=[row.ref])).content.decode()


# --- A year later, and afterwards -----------------------------------------------------------------------------------------------
def test_the_step_says_that_a_message_was_left_past_its_target_never_that_one_was_just_written(programme, sender):
    """The dormant deputy reads that page, and reads nothing of a message while a référent is there."""
    step = programme.steps.get(definition__number=5)

    def said() -> list[tuple[bool, str]]:
        return [(line.met, line.said) for line in support_hooks.criteria(step)]

    before = said()
    row = sent(programme, sender)
    assert said() == before
    with clock.at(row.due_at + dt.timedelta(minutes=1)):
        assert said() == before, "to the day"
    with clock.at(row.due_at + dt.timedelta(days=1)):
        assert [met for met, _ in said()] == [False]


def test_the_protocol_is_read_again_once_a_year_on_29_february_too(programme, sender):
    by, start = referent_of(programme), dt.datetime(2028, 2, 27, 9, tzinfo=dt.UTC)
    with clock.at(start):
        on_time, late = sent(programme, sender), sent(programme, sender, 4)
    with clock.at(start + dt.timedelta(hours=47)):
        alerts.relay(alert=on_time, relay_code="voice", by=by)
        alerts.relay(alert=late, relay_code="emergency", by=by)
    with clock.at(start + dt.timedelta(days=2)):
        assert clock.today(programme.time_zone) == dt.date(2028, 2, 29)
        assert alerts.review_due(programme)
        for _ in range(2):
            alerts.review(programme=programme, by=by)
        review = AlertReview.objects.get()
        assert (review.alerts, review.delays_held) == (2, False)
    for day, asked in ((dt.date(2029, 2, 28), False), (dt.date(2029, 3, 1), True)):
        with clock.at(clock.noon(day, programme.time_zone)):
            assert alerts.review_due(programme) == asked


def test_a_protocol_written_a_year_ago_is_read_again_even_if_nobody_ever_wrote(programme):
    item = StepItem.objects.get(step__programme=programme, line=alerts.PROCEDURE)
    today = clock.today(programme.time_zone)
    assert not alerts.review_due(programme)
    for days, due in ((365, False), (366, True)):
        StepItem.objects.filter(pk=item.pk).update(state="done", done_on=today - dt.timedelta(days=days))
        assert alerts.review_due(programme) == due, days
    alerts.review(programme=programme, by=referent_of(programme))
    assert not alerts.review_due(programme)


def test_two_months_after_closing_a_level_and_dates_are_left(programme, sender):
    row = sent(programme, sender)
    alerts.close(alert=row, by=referent_of(programme), relay_code="social")
    for days, gone in ((60, 0), (62, 1), (62, 0)):
        with clock.at(row.closed_at + dt.timedelta(days=days)):
            assert retention.alerts() == gone
    row.refresh_from_db()
    assert (row.sender, row.code, row.relay_code, row.level) == (None, "", "", 3)
    assert not alerts.register(programme, referent_of(programme)).exists()
    assert alerts.held(alerts.year(programme))


def test_an_open_message_of_somebody_erased_can_still_be_dealt_with(programme, sender):
    row = sent(programme, sender)
    erasure.erase(person=sender)
    row.refresh_from_db()
    assert row.sender is None and row.state == AlertState.RECEIVED
    page = client_of(referent_of(programme)).get(reverse("pairing:register", args=[programme.slug])).content.decode()
    assert "personne partie" in page and sender.short_name not in page
    alerts.close(alert=row, by=referent_of(programme), relay_code="voice")


def test_the_database_refuses_level_1_and_a_closure_without_relay(programme, sender):
    row, now = sent(programme, sender), clock.now()
    for wrong in ({"level": 1}, {"level": 5}, {"state": "closed", "relayed_at": now, "closed_at": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Alert.objects.filter(pk=row.pk).update(**wrong)


def test_somebody_outside_gets_no_page_of_messages(programme, sender):
    outside(programme)
    sent(programme, sender)
    assert not OutgoingMail.objects.filter(kind="pairing/support_link").exists()


def test_a_message_sent_twice_is_taken_once(programme, sender):
    key = uuid.uuid4()
    assert sent(programme, sender, receipt=key) == sent(programme, sender, receipt=key)
    with pytest.raises(DomainError, match="liste"):
        sent(programme, sender, 2, code="suicide")
    with pytest.raises(Refused):
        sent(programme, make_person(programme.lead_employer))


def test_the_register_costs_the_same_with_one_and_with_many(programme):
    for url in ("pairing:register", "programmes:home"):
        browser = client_of(referent_of(programme))
        page = reverse(url, args=[programme.slug])
        assert_same_queries(
            lambda browser=browser, page=page: browser.get(page),
            lambda: sent(programme, make_participation(programme).person),
        )


def test_the_deputy_who_is_not_needed_reads_nothing(programme, sender):
    deputy = deputy_of(programme)
    sent(programme, sender)
    page = client_of(deputy).get(reverse("pairing:register", args=[programme.slug])).content.decode()
    assert "Un·e référent·e est là" in page and sender.short_name not in page
    assert not cover.may_take_over(programme, deputy)
