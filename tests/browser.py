"""Headless Chromium. A page that logs an error, breaks the content policy or calls another host fails the test."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect, sync_playwright

from tests.server import Server

SIZE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
SIGN_IN = """
from portal.models import Person
from tests.builders import client_of
# The first of that name: members of a community bear the same first names.
person = Person.objects.filter(given="{given}").earliest("pk")
cookie = client_of(person).cookies["resonance"]
print(cookie.key, cookie.value)
"""
expect.set_options(timeout=10_000)


def chromium_path() -> str:
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    return ""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    if not path:
        pytest.fail("Chromium is missing: `make install-tests` installs it, or set CHROMIUM to its path.")
    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to root; what it opens here is our own pages only.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


class Watch:
    """What went wrong on a page, besides what the test itself checks."""

    def __init__(self, page: Page, home: str) -> None:
        self.problems: list[str] = []
        self._home = urlsplit(home).netloc
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("request", lambda request: self._host(request.url))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        # A page that answers 403 or 404 on purpose is for the test to judge; what it loads must be there.
        if message.text.startswith("Failed to load resource") and message.location["url"] in self._documents:
            return
        self.problems.append(f"console: {message.text} ({message.location['url']})")

    def _host(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self._home:
            self.problems.append(f"foreign host: {url}")

    def _response(self, response: Response) -> None:
        if response.request.resource_type == "document":
            self._documents.add(response.url)
        if response.status >= 500:
            self.problems.append(f"{response.status} {response.url}")

    @property
    def _documents(self) -> set[str]:
        return self.__dict__.setdefault("documents", set())


@pytest.fixture
def new_page(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """`new_page("claude")`: a window of their own for each person, signed in; without a name, a visitor's.

    `new_page(given="Eden")` is somebody whom the home page does not offer.
    """
    watches, contexts = [], []

    def open_page(personne: str = "", *, given: str = "", size: dict[str, int] = SIZE, **options) -> Page:
        context = browser.new_context(
            base_url=server.url, viewport=size, reduced_motion="reduce", locale="fr-FR", **options
        )
        contexts.append(context)
        page = context.new_page()
        watches.append(Watch(page, server.url))
        if personne:
            enter(page, personne)
        if given:
            name, value = _window_of(server, given)
            context.add_cookies([{"name": name, "value": value, "url": server.url}])
        return page

    yield open_page
    for context in contexts:
        context.close()
    problems = [problem for watch in watches for problem in watch.problems]
    assert not problems, "\n".join(problems)


def _window_of(server: Server, given: str) -> list[str]:
    """The cookie of somebody signed in: the world kept it (tests/worlds.keep_windows), or a process makes it."""
    kept = server.folder / "windows.json"
    if kept.exists() and (cookie := json.loads(kept.read_text()).get(given)):
        return cookie
    return server.manage("shell", "-c", SIGN_IN.format(given=given)).split()[-2:]


@pytest.fixture
def browser_page(new_page) -> Page:
    """A visitor's window on the server of this module."""
    return new_page()


def enter(page: Page, personne: str) -> None:
    """Sign in as a demo person with their button of the home page."""
    page.goto("/")
    form = page.locator(f'form[action="/demo/entrer/"]:has([name="personne"][value="{personne}"])')
    own = form.locator(f'button[name="personne"][value="{personne}"]')
    (own if own.count() else form.locator("button")).first.click()
    page.wait_for_url(re.compile(r"^(?!.*/demo/entrer/).*[^/]/.+$"))
