"""Speed and memory of one photograph, and of starting up; exit status 1 over a limit.

Times depend on the machine, so that the limit on a photograph is a ratio within one
run: all the way from its bytes to its numbers, over decoding its JPEG alone.

    python benchmarks/speed.py [--rounds N]
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import skimage

import hairtrack_phantom as phantom
from hairtrack.imaging import codec, pipeline

MAX_RATIO = 15.0
"""Whole analysis over JPEG decoding; the goal is 5."""

MAX_MEGABYTES = 600.0
"""Peak memory of a fresh process that prepares a baseline and analyses a photograph."""

MAX_SECONDS = 0.3
"""To import the package, and to show the help."""

SIZE = (3000, 4000)
"""Height and width, px, of a 12 MP phone photograph."""

ENLARGED = 4
"""The phantom is drawn at 750 x 1000 and enlarged: drawing 12 MP takes a minute."""

UNWANTED = ("cv2", "pandas", "streamlit")
STARTS = {
    "import hairtrack": "import hairtrack",
    "hairtrack --help": "import sys; sys.argv[1:] = ['--help']; "
    "from hairtrack.cli import main; main()",
}


@dataclasses.dataclass(frozen=True)
class Result:
    """One figure beside its limit."""

    name: str
    value: float
    limit: float
    unit: str

    @property
    def passed(self) -> bool:
        """Whether the figure keeps its limit."""
        return self.value <= self.limit


def draw_head() -> phantom.Head:
    """Return a head with a thin crown, on which nothing is hard."""
    return phantom.random_head(
        np.random.default_rng(5),
        tone=1,
        colour="dark_brown",
        texture="straight",
        flow="whorl",
        length=0.16,
        width=0.002,
        coverage=0.9,
        thinning=phantom.Thinning(crown=0.9, front=0.4, diffuse=0.2),
    )


def photograph(head: phantom.Head, seed: int) -> bytes:
    """Return a 12 MP JPEG, as large as a phone's by its noise."""
    rng = np.random.default_rng(seed)
    size = (SIZE[0] // ENLARGED, SIZE[1] // ENLARGED)
    shot = phantom.random_shot(rng, size=size)
    small = phantom.photograph(head, shot).image
    large = cv2.resize(small, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC)
    tile = rng.normal(0, 5, (500, 500, 3))
    repeats = (large.shape[0] // 500 + 1, large.shape[1] // 500 + 1, 1)
    noise = np.tile(tile, repeats)[: large.shape[0], : large.shape[1]]
    noisy = np.clip(large + noise, 0, 255).astype(np.uint8)
    return codec.encode_jpeg(noisy, quality=90)


def measure(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that a piece of work takes, and its seconds of all cores."""
    start, cores = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - cores


def time_photograph(first: bytes, later: bytes, rounds: int) -> list[Result]:
    baseline = pipeline.prepare_baseline(codec.decode(first), view="vertex")
    pipeline.analyze(codec.decode(later), baseline)  # loads the networks
    decoding, whole = [], []
    for _ in range(rounds):
        decoding.append(measure(lambda: codec.decode(later)))
        whole.append(measure(lambda: pipeline.analyze(codec.decode(later), baseline)))
    # The quickest of each: other programs can only add to it.
    quick, full = (np.min(times, axis=0) for times in (decoding, whole))
    for name, (seconds, cores) in {"decode": quick, "decode and analyse": full}.items():
        print(f"{name}: {1000 * seconds:.0f} ms, {1000 * cores:.0f} ms of all cores")
    return [Result("decode and analyse / decode", full[0] / quick[0], MAX_RATIO, "x")]


def weigh_photograph(first: bytes, later: bytes) -> list[Result]:
    """Analyse in a fresh process, and return its peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for name, data in (("first.jpg", first), ("later.jpg", later)):
            path = Path(folder) / name
            path.write_bytes(data)
            names.append(str(path))
        told = run([__file__, "--weigh", *names])
    return [Result("peak memory", float(told), MAX_MEGABYTES, "MB")]


def weigh(first: str, later: str) -> None:
    """Analyse one photograph and print the peak memory of this process in MB."""
    baseline = pipeline.prepare_baseline(
        codec.decode(Path(first).read_bytes()), view="vertex"
    )
    pipeline.analyze(codec.decode(Path(later).read_bytes()), baseline)
    print(read_peak())


def read_peak() -> float:
    """Return the peak memory of this process in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would count the process that started this one
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return float(lines["VmHWM"].split()[0]) * 1024 / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024) / 1e6


def run(arguments: list[str]) -> str:
    """Return what a fresh interpreter prints; its time is that of the whole process."""
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout


def time_starts(rounds: int) -> list[Result]:
    results = []
    for name, code in STARTS.items():
        seconds = min(
            measure(lambda code=code: run(["-c", code]))[0] for _ in range(rounds)
        )
        results.append(Result(name, seconds, MAX_SECONDS, "s"))
        tell = (
            f"import sys; print(sum(n in sys.modules for n in {UNWANTED}), file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-c", f"try:\n {code}\nfinally:\n {tell}"],
            capture_output=True,
            text=True,
            check=True,
        )
        loaded = float(done.stderr.split()[-1])
        results.append(Result(f"{name}: of {', '.join(UNWANTED)} loaded", loaded, 0, ""))
    return results


def describe_environment() -> str:
    versions = (
        f"cv2 {cv2.__version__}, numpy {np.__version__}, skimage {skimage.__version__}"
    )
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{platform.platform()}, Python {platform.python_version()}, {versions}, "
        f"{os.cpu_count()} cores, {cv2.getNumThreads()} OpenCV threads{load}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="repeats of each timing")
    parser.add_argument("--weigh", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.weigh:
        weigh(*options.weigh)
        return 0
    print(describe_environment())
    head = draw_head()
    first, later = (photograph(head, seed) for seed in (2, 3))
    megapixels = SIZE[0] * SIZE[1] / 1e6
    print(f"one photograph: {megapixels:.0f} MP, JPEG of {len(later) / 1e6:.1f} MB")
    results = time_photograph(first, later, options.rounds)
    results += weigh_photograph(first, later)
    results += time_starts(options.rounds)
    for result in results:
        verdict = "ok" if result.passed else "MISSED"
        figures = f"{result.value:8.2f} {result.unit:2}  at most {result.limit:g}"
        print(f"{verdict:6} {figures:30} {result.name}")
    return 0 if all(result.passed for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
