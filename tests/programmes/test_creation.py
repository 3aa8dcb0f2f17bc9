"""From a template, or a former programme, to a programme ready to run: little asked, nobody taken over."""

import datetime as dt

import pytest
from django import forms
from django.urls import reverse

from portal import clock
from portal.errors import DomainError
from programmes import letter_text
from programmes.enums import Body, ContactKind, Function, ProgrammeRoleKind, ProgrammeTemplate, Side
from programmes.models import Contact, GateRule, Programme, Seat
from programmes.services import creation, framing, gates, rollout, templates
from tests.builders import client_of, make_employer, make_participation, make_person, make_programme, referent_of

pytestmark = pytest.mark.django_db
FIRST, SECOND = "programmes:create", "programmes:create_from"


def opener(employer=None, **fields):
    return make_person(employer or make_employer(**fields), "Référente", roles=("referent",))


def as_shown(form) -> dict:
    """What the browser sends when nothing is touched."""
    sent = {}
    for field in form:
        value = field.value()
        if isinstance(field.field, forms.BooleanField):
            if value:
                sent[field.name] = "on"
        elif value is not None:
            sent[field.name] = value if isinstance(value, list) else str(value)
    return sent


def required(form) -> list:
    return [field for field in form if field.field.required and not field.is_hidden]


@pytest.mark.parametrize(
    "address", ["pilote", "binome", "reciproque", "groupe", "permanence", "retour", "communaute", "mixte"]
)
def test_each_template_is_created_as_it_is_shown(address):
    person = opener()
    browser = client_of(person)
    page = browser.get(reverse(SECOND, args=[address]))
    answer = browser.post(reverse(SECOND, args=[address]), as_shown(page.context["form"]))
    programme = Programme.objects.get()
    assert answer.headers["Location"] == programme.get_absolute_url()
    assert programme.forms == templates.get(programme.template).settings["forms"]
    assert referent_of(programme) == person


def test_two_pages_ask_for_at_most_fifteen_inputs_and_no_free_text():
    browser = client_of(opener())
    first = browser.get(reverse(FIRST)).context["form"]
    answer = browser.post(reverse(FIRST), as_shown(first))
    second = browser.get(answer.headers["Location"]).context["form"]
    asked = required(first) + required(second)
    assert 1 < len(asked) <= 15
    assert all(field.value() not in (None, "", []) for field in asked)
    browser.post(answer.headers["Location"], as_shown(second))
    assert Programme.objects.get().template == ProgrammeTemplate.PILOT


def test_the_first_cycle_begins_after_step_four_and_the_exercice_is_that_cycle():
    person = opener()
    employer = person.affiliations.get().employer
    settings = creation.prefilled(templates.get("pair"))
    programme = creation.create(
        employer=employer, name="Entraide", starts=dt.date(2026, 1, 5), by=person, template="pair", **settings
    )
    cycle, exercice = programme.cycles.get(), programme.exercices.get()
    assert cycle.starts == programme.steps.get(definition=4).planned_to + dt.timedelta(days=1)
    assert cycle.ends == dt.date(2026, 12, 21) and cycle.starts == dt.date(2026, 6, 22)
    assert (exercice.starts, exercice.ends) == (cycle.starts, cycle.ends)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [((2026, 8, 31), 6, (2027, 2, 28)), ((2026, 12, 1), 12, (2027, 12, 1)), ((2027, 9, 30), 5, (2028, 2, 29))],
)
def test_months_later_stays_in_the_month(day, months, expected):
    assert creation.months_later(dt.date(*day), months) == dt.date(*expected)


@pytest.mark.parametrize(
    "neutral", ["Agence régionale de santé", "Maison du handicap", "Santé", "Pair Aidance", "Nouveau"]
)
def test_the_address_never_speaks_of_health_nor_takes_an_address_of_the_portal(neutral):
    slug = creation.slug_for(make_employer(neutral_name=neutral), "Entraide" if neutral != "Nouveau" else "Handicap")
    assert not letter_text.health_words(slug) and not letter_text.health_words(slug.replace("-", " "))
    assert slug not in creation.RESERVED


def test_two_programmes_of_the_same_name_have_two_addresses():
    employer = make_employer(neutral_name="Brume")
    first = make_programme(employer, opened=False)
    Programme.objects.filter(pk=first.pk).update(slug="brume-entraide")
    assert creation.slug_for(employer, "Entraide") == "brume-entraide-2"


def test_a_name_that_says_too_much_is_refused_and_what_was_typed_stays():
    browser = client_of(opener())
    url = reverse(SECOND, args=["pilote"])
    sent = {**as_shown(browser.get(url).context["form"]), "name": "Pair-aidance et handicap", "target_pairs": "7"}
    page = browser.post(url, sent)
    assert "nom neutre" in page.content.decode() and page.context["form"]["target_pairs"].value() == "7"
    assert not Programme.objects.exists()


