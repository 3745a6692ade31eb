"""What a kill may cost: five commands, killed at random moments.

    python benchmarks/kills.py [--kills 100] [--only import run] [--folder DIR]

Forks children from a warm process that import, measure (in the process itself and in
workers), back up, restore and erase, kills each with SIGKILL at a random moment, looks at
once what is left, and runs the same command again. Linux only; exit status 1 when anything
was lost, left without a word of `verify`, or not cleared by the same command.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import itertools
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

import cv2
import numpy as np

from hairtrack.errors import LibraryError
from hairtrack.imaging import codec
from hairtrack.store import digest_of
from hairtrack.workflows import (
    Filing,
    Library,
    back_up,
    erase,
    import_photo,
    import_photos,
    restore,
    run_pending,
    verify,
)

SAMPLE = Path(__file__).parents[1] / "sample_images" / "2025-03-03_vertex_1.jpg"

PER_LIBRARY = 25
"""Kills before a new library is begun, so that its making is hit as well."""

PER_IMPORT, PER_RUN, PER_SUBJECT = 8, 4, 6
"""Photographs of an import, of a run, and of each subject of the other libraries."""

GONE = "subject-to-be-erased"

OWN = (
    *("hairtrack-library.json", "catalog.sqlite", "catalog.sqlite-*", "importing.lock"),
    *(
        "importing-*.txt",
        "catalog-copies/????-??-??.sqlite",
        "originals/hairtrack-originals",
    ),
)
"""What a library holds beside photographs and their records."""

END_AFTER = 30.0
"""Seconds within which processes must end with their program."""


def make_photo(number: int) -> bytes:
    """Return a small photograph like no other: its day is its number."""
    image = np.full((64, 64, 3), (200, 150, number % 256), np.uint8)
    taken_at = dt.datetime(1990, 1, 1, 12) + dt.timedelta(minutes=number)
    return codec.encode_jpeg(image, quality=80, taken_at=taken_at)


def draw_head(number: int) -> bytes:
    """Return a small photograph that can be measured, each of another minute."""
    image = codec.read_small(SAMPLE.read_bytes(), longest=240)
    taken_at = dt.datetime(2025, 3, 3, 12) + dt.timedelta(minutes=number)
    return codec.encode_jpeg(image, taken_at=taken_at)


@dataclasses.dataclass
class Toll:
    """What the kills of one command did, and what they cost."""

    kills: int = 0
    acknowledged: int = 0
    with_leftovers: int = 0
    lost: int = 0
    untold: int = 0
    not_cleared: int = 0
    processes_left: int = 0

    @property
    def bad(self) -> int:
        """Number of broken promises."""
        return self.lost + self.untold + self.not_cleared + self.processes_left


class Command:
    """A command that is killed, and what must be true afterwards.

    Parameters
    ----------
    room : Path
        Folder of its own.
    """

    def __init__(self, room: Path) -> None:
        self.room, self.toll = room, Toll()
        self.folder = room / "library"
        room.mkdir()

    def prepare(self) -> None:
        """Make what the next call of `act` works on."""

    def act(self, report: Callable[[int], None]) -> None:
        """Do the work in a child, and report how much is done."""
        raise NotImplementedError

    def look(self, done: int) -> None:
        """Count what is not as promised after a kill, and go on as a person would."""
        raise NotImplementedError

    def check(self, kept: set[str]) -> None:
        """Compare the library with what must be in it, and with what `verify` tells."""
        age(self.folder)
        with Library.open(self.folder) as library:
            told = " ".join(fault.where for fault in verify(library).faults)
            rows = {photo.digest for photo in library.catalog.photos(deleted=None)}
            whole = {name for name in library.originals.names() if is_whole(library, name)}
        leftovers = find_leftovers(self.folder, rows)
        self.toll.with_leftovers += bool(leftovers)
        self.toll.lost += len(kept - (rows & whole))
        untold = [name for name in leftovers if name not in told]
        untold += [row for row in rows - whole if row[:8] not in told]
        self.toll.untold += len(untold)
        for name in untold:
            print(f"not told: {name}", file=sys.stderr)

    def check_cleared(self) -> None:
        """Count what is left after the same command was run to its end."""
        age(self.folder)
        with Library.open(self.folder) as library:
            faults = verify(library).faults
        for fault in faults:
            print(f"left: {fault}", file=sys.stderr)
        self.toll.not_cleared += len(faults)


class Import(Command):
    """Photographs come in; what was acknowledged is kept, the next import clears up."""

    def __init__(self, room: Path) -> None:
        super().__init__(room)
        self.numbers = itertools.count()
        self.kept: set[str] = set()

    def prepare(self) -> None:
        if self.toll.kills % PER_LIBRARY == 0:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.kept = set()
        shutil.rmtree(self.room / "offered", ignore_errors=True)
        (self.room / "offered").mkdir()
        self.offered = []
        for place in range(PER_IMPORT):
            data = make_photo(next(self.numbers))
            (self.room / "offered" / f"{place}.jpg").write_bytes(data)
            self.offered.append(digest_of(codec.strip(data)))

    def act(self, report: Callable[[int], None]) -> None:
        with Library.create(self.folder) as library:
            offered = [self.room / "offered"]
            import_photos(library, offered, on_progress=lambda done, _: report(done))

    def look(self, done: int) -> None:
        self.kept |= set(self.offered[:done])
        Library.create(self.folder).close()
        self.check(self.kept)
        with Library.open(self.folder) as library, library.import_lock():
            pass
        self.check_cleared()


class Run(Command):
    """Photographs are measured; a run that was killed goes on where it stopped."""

    workers = 1

    def __init__(self, room: Path) -> None:
        super().__init__(room)
        with Library.create(room / "unmeasured") as library:
            for number in range(PER_RUN):
                import_photo(library, draw_head(number))
        shutil.copytree(room / "unmeasured", self.folder)
        with Library.open(self.folder) as library:
            run_pending(library)
        self.expected = read_results(self.folder)
        self.before = -1

    def prepare(self) -> None:
        if self.before in (-1, PER_RUN):
            shutil.rmtree(self.folder)
            shutil.copytree(self.room / "unmeasured", self.folder)
            self.before = 0

    def act(self, report: Callable[[int], None]) -> None:
        with Library.open(self.folder) as library:
            workers = self.workers
            run_pending(library, workers=workers, on_progress=lambda n, _: report(n))

    def look(self, done: int) -> None:
        self.check({photo for photo, _ in self.expected})
        results = read_results(self.folder)
        self.toll.lost += len(results - self.expected)
        self.toll.lost += max(0, self.before + done - len(results))
        self.before = len(results)


class RunInProcesses(Run):
    """The same with worker processes, which must end with the program."""

    workers = 2


class BackUp(Command):
    """A backup has its name only when it is whole; the next one clears up."""

    def __init__(self, room: Path) -> None:
        super().__init__(room)
        self.kept = make_library(self.folder)
        self.file = room / "out" / "backup.zip"
        self.file.parent.mkdir()

    def act(self, report: Callable[[int], None]) -> None:
        with Library.open(self.folder) as library:
            back_up(library, self.file, on_progress=lambda done, _: report(0))

    def look(self, done: int) -> None:
        self.check(self.kept)
        self.toll.with_leftovers += len(os.listdir(self.file.parent)) > self.file.exists()
        if self.file.exists():
            self.toll.lost += not is_restored(self.file, self.room / "new", self.kept)
            self.file.unlink()
        age(self.file.parent)
        self.act(lambda _: None)
        self.toll.not_cleared += os.listdir(self.file.parent) != [self.file.name]
        self.file.unlink()


class Restore(Command):
    """What was restored is a library only when all of it is there."""

    def __init__(self, room: Path) -> None:
        super().__init__(room)
        self.kept = make_library(room / "source")
        self.file = room / "backup.zip"
        with Library.open(room / "source") as library:
            back_up(library, self.file)

    def prepare(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def act(self, report: Callable[[int], None]) -> None:
        restore(self.file, self.folder, on_progress=lambda done, _: report(0))

    def look(self, done: int) -> None:
        inside = os.listdir(self.folder) if self.folder.exists() else []
        self.toll.with_leftovers += any(name.startswith(".") for name in inside)
        try:
            Library.open(self.folder).close()
        except LibraryError:
            if any(not name.startswith(".") for name in inside):
                shutil.rmtree(self.folder)  # restoring into it is refused in words
            self.act(lambda _: None)
        self.check(self.kept)
        self.check_cleared()


class Erase(Command):
    """One subject goes, the other stays; erasing again completes it."""

    def __init__(self, room: Path) -> None:
        super().__init__(room)
        make_library(room / "both")
        with Library.open(room / "both") as library:
            self.kept = {photo.digest for photo in library.catalog.photos(subject="me")}

    def prepare(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.room / "both", self.folder)

    def act(self, report: Callable[[int], None]) -> None:
        with Library.open(self.folder) as library:
            erase(library, GONE, on_progress=lambda done, _: report(0))

    def look(self, done: int) -> None:
        self.check(self.kept)
        with suppress(LibraryError):  # its rows went before the kill
            self.act(lambda _: None)
        self.check_cleared()
        data = b"".join(f.read_bytes() for f in self.folder.rglob("*") if f.is_file())
        self.toll.not_cleared += GONE.encode() in data
        self.toll.not_cleared += bool(find_leftovers(self.folder, self.kept))


COMMANDS: dict[str, type[Command]] = {
    "import": Import,
    "run": Run,
    "run in processes": RunInProcesses,
    "backup": BackUp,
    "restore": Restore,
    "erase": Erase,
}


def make_library(folder: Path) -> set[str]:
    """Make a library of two subjects; return the digests of all photographs."""
    with Library.create(folder) as library:
        for number in range(2 * PER_SUBJECT):
            filing = Filing(subject=GONE if number % 2 else "me")
            import_photo(library, make_photo(number), filing=filing)
        return {photo.digest for photo in library.catalog.photos()}


def read_results(folder: Path) -> set[tuple[str, float | None]]:
    """Return photograph and visible scalp of all that was measured."""
    with Library.open(folder) as library:
        latest = library.catalog.latest_method()
        if latest is None:
            return set()
        found = library.catalog.results(method=latest.key)
        return {(one.photo, one.zones[0].visible_scalp) for one in found.values()}


def is_whole(library: Library, digest: str) -> bool:
    """Tell whether the bytes under a name are those of the digest."""
    data = (Path(library.originals.place) / digest[:2] / digest).read_bytes()
    return digest_of(data) == digest


def is_restored(file: Path, folder: Path, kept: set[str]) -> bool:
    """Tell whether a backup restores all photographs."""
    restore(file, folder)
    with Library.open(folder) as library:
        there = {photo.digest for photo in library.catalog.photos()}
    shutil.rmtree(folder)
    return there == kept


def age(folder: Path) -> None:
    """Let everything be two days old, as for a person who comes back later."""
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            os.utime(path, times=(time.time() - 2 * 86400,) * 2, follow_symlinks=False)


def find_leftovers(folder: Path, rows: set[str]) -> list[str]:
    """Return the files of a library that belong to nothing."""
    own = {f"originals/{row[:2]}/{row}{end}" for row in rows for end in ("", ".json")}
    every = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    return [
        Path(name).name
        for name in every
        if (folder / name).is_file()
        and name not in own
        and not any(fnmatch(name, pattern) for pattern in OWN)
    ]


def kill_commands(names: list[str], kills: int, room: Path, *, seed: int = 0) -> list[Toll]:
    """Kill each command until `kills` of its children died in the middle."""
    cv2.setNumThreads(1)
    rng = random.Random(seed)
    tolls = []
    for name in names:
        command = COMMANDS[name](room / name)
        command.prepare()
        done, _, longest = run_and_kill(command, None)
        command.look(done)
        command.toll = Toll()
        while command.toll.kills < kills:
            command.prepare()
            done, killed, took = run_and_kill(command, rng.uniform(0, longest))
            if not killed:
                longest = 0.8 * longest + 0.2 * took
            command.toll.kills += killed
            command.toll.acknowledged += done
            command.look(done)
        tolls.append(command.toll)
        print_toll(name, command.toll)
    return tolls


def print_toll(name: str, toll: Toll) -> None:
    print(name)
    for what, value in dataclasses.asdict(toll).items():
        print(f"    {what.replace('_', ' '):20} {value:6}", flush=True)


def run_and_kill(command: Command, after: float | None) -> tuple[int, bool, float]:
    """Run a command in a child and kill it; return what it reported, and if it died."""
    reading, writing = os.pipe()
    begin = time.monotonic()
    child = os.fork()
    if child == 0:
        os.setsid()
        command.act(lambda done: os.write(writing, bytes([done])) and None)
        os._exit(0)
    os.close(writing)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    took = time.monotonic() - begin
    command.toll.processes_left += not wait_for_end(child)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    if not os.WIFSIGNALED(status) and status:
        raise SystemExit(f"{type(command).__name__} does not come to its end by itself.")
    return (told[-1] if told else 0), os.WIFSIGNALED(status), took


def wait_for_end(session: int) -> bool:
    """Wait until no process of a session is left; return False where one stays."""
    until = time.monotonic() + END_AFTER
    while members := list_session(session):
        if time.monotonic() > until:
            for process in members:
                os.kill(process, signal.SIGKILL)
            return False
        time.sleep(0.02)
    return True


def list_session(session: int) -> list[int]:
    """Return the processes of a session."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                found.append(int(folder.name))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100, help="of each command")
    parser.add_argument("--only", nargs="+", choices=COMMANDS, default=list(COMMANDS))
    parser.add_argument("--folder", type=Path, help="where the libraries are made")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=told.folder) as room:
        tolls = kill_commands(told.only, told.kills, Path(room))
    print(f"{sum(one.kills for one in tolls)} kills")
    return int(any(one.bad for one in tolls))


if __name__ == "__main__":
    sys.exit(main())
