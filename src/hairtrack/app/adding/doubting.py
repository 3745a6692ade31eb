"""What may be wrong with a photograph: in a word, what to do better, and a picture."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from hairtrack.app import words
from hairtrack.app.language import N_, _
from hairtrack.app.pictures import show_picture
from hairtrack.records import QualityFlag
from hairtrack.workflows.doubting import Doubt, Verdict

__all__ = ["show_doubts", "show_verdict", "tell_doubt"]

_SHOWN = {
    QualityFlag.BLURRED: N_("Right: the sharpest part of the head, pixel by pixel."),
    QualityFlag.DARK: N_(
        "Right: black parts in magenta, and below how many pixels are how bright."
    ),
    QualityFlag.BRIGHT: N_(
        "Right: parts brighter than the camera could tell in magenta, and below how many "
        "pixels are how bright."
    ),
    QualityFlag.GLARE: N_("Right: what shines, in magenta."),
    QualityFlag.CROPPED: N_("Right: the edge where the scalp is cut off, in magenta."),
    QualityFlag.FAR: N_("Right: what the whole photograph should show, in a white frame."),
    QualityFlag.LOW_RESOLUTION: N_("Right: part of the head, pixel by pixel."),
    QualityFlag.LOW_CONTRAST: N_("Right: the colour of the hair above that of the skin."),
    QualityFlag.GREY: N_("Right: the colours of the scalp; all of them are grey."),
    QualityFlag.SATURATED: N_(
        "Right: parts that lost their colour in magenta, and below how many pixels are "
        "how bright."
    ),
    QualityFlag.COLOUR_CAST: N_(
        "Right: the same photograph in white light, only to be looked at."
    ),
    QualityFlag.DAMAGED: N_("Right: what repeats itself exactly, in magenta."),
}
"""What the picture of each doubt shows; the photograph is always on its left."""


def show_verdict(verdict: Verdict) -> None:
    """Say at once how a photograph is that is not measured yet."""
    if verdict.unusable is not None:
        st.badge(_("No head found"), color="orange", icon=":material/block:")
        st.markdown(words.escape(verdict.unusable))
    elif not verdict.doubts:
        st.badge(_("Looks good"), color="blue", icon=":material/check_circle:")
    show_doubts(verdict.doubts)


def show_doubts(doubts: Sequence[Doubt]) -> None:
    """Show each doubt: what it is, what to do better, and a picture of it."""
    for doubt in doubts:
        tell_doubt(doubt.flag)
        shown = _(_SHOWN[doubt.flag])
        alt = _("The photograph on the left. {shown}", shown=shown)
        show_picture(doubt.picture, alt=alt)
        st.caption(shown)


def tell_doubt(flag: QualityFlag) -> None:
    """Say a doubt in a word, and what to do better."""
    from hairtrack.imaging.quality import ADVICE

    told = words.tell_flag(flag)
    st.badge(told[:1].upper() + told[1:], color="orange", icon=":material/warning:")
    st.markdown(words.escape(str(ADVICE[flag])))
