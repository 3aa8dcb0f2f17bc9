#!/usr/bin/env python3
"""Full-page pictures of pages at 1280 and 320 px, light and dark, as a demo person; and what axe says of each.

    scripts/screenshots.py --base http://127.0.0.1:8000 --out DIR [--person claude] [--axe] PATH…
    scripts/screenshots.py --base http://127.0.0.1:8000 --readme     the pictures of the README, into docs/looks

Exit code 1 when axe finds a violation or a page scrolls sideways.
"""

import argparse
import os
import re
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = ((1280, 900), (320, 700))


def enter(page: Page, base: str, person: str) -> None:
    """One click on the home page of the demonstration."""
    page.goto(base + "/")
    page.locator(f'button[name="personne"][value="{person}"]').click()
    page.wait_for_load_state()


def problems(page: Page, axe: str) -> list[str]:
    """Axe violations and sideways scroll of the page as it is."""
    found = []
    if axe:
        page.evaluate(axe)
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        for violation in result["violations"]:
            for node in violation["nodes"]:
                found.append(f"axe {violation['id']}: {node['html'][:140]} ({node['failureSummary'][:200]!r})")
    width, inner = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if width > inner:
        wide = page.evaluate(
            "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1"
            " && !e.closest('.table-scroll, svg')).slice(0, 3).map(e => e.outerHTML.slice(0, 120))"
        )
        found.append(f"sideways scroll: {width} > {inner} {wide}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=Path("captures"))
    parser.add_argument("--person", default="")
    parser.add_argument("--axe", action="store_true", help="run axe and look for sideways scroll")
    parser.add_argument("--schemes", default="light,dark")
    parser.add_argument("--readme", action="store_true", help="only the pictures of the README")
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args()
    if options.readme:
        return readme(options.base)
    options.out.mkdir(parents=True, exist_ok=True)
    axe = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8") if options.axe else ""
    bad = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGS, headless=True
        )
        for scheme in options.schemes.split(","):
            for width, height in SIZES:
                # CSP is bypassed for the injected axe only; the pages themselves are served with it.
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=scheme, locale="fr-FR", bypass_csp=True
                )
                page = context.new_page()
                if options.person:
                    enter(page, options.base, options.person)
                for path in options.paths:
                    page.goto(options.base + path)
                    page.evaluate("document.fonts.ready")
                    name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "accueil"
                    who = f"{options.person}-" if options.person else ""
                    page.screenshot(path=options.out / f"{who}{name}-{width}-{scheme}.png", full_page=True)
                    for line in problems(page, axe) if options.axe else []:
                        bad += 1
                        print(f"{path} {width} {scheme}: {line}")
                context.close()
        browser.close()
    print(f"{len(options.paths)} page(s), {bad} problem(s)")
    return 1 if bad else 0


# Person, address, words of the links or buttons to follow from there, name of the picture.
README = (
    ("claude", "/pilotage/brumeval/", (), "pilotage"),
    ("celeste", "/mon-espace/", (), "mon-espace"),
    ("ines", "/participer/brumeval/etre-accompagne/", ("Continuer",), "inscription"),
    ("dominique", "/rh/brumeval/rapports/", ("Lire le rapport",), "rapport"),
)


def readme(base: str) -> int:
    """One screenful each, light, 1280 px wide."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGS)
        for person, path, links, name in README:
            page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="fr-FR").new_page()
            enter(page, base, person)
            page.goto(base + path)
            for words in links:
                page.get_by_role("link", name=words).or_(page.get_by_role("button", name=words)).first.click()
                page.wait_for_load_state()
            page.evaluate("document.fonts.ready")
            page.screenshot(path=ROOT / f"docs/looks/{name}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
