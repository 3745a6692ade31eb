"""Damage small photographs at random, and see that the codec only ever refuses.

Exit status 1 if anything but a `PhotoError` was raised, the process died, or a file
took longer than two seconds of the processor.

    python benchmarks/fuzz_codec.py [--minutes N] [--seed N]
"""

from __future__ import annotations

import argparse
import collections
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from hairtrack.errors import PhotoError
from hairtrack.imaging import codec

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "imaging"))

import attacks

BATCH = 400
MAX_SECONDS = 2.0


def mutate(data: bytes, rng: np.random.Generator) -> bytes:
    """Return bytes with one to eight random flips, cuts, insertions or repetitions."""
    changed = bytearray(data)
    for _ in range(rng.integers(1, 9)):
        near = len(changed) if rng.random() < 0.5 else min(len(changed), 800)
        at = int(rng.integers(0, max(1, near)))
        size = int(rng.integers(1, 9))
        match rng.integers(0, 7):
            case 0:
                changed[at : at + 1] = bytes([rng.integers(0, 256)])
            case 1:
                changed[at : at + size] = rng.bytes(size)
            case 2:
                changed[at:at] = rng.bytes(size)
            case 3:
                del changed[at : at + size]
            case 4:
                del changed[at:]
            case 5:
                changed[at : at + size] = bytes([rng.choice([0, 255])]) * size
            case 6:
                other = int(rng.integers(0, len(changed) + 1))
                changed[at:at] = changed[other : other + 64]
    return bytes(changed)


def try_case(seed: int, photos: list[tuple[str, bytes]]) -> tuple[str, str]:
    """Damage one photograph and enter it; return its kind and what happened."""
    rng = np.random.default_rng(seed)
    kind, data = photos[rng.integers(0, len(photos))]
    damaged = mutate(data, rng)
    start = time.process_time()
    try:
        kept = codec.strip(damaged)
        told = "taken" if codec.strip(kept) == kept else "WRONG strip is not idempotent"
        image = codec.read(damaged).image
        if not np.array_equal(codec.read(kept).image, image):
            told = "WRONG other pixels are kept"
    except PhotoError:
        told = "refused"
    except Exception as error:  # what the fuzzing is for
        told = f"WRONG {error!r}"
    seconds = time.process_time() - start
    return kind, f"WRONG {seconds:.1f} s" if seconds > MAX_SECONDS else told


def work(seed: int, count: int) -> None:
    """Print one line for each case: the worker's part."""
    photos = list(attacks.list_photos().items())
    for case in range(seed, seed + count):
        print(json.dumps([case, *try_case(case, photos)]), flush=True)


def run_batch(seed: int) -> list[tuple[int, str, str]]:
    """Return the outcomes of one batch; a worker that dies counts as wrong."""
    command = [sys.executable, __file__, "--worker", "--seed", str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rows = [tuple(json.loads(line)) for line in done.stdout.splitlines()]
    if done.returncode != 0:
        rows.append((seed + len(rows), "?", f"WRONG died with {done.returncode}"))
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        work(arguments.seed, BATCH)
        return 0
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    wrong, seed = [], arguments.seed
    end = time.monotonic() + 60 * arguments.minutes
    while time.monotonic() < end:
        rows = run_batch(seed)
        counts.update((kind, told.split()[0]) for _, kind, told in rows)
        wrong += [row for row in rows if row[2].startswith("WRONG")]
        seed += max(1, len(rows))
    for (kind, told), count in sorted(counts.items()):
        print(f"{kind:12} {told:8} {count:8}")
    print(f"{sum(counts.values())} damaged files, {len(wrong)} wrong")
    for row in wrong[:50]:
        print(*row)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
