"""Photograph the app for the README: docs/img/home.png.

Run it from the checkout whenever the app or the sample photographs change::

    python docs/draw_app.py

It loads the sample course (or opens the library given by --library), serves the app
on a free port and drives Debian's Chromium through Playwright.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from hairtrack.workflows import Library
from hairtrack.workflows.samples import load_sample_course

ROOT = Path(__file__).parents[1]
SIZE = {"width": 1280, "height": 800}
PAGES = {"home": ""}
MOST_HEIGHT = 800
TOKEN = "drawing"
PATIENCE_MS = 180_000


def main() -> None:
    """Take the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--library", type=Path, help="a measured library")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "img")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library = chosen.library or Path(folder) / "library"
        if not chosen.library:
            with Library.create(library) as made:
                load_sample_course(made)
        photograph(library, chosen.out)


def photograph(library: Path, out: Path) -> None:
    """Serve the app on a library and take a picture of its pages."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    flags = ["--server.port", str(port), "--server.headless", "true"]
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", *flags],
        cwd=ROOT,
        env=os.environ
        | {"HAIRTRACK_LIBRARY": str(library.absolute()), "HAIRTRACK_TOKEN": TOKEN},
    )
    try:
        for name, path in PAGES.items():
            url = f"http://127.0.0.1:{port}/{path}?token={TOKEN}"
            _shoot(url, out / f"{name}.png")
            print(out / f"{name}.png")
    finally:
        server.terminate()
        server.wait()


def _shoot(url: str, out: Path) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.set_default_timeout(PATIENCE_MS)
        _open(page, url)
        page.wait_for_selector("[data-testid=stVegaLiteChart] svg, canvas")
        page.wait_for_timeout(2000)
        main = page.locator("[data-testid=stMain] > div").first
        height = main.evaluate("one => one.scrollHeight")
        page.set_viewport_size(SIZE | {"height": min(height, MOST_HEIGHT)})
        page.wait_for_timeout(1000)
        page.screenshot(path=out)
        browser.close()


def _open(page: object, url: str) -> None:
    """Open the app as soon as it listens."""
    for _ in range(120):
        try:
            page.goto(url)  # type: ignore[attr-defined]
        except Exception:
            page.wait_for_timeout(500)  # type: ignore[attr-defined]
        else:
            return
    raise SystemExit("the app did not come up")


if __name__ == "__main__":
    main()
