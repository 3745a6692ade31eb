"""Backup, verification, restoring, export and erasure."""

from __future__ import annotations

import datetime as dt
import shlex
import tempfile
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from hairtrack.app import cache
from hairtrack.app.formatting import escape, quote
from hairtrack.app.frame import choose_subject, progress_bar
from hairtrack.app.i18n import N_, _, format_number, ngettext
from hairtrack.app.library.common import errors_shown, form_generation, keep
from hairtrack.workflows import (
    Library,
    Verified,
    back_up,
    default_folder,
    export,
    restore,
    verify,
)
from hairtrack.workflows.library import (
    Erased,
    erase,
    list_remaining_traces,
    measure_library_size,
    read_path,
    to_file_name,
)

__all__ = ["MAX_DOWNLOADED", "describe_lost", "show_backup", "show_export"]

MAX_DOWNLOADED = 200_000_000
"""Bytes of photographs that still go through the browser."""

_VERIFIED, _RESTORED = "library_verified", "library_restored"


def show_backup(library: Library) -> None:
    """Offer backup, check and restoring."""
    _offer_backup(library)
    _offer_check(library)
    _offer_restoring(library)


def name_backup() -> str:
    """Return how a backup of today is called."""
    return f"hairtrack-backup-{dt.date.today()}.zip"


def _offer_backup(library: Library) -> None:
    with st.container(border=True):
        st.subheader(_("Back up"), anchor=False)
        st.write(
            _(
                "Everything goes into one file: photographs, numbers, notes, the treatment "
                "course. Keep it on another disk. It is not encrypted; whoever has it sees "
                "the photographs."
            )
        )
        place = st.text_input(
            _("File to write"), str(Path.home() / name_backup()), key="backup_place"
        )
        row = st.container(horizontal=True)
        if row.button(_("Back up now"), type="primary", icon=":material/save:"):
            _back_up(library, place)
        size = measure_library_size(library)
        if size is not None and size <= MAX_DOWNLOADED:
            row.download_button(
                _("Download the backup ({size})", size=_format_size(size)),
                _pack,
                file_name=name_backup(),
                mime="application/zip",
                on_click="ignore",
                icon=":material/download:",
            )


def _back_up(library: Library, place: str) -> None:
    with errors_shown():
        path = read_path(place, outside=library.folder)
        with progress_bar(
            _("Backing up"), N_("Step {done} of {of}: written, then read back")
        ) as tell:
            done = back_up(library, path, on_progress=tell)
        counted = ngettext("{count} photograph", "{count} photographs", done.photos)
        told = _("Backed up: {photographs} in {path}", photographs=counted, path=path)
        if done.lost:
            told += ". " + describe_lost(len(done.lost))
        keep(lambda: None, told, doubtful=bool(done.lost))


def describe_lost(count: int) -> str:
    """Say how many photographs could not be written because the library lost them."""
    lost = ngettext("{count} photograph is", "{count} photographs are", count)
    return _("{lost} lost or damaged in the library and so not in it.", lost=lost)


