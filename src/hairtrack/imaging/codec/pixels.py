"""Coded bytes into an upright sRGB array."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt
import simplejpeg
from PIL import Image, ImageCms, JpegImagePlugin

from hairtrack.errors import UnsupportedFormat
from hairtrack.imaging.codec import heif
from hairtrack.imaging.codec.header import Header, damaged
from hairtrack.messages import Message

if TYPE_CHECKING:
    from cv2.typing import MatLike

__all__ = ["decode_pixels", "decode_small", "find_top", "is_grey", "read_coded"]

_Image = npt.NDArray[np.uint8]

_GREY_SPREAD = 2
"""Levels between the channels of a grey pixel: rounding in a colour profile makes 2."""

_TURNS = {3: cv2.ROTATE_180, 7: cv2.ROTATE_180}
_TURNS |= {6: cv2.ROTATE_90_CLOCKWISE, 8: cv2.ROTATE_90_COUNTERCLOCKWISE}

_REDUCED = {
    8: cv2.IMREAD_REDUCED_COLOR_8,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    1: cv2.IMREAD_COLOR,
}

_BAND = 256
"""Rows converted at once, so that no second full picture is held."""

_BROKEN = ("bad Huffman code", "premature end", "instead of RST", "Premature end")
"""Warnings of libjpeg about missing or wrong coded data, in place of which it paints
something. Its other warnings also occur with whole photographs of old cameras."""


def decode_pixels(
    data: bytes, header: Header, *, factor: int = 1, checked: bool = True
) -> tuple[_Image, bool]:
    """Return the upright (H, W, 3) sRGB picture, and whether it is grey.

    The decoders see the stripped file; that of HEIC strips it itself.

    Parameters
    ----------
    factor : int
        1, 2, 4 or 8: both sides are so much shorter. A JPEG is then made from the coarse
        part of its codes alone; anything else is decoded whole and averaged.
    checked : bool
        False leaves out whether all codes of a JPEG are there.
    """
    if header.format == "JPEG":
        colours = {1: "GRAY", 3: "RGB", 4: "CMYK"}[header.channels]
        if checked:
            _check_complete(header.stripped, colours)
        decode = _decode_cmyk if header.channels == 4 else _decode_jpeg
        image = decode(header, factor)
    elif header.format == "HEIC":
        image = _to_rgb(heif.decode_pixels(data), factor)
    else:
        image = _to_rgb(read_coded(header.stripped), factor)
    if image.shape[:2] != (-(-header.height // factor), -(-header.width // factor)):
        raise damaged(Message("it contradicts itself"))
    grey = header.channels == 1 or (header.channels == 3 and is_grey(image))
    if header.channels == 3 and not grey:
        image = _to_srgb(image, header.icc)
    return _orient(image, header.metadata.orientation), grey


def is_grey(image: _Image) -> bool:
    """Tell whether a photograph has no colour, from about 65,000 of its pixels."""
    step = max(1, math.isqrt(image.shape[0] * image.shape[1] // 65_536))
    some = image[::step, ::step].astype(np.int16)
    return bool(np.ptp(some, axis=2).max() <= _GREY_SPREAD)


def decode_small(data: bytes, header: Header, *, longest: int) -> _Image:
    """Return the upright sRGB picture for display, its longer side at least `longest` px.

    Whether all of a JPEG is there is not looked at.
    """
    size = max(header.width, header.height)
    factor = next((one for one in _REDUCED if size >= one * longest), 1)
    return decode_pixels(data, header, factor=factor, checked=False)[0]


def find_top(coded: MatLike) -> int:
    """Return the level of full light or full opacity: 255 or 65535."""
    return 65535 if coded.dtype == np.uint16 else 255


def read_coded(data: bytes, flags: int = cv2.IMREAD_UNCHANGED) -> MatLike:
    """Return pixels as OpenCV reads them: (H, W) grey or (H, W, 3 or 4) RGB, RGBA."""
    image = _call_opencv(data, flags)
    if image.ndim == 2:
        return image
    order = cv2.COLOR_BGR2RGB if image.shape[2] == 3 else cv2.COLOR_BGRA2RGBA
    for top in range(0, image.shape[0], _BAND):
        image[top : top + _BAND] = cv2.cvtColor(image[top : top + _BAND], order)
    return image


def _decode_jpeg(header: Header, factor: int) -> _Image:
    flags = _REDUCED[factor] | cv2.IMREAD_IGNORE_ORIENTATION
    return np.asarray(read_coded(header.stripped, flags), np.uint8)


def _check_complete(data: bytes, colours: str) -> None:
    """Refuse a JPEG whose coded data break off or contradict themselves.

    OpenCV and Pillow paint over such places and keep silent. All codes are read
    here, but only an eighth of the picture's width and height is made of them.
    """
    small = {"min_height": 1, "min_width": 1, "min_factor": 8}
    try:
        simplejpeg.decode_jpeg(data, colours, strict=True, **small)
    except ValueError as error:
        if any(words in str(error) for words in _BROKEN):
            raise damaged(
                Message("part of its coded picture is missing or wrong")
            ) from error


def _call_opencv(data: bytes, flags: int) -> MatLike:
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:
        image = None
    if image is None:
        raise damaged(Message("it cannot be decoded"))
    return image


def _decode_cmyk(header: Header, factor: int) -> _Image:
    """Return the sRGB picture of a CMYK JPEG, by its profile if it has a usable one."""
    try:
        ink = JpegImagePlugin.JpegImageFile(io.BytesIO(header.stripped))
        ink.draft(None, (header.width // factor, header.height // factor))
        ink.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise damaged(Message("it cannot be decoded")) from error
    transform = _build_transform(header.icc, "CMYK")
    light = ImageCms.applyTransform(ink, transform) if transform else ink.convert("RGB")
    return np.array(light, dtype=np.uint8)


def _to_rgb(coded: MatLike, factor: int) -> _Image:
    """Return (H, W, 3) uint8 of grey or colour, 8 or 16 bit, with or without alpha."""
    has_alpha = coded.ndim == 3 and coded.shape[2] in (2, 4)
    if has_alpha and coded[..., -1].min() < find_top(coded):
        raise UnsupportedFormat("The photo has see-through parts; save it as JPEG.")
    if factor > 1:
        size = -(-coded.shape[1] // factor), -(-coded.shape[0] // factor)
        coded = cv2.resize(coded, size, interpolation=cv2.INTER_AREA)
    if coded.dtype == np.uint8 and coded.ndim == 3 and coded.shape[2] == 3:
        return np.require(coded, np.uint8, ["C", "W"])
    image = np.empty((*coded.shape[:2], 3), np.uint8)
    for top in range(0, image.shape[0], _BAND):
        band = coded[top : top + _BAND]
        if band.ndim == 3:
            band = np.ascontiguousarray(band[..., : 3 if band.shape[2] > 2 else 1])
        if band.dtype == np.uint16:
            band = cv2.convertScaleAbs(band, alpha=255 / 65535)
        image[top : top + _BAND] = band if band.ndim == 3 else band[..., np.newaxis]
    return image


def _build_transform(icc: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Return the transform of a profile to sRGB, `None` without a usable profile."""
    if not icc:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.buildTransform(profile, srgb, mode, "RGB")
    except (OSError, ValueError, ImageCms.PyCMSError):
        return None


