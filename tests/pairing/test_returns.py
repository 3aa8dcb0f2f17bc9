"""« Appui au retour » : days recalled at their instants, and a date that nothing tells."""

import datetime as dt
import io
import json
import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from pairing.enums import EndCode, Milestone
from pairing.life_hooks import cards
from pairing.models import Pair, ReturnPlan
from pairing.services import erasure, pairs, retention, returns
from portal import clock
from portal.enums import EmployerRoleKind, MailState
from portal.errors import DomainError, Refused
from portal.models import EmailDomain, Job, JournalEntry, OutgoingMail, Person, Transition
from portal.services import mail
from portal.services.my_data import export
from programmes.enums import ProgrammeRoleKind, Side
from programmes.services import agenda, rollout
from tests.builders import (
    clear_gates,
    client_of,
    make_employer,
    make_pair,
    make_participation,
    make_person,
    make_programme,
    make_reciprocal,
    referent_of,
)
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db
PARIS = clock.ZoneInfo("Europe/Paris")
FORMS = ["pair", "return"]


def local(day: str, hour: int = 10, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour, minute), PARIS)


@pytest.fixture
def pair() -> Pair:
    """The two, in a hospital whose domain is known; the agent came with a personal address."""
    employer = make_employer(branch="fph")
    EmailDomain.objects.create(employer=employer, domain="clairmare.invalid")
    programme = make_programme(employer, forms=FORMS)
    swan = make_participation(programme, Side.HELPED, make_person(employer, "Swan"))
    swan.person.user.email = "swan@chez-soi.invalid"
    swan.person.user.save()
    return make_pair(programme, helped=swan)


def two(pair: Pair) -> tuple[Person, Person]:
    """The agent, then whoever accompanies."""
    rows = {member.part: member.person for member in pair.members.select_related("person__user")}
    return rows["helped"], rows["helper"]


def give(pair: Pair, on: str, *milestones: int, channel: str = "m", ways: tuple = ("p",)) -> None:
    day = dt.date.fromisoformat(on)
    returns.give(pair=pair, by=two(pair)[0], on=day, milestones=list(milestones), channel=channel, ways=list(ways))


def news_of(person: Person):
    return OutgoingMail.objects.filter(person=person, kind="pairing/news")


# --- At their instants ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "on", "milestone", "before", "at"),
    [
        # Both clock changes, on the day itself: ten in the morning is ten in the morning.
        ("2027-03-01T10:00", "2027-03-21", 7, "2027-03-28T09:59", "2027-03-28T10:00"),
        ("2027-10-01T10:00", "2027-10-24", 7, "2027-10-31T09:59", "2027-10-31T10:00"),
        # Across a change: days are days of the calendar, not of 24 hours.
        ("2027-03-01T10:00", "2027-04-05", -15, "2027-03-21T09:59", "2027-03-21T10:00"),
        ("2027-10-01T10:00", "2027-11-05", -15, "2027-10-21T09:59", "2027-10-21T10:00"),
        # 29 February, as the day recalled, the day of the return and on the way.
        ("2028-01-10T10:00", "2028-03-15", -15, "2028-02-29T09:59", "2028-02-29T10:00"),
        ("2028-01-10T10:00", "2028-02-29", 7, "2028-03-07T09:59", "2028-03-07T10:00"),
        ("2028-01-10T10:00", "2028-02-29", -15, "2028-02-14T09:59", "2028-02-14T10:00"),
        ("2028-01-10T10:00", "2028-02-22", 30, "2028-03-23T09:59", "2028-03-23T10:00"),
        ("2028-01-10T10:00", "2028-02-29", 90, "2028-05-29T09:59", "2028-05-29T10:00"),
    ],
)
def test_a_chosen_day_is_recalled_at_its_instant_once(pair, given, on, milestone, before, at):
    swan, helper = two(pair)
    with clock.at(dt.datetime.fromisoformat(given).replace(tzinfo=PARIS)):
        give(pair, on, milestone)
    sent = news_of(swan).count()
    with clock.at(dt.datetime.fromisoformat(before).replace(tzinfo=PARIS)):
        assert returns.remind() == 0
    with clock.at(dt.datetime.fromisoformat(at).replace(tzinfo=PARIS)):
        assert returns.remind() == 1
        assert returns.remind() == 0, "twice"
    assert news_of(swan).count() == sent + 1
    assert not OutgoingMail.objects.filter(person=helper, created_at__gte=local("2027-01-01")).exists()


