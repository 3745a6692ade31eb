"""What a power cut may cost: every state in which it leaves an import.

    python benchmarks/crashes.py [--folder DIR]

Records what the real import asks of the disk and goes through every state in which a power
cut may leave it: whatever was not synced may be there or not, each on its own. Four broken
orders must fail there. `kills.py` kills processes instead.
Linux only; exit status 1 when a promise is broken, or a broken order passes.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

from kills import make_photo

from hairtrack.imaging import codec
from hairtrack.store import digest_of, files, originals
from hairtrack.workflows import Library, import_photo


@dataclasses.dataclass(frozen=True)
class Step:
    """One thing asked of the disk: mkdir, create, sync, rename, remove; or commit, ack."""

    kind: str
    path: str
    target: str = ""


_tracing: list[Step] | None = None
_root = ""


def _listen(event: str, args: tuple[object, ...]) -> None:
    """Record what the interpreter tells of files below the originals."""
    if _tracing is None or event not in ("open", "os.mkdir", "os.rename", "os.remove"):
        return
    path = os.path.abspath(os.fsdecode(args[0])) if isinstance(args[0], str | bytes) else ""
    if not path.startswith(_root) or path.endswith(".json"):  # records may be lost
        return
    if event == "open" and isinstance(args[2], int) and args[2] & os.O_CREAT:
        _tracing.append(Step("create", path))
    elif event == "os.mkdir":
        _tracing.append(Step("mkdir", path))
    elif event == "os.rename":
        _tracing.append(Step("rename", path, os.path.abspath(os.fsdecode(str(args[1])))))
    elif event == "os.remove":
        _tracing.append(Step("remove", path))


@contextmanager
def traced(library: Library) -> Iterator[list[Step]]:
    """Record the steps of all that is kept, and its commits, meanwhile."""
    global _tracing, _root
    _root = os.path.abspath(library.originals.place)
    real_sync, real_add = os.fsync, type(library.catalog).add_photo
    steps: list[Step] = []

    def sync(handle: int) -> None:
        real_sync(handle)
        path = os.readlink(f"/proc/self/fd/{handle}")
        if path.startswith(_root):
            steps.append(Step("sync", path))

    def add(self: object, photo: object) -> bool:
        added = real_add(self, photo)  # type: ignore[arg-type]
        steps.append(Step("commit", photo.digest))  # type: ignore[attr-defined]
        return added

    with (
        mock.patch("os.fsync", sync),
        mock.patch.object(type(library.catalog), "add_photo", add),
    ):
        _tracing = steps
        try:
            yield steps
        finally:
            _tracing = None


class Disk:
    """What a power cut may leave after some steps: synced, and what may be there or not.

    A file is a number; its data is dirty until it is synced. An entry of a folder is
    pending until that folder is synced; a rename is one pending step of its target's.
    """

    def __init__(self, folders: set[str]) -> None:
        self.folders = folders
        self.entries: dict[str, int] = {}
        self.pending: list[tuple[str, str, int | None, str]] = []
        self.dirty: set[int] = set()
        self.now: dict[str, int] = {}
        self.rows: set[str] = set()
        self.acknowledged: set[str] = set()
        self.numbers = itertools.count()

    def do(self, step: Step) -> None:
        """Take one more step."""
        if step.kind == "create":
            if step.path not in self.now:
                self.now[step.path] = next(self.numbers)
                self.pending.append(("create", step.path, self.now[step.path], ""))
            self.dirty.add(self.now[step.path])
        elif step.kind == "mkdir":
            self.pending.append(("mkdir", step.path, None, ""))
        elif step.kind == "rename":
            number = self.now.pop(step.path)
            self.now[step.target] = number
            self.pending.append(("rename", step.target, number, step.path))
        elif step.kind == "remove":
            self.now.pop(step.path, None)
            self.pending.append(("remove", step.path, None, ""))
        elif step.kind == "sync":
            self.sync(step.path)
        elif step.kind == "commit":
            self.rows.add(step.path)
        elif step.kind == "ack":
            self.acknowledged.add(step.path)

    def sync(self, path: str) -> None:
        """Take a file's data, or the entries of a folder, to be on disk from now on."""
        if path in self.now:
            self.dirty.discard(self.now[path])
            return
        stays = []
        for change in self.pending:
            if os.path.dirname(change[1]) == path:
                self.apply(change, self.folders, self.entries)
            else:
                stays.append(change)
        self.pending = stays

    @staticmethod
    def apply(
        change: tuple[str, str, int | None, str], folders: set[str], entries: dict[str, int]
    ) -> None:
        """Make one change of the entries."""
        kind, path, number, source = change
        if kind == "mkdir":
            folders.add(path)
        elif kind == "remove":
            entries.pop(path, None)
        else:
            entries.pop(source, None)
            entries[path] = number or 0

    def crashes(self) -> Iterator[dict[str, str]]:
        """Yield path -> content ("", "half" or "whole") for every state after a cut."""
        for kept in itertools.product((False, True), repeat=len(self.pending)):
            folders, entries = set(self.folders), dict(self.entries)
            for change in itertools.compress(self.pending, kept):
                self.apply(change, folders, entries)
            there = {p: n for p, n in entries.items() if reachable(p, folders)}
            dirty = sorted(set(there.values()) & self.dirty)
            for contents in itertools.product(("", "half", "whole"), repeat=len(dirty)):
                told = dict(zip(dirty, contents, strict=True))
                yield {path: told.get(number, "whole") for path, number in there.items()}


