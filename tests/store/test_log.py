"""The log holds together, names nobody, and shows when it was tampered with."""

import re

import pytest
import sqlalchemy as sa

from hairtrack.store import Catalog, log, schema

KEY = "ab" * 32


@pytest.fixture
def catalog(address):
    with Catalog.create(address) as catalog:
        with catalog.database.writing() as connection:
            for number in range(4):
                log.append(
                    connection, "photo changed", key=KEY, photo=f"{number}", view="x"
                )
        yield catalog


def entries(catalog):
    with catalog.database.reading() as connection:
        query = sa.select(schema.changes).order_by(schema.changes.c.id)
        found = [dict(row) for row in connection.execute(query).mappings()]
        head = connection.execute(sa.select(schema.library.c.log_head)).scalar()
    return found, head


def test_an_untouched_log_holds(catalog):
    found, head = entries(catalog)
    assert [entry["id"] for entry in found] == [1, 2, 3, 4]
    assert found[0]["previous"] == ""
    assert list(log.break_points(found, head=head)) == []
    assert list(log.break_points([], head="")) == []


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (lambda found: found[1].update(action="photo added"), "Entry 2.*altered"),
        (lambda found: found[2].update(at="2020-01-01T00:00:00+00:00"), "Entry 3.*altered"),
        (lambda found: found.pop(1), "missing"),
        (lambda found: found.pop(), "does not end"),
        (lambda found: found.insert(0, found.pop(1)), "missing"),
        (lambda found: found.clear(), "does not end"),
    ],
)
def test_every_tampering_shows(catalog, tamper, told):
    found, head = entries(catalog)
    tamper(found)
    assert any(re.search(told, s) for s in log.break_points(found, head=head))


def test_an_entry_put_in_anew_breaks_the_chain(catalog):
    """Its own digest is right, but it follows nothing."""
    found, head = entries(catalog)
    found[1] |= {"action": "photo added"}
    found[1]["digest"] = log.digest(found[1])
    (told,) = log.break_points(found, head=head)
    assert told.startswith("Entry 3")


@pytest.mark.parametrize("order", ["UPDATE changes SET action = ''", "DELETE FROM changes"])
def test_the_database_itself_bars_changes(catalog, order):
    before = entries(catalog)
    with (
        pytest.raises(sa.exc.DBAPIError, match="only added to"),
        catalog.database.engine.begin() as connection,
    ):
        connection.exec_driver_sql(order)
    assert entries(catalog) == before


def test_a_tag_names_nobody_and_differs_from_key_to_key():
    assert log.tag(KEY, "anna") == log.tag(KEY, "anna")
    assert len({log.tag(log.new_key(), "anna") for _ in range(20)}) == 20
    assert "anna" not in log.tag(KEY, "anna")
