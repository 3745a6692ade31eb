"""How much memory the app takes while one session adds photographs of 12 megapixels.

Starts the app on an empty library, drops drawn photographs into its page with Chromium,
adds and measures them, and reads the resident memory of the app's process before, at its
peak and after. Needs Chromium and Playwright.

    python benchmarks/session_memory.py [--photos 30] [--megapixels 12]
"""

from __future__ import annotations

import argparse
import datetime as dt
import platform
import re
import tempfile
import time
from pathlib import Path

import numpy as np
from app_speed import FOOT, TOKEN, open_browser, read_memory, serve


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


def add(page, url: str, files: list[Path], tell) -> None:
    """Open the page, add the files, and wait for their verdicts."""
    page.goto(url)
    page.wait_for_selector(FOOT)
    page.wait_for_timeout(1000)
    tell("page open")
    page.set_input_files("input[type=file]", files)
    button = page.get_by_role("button", name=f"Add {len(files)} photograph")
    button.wait_for()
    tell("looked at")
    button.click()
    page.get_by_text(re.compile("photographs? added")).wait_for()
    page.wait_for_selector("[data-stale=true]", state="detached")
    page.wait_for_timeout(2000)
    tell("added and measured")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=30)
    parser.add_argument("--megapixels", type=float, default=12)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = draw(folder, photos=asked.photos, megapixels=asked.megapixels)
        print(f"{asked.photos} photographs, {size / 1e6:.0f} MB as files")
        files = sorted(folder.glob("*.jpg"))
        with (
            serve(folder / "library", folder) as (url, process),
            open_browser() as browser,
        ):
            began = time.monotonic()
            for added in (files[:1], files[1:]):

                def tell(state: str, count: int = len(added)) -> None:
                    now, peak = (read_memory(process, f) for f in ("VmRSS", "VmHWM"))
                    passed = time.monotonic() - began
                    memory = f"{now:6.0f} MB now, {peak:6.0f} MB at most"
                    print(f"{count} photographs, {state:20} {memory}, {passed:4.0f} s")

                page = browser.new_page()
                page.set_default_timeout(1_200_000)
                add(page, f"{url}/photographs?token={TOKEN}", added, tell)
                page.close()
    print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}"
    )


if __name__ == "__main__":
    main()
