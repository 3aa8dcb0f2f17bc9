"""What the two tick stays between them: looked for in the pages of everybody else, in mails, and in a dump without the key."""

import datetime as dt
import io
import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pairing.enums import EndCode, Fit, Moment, Objective, Tick
from pairing.models import Meeting, MonthCount, Pair, PairMember, PairPoint
from pairing.services import dates, fit, frame, meetings, monthly, pairs, retention, reviews, supervision
from portal import clock
from portal.crypto import Sealed
from portal.models import OutgoingMail, Person
from portal.services import mail
from portal.services.my_data import export
from programmes.enums import ProgrammeRoleKind
from programmes.models import Participation, Theme
from programmes.services import rollout
from tests.builders import client_of, make_pair, make_participation, make_person, make_programme, referent_of

pytestmark = pytest.mark.django_db
CANARY = "CANARITHEME"
TICKS = [Tick.LITTLE, Tick.TALK]
WORDS = (CANARY, CANARY.lower(), Fit.MISS.label, *(tick.label for tick in TICKS), Objective.PROJECT.label, "29 fois")
# Of what is sealed, a copy of the database shows not even codes.
CODES = (CANARY, CANARY.lower(), f'"{Fit.MISS.value}"', *(f'"{tick.value}"' for tick in TICKS))


def people_of(pair: Pair) -> list:
    """The helped agent, then the helper."""
    return [member.person for member in pair.members.order_by("part")]


@pytest.fixture
def pair() -> Pair:
    """Three months old; the two have ticked everything they may."""
    Theme.objects.create(code=CANARY.lower(), label=CANARY, position=99)
    with clock.at(clock.now() - dt.timedelta(days=reviews.HALF_DAYS)):
        pair = make_pair()
    one, other = people_of(pair)
    meetings.log(pair=pair, by=one, key=uuid.uuid4(), minutes=47, themes=[Theme.objects.get(label=CANARY)])
    pair = Pair.objects.get(pk=pair.pk)
    fit.answer(pair=pair, by=one, answer=Fit.MISS)
    chosen = {"rhythm": "monthly", "minutes": 60, "channel": "phone", "objectives": ["project"], "noting": "monthly"}
    row = frame.propose(pair=pair, by=one, **chosen)
    frame.answer(pair=pair, by=other, frame=row.ref, yes=True)
    monthly.give(pair=pair, by=one, month=monthly.first_of(clock.today("Europe/Paris")), number=29)
    for person in (one, other):
        reviews.answer(pair=pair, by=person, moment=Moment.HALF, ticks=TICKS)
    when = clock.now() + dt.timedelta(days=3)
    dates.propose(pair=pair, by=one, dates=[when], minutes=60, channel="phone")
    return pair


def readers(pair: Pair) -> dict:
    """Everybody else, each with their own pages."""
    programme, by = pair.programme, referent_of(pair.programme)
    employer = programme.lead_employer
    people = {name: make_person(employer, name) for name in ("supervisor", "deputy", "referee")}
    for name in ("supervisor", "deputy"):
        rollout.grant(programme=programme, person=people[name], role=ProgrammeRoleKind(name), by=by)
    today = clock.today(programme.time_zone)
    supervision.engage(programme=programme, person=people["supervisor"], confidentiality_on=today, by=by)
    pairs.entrust(pair=Pair.objects.get(pk=pair.pk), referee=people["referee"], by=by)
    rh, admin = make_person(employer, roles=("hr_signatory",)), make_person(employer, roles=("administrator",))
    slug = {"args": [programme.slug]}
    pilot = [programme.get_absolute_url(), reverse("pairing:pairs", **slug), reverse("pairing:supervision", **slug)]
    pilot += [
        reverse("pairing:pilot_pair", args=[programme.slug, pair.ref]),
        reverse("pairing:opening", args=[pair.ref]),
    ]
    parts = [member.participation for member in pair.members.select_related("participation")]
    pilot += [reverse("programmes:participation", args=[programme.slug, part.ref]) for part in parts]
    return {
        by: pilot,
        people["deputy"]: [pilot[0]],
        people["referee"]: [reverse("pairing:refereed"), reverse("pairing:refereed_pair", args=[pair.ref])],
        people["supervisor"]: [reverse("pairing:my_sessions")],
        rh: [reverse("portal:hr_home", args=[employer.slug])],
        admin: [reverse("portal:accounts", args=[employer.slug])],
    }


def test_nobody_else_reads_it(pair):
    for person, addresses in readers(pair).items():
        client = client_of(person)
        for address in addresses:
            answer = client.get(address, follow=True)
            text = answer.content.decode()
            assert answer.status_code == 200, address
            assert not [word for word in WORDS if word in text], f"{person.given} {address}"
    one, other = people_of(pair)
    page = client_of(other).get(reverse("pairing:pair", args=[pair.ref])).content.decode()
    assert CANARY in page and "29 fois" in page, "the two do read it"


