"""How far the numbers are from the truth: the tables of docs/accuracy.md.

    python benchmarks/accuracy.py [--heads 96] [--split test] [--real DIR] [--write FILE]

Drawn heads of the splits "validation" and "test" come from seeds that training never
uses; they are from the project's own generator, which is kinder than the world.
`--real` adds rows from photographs of real men, a folder that is not part of the
project. What was read on them by eye is in benchmarks/data: points by two blind readers,
outlines of the scalp, and areas that are wholly bare. The men are split by the digest of
the photograph: half of them trained the networks, a sixth chose between runs, and a third
("report") is only reported.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import time
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np

import hairtrack
import hairtrack_phantom as phantom
from hairtrack.imaging import networks, pipeline
from hairtrack_phantom import half_real

SEEDS = {"validation": 2, "test": 3}
SIZE = (720, 720)
DATA = Path(__file__).parent / "data"
SHOTS = 4
"""Simulated second shots of every real photograph."""

COVERS = (0.15, 0.4, 0.7)
"""Cover of the strands painted on bare skin."""

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


@dataclasses.dataclass(slots=True)
class Man:
    """One real photograph: readings by eye and by the method.

    `read`, `found` and `threshold` are visible scalp at the points; `points` pairs the
    two readings' hair with the method's; `shots` are differences of second shots, None
    where no head was found.
    """

    level: int
    whole: float
    read: float
    found: float
    threshold: float
    points: list[tuple[float, float]]
    taken_in: tuple[int, int]
    left_out: tuple[int, int]
    turned: float
    overlap: float
    shots: list[float | None]
    bare: float | None
    painted: list[tuple[float, float]]


def _whole(image: np.ndarray) -> tuple[float, np.ndarray]:
    """Visible scalp and scalp of a photograph, end to end; 0 where no head is found."""
    try:
        scalp = hairtrack.find_scalp(image, view="vertex")
    except hairtrack.PhotoError:
        return 0.0, np.zeros(image.shape[:2], bool)
    return measured(image, scalp), scalp


def _painted(
    photo: half_real.RealPhoto, rng: np.random.Generator
) -> list[tuple[float, float]]:
    """Cover of strands painted on the bare area of a photograph, true and found."""
    inside = photo.bare > 0.98
    tiles = [half_real.draw_strands(rng) for _ in range(12)]
    rows = []
    for cover in COVERS:
        nearest = min(tiles, key=lambda tile: abs(float(tile[0].mean()) / 255 - cover))
        painted = half_real.paint(photo, nearest, rng)
        hair = hairtrack.hair_fraction(painted.image, photo.scalp)
        rows.append((float(painted.labels[0][inside].mean()), float(hair[inside].mean())))
    return rows


def measure_man(photo: half_real.RealPhoto, rng: np.random.Generator) -> Man:
    """Measure one real photograph in all ways, through the public functions."""
    image = photo.image
    whole, scalp = _whole(image)
    inside = [point for point in photo.points if scalp[point[1], point[0]]]
    used = inside or list(photo.points)
    hair = hairtrack.hair_fraction(image, scalp)
    near = cv2.blur(hair, (3, 3))
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    seen = grey[scalp][:, None] if scalp.any() else grey
    cut, _ = cv2.threshold(seen, 0, 255, cv2.THRESH_OTSU)
    shots = []
    for _ in range(SHOTS):
        again, _ = half_real.shoot(image, photo.bare[None], rng, whole=photo.scalp)
        value, found = _whole(again)
        shots.append(value - whole if found.any() and scalp.any() else None)
    bald = photo.bare.sum() > 0.02 * photo.bare.size
    given = hairtrack.hair_fraction(image, photo.scalp) if bald else hair
    return Man(
        level=int(photo.name[1]),
        whole=whole,
        read=float(np.mean([1 - total / 2 for *_, total in used])),
        found=float(np.mean([1 - near[y, x] for x, y, _ in used])),
        threshold=float(np.mean([grey[y, x] > cut for x, y, _ in used])),
        points=[(total / 2, float(near[y, x])) for x, y, total in inside],
        taken_in=(len(inside), len(photo.points)),
        left_out=(
            sum(not scalp[y, x] for x, y in photo.off_scalp_xy),
            len(photo.off_scalp_xy),
        ),
        turned=_whole(np.ascontiguousarray(np.rot90(image)))[0] - whole,
        overlap=float((scalp & photo.scalp).sum() / (scalp | photo.scalp).sum()),
        shots=shots,
        bare=float(1 - given[photo.bare > 0.98].mean()) if bald else None,
        painted=_painted(photo, rng) if bald else [],
    )


def _auc(rows: list[Man]) -> float:
    """Probability that a point read as hair by both is found hairier than a bare one."""
    pairs = [pair for row in rows for pair in row.points]
    hair, skin = ([found for read, found in pairs if read == kind] for kind in (1.0, 0.0))
    order = _ranks(np.array(hair + skin))
    return float((order[: len(hair)].mean() - (len(hair) - 1) / 2) / len(skin))


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks, ties at their mean."""
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(float)
    return np.array([order[values == value].mean() for value in values])


