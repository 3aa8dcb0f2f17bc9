"""An employer's accent as a stylesheet: readable variants for light and dark, computed from one colour."""

import hashlib
from functools import lru_cache

from django.urls import reverse

from portal.contrast import GROUND, ratio

DARK_GROUND, DARK_SURFACE, DARK_INK = "#171614", "#2a2723", "#11100f"
_TEXT = 4.5


def _mix(colour: str, other: str, share: float) -> str:
    """`share` of `other` in `colour`, channel by channel."""
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _until(colour: str, towards: str, grounds: tuple[str, ...], wanted: float) -> str:
    """`colour` moved towards `towards` by the smallest step that reads at `wanted` on every ground."""
    for percent in range(0, 101, 2):
        moved = _mix(colour, towards, percent / 100)
        if min(ratio(moved, ground) for ground in grounds) >= wanted:
            return moved
    return towards


def palette(accent: str) -> dict[str, dict[str, str]]:
    """The five accent colours in `light` and in `dark`."""
    soft = _mix(accent, GROUND, 0.88)
    light_accent = _until(accent, "#000000", (GROUND, "#ffffff", soft, "#f3ece1"), _TEXT)
    dark_soft = _mix(accent, DARK_GROUND, 0.72)
    dark_accent = _until(accent, "#ffffff", (DARK_GROUND, DARK_SURFACE, dark_soft), 7)
    return {
        "light": {
            "accent": light_accent,
            "accent-strong": _mix(light_accent, "#000000", 0.26),
            "accent-soft": soft,
            "accent-line": _mix(accent, GROUND, 0.6),
            "on-accent": "#ffffff",
        },
        "dark": {
            "accent": dark_accent,
            "accent-strong": _mix(dark_accent, "#ffffff", 0.35),
            "accent-soft": dark_soft,
            "accent-line": _mix(accent, DARK_GROUND, 0.35),
            "on-accent": DARK_INK,
        },
    }


@lru_cache(maxsize=256)
def stylesheet(accent: str) -> str:
    """The theme's CSS."""
    colours = palette(accent)

    def block(mode: str) -> str:
        return ":root{" + "".join(f"--{name}:{value};" for name, value in colours[mode].items()) + "}"

    return f"{block('light')}\n@media (prefers-color-scheme:dark){{{block('dark')}}}\n"


def digest(accent: str) -> str:
    """Changes with the content, so that the address can be cached for ever."""
    return hashlib.sha256(stylesheet(accent).encode()).hexdigest()[:12]


def theme_address(slug: str, accent: str) -> str:
    return reverse("portal:theme", args=[slug, digest(accent)])
