"""Passing a programme on: nobody who takes part is in the file, access changes at the date, agents may choose."""

import datetime as dt
import io

import pikepdf
import pypdf
import pytest
from django.urls import reverse

from portal import clock
from portal.dates import day_in_words
from portal.errors import DomainError
from portal.jobs import work
from portal.models import Job, OutgoingMail, Person, StoredDocument
from portal.services import documents
from portal.services import mail as mails
from programmes.enums import HandoverState, ParticipationState, ProgrammeRoleKind, Side
from programmes.models import Handover, Programme
from programmes.services import continuity, gates, handover, rollout, steps, team
from tests.builders import (
    client_of,
    make_pair,
    make_participation,
    make_person,
    make_programme,
    referent_of,
    supervise,
)

pytestmark = pytest.mark.django_db
R = ProgrammeRoleKind


def days(number: int) -> dt.date:
    return clock.today("Europe/Paris") + dt.timedelta(days=number)


def later(number: int):
    return clock.at(clock.now() + dt.timedelta(days=number))


def with_deputy(programme: Programme) -> Person:
    deputy = make_person(programme.lead_employer, "Modeste")
    rollout.grant(programme=programme, person=deputy, role=R.DEPUTY, by=referent_of(programme))
    return deputy


def prepared(programme: Programme, successor: Person | None = None, on: int = 20) -> Handover:
    by = programme.roles.get(role=R.REFERENT, ends=None).person
    email = successor.user.email if successor else ""
    return handover.prepare(programme=programme, by=by, on=days(on), email=email)


def announced(programme: Programme, successor: Person | None = None) -> Handover:
    row = prepared(programme, successor)
    handover.announce(handover=row, by=row.leaver)
    return row


# --- The continuity file --------------------------------------------------------------------------------------------
def full_programme() -> tuple[Programme, list[Person]]:
    """People who take part under names that would be found, some written by the team where it should not."""
    programme = make_programme()
    by = referent_of(programme)
    people = [make_person(programme.lead_employer, given) for given in ("Zéphyrine", "Aloïs", "Clémence-Rose")]
    helper, helped = (
        make_participation(programme, Side.HELPER, people[0]),
        make_participation(programme, person=people[1]),
    )
    make_pair(programme, helper=helper, helped=helped)
    make_participation(programme, person=people[2], free_text="Je me confie à Mila")
    step = programme.steps.get(definition=1)
    steps.start_step(step=step, by=by)
    steps.add_action(step=step, label="Rappeler Aloïs avant lundi", by=by, owner=people[0])
    steps.add_action(step=step, label="Voir CLEMENCE ROSE", by=by)
    steps.add_action(step=step, label="Réserver la salle", by=by)
    gates.record_deviation(programme=programme, what="Écart", reason="À la demande de zephyrine", by=by)
    team.add_contact(programme=programme, kind="social", name=f"Chez {people[0].family}", phone="01 99 00 00 04", by=by)
    seat = {"body": "steering", "function": "participants", "name": "Aloïs", "name_agreed": True}
    team.add_seat(programme=programme, by=by, **seat)
    rollout.grant(programme=programme, person=people[0], role=R.FACILITATOR, by=by)
    return programme, people