def men_tables(rows: list[Man], title: str) -> list[str]:
    """Rows about real photographs, as found and by Otsu's threshold."""
    off = np.array([row.found - row.read for row in rows])
    simple = np.array([row.threshold - row.read for row in rows])
    taken = np.sum([row.taken_in for row in rows], axis=0)
    left = np.sum([row.left_out for row in rows], axis=0)
    whole, level = np.array([r.whole for r in rows]), np.array([r.level for r in rows])
    rank = np.corrcoef(_ranks(whole), _ranks(level))[0, 1]
    agree = np.corrcoef([r.found for r in rows], [r.read for r in rows])[0, 1]
    turned = np.array([row.turned for row in rows])
    every = [shot for row in rows for shot in row.shots]
    shots = np.array([shot for shot in every if shot is not None])
    bare = np.array([row.bare for row in rows if row.bare is not None])
    painted = np.array([pair for row in rows for pair in row.painted])
    overlap = np.array([row.overlap for row in rows])
    lines = [
        (
            f"{len(rows)} men, visible scalp at the points: mean absolute error; bias; r",
            f"{100 * np.abs(off).mean():.1f} pp; {100 * off.mean():+.1f}; {agree:.2f}",
            f"{100 * np.abs(simple).mean():.1f} pp",
        ),
        ("hair told from scalp at the points, AUC", f"{_auc(rows):.3f}", "-"),
        ("rank correlation with Norwood level", f"{rank:.2f}", "-"),
        (
            "simulated second shot, end to end: SD; worst; no head found",
            f"{100 * shots.std():.1f}; {100 * np.abs(shots).max():.1f} pp;"
            f" {len(every) - len(shots)} of {len(every)}",
            "-",
        ),
        ("turned by 90 degrees: SD", f"{100 * turned.std():.2f} pp", "-"),
        (
            "points on the scalp taken in; others left out",
            f"{100 * taken[0] / taken[1]:.1f} %; {100 * left[0] / left[1]:.1f} %",
            "-",
        ),
        (
            "scalp found against the outline: IoU, mean; worst",
            f"{overlap.mean():.3f}; {overlap.min():.3f}",
            "-",
        ),
    ]
    if len(bare):
        true, found = painted.T
        slope = float(np.polyfit(true, found, 1)[0])
        lines += [
            (
                f"bare areas of {len(bare)} men, read as bare: mean; worst",
                f"{100 * bare.mean():.1f} %; {100 * bare.min():.1f} %",
                "-",
            ),
            (
                "strands painted there at 15, 40, 70 % cover: slope; mean error",
                f"{slope:.2f}; {100 * np.abs(found - true).mean():.1f} pp",
                "-",
            ),
        ]
    return [f"| real men, {title}: {a} | {b} | {c} |" for a, b, c in lines]


def main() -> None:
    """Make the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--heads", type=int, default=96)
    parser.add_argument("--split", choices=sorted(SEEDS), default="test")
    parser.add_argument("--real", type=Path)
    parser.add_argument("--parts", nargs="+", default=["report"], help="parts of the men")
    parser.add_argument("--only", choices=("level", "pair", "real"))
    parser.add_argument("--each", action="store_true", help="print every real photograph")
    parser.add_argument("--write", type=Path, help="write the tables to this file too")
    given = parser.parse_args()
    began = time.time()
    lines = ["| figure | hairtrack | Otsu threshold |", "|---|---|---|"]
    if given.real and given.only in (None, "real"):
        for part in given.parts:
            photos = half_real.load(given.real, DATA, parts=[part])
            rows = [
                measure_man(p, np.random.default_rng([31, i])) for i, p in enumerate(photos)
            ]
            lines += men_tables(rows, part)
            if given.each:
                for photo, row in zip(photos, rows, strict=True):
                    print(
                        photo.name,
                        f"{row.read:.2f} {row.found:.2f} {row.overlap:.2f}",
                        row.bare,
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