def test_no_mail_says_it_nor_a_dump_without_the_key(pair):
    readers(pair)
    out = io.StringIO()
    call_command("dumpdata", "--all", "--exclude=programmes.Theme", stdout=out)
    mails = "".join("".join(mail.render(row)) for row in OutgoingMail.objects.all())
    assert not [word for word in CODES if word in out.getvalue() or word in mails]
    assert not [word for word in WORDS if word in mails]


def test_each_takes_away_themes_in_words_and_only_ones_own_ticks(pair):
    one, _ = people_of(pair)
    taken = export(person=one)["donnees"]
    assert taken["pairing.Meeting"][0]["themes"] == CANARY
    assert len(taken["pairing.ReviewAnswer"]) == 1


def test_stored_themes_are_of_one_length_ticked_or_not_and_go_when_they_should(pair):
    one, other = people_of(pair)
    meetings.log(pair=pair, by=one, key=uuid.uuid4(), on=clock.today("Europe/Paris") - dt.timedelta(days=1))
    tokens = [row.themes.token for row in Meeting.objects.all()]
    assert len(tokens) == 2 and len({len(token) for token in tokens}) == 1
    pairs.end(pair=pair, by=one, code=EndCode.TERM)
    with clock.at(clock.now() + dt.timedelta(days=retention.MEETING_DAYS + 2)):
        assert (retention.meetings(), retention.meetings()) == (2, 0)
    assert not any(row.themes for row in Meeting.objects.all())


# --- As many questions with many rows ---------------------------------------------------------------------------------
@pytest.mark.long
def test_pages_ask_as_many_queries_with_five_hundred_pairs_and_ten_thousand_meetings():
    """Rows made in bulk from one pair: what a page asks of the database must not grow with them."""
    programme = make_programme()
    employer, by = programme.lead_employer, referent_of(programme)
    helper = make_person(employer)
    referee = make_person(employer)
    part = make_participation(programme, "helper", helper)
    pair = make_pair(programme, helper=part)
    pairs.entrust(pair=Pair.objects.get(pk=pair.pk), referee=referee, by=by)
    meetings.log(pair=pair, by=helper, key=uuid.uuid4())
    pair.refresh_from_db()
    pages = [
        (helper, reverse("portal:my_space")),
        (helper, reverse("pairing:pair", args=[pair.ref])),
        (by, reverse("pairing:pairs", args=[programme.slug])),
        (by, reverse("pairing:pilot_pair", args=[programme.slug, pair.ref])),
        (by, programme.get_absolute_url()),
        (referee, reverse("pairing:refereed")),
    ]
    clients = {person: client_of(person) for person in (helper, by, referee)}

    def asked() -> dict[str, int]:
        found = {}
        for person, address in pages:
            with CaptureQueriesContext(connection) as queries:
                assert clients[person].get(address).status_code == 200
            found[address] = len(queries)
        return found

    many(pair, pairs_more=3, meetings_more=3)
    asked()
    few = asked()
    many(pair, pairs_more=500, meetings_more=20)
    assert (Pair.objects.count() > 500, Meeting.objects.count() > 10_000) == (True, True)
    assert asked() == few


def many(pair: Pair, *, pairs_more: int, meetings_more: int) -> None:
    """Pairs like this one, each of two people of their own and with as many meetings; a count and a point each."""
    members = list(pair.members.select_related("participation", "person"))
    copies = Pair.objects.bulk_create(copied(pair) for _ in range(pairs_more))
    for member in members:
        people = Person.objects.bulk_create(
            Person(given=f"Agent{number}", family="Nom", sort_key="nom", search_key="nom")
            for number, _ in enumerate(copies)
        )
        parts = Participation.objects.bulk_create(copied(member.participation, person=person) for person in people)
        PairMember.objects.bulk_create(
            copied(member, pair=row, person=person, participation=part)
            for row, person, part in zip(copies, people, parts, strict=True)
        )
    today = clock.today(pair.programme.time_zone)
    for row in copies:
        row.meetings.bulk_create(
            Meeting(pair=row, key=uuid.uuid4(), on=today - dt.timedelta(days=back), themes=" " * meetings.WIDTH)
            for back in range(meetings_more)
        )
    MonthCount.objects.bulk_create(MonthCount(pair=row, month=today.replace(day=1), number=9) for row in copies)
    PairPoint.objects.bulk_create(PairPoint(pair=row, number=1, done_on=today) for row in copies)


def copied(row, **changes):
    """A new row with the same columns."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    fields = {name: value for name, value in fields.items() if not isinstance(value, Sealed)}
    fields |= {"ref": uuid.uuid4()} if "ref" in fields else {}
    copy = type(row)(**fields | {"id": None})
    for name, value in changes.items():
        if hasattr(copy, name):
            setattr(copy, name, value)
    return copy
