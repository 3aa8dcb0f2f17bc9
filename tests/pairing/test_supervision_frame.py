"""The frame of supervision: its rhythm, the ratio, since when somebody was at none, and what a session cost."""

import datetime as dt

import pytest
from django.urls import reverse

from pairing import supervision_hooks
from pairing.models import SupervisionSession, SupervisionSetting
from pairing.services import supervision, supervision_frame
from portal import clock
from portal.errors import Conflict, DomainError
from portal.models import EmployerRole
from portal.typography import french
from programmes.models import Expense, Programme
from programmes.services import expenses
from tests.builders import client_of, make_pair, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries
from tests.pairing.test_supervision import outside, session_of, sheet_of
from tests.pairing.test_supervision_signals import held, helper_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CARD = "Un temps de recul vous est ouvert"


@pytest.fixture
def programme():
    return make_programme()


def page(programme, person=None):
    person = person or referent_of(programme)
    return client_of(person).get(reverse("pairing:supervision", args=[programme.slug])).content.decode()


# --- Rhythm -------------------------------------------------------------------------------------------------------------
def test_the_usual_rhythm_is_that_of_the_method_and_each_programme_changes_its_own(programme):
    outside(programme)
    client, url = client_of(referent_of(programme)), reverse("pairing:supervision_setting", args=[programme.slug])
    form = client.get(url).context["form"]
    assert (form.initial["group_weeks"], form.initial["group_minutes"]) == (6, 120)
    assert (form.initial["intervision_weeks"], form.initial["intervision_minutes"]) == (4, 60)
    assert not SupervisionSetting.objects.exists()  # reading writes nothing
    data = {**form.initial, "group_weeks": 8, "group_minutes": 150}
    assert client.post(url, data).status_code == 302
    plan = reverse("pairing:plan_supervision", args=[programme.slug])
    assert "groupe 8" in client.get(plan).content.decode()
    first = (clock.today(programme.time_zone) + 9 * DAY).isoformat()
    asked = client.get(plan, {"kind": "group", "first": first, "weeks": 8, "number": 2})
    assert asked.context["form"].fields["minutes"].initial == 150
    assert supervision_frame.setting_of(make_programme()).group_weeks == 6
    assert client.post(url, {**data, "group_weeks": 0}).status_code == 200


def test_two_people_do_not_undo_each_others_rhythm(programme):
    by = referent_of(programme)
    supervision_frame.change(programme=programme, seen=1, by=by, group_weeks=7)
    with pytest.raises(Conflict):
        supervision_frame.change(programme=programme, seen=1, by=by, group_weeks=5)
    with pytest.raises(DomainError):
        supervision_frame.change(programme=programme, seen=2, by=by, programme_id=3)
    assert supervision_frame.setting_of(programme).group_weeks == 7


def test_the_programmes_own_word_is_read_instead_of_supervision(programme):
    helper = helper_of(make_pair(programme))
    Programme.objects.filter(pk=programme.pk).update(
        words={"supervision": ["analyse de pratique", "analyses de pratique"]}
    )
    text = page(programme)
    assert "Analyse de pratique</h1>" in text and "<title>Analyse de pratique" in text
    mine = client_of(helper)
    assert french("Prochaine date : analyse de pratique") in mine.get(reverse("portal:my_space")).content.decode()
    assert "Analyse de pratique</h1>" in mine.get(reverse("pairing:my_supervision")).content.decode()


# --- Ratio ----------------------------------------------------------------------------------------------------------------
def test_the_ratio_counts_who_is_in_a_mission_and_who_is_engaged_today(programme):
    for _ in range(3):
        make_pair(programme)
    assert supervision_frame.ratio(programme).each == 3
    outside(programme)
    ratio = supervision_frame.ratio(programme)
    assert (ratio.helpers, ratio.supervisors, ratio.each, ratio.too_many) == (3, 2, 2, False)
    SupervisionSetting.objects.create(programme=programme, helpers_each=1)
    assert "C’est plus de 1 par personne" in page(programme)
    programme.supervisors.update(ended_on=clock.today(programme.time_zone) - DAY)
    assert supervision_frame.ratio(programme).each == 0
    assert "superviseur·e pour" not in page(programme)


