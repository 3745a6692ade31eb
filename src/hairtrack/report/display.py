"""Pictures made ready to be shown or handed on: faces hidden, light evened, a time-lapse.

For the eye only: no number is ever taken from what is made here.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from hairtrack.imaging import color

__all__ = ["MARGIN", "caption", "encode_webp", "match_brightness", "privacy_crop"]

MARGIN = 0.03
"""What stays visible round the scalp, as a share of the picture's longer side."""

_HIDDEN = (128, 130, 132)
_MAX_GAIN = 2.0
_SKIN = 0.9
_DARK, _PAPER = (16, 24, 32), (255, 255, 255)

_Image = NDArray[np.uint8]


def privacy_crop(
    image: _Image, scalp: NDArray[np.bool_], *, margin: float = MARGIN
) -> _Image:
    """Paint over everything but the scalp and a narrow margin: no face stays.

    Parameters
    ----------
    image : (H, W, 3) uint8
    scalp : (H, W) bool
        In the picture's own pixels.
    margin : float
        As a share of the longer side.

    Returns
    -------
    (H, W, 3) uint8
        One grey where the picture is hidden: unlike a blur, it cannot be undone.

    Raises
    ------
    ValueError
        If picture and scalp differ in size, or the margin is negative.
    """
    if image.shape[:2] != scalp.shape or margin < 0:
        raise ValueError("scalp must be as large as the picture, the margin not negative")
    reach = round(margin * max(scalp.shape))
    shown = Image.fromarray(scalp.astype(np.uint8) * 255)
    if reach:
        # A box blur spreads a region by its radius in every direction.
        shown = shown.filter(ImageFilter.BoxBlur(reach)).point(
            [255 * (code > 0) for code in range(256)]
        )
    kept = np.asarray(shown) > 0
    return np.where(kept[..., np.newaxis], image, np.asarray(_HIDDEN, np.uint8))


def match_brightness(
    image: _Image, reference: _Image, *, scalp: NDArray[np.bool_]
) -> _Image:
    """Make the head in a picture as bright as in another of the same frame.

    One factor of linear light for all colours: colour casts and shadows stay. It is
    read from the brightest tenth of the scalp, which is skin rather than hair.

    Parameters
    ----------
    image, reference : (H, W, 3) uint8
        Of one size; black is taken for what a picture does not show.
    scalp : (H, W) bool
        In the same frame.

    Returns
    -------
    (H, W, 3) uint8

    Raises
    ------
    ValueError
        If the sizes differ.
    """
    if image.shape != reference.shape or scalp.shape != image.shape[:2]:
        raise ValueError("both pictures and the scalp must have the same size")
    shown = scalp & (image.max(axis=2) > 0) & (reference.max(axis=2) > 0)
    if not shown.any():
        return image
    light, wanted = (color.to_linear(one) for one in (image, reference))
    ours, theirs = (
        float(np.quantile(one[shown].mean(axis=1), _SKIN)) for one in (light, wanted)
    )
    if ours <= 0 or theirs <= 0:
        return image
    gain = float(np.clip(theirs / ours, 1 / _MAX_GAIN, _MAX_GAIN))
    return color.to_srgb(np.clip(light * np.float32(gain), 0, 1))


def caption(image: _Image, text: str) -> _Image:
    """Write a line, a date for instance, on a strip above a picture."""
    strip = max(24, image.shape[0] // 16)
    canvas = Image.new("RGB", (image.shape[1], image.shape[0] + strip), _DARK)
    canvas.paste(Image.fromarray(image), (0, strip))
    words = text.encode("latin-1", "replace").decode("latin-1")
    place = (image.shape[1] / 2, strip / 2)
    font = ImageFont.load_default(strip * 0.55)
    ImageDraw.Draw(canvas).text(place, words, font=font, fill=_PAPER, anchor="mm")
    return np.array(canvas, dtype=np.uint8)


def encode_webp(pictures: Sequence[_Image], *, seconds: float = 1.0) -> bytes:
    """Encode pictures as an animated WebP that plays over and over.

    Parameters
    ----------
    pictures : sequence of (H, W, 3) uint8
        Of one size.
    seconds : float
        How long each is shown.

    Returns
    -------
    bytes
        WebP without metadata.

    Raises
    ------
    ValueError
        If there is no picture, or their sizes differ.
    """
    if not pictures or len({picture.shape for picture in pictures}) != 1:
        raise ValueError("a time-lapse needs pictures of one size")
    first, *others = (Image.fromarray(picture) for picture in pictures)
    file = io.BytesIO()
    first.save(
        file,
        "WEBP",
        save_all=True,
        append_images=others,
        duration=round(1000 * seconds),
        loop=0,
        quality=82,
        method=2,
        # One frame stays one frame, even where two pictures are the same.
        minimize_size=False,
    )
    return file.getvalue()
