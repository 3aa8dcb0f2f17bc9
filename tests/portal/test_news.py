"""News: read in the portal, told once a day, never at night; what did not leave is seen and sent again."""

import datetime as dt
import re
import smtplib

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse

from portal import clock, hours, jobs
from portal.enums import EmployerRoleKind, MailState, NewsWay, Topic
from portal.models import Job, OutgoingMail, Person
from portal.services import mail, news
from programmes.enums import Side
from tests.builders import client_of, make_employer, make_participation, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db
PARIS = clock.ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def real_hours(settings):
    settings.MAIL_AT_ONCE = False


@pytest.fixture
def person() -> Person:
    return make_person(make_employer())


def local(text: str, zone: str = "Europe/Paris") -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.ZoneInfo(zone))


def post(person: Person | None, key: str, kind: str = "pairing/news", **more) -> OutgoingMail:
    return mail.post(kind=kind, key=key, person=person, object_ref=person.ref if person else None, **more)


def at(text: str, zone: str = "Europe/Paris") -> None:
    """What the scheduler does at that moment."""
    with clock.at(local(text, zone)):
        for job in Job.objects.filter(state="queued", run_after__lte=clock.now()).order_by("pk"):
            jobs.work(job)


# --- Once a day -------------------------------------------------------------------------------------------------------
def test_news_of_a_day_leave_in_one_message_the_next_working_morning(person, mailoutbox):
    for number, moment in enumerate(("2027-03-02T10:00", "2027-03-02T15:00", "2027-03-03T08:59")):
        with clock.at(local(moment)):
            post(person, f"n{number}")
        at(moment)
    at("2027-03-03T08:59")
    assert mailoutbox == []
    at("2027-03-03T09:00")
    [sent] = mailoutbox
    assert sent.subject == "Résonance : 3 nouvelles vous attendent" and "/nouvelles/" in sent.body
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {MailState.SENT}
    for word in ("binôme", "handicap", "proposition"):
        assert word not in sent.body
    at("2027-03-03T09:00")
    at("2027-03-04T09:00")
    assert len(mailoutbox) == 1, "twice, or a day later"


def test_never_more_than_one_a_day(person, mailoutbox):
    for hour in range(24 * 7):
        moment = local("2027-03-01T00:30") + dt.timedelta(hours=hour)
        with clock.at(moment):
            post(person, f"n{hour}")
            mail.gather_waiting()
            for job in Job.objects.filter(state="queued", run_after__lte=moment):
                jobs.work(job)
    assert len(mailoutbox) == 5, "five working days"


def test_one_alone_is_said_as_by_itself(person, mailoutbox):
    with clock.at(local("2027-03-02T10:00")):
        post(person, "n")
    at("2027-03-03T09:00")
    assert mailoutbox[0].subject == "Résonance : une nouvelle vous attend"
    assert f"/mon-binome/{person.ref}/" in mailoutbox[0].body


def test_what_was_read_meanwhile_is_not_said_again(person, mailoutbox):
    with clock.at(local("2027-03-02T10:00")):
        post(person, "n")
        assert news.open_one(person=person, ref=OutgoingMail.objects.get(key="n").ref)
    at("2027-03-03T09:00")
    assert mailoutbox == [] and not OutgoingMail.objects.exclude(state=MailState.KEPT).exists()


def test_news_written_while_the_message_left_join_the_next_one(person, mailoutbox):
    with clock.at(local("2027-03-02T10:00")):
        post(person, "n")
    OutgoingMail.objects.filter(kind=mail.DIGEST).update(state=MailState.SENT, sent_at=clock.now())
    with clock.at(local("2027-03-03T12:00")):
        assert (mail.gather_waiting(), mail.gather_waiting()) == (1, 0)
    at("2027-03-04T09:00")
    assert len(mailoutbox) == 1


def test_a_worker_killed_in_the_middle_or_two_workers_send_one_message(person, mailoutbox):
    with clock.at(local("2027-03-02T10:00")):
        post(person, "n")
    at("2027-03-03T09:00")
    with clock.at(local("2027-03-03T09:01")):
        for job in Job.objects.all():
            mail.deliver(job, None)
    assert len(mailoutbox) == 1


