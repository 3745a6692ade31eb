"""Keeping it safe: a backup in one file, a check of every byte, and back from a backup."""

from __future__ import annotations

import datetime as dt
import shlex
import tempfile
from pathlib import Path

import streamlit as st

from hairtrack.app import words
from hairtrack.app.bars import bar
from hairtrack.app.keeping.parts import generation, keep, trying
from hairtrack.app.language import N_, _, number
from hairtrack.workflows import Library, Verified, back_up, default_folder, restore, verify
from hairtrack.workflows.library import check_file, check_new_path, measure_library_size

__all__ = ["MAX_DOWNLOADED", "show", "tell_lost"]

MAX_DOWNLOADED = 200_000_000
"""Bytes of photographs that still go through the browser."""

_VERIFIED, _RESTORED = "library_verified", "library_restored"


def show(library: Library) -> None:
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
                _("Download the backup ({size})", size=_tell_size(size)),
                _pack,
                file_name=name_backup(),
                mime="application/zip",
                on_click="ignore",
                icon=":material/download:",
            )


def _back_up(library: Library, place: str) -> None:
    with trying():
        path = check_new_path(place, library=library.folder)
        with bar(
            _("Backing up"), N_("Step {done} of {of}: written, then read back")
        ) as tell:
            done = back_up(library, path, on_progress=tell)
        counted = words.tell_count(done.photos, "photograph")
        told = _("Backed up: {photographs} in {path}", photographs=counted, path=path)
        if done.lost:
            told += ". " + tell_lost(len(done.lost))
        keep(lambda: None, told, doubtful=bool(done.lost))


def tell_lost(count: int) -> str:
    """Say how many photographs could not be written because the library lost them."""
    lost = words.tell_count(count, "photograph is", "photographs are")
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
            with trying(), bar(_("Checking"), N_("Read {done} of {of}")) as tell:
                found = verify(library, on_progress=tell)
                st.session_state[_VERIFIED] = (generation(), found)
        of, found = st.session_state.get(_VERIFIED, (None, None))
        if found is not None and of == generation():
            _tell_check(found)


def _tell_check(found: Verified) -> None:
    counted = words.tell_count(found.photos, "photograph")
    if not found.faults:
        st.success(
            _(
                "All as it was kept: {photographs}, the catalogue and its change log.",
                photographs=counted,
            ),
            icon=":material/check:",
        )
        return
    faults = words.tell_count(len(found.faults), "fault")
    st.error(
        _("{faults} among {photographs}:", faults=faults, photographs=counted),
        icon=":material/broken_image:",
    )
    st.markdown("\n".join(f"- {words.escape(one.sentence)}" for one in found.faults))


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
            with trying():
                path = check_new_path(folder, library=library.folder, empty_folder=True)
                archive = check_file(file)
                with bar(_("Restoring"), N_("Restored {done} of {of}")) as tell:
                    done = restore(archive, path, on_progress=tell)
                st.session_state[_RESTORED] = (str(done.path), done.photos, len(done.lost))
        if _RESTORED in st.session_state:
            _tell_restored(*st.session_state[_RESTORED])


def _tell_restored(path: str, photos: int, lost: int) -> None:
    st.success(
        _(
            "Restored: {photographs}. To open that library, stop this app and start it so:",
            photographs=words.tell_count(photos, "photograph"),
        ),
        icon=":material/check:",
    )
    if lost:
        st.warning(words.quote(tell_lost(lost)), icon=":material/warning:")
    st.text(f"hairtrack app --library {shlex.quote(path)}")


def _tell_size(size: int) -> str:
    return f"{number(size / 1_000_000)} MB"
