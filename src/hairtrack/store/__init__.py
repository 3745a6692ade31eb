"""What is kept: a catalogue in a database beside a folder of originals."""

from __future__ import annotations

from hairtrack.store.catalog import Catalog
from hairtrack.store.checks import Fault, check_log, check_rows
from hairtrack.store.courses import Courses
from hairtrack.store.originals import Originals, digest_of, read_original

__all__ = [
    "Catalog",
    "Courses",
    "Fault",
    "Originals",
    "check_log",
    "check_rows",
    "digest_of",
    "read_original",
]
