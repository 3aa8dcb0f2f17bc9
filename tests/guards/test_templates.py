"""Every page is a page: one h1, a title, nothing inline; every template serves; reading writes nothing."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from scripts.registry import routes
from tests.crawler import page_problems, report, walk

TEMPLATES = Path(settings.BASE_DIR) / "templates"
APPS = ("portal", "programmes", "pairing", "evaluation")
# Django looks for these by name.
DJANGOS_OWN = re.compile(r"4\d\d\.html|500\.html|403_csrf\.html")


@pytest.mark.django_db
def test_every_page_a_visitor_can_reach_is_sound(client):
    starts = [reverse(route.name) for route in routes() if "GET" in route.methods and not route.parameters]
    found = dict(walk(client, *starts))
    assert len(found) >= len(starts)
    assert not report(found)


@pytest.mark.parametrize("code", [404, 500])
def test_error_pages_stand_alone(code):
    html = (TEMPLATES / f"{code}.html").read_text()
    assert "{%" not in html and "{{" not in html
    assert page_problems(html) == []


def sources() -> str:
    """All text in which a template may be named: our code and our templates."""
    paths = [path for app in APPS for path in (settings.BASE_DIR / app).rglob("*.py")]
    paths += [path for path in TEMPLATES.rglob("*") if path.is_file()]
    return "\n".join(path.read_text() for path in paths)


def stands_for_a_librarys(name: str) -> bool:
    """Takes the place of a template of allauth, of Django or of the crispy pack."""
    import allauth
    import crispy_bootstrap5
    import crispy_forms
    import django.forms

    packages = (allauth, crispy_bootstrap5, crispy_forms, django.forms)
    folders = [Path(package.__file__).parent / "templates" for package in packages]
    names = (name, name.replace("resonance/", "bootstrap5/", 1))
    return any((folder / each).exists() for folder in folders for each in names)


def test_every_template_serves():
    text = sources()
    unused = []
    for path in sorted(TEMPLATES.rglob("*")):
        name = str(path.relative_to(TEMPLATES))
        mail = re.fullmatch(r"emails/\w+/(.+)_(?:subject|body)\.txt", name)
        named = f'"{mail[1]}"' in text or f'/{mail[1]}"' in text if mail else name in text
        if path.is_file() and not named and not stands_for_a_librarys(name) and not DJANGOS_OWN.fullmatch(name):
            unused.append(name)
    assert not unused


def test_templates_hold_nothing_inline():
    pattern = re.compile(r"<style\b|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=\"|javascript:", re.IGNORECASE)
    found = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = str(path.relative_to(TEMPLATES))
        # The print shell is read by the PDF engine alone, which takes its rules from the page.
        if name != "layout/print.html" and (match := pattern.search(path.read_text())):
            found.append(f"{name}: {match[0]}")
    assert not found


def test_a_table_whose_cells_say_their_column_is_made_by_the_tag_that_gives_roles():
    lost = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        made_otherwise = re.sub(r"{% table %}.*?{% endtable %}", "", path.read_text(), flags=re.DOTALL)
        if "data-label=" in made_otherwise:
            lost.append(str(path.relative_to(TEMPLATES)))
    assert not lost


def test_every_page_extends_the_base_layout():
    lost = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        name, text = str(path.relative_to(TEMPLATES)), path.read_text()
        page = "<h1" in text or "{% block title" in text
        if page and "{% extends" not in text and not re.match(r"(layout|components)/|\d{3}|.*_body\.html$", name):
            lost.append(name)
    assert not lost
