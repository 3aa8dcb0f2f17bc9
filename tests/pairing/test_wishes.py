"""Secret wishes, attacked first: what was written cannot be read from any page, row or mail, nor from what comes out."""

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from pairing.enums import RoundState, RunMode
from pairing.models import Encounter, Run, WishRound, WishSeat
from pairing.services import retention, wishes
from portal import clock
from portal.errors import DomainError, Refused
from portal.models import JournalEntry, OutgoingMail, Transition
from portal.services import erasure, mail
from programmes.enums import Form, Side
from programmes.services import participation as participations
from tests.builders import client_of, make_participation, make_person, make_programme, name_as_avoided, referent_of
from tests.guard_rails import assert_same_queries
from tests.pairing.wish_worlds import after, met, peers, plan, seat_of, staged, two_sides, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    """Eight peers who met; nobody wrote yet."""
    programme, people = peers()
    return met(plan(programme, people)), people


def dump() -> str:
    """Every row of the database as it is stored: what a copy without the key says."""
    out = io.StringIO()
    call_command("dumpdata", "--all", stdout=out)
    return out.getvalue()


def pages_of_the_referent(row: WishRound) -> str:
    client, slug = client_of(referent_of(row.programme)), row.programme.slug
    urls = [
        reverse("pairing:wish_rounds", args=[slug]),
        row.get_absolute_url(),
        reverse("pairing:pairs", args=[slug]),
        *(reverse("pairing:run", args=[slug, run.ref]) for run in Run.objects.all()),
    ]
    return "\n".join(client.get(url).content.decode() for url in urls)


def neutral(text: str, row: WishRound) -> str:
    """Without what differs between two worlds whatever is written: references, names, keys, days, tokens."""
    import re

    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|csrfmiddlewaretoken\" value=\"\w+|Nom\d+|Agent\d+ ?N?\.?|\d+", "x", text)


# --- While wishes are open ------------------------------------------------------------------------------------------
def test_the_database_without_its_key_says_neither_whom_nor_whether(room):
    row, (a, b, c, d, *_) = room
    with after(row):
        write(row, a, b, c, d)
        write(row, b, a)
    text = dump()
    tokens = dict(WishSeat.objects.values_list("participation", "choices"))
    assert len({len(sealed.token) for sealed in tokens.values()}) == 1, "a row without wishes looks the same"
    seats = [one["fields"] for one in json.loads(text) if one["model"] == "pairing.wishseat"]
    held = {key for one in seats for key in one} - {"choices"}
    assert held == {"ref", "round", "participation", "answer", "here", "card_hash"}, "no date, no version, no count"
    assert {str(one["here"]) + one["answer"] for one in seats} == {"Nonecoming"}
    for other in (b, c, d):
        refs = {str(other.ref), other.ref.hex}
        assert not any(ref in sealed.token for ref in refs for sealed in tokens.values())


def test_to_write_leaves_no_line_in_the_journal_no_move_and_no_mail(room):
    row, (a, b, *_) = room
    before = [model.objects.count() for model in (JournalEntry, Transition, OutgoingMail)]
    version = WishRound.objects.get(pk=row.pk).version
    with after(row):
        write(row, a, b)
        write(row, a)
    assert [model.objects.count() for model in (JournalEntry, Transition, OutgoingMail)] == before
    assert WishRound.objects.get(pk=row.pk).version == version


def test_nobody_reads_the_wishes_of_another(room):
    row, (a, b, c, *_) = room
    with after(row):
        write(row, a, b, c)
        for person in (b.person, referent_of(row.programme), make_person(row.programme.lead_employer, roles=("hr",))):
            with pytest.raises(Refused):
                wishes.own(seat_of(row, a), person)
        url = reverse("pairing:my_wishes", args=[row.ref])
        theirs = client_of(b.person).get(url).content.decode()
        assert theirs.count("selected") == 3, "three times « pas de vœu »"
        mine = client_of(a.person).get(url).content.decode()
        assert f'value="{b.ref}" selected' in mine
        assert client_of(referent_of(row.programme)).get(url).status_code == 404
        assert client_of(make_person(row.programme.lead_employer)).get(url).status_code == 404


def test_the_referents_pages_are_the_same_whether_people_wrote_or_not(room):
    row, (a, b, c, *_) = room
    with after(row):
        before = neutral(pages_of_the_referent(row), row)
        write(row, a, b, c)
        write(row, b, a)
        assert neutral(pages_of_the_referent(row), row) == before


