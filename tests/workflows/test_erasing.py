"""After an erasure a search of every byte of the library finds nothing of the person."""

import datetime as dt
import io
import shutil
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image

from hairtrack.errors import LibraryError
from hairtrack.records import HairState
from hairtrack.store import check_catalog, digest_of
from hairtrack.workflows import (
    Library,
    editing,
    import_photo,
    importing,
    run_pending,
    verify,
)
from hairtrack.workflows.library import erase

LABEL, NOTE, CAMERA = "Jane-Q-Pseudonym", "scar behind the left ear", "Rare Camera 9"
PIECE = 48
"""Bytes of a photograph that are searched for together."""


@pytest.fixture
def library(measured, tmp_path):
    shutil.copytree(measured, tmp_path / "library")
    with Library.open(tmp_path / "library") as library:
        yield library


def everything(library):
    files = [file for file in library.folder.rglob("*") if file.is_file()]
    return b"\x00".join(
        part for file in files for part in (str(file).encode(), file.read_bytes())
    )


def add_jane(library, draw_photo):
    """Take in a person with all that can be told of her; return what to search for."""
    others = everything(library)
    data, _ = draw_photo(21, taken_at=dt.datetime(2025, 5, 5, 10))
    photo, _ = import_photo(library, data, filing=importing.Filing(subject=LABEL))
    run_pending(library)
    changes = {"note": NOTE, "camera": CAMERA, "hair_state": HairState.WET}
    editing.update_photo(library, photo.digest, **changes)
    editing.update_photo(library, photo.digest, note=NOTE + " again")
    editing.change_visit(library, LABEL, photo.visit, note=f"visit: {NOTE}")
    region = io.BytesIO()
    stripes = np.random.default_rng(1).random((photo.height, photo.width)) < 0.5
    Image.fromarray(stripes.astype(np.uint8) * 255).save(region, "PNG")
    editing.save_outline(library, photo.digest, region.getvalue())
    outline = library.catalog.photo(photo.digest).outline
    drawn = library.catalog.outline(photo.digest, outline)
    kept = library.originals.get(photo.digest)
    pieces = [
        data[start : start + PIECE]
        for data in (kept, drawn)
        for start in range(100, len(data) - PIECE, 400)
    ]
    pieces = [piece for piece in pieces if piece not in others]  # tables of every JPEG
    assert len(pieces) > 50
    words = [LABEL, NOTE, CAMERA, photo.digest, outline]
    return [word.encode() for word in words] + pieces


def test_nothing_of_an_erased_person_is_found_in_any_byte(library, draw_photo):
    hers = add_jane(library, draw_photo)
    before = everything(library)
    found = [thing for thing in hers if thing in before]
    assert len(found) > 0.9 * len(hers)  # a piece may lie across pages of the database
    others = library.catalog.photos(subject="me")
    told = []
    done = erase(library, LABEL, on_progress=lambda *state: told.append(state))
    after = everything(library)
    assert [thing for thing in hers if thing in after] == []
    assert (done.photos, done.compacted) == (1, True)
    assert told == [(0, 1), (1, 1)]
    assert library.catalog.photos() == others
    assert all(library.originals.get(photo.digest) for photo in others)
    assert check_catalog(library.catalog) == []


def test_a_deleted_photo_and_a_former_name_are_erased_too(library, draw_photo):
    hers = add_jane(library, draw_photo)
    (photo,) = library.catalog.photos(subject=LABEL)
    editing.rename_subject(library, LABEL, to="S-01")
    editing.delete_photo(library, photo.digest)
    assert erase(library, "S-01").photos == 1
    after = everything(library)
    assert [thing for thing in [*hers, b"S-01"] if thing in after] == []


def test_a_photograph_that_a_killed_import_left_is_told_and_erased(library, draw_photo):
    """Killed between storing the bytes and adding the row: the whole JPEG is there."""
    data, _ = draw_photo(22, taken_at=dt.datetime(2025, 5, 6, 10))
    with suppress(KeyboardInterrupt), library.import_lock() as note:
        note(digest_of(data))
        library.originals.put(data)
        raise KeyboardInterrupt
    (fault,) = verify(library).faults
    assert fault.where.endswith(digest_of(data))
    assert "stopped" in fault.sentence
    erase(library, "me")
    assert data[500:548] not in everything(library)
    assert verify(library).faults == ()


def test_an_erasure_beside_an_import_says_what_may_be_left(library):
    with library.import_lock():
        assert "import is running" in " ".join(erase(library, "me").remaining)


def test_what_is_out_of_reach_is_said(library):
    told = " ".join(erase(library, "me").remaining)
    assert all(word in told for word in ("backups", "SSD", "encryption"))
    assert library.catalog.photos() == []


def test_an_erasure_that_a_crash_interrupted_is_completed(library, monkeypatch):
    """Files go first; killed before the rows go, erasing again finds them still."""
    first = library.catalog.photos()[0]
    library.originals.delete(first.digest)
    assert erase(library, "me").photos == 3
    with pytest.raises(LibraryError, match="no subject 'me'"):
        erase(library, "me")
    assert library.catalog.subjects() == []
