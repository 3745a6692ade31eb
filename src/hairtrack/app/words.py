"""What the app says, in one place: names, dates, numbers and changes in plain words.

A change is told by its sign in words ("less scalp shows"), never by a bare
plus or minus, and always with how sure it is. Nothing here says why hair
changed, or what to do about it. All of it is told in the language of the session.
"""

from __future__ import annotations

import datetime as dt

from hairtrack.app.language import N_, _, number, say, spell
from hairtrack.records import QualityFlag, View

__all__ = [
    "APPEARANCE_ONLY",
    "begin",
    "escape",
    "quote",
    "tell_count",
    "tell_day",
    "tell_flag",
    "tell_per_cent",
    "tell_view",
    "tell_zone",
]

APPEARANCE_ONLY = N_(
    "hairtrack documents how the hair looks over time. It gives no diagnosis and no advice "
    "on treatment."
)

_VIEWS = {
    View.VERTEX: N_("Top of the head (vertex)"),
    View.MIDLINE: N_("Parting (midline)"),
    View.FRONTAL: N_("Hairline (frontal)"),
    View.TEMPORAL_LEFT: N_("Left temple"),
    View.TEMPORAL_RIGHT: N_("Right temple"),
    View.OCCIPITAL: N_("Back of the head"),
}

_ZONES = {"scalp": N_("Whole scalp of this view"), "mid_scalp": N_("Mid-scalp")}

_FLAGS = {
    QualityFlag.BLURRED: N_("not sharp"),
    QualityFlag.DARK: N_("too dark"),
    QualityFlag.BRIGHT: N_("too bright"),
    QualityFlag.GLARE: N_("glare"),
    QualityFlag.CROPPED: N_("head cut off"),
    QualityFlag.FAR: N_("head too small"),
    QualityFlag.LOW_RESOLUTION: N_("few pixels"),
    QualityFlag.LOW_CONTRAST: N_("hair and skin look alike"),
    QualityFlag.GREY: N_("no colour"),
    QualityFlag.SATURATED: N_("colours washed out"),
    QualityFlag.COLOUR_CAST: N_("coloured light"),
    QualityFlag.DAMAGED: N_("perhaps damaged"),
}

_MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|~:$&^=\"'@/")


def escape(text: str) -> str:
    """Make any text stand in Markdown as it is: no links, pictures or HTML.

    What comes from below in English is told in the person's language; what a person
    wrote finds no translation and stays.
    """
    return quote(say(" ".join(text.split())))


def quote(text: str) -> str:
    """Make what a person wrote stand in Markdown as it is, in no other language either."""
    flat = " ".join(text.split())
    return "".join(f"&#{ord(sign)};" if sign in _MARKDOWN else sign for sign in flat)


def tell_day(day: dt.date) -> str:
    """Say a date as "3 March 2025"."""
    return spell(day)


def tell_view(view: View) -> str:
    """Say a view as a person would."""
    return _(_VIEWS[view])


def tell_zone(zone: str) -> str:
    """Say a zone as a person would."""
    return say(_ZONES.get(zone, zone.replace("_", " ").capitalize()))


def tell_flag(flag: QualityFlag) -> str:
    """Say a doubt in two or three words."""
    return _(_FLAGS[flag])


def begin(text: str) -> str:
    """Begin a text with a capital, and leave every other letter as it is."""
    return text[:1].upper() + text[1:]


def tell_count(count: int, one: str, many: str | None = None) -> str:
    """Say a number of things: "1 photograph", "3 photographs"."""
    return say(f"{count} {one if count == 1 else many or one + 's'}")


def tell_per_cent(fraction: float | None) -> str:
    """Say a fraction in per cent."""
    return _("no value") if fraction is None else f"{number(100 * fraction)} %"