# --- Quiet hours ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2027-03-02T10:00", "2027-03-02T10:00"),
        ("2027-03-02T07:59", "2027-03-02T08:00"),
        ("2027-03-02T19:00", "2027-03-03T08:00"),
        ("2027-03-05T19:00", "2027-03-08T08:00"),  # Friday evening
        # Both changes fall on a Sunday: the Monday after opens at eight, at its own eight.
        ("2028-03-25T23:30", "2028-03-27T08:00"),
        ("2027-03-27T23:30", "2027-03-30T08:00"),  # the Monday is Easter’s
        ("2027-10-30T23:30", "2027-11-02T08:00"),  # and the Monday is a public holiday
        ("2026-10-24T23:30", "2026-10-26T08:00"),
        ("2028-02-28T19:30", "2028-02-29T08:00"),
        ("2027-12-31T18:59", "2027-12-31T18:59"),
        ("2027-12-31T19:00", "2028-01-03T08:00"),
    ],
)
def test_open_hours(now, leaves):
    assert hours.next_open(local(now), "Europe/Paris") == local(leaves)


@pytest.mark.parametrize(
    ("saturday", "monday"), [("2028-03-25T12:00", "2028-03-27T09:00"), ("2026-10-24T12:00", "2026-10-26T09:00")]
)
def test_nothing_leaves_over_the_weekend_of_a_clock_change(person, mailoutbox, saturday, monday):
    news.prefer(person=person, ways={Topic.PAIR: NewsWay.AT_ONCE})
    with clock.at(local(saturday)):
        post(person, "one")
        post(person, "two", "programmes/answer")
    moment = local(saturday)
    while moment < local(monday).astimezone(dt.UTC) - dt.timedelta(hours=2, minutes=1):
        moment = moment.astimezone(dt.UTC) + dt.timedelta(hours=1)
        with clock.at(moment):
            for job in Job.objects.filter(state="queued", run_after__lte=moment):
                jobs.work(job)
    assert mailoutbox == []
    at(monday)
    assert len(mailoutbox) == 2


def test_hours_are_those_of_the_employer(mailoutbox):
    person = make_person(make_employer(time_zone="Indian/Reunion"))
    with clock.at(local("2027-03-02T10:00", "Indian/Reunion")):
        post(person, "n")
    at("2027-03-03T08:59", "Indian/Reunion")
    assert mailoutbox == []
    at("2027-03-03T09:00", "Indian/Reunion")
    assert len(mailoutbox) == 1


def test_a_worker_that_was_down_until_the_night_waits_for_the_morning(person, mailoutbox):
    with clock.at(local("2027-03-02T10:00")):
        post(person, "n")
    at("2027-03-03T22:00")
    assert mailoutbox == []
    assert Job.objects.get(key__startswith="mail:").attempts == 0, "waiting is no attempt"
    at("2027-03-04T08:00")
    assert len(mailoutbox) == 1


# --- Preferences ------------------------------------------------------------------------------------------------------
def test_only_in_the_portal_means_no_message_at_all(person, mailoutbox):
    news.prefer(person=person, ways={Topic.PAIR: NewsWay.PORTAL})
    with clock.at(local("2027-03-02T10:00")):
        post(person, "n")
        assert [row["said"] for row in news.listed(person)] == ["Une nouvelle de votre binôme"]
    for day in range(2, 9):
        at(f"2027-03-0{day}T09:00")
    assert mailoutbox == []


def test_each_by_itself_leaves_at_once_in_open_hours(person, mailoutbox):
    news.prefer(person=person, ways={Topic.PAIR: NewsWay.AT_ONCE})
    for number in range(2):
        with clock.at(local("2027-03-02T10:00")):
            post(person, f"n{number}")
    at("2027-03-02T10:00")
    assert len(mailoutbox) == 2


def test_preferences_are_chosen_on_a_page_and_refused_where_they_are_not_offered(person):
    client, url = client_of(person), reverse("portal:news_preferences")
    chosen = dict.fromkeys(news.preferences(person), NewsWay.PORTAL.value)
    assert client.post(url, chosen).status_code == 302
    assert set(news.preferences(person).values()) == {NewsWay.PORTAL}
    page = client.post(url, chosen | {Topic.TOGETHER: NewsWay.AT_ONCE}).content.decode()
    assert "valide" in page and set(news.preferences(person).values()) == {NewsWay.PORTAL}
    assert "safety" not in page


