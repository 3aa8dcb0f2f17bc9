"""An employer's accent as a stylesheet: readable variants for light and dark, computed from one colour."""

import colorsys
import hashlib
from functools import lru_cache

from django.urls import reverse

from portal.contrast import GROUND, ratio

DARK_GROUND, DARK_SURFACE, DARK_INK = "#171614", "#2a2723", "#11100f"
SAND = "#f3ece1"
_TEXT = 4.5


def _mix(colour: str, other: str, share: float) -> str:
    """`share` of `other` in `colour`, channel by channel."""
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _darkened(colour: str, grounds: tuple[str, ...], wanted: float) -> str:
    """`colour` moved to black by the smallest step that reads at `wanted` on every ground."""
    for percent in range(0, 100, 2):
        moved = _mix(colour, "#000000", percent / 100)
        if min(ratio(moved, ground) for ground in grounds) >= wanted:
            return moved
    return "#000000"


def _lightened(colour: str, grounds: tuple[str, ...], wanted: float) -> str:
    """`colour` made lighter, same hue and lively, until it reads at `wanted` on every ground."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    for percent in range(round(lightness * 100), 101):
        channels = colorsys.hls_to_rgb(hue, percent / 100, saturation)
        moved = "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
        if min(ratio(moved, ground) for ground in grounds) >= wanted:
            return moved
    return "#ffffff"


def palette(accent: str) -> dict[str, dict[str, str]]:
    """The five accent colours in `light` and in `dark`."""
    soft = _mix(accent, GROUND, 0.88)
    light_accent = _darkened(accent, (GROUND, SAND, "#ffffff", soft), _TEXT)
    dark_soft = _mix(accent, DARK_GROUND, 0.72)
    dark_accent = _lightened(accent, (DARK_GROUND, DARK_SURFACE, dark_soft), 6)
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

    return f"{block('light')}\n@media screen and (prefers-color-scheme:dark){{{block('dark')}}}\n"


def digest(accent: str) -> str:
    """Changes with the content, so that the address can be cached for ever."""
    return hashlib.sha256(stylesheet(accent).encode()).hexdigest()[:12]


def theme_address(slug: str, accent: str) -> str:
    return reverse("portal:theme", args=[slug, digest(accent)])
