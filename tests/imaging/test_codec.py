"""Photographs through every format: pixels, colours, time, and what is left out."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator

import attacks
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hairtrack.errors import UnreadablePhoto, UnsupportedFormat
from hairtrack.imaging import codec
from hairtrack.imaging.codec import metadata
from hairtrack.imaging.codec.metadata import Metadata

TAKEN = dt.datetime(2024, 3, 9, 9, 8, 7, tzinfo=dt.timezone(dt.timedelta(hours=2)))
TO_SRGB_FROM_P3 = [
    [1.2249401, -0.2249404, 0.0],
    [-0.0420569, 1.0420571, 0.0],
    [-0.0196376, -0.0786361, 1.0982735],
]
"""CSS Color Module Level 4, sample code; linear light."""


def draw_scene(height: int = 96, width: int = 128) -> np.ndarray:
    """Return soft gradients with two flat patches: the picture in tests/imaging/data."""
    rows, columns = np.mgrid[:height, :width]
    planes = [columns * 2, rows * 2.5, 255 - columns * 1.5]
    scene = np.stack(planes, -1).clip(0, 255).astype(np.uint8)
    scene[10:30, 10:40] = (200, 30, 40)
    scene[60:90, 80:120] = (20, 160, 60)
    return scene


def save(image: np.ndarray | Image.Image, form: str, **options: object) -> bytes:
    return attacks.save(form, image, **options)


def write_exif(orientation: int = 1, **times: str) -> Image.Exif:
    """Return EXIF as a phone writes it: camera, serial number, place."""
    entries = Image.Exif()
    entries[0x010F], entries[0x0110], entries[0x0112] = "Apple", "iPhone 15", orientation
    entries[0x0132] = "2030:01:01 00:00:00"
    inner = entries.get_ifd(0x8769)
    inner[0xA431] = "SERIAL123456"
    times = times or {"taken": "2024:03:09 09:08:07", "offset": "+02:00"}
    tags = {"taken": 0x9003, "offset": 0x9011, "digitised": 0x9004}
    for name, text in times.items():
        inner[tags[name]] = text
    place = entries.get_ifd(0x8825)
    place[1], place[2] = "N", (52.0, 31.0, 12.0)
    place[3], place[4] = "E", (13.0, 24.0, 17.0)
    return entries


def write_profile(red: tuple, green: tuple, blue: tuple) -> bytes:
    """Return an ICC profile with the sRGB curve and three primaries (XYZ at D50)."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    curve = b"para" + bytes(4) + struct.pack(">HH", 3, 0)
    curve += fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    tags = {b"wtpt": b"XYZ " + bytes(4) + fixed(0.9642, 1, 0.8249)}
    for name, primary in ((b"r", red), (b"g", green), (b"b", blue)):
        tags[name + b"XYZ"] = b"XYZ " + bytes(4) + fixed(*primary)
        tags[name + b"TRC"] = curve
    return attacks.write_tags(tags, b"mntrRGB XYZ ")


P3 = write_profile(
    (0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407)
)
SRGB = write_profile(
    (0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.7141)
)


def insert_segments(jpeg: bytes, *segments: tuple[int, bytes]) -> bytes:
    """Return a JPEG with more segments behind the start of image."""
    more = b"".join(attacks.segment(marker, body) for marker, body in segments)
    return jpeg[:2] + more + jpeg[2:]


# Pixels ------------------------------------------------------------------------------


@given(
    height=st.integers(64, 80),
    width=st.integers(64, 80),
    channels=st.sampled_from([(), (3,)]),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=20)
def test_png_gives_back_every_pixel(height, width, channels, seed) -> None:
    array = np.random.default_rng(seed).integers(
        0, 256, (height, width, *channels), np.uint8
    )
    expected = array if channels else np.dstack([array] * 3)
    np.testing.assert_array_equal(codec.decode(codec.encode_png(array)), expected)


@pytest.mark.parametrize("form", ["JPEG", "WEBP"])
def test_red_is_red(form: str) -> None:
    image = codec.decode(save(draw_scene(), form, quality=95))
    # 4 levels: quantisation of a flat patch at quality 95, away from its edges.
    np.testing.assert_allclose(image[20, 20], (200, 30, 40), atol=4)
    np.testing.assert_allclose(image[75, 100], (20, 160, 60), atol=4)


