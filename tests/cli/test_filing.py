"""Corrections as a person types them."""

import io
import json
import shutil

import pytest


@pytest.fixture(autouse=True)
def library(monkeypatch, measured, tmp_path):
    """Let every command work on a copy of the measured library."""
    shutil.copytree(measured, tmp_path / "library")
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "library"))


@pytest.fixture
def digits(hairtrack):
    _, out, _ = hairtrack("photo", "list", "--json")
    return [photo["digest"][:12] for photo in json.loads(out)]


def test_a_photo_is_filed_as_told(hairtrack, digits):
    for command, arguments, expected in (
        ("move", ["midline"], {"view": "midline"}),
        ("date", ["2025-04-01"], {"visit": "2025-04-01", "taken_from": "person"}),
        ("assign", ["S-02"], {"subject": "S-02"}),
        ("describe", ["--hair", "wet", "--note", "x"], {"hair_state": "wet", "note": "x"}),
    ):
        told = hairtrack("photo", command, digits[2], *arguments, "--json")
        assert told[0] == 0
        assert json.loads(told[1]).items() >= expected.items()
    status, out, _ = hairtrack("photo", "list")
    assert (status, out.count("\n"), digits[2] in out) == (0, 3, True)


def test_deleting_restoring_and_purging(hairtrack, digits, tmp_path):
    assert hairtrack("photo", "delete", digits[0])[0] == 0
    assert hairtrack("photo", "list")[1].count("\n") == 2
    assert digits[0] in hairtrack("photo", "list", "--deleted")[1]
    assert "deleted" not in hairtrack("photo", "restore", digits[0])[1]
    hairtrack("photo", "delete", digits[0])
    status, out, _ = hairtrack("photo", "purge", "--days", "0", "--json")
    assert (status, json.loads(out)) == (0, {"purged": 1})
    (tmp_path / "a.png").write_bytes(b"hello")
    for refused in (["restore", digits[0]], ["outline", digits[1], tmp_path / "a.png"]):
        status, out, err = hairtrack("photo", *refused)
        assert (status, out) == (1, "")
        assert err.startswith("hairtrack: ")
        assert err.count("\n") == 1
    assert hairtrack("photo", "outline", digits[1])[0] == 0


def test_what_is_told_of_subjects_and_visits(hairtrack):
    declare = ["--primary-view", "vertex", "--primary-zone", "crown"]
    status, out, _ = hairtrack("subject", "set", "me", "--started", "2025-03-01", *declare)
    assert status == 0
    assert "week 0 on 2025-03-01" in out
    assert "crown" in out
    told = ["--hair", "dry", "--length-mm", 30, "--haircut", "2025-02-01"]
    status, out, _ = hairtrack("visit", "set", "me", "2025-03-03", *told, "--json")
    assert status == 0
    assert json.loads(out)["hair_length_mm"] == 30
    assert "30 mm long" in hairtrack("visit", "list")[1]
    assert hairtrack("subject", "rename", "me", "S-01")[0] == 0
    status, out, _ = hairtrack("subject", "list", "--json")
    (subject,) = json.loads(out)
    assert (subject["subject"], subject["photos"]) == ("S-01", 3)


def test_erasing_asks_first(hairtrack, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert hairtrack("erase", "me")[0] == 1
    assert hairtrack("photo", "list")[1].count("\n") == 3
    status, out, _ = hairtrack("erase", "me", "--yes")
    assert status == 0
    assert "3 photographs erased" in out
    assert "SSD" in out
    assert hairtrack("photo", "list")[1] == ""
    status, _, err = hairtrack("erase", "me", "--yes")
    assert status == 1
    assert "no subject 'me'" in err


@pytest.mark.parametrize(
    ("copies", "told"),
    [(True, "rows from 20"), (False, "3 photographs filed by their record")],
)
def test_a_library_without_its_catalogue_is_salvaged(hairtrack, tmp_path, copies, told):
    if not copies:
        shutil.rmtree(tmp_path / "library" / "catalog-copies")
    (tmp_path / "library" / "catalog.sqlite").write_bytes(b"no database" * 900)
    status, _, err = hairtrack("photo", "list")
    assert (status, "salvage" in err) == (1, True)
    status, out, _ = hairtrack("salvage", tmp_path / "library", tmp_path / "new")
    assert status == 0
    assert "3 photographs" in out
    assert told in out
    assert ("filed by their record" in out) is not copies
    status, out, _ = hairtrack("photo", "list", "--library", tmp_path / "new")
    assert (status, out.count("vertex")) == (0, 3)
