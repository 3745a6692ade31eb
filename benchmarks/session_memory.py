"""How much memory the app takes while one session adds photographs of 12 megapixels.

Starts the app on an empty library, drops drawn photographs into its page with Chromium,
adds and measures them, and reads the resident memory of the app's process before, at its
peak and after. Needs Chromium and Playwright.

    python benchmarks/session_memory.py [--photos 30] [--megapixels 12]
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
TOKEN = "benchmark"


def draw(folder: Path, *, photos: int, megapixels: float) -> int:
    """Draw one head and shift it a little for every photograph; return the bytes."""
    import hairtrack_phantom as phantom
    from hairtrack.imaging import codec

    rng = np.random.default_rng(1)
    height = round((megapixels * 1e6 * 0.75) ** 0.5)
    shot = phantom.random_shot(rng, size=(height // 2, height * 2 // 3))
    small = phantom.photograph(phantom.random_head(rng), shot).image
    image = small.repeat(2, axis=0).repeat(2, axis=1)
    total = 0
    for number in range(photos):
        noisy = np.roll(image, number * 3, axis=1)
        noisy = np.clip(noisy + rng.normal(0, 4, noisy.shape), 0, 255).astype(np.uint8)
        day = dt.datetime(2025, 1, 1, 9, number % 60)
        data = codec.encode_jpeg(noisy, quality=90, taken_at=day)
        (folder / f"{number:03}_vertex.jpg").write_bytes(data)
        total += len(data)
    return total


def read_mb(pid: int, field: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{field}:\s+(\d+)", status)[1]) / 1024


def serve(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless"]
    process = subprocess.Popen(
        [*command, "true", "--server.port", str(port)],
        cwd=ROOT,
        env=os.environ
        | {"HAIRTRACK_LIBRARY": str(folder / "library"), "HAIRTRACK_TOKEN": TOKEN},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(100):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return process, f"http://127.0.0.1:{port}/add-photographs?token={TOKEN}"
        time.sleep(0.2)
    raise SystemExit("the app did not come up")


def add(page, url: str, files: list[Path], tell) -> None:
    """Open the page, add the files, and wait for their verdicts."""
    page.goto(url)
    page.wait_for_selector("text=It gives no diagnosis")
    page.wait_for_timeout(1000)
    tell("page open")
    page.set_input_files("input[type=file]", files)
    page.get_by_role("button", name=f"Add {len(files)} photographs").wait_for()
    tell("photographs looked at")
    page.get_by_role("button", name=f"Add {len(files)} photographs").click()
    page.get_by_text("photographs added").wait_for()
    page.wait_for_selector("[data-stale=true]", state="detached")
    page.wait_for_timeout(2000)
    tell("added and measured")


def main() -> None:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=30)
    parser.add_argument("--megapixels", type=float, default=12)
    asked = parser.parse_args()
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = draw(folder, photos=asked.photos, megapixels=asked.megapixels)
        print(f"{asked.photos} photographs, {size / 1e6:.0f} MB as files")
        process, url = serve(folder)
        began = time.monotonic()

        def tell(state: str) -> None:
            now, peak = (read_mb(process.pid, field) for field in ("VmRSS", "VmHWM"))
            passed = time.monotonic() - began
            print(f"{state:24} {now:6.0f} MB now, {peak:6.0f} MB at most, {passed:4.0f} s")

        try:
            with sync_playwright() as driver:
                browser = driver.chromium.launch(
                    executable_path=browser_path, args=["--no-sandbox"]
                )
                page = browser.new_page()
                page.set_default_timeout(1_200_000)
                files = sorted(folder.glob("*.jpg"))
                add(page, url, files[:1], lambda state: tell(f"first: {state}"))
                page.close()
                page = browser.new_page()
                page.set_default_timeout(1_200_000)
                add(page, url, files[1:], tell)
                browser.close()
        finally:
            process.terminate()
            process.wait(timeout=30)
    print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}"
    )


if __name__ == "__main__":
    main()
