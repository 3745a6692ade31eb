"""Which numbers hold: those in the zones and outlines that hold now, of one method.

A photograph that was moved, deleted or given another outline leaves numbers
behind that no longer speak of it as it is filed. They stay in the catalogue
under their key, and hold again when the change is undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from hairtrack.messages import Message
from hairtrack.records import GRID, Measurement, View
from hairtrack.serialization import from_plain, to_plain
from hairtrack.store import rows, schema

_AT_A_TIME = 900


def baselines(
    connection: sa.Connection, *, subject: str | None = None
) -> dict[tuple[int, str], sa.RowMapping]:
    """Return (subject's number, view) -> the baseline that holds.

    It is the first chosen one that is still a photograph of the series. Each row
    has the subject's `name` and the `outline` drawn on the photograph.
    """
    table, photos, names = schema.baselines, schema.photos, schema.subjects
    query = (
        sa.select(table, names.c.name, photos.c.outline)
        .join_from(table, photos, photos.c.digest == table.c.photo)
        .join(names, names.c.id == table.c.subject_id)
        .where(
            photos.c.subject_id == table.c.subject_id,
            photos.c.view == table.c.view,
            photos.c.deleted_at.is_(None),
            *rows.series(subject),
        )
        .order_by(names.c.name, table.c.view, table.c.place)
    )
    held: dict[tuple[int, str], sa.RowMapping] = {}
    for row in connection.execute(query).mappings():
        held.setdefault((row["subject_id"], row["view"]), row)
    return held


def choose_baseline(connection: sa.Connection, photo: Mapping[Any, Any]) -> None:
    """Enter a photograph as the next baseline of its series, unless it is one already."""
    table = schema.baselines
    key = {"subject_id": photo["subject_id"], "view": photo["view"]}
    same = [table.c[name] == value for name, value in key.items()]
    chosen = connection.execute(sa.select(table).where(*same)).mappings().all()
    if all(row["photo"] != photo["digest"] for row in chosen):
        values = {"photo": photo["digest"], "chosen_at": rows.now()}
        place = 1 + max((row["place"] for row in chosen), default=-1)
        rows.insert(connection, table, key | values | {"place": place})
        rows.add_audit(
            connection,
            "baseline chosen",
            subject_id=photo["subject_id"],
            photo=photo["digest"],
        )


def insert(
    connection: sa.Connection, measurement: Measurement, key: Mapping[str, Any]
) -> None:
    """Write a measurement and its zones under one checksum.

    `key` holds what no other measurement has together: photograph, baseline, number of
    the method, and outlines.
    """
    table = schema.measurements
    number = rows.next_id(connection, table)
    values = rows.to_row(measurement, table) | dict(key)
    values |= {"id": number, "measured_at": rows.now()}
    if isinstance(measurement.refused, Message):
        values["refused"] = measurement.refused.dump()
    zones = [
        {"measurement_id": number, "position": position} | zone
        for position, zone in enumerate(to_plain(measurement.zones))
    ]
    values["checksum"] = checksum(values, zones)
    connection.execute(table.insert().values(values))
    if zones:
        connection.execute(schema.zones.insert(), zones)


def checksum(values: Mapping[Any, Any], zones: Iterable[Mapping[Any, Any]]) -> str:
    """Return the checksum of a measurement's row together with those of its zones."""
    return rows.row_checksum(
        "measurements", {**values, "zones": [dict(zone) for zone in zones]}
    )


def heads(
    connection: sa.Connection,
    method: str,
    *,
    subject: str | None = None,
    view: View | None = None,
) -> Sequence[sa.RowMapping]:
    """Return what identifies each result by a method, in the order of photographs.

    `drawn` is the outline that holds on the photograph, `filed` its view.
    """
    table, photos = schema.measurements, schema.photos
    columns = (
        *(table.c.id, table.c.photo, table.c.baseline, table.c.view, table.c.refused),
        *(table.c.outline, table.c.baseline_outline, photos.c.subject_id),
        *(photos.c.outline.label("drawn"), photos.c.view.label("filed")),
    )
    query = (
        sa.select(*columns)
        .join_from(photos, schema.subjects)
        .join(table, table.c.photo == photos.c.digest)
        .join(schema.methods)
        .where(
            schema.methods.c.key == method,
            *rows.series(subject, view),
            *rows.presence(False),
        )
        .order_by(*rows.ORDER, table.c.baseline, table.c.id)
    )
    return connection.execute(query).mappings().all()


def current(
    connection: sa.Connection,
    method: str,
    *,
    subject: str | None = None,
    view: View | None = None,
) -> dict[str, int]:
    """Return photograph -> number of the result that holds, in the order of photographs.

    It was taken in the zones of the baseline that holds. A photograph on which no
    scalp was found when it was tried as a baseline itself keeps that refusal.
    """
    held = baselines(connection, subject=subject)
    chosen: dict[str, int] = {}
    for head in heads(connection, method, subject=subject, view=view):
        if head["view"] != head["filed"] or head["outline"] != (head["drawn"] or ""):
            continue
        baseline = held.get((head["subject_id"], head["filed"]))
        if baseline is not None and head["baseline"] == baseline["photo"]:
            if head["baseline_outline"] == (baseline["outline"] or ""):
                chosen[head["photo"]] = head["id"]
        elif head["baseline"] == head["photo"] and head["refused"] is not None:
            chosen.setdefault(head["photo"], head["id"])
    return chosen


def alone(connection: sa.Connection, method: str) -> dict[str, bool]:
    """Return photographs measured in their own zones -> whether that was refused."""
    return {
        head["photo"]: head["refused"] is not None
        for head in heads(connection, method)
        if head["baseline"] == head["photo"] and head["outline"] == (head["drawn"] or "")
    }


def latest_method(connection: sa.Connection) -> sa.RowMapping | None:
    """Return the method of the newest result."""
    query = (
        sa.select(schema.methods)
        .join_from(schema.measurements, schema.methods)
        .order_by(schema.measurements.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).mappings().first()


def methods(
    connection: sa.Connection, *, subject: str | None = None, view: View | None = None
) -> list[str]:
    """Return the keys of the methods that gave results for photographs of a series."""
    query = (
        sa.select(schema.methods.c.key)
        .distinct()
        .join_from(schema.measurements, schema.methods)
        .join(schema.photos, schema.photos.c.digest == schema.measurements.c.photo)
        .join(schema.subjects)
        .where(*rows.series(subject, view), *rows.presence(False))
        .order_by(schema.methods.c.key)
    )
    return list(connection.execute(query).scalars())


def state(connection: sa.Connection) -> str:
    """Return what `Catalog.state` says."""
    parts = [
        sa.select(sa.func.max(schema.audit.c.id)),
        sa.select(sa.func.max(schema.measurements.c.id)),
        sa.select(sa.func.count()).select_from(schema.baselines),
        sa.select(schema.clinic_facts.c.checksum),
    ]
    query = sa.select(*(one.scalar_subquery() for one in parts))
    return " ".join(str(part) for part in connection.execute(query).one())


def load(
    connection: sa.Connection,
    numbers: Sequence[int],
    *,
    zone: str | None = None,
    grid: bool = True,
) -> list[Measurement]:
    """Return the measurements with these numbers, in this order.

    They come with one zone, with all, or with all but the squares of the grid.
    """
    table = schema.measurements
    methods = {
        row["id"]: row for row in connection.execute(sa.select(schema.methods)).mappings()
    }
    found: dict[int, Measurement] = {}
    for some in _parts(numbers):
        inner = _zones(connection, some, zone=zone, grid=grid)
        query = sa.select(table).where(table.c.id.in_(some))
        for row in connection.execute(query).mappings():
            more = {"method": methods[row["method_id"]], "zones": inner.get(row["id"], [])}
            made = from_plain(Measurement, {**row, **more})
            if isinstance(row["refused"], Mapping):
                made = replace(made, refused=Message.load(row["refused"]))
            found[row["id"]] = made
    return [found[number] for number in numbers]


def _zones(
    connection: sa.Connection, numbers: Sequence[int], *, zone: str | None, grid: bool
) -> dict[int, list[sa.RowMapping]]:
    table = schema.zones
    query = (
        sa.select(table)
        .where(table.c.measurement_id.in_(numbers))
        .where(*([] if zone is None else [table.c.zone == zone]))
        .where(*([] if grid else [~table.c.zone.startswith(GRID, autoescape=True)]))
        .order_by(table.c.measurement_id, table.c.position)
    )
    found = connection.execute(query).mappings()
    return {
        number: list(group)
        for number, group in groupby(found, key=itemgetter("measurement_id"))
    }


def _parts(numbers: Iterable[int]) -> Iterable[list[int]]:
    waiting = iter(numbers)
    return iter(lambda: list(islice(waiting, _AT_A_TIME)), [])
