"""Names, dates, numbers, lengths and changes as the app writes them.

A change is told by its direction in words ("less scalp shows"), never by a bare plus or
minus, and always with its uncertainty. Everything is in the language of the session.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from hairtrack.app.i18n import N_, _, format_number, translate
from hairtrack.change.explanations import describe_delta
from hairtrack.records import QualityFlag, View
from hairtrack.workflows import default_folder
from hairtrack.workflows.library import Units, read_preferences

__all__ = [
    "APPEARANCE_ONLY",
    "capitalize",
    "current_units",
    "day_input",
    "escape",
    "format_change",
    "format_flag",
    "format_length",
    "format_percent",
    "format_view",
    "format_zone",
    "length_input",
    "quote",
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
    QualityFlag.UNFAMILIAR: N_("unusual photo"),
}

_MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|~:$&^=\"'@/")


def escape(text: str) -> str:
    """Make any text stand in Markdown as it is: no links, pictures or HTML.

    What comes from below in English is told in the person's language; what a person
    wrote finds no translation and stays.
    """
    return quote(translate(text))


def quote(text: str) -> str:
    """Make what a person wrote stand in Markdown as it is, in no other language either."""
    flat = " ".join(text.split())
    return "".join(f"&#{ord(sign)};" if sign in _MARKDOWN else sign for sign in flat)


def format_view(view: View) -> str:
    """Say a view as a person would."""
    return _(_VIEWS[view])


def format_zone(zone: str) -> str:
    """Say a zone as a person would."""
    return translate(_ZONES.get(zone, zone.replace("_", " ").capitalize()))


def format_flag(flag: QualityFlag) -> str:
    """Say a doubt in two or three words."""
    return _(_FLAGS[flag])


def capitalize(text: str) -> str:
    """Begin a text with a capital, and leave every other letter as it is."""
    return text[:1].upper() + text[1:]


def format_percent(fraction: float | None) -> str:
    """Say a fraction in per cent."""
    return _("no value") if fraction is None else f"{format_number(100 * fraction)} %"


def format_change(delta_pp: float, interval_pp: tuple[float, float]) -> str:
    """Say a change of visible scalp with its 95 % interval.

    Examples
    --------
    >>> format_change(-3.1, (-5.1, -1.1))
    'Less scalp shows: 3.1 points ± 2.0'
    """
    half = format_number((interval_pp[1] - interval_pp[0]) / 2)
    return f"{capitalize(translate(describe_delta(delta_pp)))} ± {half}"


_MM_PER_INCH = 25.4
_CENTIMETRES_FROM_MM = 100
_MAX_MM = 1500


def current_units() -> Units:
    """Return the units that the person prefers."""
    return read_preferences(default_folder()).units


def format_length(mm: float, *, units: Units | None = None) -> str:
    """Say a length: "35 mm", "60 cm", "1.4 in", "24 in".

    Parameters
    ----------
    mm : float
        Length, mm.
    units : Units, optional
        By default those of the preferences.
    """
    if (units or current_units()) is Units.IMPERIAL:
        inches = mm / _MM_PER_INCH
        return f"{format_number(inches, digits=0 if inches >= 10 else 1)} in"
    if mm >= _CENTIMETRES_FROM_MM:
        return f"{format_number(mm / 10, digits=0)} cm"
    return f"{format_number(mm, digits=0)} mm"


def day_input(
    label: str,
    day: dt.date | None = None,
    *,
    earliest: dt.date | None = None,
    latest: dt.date | None = None,
    **how: Any,
) -> dt.date | None:
    """Ask for a day; `None` while the field is empty.

    Parameters
    ----------
    **how
        Passed to `streamlit.date_input`.
    """
    given = st.date_input(
        label, day, min_value=earliest, max_value=latest, format=_("YYYY-MM-DD"), **how
    )
    return given if isinstance(given, dt.date) else None


def length_input(label: str, mm: float | None, *, key: str | None = None) -> float | None:
    """Ask for a length in the person's units; return mm, or `None` where none is given.

    What was not touched comes back as it was kept, not rounded to the step of the units.
    """
    imperial = current_units() is Units.IMPERIAL
    per = _MM_PER_INCH if imperial else 1.0
    unit = _("inches") if imperial else "mm"
    shown = None if mm is None else round(mm / per, 1)
    given: float | None = st.number_input(
        f"{label} ({unit})",
        min_value=0.0,
        max_value=float(round(_MAX_MM / per)),
        value=shown,
        step=0.1 if imperial else 1.0,
        format="%.1f",
        key=key,
    )
    if given is None or given == shown:
        return mm if given is not None else None
    return round(given * per, 2)
