"""Stripping leaves out everything private, and changes no pixel of any kind of file."""

from __future__ import annotations

import datetime as dt
import io
import struct

import attacks
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, JpegImagePlugin

from hairtrack.imaging import codec

TAKEN = dt.datetime(2024, 3, 9, 9, 8, 7)
LATITUDE, LONGITUDE = (52.0, 31.0, 12.0), (13.0, 24.0, 17.0)
TEXTS = {
    "body serial number": b"BODY-7391846",
    "lens serial number": b"LENS-5520917",
    "camera": b"Pocketcam 9",
    "owner": b"Owner Wilhelmina",
    "artist": b"Artist Theodora",
    "copyright": b"Copyright Leonhard",
    "unique id": b"0123456789abcdef0123456789abcdef",
    "maker note": b"MAKERNOTE-SERIAL",
    "XMP place": b"exif:GPSLatitude=52,31.2N",
    "XMP creator": b"dc:creator=Wilhelmina",
    "IPTC by-line": b"Byline Wilhelmina",
    "comment": b"comment by Wilhelmina",
    "trailer": b"trailer-of-the-phone",
    "text": b"Author\0Wilhelmina",
    "profile": b"Wilhelmina's screen 88231",
}
PLACES = {
    "latitude": struct.pack(">6I", 52, 1, 31, 1, 12, 1),
    "longitude": struct.pack(">6I", 13, 1, 24, 1, 17, 1),
    "altitude": struct.pack(">2I", 348731, 10000),
    "time of the satellites": b"2024:03:08\0",
}
NEEDLES = TEXTS | PLACES


def write_exif() -> bytes:
    """Return EXIF with twelve of them, its time and a turn."""
    entries = Image.Exif()
    entries.endian = ">"
    entries[0x0112] = 6
    entries[0x0110] = TEXTS["camera"].decode()
    entries[0x013B], entries[0x8298] = TEXTS["artist"].decode(), TEXTS["copyright"].decode()
    inner = entries.get_ifd(0x8769)
    inner[0x9003] = f"{TAKEN:%Y:%m:%d %H:%M:%S}"
    inner[0xA431] = TEXTS["body serial number"].decode()
    inner[0xA435] = TEXTS["lens serial number"].decode()
    inner[0xA430] = TEXTS["owner"].decode()
    inner[0xA420] = TEXTS["unique id"].decode()
    inner[0x927C] = TEXTS["maker note"]
    place = entries.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", LATITUDE, "E", LONGITUDE
    place[6], place[29] = 34.8731, "2024:03:08"
    return entries.tobytes()


def write_profile() -> bytes:
    """Return a colour profile with the name and number of a screen."""
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, 0x0233) + bytes(2)
    tags = {b"mmod": b"mmod" + bytes(4) + TEXTS["profile"]}
    for name, xyz in (
        (b"r", (0.6, 0.3, 0.0)),
        (b"g", (0.2, 0.6, 0.1)),
        (b"b", (0.1, 0.1, 0.7)),
    ):
        fixed = b"".join(struct.pack(">i", round(value * 65536)) for value in xyz)
        tags[name + b"XYZ"], tags[name + b"TRC"] = b"XYZ " + bytes(4) + fixed, curve
    return attacks.write_tags(tags, b"mntrRGB XYZ ")


XMP = TEXTS["XMP place"] + b" " + TEXTS["XMP creator"]


def make_jpeg() -> bytes:
    photo = attacks.save("JPEG", exif=write_exif(), icc_profile=write_profile())
    small = attacks.save("JPEG", attacks.draw(64, 64), comment=TEXTS["text"])
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\x16" + TEXTS["IPTC by-line"]
    more = [
        (0xE0, b"JFXX\0\x10" + small),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
        (0xE2, b"MPF\0" + TEXTS["text"]),
        (0xED, iptc),
        (0xFE, TEXTS["comment"]),
    ]
    parts = b"".join(attacks.segment(marker, body) for marker, body in more)
    return photo[:2] + parts + photo[2:] + small + TEXTS["trailer"]


def make_png() -> bytes:
    photo = attacks.save("PNG", exif=write_exif())
    packed = b"icc\0\0" + attacks.zlib.compress(write_profile(), 0)
    more = [
        (b"iCCP", packed),
        (b"tEXt", TEXTS["text"]),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
        (b"tEXt", b"Comment\0" + TEXTS["comment"]),
        (b"tEXt", b"Raw profile type iptc\0" + TEXTS["IPTC by-line"]),
    ]
    chunks = [attacks.chunk(name, body) for name, body in more]
    return attacks.insert(photo, *chunks) + TEXTS["trailer"]


