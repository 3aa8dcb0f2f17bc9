"""The team: who may hold which role, whom agents may call, and the deputy before and after taking over."""

import datetime as dt

import pytest
from django.urls import reverse

from portal import clock
from portal.enums import EmployerRoleKind, Verb
from portal.errors import DomainError
from portal.models import Affiliation, JournalEntry, OutgoingMail, Person
from portal.services import journal, mail
from programmes.access import joinable_by
from programmes.enums import ProgrammeRoleKind, Side
from programmes.models import Partner, Programme, ProgrammeRole, Seat
from programmes.services import cover, rollout, team
from tests.builders import client_of, make_employer, make_participation, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db
R = ProgrammeRoleKind


def days(number: int) -> dt.date:
    return clock.today("Europe/Paris") + dt.timedelta(days=number)


def later(number: int):
    return clock.at(clock.now() + dt.timedelta(days=number))


def give(programme: Programme, person: Person, role: str, **options) -> ProgrammeRole:
    return team.give(programme=programme, email=person.user.email, role=role, by=referent_of(programme), **options)


def with_deputy(programme: Programme) -> Person:
    deputy = make_person(programme.lead_employer, "Suppléante")
    rollout.grant(programme=programme, person=deputy, role=R.DEPUTY, by=referent_of(programme))
    return deputy


def away(programme: Programme, first: int = 0, last: int = 6):
    role = cover.referents(programme).get()
    return cover.declare_absence(role=role, starts=days(first), ends=days(last), by=role.person)


# --- Who may hold which role ----------------------------------------------------------------------------------------
def test_an_account_of_another_employer_is_as_unknown_as_no_account():
    programme = make_programme()
    stranger = make_person(make_employer(), "Inconnue")
    said = []
    for email in (stranger.user.email, "personne@nulle-part.invalid"):
        with pytest.raises(DomainError) as refusal:
            team.give(programme=programme, email=email, role=R.STEERING, by=referent_of(programme))
        said.append(str(refusal.value))
    assert said[0] == said[1] and "Inconnue" not in said[0]
    Partner.objects.create(
        programme=programme, employer=stranger.affiliations.get().employer, joined=clock.today("Europe/Paris")
    )
    assert give(programme, stranger, R.STEERING).person == stranger


def test_a_referent_of_rh_is_allowed_on_purpose_and_agents_read_it_before_joining():
    programme = make_programme()
    person = make_person(programme.lead_employer, "Andréa", roles=(EmployerRoleKind.HR_READER,))
    with pytest.raises(DomainError, match="RH") as refusal:
        give(programme, person, R.REFERENT)
    assert refusal.value.field == "hr_known"
    agent = client_of(make_person(programme.lead_employer))
    page = reverse("programmes:join", args=[programme.slug])
    assert "travaille aussi aux RH" not in agent.get(page).content.decode()
    give(programme, person, R.REFERENT, hr_known=True)
    shown = agent.get(page).content.decode()
    assert "travaille aussi aux RH" in shown and "Centre de gestion" in shown


def test_a_supervisor_is_neither_above_nor_inside_the_programme():
    programme = make_programme()
    employer = programme.lead_employer
    top = make_person(employer)
    manager = make_person(employer, manager=top)
    agent = make_person(employer, manager=manager)
    make_participation(programme, Side.HELPED, agent)
    for person in (top, manager, agent, referent_of(programme)):
        with pytest.raises(DomainError, match="superviser"):
            give(programme, person, R.SUPERVISOR)
    outside = make_person(employer)
    give(programme, outside, R.SUPERVISOR)
    for role in (R.REFERENT, R.DEPUTY):
        with pytest.raises(DomainError, match="supervise"):
            give(programme, outside, role)


def test_a_loop_in_the_line_of_management_ends():
    programme = make_programme()
    one = make_person(programme.lead_employer)
    other = make_person(programme.lead_employer, manager=one)
    Affiliation.objects.filter(person=one).update(manager=other)
    make_participation(programme, Side.HELPED, one)
    with pytest.raises(DomainError):
        give(programme, other, R.SUPERVISOR)


def test_a_role_given_twice_is_refused_and_one_that_ended_may_come_back():
    programme = make_programme()
    person = make_person(programme.lead_employer)
    role = give(programme, person, R.DEPUTY)
    with pytest.raises(DomainError, match="déjà"):
        give(programme, person, R.DEPUTY, starts=days(3))
    with later(2):
        team.end(role=role, last_day=days(-1), by=referent_of(programme))
        assert not programme.roles.on(clock.today("Europe/Paris")).filter(person=person).exists()
        give(programme, person, R.DEPUTY)
        assert programme.roles.filter(person=person).count() == 2


