"""What is no usable photograph is refused with one plain sentence, before it can harm."""

from __future__ import annotations

import contextlib
import os
import struct
import subprocess
import sys
from pathlib import Path

import attacks
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hairtrack.errors import (
    PhotoError,
    PhotoTooLarge,
    PhotoTooSmall,
    UnreadablePhoto,
    UnsupportedFormat,
)
from hairtrack.imaging import codec

SOURCE = Path(__file__).parents[2] / "src"
FORMS = ["JPEG", "PNG", "WEBP", "HEIC"]


def save(form: str, *, size: tuple[int, int] = (80, 70), **options: object) -> bytes:
    noise = np.random.default_rng(2).integers(0, 256, (size[1], size[0], 3), np.uint8)
    return attacks.save(form, noise, **options)


PHOTOS = {form: save(form) for form in FORMS[:3]} | {"HEIC": attacks.read_heic()}
PHOTOGRAPHS = attacks.list_photos()


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


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Return the files of `attacks` that must be refused."""
    return dict(attacks.list_attacks())


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("empty", UnreadablePhoto, "empty"),
        ("zeros", UnreadablePhoto, "not a photo"),
        ("one byte ff", UnreadablePhoto, "not a photo"),
        ("JPEG start", UnreadablePhoto, "cut off"),
        ("JPEG start and end", UnreadablePhoto, "no single picture"),
        ("PNG signature", UnreadablePhoto, "cut off"),
        ("PNG with a wrong checksum", UnreadablePhoto, "checksum"),
        ("WebP of nothing", UnreadablePhoto, "no single picture"),
        ("WebP that claims 4 GB", UnreadablePhoto, "cut off"),
        ("HEIC of its brands", UnreadablePhoto, "contradicts"),
        ("JPEG of 200 scans", UnreadablePhoto, "scans"),
        ("JPEG of 60 large scans", PhotoTooLarge, "progressive"),
        ("PNG of 1 million chunks", UnreadablePhoto, "too many parts"),
        ("flat WebP of 81 MP", PhotoTooLarge, "MB of memory"),
        ("PNG 20000 px, 1 bit", PhotoTooLarge, "400 megapixels"),
        ("JPEG claims 65,000 px", PhotoTooLarge, "4225 megapixels"),
        ("JPEG claims 4,000 px", UnreadablePhoto, "hardly any data"),
        ("JPEG too small", PhotoTooSmall, "300 x 40"),
        ("JPEG of 12 bits", UnsupportedFormat, "rare"),
        ("HEIC photo of av01", UnsupportedFormat, "This kind of HEIC"),
        *(
            (form, UnsupportedFormat, form)
            for form in ("GIF", "BMP", "TIFF", "AVIF", "PDF")
        ),
        ("JPEG2000", UnsupportedFormat, "JPEG 2000"),
        *(
            (f"moving {form}", UnsupportedFormat, "moving picture")
            for form in ("PNG", "WEBP", "HEIC")
        ),
    ],
)
def test_the_reason_is_named(
    files: dict[str, bytes], name: str, kind: type[PhotoError], words: str
) -> None:
    assert words in refuse(files[name], kind)


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        # Image libraries paint something over the missing part and say nothing.
        ("jpeg cut at 0.97, with an end", UnreadablePhoto, "missing or wrong"),
        ("progressive cut at 0.97, with an end", UnreadablePhoto, "missing or wrong"),
        ("PNG of 0.99 of its rows", UnreadablePhoto, "cannot be decoded"),
        ("see-through PNG", UnsupportedFormat, "see-through"),
    ],
)
def test_what_only_decoding_finds(
    files: dict[str, bytes], name: str, kind: type[PhotoError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        codec.decode(files[name])


@pytest.mark.parametrize("form", FORMS)
@given(share=st.floats(0.02, 0.999))
@settings(max_examples=25)
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


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_too_few_pixels_and_too_many_bytes(form: str) -> None:
    for size in ((1, 1), (63, 200), (4000, 63)):
        assert f"{size[0]} x {size[1]}" in refuse(save(form, size=size), PhotoTooSmall)
    assert codec.decode(save(form, size=(64, 64))).shape == (64, 64, 3)
    assert "60 MB" in refuse(PHOTOS[form] + bytes(60_000_000), PhotoTooLarge)


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
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=attacks.write_png(20_000, 20_000, depth=1, colour=0),
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
    )
    # Kilobytes (bytes on macOS); decoded it would be 0.4 to 1.2 GB.
    assert int(done.stdout) < (20_000_000 if sys.platform == "darwin" else 20_000)


@pytest.mark.parametrize("kind", PHOTOGRAPHS)
@given(data=st.data())
@settings(max_examples=30)
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
