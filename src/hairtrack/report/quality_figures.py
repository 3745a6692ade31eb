"""Pictures that explain a quality flag.

On the left is the photograph, on the right the reason of the flag, drawn on the same
photograph. The picture holds no words; the caption is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from hairtrack.imaging import quality
from hairtrack.records import QualityFlag

MARK = (255, 0, 170)
"""Magenta: neither skin nor hair nor their blue tint has it."""

_LINE = (255, 255, 255)
_DARK = (16, 24, 32)
_CUT_OFF = (128, 130, 132)
_SIDE = 360
"""Height of the picture, px."""
_GAP = 8
_STRIP = 72
_BINS = 64
_SMALLER = 0.84
"""A photograph in its wider frame."""

_Image = NDArray[np.uint8]
_Scalp = NDArray[np.bool_]
_Hair = NDArray[np.float32]


def draw_flag(
    image: _Image, scalp: _Scalp, flag: QualityFlag, *, hair: _Hair | None = None
) -> _Image:
    """Draw a photograph and, to its right, the reason of a flag.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB photograph.
    scalp : (H, W) bool
        True on scalp.
    flag : QualityFlag
        A flag of the photograph.
    hair : (H, W) float32, optional
        Hair fraction, for low contrast only: gives the colours of hair and skin.

    Returns
    -------
    (h, w, 3) uint8
        Both side by side, 360 px high.

    Raises
    ------
    ValueError
        If the arrays differ in height or width, or there is no scalp.
    """
    if scalp.shape != image.shape[:2] or not scalp.any():
        raise ValueError(f"scalp must be {image.shape[:2]}, like the image, and not empty")
    if flag in (QualityFlag.BLURRED, QualityFlag.LOW_RESOLUTION):
        return _beside(*_draw_detail(image, scalp, flag))
    if hair is not None:
        return _beside(_fit(image), _draw_colours(image, scalp, hair))
    return _beside(_fit(image), _DRAWN[flag](image, scalp, flag))


def _beside(left: Image.Image, right: Image.Image) -> _Image:
    canvas = Image.new("RGB", (left.width + _GAP + right.width, _SIDE), _DARK)
    canvas.paste(left, (0, 0))
    canvas.paste(right, (left.width + _GAP, 0))
    return np.array(canvas, dtype=np.uint8)


def _fit(image: _Image, *, height: int = _SIDE) -> Image.Image:
    """Bring a picture to the height of all; a small one is enlarged."""
    width = max(1, round(image.shape[1] * height / image.shape[0]))
    method = Image.Resampling.BOX if image.shape[0] > height else Image.Resampling.BICUBIC
    return Image.fromarray(image).resize((width, height), method)


def _scale(picture: Image.Image, image: _Image) -> float:
    return float(picture.height / image.shape[0])


def _mark(picture: Image.Image, place: _Scalp) -> None:
    """Paint a region of the photograph; even parts below a pixel stay visible."""
    share = Image.fromarray(place.astype(np.uint8) * 255)
    share = share.resize(picture.size, Image.Resampling.BOX)
    picture.paste(MARK, mask=share.point([255 * (code > 40) for code in range(256)]))


def _draw_place(image: _Image, scalp: _Scalp, flag: QualityFlag) -> Image.Image:
    picture = _fit(image)
    place = quality.locate(image, scalp, flag)
    if place is not None:
        _mark(picture, place)
    return picture


def _draw_light(image: _Image, scalp: _Scalp, flag: QualityFlag) -> Image.Image:
    """Mark what is black or at its end, over how many pixels have which brightness."""
    marked = _draw_place(image, scalp, flag)
    picture = Image.new("RGB", marked.size, _DARK)
    high = _SIDE - _STRIP
    marked = marked.resize((round(marked.width * high / _SIDE), high))
    picture.paste(marked, ((picture.width - marked.width) // 2, 0))
    draw = ImageDraw.Draw(picture)
    levels = image[scalp].max(axis=1)
    counts, edges = np.histogram(levels, bins=_BINS, range=(0, 256))
    heights = np.sqrt(counts / max(1, counts.max())) * (_STRIP - 12)
    wide = picture.width / _BINS
    dark = flag is QualityFlag.DARK
    for number, tall in enumerate(heights):
        bad = edges[number] <= quality.BLACK if dark else edges[number + 1] > quality.FULL
        bar = (number * wide, picture.height - tall, (number + 1) * wide - 1)
        draw.rectangle((*bar, picture.height), fill=MARK if bad else _LINE)
    return picture


def _draw_cut(image: _Image, scalp: _Scalp, flag: QualityFlag) -> Image.Image:
    """Show the photograph in a wider grey frame, the edge where the scalp is cut marked."""
    picture = _draw_place(image, scalp, flag)
    small = picture.resize((round(picture.width * _SMALLER), round(_SIDE * _SMALLER)))
    canvas = Image.new("RGB", picture.size, _CUT_OFF)
    at = ((canvas.width - small.width) // 2, (canvas.height - small.height) // 2)
    canvas.paste(small, at)
    return canvas


def _draw_far(image: _Image, scalp: _Scalp, flag: QualityFlag) -> Image.Image:
    """Draw the frame that the photograph should have: the head is half of it."""
    picture = _fit(image)
    scale = _scale(picture, image)
    rows, columns = np.nonzero(scalp)
    x, y = (float(np.median(one)) * scale for one in (columns, rows))
    half = float(np.sqrt(4 * scalp.sum() / np.pi)) * scale
    shade = Image.blend(picture, Image.new("RGB", picture.size, _DARK), 0.55)
    box = (round(x - half), round(y - half), round(x + half), round(y + half))
    inside = Image.new("L", picture.size, 0)
    ImageDraw.Draw(inside).rectangle(box, fill=255)
    shade.paste(picture, mask=inside)
    _frame(shade, box)
    return shade


def _draw_neutral(image: _Image, scalp: _Scalp, flag: QualityFlag) -> Image.Image:
    small = np.array(_fit(image), np.uint8)
    region = Image.fromarray(scalp.astype(np.uint8) * 255)
    inside = np.asarray(region.resize(small.shape[1::-1], Image.Resampling.BOX)) > 0
    return Image.fromarray(quality.remove_colour_cast(small, inside))


def _draw_greys(image: _Image, scalp: _Scalp, flag: QualityFlag) -> Image.Image:
    """Show the colours that the scalp has, from dark to light."""
    order = np.argsort(image[scalp].sum(axis=1, dtype=np.int32))
    tones = [image[scalp][part].mean(axis=0) for part in np.array_split(order, 8)]
    return _stack(tones)


def _draw_colours(image: _Image, scalp: _Scalp, hair: _Hair) -> Image.Image:
    """Show the colours of hair and skin, hair above."""
    pixels = image[scalp]
    order = np.argsort(-hair[scalp], kind="stable")
    few = max(1, len(order) // 10)
    return _stack([pixels[part].mean(axis=0) for part in (order[:few], order[-few:])])


def _stack(tones: list[NDArray[np.floating]]) -> Image.Image:
    canvas = Image.new("RGB", (_SIDE // 2, _SIDE), _DARK)
    draw = ImageDraw.Draw(canvas)
    high = _SIDE / len(tones)
    for number, tone in enumerate(tones):
        fill = tuple(round(float(code)) for code in tone)
        draw.rectangle((0, number * high, canvas.width, (number + 1) * high), fill=fill)
    return canvas


def _draw_detail(
    image: _Image, scalp: _Scalp, flag: QualityFlag
) -> tuple[Image.Image, Image.Image]:
    """Show the photograph with a frame, and what is inside it, pixel by pixel."""
    span = float(np.sqrt(4 * scalp.sum() / np.pi))
    most = min(_SIDE, *scalp.shape)
    side = min(most, max(48, round(span / 4)))
    x, y = quality.find_sharpest(image, scalp, side=side)
    crop = Image.fromarray(image[y : y + side, x : x + side])
    detail = crop.resize((_SIDE, _SIDE), Image.Resampling.NEAREST)
    picture = _fit(image)
    scale = _scale(picture, image)
    _frame(picture, tuple(round(v * scale) for v in (x, y, x + side, y + side)))
    return picture, detail


def _frame(picture: Image.Image, box: tuple[int, ...]) -> None:
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = box
    draw.rectangle((left - 2, top - 2, right + 2, bottom + 2), outline=_DARK, width=7)
    draw.rectangle((left, top, right, bottom), outline=_LINE, width=3)


_DRAWN: dict[QualityFlag, Callable[[_Image, _Scalp, QualityFlag], Image.Image]] = {
    QualityFlag.DARK: _draw_light,
    QualityFlag.BRIGHT: _draw_light,
    QualityFlag.SATURATED: _draw_light,
    QualityFlag.GLARE: _draw_place,
    QualityFlag.DAMAGED: _draw_place,
    QualityFlag.UNFAMILIAR: _draw_place,
    QualityFlag.CROPPED: _draw_cut,
    QualityFlag.FAR: _draw_far,
    QualityFlag.COLOUR_CAST: _draw_neutral,
    QualityFlag.GREY: _draw_greys,
}
