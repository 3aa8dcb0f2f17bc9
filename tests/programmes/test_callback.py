"""« Parler d’abord » : a number without a name, for the référent alone, gone 30 days later."""

import datetime as dt
import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal import clock, registry
from portal.enums import Verb
from portal.models import JournalEntry, OutgoingMail
from portal.services import retention
from programmes.models import CallBack
from programmes.services import call_backs, rollout
from tests.builders import client_of, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries

PHONE = "06 12 34 56 78"
TUESDAY_AFTERNOON = 5


@pytest.fixture(autouse=True)
def _counters_at_zero():
    cache.clear()
    yield
    cache.clear()


def form(**changes) -> dict:
    return {"receipt": str(uuid.uuid4()), "phone": PHONE, "slots": [str(TUESDAY_AFTERNOON)], "given": "", **changes}


def ask(programme, client=None, **changes):
    return (client or Client()).post(reverse("programmes:talk", args=[programme.slug]), form(**changes))


def put(programme, **changes) -> CallBack:
    call_backs.ask(
        programme=programme, receipt=uuid.uuid4(), **{"phone": PHONE, "slots": 1 << TUESDAY_AFTERNOON, **changes}
    )
    return CallBack.objects.order_by("-pk").first()


def calls_page(programme, person):
    return client_of(person).get(reverse("programmes:calls", args=[programme.slug]))


def test_a_number_without_a_name_is_enough_and_is_sealed(db):
    programme = make_programme()
    assert ask(programme).status_code == 302
    row = CallBack.objects.get()
    assert row.phone.open(row.ref) == PHONE and row.given.open(row.ref) == ""
    assert "12" not in str(row.phone)
    assert not OutgoingMail.objects.filter(created_at__gte=row.asked_at).exists()


def test_the_same_form_sent_twice_is_one(db):
    programme, data = make_programme(), form()
    for _ in range(2):
        Client().post(reverse("programmes:talk", args=[programme.slug]), data)
    assert CallBack.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"phone": ""}, {"phone": "bonjour"}, {"phone": "12"}, {"slots": []}, {"slots": ["1"]}]
)
def test_an_error_keeps_what_was_typed_and_writes_nothing(db, wrong):
    answer = ask(make_programme(), given="Candide", **wrong)
    assert answer.status_code == 200 and 'value="Candide"' in answer.content.decode()
    assert not CallBack.objects.exists()


def test_one_browser_cannot_fill_the_list(db):
    programme, client = make_programme(), Client()
    for _ in range(12):
        ask(programme, client)
    assert CallBack.objects.count() == 10


def test_the_referent_reads_numbers_and_each_reading_is_written_down(db):
    programme = make_programme()
    put(programme)
    put(programme)
    page = calls_page(programme, referent_of(programme)).content.decode()
    assert page.count(f">{PHONE}</a>") == 2 and "Mardi après-midi" in page
    entry = JournalEntry.objects.filter(verb=Verb.READ_LIST, label="programmes.CallBack").get()
    assert entry.count == 2


def test_deputy_rh_and_other_programmes_never_read_a_number(db):
    programme = make_programme()
    put(programme)
    deputy = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role="deputy", by=referent_of(programme))
    hr = make_person(programme.lead_employer, roles=("hr_reader", "hr_signatory"))
    for person in (deputy, hr, make_person(programme.lead_employer), referent_of(make_programme())):
        assert calls_page(programme, person).status_code == 404
    other = make_programme()
    assert PHONE not in calls_page(other, referent_of(other)).content.decode()


def test_the_dashboard_says_how_many_to_the_referent_only_and_no_number(db):
    programme = make_programme()
    deputy = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role="deputy", by=referent_of(programme))
    put(programme)

    def sentences(person):
        return [item.sentence for item in registry.gather(registry.TODO, person, programme)]

    assert "1 rappel demandé" in sentences(referent_of(programme))
    assert "1 rappel demandé" not in sentences(deputy)
    put(programme)
    assert "2 rappels demandés" in sentences(referent_of(programme))
    assert PHONE not in client_of(referent_of(programme)).get(programme.get_absolute_url()).content.decode()


def test_once_called_the_number_is_no_longer_shown(db):
    programme = make_programme()
    row, client = put(programme), client_of(referent_of(programme))
    client.post(reverse("programmes:called", args=[programme.slug, row.ref]))
    page = calls_page(programme, referent_of(programme)).content.decode()
    assert PHONE not in page and "1 rappel fait" in page


def test_a_call_of_another_programme_cannot_be_marked(db):
    row, programme = put(make_programme()), make_programme()
    url = reverse("programmes:called", args=[programme.slug, row.ref])
    assert client_of(referent_of(programme)).post(url).status_code == 404
    row.refresh_from_db()
    assert row.called_at is None


@pytest.mark.parametrize("called", [False, True])
def test_a_number_goes_thirty_days_later_whatever_happened(db, called):
    programme = make_programme()
    row = put(programme)
    if called:
        call_backs.mark_done(call=row, by=referent_of(programme))
    with clock.at(row.asked_at + dt.timedelta(days=30, minutes=-1)):
        retention.run()
        assert CallBack.objects.filter(pk=row.pk).exists()
    with clock.at(row.asked_at + dt.timedelta(days=30)):
        assert PHONE not in calls_page(programme, referent_of(programme)).content.decode(), "even before the task"
        retention.run()
        assert not CallBack.objects.filter(pk=row.pk).exists()


def test_the_page_makes_as_many_queries(db):
    programme = make_programme()
    client, url = client_of(referent_of(programme)), reverse("programmes:calls", args=[programme.slug])
    assert_same_queries(lambda: client.get(url), lambda: put(programme))