@pytest.mark.parametrize("kind", ["pairing/support_waiting", "pairing/support_asked"])
def test_safety_leaves_at_night_whatever_was_preferred(mailoutbox, kind):
    programme = make_programme()
    referent = referent_of(programme)
    news.prefer(person=referent, ways=dict.fromkeys(news.preferences(referent), NewsWay.PORTAL))
    with clock.at(local("2027-03-06T23:00")):
        mail.post(kind=kind, key="alert", person=referent, object_ref=programme.ref)
    at("2027-03-06T23:00")
    assert len(mailoutbox) == 1


def test_a_code_asked_for_at_night_and_a_day_asked_for_leave_at_once(person, mailoutbox):
    with clock.at(local("2027-03-06T23:00")):
        post(None, "code", "account/code", address="a@b.fr", secret={"subject": "s", "body": "b"})
        post(person, "day", asked=True)
    at("2027-03-06T23:00")
    assert len(mailoutbox) == 2


def test_a_personal_link_waits_for_the_morning(mailoutbox):
    with clock.at(local("2027-03-06T23:00")):
        post(None, "link", "x/link", address="a@b.fr", secret={"subject": "s", "body": "b"})
    at("2027-03-08T07:59")
    assert mailoutbox == []
    at("2027-03-08T08:00")
    assert len(mailoutbox) == 1


# --- In the portal ----------------------------------------------------------------------------------------------------
def test_the_header_counts_what_is_not_read_and_opening_marks_it(person):
    programme = make_programme(person.affiliations.get().employer)
    row = make_participation(programme, Side.HELPED, person)
    OutgoingMail.objects.all().delete()
    for number in range(2):
        mail.post(kind="programmes/answer", key=f"n{number}", person=person, object_ref=row.ref)
    client, home = client_of(person), reverse("portal:my_space")
    assert re.search(r'tool-count">2<', client.get(home).content.decode())
    one = OutgoingMail.objects.get(key="n0")
    answer = client.post(reverse("portal:open_news", args=[one.ref]))
    assert answer.headers["Location"] == reverse("programmes:my_participation", args=[row.ref])
    assert re.search(r'tool-count">1<', client.get(home).content.decode())
    assert client.get(reverse("portal:open_news", args=[one.ref])).status_code == 405, "a reading writes nothing"
    client.post(reverse("portal:read_all_news"))
    assert "tool-count" not in client.get(home).content.decode()


def test_nobody_opens_the_news_of_somebody_else(person):
    row, other = post(person, "n"), make_person(person.affiliations.get().employer)
    assert client_of(other).post(reverse("portal:open_news", args=[row.ref])).status_code == 404
    client_of(other).post(reverse("portal:read_all_news"))
    row.refresh_from_db()
    assert row.read_at is None


def test_news_are_listed_for_two_months(person):
    with clock.at(local("2027-03-02T10:00")):
        post(person, "n")
        sixty = clock.now() + dt.timedelta(days=60)
    for late, number in ((0, 1), (1, 0)):
        with clock.at(sixty + dt.timedelta(minutes=late)):
            assert news.unread(person) == number


def test_as_many_queries_with_one_piece_of_news_as_with_three(person):
    client, numbers = client_of(person), iter(range(9))
    for name in ("portal:news", "portal:my_space"):
        assert_same_queries(lambda name=name: client.get(reverse(name)), lambda: post(person, f"n{next(numbers)}"))


# --- On paper ---------------------------------------------------------------------------------------------------------
def test_somebody_without_address_has_neutral_news_handed_over_and_no_failure(mailoutbox):
    programme = make_programme()
    person = make_person(programme.lead_employer, "Paul")
    row = make_participation(programme, Side.HELPED, person)
    Job.objects.all().delete()
    Person.objects.filter(pk=person.pk).update(user=None)
    person.refresh_from_db()
    OutgoingMail.objects.all().delete()
    with clock.at(local("2027-03-02T10:00")):
        for key, kind in (("a", "programmes/answer"), ("b", "pairing/news"), ("c", "pairing/support_news")):
            mail.post(kind=kind, key=key, person=person, object_ref=row.ref)
        assert [one.kind for one in news.on_paper(person)] == ["programmes/answer"], (
            "never what the référent does not know"
        )
        assert not Job.objects.filter(kind="portal.mail", state="queued").exists()
    client = client_of(referent_of(programme))
    mail.post(kind="programmes/answer", key="d", person=person, object_ref=row.ref)
    url = reverse("programmes:on_paper", args=[programme.slug, row.ref])
    assert "Une réponse à votre demande" in client.get(url).content.decode()
    home = reverse("programmes:home", args=[programme.slug])
    assert "1 personne a des nouvelles à recevoir sur papier" in client.get(home).content.decode()
    client.post(reverse("programmes:handed_paper", args=[programme.slug, row.ref]))
    assert "à recevoir sur papier" not in client.get(home).content.decode()
    assert "Une réponse à votre demande" not in client.get(url).content.decode()


