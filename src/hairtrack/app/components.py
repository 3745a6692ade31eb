"""Components of the app's own: markup, style and script that lie beside this file."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import streamlit as st

__all__ = ["make_component"]


@cache
def make_component(name: str) -> Any:
    """Return the component of a name, from its .html, .css and .js; nothing is fetched.

    One that lies in a folder is named with it, such as "adding/camera".
    """
    return st.components.v2.component(
        f"hairtrack_{name.replace('/', '_')}",
        html=_read(f"{name}.html"),
        css=_read(f"{name}.css"),
        js=_read(f"{name}.js"),
    )


def _read(file: str) -> str:
    return (resources.files("hairtrack.app") / file).read_text(encoding="utf-8")
