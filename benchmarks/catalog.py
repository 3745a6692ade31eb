"""How quick the catalogue is when it is large, and whether many may write at once.

    python benchmarks/catalog.py                     500,000 photographs, in a file
    python benchmarks/catalog.py --photos 20000      a quick look
    python benchmarks/catalog.py --address postgresql://host/name

Prints the time of one subject's timeline (`workflows.progress`, the rows of the
table and chart), of the rows and verdicts of all subjects, and the
outcome of eight processes that write at once. Rows are made up; every photograph is in
the audit table, so that the catalogue is a whole one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import platform
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence, Sized
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from hairtrack.errors import LibraryError
from hairtrack.records import Method, Photo, TakenFrom, View
from hairtrack.store import Catalog, check_catalog, digest_of, schema
from hairtrack.store.rows import insert
from hairtrack.workflows import Library, assess_series, progress

VISITS, SHOTS = 14, 3
"""Of each subject: visits, and photographs of each view on a visit."""

METHOD = Method(name="made up", version="1")
START = dt.date(2020, 1, 1)
WRITERS = 8
ZONES = ("scalp", "crown", "mid_scalp", "rim")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--photos", type=int, default=500_000)
    asked.add_argument("--address", help="of a PostgreSQL database; else a file")
    asked.add_argument("--writes", type=int, default=150, help="of each of the processes")
    asked.add_argument("--check", action="store_true", help="check every row, too")
    given = asked.parse_args()
    print(f"{platform.system()}, Python {platform.python_version()}, ", end="")
    print(f"SQLite {sqlite3.sqlite_version}, SQLAlchemy {sa.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "library"
        with Library.create(place, catalog=given.address) as library:
            began = time.perf_counter()
            fill(library.catalog, given.photos)
            print(f"{given.photos} photographs made in {time.perf_counter() - began:.0f} s")
            print_reading(library)
            if given.check:
                began = time.perf_counter()
                faults = check_catalog(library.catalog)
                print(f"{len(faults)} faults, {time.perf_counter() - began:.0f} s")
            print_writing(library.catalog, given.writes)


def fill(catalog: Catalog, photos: int) -> None:
    """Write the rows of a library with so many photographs in large parts."""
    each = VISITS * SHOTS * len(View)
    with catalog.database.writing() as connection:
        method = {"id": 1, "key": METHOD.key, "name": METHOD.name}
        method |= {"version": METHOD.version, "parameters": []}
        insert(connection, schema.methods, method)
        number = 0
        for subject in range(1, 1 + -(-photos // each)):
            made: dict[str, list[dict[str, Any]]] = {n: [] for n in schema.METADATA.tables}
            for photo in make_subject(made, subject, min(each, photos - number), number):
                number += 1
                entry = {"id": number, "at": "", "action": "photo added"}
                entry |= {"subject_id": subject, "photo": photo["digest"]}
                made["audit"].append(entry)
            for table in schema.METADATA.sorted_tables:
                if made[table.name]:
                    insert(connection, table, *made[table.name])


def make_subject(
    made: dict[str, list[dict[str, Any]]], subject: int, photos: int, before: int
) -> Iterator[dict[str, Any]]:
    """Make the rows of one subject; yield each photograph."""
    person = dict.fromkeys(schema.subjects.c.keys())
    person |= {"id": subject, "name": f"S-{subject:05}", "created_at": ""}
    made["subjects"].append(person)
    for visit in range(VISITS):
        row = dict.fromkeys(schema.visits.c.keys())
        day = START + dt.timedelta(weeks=visit)
        row |= {
            "subject_id": subject,
            "date": day.isoformat(),
            "hair_state": "dry",
            "note": "",
        }
        made["visits"].append(row)
    baselines: dict[str, str] = {}
    for number in range(photos):
        view = str(list(View)[number % len(View)])
        visit = number // len(View) % VISITS
        photo = dict.fromkeys(schema.photos.c.keys())
        photo |= {
            "digest": hashlib.sha256(f"{before + number}".encode()).hexdigest(),
            "subject_id": subject,
            "visit": (START + dt.timedelta(weeks=visit)).isoformat(),
            "view": view,
            "taken_from": "exif",
            "width": 3000,
            "height": 4000,
            "hair_state": "dry",
            "camera": "Phone",
            "note": "",
            "imported_at": "",
        }
        made["photos"].append(photo)
        if view not in baselines:
            baselines[view] = photo["digest"]
            row = {"subject_id": subject, "view": view, "place": 0, "chosen_at": ""}
            made["baselines"].append(row | {"photo": photo["digest"]})
        add_result(made, photo, baselines[view], before + number + 1)
        yield photo


def add_result(
    made: dict[str, list[dict[str, Any]]], photo: dict[str, Any], baseline: str, number: int
) -> None:
    zones = [
        {
            "zone": name,
            "visible_scalp": random.random(),
            "standard_error": 0.05,
            "area_px": 1000,
            "seen": 1.0,
        }
        for name in ZONES
    ]
    row = {
        "id": number,
        "photo": photo["digest"],
        "baseline": baseline,
        "method_id": 1,
        "outline": "",
        "baseline_outline": "",
        "view": photo["view"],
        "quality": {"flags": [], "numbers": [["sharpness", 1.0]]},
        "registration": None,
        "refused": None,
        "measured_at": "",
    }
    made["measurements"].append(row | {"zones": zones, "grid": []})


def print_reading(library: Library) -> None:
    subjects = library.catalog.subjects()
    chosen = random.Random(0).sample(subjects, min(30, len(subjects)))
    for views, view in (("one view", View.VERTEX), ("all views", None)):
        asks = [partial(progress, library, subject=name, view=view) for name in chosen]
        print_times(f"timeline, {views}", asks)
    print_times("every row of all subjects", [partial(progress, library)])
    print_times("every verdict of all subjects", [partial(assess_series, library)])
    print_times("photo list", [library.catalog.photos])


def print_times(name: str, asks: Sequence[Callable[[], Sized]]) -> None:
    """Print how long questions take by the clock, and how long this process worked."""
    clock, work, lines = [], [], 0
    for ask in asks:
        began, worked = time.perf_counter(), time.process_time()
        lines = len(ask())
        clock.append(1000 * (time.perf_counter() - began))
        work.append(1000 * (time.process_time() - worked))
    for kind, times in (("by the clock", clock), ("of the processor", work)):
        middle, worst = statistics.median(times), max(times)
        print(f"{name} ({lines} rows), ms {kind}: ", end="")
        print(f"median {middle:.0f}, worst of {len(times)} {worst:.0f}")


def print_writing(catalog: Catalog, writes: int) -> None:
    before = len(catalog.subjects())
    jobs = [(catalog.address, writer, writes) for writer in range(WRITERS)]
    began = time.perf_counter()
    with ProcessPoolExecutor(WRITERS, get_context("spawn")) as pool:
        faults = sum(pool.map(write, jobs))
    took = time.perf_counter() - began
    print(f"{WRITERS} processes, {WRITERS * writes} photographs in {took:.1f} s: ", end="")
    print(f"{faults} errors, {len(catalog.subjects()) - before} new subjects")
    there = sum(len(catalog.photos(subject=f"writer {n}")) for n in range(WRITERS))
    print(f"{there} of {WRITERS * writes} are there")


def write(job: tuple[Path | str, int, int]) -> int:
    """Add photographs from a process of its own; return how many failed."""
    address, writer, writes = job
    faults = 0
    with Catalog.open(address) as catalog:
        for number in range(writes):
            photo = Photo(
                digest=digest_of(f"written by {writer}: {number}".encode()),
                subject=f"writer {writer}",
                visit=START,
                view=View.VERTEX,
                taken_at=None,
                taken_from=TakenFrom.PERSON,
                width=10,
                height=10,
            )
            try:
                catalog.add_photo(photo)
            except LibraryError as error:
                print(error)
                faults += 1
    return faults


if __name__ == "__main__":
    main()
