"""Bytes of a photograph to an sRGB array and back, and the removal of private metadata.

Every file is checked before decoding, in this order: size of the file, first bytes,
parts, no animation, complete to the end of the image, number of pixels, memory for
decoding, enough data for so many pixels. The decoders (OpenCV, Pillow, libheif) then get
only the coded picture, its tables and its colour profile.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from hairtrack.errors import PhotoTooLarge, UnreadablePhoto, UnsupportedFormat
from hairtrack.imaging.codec import heif, jpeg, pixels, png, webp
from hairtrack.imaging.codec.header import (
    MAX_BYTES,
    MAX_PIXELS,
    MIN_SIDE,
    Header,
    check_cost,
    check_size,
)
from hairtrack.imaging.codec.metadata import Metadata
from hairtrack.records import find_reduction

if TYPE_CHECKING:
    from cv2.typing import MatLike

__all__ = [
    "MAX_BYTES",
    "MAX_PIXELS",
    "MIN_SIDE",
    "Decoded",
    "PhotoInfo",
    "decode",
    "decode_region",
    "encode_jpeg",
    "encode_png",
    "probe",
    "read",
    "read_small",
    "strip",
]

_Image = npt.NDArray[np.uint8]

_OTHERS = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF or raw"),
    (b"MM\x00*", "TIFF or raw"),
    (b"II+\x00", "TIFF"),
    (b"8BPS", "Photoshop"),
    (b"%PDF", "PDF"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
)
"""First bytes of other formats, so that the refusal can name them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoInfo:
    """Facts of a photograph that need no decoding.

    Attributes
    ----------
    format : str
        "JPEG", "PNG", "WebP" or "HEIC".
    width, height : int
        In px, upright: after the orientation has been applied.
    taken_at : datetime or None
        Capture time; time zone aware only if the camera wrote its offset.
    camera : str
        Make and model, never a serial number; "" if unknown.
    """

    format: str
    width: int
    height: int
    taken_at: dt.datetime | None
    camera: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decoded(PhotoInfo):
    """A decoded photograph.

    Attributes
    ----------
    image : (H, W, 3) uint8
        sRGB, upright; `height` and `width` px, or reduced where `read` was asked to.
    grey : bool
        True if there is no colour; the three channels are then equal or nearly so.
    """

    image: _Image
    grey: bool


def decode(data: bytes) -> _Image:
    """Return the upright sRGB picture of a photograph.

    Parameters
    ----------
    data : bytes
        A JPEG, PNG, WebP or HEIC file.

    Returns
    -------
    (H, W, 3) uint8
        sRGB; colour profiles and orientation have been applied.

    Raises
    ------
    UnreadablePhoto
        If the bytes are empty, cut off, damaged or no image.
    UnsupportedFormat
        If it is an image of another kind, moves, or has see-through parts.
    PhotoTooLarge, PhotoTooSmall
        If it has too many or too few bytes or pixels.

    Examples
    --------
    >>> import numpy as np
    >>> decode(encode_png(np.full((64, 80, 3), 200, np.uint8))).shape
    (64, 80, 3)
    """
    return read(data).image


def read(data: bytes, *, most: int = MAX_PIXELS) -> Decoded:
    """Return picture, capture time and camera of a photograph; raises as `decode`.

    Parameters
    ----------
    data : bytes
        A JPEG, PNG, WebP or HEIC file.
    most : int
        Pixels at most: both sides of a larger picture are reduced by 2, 4 or 8 while it
        is decoded.
    """
    header = _check_file(data)
    factor = find_reduction(header.width, header.height, most=most)
    image, grey = pixels.decode_pixels(data, header, factor=factor)
    width, height = header.oriented_size
    return Decoded(
        format=header.format,
        width=width,
        height=height,
        taken_at=header.metadata.taken_at,
        camera=header.metadata.camera,
        image=image,
        grey=grey,
    )


def read_small(data: bytes, *, longest: int) -> _Image:
    """Return a reduced photograph for display, quickly; never measure on it.

    Raises as `decode`, but a JPEG that is damaged inside may pass: read it whole before.

    Parameters
    ----------
    data : bytes
        A JPEG, PNG, WebP or HEIC file.
    longest : int
        Least length of the longer side, px; a smaller photograph is not enlarged.

    Returns
    -------
    (h, w, 3) uint8
        sRGB, upright, larger than asked for by up to a factor of two, or whole.
    """
    header = _check_file(data)
    return pixels.decode_small(data, header, longest=longest)


def probe(data: bytes) -> PhotoInfo:
    """Check a photograph without decoding it, and return its facts.

    Raises as `decode`, but damage inside the coded picture is not noticed.
    """
    header = _check_file(data)
    width, height = header.oriented_size
    return PhotoInfo(
        format=header.format,
        width=width,
        height=height,
        taken_at=header.metadata.taken_at,
        camera=header.metadata.camera,
    )


