"""Tables as files that any program opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

Cell = str | int | float | None


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


def _defuse(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.lstrip()[:1] in {"=", "+", "-", "@"} - {""}:
        return "'" + cell
    if isinstance(cell, str) and cell[:1] in {"\t", "\r"}:
        return "'" + cell
    return cell
