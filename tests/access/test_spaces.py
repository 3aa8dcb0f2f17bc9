"""Who may open what: the owner, the team, and strangers, on data that could leak (docs/access.yml is the whole)."""

import datetime as dt

import pytest
from django.urls import reverse

from pairing.services import meetings, pairs
from portal import clock
from portal.models import JournalEntry
from programmes.enums import ProgrammeRoleKind, Side
from programmes.models import Theme
from programmes.services import rollout
from tests.builders import client_of, make_pair, make_participation, make_person, make_programme, referent_of

pytestmark = pytest.mark.django_db
CANARY = "CANARI-QUI-NE-DOIT-PAS-SORTIR"


@pytest.fixture
def world():
    """A programme with a started pair that met, and everybody who might look at it."""
    with clock.at(clock.now() - dt.timedelta(days=10)):
        programme = make_programme()
        employer = programme.lead_employer
        helper = make_participation(programme, Side.HELPER, free_text=CANARY, readers=[])
        helped = make_participation(programme, Side.HELPED, free_text=CANARY, readers=[])
        pair = make_pair(programme, helper=helper, helped=helped)
    theme = Theme.objects.get(pk="emotions")
    meetings.log(pair=pair, by=helper.person, key=pair.ref, minutes=47, themes=[theme])
    people = {
        "referent": referent_of(programme),
        "deputy": make_person(employer, "Suppléante"),
        "referee": make_person(employer, "Tiers"),
        "hr": make_person(employer, "Rh", roles=("hr_signatory",)),
        "admin": make_person(employer, "Admin", roles=("administrator",)),
        "colleague": make_person(employer, "Collègue"),
        "other_referent": referent_of(make_programme()),
        "helper": helper.person,
        "helped": helped.person,
    }
    rollout.grant(programme=programme, person=people["deputy"], role=ProgrammeRoleKind.DEPUTY, by=people["referent"])
    pairs.entrust(pair=pair, referee=people["referee"], by=people["referent"])
    requests = {"application": helper, "request": helped}
    return {"programme": programme, "pair": pair, **requests, **people}


def addresses(world) -> dict[str, tuple[str, set[str]]]:
    """Each address with who may open it."""
    slug, pair = world["programme"].slug, world["pair"].ref
    team, referent = {"referent", "deputy"}, {"referent"}
    members = {"helper", "helped"}
    return {
        "home": (reverse("programmes:home", args=[slug]), team),
        "steps": (reverse("programmes:steps", args=[slug]), team),
        "calendar": (reverse("programmes:calendar", args=[slug]), team),
        "requests": (reverse("programmes:requests", args=[slug]), team),
        "a request": (reverse("programmes:participation", args=[slug, world["request"].ref]), referent),
        "pairs": (reverse("pairing:pairs", args=[slug]), referent),
        "propose": (reverse("pairing:propose", args=[slug]), referent),
        "pair, piloted": (reverse("pairing:pilot_pair", args=[slug, pair]), referent),
        "pair, entrusted": (reverse("pairing:refereed_pair", args=[pair]), {"referee"}),
        "pair, lived": (reverse("pairing:pair", args=[pair]), members),
        "meeting": (reverse("pairing:meeting", args=[world["pair"].meetings.get().ref]), members),
        "my request": (reverse("programmes:my_participation", args=[world["request"].ref]), {"helped"}),
        "accounts": (reverse("portal:accounts", args=[world["programme"].lead_employer.slug]), {"admin"}),
    }


PEOPLE = ("referent", "deputy", "referee", "hr", "admin", "colleague", "other_referent", "helper", "helped")


@pytest.mark.parametrize("who", PEOPLE)
def test_each_person_opens_what_is_theirs_and_gets_the_same_404_elsewhere(world, who):
    client = client_of(world[who])
    missing = client.get("/mon-binome/00000000-0000-4000-8000-000000000000/")
    assert missing.status_code == 404
    for name, (url, allowed) in addresses(world).items():
        answer = client.get(url)
        if who in allowed:
            assert answer.status_code == 200, f"{who} cannot open {name}"
        else:
            assert answer.status_code == 404, f"{who} opens {name}"
            assert answer.content == missing.content, f"{name} tells {who} that it exists"


def test_without_second_factor_no_page_with_people_opens(world):
    for who in ("referent", "deputy", "referee", "admin"):
        client = client_of(world[who], second_factor=False)
        for name, (url, allowed) in addresses(world).items():
            if who in allowed and who not in ("helper", "helped"):
                answer = client.get(url)
                assert answer.status_code == 302, f"{who} opens {name} with one factor"
                assert answer["Location"].startswith(reverse("portal:second_factor"))


@pytest.mark.parametrize("who", [who for who in PEOPLE if who not in ("helper", "helped")])
def test_nobody_but_the_two_reads_durations_themes_or_private_words(world, who):
    client = client_of(world[who])
    for name, (url, _) in addresses(world).items():
        text = client.get(url).content.decode()
        for secret in (CANARY, "47 min", "Gestion des émotions</small>"):
            assert secret not in text, f"{who} reads {secret!r} on {name}"


def test_private_words_are_read_by_the_pair_only_when_their_author_says_so(world):
    page = reverse("pairing:pair", args=[world["pair"].ref])
    client = client_of(world["helped"])
    assert CANARY not in client.get(page).content.decode()
    world["application"].readers = ["pair"]
    world["application"].save(update_fields=["readers"])
    assert CANARY in client.get(page).content.decode()


def test_a_role_that_ended_yesterday_opens_nothing_at_the_next_request(world):
    client = client_of(world["referent"])
    url = reverse("programmes:home", args=[world["programme"].slug])
    assert client.get(url).status_code == 200
    world["programme"].roles.filter(role="referent").update(ends=clock.today("Europe/Paris") - dt.timedelta(days=1))
    assert client.get(url).status_code == 404


def test_opening_a_file_is_written_once_and_shown_to_the_person(world):
    referent, person = world["referent"], world["helped"]
    client = client_of(referent)
    url = reverse("programmes:participation", args=[world["programme"].slug, world["request"].ref])
    client.get(url)
    client.get(url)
    assert JournalEntry.objects.filter(verb="read_file", subject_ref=person.ref, actor_ref=referent.ref).count() == 1
    page = client_of(person).get(reverse("portal:my_data")).content.decode()
    assert referent.given in page
    assert "a consulté la fiche" in page


def test_a_writer_who_is_not_a_member_changes_nothing(world):
    pair = world["pair"]
    for who in ("referent", "referee", "hr", "colleague"):
        client = client_of(world[who])
        for name in ("answer", "tap", "log_meeting", "pause", "end"):
            assert client.post(reverse(f"pairing:{name}", args=[pair.ref]), {"key": str(pair.ref)}).status_code == 404
    pair.refresh_from_db()
    assert (pair.state, pair.meetings.count()) == ("active", 1)
