"""Locks taken off one by one, at run time: the matrix must see each of them gone.

A mutation names what it takes off, the routes worth trying, and how to put it back (a context manager).
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from unittest import mock

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db.models import Q
from django.shortcuts import get_object_or_404 as really_get

import evaluation.access
import pairing.access
import pairing.services.supervision
import portal.access
import programmes.access
import programmes.letter_access
from pairing.models import SearchChoice
from pairing.services import again
from portal.models import Employer
from programmes.access import TEAM
from programmes.enums import LetterState
from scripts.registry import Route
from tests.access.matrix.cells import tried

APPS = ("portal", "programmes", "pairing", "evaluation")


@dataclass(frozen=True)
class Mutation:
    name: str
    # Routes to try; None for all.
    only: frozenset[str] | None
    off: Callable[[], object]


def everywhere(original: Callable, instead: Callable) -> Callable:
    """Replace a function under every name our modules know it by."""

    @contextmanager
    def off() -> Iterator[None]:
        with ExitStack() as stack:
            for module in [one for name, one in sys.modules.items() if name.partition(".")[0] in APPS]:
                for name, value in list(vars(module).items()):
                    if value is original:
                        stack.enter_context(mock.patch.object(module, name, instead))
            yield

    return off


def about(*names: str) -> frozenset[str]:
    """Routes that the lock stands before: enough to see it gone."""
    return frozenset(names)


def replaced(module: object, name: str, value: object) -> Callable:
    return lambda: mock.patch.object(module, name, value)


# --- Predicates of the decorators ---------------------------------------------------------------------------------------
HR = {"hr_signatory", "hr_reader"}


def predicates() -> Iterator[Mutation]:
    def nothing(*args, **kwargs) -> None:
        return None

    def yes(*args, **kwargs) -> bool:
        return True

    yield Mutation(
        "login required", about("pairing:pair"), replaced(LoginRequiredMiddleware, "handle_no_permission", nothing)
    )
    everyone = replaced(programmes.access, "programme_roles", lambda person, programme: set(TEAM))
    yield Mutation("programme_team lets everybody in", about("programmes:home"), everyone)
    spaces = (("hr_space", HR, "programmes:hr_letters"), ("administrator_space", {"administrator"}, "portal:accounts"))
    for kind, roles, page in spaces:
        held = replaced(portal.access, "employer_roles", lambda person, employer, roles=roles: roles)
        yield Mutation(f"{kind} lets everybody in", about(page), held)
    for guard in (portal.access.second_factor_answer, portal.access.switch_answer):
        for module in _modules_with(guard):
            off = replaced(module, guard.__name__, nothing)
            yield Mutation(f"{guard.__name__} in {module.__name__}", _guarded_in(module), off)
    yield Mutation("may_supervise", about("pairing:my_sessions"), everywhere(pairing.access.may_supervise, yes))
    yield Mutation("may_read_hr", about("portal:switch_space"), everywhere(portal.access.may_read_hr, yes))
    yield Mutation("holds_both", about("portal:switch_space"), everywhere(portal.access.holds_both, yes))
    yield Mutation("agent_space asks for no person", about("portal:my_space"), _without_agent_space)


def _guarded_in(module) -> frozenset[str]:
    """Routes one of whose layers lives in this module; those of portal.access stand in other modules too."""
    if module is portal.access:
        return about("programmes:hr_letters", "portal:accounts", "evaluation:report")
    return frozenset(
        route.name for route, _ in tried() if any(one.__globals__ is vars(module) for one in layers(route.view))
    )


def _modules_with(guard: Callable) -> list:
    named = [(name, module) for name, module in sys.modules.items() if name.partition(".")[0] in APPS]
    return [module for _, module in sorted(named) if vars(module).get(guard.__name__) is guard]


def _unguarded(view: Callable) -> Callable:
    """agent_space without its question; same free name, so that its code fits."""

    def wrapper(request, *args, **kwargs):
        request.space = Space("agent", "Mon espace", None)  # noqa: F821  (of portal.access, where this code runs)
        return view(request, *args, **kwargs)

    return wrapper


@contextmanager
def _without_agent_space() -> Iterator[None]:
    code, guards = _unguarded(None).__code__, []
    for route, _ in tried():
        guards += [one for one in layers(route.view) if one.__qualname__ and _made_by(one, portal.access.agent_space)]
    originals = [guard.__code__ for guard in guards]
    assert guards
    for guard in guards:
        guard.__code__ = code
    try:
        yield
    finally:
        for guard, original in zip(guards, originals, strict=True):
            guard.__code__ = original


def layers(view: Callable) -> list[Callable]:
    """A view and the decorators around it, from outside in."""
    found = []
    while view is not None:
        found.append(view)
        view = getattr(view, "__wrapped__", None)
    return found


def _made_by(layer: Callable, decorator: Callable) -> bool:
    code = getattr(layer, "__code__", None)
    return code is not None and code in decorator.__code__.co_consts


# --- Roles of a page: référent only -------------------------------------------------------------------------------------
# The référent's own days away: the role fetched behind the door is one's own too.
LOCKED_TWICE = {"programmes:declare_absence", "programmes:come_back"}


def referent_only_pages() -> Iterator[Mutation]:
    """Each page of the référent alone, opened to the dormant deputy."""
    for route, _ in tried():
        for layer in layers(route.view):
            names = layer.__code__.co_freevars
            if _made_by(layer, programmes.access.programme_team) and "roles" in names:
                cell = layer.__closure__[names.index("roles")]
                if "deputy" not in cell.cell_contents and route.name not in LOCKED_TWICE:
                    yield Mutation(f"referent_only of {route.name}", frozenset({route.name}), _opened(cell))


def _opened(cell) -> Callable:
    @contextmanager
    def off() -> Iterator[None]:
        before = cell.cell_contents
        cell.cell_contents = TEAM
        try:
            yield
        finally:
            cell.cell_contents = before

    return off


# --- Scopes -------------------------------------------------------------------------------------------------------------
def scopes() -> Iterator[Mutation]:
    """Each function that says which rows a person may see, saying « all of them »."""
    named = [
        (programmes.access, "participations_visible_to", "programmes:participation"),
        (programmes.access, "programmes_run_by", "programmes:mine"),
        (programmes.access, "employers_opened_by", "programmes:create"),
        (programmes.access, "joinable_by", "programmes:join"),
        (programmes.letter_access, "letters_of", "programmes:my_letter"),
        (programmes.letter_access, "letters_piloted_by", "programmes:letter"),
        (programmes.letter_access, "letters_for_hr", "programmes:hr_letter"),
        (pairing.access, "pairs_of", "pairing:pair"),
        (pairing.services.supervision, "sessions_of", "pairing:supervision_sheet"),
        (evaluation.access, "reports_visible_to", "evaluation:report"),
        (evaluation.access, "hr_releases", "evaluation:hr_reports"),
        (evaluation.access, "public_releases", "evaluation:reference_sheet"),
    ]
    for module, name, page in named:
        original = getattr(module, name)
        yield Mutation(name, about(page), everywhere(original, _all_rows(original)))
    everyone = everywhere(programmes.access.holds, lambda *args: Q(pk__isnull=False))
    yield Mutation(
        "holds", about("programmes:my_participation", "programmes:participation", "programmes:mine"), everyone
    )
    all_states = tuple(LetterState.values)
    drafts = replaced(programmes.letter_access, "SHOWN_TO_HR", all_states)
    yield Mutation("SHOWN_TO_HR", about("programmes:letter_document"), drafts)
    of_all = replaced(programmes.letter_access, "_hr_of", lambda person: Employer.objects.values("pk"))
    yield Mutation("RH of any employer reads letters’ files", about("programmes:letter_file"), of_all)


def _all_rows(original: Callable) -> Callable:
    def everything(*args, **kwargs):
        rows = original(*args, **kwargs)
        return rows.model._default_manager.all()

    return everything


# --- get_object_or_404 --------------------------------------------------------------------------------------------------
# Pages whose object is the same for everybody; the charter fetches one only for a form sent in full (test_charter.py).
SAME_FOR_ALL = {"programmes:gate_setting", "programmes:my_charter"}
# Behind the pair, the question itself is fetched for one person: both locks go together, below.
ASKED_OF_ONE = {"pairing:search_again"}
KEYS = {"ref", "pk", "slug", "definition", "participation__ref"}


def fetches() -> Iterator[Mutation]:
    """Each view that fetches an object inside a scope, fetching it anywhere."""
    for route, things in tried():
        if (
            route.name in {*SAME_FOR_ALL, *ASKED_OF_ONE}
            or not _fetches(route)
            or not any(thing.fill for thing in things)
        ):
            continue
        yield Mutation(f"scope of {route.name}", frozenset({route.name}), everywhere(really_get, _anywhere))
    yield Mutation("scopes of pairing:search_again", about(*ASKED_OF_ONE), _question_of_anybody)


@contextmanager
def _question_of_anybody() -> Iterator[None]:
    def of_anybody(pair, person):
        return SearchChoice.objects.filter(pair=pair).first()

    with everywhere(really_get, _anywhere)(), mock.patch.object(again, "open_choice", of_anybody):
        yield


def _fetches(route: Route) -> bool:
    """Whether the view, or a helper of its module, calls get_object_or_404."""
    view = layers(route.view)[-1]
    module, seen, names = view.__globals__, set(), {view.__name__}
    while names - seen:
        name = (names - seen).pop()
        seen.add(name)
        function = view if name == view.__name__ else module.get(name)
        if hasattr(function, "__code__") and function.__module__ == view.__module__:
            names |= set(function.__code__.co_names)
    return "get_object_or_404" in seen


def _anywhere(rows, *args, **keys):
    model = rows if isinstance(rows, type) else rows.model
    return really_get(model._default_manager.all(), **{name: value for name, value in keys.items() if name in KEYS})
