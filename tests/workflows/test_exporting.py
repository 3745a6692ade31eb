"""All about one person, nothing about another, readable by any program."""

import csv
import io
import json
import re
import zipfile

import pytest

from hairtrack.errors import LibraryError
from hairtrack.imaging import codec
from hairtrack.store import digest_of, schema
from hairtrack.workflows import export


@pytest.fixture
def out(small, tmp_path):
    export(small, "anna", tmp_path / "out")
    return tmp_path / "out"


def read_csv(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_photographs_come_as_they_are_kept_under_names_a_person_reads(small, out):
    kept = {p.digest for p in small.catalog.photos(subject="anna")}
    files = sorted((out / "photographs").iterdir())
    assert {digest_of(file.read_bytes()) for file in files} == kept
    days = ("2024-01-02", "2024-01-04", "2024-01-06")
    for day, file in zip(days, files, strict=True):
        assert re.fullmatch(rf"{day}_vertex_1_\w+\.jpg", file.name)
    assert codec.decode(files[0].read_bytes()).shape == (64, 64, 3)
    # Nothing of anybody else is in any of the files.
    others = [photo.digest for photo in small.catalog.photos(subject="me")]
    for file in out.rglob("*.*"):
        data = file.read_bytes()
        assert not any(digest.encode() in data for digest in others)
        assert b"note 0" not in data


def test_tables_and_words_are_there(out):
    rows = read_csv((out / "photographs.csv").read_bytes())
    assert [row["note"] for row in rows] == ["note 1", "note 3", "note 5"]
    assert all((out / row["file"]).is_file() for row in rows)
    told = (out / "README.txt").read_text()
    tables = {"photographs.csv", "visible_scalp.csv"}
    names = {path.name for path in out.iterdir()}
    assert names == {"photographs", "everything.json", "README.txt", *tables}
    assert all(name in told for name in ('"anna"', *tables))


def test_every_number_of_every_zone_is_there(own, tmp_path):
    export(own, "me", tmp_path / "out.zip")
    method = own.catalog.latest_method()
    measurements = own.catalog.results(method=method.key).values()
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        rows = read_csv(archive.read("visible_scalp.csv"))
        everything = json.loads(archive.read("everything.json"))
    expected = [(zone.zone, zone.visible_scalp) for m in measurements for zone in m.zones]
    found = [
        (row["zone"], float(row["visible_scalp"]) if row["visible_scalp"] else None)
        for row in rows
    ]
    assert sorted(found, key=repr) == sorted(expected, key=repr)
    assert {row["method"] for row in rows} == {method.name}
    assert len(everything["tables"]["measurements"]) == len(measurements)


def test_every_table_about_a_person_is_in_it(small, out):
    """A table that is added later and belongs to a subject must come along."""
    told = json.loads((out / "everything.json").read_text())
    about_nobody = {"library", "clinic_facts", "table_digests"}
    assert set(told["tables"]) == set(schema.METADATA.tables) - about_nobody
    assert [row["name"] for row in told["tables"]["subjects"]] == ["anna"]
    assert len(told["tables"]["photos"]) == 3


def test_lost_photographs_are_said_to_be_lost(small, tmp_path):
    gone = small.catalog.photos(subject="anna")[0]
    small.originals.path(gone.digest).unlink()
    done = export(small, "anna", tmp_path / "out")
    assert (done.photos, done.lost) == (2, (gone.digest,))
    assert gone.digest in (tmp_path / "out" / "README.txt").read_text()


def test_unknown_subjects_and_taken_places_are_refused(small, tmp_path, out):
    with pytest.raises(LibraryError, match="no subject"):
        export(small, "bob", tmp_path / "bob")
    (tmp_path / "a.zip").write_bytes(b"mine")
    for place in (out, tmp_path / "a.zip"):
        with pytest.raises(LibraryError, match="something at"):
            export(small, "anna", place)
    assert (tmp_path / "a.zip").read_bytes() == b"mine"
    assert not list(tmp_path.glob(".*"))
