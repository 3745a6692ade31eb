"""After an erasure a search of every byte of the library finds nothing of the person."""

import datetime as dt
import io
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


def everything(own):
    files = [file for file in own.folder.rglob("*") if file.is_file()]
    return b"\x00".join(
        part for file in files for part in (str(file).encode(), file.read_bytes())
    )


def add_jane(own, draw_photo):
    """Take in a person with all that can be told of her; return what to search for."""
    others = everything(own)
    data, _ = draw_photo(21, taken_at=dt.datetime(2025, 5, 5, 10))
    photo, _ = import_photo(own, data, filing=importing.Filing(subject=LABEL))
    run_pending(own)
    changes = {"note": NOTE, "camera": CAMERA, "hair_state": HairState.WET}
    editing.update_photo(own, photo.digest, **changes)
    editing.update_photo(own, photo.digest, note=NOTE + " again")
    editing.change_visit(own, LABEL, photo.visit, note=f"visit: {NOTE}")
    region = io.BytesIO()
    stripes = np.random.default_rng(1).random((photo.height, photo.width)) < 0.5
    Image.fromarray(stripes.astype(np.uint8) * 255).save(region, "PNG")
    editing.save_outline(own, photo.digest, region.getvalue())
    outline = own.catalog.photo(photo.digest).outline
    drawn = own.catalog.outline(photo.digest, outline)
    kept = own.originals.get(photo.digest)
    pieces = [
        data[start : start + PIECE]
        for data in (kept, drawn)
        for start in range(100, len(data) - PIECE, 400)
    ]
    pieces = [piece for piece in pieces if piece not in others]  # tables of every JPEG
    assert len(pieces) > 50
    words = [LABEL, NOTE, CAMERA, photo.digest, outline]
    return [word.encode() for word in words] + pieces


def test_nothing_of_an_erased_person_is_found_in_any_byte(own, draw_photo):
    hers = add_jane(own, draw_photo)
    before = everything(own)
    found = [thing for thing in hers if thing in before]
    assert len(found) > 0.9 * len(hers)  # a piece may lie across pages of the database
    others = own.catalog.photos(subject="me")
    told = []
    done = erase(own, LABEL, on_progress=lambda *state: told.append(state))
    after = everything(own)
    assert [thing for thing in hers if thing in after] == []
    assert (done.photos, done.compacted) == (1, True)
    out_of_reach = " ".join(done.remaining)
    assert all(word in out_of_reach for word in ("backups", "SSD", "encryption"))
    assert told == [(0, 1), (1, 1)]
    assert own.catalog.photos() == others
    assert all(own.originals.get(photo.digest) for photo in others)
    assert check_catalog(own.catalog) == []


def test_a_deleted_photo_and_a_former_name_are_erased_too(own, draw_photo):
    hers = add_jane(own, draw_photo)
    (photo,) = own.catalog.photos(subject=LABEL)
    editing.rename_subject(own, LABEL, to="S-01")
    editing.delete_photo(own, photo.digest)
    assert erase(own, "S-01").photos == 1
    after = everything(own)
    assert [thing for thing in [*hers, b"S-01"] if thing in after] == []


def test_a_photograph_that_a_killed_import_left_is_told_and_erased(own, draw_photo):
    """Killed between storing the bytes and adding the row: the whole JPEG is there."""
    data, _ = draw_photo(22, taken_at=dt.datetime(2025, 5, 6, 10))
    with suppress(KeyboardInterrupt), own.import_lock() as note:
        note(digest_of(data))
        own.originals.put(data)
        raise KeyboardInterrupt
    (fault,) = verify(own).faults
    assert fault.where.endswith(digest_of(data))
    assert "stopped" in fault.sentence
    erase(own, "me")
    assert data[500:548] not in everything(own)
    assert verify(own).faults == ()


def test_an_erasure_that_a_crash_interrupted_is_completed(own):
    """Files go first; killed before the rows go, erasing again finds them still."""
    first = own.catalog.photos()[0]
    own.originals.delete(first.digest)
    with own.import_lock():
        done = erase(own, "me")
    assert done.photos == 3
    assert "import is running" in " ".join(done.remaining)
    with pytest.raises(LibraryError, match=r"no subject 'me'.* was compacted"):
        erase(own, "me")
    assert own.catalog.subjects() == []


def test_erasing_again_after_another_program_closed_says_that_it_is_done(own):
    with Library.open(own.folder) as beside, beside.catalog.database.reading() as reading:
        reading.exec_driver_sql("SELECT * FROM photos").fetchone()
        assert not erase(own, "me").compacted
        with pytest.raises(LibraryError, match="not compacted: close it"):
            erase(own, "me")
    with pytest.raises(LibraryError, match=r"was compacted: nothing"):
        erase(own, "me")
