"""What a group wishes to say: written with the sheet, validated by those who were there, then read by the référent."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from pairing import my_data, supervision_hooks
from pairing.models import CollectiveNeed, NeedVoice, SupervisionSession
from pairing.services import erasure, needs, retention, supervision
from portal import clock
from portal.errors import DomainError, Refused
from portal.models import JournalEntry, OutgoingMail, Person
from portal.services import links, mail, news
from programmes.enums import Presence, Side
from tests.builders import client_of, make_pair, make_participation, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries
from tests.pairing.test_supervision import filled, outside, session_of, sheet_of, supervisor_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
WORDS = "Les salles manquent pour se rencontrer au calme."
OTHER = "Une salle calme, réservable par téléphone."


@pytest.fixture
def programme():
    return make_programme()


def group_of(programme, number):
    return [make_pair(programme).members.get(part="helper").person for _ in range(number)]


def group(programme, number=4):
    """So many helpers in a pair, a supervisor from outside."""
    people = group_of(programme, number)
    return outside(programme), people


def written(engagement, *, words=WORDS, absent=()):
    session = session_of(engagement)
    presences = sheet_of(session) | {
        row: Presence.EXCUSED for row in supervision.expected(session) if row.person in absent
    }
    supervision.mark(session=session, presences=presences, themes=["institution"], by=None, need=words)
    return CollectiveNeed.objects.get(session=session)


def fresh(need):
    return needs.of_person(need.session.attendances.filter(presence="present").first().participation.person).get(
        pk=need.pk
    )


def say(need, *people, agrees=True):
    for person in people:
        needs.say(need=fresh(need), agrees=agrees, by=person)


def read_by(programme, person=None):
    person = person or referent_of(programme)
    client = client_of(person)
    pages = [reverse("pairing:supervision", args=[programme.slug]), reverse("programmes:home", args=[programme.slug])]
    return " ".join(client.get(page).content.decode() for page in pages)


# --- Who reads it -------------------------------------------------------------------------------------------------------
def test_the_referent_reads_it_once_everybody_there_agreed_and_not_one_voice_before(programme):
    engagement, people = group(programme)
    need = written(engagement)
    for person in people:
        assert WORDS not in read_by(programme) and "besoin collectif est validé" not in read_by(programme)
        say(need, person)
    text = read_by(programme)
    assert WORDS in text and "1 besoin collectif est validé par le groupe" in text


def test_one_who_wishes_other_words_is_enough_to_hold_it_back_even_later(programme):
    engagement, people = group(programme)
    need = written(engagement)
    say(need, *people)
    assert WORDS in read_by(programme)
    say(need, people[2], agrees=False)  # taken back
    with clock.at(clock.now() + 30 * DAY):
        assert WORDS not in read_by(programme)
    assert not JournalEntry.objects.filter(label__contains="Need").exists()


# --- What it tells of the others ------------------------------------------------------------------------------------------
def seen_by(engagement, session, *people) -> list[str]:
    """The pages of whoever supervises and of these people, without what changes at each reading."""
    pages = [(engagement.person, reverse("pairing:supervision_sheet", args=[session.ref]))]
    for person in people:
        pages += [(person, reverse(name)) for name in ("pairing:my_supervision", "portal:my_space", "portal:news")]
    texts = [client_of(person).get(url).content.decode() for person, url in pages]
    return [re.sub(r'(csrfmiddlewaretoken|receipt|key)" value="[^"]*"', "", text) for text in texts]


@pytest.mark.parametrize("number", [3, 4])
def test_two_who_compare_never_learn_that_another_said_no(programme, number):
    """Whoever supervises and two of the group read the same, byte for byte, whether the others were silent or objected."""
    engagement, people = supervisor_of(programme), group_of(programme, number)
    need = written(engagement)
    say(need, *people[:2])
    worlds = []
    for others in ((), (False,), (False,) * (number - 2)):
        NeedVoice.objects.filter(participation__person__in=people[2:]).delete()
        for person, agrees in zip(people[2:], others, strict=False):
            say(need, person, agrees=agrees)
        for later in (dt.timedelta(), needs.WAIT + DAY, 30 * DAY):
            with clock.at(need.written_at + later + dt.timedelta(minutes=1)):
                worlds.append((later, seen_by(engagement, need.session, *people[:2])))
    for later, pages in worlds:
        assert pages == next(first for when, first in worlds if when == later), later
        assert "Pas validé à ce jour" in pages[1] and "accord" not in pages[0].split("<main")[1].split("<form")[0]


def test_to_take_an_agreement_back_hides_the_words_and_the_group_does_not_see_it(programme):
    engagement, people = supervisor_of(programme), group_of(programme, 3)
    need = written(engagement)
    say(need, *people)
    before = seen_by(engagement, need.session, *people[:2])
    assert "Validé par le groupe" in before[1]
    say(need, people[2], agrees=False)
    assert seen_by(engagement, need.session, *people[:2]) == before
    assert WORDS not in read_by(programme)
    assert "Vous souhaitez une autre formulation" in seen_by(engagement, need.session, people[2])[1]


def test_fewer_than_a_group_validate_nothing_once_somebody_is_gone(programme):
    engagement, people = group(programme, 3)
    need = written(engagement)
    say(need, *people[:2])
    say(need, people[2], agrees=False)
    erasure.erase(person=people[2])
    with clock.at(clock.now() + 30 * DAY):
        assert not needs.for_referent(programme)


def test_more_than_half_are_enough_after_a_week_when_nobody_objects(programme):
    engagement, people = group(programme, 5)
    need = written(engagement)
    say(need, *people[:2])
    with clock.at(clock.now() + 8 * DAY):
        assert not needs.for_referent(programme)
        say(need, people[2])
        assert needs.for_referent(programme)
    with clock.at(need.written_at + needs.WAIT - dt.timedelta(seconds=1)):
        assert not needs.for_referent(programme)
    with clock.at(need.written_at + needs.WAIT):
        assert needs.for_referent(programme)


def test_rh_the_administration_other_helpers_the_absent_and_the_helped_never_read_it(programme):
    engagement, people = group(programme)
    need = written(engagement, absent=people[3:])
    say(need, *people[:3])
    employer, pair = programme.lead_employer, programme.pairs.first()
    late = make_pair(programme).members.get(part="helper").person
    strangers = [make_person(employer, roles=(role,)) for role in ("hr_signatory", "administrator")]
    strangers += [pair.members.get(part="helped").person, people[3], late]
    for person in strangers:
        client = client_of(person)
        for page in ("pairing:my_supervision", "portal:my_space"):
            assert WORDS not in client.get(reverse(page)).content.decode()
        assert client.post(reverse("pairing:say_of_need", args=[need.ref]), {"voix": "non"}).status_code == 404
        with pytest.raises(Refused):
            needs.say(need=fresh(need), agrees=False, by=person)
    assert needs.for_referent(programme)


def test_it_is_sealed_and_its_mail_says_nothing(programme):
    engagement, people = group(programme)
    need = written(engagement)
    assert WORDS not in str(CollectiveNeed.objects.filter(pk=need.pk).values_list("words", flat=True)[0])
    rows = OutgoingMail.objects.filter(kind=needs.VOICE_MAIL)
    assert {row.person for row in rows} == set(people)
    said = " ".join(" ".join(mail.render(row)) for row in rows).lower()
    assert not [word for word in ("groupe", "salle", "besoin", "aidant", "santé", "handicap") if word in said]


def test_whoever_supervises_learns_nothing_by_marking_each_absent_in_turn(programme):
    engagement, people = supervisor_of(programme), group_of(programme, 4)
    need = written(engagement)
    say(need, *people[:3])
    say(need, people[3], agrees=False)
    for person in people:
        presences = {
            row: Presence.EXCUSED if row.person == person else Presence.PRESENT
            for row in supervision.expected(need.session)
        }
        supervision.mark(session=need.session, presences=presences, themes=[], by=None, need=WORDS)
        text = client_of(engagement.person).get(reverse("pairing:supervision_sheet", args=[need.session.ref]))
        assert "Pas validé à ce jour" in text.content.decode()
    assert not NeedVoice.objects.exists(), "asked anew"


def without_account(*people):
    Person.objects.filter(pk__in=[person.pk for person in people]).update(user=None)
    for person in people:
        person.refresh_from_db()


def test_the_referent_does_not_learn_from_the_paper_of_somebody_that_a_need_was_written(programme):
    engagement, people = group(programme, 3)
    without_account(people[0])
    written(engagement)
    asked = OutgoingMail.objects.filter(kind=needs.VOICE_MAIL).values_list("person", flat=True)
    assert set(asked) == {person.pk for person in people[1:]}, "nobody is asked who cannot answer"
    assert needs.VOICE_MAIL not in [row.kind for row in news.on_paper(people[0])]


# --- Somebody without an account --------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [3, 4])
def test_those_who_have_an_account_validate_for_a_group_where_somebody_has_none(programme, number):
    engagement, people = group(programme, number)
    without_account(people[0])
    need = written(engagement)
    say(need, *people[2:])
    with clock.at(clock.now() + 30 * DAY):
        assert not needs.for_referent(programme), "two or three who are asked must all agree"
    say(need, people[1])
    assert WORDS in read_by(programme)
    assert "qui ont un compte" in read_by(programme)
    say(need, people[1], agrees=False)
    assert not needs.for_referent(programme)


def test_an_objection_holds_even_when_the_account_is_closed_since(programme):
    engagement, people = group(programme, 4)
    need = written(engagement)
    say(need, *people[1:])
    say(need, people[0], agrees=False)
    without_account(people[0])
    with clock.at(clock.now() + 30 * DAY):
        assert not needs.for_referent(programme)


def test_the_voice_of_one_is_no_groups_and_the_sheet_says_so(programme):
    engagement, people = supervisor_of(programme), group_of(programme, 3)
    without_account(*people[:2])
    session = session_of(engagement)
    url = reverse("pairing:supervision_sheet", args=[session.ref])
    page = client_of(engagement.person).post(url, filled(session, need=WORDS)).content.decode()
    assert "Trop peu de personnes présentes ont un compte" in page and WORDS in page
    assert not CollectiveNeed.objects.exists()


# --- Writing ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["individual", "debrief"])
def test_nothing_is_ever_written_of_an_individual_session(programme, kind):
    engagement, _ = group(programme, 3)
    session = session_of(engagement)
    SupervisionSession.objects.filter(pk=session.pk).update(kind=kind)
    session.refresh_from_db()
    with pytest.raises(DomainError, match="individuelle"):
        supervision.mark(session=session, presences=sheet_of(session), themes=[], by=None, need=WORDS)
    assert not CollectiveNeed.objects.exists()


def test_two_people_are_not_a_group(programme):
    engagement, people = group(programme, 3)
    with pytest.raises(DomainError, match="3 personnes"):
        written(engagement, absent=people[:1])
    assert not CollectiveNeed.objects.exists()


def test_a_name_of_the_sheet_is_refused_and_another_does_not_tell_who_takes_part(programme):
    engagement, people = group(programme, 3)
    helped = make_participation(programme, Side.HELPED, make_person(programme.lead_employer, "Célestine"))
    with pytest.raises(DomainError, match="nommer"):
        written(engagement, words=f"{people[0].given} est débordé.")
    need = written(engagement, words="Célestine attend son écran.")
    say(need, *people)
    # Validated, it is not shown to the référent, who is told why; the supervisor learnt nothing.
    text = read_by(programme)
    assert "attend son écran" not in text and "semble nommer une personne" in text
    assert helped.person.given == "Célestine"


def test_other_words_ask_everybody_again_and_the_same_ones_do_not(programme):
    engagement, people = group(programme, 3)
    need = written(engagement)
    say(need, *people)
    session = need.session
    supervision.mark(session=session, presences=sheet_of(session), themes=[], by=None, need=f" {WORDS} ")
    assert needs.for_referent(programme)
    supervision.mark(session=session, presences=sheet_of(session), themes=[], by=None, need=OTHER)
    assert not needs.for_referent(programme) and not NeedVoice.objects.exists()
    supervision.mark(session=session, presences=sheet_of(session), themes=[], by=None, need="")
    assert not CollectiveNeed.objects.exists()


def test_from_outside_the_link_writes_it_once_and_a_new_link_corrects_it(programme, client):
    engagement, people = group(programme, 3)
    session = session_of(engagement)

    def link():
        supervision.send_link(session=session, by=referent_of(programme))
        body = mail.render(OutgoingMail.objects.filter(kind=supervision.LINK_MAIL).latest("pk"))[1]
        return "/seance/" + body.split("/seance/")[1].split("/")[0] + "/"

    first = link()
    assert client.post(first, filled(session, themes=["load"], need=f"{people[0].given} va mal")).status_code == 200
    assert "nommer" in client.get(first).content.decode() or links.find(supervision.PURPOSE, first.split("/")[2])
    client.post(first, filled(session, themes=["load"], need=WORDS))
    say(CollectiveNeed.objects.get(), people[0], agrees=False)
    session.refresh_from_db()
    second = link()
    page = client.get(second).content.decode()
    assert WORDS in page and "Pas validé à ce jour" in page and 'value="present"' in page
    client.post(second, filled(session, need=OTHER))
    need = CollectiveNeed.objects.get()
    assert need.words.open(need.ref) == OTHER and client.get(second).status_code == 410


def test_the_supervisor_of_the_portal_reads_validated_or_not(programme):
    engagement, people = supervisor_of(programme), group_of(programme, 3)
    session = session_of(engagement)
    client, url = client_of(engagement.person), reverse("pairing:supervision_sheet", args=[session.ref])
    client.post(url, filled(session, need=WORDS))
    need = CollectiveNeed.objects.get()
    for person in people:
        assert "Pas validé à ce jour" in client.get(url).content.decode()
        say(need, person)
    assert "Validé par le groupe" in client.get(url).content.decode()


# --- What becomes of it ---------------------------------------------------------------------------------------------------
def test_the_group_reads_that_it_was_taken_up_and_the_referent_has_nothing_left_to_do(programme):
    engagement, people = group(programme, 3)
    need = written(engagement)
    client = client_of(referent_of(programme))
    url = reverse("pairing:take_up_need", args=[programme.slug, need.ref])
    assert client.post(url).status_code == 404  # not validated: for the référent it does not exist
    home = client_of(people[0]).get(reverse("portal:my_space")).content.decode()
    assert "Votre groupe attend votre avis" in home
    answer = client_of(people[0]).post(reverse("pairing:say_of_need", args=[need.ref]), {"voix": "oui"}, follow=True)
    assert "Vous êtes d’accord" in answer.content.decode()
    say(need, *people[1:])
    assert "Votre groupe attend" not in client_of(people[0]).get(reverse("portal:my_space")).content.decode()
    for _ in range(2):
        assert client.post(url).status_code == 302
    assert "pris en compte" in client.get(reverse("pairing:supervision", args=[programme.slug])).content.decode()
    assert not any("besoin" in one.sentence for one in supervision_hooks.todo(referent_of(programme), programme))
    mine = client_of(people[1]).get(reverse("pairing:my_supervision")).content.decode()
    assert "Pris en compte" in mine


def test_voices_are_ones_own_and_go_with_oneself_and_the_words_after_a_year(programme):
    engagement, people = group(programme, 3)
    need = written(engagement)
    say(need, people[0])
    (mine,) = [one for one in my_data.records(people[0]) if one.label == "pairing.NeedVoice"]
    assert mine.rows.count() == 1
    erasure.erase(person=people[0])
    assert not NeedVoice.objects.exists()
    with clock.at(need.written_at + 365 * DAY):
        assert retention.needs() == 0
    with clock.at(need.written_at + 366 * DAY):
        assert retention.needs() == 1
        assert retention.needs() == 0


def test_the_pages_cost_the_same_with_one_need_and_with_many(programme):
    engagement, people = group(programme, 3)
    pages = [
        (client_of(referent_of(programme)), reverse("pairing:supervision", args=[programme.slug])),
        (client_of(people[0]), reverse("pairing:my_supervision")),
    ]
    say(written(engagement), *people)

    def more() -> None:
        say(written(engagement), *people)

    for client, url in pages:
        assert_same_queries(lambda client=client, url=url: client.get(url), more)
