"""The two scales on which a level is told: visible scalp, or its complement, hair cover.

One switch for a page; the numbers below are always visible scalp.
"""

from __future__ import annotations

import enum

import streamlit as st

from hairtrack.app import words
from hairtrack.change.words import describe_delta

__all__ = ["Scale", "choose_scale"]


class Scale(enum.StrEnum):
    """What a level is told as."""

    SCALP = "Visible scalp"
    COVER = "Hair cover"

    def tell_level(self, visible_scalp: float | None) -> str:
        """Say a level in per cent of this scale."""
        if visible_scalp is None or self is Scale.SCALP:
            return words.tell_per_cent(visible_scalp)
        return words.tell_per_cent(1 - visible_scalp)

    def tell_change(
        self, delta_pp: float, interval_pp: tuple[float, float] | None = None
    ) -> str:
        """Say a change of visible scalp in the words of this scale.

        Examples
        --------
        >>> Scale.COVER.tell_change(-3.1, (-5.1, -1.1))
        'More hair cover: 3.1 points, give or take 2.0'
        """
        told = describe_delta(delta_pp)
        told = told[0].upper() + told[1:]
        if interval_pp is not None:
            told += f", give or take {(interval_pp[1] - interval_pp[0]) / 2:.1f}"
        if self is Scale.SCALP:
            return told
        for scalp, cover in _COVER_WORDS.items():
            told = told.replace(scalp, cover)
        return told


_COVER_WORDS = {
    "Less scalp shows": "More hair cover",
    "More scalp shows": "Less hair cover",
    "As much scalp shows as before": "As much hair cover as before",
}


def choose_scale() -> Scale:
    """Let the person read hair cover instead of visible scalp."""
    cover = st.toggle(
        "Tell it as hair cover",
        key="as_hair_cover",
        persist_state="session",
        help="Hair cover is 100 % less visible scalp; a change has the same size.",
    )
    return Scale.COVER if cover else Scale.SCALP
