"""A journey never reads a page that may not be there yet: what leads to a page is followed (tests/browser.follow)."""

import ast
from collections.abc import Iterator
from pathlib import Path

JOURNEYS = Path(__file__).parent.parent / "journeys"


def hasty(tree: ast.AST) -> Iterator[int]:
    """Lines of the bare clicks that nothing waits after.

    Allowed: an `expect` right after, a `with` around (a download), and the words of a disclosure, which stays on the page.
    """
    for node in ast.walk(tree):
        for block in (getattr(node, name, None) for name in ("body", "orelse")):
            if not isinstance(block, list):
                continue
            for place, line in enumerate(block):
                words = ast.unparse(line)
                bare = isinstance(line, ast.Expr) and words.endswith((".click()", ".press('Enter')"))
                awaited = ast.unparse(block[place + 1]).startswith("expect(") if block[place + 1 :] else False
                if bare and not awaited and "get_by_text(" not in words and not isinstance(node, ast.With):
                    yield line.lineno


def test_a_click_that_leads_to_a_page_is_followed():
    found = [f"{file.name}:{line}" for file in JOURNEYS.glob("*.py") for line in hasty(ast.parse(file.read_text()))]
    assert not found, "follow(…) instead of .click(): " + ", ".join(found)


def test_the_guard_sees_a_click_that_nothing_waits_after():
    code = "def f(page):\n  page.get_by_role('link').click()\n  page.evaluate('1')\n"
    assert list(hasty(ast.parse(code))) == [2]
    assert not list(hasty(ast.parse(code.replace("page.evaluate", "expect"))))
