"""How far the numbers are from the truth: the tables of docs/accuracy.md.

    python benchmarks/accuracy.py [--heads 96] [--split test] [--real DIR] [--write FILE]

Phantom heads of the splits "validation" and "test" come from seeds that training
never uses. Rows marked *phantom* say how the method does on the project's own
generator, which is kinder than the world. `--real` adds the rows from photographs of
real men (a folder that is not part of the project), read point by point by eye:
benchmarks/data/points.csv; the half of them called "tune" was looked at while the
method was made, the half called "report" was not.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import datetime as dt
import hashlib
import time
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np

import hairtrack
import hairtrack_phantom as phantom
from hairtrack.imaging import networks, pipeline

SEEDS = {"validation": 2, "test": 3}
SIZE = (720, 720)
POINTS = Path(__file__).parent / "data" / "points.csv"
SKIN = ("very fair", "fair", "medium", "olive", "brown", "very dark")


def otsu(image: np.ndarray, scalp: np.ndarray) -> float:
    """Visible scalp by Otsu's threshold on grey values: bright is skin."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[scalp]
    level, _ = cv2.threshold(grey[:, None], 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return float((grey > level).mean())


def person(split: str, index: int) -> tuple[phantom.Head, np.random.Generator]:
    """Return head `index` of a split; skin tones take turns."""
    rng = np.random.default_rng([SEEDS[split], index])
    return phantom.random_head(rng, tone=index % len(SKIN)), rng


def measured(image: np.ndarray, scalp: np.ndarray) -> float:
    """Visible scalp with the region given."""
    return float(1 - hairtrack.hair_fraction(image, scalp)[scalp].mean())


@dataclasses.dataclass(slots=True)
class Level:
    """One head, one photograph, region given."""

    head: phantom.Head
    true: float
    found: float
    error: float
    threshold: float
    region_iou: float


def levels(split: str, count: int) -> list[Level]:
    """Photograph every head once, as people send photographs."""
    rows = []
    for index in range(count):
        head, rng = person(split, index)
        photo = phantom.photograph(
            head, phantom.random_shot(rng, size=SIZE, standard=index % 2 == 0)
        )
        try:
            found = hairtrack.find_scalp(photo.image, view="vertex")
            iou = float((found & photo.scalp).sum() / (found | photo.scalp).sum())
        except hairtrack.PhotoError:
            iou = 0.0
        baseline = pipeline.prepare_baseline(photo.image, view="vertex", scalp=photo.scalp)
        whole = pipeline.analyze(photo.image, baseline, scalp=photo.scalp).zones[0]
        rows.append(
            Level(
                head=head,
                true=photo.visible_scalp,
                found=measured(photo.image, photo.scalp),
                error=whole.standard_error or float("nan"),
                threshold=otsu(photo.image, photo.scalp),
                region_iou=iou,
            )
        )
    return rows


@dataclasses.dataclass(slots=True)
class Pair:
    """Two visits of one head: truth and what the whole pipeline says."""

    true: float
    found: float | None
    registration: float | None
    reason: str = ""


def _point_error(
    first: phantom.PhantomPhoto, last: phantom.PhantomPhoto, matrix: object
) -> float:
    """Mean distance of landmarks, moving -> baseline, as a share of head width."""
    both = first.landmarks_seen & last.landmarks_seen
    moved = cv2.perspectiveTransform(
        last.landmarks_xy[both][None], np.asarray(matrix, np.float64)
    )[0]
    away = np.linalg.norm(moved - first.landmarks_xy[both], axis=1)
    return float(away.mean() / first.head_width_px)


def _true_in_baseline(first: phantom.PhantomPhoto, last: phantom.PhantomPhoto) -> float:
    """Return the true change of visible scalp of the whole, each in its own photograph."""
    return last.visible_scalp - first.visible_scalp


def pairs(split: str, count: int, *, change: bool) -> list[Pair]:
    """Photograph heads twice, combed anew, in other light; perhaps after a change."""
    rows = []
    for index in range(count):
        head, rng = person(split, 10_000 + index)
        later = head
        if change:
            later = head.with_density(
                float(np.exp(rng.choice((-1, 1)) * rng.uniform(0.15, 0.9)))
            )
        shots = [phantom.random_shot(rng, size=SIZE) for _ in range(2)]
        first, last = (
            phantom.photograph(who, shot)
            for who, shot in zip((head, later), shots, strict=True)
        )
        row = Pair(true=_true_in_baseline(first, last), found=None, registration=None)
        try:
            baseline = pipeline.prepare_baseline(first.image, view="vertex")
            before = pipeline.analyze(first.image, baseline).zones[0].visible_scalp
            after = pipeline.analyze(last.image, baseline)
            row.found = (after.zones[0].visible_scalp or 0) - (before or 0)
            if after.registration:
                row.registration = _point_error(first, last, after.registration.matrix)
        except hairtrack.PhotoError as trouble:
            row.reason = type(trouble).__name__
        rows.append(row)
    return rows


def group(colour: str) -> str:
    """Class of a hair colour."""
    return {
        "black": "dark",
        "dark_brown": "dark",
        "brown": "brown",
        "light_brown": "brown",
        "red": "red",
        "blond": "blond",
        "grey": "grey",
        "white": "grey",
    }[colour]


def mean_error(rows: list[Level]) -> str:
    """Mean absolute error in points, or a dash."""
    if not rows:
        return "-"
    return f"{100 * np.mean([abs(row.found - row.true) for row in rows]):.1f} ({len(rows)})"


def level_tables(rows: list[Level]) -> list[str]:
    """Rows and the table per skin x hair."""
    off = np.array([row.found - row.true for row in rows])
    simple = np.array([row.threshold - row.true for row in rows])
    within = np.array([abs(row.found - row.true) <= 2 * row.error for row in rows])
    tones = [[row for row in rows if row.head.tone == tone] for tone in range(len(SKIN))]
    worst = max(np.mean([abs(r.found - r.true) for r in part]) for part in tones if part)
    coarse = max(
        np.mean([abs(r.threshold - r.true) for r in part]) for part in tones if part
    )
    overlap = np.array([row.region_iou for row in rows])
    lines = [
        "| visible scalp, region given, mean absolute error |"
        f" {100 * np.abs(off).mean():.1f} pp"
        f" | {100 * np.abs(simple).mean():.1f} pp |",
        f"| its bias and SD | {100 * off.mean():+.1f}, {100 * off.std():.1f} pp"
        f" | {100 * simple.mean():+.1f}, {100 * simple.std():.1f} pp |",
        f"| worst of six skin tones | {100 * worst:.1f} pp | {100 * coarse:.1f} pp |",
        f"| truths within 2 standard errors | {100 * within.mean():.0f} % | - |",
        f"| scalp found: intersection over union, median / 5th percentile |"
        f" {np.median(overlap):.3f} / {np.percentile(overlap, 5):.3f} | - |",
        "",
        "Mean absolute error in points, and number of heads, per skin and hair:",
        "",
    ]
    names = ("dark", "brown", "red", "blond", "grey")
    lines += ["| skin | " + " | ".join(names) + " | all |", "|" + "---|" * (len(names) + 2)]
    for name, part in zip(SKIN, tones, strict=True):
        cells = [
            mean_error([r for r in part if group(r.head.colour) == hair]) for hair in names
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {mean_error(part)} |")
    for title, key in (("texture", "texture"), ("flow", "flow")):
        kinds = defaultdict(list)
        for row in rows:
            kinds[getattr(row.head, key)].append(row)
        cells = [f"{kind} {mean_error(part)}" for kind, part in sorted(kinds.items())]
        lines += ["", f"Per {title}: " + "; ".join(cells) + "."]
    lines.append(
        "Never seen in training: curly hair, hair combed back, wooden backgrounds."
    )
    return lines


def pair_tables(repeats: list[Pair], changes: list[Pair]) -> list[str]:
    """Rows about two visits."""
    off = np.array([p.found - p.true for p in repeats if p.found is not None])
    plain = np.array([p.found for p in repeats if p.found is not None])
    lines = [
        f"| same head, combed anew: SD of the difference | {100 * plain.std():.1f} pp"
        f" ({100 * off.std():.1f} pp about its truth) | - |"
    ]
    kept = [p for p in changes if p.found is not None and 0.02 <= abs(p.true) <= 0.15]
    true = np.array([p.true for p in kept])
    found = np.array([p.found for p in kept])
    slope = float(true @ found / (true @ true)) if len(kept) else float("nan")
    lines += [
        f"| true change of 2 to 15 pp: mean error; slope ({len(kept)} pairs) |"
        f" {100 * np.abs(found - true).mean():.1f} pp; {slope:.2f} |"
        f" predicting none: {100 * np.abs(true).mean():.1f} pp |"
    ]
    errors = np.array(
        [p.registration for p in repeats + changes if p.registration is not None]
    )
    refused = [p.reason for p in repeats + changes if p.found is None]
    if len(errors):
        lines += [
            "| registration: point error in % of head width, median / 90th percentile |"
            f" {100 * np.median(errors):.2f} / {100 * np.percentile(errors, 90):.2f} | - |",
            f"| accepted with more than 3 % error | {int((errors > 0.03).sum())}"
            f" of {len(errors)} | - |",
        ]
    total = len(repeats) + len(changes)
    reasons = ", ".join(sorted(set(refused))) or "-"
    lines.append(f"| photographs refused | {len(refused)} of {total} ({reasons}) | - |")
    return lines


def read_points(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Points of the photographs that are there, by file; the bytes are checked."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    with POINTS.open(newline="") as file:
        for row in csv.DictReader(file):
            found[row["file"]].append(row)
    for name, rows in found.items():
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if digest != rows[0]["sha256"]:
            raise SystemExit(f"{name} is not the photograph whose points were read")
    return found


def _at(plane: np.ndarray, row: dict[str, str]) -> float:
    """Mean of the 3 x 3 pixels round a point."""
    x, y = int(row["x"]), int(row["y"])
    return float(plane[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2].mean())


VALUE = {"S": 1.0, "M": 0.5, "H": 0.0}


@dataclasses.dataclass(slots=True)
class Man:
    """One real photograph: readings by eye and by the method."""

    name: str
    split: str
    level: int
    read: float
    found: float
    threshold: float
    taken_in: tuple[int, int]
    left_out: tuple[int, int]
    turned: float


def men(folder: Path) -> list[Man]:
    """Measure every real photograph at the points that two readers judged."""
    rows = []
    for name, points in read_points(folder).items():
        image = hairtrack.decode((folder / name).read_bytes())
        try:
            scalp = hairtrack.find_scalp(image, view="vertex")
        except hairtrack.PhotoError:
            scalp = np.zeros(image.shape[:2], bool)
        on = [p for p in points if "N" not in (p["reader1"], p["reader2"])]
        off = [p for p in points if p["reader1"] == p["reader2"] == "N"]
        inside = [p for p in on if scalp[int(p["y"]), int(p["x"])]]
        used = inside or on
        hair = hairtrack.hair_fraction(image, scalp)
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        cut, _ = cv2.threshold(
            grey[scalp][:, None] if scalp.any() else grey, 0, 255, cv2.THRESH_OTSU
        )
        bright = (grey > cut).astype(np.float32)
        read = [(VALUE[p["reader1"]] + VALUE[p["reader2"]]) / 2 for p in used]
        rows.append(
            Man(
                name=name,
                split=points[0]["split"],
                level=int(name[1]),
                read=float(np.mean(read)),
                found=float(np.mean([1 - _at(hair, p) for p in used])),
                threshold=float(np.mean([_at(bright, p) for p in used])),
                taken_in=(len(inside), len(on)),
                left_out=(sum(not scalp[int(p["y"]), int(p["x"])] for p in off), len(off)),
                turned=_turned(image) - (measured(image, scalp) if scalp.any() else 0),
            )
        )
    return rows


def _turned(image: np.ndarray) -> float:
    """Visible scalp of the photograph turned by 90 degrees."""
    turned = np.ascontiguousarray(np.rot90(image))
    try:
        return measured(turned, hairtrack.find_scalp(turned, view="vertex"))
    except hairtrack.PhotoError:
        return 0.0


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks, ties at their mean."""
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(float)
    return np.array([order[values == value].mean() for value in values])


def men_tables(rows: list[Man], title: str) -> list[str]:
    """Rows about real photographs."""
    off = np.array([row.found - row.read for row in rows])
    simple = np.array([row.threshold - row.read for row in rows])
    taken = np.sum([row.taken_in for row in rows], axis=0)
    left = np.sum([row.left_out for row in rows], axis=0)
    found, level = np.array([r.found for r in rows]), np.array([r.level for r in rows])
    rank = np.corrcoef(_ranks(found), _ranks(level))[0, 1]
    simple_rank = np.corrcoef(_ranks(np.array([r.threshold for r in rows])), _ranks(level))[
        0, 1
    ]
    agree = np.corrcoef(found, [r.read for r in rows])[0, 1]
    turned = np.array([row.turned for row in rows])
    return [
        f"| real men, {title} ({len(rows)}): mean absolute error at the points |"
        f" {100 * np.abs(off).mean():.1f} pp"
        f" (bias {100 * off.mean():+.1f}, r {agree:.2f}) |"
        f" {100 * np.abs(simple).mean():.1f} pp |",
        f"| real men, {title}: points on the scalp taken in / off it left out |"
        f" {100 * taken[0] / taken[1]:.1f} % / {100 * left[0] / left[1]:.1f} % | - |",
        f"| real men, {title}: rank correlation with Norwood level | {rank:.2f} |"
        f" {simple_rank:.2f} |",
        f"| real men, {title}: turned by 90 degrees, SD |"
        f" {100 * turned.std():.2f} pp | - |",
    ]


def main() -> None:
    """Make the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--heads", type=int, default=96)
    parser.add_argument("--split", choices=sorted(SEEDS), default="test")
    parser.add_argument("--real", type=Path)
    parser.add_argument("--only", choices=("level", "pair", "real"))
    parser.add_argument("--each", action="store_true", help="print every real photograph")
    parser.add_argument("--write", type=Path, help="write the tables to this file too")
    given = parser.parse_args()
    began = time.time()
    lines = ["| figure | hairtrack | Otsu threshold |", "|---|---|---|"]
    if given.real and given.only in (None, "real"):
        rows = men(given.real)
        for split in ("tune", "report"):
            lines += men_tables([row for row in rows if row.split == split], split)
        lines += men_tables(rows, "all")
        if given.each:
            for row in sorted(rows, key=lambda r: -abs(r.found - r.read)):
                print(
                    row.name,
                    row.split,
                    f"{row.read:.2f} {row.found:.2f}",
                    row.taken_in,
                    row.left_out,
                )
    if given.only in (None, "pair"):
        repeats = pairs(given.split, given.heads // 2, change=False)
        changes = pairs(given.split, given.heads, change=True)
        lines += pair_tables(repeats, changes)
    if given.only in (None, "level"):
        lines += level_tables(levels(given.split, given.heads))
    method = pipeline.method()
    lines += [
        "",
        f"Made on {dt.date.today()} in {time.time() - began:.0f} s"
        f" with hairtrack {hairtrack.__version__}, method {method.version},"
        f" networks {networks.digest()}, OpenCV {cv2.__version__}, NumPy {np.__version__};"
        f" phantom split: {given.split}, {given.heads} heads.",
    ]
    text = "\n".join(lines)
    print(text)
    if given.write:
        given.write.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
