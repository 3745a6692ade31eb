"""Pictures on a page: as data URIs, so that no other program can ask for them.

Streamlit's own picture store hands any picture on show to whoever asks for its
address. What is shown here is decoded and encoded anew by `hairtrack.workflows`,
and travels inside the page. A download is made only when it is asked for.
"""

from __future__ import annotations

import base64

import streamlit as st

__all__ = ["data_uri", "show_picture"]


def data_uri(jpeg: bytes) -> str:
    """Return a JPEG as an address that holds the picture itself."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")


def show_picture(jpeg: bytes, *, alt: str) -> None:
    """Show a picture as wide as its column, described for those who do not see it."""
    st.image(data_uri(jpeg), alt=alt, width="stretch")
