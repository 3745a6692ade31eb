"""Draw tiles of strands of known cover, to be painted on bare skin.

python training/strands.py FOLDER --count 300
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from hairtrack_phantom import half_real


def main() -> None:
    """Draw the tiles that are not there yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=300)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    given.folder.mkdir(parents=True, exist_ok=True)
    for index in range(given.count):
        path = given.folder / f"{index:04d}.npy"
        if not path.exists():
            np.save(path, half_real.draw_strands(np.random.default_rng([11, index])))


if __name__ == "__main__":
    main()
