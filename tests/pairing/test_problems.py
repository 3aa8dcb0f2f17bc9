"""Problems of the organisation: raised without a name, answered by the employer, read in the report."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pairing.enums import ProblemState
from pairing.models import Problem
from pairing.services import problems
from pairing.support_hooks import criteria
from portal import clock
from portal.errors import Conflict, DomainError
from programmes.services import rollout
from tests.builders import client_of, make_participation, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db
TITLE = "Les aménagements prennent plus de quatre mois"


@pytest.fixture
def programme():
    return make_programme()


def raised(programme, title=TITLE, **more):
    fields = {"category": "organisation", "kind": "adjustments", "owner": "hr", "by": referent_of(programme), **more}
    return problems.raise_problem(programme=programme, title=title, **fields)


def hr_of(programme, role="hr_signatory"):
    return make_person(programme.lead_employer, roles=(role,))


@pytest.mark.parametrize(
    ("title", "refused"),
    [
        ("Célimène attend son aménagement", True),
        ("le bureau de CELIMENE", True),
        ("celimène-attend", True),
        ("Madame D’Harcourt attend", True),
        ("Les délais d’aménagement sont longs", False),
    ],
)
def test_the_referents_sentence_names_nobody_who_takes_part(programme, title, refused):
    person = make_participation(programme).person
    person.given, person.family = "Célimène", "D’Harcourt"
    person.save()
    if refused:
        with pytest.raises(DomainError, match="nommer une personne"):
            raised(programme, title)
    else:
        assert raised(programme, title).title == title


def test_what_rh_write_is_compared_with_no_list_so_that_no_refusal_says_who_takes_part(programme):
    person = make_participation(programme).person
    row = raised(programme)
    fields = {"problem": row, "state": "declined", "seen": 1, "answer": f"Non, {person.given}", "by": hr_of(programme)}
    problems.answer(on_behalf=False, **fields)
    with pytest.raises(DomainError, match="nommer"):
        problems.answer(on_behalf=True, **fields | {"seen": 2})


def test_raised_by_the_form_read_and_answered_by_rh(programme):
    client = client_of(referent_of(programme))
    page = reverse("pairing:problems", args=[programme.slug])
    data = {"category": "organisation", "kind": "adjustments", "title": TITLE, "owner": "hr"}
    assert client.post(page, data).status_code == 302
    row = Problem.objects.get()
    signatory, reader = client_of(hr_of(programme)), client_of(hr_of(programme, "hr_reader"))
    employer = programme.lead_employer
    assert TITLE in signatory.get(reverse("pairing:hr_problems", args=[employer.slug])).content.decode()
    url = reverse("pairing:hr_problem", args=[employer.slug, row.ref])
    assert "Enregistrer la réponse" not in reader.get(url).content.decode()
    answer = {"seen": row.version, "state": "accepted", "answer": "Un circuit court est mis en place"}
    assert reader.post(url, answer).status_code == 404
    assert "a une date" in signatory.post(url, answer).content.decode()
    due = clock.today(programme.time_zone) + dt.timedelta(days=60)
    assert signatory.post(url, answer | {"due_on": due.isoformat()}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.due_on, row.on_behalf) == (ProblemState.ACCEPTED, due, False)
    assert "Un circuit court" in client.get(page).content.decode()
    with pytest.raises(Conflict):
        problems.answer(problem=row, seen=1, state="done", by=hr_of(programme), on_behalf=False)


def test_done_is_dated_and_an_answer_typed_for_the_employer_says_so(programme):
    row = raised(programme)
    client = client_of(referent_of(programme))
    client.post(reverse("pairing:problem", args=[programme.slug, row.ref]), {"seen": row.version, "state": "done"})
    row.refresh_from_db()
    assert row.done_on == clock.today(programme.time_zone) and row.on_behalf
    problems.answer(problem=row, seen=row.version, state="declined", by=referent_of(programme), on_behalf=True)
    assert row.done_on is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Problem.objects.filter(pk=row.pk).update(state="raised")


def test_strangers_find_nothing(programme):
    row, other = raised(programme), make_programme()
    for person in (make_participation(programme).person, referent_of(other), make_person(programme.lead_employer)):
        assert client_of(person).get(reverse("pairing:problem", args=[programme.slug, row.ref])).status_code == 404
    elsewhere = client_of(hr_of(other))
    assert elsewhere.get(reverse("pairing:hr_problem", args=[other.lead_employer.slug, row.ref])).status_code == 404


def test_steps_five_and_six_read_it_and_the_referent_is_reminded_after_a_month(programme):
    step = programme.steps.get(definition=6)
    assert criteria(step)[0].met
    with clock.at(clock.now() - dt.timedelta(days=40)):
        row = raised(programme)
    assert not criteria(step)[0].met
    home = reverse("programmes:home", args=[programme.slug])
    page = client_of(referent_of(programme)).get(home).content.decode()
    assert "attend la réponse de l’employeur depuis 40 jours" in page
    problems.answer(problem=row, seen=1, state="done", by=referent_of(programme), on_behalf=True)
    assert criteria(step)[0].met
    assert "attend la réponse de l’employeur" not in client_of(referent_of(programme)).get(home).content.decode()


def test_an_exercice_tells_what_was_raised_in_it_and_what_was_still_unanswered_when_it_began(programme):
    today, by = clock.today(programme.time_zone), referent_of(programme)
    starts = today - dt.timedelta(days=100)
    exercice = rollout.declare_exercice(programme=programme, name="Période", starts=starts, ends=today, by=by)
    unanswered = raised(programme, "vieux", raised_on=starts - dt.timedelta(days=90))
    answered = raised(programme, "réglé", raised_on=starts - dt.timedelta(days=90))
    with clock.at(clock.noon(starts - dt.timedelta(days=10), programme.time_zone)):
        problems.answer(problem=answered, seen=1, state="done", by=by, on_behalf=True)
    new = raised(programme, "neuf")
    assert list(problems.of_exercice(exercice)) == [unanswered, new]
    with pytest.raises(DomainError, match="à venir"):
        raised(programme, raised_on=today + dt.timedelta(days=1))


@pytest.mark.parametrize("page", ["pairing:problems", "pairing:hr_problems"])
def test_lists_cost_the_same_with_one_and_with_many(programme, page):
    pilot = page == "pairing:problems"
    browser = client_of(referent_of(programme) if pilot else hr_of(programme))
    url = reverse(page, args=[programme.slug if pilot else programme.lead_employer.slug])
    assert_same_queries(lambda: browser.get(url), lambda: raised(programme))
