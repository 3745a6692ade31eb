"""What is kept: a catalogue in a database beside a folder of originals."""

from __future__ import annotations

from hairtrack.store.catalog import Catalog
from hairtrack.store.courses import Courses
from hairtrack.store.integrity import check_catalog, check_log
from hairtrack.store.originals import Originals, digest_of, is_digest
from hairtrack.store.remote import open_originals

__all__ = [
    "Catalog",
    "Courses",
    "Originals",
    "check_catalog",
    "check_log",
    "digest_of",
    "is_digest",
    "open_originals",
]
