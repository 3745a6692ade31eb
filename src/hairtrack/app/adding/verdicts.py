"""What became of added photographs: measured or not, with which doubts, and why."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from hairtrack.app import correct, words
from hairtrack.app.pictures import show_picture
from hairtrack.app.adding.uploads import Taken
from hairtrack.errors import HairtrackError
from hairtrack.records import WHOLE, QualityFlag
from hairtrack.workflows import Library
from hairtrack.workflows.showing import Shot, find_shots, show_overlay, show_photo

__all__ = ["show"]

_DRAWN_AT_ONCE = 9


def show(library: Library, taken: Sequence[Taken]) -> None:
    """Show one card for each file that was offered, those not taken at the end."""
    shots = find_shots(library, (one.digest for one in taken if one.digest))
    st.subheader(_sum_up(taken, shots), anchor=False)
    draw = len(taken) <= _DRAWN_AT_ONCE or st.toggle(
        "Draw what was measured over each photograph", key="draw_overlays"
    )
    for one in taken:
        with st.container(border=True):
            if one.digest is None or one.digest not in shots:
                _show_refused(one)
            else:
                _show_shot(library, one, shots[one.digest], draw=draw)


def _sum_up(taken: Sequence[Taken], shots: dict[str, Shot]) -> str:
    """Say in one line what became of everything."""
    measured = sum(_is_measured(shots.get(one.digest or "")) for one in taken if one.new)
    new = sum(one.new for one in taken)
    parts = [f"{words.tell_count(new, 'photograph')} added, {measured} measured"]
    known = sum(one.digest is not None and not one.new for one in taken)
    if known:
        parts.append(f"{known} already in the library")
    refused = sum(one.digest is None for one in taken)
    if refused:
        parts.append(f"{refused} not taken")
    return "; ".join(parts)


def _is_measured(shot: Shot | None) -> bool:
    found = shot.measurement if shot else None
    return found is not None and found.refused is None


def _show_refused(one: Taken) -> None:
    st.badge("Not taken", color="orange", icon=":material/block:")
    st.text(one.name)
    st.markdown(words.escape(one.refused or "It could not be found in the library."))


def _show_shot(library: Library, one: Taken, shot: Shot, *, draw: bool) -> None:
    left, right = st.columns([4, 6], gap="medium")
    with left:
        _show_drawn(library, shot, draw=draw)
    with right:
        _show_status(one, shot)
        st.text(one.name)
        photo = shot.photo
        st.caption(f"{words.tell_view(photo.view)}, {words.tell_day(photo.visit)}")
        _show_result(shot)
    with st.container():
        correct.offer(library, shot)


def _show_drawn(library: Library, shot: Shot, *, draw: bool) -> None:
    day = words.tell_day(shot.photo.visit)
    try:
        if draw and _is_measured(shot):
            picture = _draw_once(
                shot.photo.digest, _made_by(shot), _library=library, _shot=shot
            )
            show_picture(picture, alt=f"Outline of the measured scalp, {day}")
        else:
            picture = _picture_once(shot.photo.digest, _library=library)
            show_picture(picture, alt=f"The photograph of {day}")
    except HairtrackError as error:
        st.caption(words.escape(str(error)))


def _made_by(shot: Shot) -> tuple[str, ...]:
    """Say what a drawing rests on beside the photograph."""
    found = shot.measurement
    if found is None:
        return ()
    return found.baseline, found.method.key, found.outline, found.baseline_outline


@st.cache_data(scope="session", max_entries=60, show_spinner="Drawing what was measured")
def _draw_once(
    digest: str, made_by: tuple[str, ...], *, _library: Library, _shot: Shot
) -> bytes:
    return show_overlay(_library, _shot, longest=900)


@st.cache_data(scope="session", max_entries=200, show_spinner=False)
def _picture_once(digest: str, *, _library: Library) -> bytes:
    return show_photo(_library, digest, longest=700)


def _show_status(one: Taken, shot: Shot) -> None:
    """Say in a word, an icon and a colour how it went; the word alone is enough."""
    found = shot.measurement
    with st.container(horizontal=True, gap="small"):
        if found is None:
            st.badge("Not measured yet", color="gray", icon=":material/hourglass:")
        elif found.refused is not None:
            st.badge("Kept, not measured", color="orange", icon=":material/block:")
        elif found.quality.flags:
            st.badge("Measured, with doubts", color="orange", icon=":material/warning:")
        else:
            st.badge("Measured", color="blue", icon=":material/check_circle:")
        if not one.new:
            st.badge("Already in the library", color="gray", icon=":material/check:")


def _show_result(shot: Shot) -> None:
    found = shot.measurement
    if found is None:
        st.write(
            "It could not be measured this time; the Progress page offers to try again."
        )
        return
    if found.refused is not None:
        st.markdown(words.escape(found.refused))
    whole = found.zone(WHOLE)
    if found.refused is None and whole is not None:
        st.metric("Visible scalp", words.tell_per_cent(whole.visible_scalp))
        if whole.standard_error is not None:
            known = 100 * 1.96 * whole.standard_error
            st.caption(f"This level is known to ± {known:.1f} points (95 %).")
    _show_flags(found.quality.flags)


def _show_flags(flags: Sequence[QualityFlag]) -> None:
    from hairtrack.imaging.quality import ADVICE

    for flag in flags:
        doubt = words.tell_flag(flag).capitalize()
        st.markdown(f"**{doubt}.** {words.escape(ADVICE[flag])}")
