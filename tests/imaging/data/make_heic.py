"""Write the HEIC photographs of this folder; the project itself only reads HEIC.

Run by hand with pillow-heif (which brings an encoder under the GPL) installed beside
the development tools: ``python tests/imaging/data/make_heic.py``. The scene is that of
`draw_scene` in test_codec.py; nothing in it is a photograph.
"""

import io
import struct
import sys
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from test_codec import P3, draw_scene, write_exif  # noqa: E402

XMP = b"<x:xmpmeta>SERIAL123456 secret</x:xmpmeta>"


def encode(array, **options):
    buffer = io.BytesIO()
    size = (array.shape[1], array.shape[0])
    mode = "RGB" if array.shape[2] == 3 else "RGBA"
    pixels = np.ascontiguousarray(array).tobytes()
    pillow_heif.encode(mode, size, pixels, buffer, quality=80, **options)
    return buffer.getvalue()


def pack(*numbers):
    return struct.pack(f">{len(numbers)}H", *numbers)


def box(kind, *parts, full=None):
    """Return a box; `full` is its version (from bit 24) and flags, if it has them."""
    body = (b"" if full is None else struct.pack(">I", full)) + b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def find(data, kind):
    """Return the content of the first box of a kind."""
    place = data.index(kind)
    size = struct.unpack_from(">I", data, place - 4)[0]
    return data[place + 4 : place - 4 + size]


def describe_item(number, kind, *, hidden=False):
    return box(b"infe", pack(number, 0), kind, b"\0", full=2 << 24 | hidden)


def describe_extent(width, height):
    return box(b"ispe", struct.pack(">II", width, height), full=0)


def write_properties(tile, thumbnail):
    properties = box(
        b"ipco",
        box(b"hvcC", find(tile, b"hvcC")),
        describe_extent(64, 64),
        describe_extent(128, 64),
        box(b"colr", b"prof", P3),
        box(b"irot", b"\x03"),
        box(b"hvcC", find(thumbnail, b"hvcC")),
        describe_extent(64, 48),
        box(b"udes", b"en\0SERIAL123456\0\0\0", full=0),
    )
    links = [(1, "8102 04"), (2, "8102 04"), (3, "0304 8508"), (5, "8607")]
    rows = b""
    for number, text in links:
        link = bytes.fromhex(text)
        rows += pack(number) + bytes([len(link)]) + link
    return box(b"iprp", properties, box(b"ipma", struct.pack(">I", 4), rows, full=0))


def make_phone():
    """Return what a phone writes: a turned grid of tiles, EXIF, thumbnail, extras."""
    scene = draw_scene()
    tiles = [encode(scene[16:80, left : left + 64]) for left in (0, 64)]
    thumbnail = encode(scene[::2, ::2])
    blob = write_exif(6).tobytes().removeprefix(b"Exif\0\0")
    payload = [find(tile, b"mdat") for tile in tiles]
    payload += [struct.pack(">I", 6) + b"Exif\0\0" + blob, find(thumbnail, b"mdat")]
    items = [
        describe_item(1, b"hvc1", hidden=True),
        describe_item(2, b"hvc1", hidden=True),
        describe_item(3, b"grid"),
        describe_item(4, b"Exif", hidden=True),
        describe_item(5, b"hvc1"),
    ]
    links = [
        box(b"dimg", pack(3, 2, 1, 2)),
        box(b"cdsc", pack(4, 1, 3)),
        box(b"thmb", pack(5, 1, 3)),
    ]
    grid = bytes([0, 0, 0, 1]) + pack(128, 64)

    def write_head(start):
        rows = pack(3, 1, 0, 1) + struct.pack(">II", 0, len(grid))
        for number, part in zip((1, 2, 4, 5), payload, strict=True):
            rows += pack(number, 0, 0, 1) + struct.pack(">II", start, len(part))
            start += len(part)
        meta = box(
            b"meta",
            box(b"hdlr", bytes(4) + b"pict" + bytes(13), full=0),
            box(b"pitm", pack(3), full=0),
            box(b"iinf", pack(len(items)), *items, full=0),
            box(b"iref", *links, full=0),
            write_properties(tiles[0], thumbnail),
            box(b"iloc", b"\x44\x00", pack(len(items)), rows, full=1 << 24),
            box(b"idat", grid),
            full=0,
        )
        extra = box(b"uuid", b"0123456789abcdef", b"SERIAL123456")
        return box(b"ftyp", b"heic", bytes(4), b"mif1heic") + meta + extra

    start = len(write_head(0)) + 8
    return write_head(start) + box(b"mdat", *payload)


def make_private():
    picture = Image.fromarray(draw_scene())
    picture.info.update(xmp=XMP, thumbnails=[48], icc_profile=P3)
    buffer = io.BytesIO()
    file = pillow_heif.from_pillow(picture)
    file.save(buffer, quality=80, exif=write_exif().tobytes())
    return buffer.getvalue()


def main():
    scene = draw_scene()
    rows, columns = scene.shape[:2]
    alpha = np.full((rows, columns, 1), 255, np.uint8)
    opaque = np.concatenate([scene, alpha], axis=2)
    see_through = opaque.copy()
    see_through[40:, :, 3] = 90
    files = {
        "plain": encode(scene),
        "turned": encode(scene, exif=write_exif(6).tobytes()),
        "opaque": encode(opaque),
        "see_through": encode(see_through),
        "private": make_private(),
        "phone": make_phone(),
    }
    for name, data in files.items():
        (HERE / f"{name}.heic").write_bytes(data)


if __name__ == "__main__":
    main()
