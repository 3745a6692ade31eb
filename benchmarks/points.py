"""Point counts: truth about visible scalp from real photographs, read by eye.

Two or more people judge the same points of each photograph, independently and before
any result of the method is seen. Each point gets one letter:

    H   hair: at the very centre of the cross hair a strand of head hair is seen
    S   scalp: skin that bears or once bore head hair, up to the original hairline
    M   half: an edge, a blur or stubble, about half hair and half skin
    N   not scalp: forehead, face, ears, neck, glasses, background, clothes, hands

The photographs stay where they are; only the counts are kept.

    python benchmarks/points.py sheets PHOTOGRAPHS SHEETS
    python benchmarks/points.py merge READING1.csv READING2.csv --photos PHOTOGRAPHS
    python benchmarks/points.py agree
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import itertools
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from hairtrack_phantom import half_real

POINTS = Path(__file__).parent / "data" / "points.csv"
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
CODES = "HSMN"
VISIBLE = {"S": 1.0, "M": 0.5, "H": 0.0}

CELLS = 7
COUNT = 48
CENTRAL = 0.86
PATCH = 52
COLUMNS = 8
CYAN = (0, 255, 255)


def find_photographs(folder: Path) -> list[Path]:
    """Find the photographs below a folder, in order of name.

    Parameters
    ----------
    folder : Path
        Folder to search, subfolders included.

    Returns
    -------
    list of Path
        The photographs.

    Raises
    ------
    ValueError
        If there is none, or if two have the same name.
    """
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    if not found or len({path.name for path in found}) < len(found):
        raise ValueError(f"{folder}: no photographs, or two of one name")
    return found


def digest_file(path: Path) -> str:
    """Compute the SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def place_points(sha256: str, width: int, height: int) -> np.ndarray:
    """Place the points of one photograph: a jittered grid, the same for every reader.

    One point falls at random in each of 7 x 7 cells over the central 86 % of the frame,
    in each direction; one cell, drawn at random, is left out.

    Parameters
    ----------
    sha256 : str
        Digest of the photograph's bytes, in hexadecimal: the seed.
    width, height : int
        Size of the upright photograph, px.

    Returns
    -------
    ndarray, shape (48, 2), int64
        Points (x, y), px, row by row from the top left.
    """
    rng = np.random.default_rng(int(sha256, 16))
    row, col = np.divmod(np.arange(CELLS * CELLS), CELLS)
    cell_xy = np.stack([col, row], axis=1) + rng.random((CELLS * CELLS, 2))
    cell_xy = np.delete(cell_xy, rng.integers(CELLS * CELLS), axis=0)
    share_xy = (1 - CENTRAL) / 2 + CENTRAL * cell_xy / CELLS
    points_xy: np.ndarray = np.floor(share_xy * [width, height]).astype(np.int64)
    assert len(points_xy) == COUNT
    return points_xy


def read_photograph(path: Path) -> Image.Image:
    """Read a photograph upright and in RGB."""
    with Image.open(path) as photograph:
        return ImageOps.exif_transpose(photograph).convert("RGB")


def write_number(
    draw: ImageDraw.ImageDraw, number: int, corner_xy: tuple[float, float], size: float
) -> None:
    """Write a number in yellow with a black outline, its top left at a corner (px)."""
    font = ImageFont.load_default(size)
    draw.text(
        corner_xy,
        str(number),
        fill="yellow",
        font=font,
        stroke_width=2,
        stroke_fill="black",
    )


def draw_patch(
    image: Image.Image, x: int, y: int, index: int, *, enlarge: int
) -> Image.Image:
    """Draw the 52 px around a point (x, y), enlarged, with a cross hair on its pixel.

    The cross hair leaves 5 x 5 pixels of the photograph free, the point's in the middle.
    """
    half = PATCH / 2
    box = (x + 0.5 - half, y + 0.5 - half, x + 0.5 + half, y + 0.5 + half)
    side = PATCH * enlarge
    move = (1 / enlarge, 0, box[0], 0, 1 / enlarge, box[1])
    patch = image.transform(
        (side, side),
        Image.Transform.AFFINE,
        move,
        Image.Resampling.BICUBIC,
        fillcolor=(128, 128, 128),
    )
    draw = ImageDraw.Draw(patch)
    middle, near, far = side / 2, 2.5 * enlarge, 8 * enlarge
    for right, down in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        arm = [(middle + right * reach, middle + down * reach) for reach in (near, far)]
        draw.line(arm, fill=CYAN, width=1)
    write_number(draw, index, (3, 1), 18)
    draw.rectangle((0, 0, side - 1, side - 1), outline="black")
    return patch