def test_the_access_closes_at_the_next_request_and_the_history_stays():
    programme = make_programme()
    other = make_person(programme.lead_employer)
    give(programme, other, R.REFERENT)
    client = client_of(other)
    page = reverse("programmes:requests", args=[programme.slug])
    assert client.get(page).status_code == 200
    role = programme.roles.get(person=other)
    with later(1):
        team.end(role=role, last_day=days(-1), by=other)
        assert client.get(page).status_code == 404
        assert role in team.roles_of(programme)[1]


def test_only_a_referent_changes_the_team():
    programme = make_programme()
    contact = programme.contacts.get()
    deputy = client_of(with_deputy(programme))
    stranger = client_of(make_person(programme.lead_employer))
    pages = ["give_role", "add_seat", "add_contact", "declare_absence"]
    urls = [reverse(f"programmes:{name}", args=[programme.slug]) for name in pages]
    urls += [reverse("programmes:remove_contact", args=[programme.slug, contact.ref])]
    urls += [reverse("programmes:end_role", args=[programme.slug, programme.roles.first().ref])]
    for url in urls:
        assert deputy.post(url).status_code == stranger.post(url).status_code == 404
    team_page = reverse("programmes:team", args=[programme.slug])
    assert deputy.get(team_page).status_code == 200
    assert stranger.get(team_page).status_code == 404


# --- Seats and contacts ---------------------------------------------------------------------------------------------
def test_what_is_missing_is_said_in_words():
    programme = make_programme(opened=False)
    said = " ".join(team.missing(programme))
    assert "suppléant" in said and "siège des participants" in said
    by = referent_of(programme)
    team.add_seat(programme=programme, body="steering", function="participants", by=by)
    team.add_contact(programme=programme, kind="relay", name="Centre de gestion", phone="01 99 00 00 01", by=by)
    assert team.missing(programme) == []


def test_a_name_on_a_seat_needs_the_persons_agreement():
    programme = make_programme()
    with pytest.raises(DomainError, match="accord"):
        team.add_seat(
            programme=programme, body="steering", function="hr", name="Dominique L.", by=referent_of(programme)
        )
    assert not Seat.objects.filter(name="Dominique L.").exists()


def test_agents_see_contacts_where_they_are_and_before_joining():
    programme = make_programme()
    team.add_contact(
        programme=programme, kind="health", name="Santé au travail", phone="01 99 00 00 02", by=referent_of(programme)
    )
    participation = make_participation(programme)
    mine = client_of(participation.person).get(reverse("programmes:my_participation", args=[participation.ref]))
    assert "01 99 00 00 02" in mine.content.decode()
    newcomer = client_of(make_person(programme.lead_employer))
    assert "01 99 00 00 02" in newcomer.get(reverse("programmes:join", args=[programme.slug])).content.decode()


def test_a_form_refused_keeps_what_was_typed():
    programme = make_programme()
    url = reverse("programmes:add_contact", args=[programme.slug])
    answer = client_of(referent_of(programme)).post(url, {"kind": "social", "name": "Service social du port"})
    assert answer.status_code == 200 and "Service social du port" in answer.content.decode()


# --- The deputy -----------------------------------------------------------------------------------------------------
def test_the_deputy_sees_nobody_until_taking_over_and_nobody_again_afterwards():
    programme = make_programme()
    participation = make_participation(programme)
    client = client_of(with_deputy(programme))
    file = reverse("programmes:participation", args=[programme.slug, participation.ref])
    relay = reverse("programmes:take_over", args=[programme.slug])
    client.post(relay)
    assert client.get(file).status_code == 404
    requests = client.get(reverse("programmes:requests", args=[programme.slug])).content.decode()
    assert requests.count("Rien à lire sans le relais") == 1
    away(programme, 0, 6)
    assert client.get(relay).status_code == 200
    assert client.get(file).status_code == 404
    client.post(relay)
    assert client.get(file).status_code == 200
    with later(6):
        assert client.get(file).status_code == 200
    with later(7):
        assert client.get(file).status_code == 404


def test_each_participant_reads_the_relay_in_their_access_log():
    programme = make_programme()
    people = [make_participation(programme, side).person for side in (Side.HELPER, Side.HELPED)]
    outsider = make_person(programme.lead_employer)
    deputy = with_deputy(programme)
    away(programme)
    cover.take_over(programme=programme, by=deputy)
    for person in people:
        assert journal.about(person).filter(verb=Verb.TOOK_OVER, actor_ref=deputy.ref).count() == 1
        shown = client_of(person).get(reverse("portal:my_data")).content.decode()
        assert "a pris le relais" in shown
    assert not JournalEntry.objects.filter(subject_ref=outsider.ref, verb=Verb.TOOK_OVER).exists()


