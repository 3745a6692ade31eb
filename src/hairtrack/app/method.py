"""Method: what is measured and what not, and where the photographs lie."""

from __future__ import annotations

import streamlit as st

from hairtrack.app.formatting import format_flag, quote
from hairtrack.app.i18n import N_, _, translate
from hairtrack.records import QualityFlag
from hairtrack.workflows import Library
from hairtrack.workflows.previews import method_key

__all__ = ["show_method"]

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

_CAPTURE = (
    N_("Always the same views, lamp and distance; the head fills most of the picture."),
    N_(
        "Dry, clean hair, combed the same way. **Three photographs of each view; comb "
        "again between them.**"
    ),
    N_("Two visits in the first two weeks, before anything can have changed."),
    N_(
        "Note haircuts and dye: they change how much scalp shows without any change of "
        "growth."
    ),
    N_("Just before a treatment session, not in the days after it."),
)


def show_method(library: Library) -> None:
    """Say what the numbers mean."""
    left, right = st.columns(2, gap="large")
    with left:
        _write(_("What is measured"), _MEASURED)
        _write(_("From photograph to number"), _WAY, mark="1.")
    with right:
        _write(_("How sure a number is"), _ERRORS)
        _write(_("Photographs that can be compared"), _CAPTURE, mark="-")
    _show_flags()
    _show_place(library)


def _write(title: str, texts: tuple[str, ...], *, mark: str = "") -> None:
    """Write paragraphs, or a list where they have a mark."""
    st.subheader(title, anchor=False)
    told = [f"{mark} {_(text)}".strip() for text in texts]
    st.markdown("\n".join(told) if mark else "\n\n".join(told))


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
