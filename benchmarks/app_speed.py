"""How quick the app is on a large library, and how much memory a session takes.

    python benchmarks/app_speed.py                   500 photographs, in Chromium
    python benchmarks/app_speed.py --photos 120      a quick look
    python benchmarks/app_speed.py --keep FOLDER     only make the library there

The photographs are the samples, told apart by one pixel; their numbers are copies of
those of the samples, which are measured first. Times are of a browser on this machine:
from the click (or the address) until the chart or the foot of the page stands. Memory is
that of the server process; nothing else of the app runs.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hairtrack.imaging import codec
from hairtrack.records import Measurement, View
from hairtrack.workflows import Filing, Library, demo, import_photo
from hairtrack.workflows.editing import change_subject
from hairtrack.workflows.samples import find_samples

ROOT = Path(__file__).parents[1]
START = dt.date(2024, 1, 8)
SHOTS = 3
TOKEN = "benchmark"
FOOT = "text=It gives no diagnosis"
CHART = "[data-testid=stVegaLiteChart] svg"
PAGES = (
    "Photographs",
    "Compare",
    "Treatment",
    "Settings",
    "Home",
)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--photos", type=int, default=500)
    asked.add_argument("--keep", type=Path, help="only make the library, in this folder")
    given = asked.parse_args()
    if given.keep:
        make_library(given.keep, photos=given.photos)
        return
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room) / "library"
        count = make_library(folder, photos=given.photos)
        print(f"{platform.system()}, Python {platform.python_version()}, ", end="")
        print(f"{os.cpu_count()} cores, {count} photographs")
        with serve(folder, Path(room)) as (url, process):
            measure(url, process)


def make_library(folder: Path, *, photos: int) -> int:
    """Make a library of one subject with all six views; return how many photographs."""
    with tempfile.TemporaryDirectory() as room:
        told = demo(Path(room) / "samples")
        with Library.open(told.folder) as samples:
            results = samples.catalog.results(method=told.rows[0].method.key)
            names = sorted(find_samples().glob("*_vertex_*.jpg"))
            known = {photo.digest: photo for photo in samples.catalog.photos()}
            order = sorted(
                (d for d in results if known[d].view == View.VERTEX),
                key=lambda d: known[d].taken_at,
            )
    images = [codec.decode(name.read_bytes()) for name in names]
    visits = max(2, photos // (SHOTS * len(View)))
    made = 0
    with Library.create(folder) as library:
        method = results[order[0]].method
        for view in View:
            baseline = ""
            for number in range(visits * SHOTS):
                source = number * len(images) // (visits * SHOTS)
                day = START + dt.timedelta(days=14 * (number // SHOTS))
                at = dt.datetime.combine(day, dt.time(8, 30 + number % SHOTS))
                data = mark(images[source], made, at)
                filing = Filing(subject="one", view=view)
                photo, _ = import_photo(library, data, name="a.jpg", filing=filing)
                if not baseline:
                    library.catalog.set_baseline(photo.digest)
                    baseline = photo.digest
                copied = copy(results[order[source]], photo.digest, baseline, view)
                library.catalog.add_measurement(dataclasses.replace(copied, method=method))
                made += 1
        change_subject(
            library,
            "one",
            started_at=START + dt.timedelta(days=28),
            primary_view=View.VERTEX,
            primary_zone="scalp",
        )
    return made


def mark(image: Any, number: int, at: dt.datetime) -> bytes:
    """Return the picture as a photograph that differs from every other."""
    told = image.copy()
    for row in range(4):
        told[16 * row : 16 * row + 16, :16] = (number >> 3 * row & 7) * 32
    return codec.encode_jpeg(told, quality=90, taken_at=at)


def copy(result: Measurement, photo: str, baseline: str, view: View) -> Measurement:
    """Return the numbers of another photograph as those of this one."""
    return dataclasses.replace(result, photo=photo, baseline=baseline, view=view)


@contextmanager
def serve(folder: Path, room: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve the app on a library until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    flags = ["--server.port", str(port), "--server.headless", "true"]
    environ = os.environ | {"HAIRTRACK_LIBRARY": str(folder), "HAIRTRACK_TOKEN": TOKEN}
    with (room / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            command + flags, cwd=ROOT, env=environ, stdout=log, stderr=subprocess.STDOUT
        )
        url = f"http://127.0.0.1:{port}"
        try:
            while process.poll() is None:
                try:
                    urllib.request.urlopen(f"{url}/_stcore/health", timeout=5)
                    break
                except urllib.error.HTTPError:
                    break
                except OSError:
                    time.sleep(0.2)
            yield url, process
        finally:
            process.terminate()
            process.wait(timeout=30)


def measure(url: str, process: subprocess.Popen[bytes]) -> None:
    """Print the times of a first visit and of going from page to page."""
    with open_browser() as browser:
        before = read_memory(process)
        for session in ("first session since the start", "second session"):
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            began = time.perf_counter()
            page.goto(f"{url}/?token={TOKEN}")
            page.wait_for_selector(CHART)
            print(f"{session}: first chart after {time.perf_counter() - began:.2f} s")
            page.wait_for_selector(FOOT)
        for title in PAGES * 4:
            went = go(page, title)
            TIMES.setdefault(title, []).append(went)
        for title, times in TIMES.items():
            print(
                f"{title}: first {times[0]:.2f} s, then median "
                f"{statistics.median(times[1:]):.2f} s, longest {max(times[1:]):.2f} s"
            )
        print(f"memory: {before:.0f} MB before, {read_memory(process):.0f} MB after")
        for number in range(3):
            page = browser.new_context().new_page()
            page.goto(f"{url}/?token={TOKEN}")
            page.wait_for_selector(FOOT)
            for title in PAGES:
                go(page, title)
            print(f"memory with {number + 3} sessions: {read_memory(process):.0f} MB")


TIMES: dict[str, list[float]] = {}


def go(page: Any, title: str) -> float:
    """Go to a page by its link; return the seconds until it stands."""
    began = time.perf_counter()
    page.get_by_role("link", name=title, exact=True).first.click()
    page.wait_for_selector(f"h1:has-text('{title}')")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_selector("[data-stale=true]", state="detached")
    return time.perf_counter() - began


@contextmanager
def open_browser() -> Iterator[Any]:
    """Open Chromium until the block ends."""
    from playwright.sync_api import sync_playwright

    path = next(p for n in ("chromium", "google-chrome") if (p := shutil.which(n)))
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def read_memory(process: subprocess.Popen[bytes], field: str = "VmRSS") -> float:
    """Return the resident memory of a process, or its peak (VmHWM), MB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.partition(f"{field}:")[2].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    main()
