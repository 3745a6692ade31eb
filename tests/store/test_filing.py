"""Rows that photographs need are made once, and queries narrow to what is asked."""

import datetime as dt

import pytest

from hairtrack.store import Catalog, filing


@pytest.fixture
def connection(address):
    with Catalog.create(address) as catalog, catalog.database.writing() as connection:
        yield connection


def test_subjects_and_visits_are_made_once(connection):
    first = filing.need_subject(connection, "anna")
    assert filing.need_subject(connection, "anna") == first
    assert filing.need_subject(connection, "berta")["id"] != first["id"]
    day = dt.date(2025, 3, 3)
    visit = filing.need_visit(connection, first["id"], day)
    assert filing.need_visit(connection, first["id"], day) == visit


def test_each_subject_has_a_key_of_its_own(connection):
    rows = [filing.need_subject(connection, name) for name in ("anna", "berta")]
    keys = [filing.log_key(connection, row["id"]) for row in rows]
    assert len(set(keys)) == 2
    assert all(len(bytes.fromhex(key)) == 32 for key in keys)


@pytest.mark.parametrize(("deleted", "clauses"), [(None, 0), (True, 1), (False, 1)])
def test_presence_narrows_only_when_asked(deleted, clauses):
    assert len(filing.presence(deleted)) == clauses