def words_of(pdf: bytes) -> str:
    """What the PDF says, its line ends as spaces."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def assert_nobody(text: str, people: list[Person]) -> None:
    folded = text.casefold()
    for person in people:
        for name in (person.given, person.family, str(person.ref), person.user.email):
            assert name.casefold() not in folded, name
    for slip in ("zephyrine", "clemence rose", "mila"):
        assert slip not in folded, slip


def test_no_participant_is_in_the_file_neither_on_screen_nor_in_the_pdf():
    programme, people = full_programme()
    row = prepared(programme, with_deputy(programme))
    client = client_of(row.leaver)
    url = reverse("programmes:continuity", args=[programme.slug])
    screen = client.get(url).content.decode()
    assert "Réserver la salle" in screen and "masqué" in screen
    assert_nobody(screen, people)
    client.post(url)
    work(Job.objects.get(kind=continuity.KIND))
    answer = client.get(reverse("programmes:continuity_file", args=[programme.slug]))
    assert answer.headers["Content-Type"] == "application/pdf"
    text = words_of(answer.content)
    assert "Réserver la salle" in text and "Modeste" in text
    assert_nobody(text, people)
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert_nobody(str(pdf.docinfo), people)
        assert "/StructTreeRoot" in pdf.Root


def test_the_file_is_made_anew_when_something_changed_and_the_former_one_goes():
    programme = make_programme()
    row = prepared(programme)
    jobs = []
    for label in ("Une action", "Une autre"):
        jobs.append(continuity.request(row=row))
        work(jobs[-1])
        step = programme.steps.get(definition=1)
        if not step.started_on:
            steps.start_step(step=step, by=row.leaver)
        steps.add_action(step=step, label=label, by=row.leaver)
    assert jobs[0] != jobs[1]
    kept = StoredDocument.objects.get(kind=continuity.KIND)
    assert Handover.objects.get(pk=row.pk).document == kept and documents.read(document=kept)


def test_the_file_gives_the_next_dates_of_supervision_and_of_no_single_person():
    programme = make_programme()
    supervise(programme)
    engagement = programme.supervisors.get()
    for number, kind in ((9, "group"), (12, "individual"), (15, "intervision")):
        starts = clock.now() + dt.timedelta(days=number)
        row = {"starts_at": starts, "kind": kind, "supervisor": None if kind == "intervision" else engagement}
        programme.supervision_sessions.create(programme=programme, minutes=90, **row)
    [calendar] = [part for part in continuity.file_of(prepared(programme)).sections if part.title == "Calendrier"]
    assert [day_in_words(days(9), weekday=False), "Séance de supervision"] in calendar.rows
    assert [day_in_words(days(15), weekday=False), "Intervision"] in calendar.rows
    assert not any(day_in_words(days(12), weekday=False) in row for row in calendar.rows)


def test_the_file_is_for_the_referent_alone():
    programme = make_programme()
    row = prepared(programme, with_deputy(programme))
    work(continuity.request(row=row))
    for person in (row.successor, make_person(programme.lead_employer), make_participation(programme).person):
        for name in ("handover", "continuity", "continuity_file", "handover_announce"):
            assert client_of(person).get(reverse(f"programmes:{name}", args=[programme.slug])).status_code == 404


# --- The date -------------------------------------------------------------------------------------------------------
def test_at_the_date_the_old_bookmarks_are_404_and_the_new_dashboard_is_complete():
    programme = make_programme()
    participation = make_participation(programme, accepted=False)
    old = referent_of(programme)
    row = announced(programme, with_deputy(programme))
    bookmarks = [
        reverse("programmes:home", args=[programme.slug]),
        reverse("programmes:requests", args=[programme.slug]),
        reverse("programmes:participation", args=[programme.slug, participation.ref]),
        reverse("programmes:continuity", args=[programme.slug]),
    ]
    leaver, successor = client_of(old), client_of(row.successor)
    with later(19):
        assert [leaver.get(url).status_code for url in bookmarks] == [200] * 4
        assert successor.get(bookmarks[2]).status_code == 404
    with later(20):
        assert [leaver.get(url).status_code for url in bookmarks] == [404] * 4
        assert [successor.get(url).status_code for url in bookmarks] == [200] * 4
        assert "1 demande attend une réponse" in successor.get(bookmarks[0]).content.decode()
        assert not programme.roles.on(clock.today("Europe/Paris")).filter(role=R.DEPUTY).exists()


@pytest.mark.parametrize(("on", "possible"), [(14, False), (15, True)])
def test_fifteen_days_before_at_least(on, possible):
    programme = make_programme()
    if not possible:
        with pytest.raises(DomainError, match="15 jours"):
            prepared(programme, on=on)
        return
    row = prepared(programme, on=on)
    with later(1), pytest.raises(DomainError, match="15 jours"):
        handover.announce(handover=row, by=row.leaver)
    handover.announce(handover=row, by=row.leaver)
    assert row.state == HandoverState.ANNOUNCED


def test_giving_up_before_the_date_puts_every_role_back_and_not_after():
    programme = make_programme()
    deputy = with_deputy(programme)
    before = sorted(programme.roles.values_list("person", "role", "starts", "ends"))
    row = announced(programme, deputy)
    assert sorted(programme.roles.values_list("person", "role", "starts")) != [r[:3] for r in before]
    handover.cancel(handover=row, by=row.leaver)
    assert sorted(programme.roles.values_list("person", "role", "starts", "ends")) == before
    again = announced(programme, deputy)
    with later(20), pytest.raises(DomainError, match="faite"):
        handover.cancel(handover=again, by=deputy)


def test_without_successor_the_programme_goes_on_without_referent():
    programme = make_programme()
    deputy = with_deputy(programme)
    announced(programme)
    with later(20):
        shown = client_of(deputy).get(reverse("programmes:home", args=[programme.slug])).content.decode()
        assert "Plus de référent·e actif·ve" in shown and "Prendre le relais" in shown


def test_a_successor_is_never_somebody_who_supervises_nor_a_stranger():
    programme = make_programme()
    supervisor = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=supervisor, role=R.SUPERVISOR, by=None)
    with pytest.raises(DomainError, match="supervise"):
        prepared(programme, supervisor)
    with pytest.raises(DomainError, match="Nous ne trouvons personne"):
        prepared(programme, make_person())


# --- What agents read and do ----------------------------------------------------------------------------------------
def test_agents_are_told_by_name_in_their_space_and_neutrally_by_mail():
    programme = make_programme()
    old = referent_of(programme)
    inside = [make_participation(programme, side) for side in (Side.HELPER, Side.HELPED)]
    outside = make_person(programme.lead_employer)
    row = prepared(programme, with_deputy(programme))
    page = reverse("portal:my_space")
    assert old.short_name not in client_of(inside[0].person).get(page).content.decode()
    handover.announce(handover=row, by=old)
    for part in inside:
        shown = client_of(part.person).get(page).content.decode()
        assert old.short_name in shown and row.successor.short_name in shown
    assert "change" not in client_of(outside).get(page).content.decode().split("<main")[1].split("</main")[0]
    letters = OutgoingMail.objects.filter(kind=handover.MAIL)
    assert {mail.person for mail in letters} == {part.person for part in inside}
    for letter in letters:
        text = " ".join(mails.render(letter)).lower()
        assert not any(word in text for word in ("pair", "santé", "handicap", "référent", old.given.lower(), "modeste"))


def test_one_click_erases_ones_own_text_and_nothing_else():
    programme = make_programme()
    mine = make_participation(programme, free_text="Ce que j’ai confié", readers=["referent"])
    other = make_participation(programme, free_text="Un autre texte")
    referent = announced(programme, with_deputy(programme)).leaver
    client = client_of(mine.person)
    assert "Effacer mon texte" in client.get(reverse("programmes:my_participation", args=[mine.ref])).content.decode()
    themes = list(mine.themes.all())
    assert client.post(reverse("programmes:erase_text", args=[other.ref])).status_code == 404
    assert client.get(reverse("programmes:erase_text", args=[mine.ref])).status_code == 405
    client.post(reverse("programmes:erase_text", args=[mine.ref]))
    mine.refresh_from_db()
    other.refresh_from_db()
    assert mine.free_text.open(mine.ref) == "" and other.free_text.open(other.ref) == "Un autre texte"
    assert list(mine.themes.all()) == themes and mine.state == ParticipationState.ACCEPTED
    shown = client_of(referent).get(reverse("programmes:participation", args=[programme.slug, mine.ref]))
    assert "Ce que j’ai confié" not in shown.content.decode()


def test_a_form_filled_before_does_not_bring_the_text_back():
    programme = make_programme()
    mine = make_participation(programme, free_text="Ce que j’ai confié")
    seen = mine.version
    handover.erase_text(participation=mine, by=mine.person)
    stale = {"seen": seen, "themes": ["parler"], "channels": ["video"], "slots": [0], "free_text": "Ce que j’ai confié"}
    client_of(mine.person).post(reverse("programmes:change", args=[mine.ref]), stale)
    mine.refresh_from_db()
    assert mine.free_text.open(mine.ref) == ""


def test_the_whole_handover_through_the_pages():
    programme = make_programme()
    successor = with_deputy(programme)
    client = client_of(referent_of(programme))
    page = reverse("programmes:handover", args=[programme.slug])
    assert client.get(page).status_code == 200
    sent = {"who": "other", "email": "", "on": days(30).isoformat()}
    assert "Donnez l’adresse" in client.post(page, sent).content.decode()
    assert client.post(page, {**sent, "who": str(successor.ref)}).status_code == 302
    client.post(
        reverse("programmes:handover_checklist", args=[programme.slug]), {"done": ["meeting", "tools", "autre"]}
    )
    assert "2 sur 9" in client.get(page).content.decode()
    client.post(reverse("programmes:handover_announce", args=[programme.slug]))
    row = programme.handovers.get()
    assert (row.state, row.successor, row.done) == (HandoverState.ANNOUNCED, successor, ["meeting", "tools"])
    client.post(reverse("programmes:handover_cancel", args=[programme.slug]))
    assert "Préparer la passation" in client.get(page).content.decode()
