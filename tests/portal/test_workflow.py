"""State moves, attacked: from the wrong state, by two people at once, halfway."""

import datetime as dt

import pytest

from portal import clock
from portal.errors import Conflict, DomainError
from portal.models import Employer, Person, Transition
from portal.services.versions import save_if_unchanged
from portal.workflow import Move, Moves, history
from programmes.models import Programme

MOVES = Moves(
    Programme,
    [
        Move("open", ("preparing",), "open", "Ce programme est déjà ouvert."),
        Move("close", ("open",), "closed", "Ce programme n’est pas ouvert."),
    ],
)


@pytest.fixture
def programme(db) -> Programme:
    employer = Employer.objects.create(slug="ville", name="Ville", neutral_name="Ville", branch="fpt")
    return Programme.objects.create(
        slug="p", name="P", lead_employer=employer, starts=dt.date(2026, 1, 5), state="preparing"
    )


@pytest.fixture
def claude(db) -> Person:
    return Person.objects.create(given="Claude", family="R")


def test_a_move_sets_state_columns_and_version_and_says_who_when_and_why(programme, claude):
    at = dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC)
    with clock.at(at), MOVES.moving(programme, "open", by=claude, reason="ready") as fresh:
        fresh.name = "Nouveau nom"
    assert (programme.state, programme.name) == ("open", "Nouveau nom"), "the caller's object follows"
    stored = Programme.objects.get()
    assert (stored.state, stored.name, stored.version) == ("open", "Nouveau nom", programme.version)
    (entry,) = history(programme)
    assert (entry.move, entry.from_state, entry.to_state) == ("open", "preparing", "open")
    assert (entry.by_ref, entry.reason_code, entry.at) == (claude.ref, "ready", at)


def test_the_log_is_complete_and_in_order(programme, claude):
    for name in ("open", "close"):
        with MOVES.moving(programme, name, by=claude):
            pass
    assert [entry.move for entry in history(programme)] == ["open", "close"]
    assert [entry.to_state for entry in history(programme)] == ["open", "closed"]


def test_a_move_from_the_wrong_state_is_refused_with_its_own_sentence_and_leaves_nothing(programme, claude):
    with pytest.raises(DomainError, match="n’est pas ouvert"), MOVES.moving(programme, "close", by=claude):
        raise AssertionError("the body must not run")
    assert Programme.objects.get().state == "preparing"
    assert not Transition.objects.exists()


def test_the_stored_state_counts_not_the_one_in_memory(programme, claude):
    stale = Programme.objects.get()
    with MOVES.moving(programme, "open", by=claude):
        pass
    assert MOVES.allows(stale, "open")
    with pytest.raises(DomainError, match="déjà ouvert"), MOVES.moving(stale, "open", by=claude):
        pass
    assert Transition.objects.count() == 1


@pytest.mark.parametrize("change", [{"state": "closed"}, {"version": 99}])
def test_somebody_else_moving_meanwhile_wins_and_the_other_is_told(programme, claude, change):
    with pytest.raises(Conflict, match="Une autre personne"), MOVES.moving(programme, "open", by=claude) as fresh:
        fresh.name = "Perdu"
        Programme.objects.filter(pk=programme.pk).update(**change)
    assert Programme.objects.get().name == "P"
    assert not Transition.objects.exists()


def test_an_error_in_the_middle_undoes_everything(programme, claude):
    with pytest.raises(ZeroDivisionError), MOVES.moving(programme, "open", by=claude):
        Employer.objects.create(slug="x", name="X", neutral_name="X", branch="fpt")
        raise ZeroDivisionError
    assert Programme.objects.get().state == "preparing"
    assert Employer.objects.count() == 1 and not Transition.objects.exists()


def test_what_is_announced_is_what_happened(programme, claude):
    heard = []
    moves = Moves(Programme, list(MOVES.by_name.values()), lambda *said: heard.append(said))
    with moves.moving(programme, "open", by=claude):
        assert heard == []
    ((obj, move, by),) = heard
    assert (obj.state, move.name, by) == ("open", "open", claude)


def test_a_move_by_the_machine_has_no_author(programme):
    with MOVES.moving(programme, "open", by=None):
        pass
    assert history(programme).get().by_ref is None


def test_a_form_filled_from_an_older_version_is_a_conflict(programme):
    seen = programme.version
    first, second = Programme.objects.get(), Programme.objects.get()
    first.name = "Premier"
    save_if_unchanged(first, seen=seen, fields=["name"])
    second.name = "Second"
    with pytest.raises(Conflict):
        save_if_unchanged(second, seen=seen, fields=["name"])
    stored = Programme.objects.get()
    assert (stored.name, stored.version) == ("Premier", seen + 1)
