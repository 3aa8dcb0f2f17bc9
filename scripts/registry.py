"""What docs/access.yml and docs/data-map.yml must list, read from the running code.

    .venv/bin/python scripts/registry.py

prints the entries that are missing from either file, ready to be completed and pasted, and those to be removed. The
tests of tests/guards compare the files with the same functions.
"""

import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
ACCESS, DATA_MAP = ROOT / "docs/access.yml", ROOT / "docs/data-map.yml"
# HEAD and OPTIONS come with every view, PUT is what Django calls POST in its form classes.
IMPLIED = {"HEAD", "OPTIONS", "PUT"}


@dataclass(frozen=True)
class Route:
    """One address of the resolver."""

    name: str
    path: str
    view: Callable
    # Parameter name → name of its converter ("slug", "uuid", "int"…; "regex" for re_path).
    parameters: tuple[tuple[str, str], ...]

    @property
    def public(self) -> bool:
        """Marked with @login_not_required."""
        return not getattr(self.view, "login_required", True)

    @property
    def methods(self) -> set[str]:
        """What the view accepts; empty when a function view does not say so."""
        return declared_methods(self.view) - IMPLIED


def declared_methods(view: Callable | None) -> set[str]:
    """From @require_GET and the like, or from the handlers of a class."""
    while view is not None:
        if view_class := getattr(view, "view_class", None):
            return {name.upper() for name in view_class.http_method_names if hasattr(view_class, name)}
        code = getattr(view, "__code__", None)
        if code and "request_method_list" in code.co_freevars:
            return set(view.__closure__[code.co_freevars.index("request_method_list")].cell_contents)
        view = getattr(view, "__wrapped__", None)
    return set()


def routes() -> list[Route]:
    """Every address of the portal, allauth's included."""
    from django.urls import get_resolver

    return sorted(_walk(get_resolver().url_patterns, "", "", ()), key=lambda route: route.path)


def _walk(patterns: list, prefix: str, namespace: str, parameters: tuple) -> Iterator[Route]:
    from django.urls import URLPattern

    for pattern in patterns:
        path = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$")
        converters = {name: type(c).__name__ for name, c in pattern.pattern.converters.items()}
        regex = getattr(pattern.pattern, "regex", None)
        names = converters or dict.fromkeys(regex.groupindex if regex else (), "regex")
        seen = parameters + tuple(names.items())
        if isinstance(pattern, URLPattern):
            name = f"{namespace}{pattern.name or ''}"
            yield Route(name, "/" + path, pattern.callback, seen)
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, path, inner, seen)


def fields() -> dict[str, list[str]]:
    """Model label → its columns and many-to-many fields, libraries' models included."""
    from django.apps import apps

    return {
        model._meta.label: [field.name for field in (*model._meta.fields, *model._meta.local_many_to_many)]
        for model in sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.label)
    }


@cache
def listed_routes() -> dict[str, dict]:
    """docs/access.yml by path, read once (a tenth of a second); raises on a path written twice, which YAML would let pass."""
    text = ACCESS.read_text()
    routes = yaml.safe_load(text)["routes"]
    written = Counter(re.findall(r'^  "(/[^"]*)":', text, re.MULTILINE))
    if twice := [path for path, times in written.items() if times > 1]:
        raise ValueError(f"docs/access.yml: {twice} twice")
    return routes


@cache
def listed_fields() -> dict[str, dict[str, str]]:
    """docs/data-map.yml, read once: model → field → class."""
    # Every word as it is written: YAML would read the column `on` as a truth value.
    return yaml.load(DATA_MAP.read_text(), yaml.BaseLoader)["models"]  # noqa: S506  (builds nothing but strings)


def missing() -> Iterator[str]:
    """The lines to add or to remove."""
    known = listed_routes()
    for route in routes():
        if route.path not in known:
            methods = ", ".join(sorted(route.methods)) or "?"
            who = "public" if route.public else "?"
            factor = "false" if route.public else "?"
            yield f'  "{route.path}": {{name: "{route.name}", methods: [{methods}], who: [{who}], second_factor: {factor}}}'
    for path in known.keys() - {route.path for route in routes()}:
        yield f"  # à retirer : {path}"
    listed = listed_fields()
    for model, names in fields().items():
        unlisted = [name for name in names if name not in listed.get(model, {})]
        if unlisted:
            yield f"  {model}: {{{', '.join(f'{name}: ?' for name in unlisted)}}}"
        for name in listed.get(model, {}).keys() - set(names):
            yield f"  # à retirer : {model}.{name}"
    for model in listed.keys() - fields().keys():
        yield f"  # à retirer : {model}"


def main() -> int:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    os.environ.setdefault("DEMO", "1")
    import django

    django.setup()
    lines = list(missing())
    print("\n".join(lines) or "docs/access.yml et docs/data-map.yml sont complets.")
    return bool(lines)


if __name__ == "__main__":
    sys.exit(main())