def test_wishes_are_changed_and_taken_back_until_the_last_day(room):
    row, (a, b, c, d, e, *_) = room
    with pytest.raises(DomainError, match="pas ouverts"):
        write(row, a, b)
    with after(row):
        write(row, a, b, c)
        write(row, a, d)
        assert wishes.own(seat_of(row, a), a.person) == [d]
        write(row, a)
        assert wishes.own(seat_of(row, a), a.person) == []
        for wrong in ((b, b), (a,), (b, c, d, e), (make_participation(row.programme, Side.PEER),)):
            with pytest.raises(DomainError):
                write(row, a, *wrong)
    with after(row, days=6), pytest.raises(DomainError, match="clos"):
        write(row, a, b)


def test_the_form_keeps_the_order(room):
    row, (a, b, c, d, *_) = room
    with after(row):
        client, url = client_of(a.person), reverse("pairing:my_wishes", args=[row.ref])
        client.post(url, {"wish_1": c.ref, "wish_2": "", "wish_3": b.ref})
        assert wishes.own(seat_of(row, a), a.person) == [c, b]
        twice = client.post(url, {"wish_1": c.ref, "wish_2": c.ref}).content.decode()
        assert "toutes différentes" in twice


def test_ones_own_file_holds_ones_own_wishes_and_nobody_elses(room):
    row, (a, b, c, *_) = room
    with after(row):
        write(row, a, b, c)
        mine, theirs = (
            json.loads(client_of(one.person).post(reverse("portal:export_my_data")).content)["donnees"]
            for one in (a, b)
        )
    (seat,) = mine["pairing.WishSeat"]
    assert seat["choices"] == f"{b.person.short_name}, {c.person.short_name}"
    assert a.person.short_name not in json.dumps(theirs["pairing.WishSeat"])
    assert theirs["pairing.WishSeat"][0]["choices"] == ""


# --- The closing ----------------------------------------------------------------------------------------------------
def close(row):
    with after(row):
        return wishes.close(row=row, by=referent_of(row.programme))


def test_wishes_that_meet_become_pairs(room):
    row, (a, b, c, d, e, f, g, h) = room
    with after(row):
        for one, other in ((a, h), (b, g), (c, f), (d, e)):
            write(row, one, other)
            write(row, other, one)
    run = close(row)
    assert run.mode == RunMode.DATING
    assert staged(run) == {frozenset(pair) for pair in ((a.pk, h.pk), (b.pk, g.pk), (c.pk, f.pk), (d.pk, e.pk))}


def test_nothing_is_left_of_the_wishes_once_closed(room):
    row, (a, b, c, *_) = room
    with after(row):
        write(row, a, b, c)
    run = close(row)
    assert {bool(seat.choices) for seat in WishSeat.objects.all()} == {False}
    assert not Encounter.objects.exists()
    kept = json.loads(run.input.open(run.ref))
    assert "wishes" not in kept
    row.refresh_from_db()
    assert row.state == RoundState.CLOSED
    with after(row), pytest.raises(DomainError, match="clos"):
        write(row, a, b)
    with pytest.raises(DomainError, match="clos"):
        close(row)


def scripts(people):
    """Very different wishes of the same eight."""
    a, b, c, d, e, f, g, h = people
    return [
        {},
        {a: [h], h: [a]},
        {one: [a] for one in people[1:]},
        {a: [b], b: [c], c: [a], d: [a, b, c]},
        {one: [other] for one, other in zip(people, reversed(people), strict=True)},
    ]


def outcome(run):
    """All that is left of a closing but who is with whom: who got a proposal, the reasons, the words, the hashes' shape."""
    people = sorted(member.participation_id for member in run.seats.all())
    reasons = {json.dumps(candidate.parts, sort_keys=True) for candidate in run.candidates.all()}
    rest = {one.participation_id: json.dumps(one.causes) for one in run.unpaired.all()}
    return people, len(reasons), rest, run.certificate, run.input.open(run.ref)


