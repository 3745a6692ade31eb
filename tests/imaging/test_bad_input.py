"""What is no usable photograph is refused with one plain sentence, before it can harm."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import attacks
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hairtrack.errors import (
    PhotoError,
    PhotoTooLarge,
    PhotoTooSmall,
    UnreadablePhoto,
    UnsupportedFormat,
)
from hairtrack.imaging import codec

DATA = Path(__file__).parent / "data"
SOURCE = Path(__file__).parents[2] / "src"
FORMS = ["JPEG", "PNG", "WEBP", "HEIC"]
IN_MOTION = "moving picture"


def save(form: str, *, size: tuple[int, int] = (80, 70), **options: object) -> bytes:
    if form == "HEIC":
        return (DATA / "phone.heic").read_bytes()
    noise = np.random.default_rng(2).integers(0, 256, (size[1], size[0], 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, form, **options)
    return buffer.getvalue()


PHOTOS = {form: save(form) for form in FORMS}
PHOTOGRAPHS = attacks.list_photos()


def write_chunk(name: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + body))
    return struct.pack(">I", len(body)) + name + body + checksum


def write_png(width: int, height: int) -> bytes:
    """Return a PNG of 1-bit black: tiny, whatever its size in pixels."""
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 1)
    head = write_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    end = write_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + write_chunk(b"IDAT", rows) + end


def refuse(data: bytes, kind: type[PhotoError]) -> str:
    """Return the one sentence with which all ways in refuse the bytes."""
    texts = set()
    for enter in (codec.decode, codec.read, codec.probe, codec.strip):
        with pytest.raises(kind) as caught:
            enter(data)
        assert type(caught.value) is kind
        texts.add(str(caught.value))
    (text,) = texts
    assert text.endswith(".")
    assert "\n" not in text
    assert 15 < len(text) < 130
    return text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"hello, I am a text", "not a photo"),
        (b"\0" * 5000, "not a photo"),
        (b"\xff", "not a photo"),
        (b"\xff\xd8\xff", "cut off"),
        (b"\xff\xd8\xff\xd9", "no single picture"),
        (b"\x89PNG\r\n\x1a\n", "cut off"),
        (b"RIFF\x04\0\0\0WEBP", "no single picture"),
        (b"RIFF\xff\xff\0\0WEBP", "cut off"),
        (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "contradicts"),
    ],
)
def test_what_is_no_picture(data: bytes, words: str) -> None:
    assert words in refuse(data, UnreadablePhoto)


@pytest.mark.parametrize("form", FORMS)
@given(share=st.floats(0.02, 0.999))
@settings(max_examples=25, deadline=None)
def test_cut_off_anywhere(form: str, share: float) -> None:
    data = PHOTOS[form]
    refuse(data[: int(share * len(data))], UnreadablePhoto)


@pytest.mark.parametrize("progressive", [True, False])
def test_cut_off_jpeg_with_a_thumbnail(progressive: bool) -> None:
    # The end of the thumbnail's image must not pass for that of the photo.
    body = b"Exif\0\0" + PHOTOS["JPEG"]
    segment = struct.pack(">BBH", 0xFF, 0xE1, len(body) + 2) + body
    photo = save("JPEG", size=(200, 200), progressive=progressive)
    photo = photo[:2] + segment + photo[2:]
    codec.decode(photo)
    assert "cut off" in refuse(photo[: len(photo) // 2], UnreadablePhoto)


@pytest.mark.parametrize("progressive", [True, False])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.995])
def test_cut_off_jpeg_with_a_new_end(share: float, progressive: bool) -> None:
    # OpenCV paints something over the missing part and says nothing.
    photo = save("JPEG", size=(200, 300), progressive=progressive)
    patched = photo[: int(share * len(photo))] + b"\xff\xd9"
    with pytest.raises(UnreadablePhoto, match="missing or wrong"):
        codec.decode(patched)


def test_flat_grey_jpeg_is_no_damage() -> None:
    flat = codec.encode_jpeg(np.full((80, 80, 3), 128, np.uint8))
    assert codec.decode(flat).min() == 128


def test_damaged_png() -> None:
    data = bytearray(PHOTOS["PNG"])
    data[len(data) // 2] ^= 1
    assert "checksum" in refuse(bytes(data), UnreadablePhoto)
    whole = PHOTOS["PNG"]
    start = whole.index(b"IDAT") - 4
    short = write_chunk(b"IDAT", zlib.compress(bytes(300))) + write_chunk(b"IEND", b"")
    with pytest.raises(UnreadablePhoto, match="cannot be decoded"):
        codec.decode(whole[:start] + short)


@pytest.mark.parametrize("size", [(1, 1), (63, 200), (4000, 63)])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_too_few_pixels(form: str, size: tuple[int, int]) -> None:
    assert f"{size[0]} x {size[1]}" in refuse(save(form, size=size), PhotoTooSmall)


def test_smallest_photograph() -> None:
    assert codec.decode(save("PNG", size=(64, 64))).shape == (64, 64, 3)


def test_too_many_bytes() -> None:
    text = refuse(PHOTOS["JPEG"] + bytes(60_000_000), PhotoTooLarge)
    assert "60 MB" in text


def test_too_many_pixels() -> None:
    assert "200 megapixels" in refuse(write_png(20_000, 10_000), PhotoTooLarge)
    # A JPEG that only says so.
    jpeg = bytearray(PHOTOS["JPEG"])
    at = jpeg.index(b"\xff\xc0") + 5
    jpeg[at : at + 4] = struct.pack(">HH", 60_000, 60_000)
    assert "3600 megapixels" in refuse(bytes(jpeg), PhotoTooLarge)


def test_too_many_pixels_cost_no_memory() -> None:
    code = (
        "import resource, sys\n"
        "from hairtrack.errors import PhotoTooLarge\n"
        "from hairtrack.imaging import codec\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n codec.decode(sys.stdin.buffer.read())\n"
        "except PhotoTooLarge:\n"
        " print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    grown = run_python(code, given_bytes=write_png(20_000, 20_000))
    # Kilobytes (bytes on macOS); decoded it would be 0.4 to 1.2 GB.
    assert int(grown) < (20_000_000 if sys.platform == "darwin" else 20_000)


@pytest.mark.parametrize(
    "options",
    [
        {"form": "GIF", "words": "GIF"},
        {"form": "BMP", "words": "BMP"},
        {"form": "TIFF", "words": "TIFF"},
        {"form": "JPEG2000", "words": "JPEG 2000"},
        {"form": "AVIF", "words": "AVIF"},
        {"form": "PDF", "words": "PDF"},
    ],
    ids=lambda options: options["form"],
)
def test_other_formats_are_named(options: dict[str, str]) -> None:
    assert options["words"] in refuse(save(options["form"]), UnsupportedFormat)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_moving_pictures(form: str) -> None:
    second = Image.new("RGB", (80, 70), (9, 9, 200))
    data = save(form, save_all=True, append_images=[second], duration=100)
    assert IN_MOTION in refuse(data, UnsupportedFormat)


def test_moving_heic() -> None:
    data = PHOTOS["HEIC"]
    assert IN_MOTION in refuse(data[:8] + b"hevc" + data[12:], UnsupportedFormat)


def test_rare_kinds_of_jpeg() -> None:
    jpeg = bytearray(PHOTOS["JPEG"])
    jpeg[jpeg.index(b"\xff\xc0") + 4] = 12  # bits a sample
    assert "rare" in refuse(bytes(jpeg), UnsupportedFormat)


def test_endless_scans() -> None:
    jpeg = save("JPEG", progressive=True)
    start = jpeg.rindex(b"\xff\xda")
    endless = jpeg[:start] + jpeg[start:-2] * 200 + b"\xff\xd9"
    assert "scans" in refuse(endless, UnreadablePhoto)


@pytest.mark.parametrize("kind", PHOTOGRAPHS)
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_damage_never_raises_anything_else(kind: str, data: st.DataObject) -> None:
    photo = bytearray(PHOTOGRAPHS[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, min(len(photo), 1500)))
        match data.draw(st.sampled_from(["flip", "insert", "drop", "cut"])):
            case "flip":
                photo[at : at + 1] = bytes([data.draw(st.integers(0, 255))])
            case "insert":
                photo[at:at] = data.draw(st.binary(min_size=1, max_size=8))
            case "drop":
                del photo[at : at + data.draw(st.integers(1, 8))]
            case "cut":
                del photo[at:]
    with contextlib.suppress(PhotoError):
        stripped = codec.strip(bytes(photo))
        assert codec.strip(stripped) == stripped
        image = codec.decode(bytes(photo))
        np.testing.assert_array_equal(codec.decode(stripped), image)


def test_missing_system_libraries_are_named_in_one_line(tmp_path: Path) -> None:
    reason = "libGL.so.1: cannot open shared object file: No such file or directory"
    (tmp_path / "cv2.py").write_text(f"raise ImportError({reason!r})\n")
    code = (
        "from hairtrack.errors import SystemLibrariesMissing\n"
        "try:\n import hairtrack.imaging.codec\n"
        "except SystemLibrariesMissing as error:\n print(error)\n"
    )
    told = run_python(code, path=tmp_path)
    assert told.count("\n") == 1
    assert "libGL.so.1" in told
    assert "apt-get install libxcb1 libgl1 libglib2.0-0" in told
    assert "opencv-python-headless" in told


def run_python(code: str, *, given_bytes: bytes = b"", path: Path | None = None) -> str:
    """Return what a fresh interpreter prints."""
    folders = [str(folder) for folder in (path, SOURCE) if folder]
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=given_bytes,
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(folders)},
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()
