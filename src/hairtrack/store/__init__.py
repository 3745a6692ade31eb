"""What is kept: a catalogue in a database beside a folder of originals."""

from __future__ import annotations

from hairtrack.store.catalog import Catalog
from hairtrack.store.checks import check_log, check_rows
from hairtrack.store.courses import Courses
from hairtrack.store.originals import Originals, digest_of, is_digest
from hairtrack.store.remote import find_originals

__all__ = [
    "Catalog",
    "Courses",
    "Originals",
    "check_log",
    "check_rows",
    "digest_of",
    "find_originals",
    "is_digest",
]