def strip(data: bytes) -> bytes:
    """Return the photograph without place, serial number, thumbnail or trailer.

    The file keeps its format. The coded picture stays as it is, bit for bit; so do its
    colours, its orientation and its capture time. Everything else is left out, or in
    HEIC blanked. ``strip(strip(data)) == strip(data)``. Raises as `probe`.
    """
    return _check_file(data).stripped


def encode_png(array: npt.NDArray[np.bool_ | np.uint8 | np.uint16]) -> bytes:
    """Return an array as PNG, without loss.

    Parameters
    ----------
    array : (H, W) or (H, W, 3), bool, uint8 or uint16
        Grey or sRGB; True becomes white.

    Raises
    ------
    ValueError
        If the array has another shape or type.
    """
    if array.dtype == np.bool_:
        return _encode(".png", np.where(array, np.uint8(255), np.uint8(0)), [])
    if array.dtype not in (np.uint8, np.uint16):
        raise ValueError("a PNG takes bool, uint8 or uint16")
    return _encode(".png", np.asarray(array, array.dtype), [])


def encode_jpeg(
    image: _Image, *, quality: int = 92, taken_at: dt.datetime | None = None
) -> bytes:
    """Return a picture as JPEG.

    Parameters
    ----------
    image : (H, W, 3) or (H, W), uint8
        sRGB or grey.
    quality : int
        1 to 100.
    taken_at : datetime, optional
        Capture time to write.

    Raises
    ------
    ValueError
        If the array has another shape or type, or `quality` is out of range.
    """
    if image.dtype != np.uint8 or not 1 <= quality <= 100:
        raise ValueError("a JPEG takes uint8 and a quality from 1 to 100")
    data = _encode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return jpeg.replace_metadata(data, Metadata(taken_at=taken_at))


def decode_region(data: bytes) -> npt.NDArray[np.bool_]:
    """Return the region that a person marked in a PNG picture.

    Parameters
    ----------
    data : bytes
        A PNG of 1 bit, grey or colour. Marked is what is at least half as bright
        as can be (in its brightest channel) and at least half opaque; in a
        picture that holds only 0 and 1, what is 1.

    Returns
    -------
    (H, W) bool

    Raises
    ------
    UnreadablePhoto
        If it is damaged, or nothing in it is marked.
    UnsupportedFormat
        If it is not a PNG.
    PhotoTooLarge, PhotoTooSmall
        If it has too many or too few bytes or pixels.
    """
    header = _check_file(data, drawn=True)
    if header.format != "PNG":
        raise UnsupportedFormat("A region must be a PNG picture, as large as its photo.")
    coded = pixels.read_coded(header.stripped)
    top = pixels.find_top(coded)
    colour = coded if coded.ndim == 2 else coded[..., :3].max(axis=2)
    half = 1 if int(colour.max()) == 1 else (top + 1) // 2
    region = colour >= half
    if coded.ndim == 3 and coded.shape[2] == 4:
        region &= coded[..., 3] >= (top + 1) // 2
    if not region.any():
        raise UnreadablePhoto("The region picture marks nothing; paint the scalp white.")
    return region


def _check_file(data: bytes, *, drawn: bool = False) -> Header:
    """Return the header of a photograph that may be decoded, or refuse it."""
    if not data:
        raise UnreadablePhoto("The file is empty.")
    if len(data) > MAX_BYTES:
        raise PhotoTooLarge(
            "The file has {size:.0f} MB; the limit is {limit:.0f} MB.",
            size=len(data) / 1e6,
            limit=MAX_BYTES / 1e6,
        )
    header = _parse(data)
    check_size(header.width, header.height)
    check_cost(header, drawn=drawn)
    return header


def _parse(data: bytes) -> Header:
    if data.startswith(b"\xff\xd8\xff"):
        return jpeg.parse(data)
    if data.startswith(png.SIGNATURE):
        return png.parse(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return webp.parse(data)
    if heif.is_heif(data):
        return heif.parse(data)
    name = "AVIF" if data[4:12] == b"ftypavif" else ""
    name = next((name for start, name in _OTHERS if data.startswith(start)), name)
    if name:
        raise UnsupportedFormat(
            "This is a {format} file; save it as JPEG or PNG.", format=name
        )
    raise UnreadablePhoto("This file is not a photo in JPEG, PNG, WebP or HEIC format.")


def _encode(suffix: str, array: MatLike, options: list[int]) -> bytes:
    """Return a grey or RGB array as OpenCV writes it."""
    if array.size == 0 or array.ndim not in (2, 3) or array.shape[2:] not in ((), (3,)):
        raise ValueError("a picture is (H, W) or (H, W, 3) and not empty")
    bgr = array if array.ndim == 2 else cv2.cvtColor(array, cv2.COLOR_RGB2BGR)
    return cv2.imencode(suffix, bgr, options)[1].tobytes()
