"""Method: what is measured and what not, and where the photographs lie."""

from __future__ import annotations

import tomllib

import streamlit as st

from hairtrack.app.formatting import escape, format_flag, quote
from hairtrack.app.frame import read_asset
from hairtrack.app.i18n import N_, _, format_number, translate
from hairtrack.records import QualityFlag
from hairtrack.workflows import Library
from hairtrack.workflows.previews import method_key

__all__ = ["list_accuracy", "show_method"]

_MEASURED = (
    N_(
        "**Visible scalp** is the share of the scalp where skin is seen instead of hair, "
        "in per cent. A change is given in points: from 40 % to 37 % is 3 points less."
    ),
    N_(
        "It is not a hair count. Longer or thicker hairs cover more skin, and combing "
        "changes it too."
    ),
)

_WAY = (
    N_(
        "The photograph is checked for sharpness, light, framing and size. A doubt is "
        "shown and stops nothing."
    ),
    N_(
        "The scalp is found. Its outline is drawn over every photograph you add, so that "
        "you can check it."
    ),
    N_(
        "The photograph is aligned with the first one of the same view. One that cannot be "
        "aligned with certainty is refused."
    ),
    N_(
        "Every pixel gets a share of hair between 0 and 1, since hairs are thinner than "
        "pixels."
    ),
    N_("Visible scalp is one minus the mean share, in the same zones on every visit."),
)

_ERRORS = (
    N_(
        "**The level** (how much scalp shows) is only roughly known; how roughly stands "
        "beside every photograph. Most of that error is the same on every photograph of "
        "one head and cancels when visits are compared."
    ),
    N_(
        "**The change** is known as well as repeated photographs of the same hair agree. "
        "Take three photographs of each view on every visit, and comb again between them. "
        "What differs from day to day (light, hair length, camera) comes on top."
    ),
)

_ACCURACY = {
    N_("{men} real men from above, points read by eye"): N_(
        "{men_error} points on average, r {men_r}"
    ),
    N_("the same photograph shot again, simulated"): N_(
        "SD {again_sd} points, worst {again_worst}"
    ),
    N_("bare skin of real men"): N_("{bare} % read as bare, worst head {bare_worst} %"),
    N_("strands painted on it at known cover"): N_(
        "slope {painted_slope} (1 would be right), {painted_error} points on average"
    ),
    N_("drawn heads, scalp given"): N_(
        "{drawn_error} points on average, {drawn_worst} on the worst skin tone"
    ),
}
"""What was measured and its error; the figures are in accuracy.toml."""


def show_method(library: Library) -> None:
    """Say what the numbers mean."""
    left, right = st.columns(2, gap="large")
    with left:
        _write(_("What is measured"), _MEASURED)
        _write(_("From photograph to number"), _WAY, mark="1.")
    with right:
        _write(_("How sure a number is"), _ERRORS)
        _show_accuracy()
    _show_flags()
    _show_place(library)


def _write(title: str, texts: tuple[str, ...], *, mark: str = "") -> None:
    st.subheader(title, anchor=False)
    st.markdown("\n\n".join(f"{mark} {_(text)}".strip() for text in texts))


def list_accuracy() -> list[tuple[str, str]]:
    """Return what was measured on photographs of known truth, and the error there."""
    figures = {
        name: str(number)
        if isinstance(number, int)
        else format_number(number, digits=2 if number < 1 else 1)
        for name, number in tomllib.loads(read_asset("accuracy.toml")).items()
    }
    return [(_(what, **figures), _(told, **figures)) for what, told in _ACCURACY.items()]


def _show_accuracy() -> None:
    st.subheader(_("How far it is from the truth"), anchor=False)
    rows = [
        {_("Measured on"): escape(what), _("Error of visible scalp"): escape(told)}
        for what, told in list_accuracy()
    ]
    st.table(rows, hide_index=True, border="horizontal", alt=_("Accuracy"))
    st.caption(
        _(
            "So the level of one photograph is rough; the trend over several visits is "
            "what counts. docs/accuracy.md says how this was measured."
        )
    )


def _show_flags() -> None:
    from hairtrack.imaging.quality import ADVICE

    with st.expander(_("What can be wrong with a photograph, and what helps")):
        rows = [
            {_("Doubt"): format_flag(flag), _("What helps"): translate(str(ADVICE[flag]))}
            for flag in QualityFlag
        ]
        st.table(rows, hide_index=True, border="horizontal", alt=_("Doubts and advice"))


def _show_place(library: Library) -> None:
    st.subheader(_("Your photographs stay here"), anchor=False)
    st.write(
        _(
            "They lie in one folder on this computer; nothing is sent anywhere. Where a "
            "photograph was taken and the camera's serial number are removed when it is "
            "added."
        )
    )
    st.text(str(library.folder))
    st.caption(_("Method {method}", method=quote(method_key())))
