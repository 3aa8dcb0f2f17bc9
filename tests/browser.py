"""Headless Chromium. A page that logs an error, breaks the content policy or calls another host fails the test."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, expect, sync_playwright

from tests.server import PATIENCE, Server

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
    """What goes wrong on a page, besides what the test itself checks."""

    def __init__(self, page: Page, home: str) -> None:
        self._home = urlsplit(home).netloc
        self._documents: set[str] = set()
        self._errors: list[ConsoleMessage] = []
        self._others: list[str] = []
        page.on("console", lambda message: self._errors.append(message) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._others.append(f"script error: {error}"))
        page.on("request", lambda request: self._host(request.url))
        page.on("response", self._response)

    def problems(self) -> list[str]:
        """Judged once all is over: what the console says of a page may come before the page's own answer."""
        said = [(message.text, message.location["url"]) for message in self._errors]
        # A page that answers 403 or 404 on purpose is for the test to judge; what it loads must be there.
        judged = [
            f"console: {text} ({url})"
            for text, url in said
            if not (text.startswith("Failed to load resource") and url in self._documents)
        ]
        return self._others + judged

    def _host(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self._home:
            self._others.append(f"foreign host: {url}")

    def _response(self, response: Response) -> None:
        if response.request.resource_type == "document":
            self._documents.add(response.url)
        if response.status >= 500:
            self._others.append(f"{response.status} {response.url}")


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
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        page = context.new_page()
        slow_down(page)
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
    problems = [problem for watch in watches for problem in watch.problems()]
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


def slow_down(page: Page) -> None:
    """With SLOW=0.5 in the environment, half a second more for each answer: what does not wait for a page fails."""
    if latency := float(os.environ.get("SLOW", "0")) * 1000:
        devtools = page.context.new_cdp_session(page)
        network = {"offline": False, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1}
        devtools.send("Network.emulateNetworkConditions", network)


def follow(target: Locator, key: str = "") -> None:
    """Click a link or a button that leads to a page, and wait until that page is there, its scripts included.

    `key`: pressed on it in place of the click. A bare `click()` is for what stays on the page (a disclosure, a script):
    it may come back while the page that is left, or half of the next one, is what a test would read.
    """
    with target.page.expect_navigation(wait_until="domcontentloaded"):
        target.press(key) if key else target.click()


def enter(page: Page, personne: str) -> None:
    """Sign in as a demo person with their button of the home page."""
    page.goto("/")
    form = page.locator(f'form[action="/demo/entrer/"]:has([name="personne"][value="{personne}"])')
    own = form.locator(f'button[name="personne"][value="{personne}"]')
    follow((own if own.count() else form.locator("button")).first)
    assert urlsplit(page.url).path not in ("/", "/demo/entrer/"), page.url
