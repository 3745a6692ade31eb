"""Records that tests file, measure and keep."""

import datetime as dt

from hairtrack.course.entries import (
    Answer,
    Dose,
    Kind,
    Mark,
    Remark,
    Session,
    Settings,
    Severity,
    Symptom,
    Treatment,
)
from hairtrack.records import Measurement, Method, Photo, TakenFrom, View, ZoneMeasurement
from hairtrack.store import digest_of

METHOD = Method(name="m", version="1")
DAY = dt.date(2025, 3, 3)
CLINIC = """
[sources.ours]
title = "Our clinic"
kind = "clinic"

[[facts]]
topic = "washing"
source = "ours"
says = "Three days"
hours = 72
"""


def make_photo(name, *, day=3, subject="anna", **other):
    """Return a photograph of March 2025 whose digest is that of its name."""
    filed = {
        "digest": digest_of(name.encode()),
        "subject": subject,
        "visit": dt.date(2025, 3, day),
        "view": View.VERTEX,
        "taken_at": None,
        "taken_from": TakenFrom.PERSON,
        "width": 10,
        "height": 20,
    }
    return Photo(**filed | other)


def make_measurement(photo, baseline, level=0.25, *, error=0.1, **other):
    """Return a measurement of three zones; a refused one has none."""
    zone = {"visible_scalp": level, "standard_error": error, "area_px": 9}
    zones = [ZoneMeasurement(zone=name, **zone) for name in ("scalp", "crown", "grid_r1c1")]
    values = {"view": photo.view, "method": METHOD, "zones": tuple(zones)}
    if other.get("refused"):
        values["zones"] = ()
    return Measurement(photo=photo.digest, baseline=baseline.digest, **values | other)


def fill_course(courses, *, subject="anna", at=None):
    """Keep one of every kind of entry; return the number of the treatment."""
    at = at or dt.datetime(2025, 3, 10, 10, tzinfo=dt.UTC)
    day = at.date()
    (number,) = courses.add(Treatment(subject=subject, kind=Kind.MINOXIDIL, started_on=day))
    courses.add(
        Session(treatment=number, subject=subject, number=1, at=at),
        Symptom(subject=subject, at=at, sign="itch", severity=Severity.MILD),
        Dose(subject=subject, treatment=number, day=day),
        Remark(subject=subject, day=day, mark=Mark.HAIRCUT),
        Answer(subject=subject, check="kidney", yes=False, day=day),
    )
    hours = (("sun", 60.0),)
    courses.save_settings(
        Settings(subject=subject, zone="Asia/Kolkata", started_on=day, hours=hours)
    )
    courses.add_picture(subject, "ab" * 32, b"jpeg")
    return number
