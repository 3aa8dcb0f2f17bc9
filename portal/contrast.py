"""An employer's accent colour must stay readable: 4.5:1 on the page and under white text (WCAG 1.4.3)."""

import re

from django.core.exceptions import ValidationError

DEFAULT_ACCENT = "#1f5c57"
GROUND = "#faf7f2"
_HEX = re.compile(r"#[0-9a-f]{6}\Z")


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def ratio(one: str, other: str) -> float:
    """Contrast ratio of two `#rrggbb` colours, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def validate_accent(colour: str) -> None:
    if not _HEX.match(colour):
        raise ValidationError("Écrivez la couleur sous la forme #1f5c57, en minuscules.")
    worst = min(ratio(colour, GROUND), ratio(colour, "#ffffff"))
    if worst < 4.5:
        shown = f"{worst:.1f}".replace(".", ",")
        raise ValidationError(
            f"Cette couleur n’est pas assez contrastée ({shown} pour 4,5 demandés). Prenez-la plus foncée."
        )
