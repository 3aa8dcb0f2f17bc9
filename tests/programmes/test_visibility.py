"""« Qui voit quoi de moi »: the preview is what the real pages show, and each agreement is taken back alone."""

import pytest
from django.urls import reverse

from pairing.views.agent import shared_by_others
from portal.registry import AGREEMENT, gather
from programmes import visibility
from programmes.enums import Side
from programmes.models import Participation
from tests.builders import (
    client_of,
    make_pair,
    make_participation,
    make_person,
    make_programme,
    referent_of,
    signatory_of,
)
from tests.programmes.joining_walk import send, url_of, walk

pytestmark = pytest.mark.django_db
TOLD = {
    "setting": "field",
    "seniority": "long",
    "lived": ["long_absence"],
    "exchange_needs": ["written"],
    "likeness": "alike",
    "meeting_place": "outside",
    "variable_hours": True,
}
SECRETS = ("MOTS-SECRETS", "PRESENTATION-SECRETE", "longue absence")


def told(programme, side=Side.HELPED, **more):
    words = {"free_text": SECRETS[0], "presentation": SECRETS[1]}
    return make_participation(programme, side, **words, **TOLD, **more)


def facts_on(page) -> list[tuple[str, str]]:
    return list(page.context["facts"])


@pytest.mark.parametrize("readers", [[], ["referent"], ["pair"], ["pair", "referent"]])
def test_the_referent_and_the_pair_read_exactly_the_preview(readers):
    programme = make_programme()
    helped, helper = told(programme, readers=readers), make_participation(programme, Side.HELPER)
    shown = {reader.title: reader for reader in visibility.readers(visibility.of(helped))}
    page = client_of(referent_of(programme)).get(helped.get_absolute_url())
    assert facts_on(page) == shown["Le ou la référent·e"].facts[1:]
    pair = make_pair(programme, helper=helper, helped=helped)
    (other,) = shared_by_others(pair, helper.person)
    assert [("Prénom", other["name"]), *other["facts"]] == shown["Mon binôme"].facts
    html = client_of(helper.person).get(reverse("pairing:pair", args=[pair.ref])).content.decode()
    for said, page_of in ((html, "pair"), (page.content.decode(), "referent")):
        assert (SECRETS[0] in said) == (page_of in readers)
        assert SECRETS[1] not in said and SECRETS[2] not in said
    for _, value in other["facts"]:
        assert value in html


def test_hr_and_the_manager_have_nothing_to_read_of_somebody_helped():
    programme = make_programme()
    row = told(programme, readers=["pair", "referent"])
    shown = visibility.readers(visibility.of(row))
    assert [reader.facts for reader in shown[2:]] == [[], []]
    hr = signatory_of(programme.lead_employer)
    page = client_of(hr).get(reverse("portal:hr_home", args=[programme.lead_employer.slug])).content.decode()
    assert row.person.given not in page and SECRETS[0] not in page


def test_the_preview_of_the_inscription_is_the_page_read_afterwards():
    programme = make_programme()
    person = make_person(programme.lead_employer)
    client = client_of(person)
    walk(client, programme, upto="information", free_text="Mes mots", readers=["referent"], setting="field")
    before = client.get(url_of(programme, "qui-voit-quoi")).context["readers"]
    send(client, programme, "information", information_read="on")
    send(client, programme, "recapitulatif")
    row = Participation.objects.get(person=person)
    assert visibility.readers(visibility.of(row)) == before
    page = client_of(referent_of(programme)).get(row.get_absolute_url())
    assert facts_on(page) == before[1].facts[1:]


def test_the_preview_follows_the_ticks_and_changes_nothing_before_it_is_saved():
    row = told(make_programme(), readers=["pair"])
    client, url = client_of(row.person), reverse("programmes:visibility", args=[row.ref])
    page = client.post(url, {"seen": row.version, "readers": ["referent"], "move": "preview"})
    pair, referent = page.context["readers"][:2]
    assert SECRETS[0] in str(referent.facts) and SECRETS[0] not in str(pair.facts)
    row.refresh_from_db()
    assert row.readers == ["pair"] and row.lived == ["long_absence"]
    client.post(url, {"seen": row.version, "readers": ["referent"], "move": "save"})
    row.refresh_from_db()
    assert row.readers == ["referent"] and row.lived == [], "a tick not agreed to is no longer kept"


def test_each_agreement_is_listed_apart_and_taken_back_without_effect():
    programme = make_programme(wishes_on_presentations=True)
    row = told(programme, Side.HELPER, readers=["pair"], presentation_published=True)
    labels = {"Laisser lire mes quelques mots", "Publier ma présentation", "Chercher un vécu en commun"}
    assert labels <= {agreement.label for agreement in gather(AGREEMENT, row.person)}
    url = reverse("programmes:visibility", args=[row.ref])
    client_of(row.person).post(url, {"seen": row.version, "lived_used": "on", "move": "save"})
    row.refresh_from_db()
    assert (row.readers, row.presentation_published, row.lived) == ([], False, ["long_absence"])
    assert row.state == "accepted" and row.presentation, "only the agreement goes"
    assert labels & {agreement.label for agreement in gather(AGREEMENT, row.person)} == {"Chercher un vécu en commun"}


def test_two_windows_do_not_undo_each_other_in_silence():
    row = told(make_programme())
    client, url = client_of(row.person), reverse("programmes:visibility", args=[row.ref])
    client.post(url, {"seen": row.version, "readers": ["pair"], "lived_used": "on", "move": "save"})
    answer = client.post(url, {"seen": row.version, "move": "save"})
    assert answer.status_code == 200 and answer.context["form"].non_field_errors()
    row.refresh_from_db()
    assert row.readers == ["pair"]


def test_somebody_else_s_preview_does_not_exist():
    row = told(make_programme())
    for person in (referent_of(row.programme), make_person(row.employer)):
        assert client_of(person).get(reverse("programmes:visibility", args=[row.ref])).status_code == 404


def test_avoiding_is_added_and_taken_away_on_its_page_and_shown_to_nobody_else():
    programme = make_programme(wishes_on_presentations=True)
    helper = make_participation(programme, Side.HELPER, presentation="Je suis au parc", presentation_published=True)
    mine = make_participation(programme)
    client, url = client_of(mine.person), reverse("programmes:avoided")
    assert "dans un petit groupe, votre référent·e peut le deviner" in client.get(url).content.decode()
    page = client.post(url, {"people": [str(helper.person.ref)]}, follow=True)
    assert [row.target for row in page.context["rows"]] == [helper.person.short_name]
    ref = mine.person.avoids.get().ref
    drop = reverse("programmes:avoid_no_more", args=[ref])
    assert client_of(helper.person).post(drop).status_code == 404
    assert str(ref) not in client_of(helper.person).get(url).content.decode()
    client.post(drop)
    assert not mine.person.avoids.exists()
