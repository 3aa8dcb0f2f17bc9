"""Every page, as its readers see it: axe finds nothing and nothing scrolls sideways, at 1280 and 320 px.

Header, navigation and footer included. The fast run reads each route once; the long one each route as each person.
"""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import resolve
from playwright.sync_api import Error, Page, expect

from portal.demo import people
from tests.browser import NARROW, SIZE, follow

SERVER = {"prepare": "build_demo"}
pytestmark = pytest.mark.browser
AXE = settings.BASE_DIR / "node_modules/axe-core/axe.min.js"
RUN = """async () => {
  const result = await axe.run(document, {resultTypes: ["violations"]});
  return result.violations.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(" ")).join(" | ")}`);
}"""
# Addresses that give a file, sign out, or belong to the sign-in of a real account.
NOT_PAGES = ("report_pdf", "report_ods", "report_csv", "account_logout", "mfa_download_recovery_codes", "reference_pdf")
ALL = [person.personne for employer in people() for person in employer.people]


def problems_of(page: Page) -> list[str]:
    found = []
    page.evaluate(AXE.read_text())
    for size in (SIZE, NARROW):
        page.set_viewport_size(size)
        where = f"{urlsplit(page.url).path} at {size['width']} px"
        found += [f"{where}: {violation}" for violation in page.evaluate(RUN)]
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append(f"{where}: scrolls sideways")
    return found


def crawl(page: Page, start: str, seen: set[str]) -> list[str]:
    """Follow links from `start`, reading each route once; the routes read are added to `seen`."""
    queue, found = [start], []
    while queue:
        path = queue.pop(0)
        route = resolve(path).route
        if route in seen or resolve(path).url_name in NOT_PAGES:
            continue
        seen.add(route)
        try:
            answer = page.goto(path)
        except Error as error:
            if "Download is starting" not in str(error):
                raise
            continue
        if answer.status != 200:
            found.append(f"{path} answers {answer.status}")
            continue
        found += problems_of(page)
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        home = urlsplit(page.url).netloc
        queue += [urlsplit(link).path for link in links if urlsplit(link).netloc == home]
    return found


def test_no_page_of_any_space_has_an_axe_violation_or_scrolls_sideways(new_page):
    seen: set[str] = set()
    found = crawl(new_page(), "/", seen)
    for personne in ("claude", "dominique", "celeste", "mae", "ines", "camille", "sam", "admin"):
        page = new_page(personne)
        found += crawl(page, urlsplit(page.url).path, seen)
        found += crawl(page, "/mon-espace/", seen)
    assert not found, "\n".join(found)
    assert len(seen) > 40, sorted(seen)


@pytest.mark.long
@pytest.mark.parametrize("personne", ["", *ALL])
def test_every_person_reads_every_page_without_violation(new_page, personne):
    page = new_page(personne)
    seen: set[str] = set()
    found = crawl(page, urlsplit(page.url).path if personne else "/", seen)
    found += crawl(page, "/mon-espace/", seen) if personne else []
    assert not found, "\n".join(found)


def test_errors_and_empty_states_are_pages_like_the_others(new_page):
    page = new_page("ines")
    assert page.goto("/pilotage/brumeval/").status == 404
    found = problems_of(page)
    page.goto("/participer/brumeval/etre-accompagne/")
    follow(page.get_by_role("button", name="Continuer"))
    follow(page.get_by_role("button", name="Continuer"))
    page.goto("/participer/brumeval/inscription/disponibilites/")
    follow(page.get_by_role("button", name="Continuer"))
    expect(page.locator("main")).to_contain_text("à corriger")
    found += problems_of(page)
    assert not found, "\n".join(found)
