"""Pages by their labels, for the tests of this folder."""

from __future__ import annotations

import pytest
from pages import Page


@pytest.fixture
def open_page():
    """Return a function that opens a page."""
    return Page