def reachable(path: str, folders: set[str]) -> bool:
    """Tell whether every folder above a file, down from the originals, is there."""
    parent = os.path.dirname(path)
    return parent == _root or (parent in folders and reachable(parent, folders))


def count_violations(steps: list[Step]) -> tuple[int, int]:
    """Return the number of crash states, and in how many of them a promise is broken."""
    disk, states, violations = Disk({_root}), 0, 0
    for step in [*steps, Step("end", "")]:
        rows = disk.rows | ({step.path} if step.kind == "commit" else set())
        for there in disk.crashes():
            states += 1
            violations += not promised(there, rows | disk.acknowledged)
        disk.do(step)
    return states, violations


def promised(there: dict[str, str], rows: set[str]) -> bool:
    """Say whether each row has its whole photograph, and each name a whole file."""
    named = {os.path.basename(path): what for path, what in there.items()}
    kept = {name: what for name, what in named.items() if originals.is_digest(name)}
    return all(kept.get(row) == "whole" for row in rows) and set(kept.values()) <= {"whole"}


def record(variant: Callable[[ExitStack, Library], None], room: Path) -> list[Step]:
    """Import three photographs; the folder of the first was made by a dead process."""
    photos = [make_photo(number) for number in range(3)]
    first = digest_of(codec.strip(photos[0]))
    with Library.create(room) as library, traced(library) as steps, ExitStack() as stack:
        variant(stack, library)
        os.mkdir(os.path.join(library.originals.place, first[:2]), 0o700)
        for data in photos:
            photo, _ = import_photo(library, data)
            steps.append(Step("ack", photo.digest))
    return steps


def as_it_is(_: ExitStack, __: Library) -> None:
    """Change nothing."""


def no_file_sync(stack: ExitStack, _: Library) -> None:
    stack.enter_context(mock.patch.object(files, "sync_file"))


def no_folder_sync(stack: ExitStack, _: Library) -> None:
    for module in (files, originals):
        stack.enter_context(mock.patch.object(module, "sync_folder"))


def in_place(stack: ExitStack, _: Library) -> None:
    def write(path: Path, data: bytes, *, by: Path) -> None:
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        files.sync_folder(path.parent)

    stack.enter_context(mock.patch.object(originals, "write_durably", write))


def row_first(stack: ExitStack, library: Library) -> None:
    """Keep the bytes only after the row has been committed."""
    store, catalog = type(library.originals), type(library.catalog)
    real_put, real_add = store.put, catalog.add_photo
    waiting: list[bytes] = []

    def put(_: object, data: bytes) -> str:
        waiting.append(data)
        return digest_of(data)

    def add(self: object, photo: object) -> bool:
        added = real_add(self, photo)  # type: ignore[arg-type]
        real_put(library.originals, waiting.pop())
        return added

    stack.enter_context(mock.patch.object(store, "put", put))
    stack.enter_context(mock.patch.object(catalog, "add_photo", add))


VARIANTS = {
    "as it is": as_it_is,
    "no file fsync": no_file_sync,
    "no folder fsync": no_folder_sync,
    "row first": row_first,
    "in place": in_place,
}


def check_states(room: Path) -> dict[str, tuple[int, int]]:
    """Return for each order of writing its crash states and those that break a promise."""
    sys.addaudithook(_listen)
    found = {}
    for number, (name, variant) in enumerate(VARIANTS.items()):
        found[name] = count_violations(record(variant, room / f"library{number}"))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, help="where the libraries are made")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=told.folder) as room:
        found = check_states(Path(room))
    for name, (states, violations) in found.items():
        print(f"{name:16} {states:6} crash states, {violations:5} break a promise")
    passed = found.pop("as it is")[1] == 0
    return int(not passed or any(violations == 0 for _, violations in found.values()))


if __name__ == "__main__":
    sys.exit(main())