@pytest.mark.parametrize("count", [8, 7])
def test_who_gets_a_proposal_never_depends_on_the_wishes(count):
    """« Candide has nobody, so nobody wanted Candide » is false by construction: they would be alone whatever was written."""
    programme, people = peers(count)
    outcomes = []
    for number in range(5):
        row = met(plan(programme, people))
        script = scripts([*people, people[0]][:8])[number] if count == 7 else scripts(people)[number]
        with after(row):
            for whose, names in script.items():
                write(row, whose, *[one for one in names if one != whose])
        run = close(row)
        outcomes.append(outcome(run))
        run.delete()
    assert len(outcomes[0][0]) == count // 2 * 2
    assert outcomes == [outcomes[0]] * 5


def test_the_odd_person_is_the_one_who_waits_for_the_shortest_time_even_if_everybody_named_them():
    programme, people = peers(7)
    row = met(plan(programme, people))
    last = people[-1]
    with after(row):
        for one in people[:-1]:
            write(row, one, last)
    run = close(row)
    assert [one.participation_id for one in run.unpaired.all()] == [last.pk]


def test_a_pair_that_both_wanted_one_wanted_or_nobody_wanted_reads_the_same(room):
    row, (a, b, c, d, *_) = room
    with after(row):
        write(row, a, b)
        write(row, b, a)
        write(row, c, d)
    run = close(row)
    assert len({json.dumps(candidate.parts, sort_keys=True) for candidate in run.candidates.all()}) == 1
    # Rows are in the order of the people, not of the wishes.
    order = [min(member.participation_id for member in one.members.all()) for one in run.candidates.order_by("pk")]
    assert order == sorted(order)


def test_a_wish_about_somebody_who_keeps_away_is_silently_no_pair():
    programme, people = peers()
    a, b = people[:2]
    name_as_avoided(b.person, person=a.person)
    row = met(plan(programme, people))
    with after(row):
        assert b not in wishes.options(seat_of(row, a))
    run = close(row)
    assert frozenset((a.pk, b.pk)) not in staged(run)
    assert len(staged(run)) == 4


def test_across_two_sides_too(settings):
    programme, people = two_sides()
    row = met(plan(programme, people, Form.PAIR))
    helped, helpers = people[:3], people[3:]
    with after(row):
        for one, other in zip(helped, reversed(helpers), strict=True):
            write(row, one, other)
    run = close(row)
    assert staged(run) == {frozenset((one.pk, other.pk)) for one, other in zip(helped, reversed(helpers), strict=True)}


def test_a_round_closes_by_itself_once_its_last_day_is_over(room):
    row, _ = room
    with after(row, days=5):
        assert wishes.close_due() == 0
    with after(row, days=6):
        assert wishes.close_due() == 1
        assert wishes.close_due() == 0
    assert Run.objects.get().by is None


def test_a_referent_who_took_part_does_not_close(room):
    programme, people = peers(6)
    row = met(plan(programme, people))
    client = client_of(referent_of(programme))
    with after(row):
        assert client.get(reverse("pairing:close_wishes", args=[programme.slug, row.ref])).status_code == 200
        with pytest.raises(Refused):
            wishes.close(row=row, by=people[0].person)
    with pytest.raises(DomainError, match="pas eu lieu"):
        wishes.close(row=row, by=referent_of(programme))


def test_nobody_in_the_plan_closes_without_a_run():
    programme, people = peers(6)
    row = plan(programme, people)
    assert close(row) is None
    assert not Run.objects.exists()


# --- Going, and being forgotten -------------------------------------------------------------------------------------
def test_cancelling_forgets_the_wishes_unread(room):
    row, (a, b, *_) = room
    with after(row):
        write(row, a, b)
        wishes.cancel(row=row, by=referent_of(row.programme))
    assert {bool(seat.choices) for seat in WishSeat.objects.all()} == {False}


def test_thirty_days_later_no_wish_is_left_even_if_nothing_was_ever_closed(room):
    row, (a, b, *_) = room
    with after(row):
        write(row, a, b)
    rule = next(rule for rule in retention.rules() if rule.code == "wishes")
    with after(row, days=29):
        rule.apply()
        assert WishSeat.objects.get(participation=a).choices
    with after(row, days=31):
        assert rule.apply()
        assert {bool(seat.choices) for seat in WishSeat.objects.all()} in ({False}, set())
        assert not Encounter.objects.exists()
        assert rule.apply() == 0


