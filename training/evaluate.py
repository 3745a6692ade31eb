"""Figures of a checkpoint of the hair network, region given; decides between runs.

    python training/evaluate.py RUN/checkpoint.pt --photographs DIR --part tune
    python training/evaluate.py packaged --photographs DIR --part tune

Real photographs of one part of the split: error and correlation at the points, hair from
scalp (AUC), areas outlined as bare and as dense, second shots, strands painted at known
cover; and drawn heads of the validation split. Only for choosing; what is reported is
made by `benchmarks/accuracy.py` through the public functions.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import export
import numpy as np
from runs import READ

import hairtrack
import hairtrack_phantom as phantom
from hairtrack.imaging import codec, networks, segmentation
from hairtrack_phantom import half_real

Reader = Callable[[np.ndarray, np.ndarray], np.ndarray]


def load(checkpoint: str) -> Reader:
    """Return what reads hair with a checkpoint's averaged weights, or as packaged."""
    if checkpoint != "packaged":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "hair.onnx"
            export.write(export.load("hair", Path(checkpoint)), segmentation.PLANES, path)
            net = cv2.dnn.readNetFromONNX(np.frombuffer(path.read_bytes(), np.uint8))
        networks._load = lambda _: net
    return hairtrack.hair_fraction


def ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 0, ties in any order."""
    return np.argsort(np.argsort(values)).astype(float)


def measure_points(
    read: Reader, photos: list[half_real.RealPhoto], maps: Path | None
) -> dict[str, float]:
    """Compare with what was read by eye; write pictures of the maps if asked."""
    true, found, levels, hair, skin, bare, dense = [], [], [], [], [], [], []
    for photo in photos:
        plane = read(photo.image, photo.scalp)
        levels.append((float(photo.name[1]), 1 - plane[photo.scalp].mean()))
        near = cv2.blur(plane, (3, 3))
        points = [point for point in photo.points if photo.scalp[point[1], point[0]]]
        at = np.array([near[y, x] for x, y, _ in points])
        sums = np.array([total for *_, total in points])
        true.append(1 - sums.mean() / 2)
        found.append(1 - at.mean())
        hair += list(at[sums == 2])
        skin += list(at[sums == 0])
        low, high, weight = photo.labels
        for (least, most), into in ((half_real.BARE, bare), (half_real.DENSE, dense)):
            there = (weight == 1) & np.isclose(low, least) & np.isclose(high, most)
            if there.sum() > 2000:
                into.append(float(plane[there].mean()))
        if maps:
            shown = cv2.applyColorMap(np.uint8(255 * plane), cv2.COLORMAP_VIRIDIS)
            both = np.hstack((photo.image, np.asarray(shown[..., ::-1], np.uint8)))
            text = f"{photo.name} read {100 * true[-1]:.0f} found {100 * found[-1]:.0f}"
            cv2.putText(both, text, (8, 24), 0, 0.8, (255, 255, 0), 2)
            off = 100 * abs(found[-1] - true[-1])
            maps.mkdir(parents=True, exist_ok=True)
            (maps / f"{off:04.1f}_{photo.name}").write_bytes(codec.encode_jpeg(both))
    off = np.array(found) - np.array(true)
    order = ranks(np.concatenate((hair, skin)))[: len(hair)]
    level, whole = np.array(levels).T
    return {
        "points_mae": 100 * np.abs(off).mean(),
        "bias": 100 * off.mean(),
        "r": np.corrcoef(true, found)[0, 1],
        "auc": (order.mean() - (len(hair) - 1) / 2) / len(skin),
        "rank": np.corrcoef(ranks(level), ranks(whole))[0, 1],
        "bare_mean": 100 * (1 - np.mean(bare)),
        "bare_worst": 100 * (1 - np.max(bare)),
        "dense_mean": 100 * np.mean(dense),
        "dense_worst": 100 * np.min(dense),
    }


def measure_shots(read: Reader, photos: list[half_real.RealPhoto]) -> dict[str, float]:
    """Compare two second shots of every photograph with the photograph itself."""
    rng = np.random.default_rng(17)
    off = []
    for photo in photos:
        first = read(photo.image, photo.scalp)[photo.scalp].mean()
        for _ in range(2):
            share = photo.scalp.astype(np.float32)[None]
            image, maps = half_real.shoot(photo.image, share, rng, whole=photo.scalp)
            scalp = maps[0] > 0.5
            off.append(100 * float(read(image, scalp)[scalp].mean() - first))
    return {"shots_sd": float(np.std(off)), "shots_worst": float(np.abs(off).max())}


def measure_painted(read: Reader, photos: list[half_real.RealPhoto]) -> dict[str, float]:
    """Paint strands of known cover on bare skin, six times a photograph."""
    rng = np.random.default_rng(18)
    pairs = []
    for photo in photos:
        inside = photo.bare > 0.98
        if inside.mean() < 0.02:
            continue
        for _ in range(6):
            painted = half_real.paint(photo, half_real.draw_strands(rng), rng)
            found = read(painted.image, photo.scalp)[inside].mean()
            pairs.append((painted.labels[0][inside].mean(), found))
    true, found = np.array(pairs).T
    slope = np.polyfit(true, found, 1)[0]
    return {"painted_slope": slope, "painted_mae": 100 * np.abs(found - true).mean()}


def measure_drawn(read: Reader, count: int) -> dict[str, object]:
    """Read drawn heads of the validation split; skin tones take turns."""
    off = []
    for index in range(count):
        rng = np.random.default_rng([2, index])
        head = phantom.random_head(rng, tone=index % 6)
        shot = phantom.random_shot(rng, size=(720, 720), standard=index % 2 == 0)
        photo = phantom.photograph(head, shot)
        found = 1 - read(photo.image, photo.scalp)[photo.scalp].mean()
        off.append(100 * (found - photo.visible_scalp))
    tones = [round(float(np.abs(off[tone::6]).mean()), 1) for tone in range(6)]
    return {
        "drawn_mae": np.abs(off).mean(),
        "drawn_bias": np.mean(off),
        "drawn_tones": tones,
    }


def main() -> None:
    """Print the figures as one line of JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkpoint", help="a checkpoint, or the word packaged")
    parser.add_argument("--photographs", type=Path, required=True)
    parser.add_argument("--part", default="tune")
    parser.add_argument("--quick", action="store_true", help="points and areas only")
    parser.add_argument("--heads", type=int, default=30)
    parser.add_argument("--maps", type=Path, help="folder for pictures of the maps")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    read = load(given.checkpoint)
    photos = half_real.load(given.photographs, READ, parts=[given.part])
    figures: dict[str, object] = {"men": len(photos)}
    figures |= measure_points(read, photos, given.maps)
    if not given.quick:
        figures |= measure_shots(read, photos)
        figures |= measure_painted(read, photos)
        figures |= measure_drawn(read, given.heads)
    rounded = {
        k: v if isinstance(v, list) else round(float(v), 3) for k, v in figures.items()
    }
    print(json.dumps(rounded))


if __name__ == "__main__":
    main()
