"""The app in a real browser: it draws, it asks nothing of the web, it can be used by key.

Debian's Chromium is driven by Playwright; where either is missing the tests say so.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = next((path for name in BROWSERS if (path := shutil.which(name))), None)

playwright = pytest.importorskip(
    "playwright.sync_api", reason="browser tests need Playwright: pip install -e '.[dev]'"
)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="browser tests need Chromium: apt-get install chromium"
)

PAGES = {
    "Progress": "",
    "Add photographs": "add-photographs",
    "Compare": "compare",
    "Treatment course": "course",
    "Method": "method",
}
WIDTHS = {"desktop": 1280, "phone": 390}
PATIENCE_MS = 120_000
FOOT = "text=It gives no diagnosis"


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < deadline:
        assert process.poll() is None, "the app stopped at its start"
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError("the app did not come up")


@pytest.fixture(scope="module")
def app(tmp_path_factory, measured) -> Iterator[str]:
    """Serve the app on a copy of the measured library; return its address."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(measured, folder / "library")
    port = find_free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    flags = ["--server.port", str(port), "--server.headless", "true"]
    told = (folder / "log.txt").open("wb")
    process = subprocess.Popen(
        command + flags,
        cwd=ROOT,
        env=os.environ | {"HAIRTRACK_LIBRARY": str(folder / "library")},
        stdout=told,
        stderr=subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)
        told.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield browser
        browser.close()


@pytest.fixture
def strangers() -> list[str]:
    """Collect addresses of requests that leave this machine; none may."""
    return []


@pytest.fixture
def open_page(app, chromium, strangers) -> Iterator[object]:
    """Return a function that opens a page of the app and waits until it is drawn."""
    contexts = []

    def is_home(url: str) -> bool:
        return url.startswith((app, app.replace("http", "ws"), "data:", "blob:", "about:"))

    def open_at(path: str, *, width: int = 1280, scheme: str = "light") -> object:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("request", lambda r: None if is_home(r.url) else strangers.append(r.url))
        page.on("websocket", lambda s: None if is_home(s.url) else strangers.append(s.url))
        page.goto(f"{app}/{path}")
        page.wait_for_selector(FOOT)
        return page

    yield open_at
    for context in contexts:
        context.close()


def list_pictures(page: object) -> list[str]:
    return page.eval_on_selector_all("img", "found => found.map(one => one.src)")


def list_fetched(page: object) -> list[str]:
    return page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("title", PAGES)
def test_page_is_drawn_and_asks_nothing_of_the_web(
    app, open_page, strangers, tmp_path, title, width
) -> None:
    page = open_page(PAGES[title], width=width)
    kept = [one for one in list_fetched(page) if one.startswith(f"{app}/media/")]
    assert kept == [], "pictures that any program may fetch"
    assert page.locator("h1").inner_text() == title
    assert page.locator("[data-testid=stException]").count() == 0
    assert "Traceback" not in page.inner_text("body")
    page.screenshot(path=tmp_path / "page.png", full_page=True)
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth"), (
        "runs off sideways"
    )
    assert strangers == []


def test_chart_is_drawn_with_both_ends_of_its_axis_named(open_page) -> None:
    page = open_page("")
    chart = page.locator("[data-testid=stVegaLiteChart]")
    chart.locator("canvas, svg").first.wait_for()
    told = chart.inner_text() + (chart.locator("svg").first.text_content() or "")
    assert "more scalp shows" in told
    assert "less scalp shows" in told


def test_slider_is_moved_by_key_and_says_where_it_stands(open_page) -> None:
    page = open_page("compare")
    slider = page.get_by_role("slider", name=re.compile("earlier visit"))
    assert "left 50 per cent: 3 March 2025" in slider.get_attribute("aria-valuetext")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert "left 53 per cent" in slider.get_attribute("aria-valuetext")
    page.keyboard.press("Home")
    stage = page.locator(".stage")
    assert stage.evaluate("s => s.style.getPropertyValue('--at')") == "0%"


def test_slider_is_moved_by_pointer(open_page) -> None:
    page = open_page("compare")
    page.locator(".stage").scroll_into_view_if_needed()
    box = page.locator(".stage").bounding_box()
    page.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + 0.3 * box["height"])
    at = page.locator(".stage").evaluate("s => s.style.getPropertyValue('--at')")
    # One step of the range is one per cent.
    assert abs(int(at.rstrip("%")) - 80) <= 1


def test_pictures_travel_in_the_page_without_the_cameras_notes(
    open_page, strangers, course
) -> None:
    page = open_page("add-photographs")
    page.set_input_files("input[type=file]", sorted(course.glob("*.jpg"))[:1])
    page.wait_for_selector("text=Check view and day")
    page.wait_for_selector("[data-testid=stImage] img")
    pictures = list_pictures(page)
    assert pictures
    for source in pictures:
        head, _, body = source.partition(",")
        assert head == "data:image/jpeg;base64"
        assert b"Exif" not in base64.b64decode(body)
    assert strangers == []


def test_table_is_downloaded_as_csv(open_page, tmp_path) -> None:
    page = open_page("")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download as CSV").click()
    waiting.value.save_as(tmp_path / "course.csv")
    lines = (tmp_path / "course.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("subject,view,zone,visit,day,visible_scalp_per_cent")
    assert [line.split(",")[3] for line in lines[1:]] == ["2025-03-03", "2025-06-02"]


def test_both_visits_are_downloaded_as_one_picture(open_page, tmp_path) -> None:
    from hairtrack.imaging import codec

    page = open_page("compare")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download both").click()
    assert waiting.value.suggested_filename == "hairtrack-vertex-2025-03-03-2025-06-02.png"
    waiting.value.save_as(tmp_path / "both.png")
    picture = codec.decode((tmp_path / "both.png").read_bytes())
    assert picture.shape[1] > 2 * 480


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