def test_only_ticked_days_produce_anything(pair):
    with clock.at(local("2027-01-04")):
        give(pair, "2027-03-01", 7)
    for day in range(150):
        with clock.at(local("2027-01-05") + dt.timedelta(days=day)):
            assert returns.remind() == (day == 62), day


def test_without_a_tick_or_without_the_channel_nothing_is_ever_sent(pair):
    swan, _ = two(pair)
    sent = news_of(swan).count()
    for milestones, channel in (((), "m"), (tuple(Milestone.values), "n")):
        with clock.at(local("2027-01-04")):
            give(pair, "2027-03-01", *milestones, channel=channel)
        for day in range(150):
            with clock.at(local("2027-01-05") + dt.timedelta(days=day)):
                returns.remind()
    assert news_of(swan).count() == sent


def test_late_by_a_week_is_said_once_and_later_is_not_said(pair):
    with clock.at(local("2027-01-04")):
        give(pair, "2027-03-01", -15, 7, 30)
    with clock.at(local("2027-02-17")):
        assert returns.remind() == 1
    # Nothing ran for months: of two days that passed, none is worth a message any more.
    with clock.at(local("2027-04-20")):
        assert (returns.remind(), returns.remind()) == (0, 0)


def test_two_days_passed_while_nothing_ran_make_one_message(pair):
    with clock.at(local("2027-01-04")):
        give(pair, "2027-02-01", 7, 30)
    with clock.at(local("2027-03-05")):
        assert (returns.remind(), returns.remind()) == (1, 0)


def test_a_day_already_past_when_it_is_chosen_is_not_recalled(pair):
    with clock.at(local("2027-01-11", 12)):
        give(pair, "2027-01-04", 7, 30)
        assert returns.remind() == 0
    with clock.at(local("2027-02-03")):
        assert returns.remind() == 1


def test_a_day_that_changes_is_recalled_at_the_new_one_alone(pair):
    with clock.at(local("2027-01-04")):
        give(pair, "2027-03-01", -15)
    with clock.at(local("2027-02-01")):
        give(pair, "2027-04-01", -15)
    with clock.at(local("2027-02-14")):
        assert returns.remind() == 0
    with clock.at(local("2027-03-17")):
        assert returns.remind() == 1


def test_a_worker_that_read_before_the_agent_changed_recalls_nothing(pair):
    with clock.at(local("2027-01-04")):
        give(pair, "2027-03-01", -15)
    row = returns._running().get()
    with clock.at(local("2027-02-14")):
        give(pair, "2027-04-01", -15)
        assert not returns._remind(row)
        assert returns.read(pair).on == dt.date(2027, 4, 1), "what the agent wrote stays"


def test_it_ends_at_90_days_and_is_erased_30_days_later(pair):
    with clock.at(local("2027-01-04")):
        give(pair, "2027-03-01", 90)
    with clock.at(local("2027-05-30")):
        assert returns.remind() == 1
    last = local("2027-06-28", 23, 59)
    with clock.at(last):
        assert returns.forget() == 0 and returns.read(pair)
    with clock.at(last + dt.timedelta(minutes=1)):
        assert returns.read(pair) is None, "not even a page, before the job has run"
        assert (returns.forget(), returns.forget()) == (1, 0)
        assert returns.reach(two(pair)[0]) == 0
    assert ReturnPlan.objects.count() == 1, "the row stays, empty, as for anybody"


# --- Nobody else ------------------------------------------------------------------------------------------------------
def everything() -> str:
    """Every row as stored without the key, but the days on which this very test ran; every mail as sent."""
    out = io.StringIO()
    call_command("dumpdata", "--all", stdout=out)
    return out.getvalue() + "".join("".join(mail.render(row)) for row in OutgoingMail.objects.all())


def forms_of(day: dt.date) -> list[str]:
    months = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ]
    return [
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day:%d/%m}",
        f"{day:%Y%m%d}",
        f"{day.day} {months[day.month - 1]}",
        f"{day.day}\N{NO-BREAK SPACE}{months[day.month - 1]}",
    ]


