"""A programme's settings: what people count on stays, what weakens the frame is said, words reach the agents' pages."""

import pytest
from django.urls import reverse

from portal import terms
from portal.errors import Conflict, DomainError
from programmes import letter_text, public_criteria
from programmes.enums import ProgrammeRoleKind, Side
from programmes.forms.settings import ChangeSettingsForm
from programmes.services import rollout
from programmes.services import settings as service
from tests.builders import client_of, make_participation, make_person, make_programme, referent_of

pytestmark = pytest.mark.django_db


def change(programme, **fields):
    service.change(programme=programme, seen=programme.version, by=referent_of(programme), **fields)


def sent(programme, **changes) -> dict:
    data = {**ChangeSettingsForm.initial_of(programme), "exclude_same_team": "on", "starts": f"{programme.starts}"}
    return {name: value for name, value in {**data, **changes}.items() if value is not None}


def test_a_form_that_is_open_is_not_removed():
    programme = make_programme(forms=["pair", "open_group"])
    with pytest.raises(DomainError, match="binôme"):
        change(programme, forms=["open_group"])
    programme.refresh_from_db()
    assert programme.forms == ["pair", "open_group"]


def test_a_form_by_which_people_take_part_is_not_removed_even_closed():
    programme = make_programme(forms=["pair", "open_group"])
    make_participation(programme, Side.HELPER)
    programme.open_forms = []
    programme.save()
    with pytest.raises(DomainError, match="participent déjà"):
        change(programme, forms=["open_group"])


def test_a_form_nobody_joined_is_removed_before_the_opening():
    programme = make_programme(forms=["pair", "open_group"], opened=False)
    change(programme, forms=["open_group"])
    programme.refresh_from_db()
    assert programme.forms == ["open_group"]


def test_the_first_day_stays_once_somebody_joined():
    programme = make_programme()
    make_participation(programme)
    with pytest.raises(DomainError, match="date de début"):
        change(programme, starts=programme.starts.replace(year=2021))


@pytest.mark.parametrize("weaker", [{"places_per_helper": 3}, {"exclude_same_team": False}])
def test_a_weaker_frame_asks_for_a_reason_and_leaves_a_deviation(weaker):
    programme = make_programme()
    with pytest.raises(DomainError, match="pourquoi"):
        change(programme, **weaker)
    assert not programme.deviations.exists()
    programme.refresh_from_db()
    change(programme, reason="Peu de volontaires sur ce site.", **weaker)
    assert programme.deviations.get().reason == "Peu de volontaires sur ce site."


def test_what_strengthens_the_frame_leaves_no_deviation():
    programme = make_programme(places_per_helper=3, exclude_same_team=False)
    change(programme, places_per_helper=1, exclude_same_team=True)
    assert not programme.deviations.exists()


def test_two_changes_at_once_lose_nothing():
    programme = make_programme()
    browser, url = client_of(referent_of(programme)), reverse("programmes:settings", args=[programme.slug])
    late = sent(programme, cycle_months=9, target_pairs=None, target_helpers=None)
    change(programme, cycle_months=7)
    page = browser.post(url, late)
    assert "vient de modifier" in page.content.decode()
    assert page.context["form"]["cycle_months"].value() == "9"
    programme.refresh_from_db()
    assert programme.cycle_months == 7
    again = {**late, "seen": page.context["form"]["seen"].value()}
    assert browser.post(url, again).status_code == 302
    programme.refresh_from_db()
    assert programme.cycle_months == 9


def test_the_deputy_reads_and_never_changes():
    programme = make_programme()
    deputy = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=referent_of(programme))
    browser, url = client_of(deputy), reverse("programmes:settings", args=[programme.slug])
    page = browser.get(url)
    assert page.status_code == 200 and page.context["form"] is None
    assert browser.post(url, sent(programme, cycle_months=9)).status_code == 403
    for name in ("settings_criteria", "settings_words"):
        assert browser.get(reverse(f"programmes:{name}", args=[programme.slug])).status_code == 404


# --- Public criteria ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "word", ["rqth", "diagnos", "mandat", "syndic", "traitement", "arrets", "hospital", "certificat"]
)
def test_no_public_criterion_asks_for_a_status_a_diagnosis_or_a_mandate(word):
    every = " ".join(text for side in public_criteria.CRITERIA.values() for text in side.values())
    assert word not in letter_text.search_key(every)


def test_agents_read_the_criteria_ticked_and_no_other():
    programme = make_programme()
    agent = client_of(make_person(programme.lead_employer))
    url = reverse("programmes:join", args=[programme.slug])
    service.set_criteria(
        programme=programme, seen=programme.version, helper=["time"], helped=[], by=referent_of(programme)
    )
    said = agent.get(url).content.decode()
    assert "donner du temps régulièrement" in said and "pris du recul" not in said and "d’égal à égal" not in said


def test_a_criterion_of_ones_own_is_refused():
    programme = make_programme()
    with pytest.raises(DomainError):
        service.set_criteria(
            programme=programme, seen=programme.version, helper=["rqth"], helped=[], by=referent_of(programme)
        )


# --- Words ----------------------------------------------------------------------------------------------------------
def test_agents_read_the_programme_s_own_words():
    programme = make_programme(words={"binome": ["duo", "duos"], "pair_aidant": ["relais", "relais"]})
    part = make_participation(programme, Side.HELPER)
    agent = client_of(part.person)
    said = agent.get(reverse("programmes:join_side", args=[programme.slug, "etre-accompagne"])).content.decode()
    assert "duo" in said and "comme binôme" not in said
    said = agent.get(reverse("programmes:my_participation", args=[part.ref])).content.decode()
    assert "binôme" not in said


def test_a_preview_changes_nothing():
    programme = make_programme()
    browser, url = client_of(referent_of(programme)), reverse("programmes:settings_words", args=[programme.slug])
    page = browser.post(url, {"seen": programme.version, "binome_one": "duo", "binome_many": "duos", "preview": "1"})
    assert "Votre duo" in page.content.decode()
    programme.refresh_from_db()
    assert programme.words == {}
    browser.post(url, {"seen": programme.version, "binome_one": "duo", "binome_many": "duos"})
    programme.refresh_from_db()
    assert terms.term("binome", programme.words, plural=True) == "duos"


@pytest.mark.parametrize(
    ("key", "one", "many", "why"),
    [
        ("pair_aide", "patient", "patients", "mot du soin"),
        ("pair_aide", "bénéficiaire", "bénéficiaires", "mot du soin"),
        ("pair_aidant", "parrain", "parrains", "mot du soin"),
        ("binome", "duo", "", "le singulier et le pluriel"),
        ("fonction_neutre", "référente handicap", "référentes handicap", "rien du handicap"),
    ],
)
def test_words_that_are_not_ours_are_refused(key, one, many, why):
    with pytest.raises(DomainError, match=why):
        service.checked_words({key: (one, many)})


def test_emptied_words_give_the_portal_s_own_back():
    programme = make_programme(words={"binome": ["duo", "duos"]})
    service.set_words(
        programme=programme, seen=programme.version, words={"binome": ("", "")}, by=referent_of(programme)
    )
    programme.refresh_from_db()
    assert terms.term("binome", programme.words) == "binôme"


def test_words_seen_too_long_ago_are_not_written():
    programme = make_programme()
    with pytest.raises(Conflict):
        service.set_words(programme=programme, seen=programme.version + 1, words={}, by=referent_of(programme))
