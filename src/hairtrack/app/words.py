"""What the app says, in one place: names, dates, numbers and changes in plain words.

A change is told by its sign in words ("less scalp shows"), never by a bare
plus or minus, and always with how sure it is. Nothing here says why hair
changed, or what to do about it.
"""

from __future__ import annotations

import datetime as dt

from hairtrack.records import QualityFlag, View

__all__ = [
    "APPEARANCE_ONLY",
    "escape",
    "tell_count",
    "tell_day",
    "tell_flag",
    "tell_per_cent",
    "tell_view",
    "tell_zone",
]

APPEARANCE_ONLY = (
    "hairtrack documents how the hair looks over time. It gives no diagnosis and no advice "
    "on treatment."
)

_VIEWS = {
    View.VERTEX: "Top of the head (vertex)",
    View.MIDLINE: "Parting (midline)",
    View.FRONTAL: "Hairline (frontal)",
    View.TEMPORAL_LEFT: "Left temple",
    View.TEMPORAL_RIGHT: "Right temple",
    View.OCCIPITAL: "Back of the head",
}

_ZONES = {"scalp": "Whole scalp of this view", "mid_scalp": "Mid-scalp"}

_FLAGS = {
    QualityFlag.BLURRED: "not sharp",
    QualityFlag.DARK: "too dark",
    QualityFlag.BRIGHT: "too bright",
    QualityFlag.GLARE: "glare",
    QualityFlag.CROPPED: "head cut off",
    QualityFlag.FAR: "head too small",
    QualityFlag.LOW_RESOLUTION: "few pixels",
    QualityFlag.LOW_CONTRAST: "hair and skin look alike",
    QualityFlag.GREY: "no colour",
    QualityFlag.SATURATED: "colours washed out",
    QualityFlag.COLOUR_CAST: "coloured light",
    QualityFlag.DAMAGED: "perhaps damaged",
}

_MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|~:$&^=\"'@/")


def escape(text: str) -> str:
    """Make text of a person stand in Markdown as it is: no links, pictures or HTML."""
    flat = " ".join(text.split())
    return "".join(f"&#{ord(sign)};" if sign in _MARKDOWN else sign for sign in flat)


def tell_day(day: dt.date) -> str:
    """Say a date as "3 March 2025"."""
    return f"{day.day} {day:%B %Y}"


def tell_view(view: View) -> str:
    """Say a view as a person would."""
    return _VIEWS[view]


def tell_zone(zone: str) -> str:
    """Say a zone as a person would."""
    return _ZONES.get(zone, zone.replace("_", " ").capitalize())


def tell_flag(flag: QualityFlag) -> str:
    """Say a doubt in two or three words."""
    return _FLAGS[flag]


def tell_count(number: int, one: str, many: str | None = None) -> str:
    """Say a number of things: "1 photograph", "3 photographs"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def tell_per_cent(fraction: float | None) -> str:
    """Say a fraction in per cent."""
    return "no value" if fraction is None else f"{100 * fraction:.1f} %"
