"""The plan of docs/architecture.md: data walks one way through the apps, imports only go to the left inside them."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ["portal", "programmes", "pairing", "evaluation"]
# Rooms of an app, from left to right. Modules that are none of these (access, hooks, mails…) stand with the services.
ROOMS = {"enums": 0, "models": 1, "services": 2, "forms": 3, "views": 4, "tasks": 4, "templatetags": 4, "urls": 5}
SERVICES = ROOMS["services"]
WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}
VIEW_LINES = 30
HEAVY = {"scipy", "weasyprint", "docx"}


def modules() -> list[Path]:
    return [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(path: Path) -> Iterator[str]:
    """Dotted names imported anywhere in the module; `from a import b` gives both `a` and `a.b`."""
    return imported_by(ast.walk(parse(path)))


def imported_by(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, ast.unparse(node)
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def found(check: Callable[[Path], set[str]]) -> dict[str, set[str]]:
    """What `check` finds wrong, by module."""
    return {name_of(path): wrong for path in modules() if (wrong := check(path))}


def room(module: str) -> int | None:
    """The rank of the room a module of ours is in; None for modules that are no room of their own."""
    parts = module.split(".")
    if len(parts) < 2 or parts[0] not in APPS:
        return None
    return ROOMS["urls"] if parts[1].startswith("urls") else ROOMS.get(parts[1])


def test_an_app_never_imports_a_later_one():
    def later(path: Path) -> set[str]:
        if path == ROOT / "portal/urls.py":
            return set()  # the root of all addresses includes those of every app
        rank = APPS.index(name_of(path).split(".")[0])
        return {name for name in imports(path) if name.split(".")[0] in APPS[rank + 1 :]}

    assert found(later) == {}


def test_imports_only_go_to_the_left():
    def right(path: Path) -> set[str]:
        own = room(name_of(path))
        if own is None:
            # An AppConfig fills the registry; a command and the mechanisms of the portal act from outside the rooms.
            free = path.name == "apps.py" or "management" in path.parts or path.parent == ROOT / "portal"
            own = ROOMS["urls"] if free else SERVICES
        return {name for name in imports(path) if (rank := room(name)) is not None and rank > own}

    assert found(right) == {}


@pytest.mark.parametrize("folder", ["evaluation/disclosure", "pairing/matching"])
def test_pure_computation_knows_neither_django_nor_the_tables(folder):
    own = folder.replace("/", ".")

    def foreign(path: Path) -> set[str]:
        if not name_of(path).startswith(own):
            return set()
        names = {name for name in imports(path) if not name.startswith(own) and name != own.split(".")[0]}
        return {name for name in names if name.split(".")[0] in ("django", "celery", *APPS)}

    assert found(foreign) == {}


def test_what_is_long_to_read_is_imported_where_it_is_used():
    """Else the web server, the worker and each command would read it at every start."""

    def early(path: Path) -> set[str]:
        return {name for name in imported_by(parse(path).body) if name.split(".")[0] in HEAVY}

    assert found(early) == {}


def test_no_statistic_is_computed_outside_evaluation():
    aggregates = {"Avg", "Sum", "StdDev", "Variance"}

    def used(path: Path) -> set[str]:
        if name_of(path).startswith("evaluation"):
            return set()
        pages = room(name_of(path)) == ROOMS["views"]
        banned = aggregates | {"Count"} if pages else aggregates
        return {name for name in imports(path) if name.startswith("django.db.models") and name.split(".")[-1] in banned}

    assert found(used) == {}


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in parse(path).body if isinstance(node, ast.FunctionDef)]


def in_package(path: Path, package: str) -> bool:
    return path.relative_to(ROOT).parts[1] == package


def test_a_view_is_short():
    def long(path: Path) -> set[str]:
        if not in_package(path, "views"):
            return set()
        return {f.name for f in functions(path) if f.end_lineno - f.lineno >= VIEW_LINES}

    assert found(long) == {}


def test_a_view_leaves_writing_to_services():
    def writes(path: Path) -> set[str]:
        if not in_package(path, "views"):
            return set()
        calls = [node for node in ast.walk(parse(path)) if isinstance(node, ast.Call)]
        return {
            ast.unparse(call.func)
            for call in calls
            if isinstance(call.func, ast.Attribute)
            and (call.func.attr in WRITES - {"create"} or ast.unparse(call.func).endswith(".objects.create"))
        }

    assert found(writes) == {}


def test_services_that_write_take_keyword_arguments_only():
    def positional(path: Path) -> set[str]:
        if not in_package(path, "services"):
            return set()
        atomic = [f for f in functions(path) if any("transaction.atomic" in ast.unparse(d) for d in f.decorator_list)]
        return {f.name for f in atomic if f.args.args and not f.name.startswith("_")}

    assert found(positional) == {}


def test_now_comes_from_the_clock_alone():
    def other(path: Path) -> set[str]:
        if path == ROOT / "portal/clock.py":
            return set()
        nodes = [node for node in ast.walk(parse(path)) if isinstance(node, ast.Attribute)]
        clocks = {
            ast.unparse(node)
            for node in nodes
            if node.attr in ("now", "today", "utcnow", "localdate", "localtime") and ast.unparse(node.value) != "clock"
        }
        # The day of an instant is that of somebody's time zone: clock.today, clock.day_of, local_day.
        clocks |= {name for name in map(ast.unparse, nodes) if re.search(r"(now\(\)|_at|\.at)\.date$", name)}
        return clocks | ({"Now"} if "django.db.models.functions.Now" in set(imports(path)) else set())

    assert found(other) == {}
