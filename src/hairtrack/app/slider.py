"""Before and after under one slider: mouse, touch, keyboard and screen reader.

A component without a frame, a build step or a request: markup, style and
script lie beside this file, the pictures come as data URIs.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import streamlit as st

from hairtrack.app.pictures import data_uri

__all__ = ["show_slider"]


def show_slider(
    first: bytes,
    last: bytes,
    *,
    labels: tuple[str, str],
    size: tuple[int, int],
    key: str,
) -> None:
    """Show two pictures of one frame with a bar that uncovers one or the other.

    Parameters
    ----------
    first, last : bytes
        JPEG of the same size.
    labels : (str, str)
        What each is, a date for instance.
    size : (int, int)
        Width and height of the pictures, px.
    key : str
        Identity of this slider on its page.
    """
    _component()(
        key=key,
        data={
            "first": data_uri(first),
            "last": data_uri(last),
            "first_label": labels[0],
            "last_label": labels[1],
            "width": size[0],
            "height": size[1],
            "label": "How much of the picture shows the earlier visit; arrow keys move it",
        },
    )


@cache
def _component() -> Any:
    return st.components.v2.component(
        "hairtrack_before_after",
        html=_read("slider.html"),
        css=_read("slider.css"),
        js=_read("slider.js"),
    )


def _read(name: str) -> str:
    return (resources.files("hairtrack.app") / name).read_text(encoding="utf-8")
