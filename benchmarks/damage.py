"""How often a gap of zeros in a JPEG is noticed, and how often a good photo is blamed.

Bytes inside the coded picture are set to zero, as a bad disk or card does. A damaged
photograph is either refused, because its codes break off or contradict themselves, or
flagged, because its scalp repeats itself, or missed. Only shares are printed.

    python benchmarks/damage.py [--photos FOLDER] [--rounds N]
"""

from __future__ import annotations

import argparse
import collections
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from hairtrack.errors import PhotoError
from hairtrack.imaging import codec, detection, quality
from hairtrack.records import QualityFlag

SAMPLES = Path(__file__).parents[1] / "sample_images"
GAPS = (64, 512, 4096)
HARM = 0.01
"""Share of the scalp whose codes move by more than 24 levels, above which it is harm."""


def list_heads(folder: Path) -> Iterator[tuple[bytes, np.ndarray, np.ndarray]]:
    """Yield kept bytes, picture and scalp of the photographs with a head."""
    for path in sorted(folder.glob("*.jpg")):
        kept = codec.strip(path.read_bytes())
        image = codec.decode(kept)
        try:
            yield kept, image, detection.find_scalp(image, view="vertex")
        except PhotoError:
            continue


def judge(data: bytes, image: np.ndarray, scalp: np.ndarray) -> str:
    """Return what becomes of a damaged copy of a photograph."""
    try:
        seen = codec.decode(data)
    except PhotoError:
        return "refused"
    if QualityFlag.DAMAGED in quality.assess(seen, scalp).flags:
        return "flagged"
    moved = (np.abs(seen.astype(np.int16) - image).max(axis=2) > 24) & scalp
    return "missed" if moved.sum() > HARM * scalp.sum() else "missed, harmless"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, default=SAMPLES)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    rng = np.random.default_rng(1)
    told: collections.Counter[tuple[int, str]] = collections.Counter()
    blamed = heads = 0
    for kept, image, scalp in list_heads(arguments.photos):
        heads += 1
        blamed += QualityFlag.DAMAGED in quality.assess(image, scalp).flags
        start = kept.index(b"\xff\xda") + 14
        for gap in GAPS * arguments.rounds:
            at = int(rng.integers(start, len(kept) - gap - 2))
            damaged = kept[:at] + bytes(gap) + kept[at + gap :]
            told[gap, judge(damaged, image, scalp)] += 1
    print(f"{heads} good photographs, {blamed} blamed")
    for gap in GAPS:
        total = sum(count for (size, _), count in told.items() if size == gap)
        for (size, name), count in sorted(told.items()):
            if size == gap:
                print(f"{gap:5} bytes: {name:17} {count:4} of {total}")


if __name__ == "__main__":
    main()