@pytest.mark.parametrize("name", ["plain", "opaque"])
def test_heic_shows_what_was_drawn(name: str) -> None:
    data = attacks.read_heic(name)
    decoded = codec.read(data)
    assert (decoded.format, decoded.width, decoded.height) == ("HEIC", 128, 96)
    # HEVC at quality 80 blurs colour at the edges of the patches only.
    assert np.abs(decoded.image.astype(int) - draw_scene()).mean() < 3
    np.testing.assert_allclose(decoded.image[20, 20], (200, 30, 40), atol=4)
    # The decoder's memory ends with its file object; a view of it would be garbage.
    for _ in range(5):
        np.testing.assert_array_equal(codec.decode(data), decoded.image)


def test_heic_is_turned_once_and_its_tiles_joined() -> None:
    image = codec.decode(attacks.read_heic("phone"))
    private = codec.decode(attacks.read_heic("private"))
    assert image.shape == (128, 64, 3)
    # Two tiles coded on their own against one picture: about 0.4 level apart.
    turned = np.rot90(private[16:80], -1)
    assert np.abs(image.astype(int) - turned).mean() < 1
    # Its EXIF says 6 as well, but the file has its own box for that.
    plain, turned = (codec.decode(attacks.read_heic(name)) for name in ("plain", "turned"))
    np.testing.assert_array_equal(turned, np.rot90(plain, -1))


def test_sixteen_bits_are_rounded_to_eight() -> None:
    deep = np.random.default_rng(1).integers(0, 65536, (64, 70, 3), np.uint16)
    expected = np.rint(deep / 257).astype(int)
    grey = np.dstack([expected[..., 0]] * 3)
    for array, known in ((deep, expected), (deep[..., 0], grey)):
        image = codec.decode(codec.encode_png(array))
        # Exact halves may be rounded either way.
        assert image.dtype == np.uint8
        assert np.abs(image - known).max() <= 1
        assert np.mean(image != known) < 0.01


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_opaque_alpha_is_accepted_and_other_refused(form: str) -> None:
    alpha = np.full((96, 128), 255, np.uint8)
    scene = np.dstack([draw_scene(), alpha])
    image = codec.decode(save(scene, form, lossless=True))
    np.testing.assert_array_equal(image, draw_scene())
    scene[0, 0, 3] = 254
    palette = Image.fromarray(draw_scene()).quantize(64)
    expected = np.asarray(palette.convert("RGB"))
    np.testing.assert_array_equal(codec.decode(save(palette, "PNG")), expected)
    for data in (
        save(scene, form, lossless=True, exact=True),
        save(palette, "PNG", transparency=0),
        attacks.read_heic("see_through"),
    ):
        with pytest.raises(UnsupportedFormat, match="see-through"):
            codec.decode(data)


def test_a_profile_that_says_nothing_changes_nothing() -> None:
    ink = Image.fromarray(draw_scene()).convert("CMYK")
    for profile in (b"", b"no profile", SRGB, P3[:200]):
        data = save(draw_scene(), "PNG", icc_profile=profile)
        np.testing.assert_array_equal(codec.decode(data), draw_scene())
        image = codec.decode(save(ink, "JPEG", quality=95, icc_profile=profile))
        # Without its profile ink is 255 minus light, as Pillow wrote it; JPEG adds noise.
        np.testing.assert_allclose(image[20, 20], (200, 30, 40), atol=6)


def test_cmyk_follows_its_profile() -> None:
    # Black ink alone darkens, from L* = 100 down to 0: half of it is L* = 50, code 119.
    table = b"".join(bytes([0 if i & 1 else 255, 128, 128]) for i in range(16))
    ramp = bytes(range(256))
    unit = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    lut = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + unit + 4 * ramp + table + 3 * ramp
    profile = attacks.write_tags({b"A2B0": lut}, b"prtrCMYKLab ")
    ink = Image.new("CMYK", (64, 64), (200, 0, 90, 128))
    image = codec.decode(save(ink, "JPEG", quality=95, icc_profile=profile))
    np.testing.assert_allclose(image, 118.5, atol=2)


# Colour ------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_display_p3_becomes_srgb(form: str) -> None:
    codes = np.array([200, 150, 120])
    scene = np.tile(codes.astype(np.uint8), (300, 64, 1))
    linear = ((codes / 255 + 0.055) / 1.055) ** 2.4
    expected = 255 * (1.055 * (TO_SRGB_FROM_P3 @ linear) ** (1 / 2.4) - 0.055)
    image = codec.decode(save(scene, form, lossless=True, icc_profile=P3))
    # One level: the colour engine calculates with 8 bits at both ends.
    np.testing.assert_allclose(image.reshape(-1, 3), np.tile(expected, (19200, 1)), atol=1)


