"""Guard rails of the test run: undefined template variables, number of queries."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.template.base import Node

OUR_TEMPLATES = str(Path(settings.BASE_DIR) / "templates")


class UndefinedVariable(str):
    """Django's `string_if_invalid`: fails the test inside our templates, is the empty string inside others.

    Django tests its truth, then looks for "%s" in it, then formats it with the variable. A condition
    (`{% if name %}`) may ask about a name that is not there; showing or passing one on may not.
    """

    def __bool__(self) -> bool:
        return bool(_our_template())

    def __contains__(self, text: object) -> bool:
        return text == "%s"

    def __mod__(self, variable: object) -> str:
        pytest.fail(f"undefined variable {{{{ {variable} }}}} in {_our_template()}")


def _our_template() -> str:
    """The template being rendered, if it is one of ours: the innermost node on the call stack knows its origin."""
    frame = sys._getframe(2)
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            name = str(node.origin.name)
            return name if name.startswith(OUR_TEMPLATES) else ""
        frame = frame.f_back
    return ""


class Statements:
    """The SQL sent inside `with connection.execute_wrapper(statements)`.

    Cheaper than CaptureQueriesContext, which asks SQLite to quote the parameters of each statement with another one.
    """

    def __init__(self) -> None:
        self.sql: list[str] = []

    def __call__(self, execute, sql, params, many, context):
        self.sql.append(sql)
        return execute(sql, params, many, context)


def assert_same_queries(read: Callable[[], object], add_row: Callable[[], object]) -> None:
    """A list makes as many queries with three rows as with one. `add_row` adds what one row of the list shows."""
    add_row()
    read()  # caches of content types, sessions and the like
    one, three = Statements(), Statements()
    with connection.execute_wrapper(one):
        read()
    add_row()
    add_row()
    with connection.execute_wrapper(three):
        read()
    if len(one.sql) != len(three.sql):
        listing = "\n".join(sql[:300] for sql in three.sql)
        pytest.fail(f"{len(one.sql)} queries with one row, {len(three.sql)} with three:\n{listing}")
