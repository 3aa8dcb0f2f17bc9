"""An employer's colour stays readable (WCAG 1.4.3)."""

import pytest
from django.core.exceptions import ValidationError

from portal import contrast
from portal.errors import DomainError
from portal.services import employers


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#fff000", "#fff000", 1),
    ],
)
def test_ratios_are_those_of_the_standard(one, other, expected):
    assert contrast.ratio(one, other) == pytest.approx(expected, abs=0.01)
    assert contrast.ratio(other, one) == contrast.ratio(one, other)


@pytest.mark.parametrize("colour", [contrast.DEFAULT_ACCENT, "#000000", "#1f4e79", "#6b1f3a"])
def test_a_dark_accent_is_taken(colour):
    contrast.validate_accent(colour)


@pytest.mark.parametrize("colour", ["#ffffff", "#ffd700", "#777777", "#767676"])
def test_a_pale_accent_is_refused_with_its_figure(colour):
    """#767676 is readable on white, not on our warmer ground."""
    with pytest.raises(ValidationError, match=r"pas assez contrastée \(\d,\d pour 4,5"):
        contrast.validate_accent(colour)


@pytest.mark.parametrize(
    "colour", ["", "red", "#1f5c5", "#1F5C57", "#1f5c57\n", "1f5c57", "#1f5c57;}body{display:none"]
)
def test_what_is_no_colour_is_refused(colour):
    with pytest.raises(ValidationError, match="sous la forme"):
        contrast.validate_accent(colour)


def test_no_employer_is_opened_with_an_unreadable_colour(db):
    with pytest.raises(DomainError, match="contrastée") as refused:
        employers.create(slug="e", name="E", neutral_name="E", branch="fpt", domains=[], accent="#ffd700")
    assert refused.value.field == "accent"
