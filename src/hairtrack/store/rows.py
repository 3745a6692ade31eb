"""Records to table rows and back.

This is the border: numpy scalars become plain Python numbers here, because
SQLite would store them as bytes without a word.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, cast

from hairtrack.errors import LibraryError
from hairtrack.messages import Message
from hairtrack.records import (
    HairState,
    Matrix,
    Measurement,
    Method,
    Photo,
    Quality,
    QualityFlag,
    Registration,
    Series,
    Subject,
    TakenFrom,
    View,
    Visit,
    ZoneMeasurement,
)

Row = Mapping[Any, Any]


def from_photo(photo: Photo) -> dict[str, Any]:
    """Return the row of a photograph, less its subject."""
    return {
        "digest": photo.digest,
        "visit": photo.visit,
        "view": str(photo.view),
        "taken_at": None if photo.taken_at is None else photo.taken_at.isoformat(),
        "taken_from": str(photo.taken_from),
        "width": int(photo.width),
        "height": int(photo.height),
        "hair_state": str(photo.hair_state),
        "camera": photo.camera,
        "note": photo.note,
        "outline": photo.outline,
        "deleted_at": None if photo.deleted_at is None else photo.deleted_at.isoformat(),
    }


def filed(photo: Photo) -> dict[str, str]:
    """Return how a photograph is filed, as the log tells it: nothing a person wrote."""
    return {
        "view": str(photo.view),
        "visit": photo.visit.isoformat(),
        "taken_from": str(photo.taken_from),
        "hair_state": str(photo.hair_state),
    }


def to_photo(row: Row) -> Photo:
    """Return the photograph of a row joined with its subject's name."""
    return Photo(
        digest=row["digest"],
        subject=row["subject"],
        visit=row["visit"],
        view=View(row["view"]),
        taken_at=_time(row["taken_at"]),
        taken_from=TakenFrom(row["taken_from"]),
        width=row["width"],
        height=row["height"],
        hair_state=HairState(row["hair_state"]),
        camera=row["camera"],
        note=row["note"],
        outline=row["outline"],
        deleted_at=_time(row["deleted_at"]),
    )


def from_subject(subject: Subject) -> dict[str, Any]:
    """Return what a person declares of a subject, as columns."""
    view = subject.primary_view
    return {
        "started_at": subject.started_at,
        "primary_view": None if view is None else str(view),
        "primary_zone": subject.primary_zone,
    }


def to_subject(row: Row) -> Subject:
    """Return the subject of a row."""
    view = row["primary_view"]
    return Subject(
        name=row["name"],
        started_at=row["started_at"],
        primary_view=None if view is None else View(view),
        primary_zone=row["primary_zone"],
        declared_at=_time(row["declared_at"]),
    )


def from_visit(visit: Visit) -> dict[str, Any]:
    """Return what a person tells of a visit, as columns."""
    return {
        "hair_state": str(visit.hair_state),
        "hair_length_mm": _plain(visit.hair_length_mm),
        "haircut_on": visit.haircut_on,
        "dyed_on": visit.dyed_on,
        "note": visit.note,
    }


def to_visit(row: Row) -> Visit:
    """Return the visit of a row joined with its subject's name."""
    return Visit(
        subject=row["subject"],
        date=row["date"],
        hair_state=HairState(row["hair_state"]),
        hair_length_mm=row["hair_length_mm"],
        haircut_on=row["haircut_on"],
        dyed_on=row["dyed_on"],
        note=row["note"],
    )


def to_series(row: Row) -> Series:
    """Return one line of the overview."""
    return Series(
        subject=row["name"],
        view=View(row["view"]),
        first=row["first"],
        last=row["last"],
        visits=row["visits"],
        photos=row["photos"],
    )


def to_outline(row: Row | None, *, photo: str) -> bytes:
    """Return the PNG of an outline's row.

    Raises
    ------
    LibraryError
        There is no row, or its bytes are no longer what was kept.
    """
    if row is None or hashlib.sha256(row["region"]).hexdigest() != row["digest"]:
        raise LibraryError(
            Message(
                "The scalp outline of the photograph {photo} was lost or damaged "
                "on disk; draw it again.",
                photo=photo[:12],
            )
        )
    return bytes(row["region"])


def from_method(method: Method) -> dict[str, Any]:
    """Return the row of a method."""
    return {
        "key": method.key,
        "name": method.name,
        "version": method.version,
        "parameters": [[str(name), str(value)] for name, value in method.parameters],
    }


def to_method(row: Row, *, prefix: str = "") -> Method:
    """Return the method of a row whose columns bear this prefix."""
    return Method(
        name=row[f"{prefix}name"],
        version=row[f"{prefix}version"],
        parameters=tuple((name, value) for name, value in row[f"{prefix}parameters"]),
    )


def from_measurement(measurement: Measurement) -> dict[str, Any]:
    """Return the row of a measurement, less its key and its zones."""
    return {
        "view": str(measurement.view),
        "flags": [str(flag) for flag in measurement.quality.flags],
        "numbers": [[name, float(value)] for name, value in measurement.quality.numbers],
        "registration": _from_registration(measurement.registration),
        "refused": measurement.refused,
    }


def to_measurement(row: Row, zones: Iterable[Row]) -> Measurement:
    """Return the measurement of a row joined with its method, and its zones' rows."""
    return Measurement(
        photo=row["photo"],
        baseline=row["baseline"],
        view=View(row["view"]),
        method=to_method(row, prefix="method_"),
        quality=Quality(
            flags=tuple(QualityFlag(flag) for flag in row["flags"]),
            numbers=tuple((name, value) for name, value in row["numbers"]),
        ),
        registration=_to_registration(row["registration"]),
        zones=tuple(_to_zone(zone) for zone in zones),
        refused=row["refused"],
        outline=row["outline"],
        baseline_outline=row["baseline_outline"],
    )


def from_zones(
    zones: Iterable[ZoneMeasurement], *, measurement_id: int
) -> list[dict[str, Any]]:
    """Return the rows of the zones of one measurement."""
    return [
        {
            "measurement_id": measurement_id,
            "position": position,
            "zone": zone.zone,
            "visible_scalp": _plain(zone.visible_scalp),
            "standard_error": _plain(zone.standard_error),
            "area_px": int(zone.area_px),
            "seen": float(zone.seen),
        }
        for position, zone in enumerate(zones)
    ]


def _to_zone(row: Row) -> ZoneMeasurement:
    return ZoneMeasurement(
        zone=row["zone"],
        visible_scalp=row["visible_scalp"],
        standard_error=row["standard_error"],
        area_px=row["area_px"],
        seen=row["seen"],
    )


def _time(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text)


def _plain(value: float | None) -> float | None:
    return None if value is None else float(value)


def _from_registration(registration: Registration | None) -> dict[str, Any] | None:
    if registration is None:
        return None
    return {
        "matrix": [[float(value) for value in row] for row in registration.matrix],
        "model": registration.model,
        "inliers": int(registration.inliers),
        "rms_px": float(registration.rms_px),
        "scale": float(registration.scale),
        "overlap": float(registration.overlap),
    }


def _to_registration(stored: dict[str, Any] | None) -> Registration | None:
    if stored is None:
        return None
    matrix = cast(Matrix, tuple(tuple(row) for row in stored["matrix"]))
    return Registration(**{**stored, "matrix": matrix})
