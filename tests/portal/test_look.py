"""The look: forms that say hint and error, words, themes that stay readable, public pages, static errors."""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from portal import dates, terms, theme, who_sees_what
from portal.contrast import GROUND, ratio
from portal.models import Employer
from portal.navigation import Chrome

PUBLIC = ("home", "about", "who_sees", "emergency", "accessibility", "privacy", "legal", "sitemap", "help", "gallery")
NOT_IN_A_TAB = ("santé", "handicap", "pair-aidance", "malad", "trouble")


class Page(HTMLParser):
    """Tags with their attributes, ids, and the text of some elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict]:
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def ids(self) -> list[str]:
        return [attrs["id"] for _, attrs in self.tags if attrs.get("id")]

    def by_name(self, name: str) -> dict:
        return next(attrs for _, attrs in self.tags if attrs.get("name") == name)


class Sample(forms.Form):
    email = forms.EmailField(
        label="Adresse",
        help_text="Une aide.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "aria-describedby": "avant"}),
    )
    role = forms.ChoiceField(label="Rôle", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, help_text="Un.")
    themes = forms.MultipleChoiceField(label="Thèmes", choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    understood = forms.BooleanField(label="J’ai lu", help_text="À relire.")
    free = forms.CharField(label="Libre", required=False, widget=forms.Textarea)
    token = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> None:
        raise forms.ValidationError("L’ensemble ne va pas.")


def drawn(form: forms.Form, how: str) -> str:
    source = {"filter": "{{ form|crispy }}", "tag": "{% crispy form %}", "layout": "{% crispy form %}"}[how]
    if how == "layout":
        form.helper = FormHelper()
        form.helper.layout = Layout(
            Fieldset("Vous", "email", "role", "themes"), "understood", "free", "token", Submit("envoyer", "Envoyer")
        )
    elif how == "tag":
        form.helper = FormHelper()
        form.helper.add_input(Submit("envoyer", "Envoyer"))
    return Template("{% load crispy_forms_tags %}" + source).render(Context({"form": form, "csrf_token": "x"}))


@pytest.mark.parametrize("how", ["filter", "tag", "layout"])
class TestForm:
    def test_hint_and_error_are_both_described_and_both_there(self, how):
        html = drawn(Sample(data={"email": "faux"}), how)
        page = Page(html)
        assert page.by_name("email")["aria-describedby"] == "avant id_email_helptext id_email_error"
        assert page.by_name("understood")["aria-describedby"] == "id_understood_helptext id_understood_error"
        groups = [attrs["aria-describedby"] for attrs in page.all("fieldset") if "aria-describedby" in attrs]
        assert groups == ["id_role_helptext id_role_error", "id_themes_error"]
        for identifier in {word for _, attrs in page.tags for word in (attrs.get("aria-describedby") or "").split()}:
            assert identifier == "avant" or page.ids.count(identifier) == 1
        assert "Une aide." in html

    def test_the_summary_links_every_error_to_a_control_that_exists(self, how):
        html = drawn(Sample(data={"email": "faux"}), how)
        page = Page(html)
        targets = [attrs["href"].lstrip("#") for attrs in page.all("a")]
        assert targets == ["id_email", "id_role_0", "id_themes_0", "id_understood"]
        assert set(targets) <= set(page.ids)
        assert "L’ensemble ne va pas." in html
        assert [attrs for attrs in page.all("div") if attrs.get("role") == "alert" and "autofocus" in attrs]

    def test_no_id_is_given_twice(self, how):
        ids = Page(drawn(Sample(data={}), how)).ids
        assert len(ids) == len(set(ids))

    def test_a_clean_form_has_no_summary_and_says_what_is_required_in_words(self, how):
        html = drawn(Sample(), how)
        assert "error-summary" not in html
        assert html.count("obligatoire") == 4
        page = Page(html)
        assert page.by_name("email")["autocomplete"] == "email"
        assert "is-invalid" not in page.by_name("email")["class"]
        assert {"id_email", "id_understood", "id_free", "id_role_0"} <= {attrs["for"] for attrs in page.all("label")}
        assert "aria-describedby" not in page.by_name("free")

    def test_what_was_typed_comes_back_escaped(self, how):
        html = drawn(Sample(data={"email": '"><b>x'}), how)
        assert "<b>x" not in html
        assert "&quot;&gt;&lt;b&gt;x" in html


def test_layout_buttons_and_legends_are_drawn():
    page = Page(drawn(Sample(), "layout"))
    assert page.by_name("envoyer")["class"].startswith("btn btn-primary")
    assert "<legend>Vous</legend>" in drawn(Sample(), "layout")


# --- Words ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "words"),
    [
        (dt.date(2026, 3, 3), "mardi 3 mars 2026"),
        (dt.date(2026, 3, 1), "dimanche 1er mars 2026"),
        (dt.datetime(2026, 7, 14, 12, 0, tzinfo=dt.UTC), "mardi 14 juillet 2026, 14 h"),
        (dt.datetime(2026, 12, 31, 23, 5, tzinfo=dt.UTC), "vendredi 1er janvier 2027, 0 h 05"),
    ],
)
def test_a_moment_is_written_in_words_where_it_is_lived(value, words):
    assert dates.moment_in_words(value, "Europe/Paris").replace("\N{NO-BREAK SPACE}", " ") == words


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (65, "1 h 05"), (90, "1 h 30"), (7200, "120 h")]
)
def test_a_duration_is_written_in_hours_and_minutes(minutes, words):
    assert dates.duration_in_words(minutes).replace("\N{NO-BREAK SPACE}", " ") == words


def test_french_plurals_start_at_two():
    template = Template('{{ 0|count:"rencontre" }}, {{ 1|count:"rencontre" }}, {{ 2|count:"travail,travaux" }}')
    assert template.render(Context()) == "0 rencontre, 1 rencontre, 2 travaux"


def test_a_programme_may_adapt_a_word_of_the_closed_list_and_no_other():
    class Own:
        words = {"binome": "duo", "pair_aide": ["collègue", "collègues"]}

    template = Template(
        '{% terme "binome" "pluriel" capital=True %} {% terme "pair_aide" "pluriel" %} {% terme "charte" %}'
    )
    assert template.render(Context({"programme": Own})) == "Duos collègues charte"
    assert template.render(Context()) == "Binômes agents accompagnés charte"
    with pytest.raises(KeyError):
        terms.term("patient", {"patient": "patient"})


# --- Theme ----------------------------------------------------------------------------------------------------------
@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_an_accent_reads_in_light_and_in_dark_whatever_the_colour(channels):
    colours = theme.palette("#{:02x}{:02x}{:02x}".format(*channels))
    light, dark = colours["light"], colours["dark"]
    for ground in (GROUND, "#ffffff", light["accent-soft"]):
        assert ratio(light["accent"], ground) >= 4.5
    for ground in (theme.DARK_GROUND, theme.DARK_SURFACE, dark["accent-soft"]):
        assert ratio(dark["accent"], ground) >= 4.5
    for colour in (light, dark):
        assert ratio(colour["on-accent"], colour["accent"]) >= 4.5
        assert ratio(colour["on-accent"], colour["accent-strong"]) >= 4.5


@pytest.mark.django_db
def test_the_theme_is_kept_for_ever_at_an_address_of_its_content_and_nowhere_else(client: Client):
    employer = Employer.objects.create(slug="mairie-d-essai", name="Mairie", neutral_name="M", branch="fpt")
    address = theme.theme_address(employer.slug, employer.accent)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/css")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert f"--accent:{theme.palette(employer.accent)['light']['accent']};".encode() in answer.content
    stale = client.get(theme.theme_address(employer.slug, "#7a3b69"))
    unknown = client.get(theme.theme_address("ailleurs", employer.accent))
    assert stale.status_code == unknown.status_code == 404
    assert stale.content == unknown.content


# --- Pages ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_opens_to_everybody_with_one_h1_and_a_neutral_title(client: Client, name):
    answer = client.get(reverse(f"portal:{name}"))
    assert answer.status_code == 200
    html = answer.content.decode()
    page = Page(html)
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert page.all("html") == [{"lang": "fr"}]
    title = re.search(r"<title>(.*?)</title>", html, re.S)[1]
    assert title.endswith(" · Résonance") and len(title) > len(" · Résonance")
    assert not [word for word in NOT_IN_A_TAB if word in title.lower()]
    assert len(page.ids) == len(set(page.ids))
    inside = {attrs["href"].lstrip("#") for attrs in page.all("a") if attrs["href"].startswith("#")}
    assert {"contenu", "menu", "pied"} <= inside <= set(page.ids)
    assert "<script" not in html and "<style" not in html
    assert not [attrs for _, attrs in page.tags if "style" in attrs or any(key.startswith("on") for key in attrs)]


@pytest.mark.django_db
def test_the_gallery_exists_in_demonstration_only(client: Client, settings):
    settings.DEMO = False
    assert client.get(reverse("portal:gallery")).status_code == 404
    assert reverse("portal:gallery").encode() not in client.get("/").content
    assert b"/demo/entrer/" not in client.get("/").content


@pytest.mark.django_db
def test_missing_pages_answer_the_same_bytes_and_promise_nothing(client: Client):
    first, second = client.get("/nulle-part/"), client.get("/rh/personne/")
    assert first.status_code == 404
    if second.status_code == 404:
        assert first.content == second.content
    html = first.content.decode()
    assert not re.search(r"<form|<nav|nonce|\bid=|csrf", html)
    for address in Page(html).all("link"):
        linked = client.get(address["href"])
        assert linked.status_code == 200
        assert b"".join(linked.streaming_content)
        linked.close()


def test_static_error_pages_need_no_context():
    for name in ("400.html", "404.html", "500.html"):
        text = (settings.BASE_DIR / "templates" / name).read_text(encoding="utf-8")
        assert "{%" not in text and "{{" not in text
        assert text.count("<h1") == 1


def test_the_matrix_keeps_the_two_promises_that_matter_most():
    rows = {row.data: dict(zip(who_sees_what.READERS, row.cells, strict=True)) for row in who_sees_what.MATRIX}
    for asked in ("Demande d’appui", "Situation inquiétante, sans dire qui"):
        assert rows[asked]["RH"] == who_sees_what.NOTHING
    assert rows["Identité de l’agent accompagné"]["RH"] == who_sees_what.NOTHING
    assert rows["Qui est en binôme avec qui"]["RH"] == who_sees_what.NOTHING
    seen = {cells["Encadrant·e"] for cells in rows.values()}
    assert seen == {who_sees_what.NOTHING, "visa de temps seulement"}
    assert not [data for data in rows if "trouble" in data or "nature du handicap" in data.lower()]


def test_every_component_says_what_it_takes_in_its_first_line():
    for path in sorted((settings.BASE_DIR / "templates/components").glob("*.html")):
        assert path.read_text(encoding="utf-8").startswith("{% comment %}"), path.name


def test_a_table_that_becomes_blocks_keeps_its_roles_for_a_screen_reader():
    source = """{% table %}<thead><tr>{% for one in columns %}<th scope="col">{{ one }}</th>{% endfor %}</tr></thead>
      <tbody>{% for one in rows %}<tr><th class="when" scope="row">{{ one }}</th>
      <td data-label="B"{% if one %} class="c"{% endif %}>{{ one }}</td></tr>{% endfor %}</tbody>{% endtable %}"""
    html = Template(source).render(Context({"columns": ("A", "B"), "rows": ("<td>",)}))
    said = [(tag, attrs.get("role")) for tag, attrs in Page(html).tags]
    head = [("table", "table"), ("thead", "rowgroup"), ("tr", "row"), *[("th", "columnheader")] * 2]
    assert said == [*head, ("tbody", "rowgroup"), ("tr", "row"), ("th", "rowheader"), ("td", "cell")]
    assert "&lt;td&gt;" in html


def test_a_fictional_employer_is_said_so_on_its_pages(settings):
    settings.DEMO = False
    assert "Employeur fictif" in Chrome(employer=Employer(fictional=True)).band
    assert Chrome(employer=Employer(fictional=False)).band == ""
    assert Chrome().band == ""