def draw_overview(image: Image.Image, points_xy: np.ndarray, *, width: int) -> Image.Image:
    """Draw a copy of the whole photograph, `width` px wide, with its numbered points."""
    scale = width / image.width
    copy = image.resize((width, round(image.height * scale)), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(copy)
    for index, (x, y) in enumerate((points_xy + 0.5) * scale):
        draw.ellipse((x - 2, y - 2, x + 2, y + 2), fill=CYAN, outline="black")
        write_number(draw, index, (x + 3, y - 6), 12)
    return copy


def draw_sheet(path: Path, *, enlarge: int) -> Image.Image:
    """Draw the contact sheet of one photograph: 8 x 6 patches and the overview."""
    image = read_photograph(path)
    points_xy = place_points(digest_file(path), *image.size)
    side = PATCH * enlarge
    overview = draw_overview(image, points_xy, width=round(2.7 * side))
    height = max(-(-COUNT // COLUMNS) * side, overview.height + 30)
    sheet = Image.new("RGB", (COLUMNS * side + overview.width + 8, height), "white")
    for index, (x, y) in enumerate(points_xy.tolist()):
        corner = (index % COLUMNS * side, index // COLUMNS * side)
        sheet.paste(draw_patch(image, x, y, index, enlarge=enlarge), corner)
    sheet.paste(overview, (COLUMNS * side + 8, 30))
    font = ImageFont.load_default(20)
    ImageDraw.Draw(sheet).text((COLUMNS * side + 8, 2), path.name, fill="black", font=font)
    return sheet


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    """Write rows of equal fields to a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read the rows of a CSV file with a header."""
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def list_points(folder: Path) -> list[dict[str, str]]:
    """List the points of every photograph: file, sha256, index, x and y."""
    rows = []
    for path in find_photographs(folder):
        sha256 = digest_file(path)
        points_xy = place_points(sha256, *read_photograph(path).size)
        for index, (x, y) in enumerate(points_xy.tolist()):
            rows.append(
                {
                    "file": path.name,
                    "sha256": sha256,
                    "index": str(index),
                    "x": str(x),
                    "y": str(y),
                }
            )
    return rows


def make_sheets(folder: Path, out: Path, *, enlarge: int = 4) -> int:
    """Write one contact sheet per photograph and ``points.csv``, the empty form.

    Parameters
    ----------
    folder : Path
        Folder of the photographs.
    out : Path
        Folder for the sheets, made if missing. Keep it outside the repository.
    enlarge : int
        Side of a photograph's pixel in a patch, px.

    Returns
    -------
    int
        Number of sheets.
    """
    out.mkdir(parents=True, exist_ok=True)
    fields = ("file", "index", "x", "y")
    write_rows(
        out / "points.csv",
        [
            {field: row[field] for field in fields} | {"code": ""}
            for row in list_points(folder)
        ],
    )
    photographs = find_photographs(folder)
    for path in photographs:
        draw_sheet(path, enlarge=enlarge).save(out / f"{path.stem}.png")
    return len(photographs)


def read_reading(path: Path) -> dict[tuple[str, str, str, str], str]:
    """Read one reading.

    Parameters
    ----------
    path : Path
        CSV file with the columns file, index, x, y and code.

    Returns
    -------
    dict
        The code of each (file, index, x, y).

    Raises
    ------
    ValueError
        If a code is none of H, S, M, N, or if a point comes twice.
    """
    codes: dict[tuple[str, str, str, str], str] = {}
    for row in read_rows(path):
        key = (row["file"], row["index"], row["x"], row["y"])
        if len(row["code"]) != 1 or row["code"] not in CODES or key in codes:
            raise ValueError(
                f"{path}: point {row['index']} of {row['file']} has the code "
                f"{row['code']!r} or comes twice"
            )
        codes[key] = row["code"]
    return codes


def merge_readings(readings: list[Path], folder: Path) -> list[dict[str, str]]:
    """Merge the readings of all readers, in the order given.

    Parameters
    ----------
    readings : list of Path
        One CSV file per reader.
    folder : Path
        Folder of the photographs, for their digests and to check the points.

    Returns
    -------
    list of dict
        file, sha256, index, x, y, reader1, reader2, ..., split.

    Raises
    ------
    ValueError
        If a reading lacks a point or has one that is not of these photographs.
    """
    codes = [read_reading(path) for path in readings]
    merged = []
    for row in list_points(folder):
        key = (row["file"], row["index"], row["x"], row["y"])
        for number, (path, reading) in enumerate(zip(readings, codes, strict=True), 1):
            if key not in reading:
                raise ValueError(f"{path}: lacks point {row['index']} of {row['file']}")
            row[f"reader{number}"] = reading.pop(key)
        merged.append(row | {"split": half_real.split(row["sha256"])})
    for path, reading in zip(readings, codes, strict=True):
        if reading:
            raise ValueError(f"{path}: {len(reading)} points of no photograph here")
    return merged


def compute_kappa(one: np.ndarray, two: np.ndarray) -> float:
    """Compute Cohen's kappa of two readers' yes or no (bool arrays of one shape)."""
    seen = float(np.mean(one == two))
    chance = float(np.mean(one) * np.mean(two) + np.mean(~one) * np.mean(~two))
    return (seen - chance) / (1 - chance) if chance < 1 else float("nan")


def count_visible(rows: list[dict[str, str]], first: str, second: str) -> np.ndarray:
    """Count the visible scalp of each photograph by each of two readers.

    Parameters
    ----------
    rows : list of dict
        Merged points.
    first, second : str
        Columns of the two readers.

    Returns
    -------
    ndarray, shape (photographs, 2), float64
        Visible scalp in per cent, over the points that both readers put on the scalp;
        photographs without any are left out.
    """
    shared: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        if "N" not in (row[first], row[second]):
            pair = (VISIBLE[row[first]], VISIBLE[row[second]])
            shared.setdefault(row["file"], []).append(pair)
    means = [np.mean(pairs, axis=0) for pairs in shared.values()]
    return 100 * np.array(means, dtype=np.float64).reshape(-1, 2)


def describe_agreement(rows: list[dict[str, str]], first: str, second: str) -> str:
    """Describe in plain lines how far two readers agree."""
    visible = count_visible(rows, first, second)
    difference = visible[:, 1] - visible[:, 0]
    off = np.array([[row[first] == "N", row[second] == "N"] for row in rows])
    pairs = Counter((row[first], row[second]) for row in rows)
    same = sum(pairs[code, code] for code in CODES) / len(rows)
    lines = [
        f"photographs {len(visible)}, points {len(rows)}, on the scalp by both "
        f"{int(np.sum(~off.any(axis=1)))}",
        f"same letter                    {100 * same:6.1f} %",
        f"kappa of N against the rest    {compute_kappa(off[:, 0], off[:, 1]):6.3f}",
        f"visible scalp, {first:<15} {visible[:, 0].mean():6.1f} %",
        f"visible scalp, {second:<15} {visible[:, 1].mean():6.1f} %",
        f"mean absolute difference       {np.abs(difference).mean():6.1f} pp",
        f"largest difference             {np.abs(difference).max():6.1f} pp",
        f"correlation                    {np.corrcoef(visible.T)[0, 1]:6.3f}",
        f"{first} down, {second} across   " + "".join(f"{code:>6}" for code in CODES),
    ]
    for one in CODES:
        lines.append(f"{one:>26}    " + "".join(f"{pairs[one, two]:6d}" for two in CODES))
    return "\n".join(lines)


def print_agreement(path: Path) -> None:
    """Print the agreement of every two readers, over all photographs and per part."""
    rows = read_rows(path)
    readers = [field for field in rows[0] if field.startswith("reader")]
    if len(readers) < 2:
        raise ValueError(f"{path}: fewer than two readers")
    for first, second in itertools.combinations(readers, 2):
        for part in ("all", "train", "tune", "report"):
            chosen = [row for row in rows if part in ("all", row["split"])]
            if chosen:
                print(f"{part}\n{describe_agreement(chosen, first, second)}\n")


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    sheets = commands.add_parser("sheets", help="write the contact sheets")
    sheets.add_argument("photos", type=Path, help="folder of the photographs")
    sheets.add_argument("out", type=Path, help="folder for the sheets")
    sheets.add_argument("--enlarge", type=int, default=4, help="times a patch is enlarged")
    merge = commands.add_parser("merge", help="merge the readings of all readers")
    merge.add_argument("readings", type=Path, nargs="+", help="one CSV file per reader")
    merge.add_argument("--photos", type=Path, required=True, help="their folder")
    merge.add_argument("--out", type=Path, default=POINTS)
    agree = commands.add_parser("agree", help="print how far the readers agree")
    agree.add_argument("points", type=Path, nargs="?", default=POINTS)
    return parser.parse_args(arguments)


def main() -> int:
    """Run one command; 2 on wrong input."""
    chosen = parse_arguments()
    try:
        if chosen.command == "sheets":
            count = make_sheets(chosen.photos, chosen.out, enlarge=chosen.enlarge)
            print(f"{count} sheets in {chosen.out}")
        elif chosen.command == "merge":
            write_rows(chosen.out, merge_readings(chosen.readings, chosen.photos))
            print(chosen.out)
        else:
            print_agreement(chosen.points)
    except (ValueError, OSError) as error:
        print(f"points.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