def marks(on: str) -> list[str]:
    """Every way to write the day, and each day that follows from it."""
    day = dt.date.fromisoformat(on)
    days = [day, *(day + dt.timedelta(days=one) for one in (*Milestone.values, 120))]
    return [form for one in days for form in forms_of(one)]


def crawl(person: Person) -> str:
    """The pages nearest to this person’s spaces, those of the pairs first: the matrix opens all the others."""
    client, seen, queue, text = client_of(person), set(), ["/apres-connexion/", "/mon-espace/", "/mes-donnees/"], ""
    while queue and len(seen) < 35:
        queue.sort(key=lambda path: "binome" not in path)
        path = queue.pop(0)
        if path in seen or any(word in path for word in FIXED):
            continue
        seen.add(path)
        answer = client.get(path)
        if answer.status_code == 302:
            queue.append(answer.headers["Location"])
        if answer.status_code != 200:
            continue
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text += body.decode("utf-8", "ignore")
        queue += re.findall(r'href="(/[^"#?]*)', body.decode("utf-8", "ignore"))
    assert len(seen) > 8
    return text


ON = "2031-07-23"
# What is drawn anew for each page.
DRAWN = re.compile(
    r'name="(csrfmiddlewaretoken|key|receipt|draft_token)" value="[^"]*"|jusqu’à \d[^.]*\.|data-session[^ ]*'
)
# Texts of the programme, the same for everybody, slow to make.
FIXED = ("deconnexion", "bibliotheque", "pdf", "docx", "/etape", "affiche")


@pytest.fixture
def others(pair) -> dict[str, Person]:
    programme, employer = pair.programme, pair.programme.lead_employer
    referent = referent_of(programme)
    people = {"referent": referent, "rh": make_person(employer, roles=(EmployerRoleKind.HR_SIGNATORY,))}
    people["admin"] = make_person(employer, roles=(EmployerRoleKind.ADMINISTRATOR,))
    for name, role in (("supervisor", ProgrammeRoleKind.SUPERVISOR), ("deputy", ProgrammeRoleKind.DEPUTY)):
        people[name] = make_person(employer)
        rollout.grant(programme=programme, person=people[name], role=role, by=referent)
    pairs.entrust(pair=pair, referee=make_person(employer), by=referent)
    people["referee"] = pair.referee
    return people


def test_the_day_is_in_no_page_export_mail_log_calendar_or_dump(pair, others, caplog):
    """The same world with and without a day: whatever others read is the same, and no form of the day is anywhere."""
    swan, helper = two(pair)
    returns.prepare()
    url = reverse("pairing:return_plan", args=[pair.ref])
    with clock.at(local(ON) - dt.timedelta(days=40)):
        before = {name: crawl(person) for name, person in others.items()}
        rows = (Transition.objects.count(), JournalEntry.objects.count(), list(Pair.objects.values()))
        data = {"on": ON, "milestones": [-15, 7], "channel": "m", "ways": ["p", "o"]}
        assert client_of(swan).post(url, data).status_code == 302
        assert client_of(helper).get(url).status_code == 200
        assert rows == (Transition.objects.count(), JournalEntry.objects.count(), list(Pair.objects.values()))
        after = {name: crawl(person) for name, person in others.items()}
        for name in others:
            same = DRAWN.sub("", before[name]) == DRAWN.sub("", after[name])
            assert same, name
        text = "".join(after.values()) + caplog.text
        for person in others.values():
            text += json.dumps(export(person=person), default=str)
        role = agenda.role_of(others["referent"], pair.programme)
        text += agenda.feed(agenda.create(role=role, by=role.person)).decode()
    with clock.at(local(ON) - dt.timedelta(days=15)):
        assert returns.remind() == 1
    text += everything()
    # A message leaves on that day, as any other might: its own instant says no more than any’s.
    text = text.replace((dt.date.fromisoformat(ON) - dt.timedelta(days=15)).isoformat(), "")
    found = [mark for mark in marks(ON) if mark in text]
    assert not found, found


def test_the_agent_and_the_helper_read_it_and_only_the_agent_takes_it_away(pair):
    swan, helper = two(pair)
    with clock.at(local(ON) - dt.timedelta(days=40)):
        give(pair, ON, -15, 7)
        for person in (swan, helper):
            page = client_of(person).get(reverse("pairing:return_plan", args=[pair.ref])).content.decode()
            for words in (
                "23 juillet 2031",
                "8 juillet 2031",
                "30 juillet 2031",
                "21 octobre 2031",
                "20 novembre 2031",
            ):
                assert words in page.replace("\N{NO-BREAK SPACE}", " "), words
        assert ON in json.dumps(export(person=swan), default=str)
        assert ON not in json.dumps(export(person=helper), default=str)