def test_whoever_leaves_or_is_erased_takes_their_seat_and_wishes_along(room):
    row, (a, b, *_) = room
    with after(row):
        write(row, a, b)
        write(row, b, a)
        participations.withdraw(participation=a, by=a.person)
        assert not WishSeat.objects.filter(participation=a).exists()
        assert wishes.own(seat_of(row, b), b.person) == [] or a not in wishes.options(seat_of(row, b))
        erasure.erase(person=b.person)
        assert not WishSeat.objects.filter(participation=b).exists()
    run = close(row)
    assert {a.pk, b.pk}.isdisjoint(member.participation_id for member in run.seats.all())


# --- Presentations --------------------------------------------------------------------------------------------------
@pytest.fixture
def presented():
    programme = make_programme(forms=["pair"], wishes_on_presentations=True)
    helpers = [
        make_participation(
            programme, Side.HELPER, presentation=f"Bonjour du jardin {number}", presentation_published=number < 2
        )
        for number in range(3)
    ]
    return programme, helpers, [make_participation(programme) for _ in range(2)]


def open_round(programme):
    until = clock.today(programme.time_zone) + dt.timedelta(days=10)
    return wishes.open_on_presentations(
        programme=programme, form=Form.PAIR, wishes_until=until, by=referent_of(programme)
    )


def test_whoever_waits_reads_what_was_published_and_names_up_to_three(presented):
    programme, helpers, (one, other) = presented
    row = open_round(programme)
    url = reverse("pairing:my_wishes", args=[row.ref])
    page = client_of(one.person).get(url).content.decode()
    assert "Bonjour du jardin 0" in page
    assert "Bonjour du jardin 2" not in page
    assert client_of(helpers[0].person).get(url).status_code == 404
    with pytest.raises(DomainError):
        write(row, one, helpers[2])
    write(row, one, helpers[1])
    write(row, other, helpers[0])
    run = wishes.close(row=row, by=referent_of(programme))
    assert run.mode == RunMode.PRESENTATIONS
    assert staged(run) == {frozenset((one.pk, helpers[1].pk)), frozenset((other.pk, helpers[0].pk))}


def test_somebody_who_begins_to_wait_meanwhile_gets_a_seat_and_a_letter_too(presented):
    programme, helpers, _ = presented
    row = open_round(programme)
    late = make_participation(programme)
    assert row.seats.count() == 2
    wishes.seat_those_who_wait(row=row)
    assert row.seats.filter(participation=late).exists()
    assert OutgoingMail.objects.filter(kind="pairing/dating", person=late.person).count() == 1


@pytest.mark.parametrize("setting", [True, False])
def test_the_programme_decides_whether_presentations_may_be_ranked(setting):
    programme = make_programme(forms=["pair"], wishes_on_presentations=setting)
    url = reverse("pairing:open_wishes", args=[programme.slug, "binome"])
    assert client_of(referent_of(programme)).get(url).status_code == (200 if setting else 404)
    with pytest.raises(DomainError):
        open_round(programme)


# --- Words and cost -------------------------------------------------------------------------------------------------
def test_messages_say_nothing(room):
    row, (a, *_) = room
    posted = OutgoingMail.objects.filter(kind="pairing/dating")
    assert posted.count() == 8
    subject, body = mail.render(posted.get(person=a.person))
    assert str(row.ref) in body
    for word in ("vœu", "voeu", "binôme", "pair-aid", "handicap", "santé", "croisée"):
        assert word not in (subject + body).lower()


def test_the_rounds_page_costs_the_same_with_one_round_and_with_three():
    programme, people = peers(6)
    client = client_of(referent_of(programme))

    def read():
        assert client.get(reverse("pairing:wish_rounds", args=[programme.slug])).status_code == 200

    assert_same_queries(read, lambda: plan(programme, people))


def test_the_odd_person_is_told_kindly_once_the_proposals_are_out():
    programme, people = peers(7)
    row = met(plan(programme, people))
    run = close(row)
    last, home = people[-1], reverse("portal:my_space")
    assert "Pas encore de binôme" not in client_of(last.person).get(home).content.decode()
    Run.objects.filter(pk=run.pk).update(state="published", decided_at=clock.now())
    page = client_of(last.person).get(home).content.decode()
    assert "Pas encore de binôme cette fois" in page
    assert "un trio est possible" in page
    assert "Pas encore de binôme" not in client_of(people[0].person).get(home).content.decode()
