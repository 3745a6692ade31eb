"""Method: what is measured and what not, and where the photographs lie."""

from __future__ import annotations

import streamlit as st

from hairtrack.app import words
from hairtrack.app.frame import on_library
from hairtrack.records import QualityFlag
from hairtrack.workflows import Library
from hairtrack.workflows.showing import name_method

__all__ = ["PATH", "show"]

PATH = "method"

_MEASURED = """
**Visible scalp** is the share of the scalp's area where skin, not hair, is seen, in per
cent. A change is given in points: from 40 % to 37 % is *less scalp shows: 3 points*.

It is not a hair count. Longer or thicker hairs cover more skin, and so does another
combing.
"""

_WAY = """
1. The photograph is checked: sharpness, light, framing, size. A doubt is told, it stops
   nothing.
2. The scalp is found. Its outline is drawn over every photograph you add, so that you can
   check it.
3. The photograph is laid over the first one of the same view by what stays between visits.
   One that cannot be laid over it with certainty is refused.
4. Every small spot gets a share of hair between 0 and 1, since hairs are thinner than
   pixels.
5. Visible scalp is one minus the mean share, in the same zones on every visit.
"""

_ERRORS = """
**The level** (how much scalp shows) is known to a few per cent only. That error is mostly
the same on every photograph of one head and cancels when visits are compared.

**The change** is known as well as repeated photographs of the same hair agree. That is why
three photographs of each view are asked for on every visit, combed anew between them. What
differs from day to day (light, hair length, camera) comes on top.
"""

_CAPTURE = """
- Always the same views, lamp and distance; the head fills most of the picture.
- Dry, clean hair, combed the same way. **Three photographs of each view, combing anew
  between them.**
- Two visits in the first two weeks, before anything can have changed.
- Note haircuts and dye: they change how much scalp shows without any change of growth.
- Just before a treatment session, not in the days after it.
"""


@on_library
def show(library: Library) -> None:
    """Say what the numbers mean."""
    st.title("Method")
    left, right = st.columns(2, gap="large")
    with left:
        _write("What is measured", _MEASURED)
        _write("From photograph to number", _WAY)
    with right:
        _write("How sure a number is", _ERRORS)
        _write("Photographs that can be compared", _CAPTURE)
    _show_flags()
    _show_place(library)


def _write(title: str, text: str) -> None:
    st.subheader(title, anchor=False)
    st.markdown(text)


def _show_flags() -> None:
    from hairtrack.imaging.quality import ADVICE

    with st.expander("Doubts about a photograph, and what helps"):
        rows = [
            {"Doubt": words.tell_flag(flag), "What helps": ADVICE[flag]}
            for flag in QualityFlag
        ]
        st.table(rows, hide_index=True, border="horizontal", alt="Doubts and advice")


def _show_place(library: Library) -> None:
    st.subheader("Your photographs stay here", anchor=False)
    st.write(
        "They lie in one folder on this computer; nothing is sent anywhere. Where a "
        "photograph was taken and the camera's serial number are removed when it is added."
    )
    st.text(str(library.folder))
    st.caption(f"Method {words.escape(name_method())}")