def test_profile_in_pieces_is_joined() -> None:
    plain = save(draw_scene(), "JPEG", quality=95)
    pieces = [
        (0xE2, b"ICC_PROFILE\0\2\2" + P3[99:]),
        (0xE2, b"ICC_PROFILE\0\1\2" + P3[:99]),
    ]
    whole = save(draw_scene(), "JPEG", quality=95, icc_profile=P3)
    joined = codec.decode(insert_segments(plain, *pieces))
    np.testing.assert_array_equal(joined, codec.decode(whole))
    assert np.any(joined != codec.decode(plain))


def test_grey_is_told_from_colour() -> None:
    grey = Image.fromarray(draw_scene()).convert("L")
    for picture in (grey, grey.convert("RGB"), grey.convert("LA")):
        decoded = codec.read(save(picture, "PNG"))
        assert decoded.grey
        assert np.ptp(decoded.image, axis=2).max() == 0
    assert codec.read(save(grey, "JPEG", icc_profile=P3)).grey
    assert codec.read(save(grey.convert("RGB"), "WEBP", quality=90)).grey
    assert not codec.read(save(draw_scene(), "JPEG")).grey


# Orientation, time, camera ---------------------------------------------------------


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(form: str, orientation: int) -> None:
    upright = codec.decode(save(draw_scene(), form, lossless=True))
    data = save(draw_scene(), form, lossless=True, exif=write_exif(orientation))
    expected = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright, -1),
        7: upright[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(upright),
    }[orientation]
    np.testing.assert_array_equal(codec.decode(data), expected)


@pytest.mark.parametrize("profile", [b"", P3], ids=["srgb", "p3"])
@pytest.mark.parametrize("orientation", [1, 6, 7])
@pytest.mark.parametrize(("longest", "factor"), [(64, 8), (100, 4), (200, 2), (300, 1)])
def test_a_small_picture_is_the_whole_one_reduced(
    longest: int, factor: int, orientation: int, profile: bytes
) -> None:
    scene = draw_scene(384, 512)
    options = {"quality": 95, "icc_profile": profile, "exif": write_exif(orientation)}
    data = save(scene, "JPEG", **options)
    whole = codec.decode(data).astype(np.float64)
    small = codec.read_small(data, longest=longest)
    height, width = whole.shape[0] // factor, whole.shape[1] // factor
    assert small.shape == (height, width, 3)
    mean = whole.reshape(height, factor, width, factor, 3).mean(axis=(1, 3))
    # Averaged before or after the conversion of colours: a level or so, except at edges.
    assert np.median(np.abs(small - mean)) <= 1.5


