"""What is new in the folder in which the photographs of a subject arrive."""

from __future__ import annotations

import streamlit as st

from hairtrack.app import words
from hairtrack.app.bars import late_bar
from hairtrack.app.cache import cached
from hairtrack.app.language import _
from hairtrack.errors import HairtrackError
from hairtrack.workflows import Library
from hairtrack.workflows.sources import (
    NewPhotos,
    find_digest,
    find_new_photos,
    get_watch_folder,
    set_watch_folder,
)

__all__ = ["ask", "forget"]


def ask(library: Library, *, subject: str, batch: int) -> NewPhotos:
    """Ask for the folder, and list what is new in it when that is asked for."""
    kept = get_watch_folder(library, subject)
    with st.form(f"arrived_form_{batch}_{subject}", border=False):
        typed = st.text_input(
            _("Folder on this computer in which new photographs arrive"),
            kept,
            key=f"folder_{batch}_{subject}",
            placeholder=_("for instance ~/Pictures/Hair"),
            help=_(
                "A synced folder, or where a cable puts your phone's photographs. It is "
                "remembered for this subject, and nothing in it is changed."
            ),
        )
        asked = st.form_submit_button(
            _("Look for new photographs"), icon=":material/search:"
        )
    key = f"arrived_{batch}"
    if asked:
        st.session_state.pop(key, None)
        try:
            st.session_state[key] = subject, _look(library, subject, typed)
        except HairtrackError as error:
            st.warning(words.escape(str(error)), icon=":material/folder_off:")
    whose, found = st.session_state.get(key, (subject, None))
    if not isinstance(found, NewPhotos) or whose != subject:
        return NewPhotos()
    _tell(found)
    return found


def forget(batch: int) -> None:
    """Let go of what was listed for a batch."""
    st.session_state.pop(f"arrived_{batch}", None)


def _look(library: Library, subject: str, typed: str) -> NewPhotos:
    folder = set_watch_folder(library, subject, typed)
    with late_bar(_tell_reading) as report:
        return find_new_photos(
            library, folder, find_digest=_digest_once, on_progress=report
        )


def _tell_reading(done: int, of: int) -> str:
    return _("Looking at file {done} of {of}", done=done, of=of)


def _digest_once(path: str, size: int, changed_ns: int) -> str:
    return cached(
        lambda: find_digest(path, size, changed_ns),
        "digests",
        path,
        size,
        changed_ns,
        max_entries=5000,
    )


def _tell(found: NewPhotos) -> None:
    """Say in one line what lies in the folder."""
    new = words.tell_count(len(found.sources), "new photograph", "new photographs")
    parts = [new]
    if found.known:
        parts.append(_("{count} in the library already", count=found.known))
    if found.skipped:
        parts.append(
            words.tell_count(found.skipped, "other file left out", "other files left out")
        )
    if found.linked:
        parts.append(
            words.tell_count(
                found.linked,
                "link to a place outside left alone",
                "links to places outside left alone",
            )
        )
    told = "; ".join(parts)
    st.markdown(words.escape(f"{told}."))
