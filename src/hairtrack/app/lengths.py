"""Lengths in the units that the person prefers; what is kept is always millimetres."""

from __future__ import annotations

import streamlit as st

from hairtrack.app.language import _, number
from hairtrack.workflows import default_folder
from hairtrack.workflows.library import Units, read_preferences

__all__ = ["ask_length", "current_units", "tell_length"]

_MM_PER_INCH = 25.4
_CENTIMETRES_FROM_MM = 100
_MAX_MM = 1500


def current_units() -> Units:
    """Return the units that the person prefers."""
    return read_preferences(default_folder()).units


def tell_length(mm: float, *, units: Units | None = None) -> str:
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
        return f"{number(inches, digits=0 if inches >= 10 else 1)} in"
    if mm >= _CENTIMETRES_FROM_MM:
        return f"{number(mm / 10, digits=0)} cm"
    return f"{number(mm, digits=0)} mm"


def ask_length(label: str, mm: float | None, *, key: str | None = None) -> float | None:
    """Ask for a length in the person's units; return mm, or `None` where none is given.

    What was not touched comes back as it was kept, not rounded to the step of the units.
    """
    imperial = current_units() is Units.IMPERIAL
    per = _MM_PER_INCH if imperial else 1.0
    shown = None if mm is None else round(mm / per, 1)
    given: float | None = st.number_input(
        f"{label} ({_('inches') if imperial else 'mm'})",
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
