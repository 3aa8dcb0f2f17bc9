"""Adjustable conditions that are a choice or a warning: words instead of numbers, and nothing that exists is stopped."""

import html

import pytest
from django.urls import reverse

from pairing.enums import PairState
from portal.errors import DomainError
from programmes.enums import Form, LetterState, Side
from programmes.models import Deviation, GateRule, Programme
from programmes.services import gates, visas
from programmes.services import participation as participations
from tests.builders import (
    client_of,
    make_pair,
    make_participation,
    make_person,
    make_programme,
    referent_of,
)
from tests.programmes.letter_world import make_letter

pytestmark = pytest.mark.django_db
EXPOSED = "chacun se reconnaît vite"


def set_to(programme: Programme, code: str, value: int) -> None:
    rule = GateRule.objects.get(pk=code)
    gates.set_value(programme=programme, rule=rule, value=value, reason="Petit programme.", by=referent_of(programme))


def read(programme: Programme, name: str = "programmes:frame", *more: str) -> str:
    page = client_of(referent_of(programme)).get(reverse(name, args=[programme.slug, *more]))
    assert page.status_code == 200
    return html.unescape(page.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("code", "default", "words"),
    [
        ("pair-hr-days", 0, "avant la première rencontre"),
        ("pair-helpers", 3, "3 personnes"),
        ("pair-managers", 0, "séance ou note écrite"),
    ],
)
def test_the_frame_says_each_value_in_words(code, default, words):
    programme = make_programme()
    assert gates.value(programme, code) == default
    assert words in read(programme)
    assert f"Aujourd’hui : <strong>{words}</strong>" in read(programme, "programmes:gate_setting", code)
    assert "0 jour<" not in read(programme)


@pytest.mark.parametrize(("code", "value"), [("pair-hr-days", 31), ("pair-helpers", 0), ("pair-managers", 2)])
def test_their_bounds_hold_by_the_service_and_by_the_form(code, value):
    programme = make_programme()
    rule, by = GateRule.objects.get(pk=code), referent_of(programme)
    with pytest.raises(DomainError):
        gates.set_value(programme=programme, rule=rule, value=value, reason="Pour voir.", by=by)
    url = reverse("programmes:gate_setting", args=[programme.slug, code])
    for sent in (value, "2.5", "x", ""):
        assert client_of(by).post(url, {"value": sent, "reason": "Pour voir."}).status_code == 200
    assert not Deviation.objects.exists()


def test_a_choice_is_made_in_words_and_listed_in_words():
    programme = make_programme()
    url = reverse("programmes:gate_setting", args=[programme.slug, "pair-managers"])
    client = client_of(referent_of(programme))
    assert "Séance tenue" in client.get(url).content.decode()
    client.post(url, {"value": "1", "reason": "Décision du comité."})
    assert gates.value(programme, "pair-managers") == 1
    what = "Binôme : Encadrants informés avant de commencer : « séance tenue » au lieu de « séance ou note écrite »"
    assert Deviation.objects.get().what == what


def test_days_left_to_rh_are_listed_against_what_held_before():
    programme = make_programme()
    set_to(programme, "pair-hr-days", 10)
    what = "Binôme : Jours laissés aux RH pour valider la lettre : 10 jours au lieu de « avant la première rencontre »"
    assert Deviation.objects.get().what == what


# --- Few helpers ------------------------------------------------------------------------------------------------------
def with_helpers(number: int) -> Programme:
    programme = make_programme()
    make_participation(programme, Side.HELPED)
    for _ in range(number):
        make_participation(programme, Side.HELPER)
    return programme


@pytest.mark.parametrize(("number", "warned"), [(0, False), (1, True), (2, True), (3, False)])
def test_few_helpers_are_warned_about_where_the_frame_is_set_and_where_a_pair_is_proposed(number, warned):
    programme = with_helpers(number)
    assert [EXPOSED in read(programme, name) for name in ("programmes:frame", "pairing:propose")] == [warned, warned]


def test_the_number_is_the_programmes_own_and_counts_helpers_accepted():
    programme = with_helpers(2)
    set_to(programme, "pair-helpers", 2)
    assert not gates.few_helpers(programme)
    make_participation(programme, Side.HELPER, accepted=False)
    set_to(programme, "pair-helpers", 3)
    assert "Moins de 3 pairs-aidants" in gates.few_helpers(programme)


def test_few_helpers_stop_no_pair():
    programme = make_programme()
    pair = make_pair(programme)
    assert gates.few_helpers(programme)
    assert pair.state == PairState.ACTIVE
    other = make_participation(programme, Side.HELPER)
    assert make_pair(programme, helper=other).state == PairState.ACTIVE
    participations.withdraw(participation=other, by=other.person)
    pair.refresh_from_db()
    assert pair.state == PairState.ACTIVE


def test_peers_have_no_helpers_to_be_few():
    programme = with_helpers(1)
    programme.forms = [Form.RECIPROCAL]
    assert not gates.few_helpers(programme)


# --- The days left to RH, on the letter's page ---------------------------------------------------------------------------
@pytest.mark.parametrize("days", [0, 10])
def test_referent_and_rh_read_until_when_the_programme_leaves_rh(days):
    letter = make_letter(LetterState.TO_MANAGER)
    programme = letter.programme
    visas.deposit(letter=letter, by=referent_of(programme), document=None)
    if days:
        set_to(programme, "pair-hr-days", days)
    employer = programme.lead_employer
    reader = make_person(employer, roles=("hr_reader",))
    urls = {
        referent_of(programme): reverse("programmes:letter", args=[programme.slug, letter.ref]),
        reader: reverse("programmes:hr_letter", args=[employer.slug, letter.ref]),
    }
    texts = [client_of(person).get(url).content.decode() for person, url in urls.items()]
    assert [("laisse aux RH jusqu’au" in text) for text in texts] == [bool(days)] * 2
