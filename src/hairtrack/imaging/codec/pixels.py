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
}

_BAND = 256
"""Rows converted at once, so that no second full picture is held."""

_BROKEN = ("bad Huffman code", "premature end", "instead of RST", "Premature end")
"""Warnings of libjpeg about missing or wrong coded data, in place of which it paints
something. Its other warnings also occur with whole photographs of old cameras."""


def decode_pixels(data: bytes, header: Header) -> tuple[_Image, bool]:
    """Return the upright (H, W, 3) sRGB picture, and whether it is grey.

    The decoders see the stripped file; that of HEIC strips it itself.
    """
    if header.format == "HEIC":
        image = _to_rgb(heif.decode_pixels(data))
    elif header.channels == 4:
        _check_complete(header.stripped, "CMYK")
        return _orient(_decode_cmyk(header), header.metadata.orientation), False
    elif header.format == "JPEG":
        image = _decode_jpeg(header.stripped, grey=header.channels == 1)
    else:
        image = _to_rgb(read_coded(header.stripped))
    if image.shape[:2] != (header.height, header.width):
        raise damaged(Message("it contradicts itself"))
    grey = header.channels == 1 or is_grey(image)
    if not grey:
        image = _to_srgb(image, header.icc)
    return _orient(image, header.metadata.orientation), grey


def is_grey(image: _Image) -> bool:
    """Tell whether a photograph has no colour, from about 65,000 of its pixels."""
    step = max(1, math.isqrt(image.shape[0] * image.shape[1] // 65_536))
    some = image[::step, ::step].astype(np.int16)
    return bool(np.ptp(some, axis=2).max() <= _GREY_SPREAD)


def decode_small(data: bytes, header: Header, *, longest: int) -> _Image:
    """Return the upright sRGB picture for display, its longer side at least `longest` px.

    A JPEG is made from the coarse part of its codes alone, in a fraction of the time;
    whether all of it is there is not looked at. Anything else is decoded as usual.
    """
    size = max(header.width, header.height)
    factor = next((one for one in _REDUCED if size >= one * longest), None)
    if factor is None or header.format != "JPEG" or header.channels == 4:
        return decode_pixels(data, header)[0]
    coded = _call_opencv(header.stripped, _REDUCED[factor] | cv2.IMREAD_IGNORE_ORIENTATION)
    image = np.asarray(cv2.cvtColor(coded, cv2.COLOR_BGR2RGB), np.uint8)
    if header.channels == 3:
        image = _to_srgb(image, header.icc)
    return _orient(image, header.metadata.orientation)


def find_top(coded: MatLike) -> int:
    """Return the level of full light or full opacity: 255 or 65535."""
    return 65535 if coded.dtype == np.uint16 else 255


def read_coded(data: bytes) -> MatLike:
    """Return PNG or WebP pixels as stored: (H, W) grey or (H, W, 3 or 4) RGB, RGBA."""
    image = _call_opencv(data, cv2.IMREAD_UNCHANGED)
    if image.ndim == 2:
        return image
    order = cv2.COLOR_BGR2RGB if image.shape[2] == 3 else cv2.COLOR_BGRA2RGBA
    for top in range(0, image.shape[0], _BAND):
        image[top : top + _BAND] = cv2.cvtColor(image[top : top + _BAND], order)
    return image


def _decode_jpeg(data: bytes, *, grey: bool) -> _Image:
    _check_complete(data, "GRAY" if grey else "RGB")
    flags = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
    return np.asarray(_call_opencv(data, flags), np.uint8)


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


def _decode_cmyk(header: Header) -> _Image:
    """Return the sRGB picture of a CMYK JPEG, by its profile if it has a usable one."""
    try:
        ink = JpegImagePlugin.JpegImageFile(io.BytesIO(header.stripped))
        ink.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise damaged(Message("it cannot be decoded")) from error
    transform = _build_transform(header.icc, "CMYK")
    light = ImageCms.applyTransform(ink, transform) if transform else ink.convert("RGB")
    return np.array(light, dtype=np.uint8)


def _to_rgb(coded: MatLike) -> _Image:
    """Return (H, W, 3) uint8 of grey or colour, 8 or 16 bit, with or without alpha."""
    has_alpha = coded.ndim == 3 and coded.shape[2] in (2, 4)
    if has_alpha and coded[..., -1].min() < find_top(coded):
        raise UnsupportedFormat("The photo has see-through parts; save it as JPEG.")
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
