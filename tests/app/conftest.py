"""The app served on a measured library, and Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = next((path for name in BROWSERS if (path := shutil.which(name))), None)
TOKEN = "the key of this launch"
NEARER = 1.25
PATIENCE_MS = 300_000
FOOT = "text=It gives no diagnosis"


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait for any answer: whoever has no key is refused, but answered."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < deadline:
        assert process.poll() is None, "the app stopped at its start"
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.3)
    raise AssertionError("the app did not come up")


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """Take back the main module that Streamlit puts in place of the real one.

    A process that a later test starts would run the script of a page that is gone.
    """
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@contextmanager
def serve(folder: Path, **environment: str) -> Iterator[str]:
    """Serve the app on the library in a folder; give its address.

    It opens a browser only where the environment names one.
    """
    port = find_free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    headless = str("BROWSER" not in environment).lower()
    flags = ["--server.port", str(port), "--server.headless", headless]
    told = (folder / "log.txt").open("wb")
    process = subprocess.Popen(
        command + flags,
        cwd=ROOT,
        env=os.environ
        | {"HAIRTRACK_LIBRARY": str(folder / "library"), "HAIRTRACK_TOKEN": TOKEN}
        | environment,
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


@pytest.fixture
def empty(tmp_path, monkeypatch) -> Path:
    """Return where the app makes its library when it is opened."""
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "empty"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "empty"


@pytest.fixture
def full(tmp_path, monkeypatch, measured) -> Path:
    """Return the folder of a measured library that a test may change."""
    shutil.copytree(measured, tmp_path / "full")
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "full"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "full"


@pytest.fixture(scope="session")
def serve_app() -> Callable[[Path], Any]:
    """Return what serves the app on the library in a folder, for a `with` block."""
    return serve


@pytest.fixture(scope="session")
def served_library(tmp_path_factory, measured) -> Path:
    """Return the folder of the library that the app is served on."""
    return shutil.copytree(measured, tmp_path_factory.mktemp("served") / "library")


@pytest.fixture(scope="session")
def app(served_library) -> Iterator[str]:
    """Serve the app on a copy of the measured library; return its address."""
    with serve(served_library.parent) as url:
        yield url


@pytest.fixture(scope="module")
def changeable(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """Serve a library that a module may change; return address and folder."""
    folder = tmp_path_factory.mktemp("changeable")
    with serve(folder) as url:
        yield url, folder / "library"


@pytest.fixture
def fresh(changeable, measured) -> Path:
    """Return the folder of that library, as it was measured: no test meets another's."""
    folder = changeable[1]
    shutil.rmtree(folder, ignore_errors=True)
    return shutil.copytree(measured, folder)


@pytest.fixture(scope="session")
def film(tmp_path_factory, course) -> Path:
    """Return what the camera sees: the head of the baseline from too near by a quarter."""
    from hairtrack.imaging import codec

    image = codec.decode(min(course.glob("*.jpg")).read_bytes())
    edge = round(image.shape[0] * (1 - 1 / NEARER) / 2)
    frame = codec.encode_jpeg(image[edge:-edge, edge:-edge], quality=95)
    path = tmp_path_factory.mktemp("camera") / "film.mjpeg"
    path.write_bytes(frame * 10)
    return path


@pytest.fixture(scope="module")
def chromium(film) -> Iterator[Any]:
    """Return Chromium with that camera, or skip and say what is missing.

    For one module only: Playwright keeps an event loop running in this thread, which
    the tests of the pages do without.
    """
    playwright = pytest.importorskip(
        "playwright.sync_api",
        reason="browser tests need Playwright: pip install -e '.[dev]'",
    )
    if CHROMIUM is None:
        pytest.skip("browser tests need Chromium: apt-get install chromium")
    camera = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", *camera],
        )
        yield browser
        browser.close()


@pytest.fixture
def strangers() -> list[str]:
    """Collect addresses of requests that leave this machine; none may."""
    return []


@pytest.fixture
def open_page(app, chromium, strangers) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a page of the app and waits until it is drawn."""
    contexts = []

    def is_home(url: str) -> bool:
        return url.startswith((app, app.replace("http", "ws"), "data:", "blob:", "about:"))

    def open_at(
        path: str,
        *,
        width: int = 1280,
        scheme: str = "light",
        key: bool = True,
        locale: str = "en-GB",
        foot: str = FOOT,
    ) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, locale=locale
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("request", lambda r: None if is_home(r.url) else strangers.append(r.url))
        page.on("websocket", lambda s: None if is_home(s.url) else strangers.append(s.url))
        if not key:
            page.goto(f"{app}/{path}")
            return page
        page.goto(f"{app}/{path}?token={TOKEN}")
        page.wait_for_selector(foot)
        return page

    yield open_at
    for context in contexts:
        context.close()
