"""Where new photographs come from: files that are dropped, or the camera."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from hairtrack.app import words
from hairtrack.app.adding.camera import name_shot, show_camera
from hairtrack.records import View
from hairtrack.workflows import Library
from hairtrack.workflows.showing import show_photo

__all__ = ["collect"]

_KINDS = ["jpg", "jpeg", "png", "webp", "heic", "heif"]
_FILES, _CAMERA = "Files", "Camera"


def collect(library: Library, *, subject: str, batch: int) -> list[tuple[str, bytes]]:
    """Ask for photographs; return all that were offered for this batch, as (name, content).

    Parameters
    ----------
    library : Library
        Open library; its baselines shine through the camera's picture.
    subject : str
        Whose photographs.
    batch : int
        Goes up when the offered photographs have been taken in, which empties the list.
    """
    source = st.radio(
        "Where from",
        (_FILES, _CAMERA),
        horizontal=True,
        key="source",
        persist_state="session",
    )
    shots: list[tuple[str, bytes]] = st.session_state.setdefault(f"shots_{batch}", [])
    reason = _use_camera(library, shots, subject=subject) if source == _CAMERA else None
    if reason:
        st.info(f"{words.escape(reason)} Choose files instead.", icon=":material/info:")
    if source == _FILES or reason:
        return [*shots, *_ask_files(batch)]
    return shots


def _ask_files(batch: int) -> list[tuple[str, bytes]]:
    offered = st.file_uploader(
        "Photographs of the head, several at once",
        type=_KINDS,
        accept_multiple_files=True,
        key=f"offered_{batch}",
        help="JPEG, PNG, WebP or HEIC, up to 60 MB each. Nothing leaves this computer.",
    )
    return [(file.name, file.getvalue()) for file in offered]


def _use_camera(
    library: Library, shots: list[tuple[str, bytes]], *, subject: str
) -> str | None:
    """Add what was taken just now to the shots; return why there is no camera, if so."""
    views = list(View)
    view = st.radio(
        "View to take",
        views,
        format_func=words.tell_view,
        horizontal=True,
        key="camera_view",
        persist_state="session",
    )
    baseline = library.catalog.baselines().get((subject, view))
    ghost = _ghost_once(baseline, _library=library) if baseline else None
    given = show_camera(ghost=ghost, key="camera")
    if given.shot is not None:
        shots.append((name_shot(view, dt.datetime.now()), given.shot))
    if given.fault is not None:
        st.session_state["camera_fault"] = given.fault
    elif given.shot is not None:
        st.session_state.pop("camera_fault", None)
    if shots:
        taken = words.tell_count(len(shots), "photograph")
        st.write(f"{taken} taken; three of each view are asked for, combed anew between.")
    return st.session_state.get("camera_fault")


@st.cache_data(scope="session", max_entries=12, show_spinner=False)
def _ghost_once(digest: str, *, _library: Library) -> bytes:
    return show_photo(_library, digest, longest=900)
