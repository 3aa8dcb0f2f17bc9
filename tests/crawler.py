"""Follows the links of the portal as one person, and says what is wrong with each page it reads.

`walk` is for the in-process client, where undefined variables of our templates fail too; the browser journeys and the
accessibility crawler use real pages.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from tests.guard_rails import Statements

# Addresses of one route that are visited at most, for one person: rows of a list look alike. The long tests visit all.
SAME_ROUTE = 2
# What reading may write: the session's own row, and who read what.
READING_WRITES = ("django_session", "portal_journalentry")


class PageReader(HTMLParser):
    """Headings, links, and what the content policy or a screen reader would stumble on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.links: list[str] = []
        self.ids: Counter[str] = Counter()
        self.problems: list[str] = []
        self.title = ""
        self._in_title = False
        self._in_stacked = False
        # In the breadcrumb: how many items, and how many of them say that they are the page.
        self._crumbs: list[int] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        self.tags[tag] += 1
        self._in_title = tag == "title" and self.tags["title"] == 1
        if identifier := values.get("id"):
            self.ids[identifier] += 1
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if tag == "html" and values.get("lang") != "fr":
            self.problems.append("the page does not say that it is in French")
        if tag == "style" or (tag == "script" and not values.get("src")):
            self.problems.append(f"inline <{tag}>")
        if tag == "img" and "alt" not in values:
            self.problems.append("image without alt")
        self._table(tag, values)
        self._breadcrumb(tag, values)
        for name, value in attributes:
            if name == "style" or name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.problems.append(f"inline {name} on <{tag}>")

    def _table(self, tag: str, values: dict[str, str | None]) -> None:
        """On a narrow screen a row is drawn as a block: without roles, some readers no longer say that it is a row."""
        if tag == "table":
            self._in_stacked = values.get("role") == "table"
        elif tag == "td" and "data-label" in values and not self._in_stacked:
            self.problems.append("cell with data-label outside {% table %}")
        elif self._in_stacked and tag in ("thead", "tbody", "tfoot", "tr", "td", "th") and "role" not in values:
            self.problems.append(f"<{tag}> without a role in a table that becomes blocks")

    def _breadcrumb(self, tag: str, values: dict[str, str | None]) -> None:
        if tag == "nav" and "crumbs" in (values.get("class") or ""):
            self._crumbs = [0, 0]
        elif self._crumbs is not None:
            self._crumbs[0] += tag == "li"
            self._crumbs[1] += values.get("aria-current") == "page"

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False
        if tag == "nav" and self._crumbs is not None:
            items, current = self._crumbs
            if items and current != 1:
                self.problems.append(f"{current} current page in the breadcrumb")
            self._crumbs = None

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def wrong(self) -> list[str]:
        """What is wrong with the whole page, whoever reads it."""
        problems = list(self.problems)
        if self.tags["h1"] != 1:
            problems.append(f"{self.tags['h1']} h1")
        if not self.title.strip() or self.tags["main"] != 1:
            problems.append("no title, or not exactly one main")
        return problems + [f"id {name} twice" for name, times in self.ids.items() if times > 1]


def page_problems(html: str) -> list[str]:
    return PageReader(html).wrong()


def is_html(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming


def walk(client: Client, *starts: str, same_route: int = SAME_ROUTE) -> Iterator[tuple[str, list[str]]]:
    """Each address reached from `starts` by links, with its problems."""
    waiting, seen, by_route = list(starts), set(starts), Counter()
    while waiting:
        address = waiting.pop(0)
        statements = Statements()
        with connection.execute_wrapper(statements):
            response = client.get(address)
        problems = [f"GET writes: {sql[:120]}" for sql in written(statements)]
        if response.status_code in (301, 302):
            links = [response.headers["Location"]]
        elif response.status_code != 200:
            problems.append(f"answers {response.status_code}")
            links = []
        elif is_html(response):
            page = PageReader(response.content.decode())
            problems += page.wrong()
            links = page.links
        else:
            links = []
        yield address, problems
        for link in links:
            target = urlsplit(urljoin(f"http://testserver{address}", link))
            if target.netloc != "testserver" or target.path.startswith("/static/"):
                continue
            found = target.path + (f"?{target.query}" if target.query else "")
            if found not in seen and by_route[route := route_of(target.path)] < same_route:
                seen.add(found)
                by_route[route] += 1
                waiting.append(found)


def report(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{address}: {'; '.join(problems)}" for address, problems in found.items() if problems)


@cache
def route_of(path: str) -> str:
    """The route behind an address; the address itself where there is none."""
    try:
        return resolve(path).route
    except Resolver404:
        return path


def written(statements: Statements) -> list[str]:
    """The statements that change a table which reading must leave alone."""
    changes = (re.match(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', sql) for sql in statements.sql)
    return [match.string for match in changes if match and match[1] not in READING_WRITES]
