"""What is kept: a catalogue in SQLite beside a folder of originals."""

from __future__ import annotations

from hairtrack.store.catalog import Catalog
from hairtrack.store.courses import Courses
from hairtrack.store.originals import Originals, digest_of, read_original

__all__ = ["Catalog", "Courses", "Originals", "digest_of", "read_original"]
