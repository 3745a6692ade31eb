"""Backup, check, restore, export and erase; shown under Settings."""

from __future__ import annotations

import datetime as dt
import shlex
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from hairtrack.app import cache
from hairtrack.app.edits import errors_shown, form_generation, keep
from hairtrack.app.formatting import escape, quote
from hairtrack.app.frame import choose_subject, progress_bar
from hairtrack.app.i18n import N_, _, format_number, ngettext
from hairtrack.workflows import (
    Archived,
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
    """Offer backup, check and restore."""
    _offer_archive(
        library,
        _Archive(
            title=_("Back up"),
            about=_(
                "Everything goes into one file: photographs, numbers, notes and "
                "treatments. Keep it on another disk. It is not encrypted: anyone who has "
                "it can see the photographs."
            ),
            name=name_backup(),
            write_now=_("Back up now"),
            writing=_("Backing up"),
            done=N_("Backed up: {photographs} in {path}"),
            write=back_up,
        ),
    )
    _offer_check(library)
    _offer_restoring(library)


def show_export(library: Library) -> None:
    """Offer to export and to erase one subject."""
    _describe_erased()
    subjects = library.catalog.subjects()
    if not subjects:
        st.info(_("There are no photographs yet."), icon=":material/info:")
        return
    subject = choose_subject(subjects)
    _offer_archive(
        library,
        _Archive(
            title=_("Export"),
            about=_(
                "One zip file that opens without hairtrack: the photographs, tables of all "
                "numbers, and notes. It is not encrypted, and faces are in it."
            ),
            name=f"hairtrack-{to_file_name(subject)}-{dt.date.today()}.zip",
            write_now=_("Export now"),
            writing=_("Exporting"),
            done=N_("Exported: {photographs} in {path}"),
            write=lambda opened, path, on_progress=None: export(
                opened, subject, path, on_progress=on_progress
            ),
        ),
    )
    _offer_erasing(library, subject)


def name_backup() -> str:
    """Return how a backup of today is called."""
    return f"hairtrack-backup-{dt.date.today()}.zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Archive:
    """A file to be written: its texts, its name, and what writes it."""

    title: str
    about: str
    name: str
    write_now: str
    writing: str
    done: str
    write: Callable[..., Archived]


def _offer_archive(library: Library, archive: _Archive) -> None:
    """Offer to write a file on this computer, or to download it."""
    with st.container(border=True):
        st.subheader(archive.title, anchor=False)
        st.write(archive.about)
        place = st.text_input(
            _("File to write"),
            str(Path.home() / archive.name),
            key=f"place_{archive.name}",
        )
        row = st.container(horizontal=True)
        if row.button(archive.write_now, type="primary", icon=":material/save:"):
            _write(library, archive, place)
        size = measure_library_size(library)
        if size is not None and size <= MAX_DOWNLOADED:
            row.download_button(
                _("Download ({size} MB)", size=format_number(size / 1_000_000)),
                lambda: _pack(archive.write),
                file_name=archive.name,
                mime="application/zip",
                on_click="ignore",
                icon=":material/download:",
            )


def _write(library: Library, archive: _Archive, place: str) -> None:
    with errors_shown():
        path = read_path(place, outside=library.folder)
        with progress_bar(N_("Step {done} of {of}"), begun=archive.writing) as tell:
            done = archive.write(library, path, on_progress=tell)
        counted = ngettext("{count} photograph", "{count} photographs", done.photos)
        told = _(archive.done, photographs=counted, path=path)
        if done.lost:
            told += ". " + describe_lost(len(done.lost))
        keep(lambda: None, told, warning=bool(done.lost))


def _pack(write: Callable[..., Archived]) -> bytes:
    """Write the file when it is asked for, long after the page was drawn."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.open(default_folder()) as library,
    ):
        return write(library, Path(folder) / "archive.zip").path.read_bytes()


def describe_lost(count: int) -> str:
    """Say how many photographs could not be written because the library lost them."""
    return ngettext(
        "{count} photograph is lost or damaged in the library and so not in it.",
        "{count} photographs are lost or damaged in the library and so not in it.",
        count,
    )


def _offer_check(library: Library) -> None:
    with st.container(border=True):
        st.subheader(_("Check"), anchor=False)
        st.write(
            _(
                "Reads every photograph and every entry and compares them with their "
                "checksums. Nothing is changed."
            )
        )
        if st.button(_("Check the library"), icon=":material/fact_check:"):
            with (
                errors_shown(),
                progress_bar(N_("Read {done} of {of}"), begun=_("Checking")) as tell,
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
                "Everything is intact: {photographs} and the catalogue.",
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
                "The backup is restored into a new folder, every byte checked. The library "
                "that is open now stays as it is."
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
                with progress_bar(
                    N_("Restored {done} of {of}"), begun=_("Restoring")
                ) as tell:
                    done = restore(archive, path, on_progress=tell)
                st.session_state[_RESTORED] = (str(done.path), done.photos, len(done.lost))
        if _RESTORED in st.session_state:
            _describe_restored(*st.session_state[_RESTORED])


def _describe_restored(path: str, photos: int, lost: int) -> None:
    st.success(
        _(
            "Restored: {photographs}. To open that library, stop this app and run:",
            photographs=ngettext("{count} photograph", "{count} photographs", photos),
        ),
        icon=":material/check:",
    )
    if lost:
        st.warning(quote(describe_lost(lost)), icon=":material/warning:")
    st.text(f"hairtrack app --library {shlex.quote(path)}")


_ERASED = "library_erased"
_KEPT_STATE = ("language",)


def _offer_erasing(library: Library, subject: str) -> None:
    count = len(library.catalog.photos(subject=subject, deleted=None))
    with st.expander(_("Erase everything of this person")):
        st.markdown(
            _(
                "**This cannot be undone.** {photographs}, deleted ones included, and all "
                "numbers, notes, visits and treatments of this person are erased. Export "
                "or back up first what somebody may need.",
                photographs=ngettext("{count} photograph", "{count} photographs", count),
            )
        )
        st.markdown(_("What this program cannot remove:"))
        _list(list_remaining_traces(library))
        st.markdown(_("To confirm, type this name:"))
        st.text(subject)
        given = st.text_input(
            _("Name to erase"),
            key=f"confirm_{subject}_{form_generation()}",
            autocomplete="off",
            width=420,
        )
        if not st.button(_("Erase for good"), icon=":material/delete_forever:"):
            return
    if given.strip() != subject:
        st.error(
            _("The name does not match; nothing was erased."),
            icon=":material/block:",
        )
        return
    with errors_shown():
        with progress_bar(N_("Erased {done} of {of}"), begun=_("Erasing")) as tell:
            done = erase(library, subject, on_progress=tell)
        _forget()
        st.session_state[_ERASED] = done
        st.rerun()


def _forget() -> None:
    """Drop what this session remembers: pictures, records to undo, names, choices."""
    cache.clear()
    for name in list(st.session_state):
        if name not in (*_KEPT_STATE, "settings_section"):
            del st.session_state[name]


def _describe_erased() -> None:
    done: Erased | None = st.session_state.get(_ERASED)
    if done is None:
        return
    with st.container(border=True):
        counted = ngettext("{count} photograph", "{count} photographs", done.photos)
        st.success(
            _(
                "Erased for good: {photographs} and everything else of this person.",
                photographs=counted,
            ),
            icon=":material/check:",
        )
        if not done.compacted:
            st.warning(
                _(
                    "Another program or window has the library open, so old pages of the "
                    "database are still on disk: close it, then run hairtrack erase with "
                    "the same name once more."
                ),
                icon=":material/warning:",
            )
        st.markdown(_("Traces may remain in:"))
        _list(done.remaining)
        if st.button(_("OK")):
            del st.session_state[_ERASED]
            st.rerun()


def _list(sentences: Sequence[str]) -> None:
    st.markdown("\n".join(f"- {escape(one)}" for one in sentences))
