"""What people say of themselves: optional, from closed lists, theirs to take back."""

import pytest
from django.db import IntegrityError, transaction

from portal.errors import DomainError
from programmes.enums import Side
from programmes.models import Participation
from programmes.services import erasure, participation
from tests.builders import make_participation, make_programme

pytestmark = pytest.mark.django_db
TOLD = {"setting": "field", "seniority": "long", "likeness": "alike", "meeting_place": "outside"}


def test_nothing_has_to_be_said():
    row = make_participation(make_programme())
    assert (row.setting, row.seniority, row.lived, row.exchange_needs) == ("", "", [], [])
    assert not row.presentation and not row.presentation_published


def test_what_is_ticked_is_kept_in_the_order_of_the_list():
    row = make_participation(
        make_programme(), lived=["career", "long_absence"], exchange_needs=["third", "written"], **TOLD
    )
    row.refresh_from_db()
    assert row.lived == ["long_absence", "career"] and row.exchange_needs == ["written", "third"]
    assert row.get_setting_display() == "terrain, espaces publics"


@pytest.mark.parametrize(
    "about", [{"lived": ["cancer"]}, {"exchange_needs": ["fauteuil"]}, {"setting": "hôpital"}, {"likeness": "x"}]
)
def test_only_the_closed_lists_are_accepted(about):
    with pytest.raises(DomainError):
        make_participation(make_programme(), **about)


@pytest.mark.parametrize(
    ("side", "allowed", "text"), [("helped", True, "Moi"), ("helper", False, "Moi"), ("helper", True, "")]
)
def test_a_presentation_is_published_by_a_helper_where_the_programme_allows_it(side, allowed, text):
    programme = make_programme(wishes_on_presentations=allowed)
    with pytest.raises(DomainError):
        make_participation(programme, side, presentation=text, presentation_published=True)


def test_the_database_refuses_a_published_presentation_of_somebody_helped():
    row = make_participation(make_programme())
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.filter(pk=row.pk).update(presentation_published=True)


def test_leaving_takes_it_all_away_and_so_does_erasure():
    programme = make_programme(wishes_on_presentations=True)
    words = {"presentation": "Je suis au parc", "presentation_published": True, "free_text": "Mes mots"}
    left, erased = (make_participation(programme, Side.HELPER, lived=["career"], **TOLD, **words) for _ in range(2))
    participation.withdraw(participation=left, by=left.person)
    erasure.detach(participation=erased)
    for row in (left, erased):
        row.refresh_from_db()
        assert not row.presentation and not row.free_text and not row.presentation_published
        assert (row.setting, row.seniority, row.lived, row.meeting_place, row.likeness) == ("", "", [], "", "")
