"""What leaves the library: everything about a subject handed out, or erased for good."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from hairtrack.app import cache, words
from hairtrack.app.bars import bar
from hairtrack.app.frame import choose_subject
from hairtrack.app.keeping.archives import MAX_DOWNLOADED, tell_lost
from hairtrack.app.keeping.parts import generation, keep, trying
from hairtrack.app.language import N_, _
from hairtrack.workflows import Library, default_folder, export
from hairtrack.workflows.editing import Erased, erase, list_remaining_traces
from hairtrack.workflows.library import check_new_path, measure_library_size, to_file_name

__all__ = ["show"]

_ERASED = "library_erased"
_KEPT_STATE = ("language",)


def show(library: Library) -> None:
    """Offer export and erasure of one subject."""
    _tell_erased()
    subjects = library.catalog.subjects()
    if not subjects:
        st.info(_("There is no subject."), icon=":material/info:")
        return
    subject = choose_subject(subjects)
    _offer_export(library, subject)
    _offer_erasing(library, subject)


def _name_export(subject: str) -> str:
    return f"hairtrack-{to_file_name(subject)}-{dt.date.today()}.zip"


def _offer_export(library: Library, subject: str) -> None:
    with st.container(border=True):
        st.subheader(_("Hand out"), anchor=False)
        st.write(
            _(
                "Everything about this subject in one file that needs no hairtrack: the "
                "photographs, tables of all numbers, notes. It is not encrypted, and the "
                "faces are in it."
            )
        )
        place = st.text_input(
            _("File to write"),
            str(Path.home() / _name_export(subject)),
            key=f"export_{subject}",
        )
        row = st.container(horizontal=True)
        if row.button(_("Export now"), type="primary", icon=":material/folder_zip:"):
            _export(library, subject, place)
        size = measure_library_size(library)
        if size is not None and size <= MAX_DOWNLOADED:
            row.download_button(
                _("Download the export"),
                lambda: _pack(subject),
                file_name=_name_export(subject),
                mime="application/zip",
                on_click="ignore",
                icon=":material/download:",
            )


def _export(library: Library, subject: str, place: str) -> None:
    with trying():
        path = check_new_path(place, library=library.folder)
        with bar(_("Exporting"), N_("Written {done} of {of}")) as tell:
            done = export(library, subject, path, on_progress=tell)
        counted = words.tell_count(done.photos, "photograph")
        told = _("Exported: {photographs} in {path}", photographs=counted, path=path)
        if done.lost:
            told += ". " + tell_lost(len(done.lost))
        keep(lambda: None, told, doubtful=bool(done.lost))


def _pack(subject: str) -> bytes:
    """Make an export when it is asked for, long after the page was drawn."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.open(default_folder()) as library,
    ):
        return export(library, subject, Path(folder) / "export.zip").path.read_bytes()


def _offer_erasing(library: Library, subject: str) -> None:
    count = len(library.catalog.photos(subject=subject, deleted=None))
    with st.expander(_("Erase this subject for good")):
        st.markdown(
            _(
                "**This cannot be undone.** {photographs} of this subject, deleted ones "
                "included, all numbers, outlines and notes, the visits and the whole "
                "treatment course go. Export or back up first what somebody may need.",
                photographs=words.tell_count(count, "photograph"),
            )
        )
        st.markdown(_("What no program can remove from here:"))
        _list(list_remaining_traces(library))
        st.markdown(_("To confirm, type the name of the subject as it stands here:"))
        st.text(subject)
        given = st.text_input(
            _("Name of the subject to erase"),
            key=f"confirm_{subject}_{generation()}",
            autocomplete="off",
            width=420,
        )
        if not st.button(_("Erase for good"), icon=":material/delete_forever:"):
            return
    if given.strip() != subject:
        st.error(
            _("The name typed is not that of the subject; nothing was erased."),
            icon=":material/block:",
        )
        return
    with trying():
        with bar(_("Erasing"), N_("Erased {done} of {of}")) as tell:
            done = erase(library, subject, on_progress=tell)
        _forget()
        st.session_state[_ERASED] = done
        st.rerun()


def _forget() -> None:
    """Drop what this session remembers: pictures, records to undo, names, choices."""
    cache.clear()
    for name in list(st.session_state):
        if name not in (*_KEPT_STATE, "library_section"):
            del st.session_state[name]


def _tell_erased() -> None:
    done: Erased | None = st.session_state.get(_ERASED)
    if done is None:
        return
    with st.container(border=True):
        counted = words.tell_count(done.photos, "photograph")
        st.success(
            _(
                "Erased for good: the subject with {photographs}, all numbers and notes.",
                photographs=counted,
            ),
            icon=":material/check:",
        )
        if not done.compacted:
            st.warning(
                _(
                    "Another program or window has the library open, so that old pages of "
                    "the database are still on disk: close it and erase any other subject, "
                    "or run hairtrack erase with the same name once more."
                ),
                icon=":material/warning:",
            )
        st.markdown(_("Traces may remain, out of reach of any program here, in:"))
        _list(done.remaining)
        if st.button(_("Understood")):
            del st.session_state[_ERASED]
            st.rerun()


def _list(sentences: Sequence[str]) -> None:
    st.markdown("\n".join(f"- {words.escape(one)}" for one in sentences))
