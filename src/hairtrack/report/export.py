"""What is exported of a person: tables as files that any program opens, and a README."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import hairtrack
from hairtrack.records import Photo
from hairtrack.serialization import to_plain

Cell = str | int | float | None
Rows = Mapping[str, Sequence[Mapping[str, Any]]]

README = """\
Photographs and numbers of "{subject}", exported on {day} by hairtrack {version}.

photographs/        the kept photographs: day, view, number of the day, start of the digest.
                    Their pixels are as the camera wrote them; place, serial numbers and
                    thumbnails were removed when they were taken in.
photographs.csv     one line for each photograph: its file, day, view, camera and note.
visible_scalp.csv   one line for each photograph, zone and method. visible_scalp is the
                    share of the zone (0 to 1) where skin and not hair is seen, and
                    standard_error is one standard error of that level. Where "refused"
                    holds a sentence the photograph could not be measured. Numbers of two
                    methods are not to be compared.
everything.json     every row that the library holds about this person, table by table.

It documents appearance. It is no diagnosis and no advice on treatment.
{lost}"""

_PHOTO_COLUMNS = (
    *("file", "visit", "view", "taken_at", "taken_from", "hair_state", "camera", "note"),
    *("width", "height", "digest"),
)
_VALUE_COLUMNS = (
    *("file", "visit", "view", "zone", "visible_scalp", "standard_error", "area_px"),
    *("seen", "refused", "method", "method_version", "baseline"),
)


def to_csv(rows: Iterable[Mapping[str, Cell]], *, columns: Sequence[str]) -> bytes:
    r"""Write rows as CSV (UTF-8 with a byte order mark, comma, CRLF).

    A text that a spreadsheet would take for a formula gets an apostrophe;
    numbers stay numbers, and what does not exist stays empty.

    Parameters
    ----------
    rows : iterable of mapping
        One for each line; every column must be there.
    columns : sequence of str
        Names of the columns, in order.

    Returns
    -------
    bytes

    Examples
    --------
    >>> to_csv([{"visit": "2025-03-03", "value": 0.41}], columns=["visit", "value"])
    b'\xef\xbb\xbfvisit,value\r\n2025-03-03,0.41\r\n'
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_defuse(row[name]) for name in columns] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def write_photo_table(photos: Iterable[Photo], files: Mapping[str, str]) -> bytes:
    """Return one line for each photograph as CSV; `files` is digest -> name of its file."""
    lines = [to_plain(photo) | {"file": files.get(photo.digest)} for photo in photos]
    return to_csv(lines, columns=_PHOTO_COLUMNS)


def write_value_table(rows: Rows, files: Mapping[str, str]) -> bytes:
    """Return one line for each photograph, zone and method as CSV.

    Parameters
    ----------
    rows : mapping
        Table of the catalogue -> its rows.
    files : mapping
        Digest of a photograph -> name of its file.
    """
    photos = {row["digest"]: row for row in rows["photos"]}
    methods = {row["id"]: row for row in rows["methods"]}
    lines = []
    for row in rows["measurements"]:
        for zone in [*row["zones"], *row["grid"]] or [{}]:
            lines.append(
                {name: zone.get(name) for name in _VALUE_COLUMNS[3:8]}
                | {
                    "file": files.get(row["photo"]),
                    "visit": photos[row["photo"]]["visit"],
                    "view": row["view"],
                    "refused": row["refused"],
                    "method": methods[row["method_id"]]["name"],
                    "method_version": methods[row["method_id"]]["version"],
                    "baseline": files.get(row["baseline"]),
                }
            )
    return to_csv(lines, columns=_VALUE_COLUMNS)


def write_readme(subject: str, lost: Sequence[str]) -> bytes:
    """Return what the exported files hold, and which photographs are lost."""
    told = "\nMissing or damaged in the library, and so not here:\n" if lost else ""
    return README.format(
        subject=subject,
        day=dt.date.today(),
        version=hairtrack.__version__,
        lost=told + "".join(f"  {digest}\n" for digest in lost),
    ).encode()


def _defuse(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.lstrip()[:1] in {"=", "+", "-", "@"} - {""}:
        return "'" + cell
    if isinstance(cell, str) and cell[:1] in {"\t", "\r"}:
        return "'" + cell
    return cell