def test_whoever_has_no_day_looks_in_the_database_like_whoever_has_one(pair):
    other = make_pair(pair.programme)
    returns.prepare()
    with clock.at(local(ON) - dt.timedelta(days=40)):
        give(pair, ON, *Milestone.values)
    rows = ReturnPlan.objects.order_by("pk")
    assert {row.member.pair_id for row in rows} == {pair.pk, other.pk}
    assert len({len(row.kept.token) for row in rows}) == 1
    with clock.at(local(ON) - dt.timedelta(days=15)):
        assert returns.remind() == 1
    keys = OutgoingMail.objects.filter(kind="pairing/news").values_list("key", flat=True)
    uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert all(re.fullmatch(f"pair:{uuid}:news:{uuid}:{uuid}", key) for key in keys)
    assert not Job.objects.filter(run_after__gt=local(ON) - dt.timedelta(days=14)).exists(), "no instant is kept"


def test_a_stranger_gets_nothing_and_the_helper_may_not_write(pair):
    swan, helper = two(pair)
    url, gone = (reverse(f"pairing:{name}", args=[pair.ref]) for name in ("return_plan", "withdraw_return"))
    data = {"on": ON, "channel": "n"}
    assert client_of(helper).get(url).status_code == 404, "nothing to read yet"
    with clock.at(local(ON) - dt.timedelta(days=40)):
        give(pair, ON)
        for person in (make_person(pair.programme.lead_employer), referent_of(pair.programme)):
            client = client_of(person)
            assert [client.get(url).status_code, client.post(url, data).status_code] == [404, 404]
            assert client.post(gone).status_code == 404
        client = client_of(helper)
        assert [client.post(url, data).status_code, client.post(gone).status_code] == [403, 403]
        with pytest.raises(Refused):
            returns.withdraw(pair=pair, by=helper)
        assert returns.read(pair).on.isoformat() == ON


# --- The personal address, and it alone -------------------------------------------------------------------------------
def deliver_all(captured) -> list[tuple[str, str]]:
    for job in Job.objects.filter(kind="portal.mail", state="queued"):
        mail.deliver(job, None)
    return [(one.to[0], one.body) for one in captured]


def test_the_mail_goes_to_the_personal_address_and_says_nothing(pair, mailoutbox):
    swan, _ = two(pair)
    OutgoingMail.objects.all().delete()
    with clock.at(local(ON) - dt.timedelta(days=40)):
        give(pair, ON, -15)
    with clock.at(local(ON) - dt.timedelta(days=15)):
        returns.remind()
        [(address, body)] = deliver_all(mailoutbox)
    assert address == "swan@chez-soi.invalid"
    for words in ("retour", "congé", "arrêt", "reprise", "binôme", "2031", "juillet"):
        assert words not in body.lower() and words not in mailoutbox[0].subject.lower(), words


@pytest.mark.parametrize("address", ["swan@clairmare.invalid", "swan@pole.clairmare.invalid", "SWAN@Clairmare.invalid"])
def test_never_to_an_address_of_the_employer_even_one_given_afterwards(pair, mailoutbox, address):
    swan, _ = two(pair)
    OutgoingMail.objects.all().delete()
    with clock.at(local(ON) - dt.timedelta(days=40)):
        give(pair, ON, -15)
    with clock.at(local(ON) - dt.timedelta(days=15)):
        assert returns.remind() == 1
    # Between the writing of the row and its sending.
    swan.notify_email = address
    swan.save()
    with clock.at(local(ON) - dt.timedelta(days=15)):
        assert deliver_all(mailoutbox) == []
        assert OutgoingMail.objects.get().state == MailState.KEPT
        with pytest.raises(DomainError, match="adresse personnelle"):
            give(pair, ON, 7)


