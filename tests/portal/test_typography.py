"""Spaces that never break a line: in what is read, never in tags, fields or code."""

import pytest
from django.test import Client

from portal.typography import NO_BREAK, french

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<p>Qui anime ? Oui !</p>", "<p>Qui anime~? Oui~!</p>"),
        ("<p>Ici : deux ; trois.</p>", "<p>Ici~: deux~; trois.</p>"),
        ("<b>Modèle</b> : pilote", "<b>Modèle</b>~: pilote"),
        ("« prêt·e à accompagner », « oui ».", "«~prêt·e à accompagner~», «~oui~»."),
        ('<a title="a : b" href="?x=1">a</a>', '<a title="a : b" href="?x=1">a</a>'),
        ("<textarea>Qui ?\nMoi : oui</textarea>", "<textarea>Qui ?\nMoi : oui</textarea>"),
        ("<title>a : b</title><code>a : b</code>", "<title>a : b</title><code>a : b</code>"),
        ("10:30, https://exemple.fr, a ;b", "10:30, https://exemple.fr, a ;b"),
        ("<p>\n  <b>seul</b>\n  : </p>", "<p>\n  <b>seul</b>\n  : </p>"),
    ],
)
def test_french_wants_no_break_spaces_in_what_is_read(page, said):
    assert french(page) == said.replace("~", NO_BREAK)
    assert french(french(page)) == french(page)


def test_every_page_leaves_with_them():
    page = Client().get("/aide/").text
    assert f"pourquoi je viens{NO_BREAK}?" in page and " ?" not in page