def _to_srgb(image: _Image, icc: bytes) -> _Image:
    """Convert in place from the colours of a profile; a damaged one is overlooked."""
    transform = _build_transform(icc, "RGB")
    if transform is None or _is_identity(transform):
        return image
    for top in range(0, image.shape[0], _BAND):
        band = Image.fromarray(image[top : top + _BAND])
        ImageCms.applyTransform(band, transform, inPlace=True)
        image[top : top + _BAND] = np.asarray(band)
    return image


def _is_identity(transform: ImageCms.ImageCmsTransform) -> bool:
    """Tell whether no colour of a coarse cube moves by more than one level."""
    levels = np.linspace(0, 255, 9).round().astype(np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(27, 27, 3)
    moved = np.asarray(ImageCms.applyTransform(Image.fromarray(cube), transform))
    return bool(np.abs(moved.astype(np.int16) - cube).max() <= 1)


def _orient(image: _Image, orientation: int) -> _Image:
    """Return the picture upright, as EXIF orientation 1 to 8 says."""
    upright: MatLike = image
    if orientation in (5, 7):
        upright = cv2.transpose(image)
    if orientation in _TURNS:
        upright = cv2.rotate(upright, _TURNS[orientation])
    elif orientation in (2, 4):
        upright = cv2.flip(image, 1 if orientation == 2 else 0)
    return np.asarray(upright, np.uint8)
