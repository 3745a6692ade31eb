"""What the browser tests share: waiting until a page stands still, choices, axe."""

from __future__ import annotations

import re

import pytest

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
STILL = "*, *::before, *::after {transition: none !important; animation: none !important}"
"""A page that fades has colours of too little contrast for a moment."""


def find_violations(page) -> list[str]:
    """Return what axe objects to at levels A and AA, one line each."""
    base = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="accessibility tests need axe: pip install -e '.[dev]'",
    )
    page.add_style_tag(content=STILL)
    rules = {"runOnly": {"type": "tag", "values": LEVELS}}
    found = base.Axe().run(page, options=rules).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:300] for node in one['nodes']]}"
        for one in found
    ]


def settle(page) -> None:
    """Wait until Streamlit has drawn all; wait first for what was asked for."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    for passing in ("stSpinner", "stProgress"):
        page.wait_for_selector(f"[data-testid={passing}]", state="detached")
    page.wait_for_selector("[data-stale=true]", state="detached")


def check(page) -> None:
    """Hold that a page has no barrier, no exception, and does not run off sideways."""
    settle(page)
    assert page.locator("[data-testid=stException]").count() == 0
    assert find_violations(page) == []
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")


def choose(page, label: str, option: str) -> None:
    """Choose the first option that holds a text in the first box whose label begins so."""
    box = page.get_by_role("combobox", name=re.compile(label)).first
    if box.input_value() == option:  # typed again it opens no list
        return
    box.fill(option)
    page.get_by_role("option", name=option).first.click()