def test_a_relay_is_taken_once_and_never_by_somebody_else():
    programme = make_programme()
    deputy = with_deputy(programme)
    away(programme)
    stranger = make_person(programme.lead_employer)
    assert client_of(stranger).post(reverse("programmes:take_over", args=[programme.slug])).status_code == 404
    cover.take_over(programme=programme, by=deputy)
    with pytest.raises(DomainError):
        cover.take_over(programme=programme, by=deputy)
    assert programme.roles.filter(person=deputy, role=R.REFERENT).count() == 1


def test_the_relay_ends_when_the_referent_is_back():
    programme = make_programme()
    deputy = with_deputy(programme)
    absence = away(programme, 0, 20)
    participation = make_participation(programme)
    cover.take_over(programme=programme, by=deputy)
    client = client_of(deputy)
    file = reverse("programmes:participation", args=[programme.slug, participation.ref])
    with later(3):
        referent = absence.role.person
        dashboard = client_of(referent).get(reverse("programmes:home", args=[programme.slug])).content.decode()
        assert "a pris le relais" in dashboard
        assert client.get(file).status_code == 200
        cover.come_back(absence=absence, by=referent)
        assert client.get(file).status_code == 404


def test_a_colleague_cannot_declare_the_absence_of_another():
    programme = make_programme()
    other = make_person(programme.lead_employer)
    with pytest.raises(DomainError):
        cover.declare_absence(role=cover.referents(programme).get(), starts=days(0), ends=days(3), by=other)


def test_the_deputy_is_told_of_an_absence_in_a_neutral_mail():
    programme = make_programme()
    deputy = with_deputy(programme)
    away(programme, 3, 20)
    row = OutgoingMail.objects.get(kind=cover.MAIL)
    assert row.person == deputy
    text = " ".join(mail.render(row)).lower()
    assert "absence" in text and not any(word in text for word in ("handicap", "pair", "référent"))


# --- Nobody left ----------------------------------------------------------------------------------------------------
def leave(programme: Programme) -> None:
    """The only référent's last day is today."""
    role = programme.roles.get(role=R.REFERENT)
    team.end(role=role, last_day=clock.today("Europe/Paris"), by=role.person)


def test_without_referent_entries_close_after_thirty_days_and_not_before():
    programme = make_programme()
    agent = make_person(programme.lead_employer)
    leave(programme)
    for day, open_ in ((0, True), (1, True), (30, True), (31, False)):
        with later(day):
            assert joinable_by(agent).filter(pk=programme.pk).exists() is open_
    with later(31):
        rollout.grant(programme=programme, person=make_person(programme.lead_employer), role=R.REFERENT, by=None)
        assert joinable_by(agent).filter(pk=programme.pk).exists()


def test_without_referent_the_team_and_rh_are_warned_with_the_date_and_the_deputy_may_act():
    programme = make_programme()
    employer = programme.lead_employer
    deputy = client_of(with_deputy(programme))
    hr = client_of(make_person(employer, roles=(EmployerRoleKind.HR_READER,)))
    steering = make_person(employer)
    give(programme, steering, R.STEERING)
    team_page = reverse("programmes:team", args=[programme.slug])
    hr_page = reverse("programmes:hr_letters", args=[employer.slug])
    said = "Plus de référent·e actif·ve"
    assert said not in deputy.get(team_page).content.decode() + hr.get(hr_page).content.decode()
    leave(programme)
    with later(1):
        for page in (deputy.get(team_page), hr.get(hr_page), client_of(steering).get(reverse("portal:my_space"))):
            shown = page.content.decode()
            assert said in shown and "se ferment après le" in shown
        stranger = client_of(make_person(employer)).get(reverse("portal:my_space")).content.decode()
        assert said not in stranger
        deputy.post(reverse("programmes:take_over", args=[programme.slug]))
        assert said not in deputy.get(team_page).content.decode()


def test_the_team_page_costs_the_same_with_many_roles_and_contacts():
    programme = make_programme()
    by = referent_of(programme)
    client = client_of(by)
    url = reverse("programmes:team", args=[programme.slug])

    def more() -> None:
        give(programme, make_person(programme.lead_employer), R.STEERING)
        team.add_contact(programme=programme, kind="social", name="Service social", phone="01 99 00 00 03", by=by)

    more()
    assert_same_queries(lambda: client.get(url), more)
