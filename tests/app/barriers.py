"""What axe objects to on a page, and when a page stands still; several tests share it."""

from __future__ import annotations

import pytest

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def find_violations(page) -> list[str]:
    """Return what axe objects to at levels A and AA, one line each."""
    base = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="accessibility tests need axe: pip install -e '.[dev]'",
    )
    rules = {"runOnly": {"type": "tag", "values": LEVELS}}
    found = base.Axe().run(page, options=rules).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:300] for node in one['nodes']]}"
        for one in found
    ]


def settle(page) -> None:
    """Wait until Streamlit has drawn what it was asked for; until then it is faded."""
    page.wait_for_timeout(400)
    for passing in ("stStatusWidget", "stSpinner", "stProgress"):
        page.wait_for_selector(f"[data-testid={passing}]", state="detached")
    page.wait_for_selector("[data-stale=true]", state="detached")
    page.wait_for_timeout(400)
