"""Draw sample_images: one head over 25 weeks, with the truth of every photograph.

    python benchmarks/make_sample_images.py [FOLDER] [--jobs N]

The same program with the same libraries writes the same bytes every time.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import datetime as dt
import io
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

import hairtrack_phantom as phantom
from hairtrack import batch
from hairtrack.imaging import codec

SEED = 20250303
START = dt.date(2025, 3, 3)
VIEW = "vertex"
PLACE = 1384
"""Seed of a plain wall and a dark shirt, the same on every day."""
SHOTS = 3
JPEG_QUALITY = 80
SIZE = (1160, 1040)
"""Height and width, px."""

DENSITY = {0: 0.62, 1: 0.62, 9: 0.62, 13: 0.69, 17: 0.77, 21: 0.85, 25: 0.92}
"""Week -> share of the follicles of a full head that bear hair.

The treatment starts in week 1. Nothing changes before week 9; from there to week 25 the
scalp that shows falls by about 10 percentage points.
"""

README = """\
# Sample photographs

**These photographs are synthetic.** No person is in them. hairtrack's own phantom
(`hairtrack_phantom`) drew them, so the truth is known: `truth.csv` holds, for each
photograph, the share of the scalp where skin shows, as it was drawn.

They show the crown of one drawn head from above over {weeks} weeks: {visits} visits,
{shots} photographs each, taken as the photo guide asks: same wall, same light, same
direction, combed anew before each. Treatment starts at the second visit. Nothing changes
in its first 8 weeks; then hair fills in slowly, and the scalp that shows falls by about
{fall:.0f} percentage points.

They show what the program does. They do not show what any treatment does, and how well
hairtrack measures drawn heads does not say how well it measures real ones.

| column of `truth.csv` | meaning |
| --- | --- |
| `file` | name of the photograph |
| `view` | standard direction |
| `taken_at` | date and time, as in the photograph's EXIF |
| `visible_scalp` | true fraction of the scalp in view where skin, not hair, is seen |

Made by `python benchmarks/make_sample_images.py`.
"""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One photograph to be drawn."""

    week: int
    shot: int

    @property
    def taken_at(self) -> dt.datetime:
        """Mornings at about half past eight, two minutes between the photographs."""
        day = START + dt.timedelta(weeks=self.week)
        minute = 2 * self.shot + self.week % 5
        return dt.datetime.combine(day, dt.time(8, 30)) + dt.timedelta(minutes=minute)

    @property
    def name(self) -> str:
        """Such as "2025-03-03_vertex_1.jpg"."""
        return f"{self.taken_at:%Y-%m-%d}_{VIEW}_{self.shot + 1}.jpg"


def list_pictures() -> list[Picture]:
    """Return all photographs in the order in which they are taken."""
    return [Picture(week=week, shot=shot) for week in DENSITY for shot in range(SHOTS)]


def draw_head(week: int) -> phantom.Head:
    """Return the one head of the course in this week."""
    thinning = phantom.Thinning(crown=0.75, crown_radius=0.55, front=0.35, diffuse=0.25)
    head = phantom.random_head(
        np.random.default_rng([SEED, 1]),
        tone=1,
        colour="dark_brown",
        texture="straight",
        flow="whorl",
        length=0.16,
        width=0.0015,
        coverage=0.93,
        grey_share=0.06,
        shine=0.04,
        thinning=thinning,
    )
    return head.with_density(DENSITY[week])


def draw_shot(picture: Picture, *, size: tuple[int, int]) -> phantom.Shot:
    """Return comb, camera and light of one photograph taken as the guide asks."""
    week = list(DENSITY).index(picture.week)
    rng = np.random.default_rng([SEED, 2, week, picture.shot])
    shot = phantom.random_shot(rng, view=VIEW, size=size, place=PLACE)
    warm = float(rng.normal(0, 0.015))
    light = phantom.Light(
        direction=(0.0, -0.35, 0.94),
        ambient=0.7,
        gains=(float(np.exp(warm)), 1.0, float(np.exp(-warm))),
        exposure=float(rng.normal(-0.25, 0.04)),
        occlusion=0.6,
        hair_gloss=0.1,
        shadow=(0.0, 0.0, 0.0, 0.05),
        gradient=(0.05, 0.05),
    )
    sensor = phantom.Sensor(
        blur=float(rng.uniform(0.2, 0.6)),
        motion=(0.0, 0.0),
        noise=float(rng.uniform(0.001, 0.006)),
        contrast=float(rng.uniform(0.05, 0.2)),
        saturation=float(rng.uniform(0.95, 1.1)),
        sharpen=float(rng.uniform(0.1, 0.5)),
        reduction=1.0,
        haze=0.0,
        jpeg=96,
    )
    return dataclasses.replace(shot, light=light, sensor=sensor)


def take(picture: Picture, *, size: tuple[int, int] = SIZE) -> tuple[bytes, float]:
    """Return one photograph as JPEG, and its true visible scalp."""
    drawn = phantom.photograph(draw_head(picture.week), draw_shot(picture, size=size))
    data = codec.encode_jpeg(drawn.image, quality=JPEG_QUALITY, taken_at=picture.taken_at)
    return data, drawn.visible_scalp


def write_truth(rows: list[tuple[Picture, float]]) -> str:
    """Return truth.csv."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["file", "view", "taken_at", "visible_scalp"])
    for picture, visible in rows:
        taken_at = picture.taken_at.isoformat()
        table.writerow([picture.name, VIEW, taken_at, f"{visible:.4f}"])
    return text.getvalue()


def find_level(rows: list[tuple[Picture, float]], week: int) -> float:
    """Return the true mean visible scalp of one visit."""
    return float(np.mean([v for p, v in rows if p.week == week]))


def write_readme(rows: list[tuple[Picture, float]]) -> str:
    """Return README.md with the numbers of what was drawn."""
    first, *_, last = DENSITY
    return README.format(
        weeks=last,
        visits=len(DENSITY),
        shots=SHOTS,
        fall=100 * (find_level(rows, first) - find_level(rows, last)),
    )


def make(folder: Path, *, size: tuple[int, int] = SIZE, jobs: int | None = None) -> None:
    """Write all photographs, truth.csv and README.md; older photographs go."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("20??-??-??_*_?.jpg"):
        old.unlink()
    pictures = list_pictures()
    rows = []
    workers = batch.count_workers(len(pictures), limit=jobs)
    for outcome in batch.run(partial(take, size=size), pictures, workers=workers):
        if outcome.result is None:
            raise RuntimeError(f"{outcome.job.name}: {outcome.reason}")
        data, visible = outcome.result
        (folder / outcome.job.name).write_bytes(data)
        rows.append((outcome.job, visible))
        print(f"{outcome.job.name}  {len(data) / 1e3:4.0f} kB  {100 * visible:5.2f} %")
    (folder / "truth.csv").write_text(write_truth(rows), encoding="utf-8")
    (folder / "README.md").write_text(write_readme(rows), encoding="utf-8")
    levels = [f"{week}: {100 * find_level(rows, week):.1f}" for week in DENSITY]
    print(f"true visible scalp by week, %: {', '.join(levels)}")
    total = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{len(rows)} photographs, {total / 1e6:.1f} MB")


def main() -> int:
    """Read the command line and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = Path(__file__).parents[1] / "sample_images"
    parser.add_argument("folder", nargs="?", type=Path, default=default)
    parser.add_argument("--jobs", type=int, default=None)
    arguments = parser.parse_args()
    make(arguments.folder, jobs=arguments.jobs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