# --- What did not leave -----------------------------------------------------------------------------------------------
def refuse(monkeypatch) -> None:
    def refused(*args):
        raise smtplib.SMTPRecipientsRefused({"secret@ville.fr": (550, b"no")})

    monkeypatch.setattr(EmailBackend, "send_messages", refused)


def fail(monkeypatch, person: Person, key: str = "n") -> OutgoingMail:
    news.prefer(person=person, ways={Topic.PAIR: NewsWay.AT_ONCE})
    with monkeypatch.context() as patch:
        refuse(patch)
        with clock.at(local("2027-03-02T10:00")):
            row = post(person, key)
        for hour in (10, 11, 12, 13, 14, 15):
            at(f"2027-03-02T{hour}:00")
    row.refresh_from_db()
    return row


def test_a_failure_is_seen_without_who_nor_where_and_sent_again(person, monkeypatch, mailoutbox):
    row = fail(monkeypatch, person)
    assert row.state == MailState.FAILED
    employer = person.affiliations.get().employer
    admin = make_person(employer, roles=(EmployerRoleKind.ADMINISTRATOR,))
    client, url = client_of(admin), reverse("portal:undelivered", args=[employer.slug])
    with clock.at(local("2027-03-03T10:00")):
        page = client_of(admin).get(url).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert "SMTPRecipientsRefused" in main and "2 mars 2027" in main.replace("\N{NO-BREAK SPACE}", " ")
    for word in ("secret@ville.fr", person.user.email, person.given, "binôme", "pairing"):
        assert word not in main, word
    with clock.at(local("2027-03-03T10:00")):
        again = reverse("portal:send_again", args=[employer.slug, row.ref])
        assert client_of(admin).post(again).status_code == 302
        assert client_of(admin).post(again).status_code == 404, "once"
    at("2027-03-03T10:00")
    assert len(mailoutbox) == 1
    assert "Tout est parti" in client.get(url).content.decode()


def test_the_administrator_of_another_employer_sees_and_sends_nothing(person, monkeypatch):
    row, employer = fail(monkeypatch, person), make_employer()
    client = client_of(make_person(employer, roles=(EmployerRoleKind.ADMINISTRATOR,)))
    assert "Tout est parti" in client.get(reverse("portal:undelivered", args=[employer.slug])).content.decode()
    assert client.post(reverse("portal:send_again", args=[employer.slug, row.ref])).status_code == 404


def test_the_list_of_failures_makes_as_many_queries_with_one_as_with_three(person, monkeypatch):
    employer = person.affiliations.get().employer
    admin, numbers = make_person(employer, roles=(EmployerRoleKind.ADMINISTRATOR,)), iter(range(9))
    url = reverse("portal:undelivered", args=[employer.slug])
    failed_at("2027-03-02T10:00", person, "account/login_code", "first")
    with clock.at(local("2027-03-03T10:00")):
        client = client_of(admin)
        assert_same_queries(lambda: client.get(url), lambda: fail(monkeypatch, person, f"n{next(numbers)}"))


# --- One way for all --------------------------------------------------------------------------------------------------
def test_every_kind_that_is_written_goes_through_the_outbox_and_says_what_it_is(settings):
    """A kind without a sentence is a link or a code: these and no other."""
    alone = {kind for kind, about in mail.KINDS.items() if about.topic is None}
    assert alone == {
        "portal/invitation",
        "programmes/letter_visa",
        "pairing/supervision_sheet",
        "pairing/support_link",
        "evaluation/invitation",
        "evaluation/managers",
    }
    sources = [
        path
        for app in ("portal", "programmes", "pairing", "evaluation")
        for path in (settings.BASE_DIR / app).rglob("*.py")
    ]
    text = {path: path.read_text() for path in sources}
    senders = [path.name for path, source in text.items() if "EmailMessage(" in source or "send_mail(sub" in source]
    assert senders == ["mail.py"]


# --- What a list of failures tells --------------------------------------------------------------------------------------
URGENT, ORDINARY = "pairing/support_asked", "evaluation/invitation"


