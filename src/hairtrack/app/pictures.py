"""Pictures on a page: as data URIs, so that no other program can ask for them.

Streamlit's own picture store hands any picture on show to whoever asks for its
address. What is shown here is decoded and encoded anew by `hairtrack.workflows`,
and travels inside the page. A download is made only when it is asked for.
"""

from __future__ import annotations

import base64

import streamlit as st

from hairtrack.app.cache import cached
from hairtrack.workflows import Library
from hairtrack.workflows.previews import render_overlay, render_photo
from hairtrack.workflows.series import PhotoResult

__all__ = ["PHOTO_TYPES", "cached_overlay", "cached_photo", "data_uri", "show_picture"]

PHOTO_TYPES = ["jpg", "jpeg", "png", "webp", "heic", "heif", "image/jpeg"]
"""What a field for files offers.

Where a type of content is among them, Streamlit leaves names that end otherwise to us,
instead of putting an exception on the page.
"""


def data_uri(jpeg: bytes) -> str:
    """Return a JPEG as an address that holds the picture itself."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")


def show_picture(jpeg: bytes, *, alt: str) -> None:
    """Show a picture as wide as its column, described for those who do not see it."""
    st.image(data_uri(jpeg), alt=alt, width="stretch")


def cached_photo(library: Library, digest: str, *, longest: int) -> bytes:
    """Return a kept photograph as a small JPEG, made once a session; see `render_photo`."""
    return cached(
        lambda: render_photo(library, digest, longest=longest),
        "photographs",
        digest,
        longest,
        max_entries=400,
    )


def cached_overlay(library: Library, shot: PhotoResult, *, longest: int) -> bytes:
    """Return what was measured over a photograph, drawn once for each result."""
    return cached(
        lambda: render_overlay(library, shot, longest=longest),
        "overlays",
        shot.photo.digest,
        shot.made_by,
        longest,
    )
