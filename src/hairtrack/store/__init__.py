"""What is kept: a catalogue in SQLite beside a folder of originals."""

from __future__ import annotations

from hairtrack.store.catalog import Catalog
from hairtrack.store.originals import Originals, digest_of, is_digest
from hairtrack.store.remote import find_originals

__all__ = ["Catalog", "Originals", "digest_of", "find_originals", "is_digest"]
