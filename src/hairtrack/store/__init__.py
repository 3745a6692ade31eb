"""What is stored: a catalogue in a database beside a folder of originals."""

from __future__ import annotations

from hairtrack.store.catalog import Catalog
from hairtrack.store.courses import Courses
from hairtrack.store.files import is_digest
from hairtrack.store.integrity import check_catalog
from hairtrack.store.originals import Originals, digest_of, open_originals

__all__ = [
    "Catalog",
    "Courses",
    "Originals",
    "check_catalog",
    "digest_of",
    "is_digest",
    "open_originals",
]