def make_webp() -> bytes:
    options = {"exif": write_exif(), "icc_profile": write_profile(), "xmp": XMP}
    return attacks.save("WEBP", lossless=True, **options) + TEXTS["trailer"]


def make_heic() -> bytes:
    """Return the phone's HEIC with this EXIF and XMP behind, its item pointing there."""
    data = attacks.read_heic("phone")
    old = data.index(b"Exif\0\0", data.index(b"mdat")) - 4
    blob = struct.pack(">I", 6) + write_exif()
    row = data.index(struct.pack(">I", old), attacks.place_of(data, b"iloc"))
    body = blob + XMP + TEXTS["comment"]
    start = len(data) + 8
    data = attacks.put(data, row, struct.pack(">II", start, len(blob)))
    return data + attacks.box(b"mdat", body) + attacks.box(b"uuid", TEXTS["trailer"])


MAKERS = {"JPEG": make_jpeg, "PNG": make_png, "WebP": make_webp, "HEIC": make_heic}
LEAST = {"JPEG": 18, "PNG": 18, "WebP": 15, "HEIC": 14}
"""How many of the 18 each format carries here; each of 15 and more by three of them."""


@pytest.mark.parametrize("form", MAKERS)
def test_no_identifying_tag_is_left_and_no_pixel_moves(form: str) -> None:
    data = MAKERS[form]()
    carried = [name for name, needle in NEEDLES.items() if needle in data]
    assert len(carried) >= LEAST[form], sorted(set(NEEDLES) - set(carried))
    kept = codec.strip(data)
    assert [name for name, needle in NEEDLES.items() if needle in kept] == []
    before, after = codec.read(data), codec.read(kept)
    np.testing.assert_array_equal(after.image, before.image)
    assert after.format == form
    assert (before.camera, after.camera) == ("Pocketcam 9", "")
    assert after.taken_at == before.taken_at == TAKEN
    assert before.image.shape[0] > before.image.shape[1], "turned upright"
    assert codec.strip(kept) == kept
    probed = codec.probe(data)
    for name in ("format", "width", "height", "taken_at", "camera"):
        assert getattr(probed, name) == getattr(before, name)
    assert before.image.shape == (before.height, before.width, 3)


def test_known_parts_only_are_kept() -> None:
    data = make_jpeg()
    stripped = codec.strip(data)
    plain = JpegImagePlugin.JpegImageFile  # takes the first picture as it is
    first, jpeg = (plain(io.BytesIO(part)) for part in (data, stripped))
    np.testing.assert_array_equal(np.asarray(first), np.asarray(jpeg))
    assert stripped.count(b"\xff\xd8\xff") == 1, "no thumbnail"
    assert [name for name, _ in jpeg.applist] == ["APP0", "APP1", "APP2"]
    entries = jpeg.getexif()
    assert dict(entries).keys() == {0x0112, 0x8769}
    assert entries[0x0112] == 6
    assert entries.get_ifd(0x8769) == {0x9003: "2024:03:09 09:08:07"}
    png = Image.open(io.BytesIO(codec.strip(make_png())))
    assert png.info.keys() == {"icc_profile", "exif"}


@given(
    orientation=st.integers(1, 8),
    junk=st.lists(
        st.tuples(st.sampled_from([*range(0xE1, 0xF0), 0xFE]), st.binary(max_size=40)),
        max_size=4,
    ),
    trailer=st.binary(max_size=40),
)
@settings(max_examples=40)
def test_strip_is_idempotent_and_lossless(orientation, junk, trailer) -> None:
    photo = attacks.save("JPEG", attacks.draw(64, 72), exif=attacks.make_exif(orientation))
    parts = b"".join(attacks.segment(marker, body) for marker, body in junk)
    data = photo[:2] + parts + photo[2:] + trailer
    stripped = codec.strip(data)
    assert codec.strip(stripped) == stripped
    np.testing.assert_array_equal(codec.decode(stripped), codec.decode(data))


def test_multi_picture_jpeg_keeps_its_first() -> None:
    first, second = (Image.fromarray(attacks.draw(size, 80)) for size in (70, 90))
    data = attacks.save("MPO", first, save_all=True, append_images=[second], quality=95)
    assert codec.read(data).format == "JPEG"
    stripped = codec.strip(data)
    np.testing.assert_array_equal(codec.decode(stripped), codec.decode(data))
    assert len(stripped) < 0.7 * len(data)
