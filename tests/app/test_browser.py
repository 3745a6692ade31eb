"""The app in a real browser: it draws, it asks nothing of the web, it can be used by key.

Debian's Chromium is driven by Playwright (conftest.py); where either is missing the tests
say so.
"""

from __future__ import annotations

import socket

import pytest
from barriers import check

pytestmark = pytest.mark.browser

PAGES = {
    "No answer yet": "",
    "Photographs": "photographs",
    "Compare": "compare",
    "Treatment": "treatment",
    "Settings": "settings",
}
FETCHED = "performance.getEntriesByType('resource').map(one => one.name)"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("title", PAGES)
def test_page_keeps_nobody_out_and_asks_nothing_of_the_web(
    app, open_page, strangers, title, width, scheme
) -> None:
    page = open_page(PAGES[title], width=width, scheme=scheme)
    assert page.locator("h1").inner_text().startswith(title)
    check(page)
    kept = [one for one in page.evaluate(FETCHED) if one.startswith(f"{app}/media/")]
    assert kept == [], "pictures that any program may fetch"
    assert strangers == []


def test_chart_is_drawn_with_both_ends_of_its_axis_named(open_page) -> None:
    page = open_page("")
    chart = page.locator("[data-testid=stVegaLiteChart]")
    chart.locator("canvas, svg").first.wait_for()
    told = chart.inner_text() + (chart.locator("svg").first.text_content() or "")
    assert "more scalp shows" in told
    assert "less scalp shows" in told


def test_table_is_downloaded_as_csv(open_page, tmp_path) -> None:
    page = open_page("")
    page.locator("summary", has_text="Details").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save the table as CSV").click()
    waiting.value.save_as(tmp_path / "course.csv")
    lines = (tmp_path / "course.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("subject,view,zone,visit,day,visible_scalp_per_cent")
    assert [line.split(",")[3] for line in lines[1:]] == ["2025-03-03", "2025-06-02"]


def test_pages_are_reached_from_the_top(open_page) -> None:
    page = open_page("")
    page.get_by_role("link", name="Compare").click()
    page.wait_for_selector("h1:has-text('Compare')")
    assert page.url.endswith("/compare")


def test_another_host_name_gets_no_session(app) -> None:
    """A web page elsewhere that points its name at this machine stays outside."""
    port = int(app.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(
            b"GET /_stcore/stream HTTP/1.1\r\nHost: elsewhere.example\r\n"
            b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        answer = line.recv(200)
    assert b" 101 " not in answer.splitlines()[0]
