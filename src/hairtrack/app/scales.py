"""The two scales on which a level is told: visible scalp, or its complement, hair cover.

One switch for a page; the numbers below are always visible scalp.
"""

from __future__ import annotations

import enum

import streamlit as st

from hairtrack.app import words
from hairtrack.app.language import N_, _, number, say
from hairtrack.change.explanations import describe_delta

__all__ = ["Scale", "choose_scale"]


class Scale(enum.StrEnum):
    """What a level is told as."""

    SCALP = N_("Visible scalp")
    COVER = N_("Hair cover")

    def turn(self, visible_scalp: float) -> float:
        """Return a level on this scale, a fraction."""
        return visible_scalp if self is Scale.SCALP else 1 - visible_scalp

    def tell_level(self, visible_scalp: float | None) -> str:
        """Say a level in per cent of this scale."""
        if visible_scalp is None:
            return words.tell_per_cent(None)
        return words.tell_per_cent(self.turn(visible_scalp))

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
        if self is Scale.COVER:
            for scalp, cover in _COVER_WORDS.items():
                told = told.replace(scalp, cover)
        told = say(told)
        if interval_pp is None:
            return told
        half = number((interval_pp[1] - interval_pp[0]) / 2)
        return _("{change}, give or take {half}", change=told, half=half)


_COVER_WORDS = {
    "Less scalp shows": N_("More hair cover"),
    "More scalp shows": N_("Less hair cover"),
    "As much scalp shows as before": N_("As much hair cover as before"),
}


def choose_scale() -> Scale:
    """Let the person read hair cover instead of visible scalp."""
    cover = st.toggle(
        _("Tell it as hair cover"),
        key="as_hair_cover",
        persist_state="session",
        help=_("Hair cover is 100 % less visible scalp; a change has the same size."),
    )
    return Scale.COVER if cover else Scale.SCALP
