"""What happens to a library in the world: damage, a full disk, a backup while it is used.

    python benchmarks/faults.py damage [--faults 1000] [--folder DIR]
    python benchmarks/faults.py full
    python benchmarks/faults.py backup [--rounds 5] [--folder DIR]

`damage` does six kinds of harm to kept photographs and asks `verify`, which is interrupted
three times, to name each and nothing else. `full` imports onto a small disk (a tmpfs, which
only root can mount) until it is full, and again after it has grown. `backup` backs up again
and again while another process imports, and compares what is restored. Linux only; exit
status 1 when a promise is broken, 77 when the disk cannot be mounted.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from hairtrack.imaging import codec
from hairtrack.records import Photo, TakenFrom, View
from hairtrack.workflows import (
    Library,
    back_up,
    import_photo,
    import_photos,
    restore,
    verify,
)

SKIPPED = 77
DAY = dt.date(2025, 1, 1)


def make_photo(number: int, *, side: int = 64) -> bytes:
    """Return a photograph of noise like no other."""
    noise = np.random.default_rng(number).integers(0, 255, (side, side, 3), dtype=np.uint8)
    return codec.encode_jpeg(noise, taken_at=dt.datetime(2025, 1, 1, 12))


def keep(library: Library, data: bytes) -> str:
    """Keep bytes and a row for them, as import does without looking at pixels."""
    digest = library.originals.put(data)
    library.catalog.add_photo(
        Photo(
            digest=digest,
            subject="me",
            visit=DAY,
            view=View.VERTEX,
            taken_at=None,
            taken_from=TakenFrom.PERSON,
            width=64,
            height=64,
        )
    )
    return digest


# ---- damage -----------------------------------------------------------------------


def lose(path: Path, _: random.Random) -> None:
    path.unlink()


def flip(path: Path, rng: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)


def cut(path: Path, rng: random.Random) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(1, len(data))])


def blank(path: Path, rng: random.Random) -> None:
    data = bytearray(path.read_bytes())
    begin = rng.randrange(len(data) - 64)
    data[begin : begin + 64] = bytes(64)
    path.write_bytes(data)


def swap(path: Path, rng: random.Random) -> None:
    path.write_bytes(make_photo(10_000_000 + rng.randrange(1_000_000)))


def add(path: Path, rng: random.Random) -> None:
    """Put a file that no row knows beside the others."""
    folder = path.parent.parent
    digest = f"{rng.getrandbits(256):064x}"
    path = folder / digest[:2] / digest
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(make_photo(20_000_000))


HARM: dict[str, Callable[[Path, random.Random], None]] = {
    "missing": lose,
    "one bit flipped": flip,
    "cut short": cut,
    "64 bytes blank": blank,
    "another photograph": swap,
    "extra": add,
}


def damage(number: int, room: Path, *, seed: int = 0) -> int:
    """Do harm `number` times, and count what `verify` finds; return broken promises."""
    rng = random.Random(seed)
    with Library.create(room / "library") as library:
        digests = [keep(library, make_photo(each)) for each in range(number + number // 4)]
        before = set(library.originals.names())
        expected: dict[str, str] = {}
        for each, digest in enumerate(rng.sample(digests, number)):
            kind = list(HARM)[each % len(HARM)]
            HARM[kind](library.originals.path(digest), rng)
            if kind != "extra":
                expected[digest] = kind
        expected |= dict.fromkeys(set(library.originals.names()) - before, "extra")
        found = verify(library)
    named = {fault.where.split()[-1] for fault in found.faults}
    for kind, count in Counter(expected.values()).items():
        seen = sum(expected.get(name) == kind for name in named)
        print(f"{kind:20} {count:5} done {seen:5} found")
    wrong = named ^ set(expected)
    doubled = len(found.faults) - len(named)
    print(f"{len(expected)} faults done, {len(named - set(expected))} named that are none")
    return len(wrong) + doubled


# ---- a full disk ------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """Mount a disk of this size; exit with status 77 where that is not allowed."""
    folder.mkdir()
    size = f"size={megabytes}m"
    told = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder],
        capture_output=True,
        text=True,
    )
    if told.returncode:
        print(f"skipped: a small disk cannot be mounted here: {told.stderr.strip()}")
        sys.exit(SKIPPED)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def fill(room: Path, *, photos: int = 120, megabytes: int = 2) -> int:
    """Import onto a disk that is too small, let it grow, import again; count trouble."""
    offered, disk = room / "offered", room / "disk"
    offered.mkdir()
    for number in range(photos):
        (offered / f"{number}.jpg").write_bytes(make_photo(number, side=128))
    with small_disk(disk, megabytes):
        with Library.create(disk / "library") as library:
            first = import_photos(library, [offered])
            print(f"{len(first.added)} of {photos} taken in, then: {first.stopped}")
            broken = int(first.stopped is None or not 0 < len(first.added) < photos)
            broken += len(verify_full(library, {photo.digest for photo in first.added}))
            left = list((library.originals.folder / ".incoming").iterdir())
            broken += len(left)
        grow = ["mount", "-o", f"remount,size={10 * megabytes}m", str(disk)]
        subprocess.run(grow, check=True)
        with Library.open(disk / "library") as library:
            second = import_photos(library, [offered])
            found = verify(library)
            print(
                f"with room: {len(second.added)} more, {len(second.known)} known, "
                f"{len(found.faults)} faults"
            )
            broken += len(found.faults) + (found.photos != photos)
            broken += int(second.stopped is not None)
    return broken


def verify_full(library: Library, acknowledged: set[str]) -> list[str]:
    """Return what is wrong while the disk is still full: nothing acknowledged is lost."""
    rows = {photo.digest for photo in library.catalog.photos()}
    lost = acknowledged - rows
    for digest in rows:
        library.originals.get(digest)
    return sorted(lost)


# ---- backup under load ------------------------------------------------------------


def import_without_end(folder: Path, stop: object) -> None:
    """Import until told to stop, in a process of its own."""
    number = 1_000_000
    with Library.open(folder) as library:
        while not stop.is_set():  # type: ignore[attr-defined]
            import_photo(library, make_photo(number))
            number += 1


def back_up_under_load(rounds: int, room: Path) -> int:
    """Back up while another process imports; count what does not come back equal."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    with Library.create(room / "library") as library:
        for number in range(50):
            keep(library, make_photo(number))
        writer = context.Process(target=import_without_end, args=(library.folder, stop))
        writer.start()
        sure, counts = [], []
        try:
            while len(library.catalog.photos()) < 55 and writer.is_alive():
                time.sleep(0.05)
            for number in range(rounds):
                sure.append({photo.digest for photo in library.catalog.photos()})
                counts.append(back_up(library, room / f"{number}.zip").photos)
        finally:
            stop.set()
            writer.join()
        live = {photo.digest: photo for photo in library.catalog.photos()}
        broken = int(writer.exitcode != 0)
        broken += sum(
            compare(room, number, acknowledged=sure[number], live=live)
            for number in range(rounds)
        )
    print(f"photographs in the backups: {counts}, in the library at the end: {len(live)}")
    return broken + int(len(live) <= 55)


def compare(
    room: Path, number: int, *, acknowledged: set[str], live: dict[str, Photo]
) -> int:
    """Restore one backup; count rows that differ, and photographs lost or damaged."""
    folder = room / f"restored{number}"
    restore(room / f"{number}.zip", folder)
    with Library.open(folder) as restored:
        photos = restored.catalog.photos()
        faults = verify(restored).faults
    lost = acknowledged - {photo.digest for photo in photos}
    differ = [photo for photo in photos if live.get(photo.digest) != photo]
    return len(lost) + len(differ) + len(faults)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["damage", "full", "backup"])
    parser.add_argument("--faults", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where the libraries are made")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=told.folder) as name:
        room = Path(name)
        if told.what == "damage":
            broken = damage(told.faults, room)
        elif told.what == "full":
            broken = fill(room)
        else:
            broken = back_up_under_load(told.rounds, room)
    print("as promised" if not broken else f"BROKEN: {broken}")
    return int(broken > 0)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
