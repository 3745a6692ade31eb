"""Where new photographs come from: files, a folder, a watched folder, or the camera."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from hairtrack.app.cache import cached
from hairtrack.app.formatting import escape, format_view
from hairtrack.app.frame import progress_bar
from hairtrack.app.i18n import N_, _, ngettext
from hairtrack.app.photographs.camera import name_shot, show_camera
from hairtrack.app.pictures import PHOTO_TYPES, cached_photo
from hairtrack.errors import HairtrackError
from hairtrack.records import View
from hairtrack.workflows import Library, Refusal
from hairtrack.workflows.sources import (
    ARCHIVE_SUFFIX,
    NewPhotos,
    RefusedArchive,
    Source,
    find_digest,
    find_new_photos,
    get_watch_folder,
    list_archive,
    set_watch_folder,
)

__all__ = [
    "MAX_AT_ONCE",
    "Selection",
    "ask_watched_folder",
    "collect",
    "forget_sources",
    "forget_watched_folder",
]

MAX_AT_ONCE = 60
"""Photographs that are looked at together; the others come after these."""

_MAX_MB = 250


class _Way(enum.StrEnum):
    FILES = "files"
    FOLDER = "folder"
    ARRIVED = "arrived"
    CAMERA = "camera"


_WAYS = {
    _Way.FILES: N_("Files"),
    _Way.FOLDER: N_("Folder"),
    _Way.ARRIVED: N_("Watched folder"),
    _Way.CAMERA: N_("Camera"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is offered: photographs, each with a key of its own, and what is refused."""

    sources: tuple[tuple[str, Source], ...] = ()
    refused: tuple[Refusal, ...] = ()


def collect(library: Library, *, subject: str, batch: int) -> Selection:
    """Ask for photographs; return all that were offered for this batch.

    Parameters
    ----------
    library : Library
        Open library; its baselines shine through the camera's picture.
    subject : str
        Whose photographs.
    batch : int
        Goes up when the offered photographs have been taken in, which empties the list.
    """
    remembered = bool(get_watch_folder(library, subject))
    way = st.radio(
        _("Add photographs from"),
        list(_Way),
        index=list(_Way).index(_Way.ARRIVED if remembered else _Way.FILES),
        format_func=lambda one: _(_WAYS[one]),
        horizontal=True,
        help=_(
            "JPEG, PNG, WebP or HEIC, up to 60 MB each; a zip archive up to {most} MB. "
            "Nothing leaves this computer.",
            most=_MAX_MB,
        ),
        key="source",
        persist_state="session",
    )
    shots: list[tuple[str, Source]] = st.session_state.setdefault(f"shots_{batch}", [])
    reason = None
    if way is _Way.CAMERA:
        reason = _use_camera(library, shots, subject=subject)
    if reason:
        told = _("Choose files instead.")
        st.info(f"{escape(reason)} {told}", icon=":material/info:")
    found = Selection()
    if way is _Way.FILES or reason:
        found = _ask_files(batch)
    elif way is _Way.FOLDER:
        found = _ask_folder(batch)
    elif way is _Way.ARRIVED:
        seen = ask_watched_folder(library, subject=subject, batch=batch)
        found = Selection(sources=tuple(seen.sources.items()), refused=seen.refused)
    return Selection(
        sources=(*shots, *found.sources),
        refused=found.refused,
    )


def forget_sources(batch: int) -> None:
    """Let go of all that was offered for a batch: it is in the library now."""
    context = get_script_run_ctx()
    manager = context.uploaded_file_mgr if context else None
    for key in (f"offered_{batch}", f"offered_folder_{batch}"):
        for file in st.session_state.get(key) or ():
            # Streamlit would hold them in memory as long as the session lasts.
            if context and isinstance(manager, MemoryUploadedFileManager):
                manager.remove_file(context.session_id, file.file_id)
    st.session_state.pop(f"shots_{batch}", None)
    forget_watched_folder(batch)


def _ask_files(batch: int) -> Selection:
    offered = st.file_uploader(
        _("Choose or drop photographs, or zip archives of them: JPEG, PNG, WebP, HEIC"),
        type=[*PHOTO_TYPES, ARCHIVE_SUFFIX.removeprefix(".")],
        accept_multiple_files=True,
        max_upload_size=_MAX_MB,
        key=f"offered_{batch}",
    )
    return _sort(offered)


def _ask_folder(batch: int) -> Selection:
    offered = st.file_uploader(
        _("A folder with its subfolders"),
        type=PHOTO_TYPES,
        accept_multiple_files="directory",
        key=f"offered_folder_{batch}",
        help=_("Other files in it are ignored. Nothing leaves this computer."),
    )
    return _sort(offered)