def failed_at(moment: str, person: Person, kind: str, key: str) -> OutgoingMail:
    """Written, tried and given up around that moment."""
    with clock.at(local(moment)):
        row = OutgoingMail.objects.create(
            kind=kind, key=key, person=person, state=MailState.FAILED, created_at=clock.now()
        )
        Job.objects.create(
            key=f"mail:{row.ref}",
            kind="portal.mail",
            object_ref=row.ref,
            state="failed",
            error="SMTPServerDisconnected",
        )
    return row


def read_failures(employer, moment: str) -> str:
    admin = Person.objects.filter(employer_roles__role=EmployerRoleKind.ADMINISTRATOR).first()
    with clock.at(local(moment)):
        admin = admin or make_person(employer, roles=(EmployerRoleKind.ADMINISTRATOR,))
        page = client_of(admin).get(reverse("portal:undelivered", args=[employer.slug])).content.decode()
    return re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", page[page.index("<main") : page.index("</main>")])


@pytest.mark.parametrize("hour", ["00:02", "10:00", "23:58"])
def test_a_failure_tells_a_day_and_not_whether_somebody_asked_for_help(person, hour):
    """Two worlds that differ by the kind and the hour of one message give one page, byte for byte, at any moment."""
    employer = person.affiliations.get().employer
    moments = [f"2027-03-02T{hour}", f"2027-03-02T{hour[:-2]}59", "2027-03-03T00:10", "2027-03-03T12:00"]
    seen = []
    for kind, at_hour in ((URGENT, hour), (ORDINARY, "14:30")):
        row = failed_at(f"2027-03-02T{at_hour}", person, kind, f"k{kind}")
        pages = [read_failures(employer, moment).replace(str(row.ref), "REF") for moment in moments]
        seen.append(pages)
        row.delete()
    assert seen[0] == seen[1]
    assert "Message" in seen[0][-1] and "2 mars 2027" in seen[0][-1].replace("\N{NO-BREAK SPACE}", " ")
    for word in ("10 h", "23 h", "sans attendre", "urgent", "rappel"):
        assert word not in seen[0][-1]


def test_within_a_day_the_order_of_failures_tells_nothing(person):
    employer = person.affiliations.get().employer
    rows = [failed_at(f"2027-03-02T{8 + number:02}:00", person, URGENT, f"o{number}") for number in range(10)]
    page = read_failures(employer, "2027-03-04T12:00")
    places = [page.index(str(row.ref)) for row in rows]
    assert len(set(places)) == 10
    assert places != sorted(places) and places != sorted(places, reverse=True)


def test_a_code_that_did_not_leave_is_seen_at_once(person):
    failed_at("2027-03-02T10:00", person, "account/login_code", "code")
    page = read_failures(person.affiliations.get().employer, "2027-03-02T10:01")
    assert "Code ou lien de compte" in page


def test_what_did_not_leave_tries_again_by_itself_for_three_days_and_stays_listed(person, monkeypatch, mailoutbox):
    """A relay in the middle of the night reaches whoever is on duty as soon as the server answers again."""
    employer = person.affiliations.get().employer
    with monkeypatch.context() as patch:
        refuse(patch)
        with clock.at(local("2027-03-06T03:00")):  # a Saturday
            row = mail.post(kind=URGENT, key="u", person=person, object_ref=None)
        for minute in (0, 1, 2, 5, 20):
            at(f"2027-03-06T03:{minute:02}")
        row.refresh_from_db()
        assert row.state == MailState.FAILED
        with clock.at(local("2027-03-06T04:00")):
            assert mail.try_again() == 1
        row.refresh_from_db()
        assert row.state == MailState.FAILED, "still listed meanwhile"
        at("2027-03-06T04:00")
        assert Job.objects.get(object_ref=row.ref).state == "failed", "one attempt an hour"
        assert "Message" in read_failures(employer, "2027-03-07T10:00")
    with clock.at(local("2027-03-07T11:00")):
        assert mail.try_again() == 1
    assert news.send_again(employer=employer, ref=row.ref), "asked for while it is already leaving"
    at("2027-03-07T11:00")
    row.refresh_from_db()
    assert row.state == MailState.SENT and len(mailoutbox) == 1
    late = failed_at("2027-03-02T10:00", person, ORDINARY, "late")
    code = failed_at("2027-03-05T10:00", person, "account/login_code", "code")
    with clock.at(local("2027-03-05T10:30")):
        assert mail.try_again() == 0, "three days, and never a code: it has expired"
    assert {late.state, code.state} == {MailState.FAILED}
