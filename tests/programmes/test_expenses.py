"""Money: euros typed as people type them, cents kept, and each employer its own."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal import clock
from portal.errors import Conflict, DomainError
from programmes.forms.money import EuroField, euros
from programmes.models import Expense, Partner
from programmes.services import expenses
from tests.builders import client_of, make_employer, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db
TODAY = clock.today("Europe/Paris")


@pytest.fixture
def programme():
    return make_programme()


def spend(programme, employer=None, cents=10_000, **more):
    return expenses.add(
        programme=programme,
        employer=employer or programme.lead_employer,
        by=None,
        **{"on": TODAY, "line": "supervision", "cents": cents, **more},
    )


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("2 100,50", 210_050),
        ("2\u202f100,5", 210_050),
        ("2100.50 €", 210_050),
        ("310", 31_000),
        ("0,01", 1),
        ("", 0),
    ],
)
def test_euros_become_cents(typed, cents):
    assert EuroField(required=False).clean(typed) == cents


@pytest.mark.parametrize("typed", ["-5", "1,234", "1e3", "deux", "=1+1", "9999999999", "1 000 001", "١٢"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValidationError):
        EuroField().clean(typed)


@pytest.mark.parametrize("cents", [1, 99, 100, 210_050, 99_999_999])
def test_what_a_field_shows_reads_back(cents):
    assert EuroField().clean(euros(cents)) == cents


def test_totals_by_line(programme):
    spend(programme, cents=210_000, financed_cents=150_000)
    spend(programme, cents=31_000, line="printing")
    spend(programme, cents=9_000, line="printing", financed_cents=1_000)
    sums = expenses.totals(programme.expenses.all())
    assert (sums.spent, sums.financed, sums.left) == (250_000, 151_000, 99_000)
    assert sums.lines == [("supervision", 210_000, 150_000), ("impression et communication", 40_000, 1_000)]


@pytest.mark.parametrize(
    "wrong",
    [{"cents": 0}, {"financed_cents": 10_001}, {"on": TODAY + dt.timedelta(days=2)}, {"line": "cadeaux"}],
)
def test_what_cannot_be_an_expense_is_refused(programme, wrong):
    with pytest.raises(DomainError):
        spend(programme, **wrong)


def test_an_employer_spends_in_its_own_programmes(programme):
    with pytest.raises(DomainError):
        spend(programme, make_employer())


def test_the_referent_adds_changes_and_removes(programme):
    client, url = client_of(referent_of(programme)), reverse("programmes:expenses", args=[programme.slug])
    data = {"on": TODAY.isoformat(), "line": "first_aid", "cents": "1 000", "financed_cents": "250,50", "piece": "M-12"}
    assert client.post(url, data).status_code == 302
    row = Expense.objects.get()
    assert (row.cents, row.financed_cents, row.piece) == (100_000, 25_050, "M-12")
    one = reverse("programmes:expense", args=[programme.slug, row.ref])
    assert 'value="1\xa0000"' in client.get(one).content.decode()
    client.post(one, data | {"seen": row.version, "cents": "900"})
    row.refresh_from_db()
    assert row.cents == 90_000
    with pytest.raises(Conflict):
        expenses.change(expense=row, by=referent_of(programme), seen=row.version - 1, **_values(row))
    client.post(one, {"act": "remove"})
    assert not Expense.objects.exists()


def _values(row):
    return {name: getattr(row, name) for name in expenses.FIELDS}


def test_a_wrong_amount_keeps_what_was_typed(programme):
    client, url = client_of(referent_of(programme)), reverse("programmes:expenses", args=[programme.slug])
    page = client.post(url, {"on": TODAY.isoformat(), "line": "other", "cents": "cent euros", "piece": "M-7"})
    body = page.content.decode()
    assert 'value="cent euros"' in body and 'value="M-7"' in body and not Expense.objects.exists()


def test_each_employer_sees_its_own_money_only(programme):
    partner = make_employer("phares")
    Partner.objects.create(programme=programme, employer=partner, joined=TODAY)
    ours = spend(programme, cents=111_100, piece="NOTRE")
    theirs = spend(programme, partner, cents=222_200, piece="LEUR")
    rh_partner = client_of(make_person(partner, roles=("hr_signatory",)))
    rh_lead = client_of(make_person(programme.lead_employer, roles=("hr_signatory",)))
    referent = client_of(referent_of(programme))
    lead = programme.lead_employer.slug
    pages = [
        (rh_partner, reverse("programmes:hr_expenses", args=["phares"]), "LEUR", "NOTRE", "1\xa0111"),
        (rh_lead, reverse("programmes:hr_expenses", args=[lead]), "NOTRE", "LEUR", "2\xa0222"),
        (referent, reverse("programmes:expenses", args=[programme.slug]), "NOTRE", "LEUR", "2\xa0222"),
    ]
    for client, url, mine, other, amount in pages:
        body = client.get(url).content.decode()
        assert mine in body and other not in body and amount not in body
    wrong = [
        (rh_partner, reverse("programmes:hr_expense", args=["phares", ours.ref])),
        (rh_lead, reverse("programmes:hr_expense", args=[lead, theirs.ref])),
        (referent, reverse("programmes:expense", args=[programme.slug, theirs.ref])),
        (rh_partner, reverse("programmes:hr_expenses", args=[lead])),
        (rh_partner, reverse("programmes:expenses", args=[programme.slug])),
    ]
    for client, url in wrong:
        assert client.get(url).status_code == 404
        assert client.post(url, {"act": "remove"}).status_code == 404
    assert Expense.objects.count() == 2


def test_a_reader_of_hr_reads_and_a_signatory_writes(programme):
    row, lead = spend(programme, piece="NOTRE"), programme.lead_employer
    reader = client_of(make_person(lead, roles=("hr_reader",)))
    url = reverse("programmes:hr_expenses", args=[lead.slug])
    body = reader.get(url).content.decode()
    assert "NOTRE" in body and "Ajouter la dépense" not in body
    one = reverse("programmes:hr_expense", args=[lead.slug, row.ref])
    assert one not in body and reader.get(one).status_code == 404
    data = {"programme": programme.pk, "on": TODAY.isoformat(), "line": "other", "cents": "5"}
    assert reader.post(url, data).status_code == 404
    assert client_of(make_person(lead, roles=("hr_signatory",))).post(url, data).status_code == 302
    assert Expense.objects.count() == 2


def test_one_expense_or_many_take_the_same_queries(programme):
    client, url = client_of(referent_of(programme)), reverse("programmes:expenses", args=[programme.slug])
    assert_same_queries(lambda: client.get(url), lambda: spend(programme))
