"""Everything about one person, in files that need no hairtrack to be read."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hairtrack
from hairtrack import batch
from hairtrack.errors import LibraryError, PhotoDamaged, PhotoMissing
from hairtrack.records import Photo
from hairtrack.store.copying import Rows, kept_photos, subject_rows
from hairtrack.store.files import (
    explain,
    make_private_folder,
    sync_file,
    sync_folder,
    write_durably,
)
from hairtrack.workflows.library import Library

Write = Callable[[str, bytes], None]

SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WebP": ".webp", "HEIC": ".heic"}

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written.

    Attributes
    ----------
    path : Path
        The folder or the zip archive.
    photos : int
        Photographs in it.
    lost : tuple of str
        Digests of photographs that are missing or damaged in the library.
    """

    path: Path
    photos: int
    lost: tuple[str, ...] = ()


def export(
    library: Library,
    subject: str,
    out: Path,
    *,
    on_progress: batch.Progress | None = None,
) -> Exported:
    """Write everything about one subject: photographs, tables, JSON and a README.

    Parameters
    ----------
    library : Library
        Open library.
    subject : str
        Whose data.
    out : Path
        New or empty folder, or a new file whose name ends in ``.zip``.
    on_progress : callable, optional
        Called with (done, all) photographs.

    Raises
    ------
    LibraryError
        There is no such subject, or the place is taken or cannot be written.
    """
    out = Path(out)
    rows = subject_rows(library.catalog, subject)
    if not rows["subjects"]:
        raise LibraryError(f"There is no subject {subject} in this library.")
    photos = [p for p in kept_photos(library.catalog) if p.subject == subject]
    with _open_output(out) as write:
        files, lost = _write_photos(library, photos, write, on_progress)
        write("photographs.csv", _photo_table(photos, files))
        write("visible_scalp.csv", _value_table(rows, files))
        write("everything.json", _everything(rows, subject, lost))
        write("README.txt", _readme(subject, lost))
    return Exported(path=out, photos=len(files), lost=tuple(lost))


def _write_photos(
    library: Library,
    photos: Iterable[Photo],
    write: Write,
    on_progress: batch.Progress | None,
) -> tuple[dict[str, str], list[str]]:
    """Write the photographs; return digest -> name of its file, and what is lost."""
    from hairtrack.imaging import codec

    files: dict[str, str] = {}
    lost: list[str] = []
    total = len(every := list(photos))
    for done, photo in enumerate(every, start=1):
        try:
            data = library.originals.get(photo.digest)
        except (PhotoMissing, PhotoDamaged):
            lost.append(photo.digest)
        else:
            suffix = SUFFIXES[codec.probe(data).format]
            same = [
                p for p in every[:done] if (p.visit, p.view) == (photo.visit, photo.view)
            ]
            name = f"{photo.visit}_{photo.view}_{len(same)}_{photo.digest[:8]}{suffix}"
            files[photo.digest] = f"photographs/{name}"
            write(files[photo.digest], data)
        if on_progress:
            on_progress(done, total)
    return files, lost


def _photo_table(photos: Iterable[Photo], files: dict[str, str]) -> bytes:
    from hairtrack.report.export import to_csv

    lines = [
        {
            "file": files.get(photo.digest),
            "visit": photo.visit.isoformat(),
            "view": str(photo.view),
            "taken_at": photo.taken_at.isoformat() if photo.taken_at else None,
            "taken_from": str(photo.taken_from),
            "hair_state": str(photo.hair_state),
            "camera": photo.camera,
            "note": photo.note,
            "width": photo.width,
            "height": photo.height,
            "digest": photo.digest,
        }
        for photo in photos
    ]
    return to_csv(lines, columns=_PHOTO_COLUMNS)


def _value_table(rows: Rows, files: dict[str, str]) -> bytes:
    from hairtrack.report.export import to_csv

    photos = {row["digest"]: row for row in rows["photos"]}
    methods = {row["id"]: row for row in rows["methods"]}
    zones: dict[int, list[dict[str, Any]]] = {}
    for zone in rows["zones"]:
        zones.setdefault(zone["measurement_id"], []).append(zone)
    lines = []
    for row in rows["measurements"]:
        for zone in zones.get(row["id"], [{}]):
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


def _everything(rows: Rows, subject: str, lost: list[str]) -> bytes:
    told = {
        "subject": subject,
        "exported_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "hairtrack": hairtrack.__version__,
        "lost_photographs": lost,
        "tables": rows,
    }
    return json.dumps(told, indent=1, ensure_ascii=False).encode()


def _readme(subject: str, lost: list[str]) -> bytes:
    told = "\nMissing or damaged in the library, and so not here:\n" if lost else ""
    return README.format(
        subject=subject,
        day=dt.date.today(),
        version=hairtrack.__version__,
        lost=told + "".join(f"  {digest}\n" for digest in lost),
    ).encode()


@contextmanager
def _open_output(out: Path) -> Iterator[Write]:
    """Give a way to write files into a folder or an archive, named when it is whole."""
    if out.is_file() or (out.is_dir() and (out.suffix == ".zip" or any(out.iterdir()))):
        raise LibraryError(f"There is something at {out} already; choose another place.")
    place = out.with_name(f".{out.name}.incoming")
    try:
        _remove(place)
        make_private_folder(out.parent)
        with _zip_writer(place) if out.suffix == ".zip" else _folder_writer(place) as write:
            yield write
        place.replace(out)
        sync_folder(out.parent)
    except OSError as error:
        raise LibraryError(explain(error, out)) from error
    finally:
        _remove(place)


@contextmanager
def _zip_writer(place: Path) -> Iterator[Write]:
    place.touch(0o600)
    with place.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            yield archive.writestr
        file.flush()
        sync_file(file.fileno())


@contextmanager
def _folder_writer(place: Path) -> Iterator[Write]:
    make_private_folder(place / "photographs")
    yield lambda name, data: write_durably(place / name, data)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