def _pack() -> bytes:
    """Make a backup when it is asked for, long after the page was drawn."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.open(default_folder()) as library,
    ):
        return back_up(library, Path(folder) / "backup.zip").path.read_bytes()


def _offer_check(library: Library) -> None:
    with st.container(border=True):
        st.subheader(_("Check"), anchor=False)
        st.write(
            _(
                "Every photograph is read and compared with its digest, and every row of "
                "the catalogue with its seal. Nothing is changed."
            )
        )
        if st.button(_("Check the library"), icon=":material/fact_check:"):
            with (
                errors_shown(),
                progress_bar(_("Checking"), N_("Read {done} of {of}")) as tell,
            ):
                found = verify(library, on_progress=tell)
                st.session_state[_VERIFIED] = (form_generation(), found)
        of, found = st.session_state.get(_VERIFIED, (None, None))
        if found is not None and of == form_generation():
            _describe_check(found)


def _describe_check(found: Verified) -> None:
    counted = ngettext("{count} photograph", "{count} photographs", found.photos)
    if not found.faults:
        st.success(
            _(
                "All as it was kept: {photographs}, the catalogue and its audit table.",
                photographs=counted,
            ),
            icon=":material/check:",
        )
        return
    faults = ngettext("{count} fault", "{count} faults", len(found.faults))
    st.error(
        _("{faults} among {photographs}:", faults=faults, photographs=counted),
        icon=":material/broken_image:",
    )
    st.markdown("\n".join(f"- {escape(one.sentence)}" for one in found.faults))


def _offer_restoring(library: Library) -> None:
    with st.expander(_("Restore a backup")):
        st.write(
            _(
                "A backup becomes a library of its own in a new folder, every byte "
                "checked. The library that is open now stays as it is."
            )
        )
        file = st.text_input(
            _("Backup to read"), str(Path.home() / name_backup()), key="restore_file"
        )
        folder = st.text_input(
            _("New folder for it"),
            str(Path.home() / "hairtrack-restored"),
            key="restore_to",
        )
        if st.button(_("Restore"), icon=":material/settings_backup_restore:"):
            with errors_shown():
                path = read_path(folder, outside=library.folder)
                archive = read_path(file, outside=library.folder)
                with progress_bar(_("Restoring"), N_("Restored {done} of {of}")) as tell:
                    done = restore(archive, path, on_progress=tell)
                st.session_state[_RESTORED] = (str(done.path), done.photos, len(done.lost))
        if _RESTORED in st.session_state:
            _describe_restored(*st.session_state[_RESTORED])


def _describe_restored(path: str, photos: int, lost: int) -> None:
    st.success(
        _(
            "Restored: {photographs}. To open that library, stop this app and start it so:",
            photographs=ngettext("{count} photograph", "{count} photographs", photos),
        ),
        icon=":material/check:",
    )
    if lost:
        st.warning(quote(describe_lost(lost)), icon=":material/warning:")
    st.text(f"hairtrack app --library {shlex.quote(path)}")


def _format_size(size: int) -> str:
    return f"{format_number(size / 1_000_000)} MB"


_ERASED = "library_erased"
_KEPT_STATE = ("language",)


def show_export(library: Library) -> None:
    """Offer export and erasure of one subject."""
    _describe_erased()
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
                lambda: _pack_export(subject),
                file_name=_name_export(subject),
                mime="application/zip",
                on_click="ignore",
                icon=":material/download:",
            )


def _export(library: Library, subject: str, place: str) -> None:
    with errors_shown():
        path = read_path(place, outside=library.folder)
        with progress_bar(_("Exporting"), N_("Written {done} of {of}")) as tell:
            done = export(library, subject, path, on_progress=tell)
        counted = ngettext("{count} photograph", "{count} photographs", done.photos)
        told = _("Exported: {photographs} in {path}", photographs=counted, path=path)
        if done.lost:
            told += ". " + describe_lost(len(done.lost))
        keep(lambda: None, told, doubtful=bool(done.lost))


def _pack_export(subject: str) -> bytes:
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
                photographs=ngettext("{count} photograph", "{count} photographs", count),
            )
        )
        st.markdown(_("What no program can remove from here:"))
        _list(list_remaining_traces(library))
        st.markdown(_("To confirm, type the name of the subject as it stands here:"))
        st.text(subject)
        given = st.text_input(
            _("Name of the subject to erase"),
            key=f"confirm_{subject}_{form_generation()}",
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
    with errors_shown():
        with progress_bar(_("Erasing"), N_("Erased {done} of {of}")) as tell:
            done = erase(library, subject, on_progress=tell)
        _forget()
        st.session_state[_ERASED] = done
        st.rerun()


def _forget() -> None:
    """Drop what this session remembers: pictures, records to undo, names, choices."""
    cache.clear()
    for name in list(st.session_state):
        if name not in (*_KEPT_STATE, "library_section", "settings_section"):
            del st.session_state[name]


def _describe_erased() -> None:
    done: Erased | None = st.session_state.get(_ERASED)
    if done is None:
        return
    with st.container(border=True):
        counted = ngettext("{count} photograph", "{count} photographs", done.photos)
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
    st.markdown("\n".join(f"- {escape(one)}" for one in sentences))
