"""A shared programme has one release for everybody: nothing by employer, and a partner reads while it is one."""

import datetime as dt

import pytest
from django.urls import reverse

from evaluation.models import Report
from evaluation.services import content
from portal.enums import EmployerRoleKind
from portal.models import EmployerRole
from programmes.models import Participation, Partner
from tests.evaluation import world

pytestmark = pytest.mark.django_db
AFTER = world.ENDS + dt.timedelta(days=30)


@pytest.fixture
def release():
    return world.established(restituted=True)


@pytest.fixture
def phares():
    return world.employer("phares", name="Office des Phares", neutral_name="Office des Phares")


def share(release, employer, *, joined=dt.date(2025, 3, 1), left=None):
    return Partner.objects.create(programme=release.programme, employer=employer, joined=joined, left=left)


def page_of(client, release, audience="hr"):
    report = Report.objects.get(release=release, audience=audience)
    return client.get(reverse("evaluation:report", args=[report.ref]))


def listed(client, employer):
    return client.get(reverse("evaluation:hr_reports", args=[employer.slug])).context["releases"]


def test_hr_of_a_partner_reads_the_whole_report_in_its_own_space(client, release, phares):
    share(release, phares)
    world.enter(client, world.human_resources(phares))
    assert list(listed(client, phares)) == [release]
    page = page_of(client, release)
    assert page.status_code == 200
    assert reverse("evaluation:hr_reports", args=["phares"]) in page.content.decode()
    assert page_of(client, release, "referent").status_code == 404
    lead = release.programme.lead_employer
    assert client.get(reverse("evaluation:hr_reports", args=[lead.slug])).status_code == 404


def test_both_employers_read_the_same_words(client, release, phares):
    share(release, phares)
    said = []
    for employer in (phares, release.programme.lead_employer):
        world.enter(client, world.human_resources(employer))
        said.append(page_of(client, release).context["document"].content)
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("joined", "left", "reads"),
    [
        (dt.date(2025, 3, 1), world.ENDS, True),
        (dt.date(2025, 3, 1), world.ENDS - dt.timedelta(days=1), False),
        (dt.date(2025, 3, 1), AFTER, True),
        (world.ENDS, None, True),
        (AFTER, None, False),
    ],
)
def test_a_partner_reads_the_exercices_that_ended_while_it_was_one(client, release, phares, joined, left, reads):
    share(release, phares, joined=joined, left=left)
    world.enter(client, world.human_resources(phares))
    assert len(listed(client, phares)) == reads
    assert page_of(client, release).status_code == (200 if reads else 404)


def test_nothing_is_read_before_restitution_nor_by_a_stranger(client, phares):
    release = world.established()
    share(release, phares)
    world.enter(client, world.human_resources(phares))
    assert not listed(client, phares) and page_of(client, release).status_code == 404
    elsewhere = world.employer("dunes", name="Préfecture des Dunes")
    world.enter(client, world.human_resources(elsewhere))
    assert not listed(client, elsewhere)
    assert page_of(client, world.established(slug="autre", restituted=True)).status_code == 404


def test_an_agent_of_two_employers_hr_is_shown_each_list_apart(client, release, phares):
    """RH of a partner and of a stranger to the programme: the stranger's list stays empty."""
    share(release, phares)
    who, elsewhere = world.human_resources(phares), world.employer("dunes", name="Préfecture des Dunes")
    EmployerRole.objects.create(
        person=who, employer=elsewhere, role=EmployerRoleKind.HR_READER, starts=dt.date(2020, 1, 1)
    )
    world.enter(client, who)
    assert len(listed(client, phares)) == 1 and len(listed(client, elsewhere)) == 0


def test_a_release_does_not_move_with_the_employer_of_its_members(phares):
    """Non-interference: the same people, all of the lead or half of a partner, give the same content."""
    contents = []
    for move in (False, True):
        made, exercice = world.programme("partage" if move else "seul")
        pairs = world.pairs(made, 6)
        for pair in pairs:
            world.meet(pair, 3)
        if move:
            Partner.objects.create(programme=made, employer=phares, joined=dt.date(2024, 1, 1))
            half = [pair.members.first().participation_id for pair in pairs]
            Participation.objects.filter(pk__in=half).update(employer=phares)
        with world.after():
            frozen = content.build(exercice, content.lines(exercice))
        frozen.pop("programme")
        contents.append(content.canonical(frozen))
    assert contents[0] == contents[1]
