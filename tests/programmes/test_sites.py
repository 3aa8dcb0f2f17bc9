"""Sites of a programme: listed by its référent, asked where people may meet, read by few, gone with the person."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pairing.services import pairs
from pairing.views.agent import shared_by_others, shared_facts
from portal.errors import Conflict, DomainError
from portal.registry import EXPORT, PERSONAL_DATA, gather
from portal.typography import french
from programmes.enums import Side
from programmes.forms.entry import OnBehalfForm
from programmes.forms.participation import ChangeForm
from programmes.models import Participation, Programme, Site
from programmes.services import creation, erasure, participation, sites
from programmes.services.sites import Line
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
NAMES = ("Canari-Nord", "Canari-Sud")


def with_sites(*names: str, **settings) -> Programme:
    programme = make_programme(**settings)
    rewrite(programme, *(Line(name) for name in names or NAMES))
    return programme


def rewrite(programme: Programme, *lines: Line, **more) -> None:
    programme.refresh_from_db()
    sites.set_all(programme=programme, seen=programme.version, lines=lines, by=referent_of(programme), **more)


def named(programme: Programme, name: str = NAMES[0]) -> Site:
    return programme.sites.get(name=name)


def page_of(programme: Programme) -> str:
    return reverse("programmes:settings_sites", args=[programme.slug])


def typed(form, **changes) -> dict:
    """What a browser sends back of the list."""
    sent = {name: form.initial.get(name, field.initial) for name, field in form.fields.items()}
    sent |= changes
    return {name: value for name, value in sent.items() if value not in (None, False)}


# --- The list ---------------------------------------------------------------------------------------------------------
def test_the_referent_writes_the_list_on_one_page_and_is_warned_of_a_name_that_says_who():
    programme = make_programme()
    client = client_of(referent_of(programme))
    page = client.get(page_of(programme))
    sent = typed(page.context["form"], name_new1=" Ateliers  nord ", name_new2="Crèche des Lilas", small_new2="on")
    page = client.post(page_of(programme), sent, follow=True)
    assert [(site.name, site.small) for site in programme.sites.all()] == [
        ("Ateliers nord", False),
        ("Crèche des Lilas", True),
    ]
    text = page.content.decode()
    assert french("« Crèche des Lilas » : moins de dix agents y travaillent") in text
    assert french("Ateliers nord »") not in text
    settings = client.get(reverse("programmes:settings", args=[programme.slug])).content.decode()
    assert "Ateliers nord" in settings and page_of(programme) in settings


def test_a_site_named_anew_keeps_its_answers_and_one_taken_away_asks_first():
    programme = with_sites()
    north, south = named(programme), named(programme, NAMES[1])
    row = make_participation(programme, sites=[north])
    client = client_of(referent_of(programme))
    form = client.get(page_of(programme)).context["form"]
    client.post(page_of(programme), typed(form, **{f"name_{north.ref}": "Centre", f"name_{south.ref}": ""}))
    assert [site.name for site in row.sites.all()] == ["Centre"] and not Site.objects.filter(pk=south.pk).exists()
    form = client.get(page_of(programme)).context["form"]
    assert not form.asks_agreement
    sent = typed(form, **{f"name_{north.ref}": "", "name_new1": "Antenne"})
    page = client.post(page_of(programme), sent)
    assert (
        french("Des personnes ont choisi « Centre »") in page.content.decode()
        and 'value="Antenne"' in page.content.decode()
    )
    assert row.sites.exists() and not programme.sites.filter(name="Antenne").exists()
    client.post(page_of(programme), sent | {"agreed": "on"})
    assert not row.sites.exists() and [site.name for site in programme.sites.all()] == ["Antenne"]


def test_twice_the_same_name_too_many_or_an_older_page_change_nothing():
    programme = with_sites()
    for lines in ([Line("Nord"), Line(" nord ")], [Line(f"Site {n}") for n in range(41)]):
        with pytest.raises(DomainError):
            rewrite(programme, *lines)
    with pytest.raises(Conflict):
        sites.set_all(programme=programme, seen=0, lines=[Line("Autre")], by=referent_of(programme))
    assert {site.name for site in programme.sites.all()} == set(NAMES)


def test_two_sites_may_exchange_their_names_and_the_last_one_takes_all_answers_away():
    programme = with_sites()
    north, south = named(programme), named(programme, NAMES[1])
    rewrite(programme, Line(NAMES[1], ref=north.ref), Line(NAMES[0], ref=south.ref))
    assert named(programme, NAMES[1]) == north
    row = make_participation(programme, Side.HELPER, any_site=True, travels=True)
    rewrite(programme)
    row.refresh_from_db()
    assert (row.any_site, row.travels) == (False, False)


def test_a_programme_taken_over_from_another_has_its_sites():
    former = with_sites()
    by = referent_of(former)
    again = creation.create(
        employer=former.lead_employer, name="Suite", starts=former.starts, by=by, former=former,
        **creation.prefilled_from(former),
    )  # fmt: skip
    assert [site.name for site in again.sites.all()] == list(NAMES)


# --- The question -----------------------------------------------------------------------------------------------------
def test_without_sites_nothing_is_asked_anywhere():
    programme = make_programme()
    person = make_person(programme.lead_employer)
    client = client_of(person)
    assert client.get(url_of(programme, "cote")).context["count"] == 8
    send(client, programme, "cote", side="helper")
    assert client.get(url_of(programme, "lieux")).status_code == 302
    for form in (ChangeForm(programme=programme, side="helper"), OnBehalfForm(programme=programme, side="helper")):
        assert "meeting_place" in form.fields and not {"sites", "any_site", "travels"} & set(form.fields)


@pytest.mark.parametrize("side", ["helped", "helper"])
def test_where_there_are_sites_both_sides_say_where_they_could_meet(side):
    programme = with_sites()
    person = make_person(programme.lead_employer)
    client = client_of(person)
    north = named(programme)
    options = {"sites": [north.ref], "meeting_place": "my_site"} | ({"travels": "on"} if side == "helper" else {})
    more = {"experience": "on"} if side == "helper" else {}
    walk(client, programme, upto="lieux", side=side, **({"places": "1"} if side == "helper" else {}))
    page = client.get(url_of(programme, "lieux")).content.decode()
    assert ("mission itinérante" in page) == (side == "helper") and "Peu importe" in page
    send(client, programme, "lieux", **options)
    for step in ("pas-avec", "qui-voit-quoi"):
        send(client, programme, step)
    seen = client.get(url_of(programme, "qui-voit-quoi"))
    assert seen.content.decode().count(NAMES[0]) == 2, "the pair and the référent; nobody else"
    send(client, programme, "information", information_read="on", **more)
    assert NAMES[0] in client.get(url_of(programme, "recapitulatif")).content.decode()
    send(client, programme, "recapitulatif")
    row = Participation.objects.get(person=person)
    assert (list(row.sites.all()), row.any_site, row.travels) == ([north], False, side == "helper")
    assert row.meeting_place == "my_site"


def test_whoever_meets_nobody_in_person_is_not_asked_and_nothing_is_kept():
    programme = with_sites()
    person = make_person(programme.lead_employer)
    client = client_of(person)
    for step, answers in (("cote", {"side": "helped"}), ("besoins", {}), ("moi", {})):
        send(client, programme, step, **answers)
    answer = send(client, programme, "disponibilites", channels=["in_person"], slots=["1"])
    assert answer.url == url_of(programme, "lieux")
    send(client, programme, "lieux", any_site="on")
    answer = send(client, programme, "disponibilites", channels=["phone"], slots=["1"])
    assert answer.url == url_of(programme, "pas-avec")
    assert client.get(url_of(programme, "lieux"), follow=True).redirect_chain[-1][0] == url_of(programme, "pas-avec")
    for step, answers in (("pas-avec", {}), ("qui-voit-quoi", {}), ("information", {"information_read": "on"})):
        send(client, programme, step, **answers)
    send(client, programme, "recapitulatif")
    row = Participation.objects.get(person=person)
    assert not row.any_site and not row.sites.exists()


def test_a_site_where_few_people_work_says_so_before_it_is_ticked():
    programme = make_programme()
    rewrite(programme, Line("Crèche", small=True), Line("Mairie"))
    form = ChangeForm(programme=programme, side="helped")
    labels = [str(label) for _, label in form.fields["sites"].choices]
    assert labels == ["Crèche (peu d’agents y travaillent : ce choix peut suffire à dire qui vous êtes)", "Mairie"]


def test_any_site_is_all_of_them_and_only_whoever_helps_travels():
    programme = with_sites()
    helped = make_participation(programme, sites=[named(programme)], any_site=True, travels=True)
    helped.refresh_from_db()
    assert (list(helped.sites.all()), helped.any_site, helped.travels) == ([], True, False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.filter(pk=helped.pk).update(travels=True)


def test_a_site_of_another_programme_is_refused():
    programme, other = with_sites(), with_sites("Ailleurs")
    with pytest.raises(DomainError):
        make_participation(programme, sites=[named(other, "Ailleurs")])
    form = ChangeForm({"sites": [named(other, "Ailleurs").ref]}, programme=programme, side="helped")
    assert "sites" in form.errors


def test_an_answer_is_corrected_by_its_author_and_goes_when_nobody_is_met_any_more():
    programme = with_sites()
    row = make_participation(programme, sites=[named(programme)])
    client = client_of(row.person)
    url = reverse("programmes:change", args=[row.ref])
    ticked = [box.data["attrs"].get("checked") for box in client.get(url).context["form"]["sites"]]
    assert ticked == [True, None]
    sent = {"seen": row.version, "channels": ["in_person"], "slots": ["1"], "sites": [named(programme, NAMES[1]).ref]}
    assert client.post(url, sent).status_code == 302
    assert [site.name for site in row.sites.all()] == [NAMES[1]]
    row.refresh_from_db()
    client.post(url, sent | {"seen": row.version, "channels": ["phone"]})
    assert not row.sites.exists()


def test_entered_on_behalf_and_on_the_printed_form():
    programme = with_sites()
    client = client_of(referent_of(programme))
    url = reverse("programmes:on_behalf_form", args=[programme.slug, "etre-accompagne"])
    page = client.get(url)
    assert "Sur quels sites pourraient-elles se voir" in page.content.decode()
    sent = {
        "receipt": page.context["form"]["receipt"].value(),
        "given": "Candide",
        "family": "Rey",
        "phone": "0612345678",
    }
    sent |= {"channels": ["in_person"], "slots": ["5"], "information_read": "on", "any_site": "on"}
    client.post(url, sent)
    assert Participation.objects.get(person__given="Candide").any_site
    sheet = client.get(reverse("programmes:on_behalf_sheet", args=[programme.slug])).content.decode()
    assert NAMES[0] in sheet


# --- Who reads it -----------------------------------------------------------------------------------------------------
def test_the_pair_reads_it_once_both_said_yes_the_referent_at_once_and_rh_never():
    programme = with_sites()
    helped = make_participation(programme, sites=[named(programme)])
    helper = make_participation(programme, Side.HELPER, sites=[named(programme)], travels=True)
    pair = make_pair(programme, helper=helper, helped=helped, answered=False)
    asked = client_of(helper.person).get(reverse("pairing:pair", args=[pair.ref])).content.decode()
    assert NAMES[0] not in asked and shared_by_others(pair, helper.person) == []
    assert not any(NAMES[0] in fact for fact in shared_facts(pair)), "even a site both chose would say where they work"
    referent = client_of(referent_of(programme)).get(helper.get_absolute_url()).content.decode()
    assert NAMES[0] in referent and "peut se déplacer sur un autre site" in referent
    employer = programme.lead_employer
    signatory = client_of(signatory_of(employer))
    for name in ("programmes:hr_letters", "portal:hr_home"):
        assert NAMES[0] not in signatory.get(reverse(name, args=[employer.slug])).content.decode()
    for row in (helper, helped):
        pairs.say_yes(pair=pair, by=row.person)
    accepted = client_of(helper.person).get(reverse("pairing:pair", args=[pair.ref])).content.decode()
    assert NAMES[0] in accepted


def test_its_author_reads_it_takes_it_away_and_it_goes_with_them():
    programme = with_sites()
    row = make_participation(programme, Side.HELPER, sites=[named(programme)], travels=True)
    said = [line for part in gather(PERSONAL_DATA, row.person) for line in part.rows]
    assert ("Sites pour se voir", NAMES[0]) in said and (
        "Déplacements",
        "je peux me déplacer sur un autre site",
    ) in said
    records = next(one for one in gather(EXPORT, row.person) if one.label == "programmes.Participation")
    assert {"sites", "any_site", "travels"} <= set(records.fields)
    left = make_participation(programme, sites=[named(programme)])
    participation.withdraw(participation=left, by=left.person)
    erasure.detach(participation=row)
    row.refresh_from_db()
    assert not Participation.sites.through.objects.exists() and not row.travels