def test_before_the_day_nothing_else_leaves_and_after_it_only_to_the_personal_address(pair, mailoutbox):
    swan, helper = two(pair)
    OutgoingMail.objects.all().delete()
    with clock.at(local(ON) - dt.timedelta(days=40)):
        give(pair, ON)
        for person in (swan, helper):
            mail.post(kind="pairing/news", key=f"one:{person.pk}", person=person, object_ref=pair.ref)
        assert [to for to, _ in deliver_all(mailoutbox)] == [helper.user.email]
    mailoutbox.clear()
    with clock.at(local(ON, 0)):
        mail.post(kind="pairing/news", key="two", person=swan, object_ref=pair.ref)
        assert [to for to, _ in deliver_all(mailoutbox)] == ["swan@chez-soi.invalid"]


# --- The agent decides ------------------------------------------------------------------------------------------------
def test_the_day_goes_at_once_when_it_is_withdrawn_when_the_pair_ends_and_with_the_person(pair):
    swan, _ = two(pair)
    with clock.at(local(ON) - dt.timedelta(days=40)):
        give(pair, ON, 7)
        client_of(swan).post(reverse("pairing:withdraw_return", args=[pair.ref]))
        assert returns.read(pair) is None
        give(pair, ON, 7)
        pairs.end(pair=pair, by=swan, code=EndCode.UNSPECIFIED)
        assert not ReturnPlan.objects.exists()
    other = make_pair(pair.programme)
    returns.prepare()
    erasure.erase(person=two(other)[0])
    assert not ReturnPlan.objects.exists()


def test_refusals_are_said_on_the_page_and_nothing_typed_is_lost(pair):
    swan, _ = two(pair)
    url = reverse("pairing:return_plan", args=[pair.ref])
    page = client_of(swan).post(url, {"on": "1999-01-01", "milestones": [7], "channel": "n"}).content.decode()
    assert "les deux prochaines années" in page
    assert re.search(r'value="7"[^>]*checked', page) and "1999-01-01" in page
    assert returns.read(pair) is None


def test_without_a_personal_address_no_message_is_offered(pair):
    swan, _ = two(pair)
    swan.user.email = "swan@clairmare.invalid"
    swan.user.save()
    page = client_of(swan).get(reverse("pairing:return_plan", args=[pair.ref])).content.decode()
    assert "donnez d’abord une adresse personnelle" in page and 'value="m"' not in page


def test_it_is_offered_by_programmes_of_this_form_to_the_one_accompanied(pair):
    assert returns.is_offered(pair)
    assert not returns.is_offered(make_pair())
    assert not returns.is_offered(make_reciprocal(make_programme(forms=["reciprocal", "return"])))


def test_the_two_read_on_their_home_page_that_a_day_has_come_and_not_which(pair):
    swan, helper = two(pair)
    with clock.at(local(ON) - dt.timedelta(days=40)):
        give(pair, ON, -15)
    for days, shown in ((16, 0), (15, 1), (9, 1), (8, 0)):
        with clock.at(local(ON) - dt.timedelta(days=days)):
            for person in (swan, helper):
                found = [card for card in cards(person) if card.title == "Un jour à vous rappeler"]
                assert len(found) == shown, days
                assert not any(mark in f"{card.text} {card.url}" for card in found for mark in marks(ON))


def test_the_retention_page_says_it_and_applies_it(pair):
    with clock.at(local("2027-01-04")):
        give(pair, "2027-03-01")
    rule = next(rule for rule in retention.rules() if rule.code == "returns")
    with clock.at(local("2027-06-29", 0)):
        assert rule.apply() == 1


def test_as_many_queries_with_one_pair_as_with_three(pair):
    def measure():
        with clock.at(local("2027-01-04")):
            returns.remind()
            returns.forget()

    def more():
        for _ in range(2):
            make_pair(pair.programme)
        returns.prepare()

    returns.prepare()
    assert_same_queries(measure, more)


def test_where_it_is_the_only_form_the_pair_bears_it_and_needs_no_start_survey():
    row = make_pair(make_programme(forms=["return"]), framed=False)
    assert (row.form, row.state) == ("return", "accepted")
    clear_gates(row, but="baseline")
    assert row.state == "active" and not row.needs_baseline
    give(row, clock.today("Europe/Paris").isoformat(), 7, channel="n")
    assert returns.read(row)


def test_beside_pairs_it_does_not_say_its_name_in_lists(pair):
    assert pair.form == "pair" and pair.needs_baseline