# --- Since when -----------------------------------------------------------------------------------------------------------
def told(person):
    return CARD in client_of(person).get(reverse("portal:my_space")).content.decode()


def test_who_was_at_no_session_for_long_reads_it_a_week_before_the_referent(programme):
    engagement, helper = outside(programme), helper_of(make_pair(programme))
    there = helper_of(make_pair(programme))
    limit = supervision_frame.setting_of(programme).without_days
    start = clock.now()
    held(engagement)
    with clock.at(start + 40 * DAY):
        held(engagement, helper)
    for days, first, then in (
        (limit - 1, False, False),
        (limit, True, False),
        (limit + 6, True, False),
        (limit + 7, True, True),
    ):
        with clock.at(start + days * DAY):
            listed = page(programme).partition("Sans séance depuis")[2].partition("</ul>")[0]
            assert (told(helper), helper.short_name in listed) == (first, then), days
            assert not told(there) and there.short_name not in listed


def test_rh_reads_nothing_of_it(programme):
    helper = helper_of(make_pair(programme))
    rh = make_person(programme.lead_employer, roles=("hr_signatory",))
    assert EmployerRole.objects.filter(person=rh).exists()
    client = client_of(rh)
    with clock.at(clock.now() + 200 * DAY):
        assert client.get(reverse("pairing:supervision", args=[programme.slug])).status_code == 404
        assert supervision_hooks.todo(rh, programme) == []
        assert helper.short_name not in client.get(reverse("portal:my_space")).content.decode()


def test_the_list_costs_the_same_for_one_helper_and_for_many(programme):
    make_pair(programme)

    def listed() -> None:
        with clock.at(clock.now() + 100 * DAY):
            assert supervision_frame.without(programme, referent_of(programme))

    assert_same_queries(listed, lambda: make_pair(programme))


# --- Cost -----------------------------------------------------------------------------------------------------------------
def test_the_cost_of_a_session_is_an_expense_once_and_counted_once(programme):
    make_pair(programme)
    engagement = outside(programme)
    session = session_of(engagement)
    client, url = (
        client_of(referent_of(programme)),
        reverse("pairing:supervision_cost", args=[programme.slug, session.ref]),
    )
    data = {"cents": "420,50", "financed_cents": "300", "piece": "M-1"}
    assert "tenue" in client.post(url, data).content.decode()  # not held yet
    supervision.mark(session=session, presences=sheet_of(session), themes=[], by=None)
    client.post(url, data)
    client.post(url, data)
    expense = Expense.objects.get()
    assert (expense.cents, expense.financed_cents, expense.line) == (42050, 30000, "supervision")
    assert expense.on == session.starts_at.astimezone(clock.ZoneInfo(programme.time_zone)).date()
    assert expenses.totals(programme.expenses.all()).spent == 42050
    assert "420,50" in page(programme)
    assert client.get(url).url == reverse("programmes:expense", args=[programme.slug, expense.ref])
    expenses.remove(expense=expense, by=referent_of(programme))
    assert "Noter le coût de la séance" in client.get(url).content.decode()


def test_an_individual_session_has_no_cost_of_its_own(programme):
    make_pair(programme)
    session = session_of(outside(programme))
    supervision.mark(session=session, presences=sheet_of(session), themes=[], by=None)
    session.kind = "individual"
    session.save()
    url = reverse("pairing:supervision_cost", args=[programme.slug, session.ref])
    assert client_of(referent_of(programme)).get(url).status_code == 404
    with pytest.raises(DomainError, match="groupe"):
        supervision_frame.note_cost(session=session, cents=100, by=referent_of(programme))


def test_of_a_session_of_more_than_a_year_ago_no_sheet_is_sent_again(programme):
    engagement = outside(programme)
    old, recent = (session_of(engagement, hours=-24 * days) for days in (400, 30))
    SupervisionSession.objects.filter(pk__in=[old.pk, recent.pk]).update(state="held")
    page = client_of(referent_of(programme)).get(reverse("pairing:supervision", args=[programme.slug])).content.decode()
    again = [reverse("pairing:send_sheet_link", args=[programme.slug, one.ref]) for one in (recent, old)]
    assert again[0] in page and again[1] not in page
    assert "1 séance plus ancienne" in page