def _sort(files: list[UploadedFile]) -> Selection:
    """List the photographs among files, those in archives too."""
    sources: list[tuple[str, Source]] = []
    refused: list[Refusal] = []
    for file in files:
        if not file.name.lower().endswith(ARCHIVE_SUFFIX):
            sources.append((file.file_id, _from_file(file)))
            continue
        try:
            found, _others = list_archive(file.getvalue(), name=file.name)
        except RefusedArchive as error:
            refused.append(Refusal(photo=file.name, error=error.message))
            continue
        sources += [(f"{file.file_id}_{n}", one) for n, one in enumerate(found)]
    return Selection(sources=tuple(sources), refused=tuple(refused))


def _from_file(file: UploadedFile) -> Source:
    *folders, name = file.name.replace("\\", "/").split("/")
    folder = folders[-1] if folders else ""
    return Source(name=file.name, file_name=name, folder=folder, read=file.getvalue)


def _use_camera(
    library: Library, shots: list[tuple[str, Source]], *, subject: str
) -> str | None:
    """Add what was taken just now to the shots; return why there is no camera, if so."""
    views = tuple(View)
    view = st.radio(
        _("View to take"),
        views,
        format_func=format_view,
        horizontal=True,
        key="camera_view",
        persist_state="session",
    )
    baseline = library.catalog.baselines().get((subject, view))
    ghost = cached_photo(library, baseline, longest=900) if baseline else None
    given = show_camera(ghost=ghost, key="camera")
    if given.shot is not None:
        name = name_shot(view, dt.datetime.now())
        read = partial(bytes, given.shot)
        shot = Source(name=name, file_name=name, folder="", read=read)
        shots.append((f"shot_{len(shots)}_{name}", shot))
    if given.fault is not None:
        st.session_state["camera_fault"] = given.fault
    elif given.shot is not None:
        st.session_state.pop("camera_fault", None)
    if shots:
        taken = ngettext("{count} photograph", "{count} photographs", len(shots))
        st.write(
            _(
                "{taken} taken. Take three of each view and comb again before each.",
                taken=taken,
            )
        )
    return st.session_state.get("camera_fault")


def ask_watched_folder(library: Library, *, subject: str, batch: int) -> NewPhotos:
    """Ask for the folder, and list what is new in it when that is asked for."""
    kept = get_watch_folder(library, subject)
    with st.form(f"arrived_form_{batch}_{subject}", border=False):
        typed = st.text_input(
            _("Folder on this computer where new photographs arrive"),
            kept,
            key=f"folder_{batch}_{subject}",
            placeholder=_("e.g. ~/Pictures/Hair"),
            help=_(
                "For example a folder that your phone syncs to. It is remembered for this "
                "person, and nothing in it is changed."
            ),
        )
        asked = st.form_submit_button(
            _("Look for new photographs"), icon=":material/search:"
        )
    key = f"arrived_{batch}"
    if asked:
        st.session_state.pop(key, None)
        try:
            st.session_state[key] = subject, _list_new(library, subject, typed)
        except HairtrackError as error:
            st.warning(escape(error.message), icon=":material/folder_off:")
    whose, found = st.session_state.get(key, (subject, None))
    if not isinstance(found, NewPhotos) or whose != subject:
        return NewPhotos()
    _show_counts(found)
    return found


def forget_watched_folder(batch: int) -> None:
    """Let go of what was listed for a batch."""
    st.session_state.pop(f"arrived_{batch}", None)


def _list_new(library: Library, subject: str, typed: str) -> NewPhotos:
    folder = set_watch_folder(library, subject, typed)
    with progress_bar(N_("Looking at file {done} of {of}")) as report:
        return find_new_photos(
            library, folder, find_digest=_digest_once, on_progress=report
        )


def _digest_once(path: str, size: int, changed_ns: int) -> str:
    return cached(
        lambda: find_digest(path, size, changed_ns),
        "digests",
        path,
        size,
        changed_ns,
        max_entries=5000,
    )


def _show_counts(found: NewPhotos) -> None:
    """Say in one line what lies in the folder."""
    new = ngettext("{count} new photograph", "{count} new photographs", len(found.sources))
    parts = [new]
    if found.known:
        parts.append(_("{count} already added", count=found.known))
    if found.skipped:
        parts.append(
            ngettext(
                "{count} other file ignored", "{count} other files ignored", found.skipped
            )
        )
    if found.linked:
        parts.append(
            ngettext(
                "{count} link to another place ignored",
                "{count} links to other places ignored",
                found.linked,
            )
        )
    told = "; ".join(parts)
    st.markdown(escape(f"{told}."))
