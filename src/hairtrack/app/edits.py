"""Changes that a person makes: done, confirmed, undone; names and small pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from hairtrack.app.formatting import escape, format_view, quote
from hairtrack.app.i18n import N_, _, format_day
from hairtrack.app.pictures import cached_photo
from hairtrack.errors import HairtrackError
from hairtrack.records import HairState, Photo
from hairtrack.workflows import Library
from hairtrack.workflows.editing import Undo, undo

__all__ = [
    "errors_shown",
    "form_generation",
    "format_hair_state",
    "keep",
    "name_photo",
    "open_next",
    "show_notice",
    "thumbnail",
]

THUMBNAIL_PX = 260

_HAIR_STATES = {
    HairState.UNKNOWN: N_("not stated"),
    HairState.DRY: N_("dry"),
    HairState.WET: N_("wet"),
    HairState.OILY: N_("oily"),
    HairState.PRODUCT: N_("with gel, fibre or spray"),
}

_NOTICE, _GENERATION, _NEXT = "edit_notice", "edit_generation", "edit_next"


@dataclass(frozen=True, slots=True)
class _Notice:
    """What was done last, on which page, and what undoes it."""

    text: str
    page: str
    before: Undo | None = None
    warning: bool = False


def form_generation() -> int:
    """Return a number that goes up with every change.

    In the key of a widget it empties the widget after each change.
    """
    return int(st.session_state.get(_GENERATION, 0))


def keep(action: Callable[[], object], text: str, *, warning: bool = False) -> None:
    """Do what a button asks; confirm it, or say in one sentence why not.

    Parameters
    ----------
    action : callable
        Returns an `Undo` if the change can be undone.
    text : str
        The confirmation, translated.
    warning : bool
        It was done, but not all of it.
    """
    with errors_shown():
        done = action()
        before = done if isinstance(done, Undo) else None
        st.session_state[_NOTICE] = _Notice(text, _page(), before, warning)
        st.session_state[_GENERATION] = form_generation() + 1
        st.rerun()


def _page() -> str:
    context = get_script_run_ctx()
    return context.page_script_hash if context else ""


@contextmanager
def errors_shown() -> Iterator[None]:
    """Say in one sentence why something was not done."""
    try:
        yield
    except HairtrackError as error:
        st.error(escape(error.message), icon=":material/block:")


def open_next(**choices: object) -> None:
    """Set choices of the page, such as the subject, before it is drawn again."""
    st.session_state[_NEXT] = choices


def show_notice(library: Library) -> None:
    """Confirm what was done last and offer to undo it; make the choices asked for."""
    for name, choice in st.session_state.pop(_NEXT, {}).items():
        st.session_state[name] = choice
    notice: _Notice | None = st.session_state.get(_NOTICE)
    if notice is None:
        return
    if notice.page != _page():
        del st.session_state[_NOTICE]
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if notice.warning:
            st.warning(quote(notice.text), icon=":material/warning:")
        else:
            st.success(quote(notice.text), icon=":material/check:")
        before = notice.before
        if before is not None and st.button(_("Undo"), icon=":material/undo:"):
            keep(lambda: undo(library, before), _("Undone."))
        if st.button(_("Close"), key="close_notice"):
            del st.session_state[_NOTICE]
            st.rerun()


def format_hair_state(state: HairState) -> str:
    """Say how the hair was."""
    return _(_HAIR_STATES[state])


def name_photo(photo: Photo) -> str:
    """Name a photograph for those who do not see it."""
    return f"{format_view(photo.view)}, {format_day(photo.visit)}"


def thumbnail(
    library: Library, digest: str, *, longest: int = THUMBNAIL_PX
) -> bytes | None:
    """Return a small picture of a kept photograph; `None` where it is lost or damaged."""
    try:
        return cached_photo(library, digest, longest=longest)
    except HairtrackError:
        return None