def test_three_places_or_one_team_at_creation_are_deviations_of_the_report():
    person = opener()
    settings = {**creation.prefilled(templates.get("pair")), "places_per_helper": 3, "exclude_same_team": False}
    programme = creation.create(
        employer=person.affiliations.get().employer, name="Entraide", starts=dt.date(2026, 1, 5), by=person, **settings
    )
    assert programme.deviations.count() == 2


# --- Taking over a former programme ---------------------------------------------------------------------------------
@pytest.fixture
def former():
    employer = make_employer()
    person = opener(employer)
    programme = make_programme(employer, referent=person)
    programme.words, programme.criteria = {"binome": ["duo", "duos"]}, {"helper": ["time"], "helped": []}
    programme.save()
    make_participation(programme, Side.HELPER)
    rollout.grant(programme=programme, person=make_person(employer), role=ProgrammeRoleKind.DEPUTY, by=person)
    Contact.objects.create(programme=programme, kind=ContactKind.SOCIAL, name="Service social", phone="01 99 00 10 21")
    Seat.objects.create(
        programme=programme, body=Body.STEERING, function=Function.DIRECTION, name="Camille Renard", name_agreed=True
    )
    framing.add_objective(programme=programme, text="Six binômes", measure="Six se rencontrent", by=person)
    dropped = framing.add_objective(programme=programme, text="Abandonné", measure="Rien", by=person)
    framing.drop_objective(objective=dropped, by=person)
    rule = GateRule.objects.get(pk="pair-training")
    gates.set_value(programme=programme, rule=rule, value=rule.minimum, reason="Agents déjà formés.", by=person)
    return programme


def again(former):
    browser = client_of(referent_of(former))
    url = reverse("programmes:create_again", args=[former.slug])
    browser.post(url, as_shown(browser.get(url).context["form"]))
    return Programme.objects.exclude(pk=former.pk).get()


def test_a_former_programme_gives_its_settings_and_texts(former):
    made = again(former)
    assert (made.words, made.criteria, made.forms) == (former.words, former.criteria, former.forms)
    assert gates.value(made, "pair-training") == gates.value(former, "pair-training")
    assert made.deviations.count() == 1
    assert [row.text for row in made.objectives.all()] == ["Six binômes"]
    assert [row.kind for row in made.contacts.all()] == [ContactKind.SOCIAL]
    assert [row.function for row in made.seats.all()] == [Function.DIRECTION]


def test_a_former_programme_never_gives_a_person_a_date_or_a_document(former):
    made = again(former)
    assert not made.participations.exists() and not made.impact_assessments.exists()
    assert [held.person for held in made.roles.all()] == [referent_of(former)]
    assert [(seat.name, seat.name_agreed) for seat in made.seats.all()] == [("", False)]
    assert made.starts == clock.today(made.time_zone) and not made.open_forms
    assert not made.steps.exclude(state="to_come").exists()


def test_a_relay_who_agreed_to_one_programme_does_not_open_the_next(former):
    assert former.contacts.filter(kind=ContactKind.RELAY).exists()
    assert not again(former).contacts.filter(kind=ContactKind.RELAY).exists()


def test_only_those_who_run_it_may_take_a_programme_over(former):
    stranger = opener()
    url = reverse("programmes:create_again", args=[former.slug])
    assert client_of(stranger).get(url).status_code == 404
    assert client_of(stranger).post(url).status_code == 404
    assert former.name not in client_of(stranger).get(reverse(FIRST)).content.decode()


@pytest.mark.parametrize("roles", [(), ("hr_signatory",), ("administrator",)])
def test_nobody_else_opens_a_programme(roles):
    browser = client_of(make_person(make_employer(), roles=roles))
    assert browser.get(reverse(FIRST)).status_code == 404
    assert browser.post(reverse(SECOND, args=["pilote"])).status_code == 404


def test_a_programme_is_opened_only_for_ones_own_employer():
    other = make_employer()
    browser = client_of(opener())
    url = reverse(SECOND, args=["pilote"])
    browser.post(url, {**as_shown(browser.get(url).context["form"]), "employer": other.pk})
    assert not Programme.objects.exists()


def test_an_unknown_template_is_not_found():
    assert client_of(opener()).get(reverse(SECOND, args=["autre"])).status_code == 404


def test_a_service_refuses_a_telling_name_too():
    person = opener()
    with pytest.raises(DomainError):
        creation.create(
            employer=person.affiliations.get().employer,
            name="Santé mentale",
            starts=dt.date(2026, 1, 5),
            by=person,
            **creation.prefilled(templates.get("pair")),
        )