FORMS = {
    "JPEG": {"quality": 95},
    "CMYK": {"quality": 95},
    "grey": {"quality": 95},
    "PNG": {},
    "RGBA": {},
    "WEBP": {"lossless": True},
}


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize(("most", "factor"), [(97 * 131, 1), (97 * 131 - 1, 2), (900, 4)])
def test_a_large_picture_is_reduced_while_it_is_read(
    kind: str, most: int, factor: int
) -> None:
    """It says its whole size all the same; edges that are not full count for more."""
    scene = Image.fromarray(draw_scene(97, 131))
    if kind in ("CMYK", "RGBA", "grey"):
        scene = scene.convert("L" if kind == "grey" else kind)
    form = {"CMYK": "JPEG", "grey": "JPEG", "RGBA": "PNG"}.get(kind, kind)
    data = save(scene, form, **FORMS[kind])
    whole = codec.decode(data).astype(np.float64)
    found = codec.read(data, most=most)
    rows, columns = -(-97 // factor), -(-131 // factor)
    assert (found.height, found.width) == (97, 131)
    assert found.image.shape == (rows, columns, 3)
    assert found.grey == (kind == "grey")
    blocks = whole[: 96 // factor * factor, : 128 // factor * factor]
    blocks = blocks.reshape(96 // factor, factor, 128 // factor, factor, 3)
    mean = blocks.mean(axis=(1, 3))
    reduced = found.image[: mean.shape[0], : mean.shape[1]]
    assert np.median(np.abs(reduced - mean)) <= 1.5
    assert codec.read_small(data, longest=65).shape == (49, 66, 3)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({"taken": "2024:03:09 09:08:07", "offset": "+02:00"}, TAKEN),
        ({"taken": "2024:03:09 09:08:07"}, TAKEN.replace(tzinfo=None)),
        ({"taken": "2024:03:09 09:08:07", "offset": "east"}, TAKEN.replace(tzinfo=None)),
        ({"digitised": "2024:03:09 09:08:07"}, TAKEN.replace(tzinfo=None)),
        ({"taken": "0000:00:00 00:00:00", "offset": "+02:00"}, None),
        ({"taken": "    :  :     :  :  "}, None),
        ({"offset": "+02:00"}, None),
    ],
)
def test_time_and_camera_are_read(times, expected) -> None:
    entries = write_exif(1, **times)
    decoded = codec.read(save(draw_scene(), "JPEG", exif=entries))
    assert decoded.taken_at == expected
    if expected is not None:
        assert decoded.taken_at.utcoffset() == expected.utcoffset()
    assert decoded.camera == "Apple iPhone 15"
    for make, model, camera in (
        ("Canon", "Canon EOS R6", "Canon EOS R6"),  # named once
        ("", "X", "X"),
        ("Make", "", "Make"),
    ):
        entries[0x010F], entries[0x0110] = make, model
        assert codec.probe(save(draw_scene(), "JPEG", exif=entries)).camera == camera


# EXIF --------------------------------------------------------------------------------


@given(
    orientation=st.integers(1, 8),
    taken_at=st.none()
    | st.datetimes(
        timezones=st.none()
        | st.integers(-14 * 60, 14 * 60).map(
            lambda minutes: dt.timezone(dt.timedelta(minutes=minutes))
        )
    ).map(lambda time: time.replace(microsecond=0)),
)
def test_origin_survives_writing(orientation: int, taken_at: dt.datetime | None) -> None:
    blob = metadata.write_exif(Metadata(orientation=orientation, taken_at=taken_at))
    origin = metadata.read_exif(blob)
    assert origin == Metadata(orientation=orientation, taken_at=taken_at)
    if taken_at is not None:
        assert origin.taken_at.utcoffset() == taken_at.utcoffset()


@given(
    st.binary(max_size=200), st.sampled_from([b"II*\0", b"MM\0*", b"Exif\0\0MM\0*", b""])
)
def test_damaged_exif_counts_as_none(blob: bytes, head: bytes) -> None:
    assert isinstance(metadata.read_exif(head + blob), Metadata)


@given(st.data())
@settings(max_examples=100)
def test_flipped_exif_never_raises(data: st.DataObject) -> None:
    blob = bytearray(write_exif(6).tobytes())
    for _ in range(3):
        blob[data.draw(st.integers(0, len(blob) - 1))] = data.draw(st.integers(0, 255))
    assert 1 <= metadata.read_exif(bytes(blob)).orientation <= 8


# Encoding and regions ----------------------------------------------------------------


def test_jpeg_carries_its_time_and_colours() -> None:
    for taken_at in (TAKEN, TAKEN.replace(tzinfo=None), None):
        decoded = codec.read(codec.encode_jpeg(draw_scene(), quality=95, taken_at=taken_at))
        assert decoded.taken_at == taken_at
        np.testing.assert_allclose(decoded.image[20, 20], (200, 30, 40), atol=4)


def test_arrays_and_regions_of_a_wrong_kind_are_refused() -> None:
    for shape, kind in (((64, 64), float), ((64, 64, 4), np.uint8), (9, np.uint8)):
        with pytest.raises(ValueError, match=r"PNG takes|a picture is"):
            codec.encode_png(np.zeros(shape, kind))
    for quality, array in ((0, draw_scene()), (90, draw_scene() / 255)):
        with pytest.raises(ValueError, match="JPEG takes"):
            codec.encode_jpeg(array, quality=quality)
    with pytest.raises(UnreadablePhoto, match="marks nothing"):
        codec.decode_region(codec.encode_png(np.zeros((64, 64), np.bool_)))
    with pytest.raises(UnsupportedFormat, match="PNG"):
        codec.decode_region(codec.encode_jpeg(draw_scene()))


def list_regions(region: np.ndarray) -> Iterator[bytes]:
    """Yield one region in all the ways in which programs write it."""
    white = np.where(region, 255, 0).astype(np.uint8)
    yield codec.encode_png(region)
    yield save(Image.fromarray(white).convert("1"), "PNG")
    yield save(white, "PNG")
    yield save(np.where(region, 1, 0).astype(np.uint8), "PNG")
    yield codec.encode_png(np.where(region, 65535, 0).astype(np.uint16))
    yield save(np.dstack([white, 0 * white, 0 * white]), "PNG")
    yield save(np.dstack([white, white, white, 0 * white + 255]), "PNG")
    yield save(np.dstack([0 * white + 230, 0 * white, 0 * white, white]), "PNG")
    yield save(Image.fromarray(white).quantize(2), "PNG")


def test_region_is_read_however_it_was_painted() -> None:
    rows, columns = np.mgrid[:70, :90]
    region = (rows - 30) ** 2 + (columns - 40) ** 2 < 400
    for number, data in enumerate(list_regions(region)):
        found = codec.decode_region(data)
        assert found.dtype == np.bool_
        assert np.array_equal(found, region), number
