"""Quality of a photograph: numbers, flags with advice, and where their reasons lie.

Quality is measured inside the scalp and at one scale (`SPAN`), close to the scale at
which hair is read, so that a sharp distant photo and a blurred near one differ. A
flag does not stop the measurement; it is stored with it.

The limits were set on phantoms of known blur and light, and on 45 phone photographs:
these have no flag unless a person sees the reason too.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import measure

from hairtrack.imaging import color
from hairtrack.messages import Message
from hairtrack.records import Quality, QualityFlag

__all__ = ["ADVICE", "assess", "find_sharpest", "locate", "remove_colour_cast"]

ADVICE: dict[QualityFlag, Message] = {
    QualityFlag.BLURRED: Message(
        "The photo is blurred: rest the elbows, tap the head to focus, take it again."
    ),
    QualityFlag.DARK: Message("The photo is dark: stand under more light, or by a window."),
    QualityFlag.BRIGHT: Message(
        "The photo is too bright: leave the sun, or lower the exposure."
    ),
    QualityFlag.GLARE: Message(
        "The scalp shines: avoid flash and bare lamps, take soft light."
    ),
    QualityFlag.CROPPED: Message(
        "The scalp is cut off: get the whole head into the photo."
    ),
    QualityFlag.FAR: Message(
        "The head is small in the photo: come nearer until it fills about half of it."
    ),
    QualityFlag.LOW_RESOLUTION: Message(
        "The photo has few pixels on the head: use the full size of the camera, not a "
        "preview or a messenger's copy."
    ),
    QualityFlag.LOW_CONTRAST: Message(
        "Hair and skin look almost alike: another light may tell them apart better; "
        "compare with care."
    ),
    QualityFlag.GREY: Message(
        "The photo has no colour: it is kept but not measured; take it in colour."
    ),
    QualityFlag.SATURATED: Message(
        "Parts of the scalp are so bright that colour is lost: lower the exposure a little."
    ),
    QualityFlag.COLOUR_CAST: Message(
        "The light is strongly coloured: use daylight or a white lamp, the same one each "
        "time."
    ),
    QualityFlag.DAMAGED: Message(
        "Part of the scalp repeats itself as in a damaged file: look at the photo, and "
        "copy it again from the camera."
    ),
    QualityFlag.UNFAMILIAR: Message(
        "The photo is unlike those that the method was tested with: check that it shows "
        "the bare head and that the outline is right, and compare with care."
    ),
}
"""For each flag, what is the matter and what to do."""

SPAN = 288
"""Head width, px, at which a photograph is judged; the limits below belong to it."""

MIN_SHARPNESS = 0.75
"""45 phone photos had 0.83 to 1.57. Blurred by 1 px (sigma) at the standard scale, where
strands begin to run into skin, 72 % of them fall below 0.75; by 1.5 px, all."""

MIN_BRIGHTNESS = 0.20
"""Code of the tenth brightest part, over 255. The darkest of 45 phone photos, black hair
in the shade, had 0.24."""

MAX_BRIGHTNESS = 0.95
"""Above it a tenth of the scalp is within a few levels of white."""

MAX_DARK = 0.30
"""Share of black pixels; a full head of black hair in ordinary light has up to 0.22."""

MAX_CLIPPED = 0.05
"""Share of pixels with a channel at its end; skin and hair are distinguished by colour."""

MAX_GLARE = 0.03
"""Share of shining spots: they look like grey hair, or hide hair, so that 0.03 of the
scalp can move visible scalp by 3 percentage points."""

MIN_IN_FRAME = 0.95
"""Share of the outline inside the frame; zones at a cut edge are measured in part."""

MIN_SHARE = 0.25
"""Head width over the photo's short side; 45 phone photos had 0.45 to 0.9."""

MIN_CONTRAST = 0.12
"""CIELAB distance / 100 of hair from skin. 45 phone photos had 0.13 to 0.55; below are
phantoms with grey or fair hair on skin of the same lightness."""

WARMTH = (0.75, 5.0)
"""Red over blue light. Skin and brown hair reflect more red than blue, up to four times
for dark skin under warm lamps; black hair under the sky came down to 0.81."""

TINT = (0.60, 1.25)
"""Green over the geometric mean of red and blue light; 0.62 to 1.11 in all of 45 phone
photos but a greenish one of 1.28."""

MAX_REPEATED = 150
"""Places; 42 phantom photos had up to 46, 43 phone photos up to 1. Three blocks of 16 px
in a row that a JPEG decoder made of zeros give 153."""

MAX_DISTANCE = 1.8
"""Of `detection.Detection.distance`. 19 real men of the part "tune" had 1.06 to 1.60 and 18
drawn heads up to 1.59; a cat 2.5, walls, lawn and things on a table 2.0 to 3.8."""

_BLOCK, _HALF = 16, 8
"""Pixels after which a gap in a JPEG repeats itself, and height of one of its blocks."""

BLACK, FULL = 16, 254
"""Codes at which a channel counts as black or at its end (JPEG moves them by 1 to 2)."""

_EDGE = 5
"""Pixels at the standard scale left out along the outline, where background mixes in."""

_CUT_DEPTH = 0.012
"""Depth of a cut edge as it is marked, as a share of the photograph's longer side."""

_Image = NDArray[np.uint8]
_Scalp = NDArray[np.bool_]
_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Reduced:
    """Photograph and scalp, cropped and reduced to the standard scale."""

    image: _Floats
    scalp: _Scalp
    inner: _Scalp
    scale: float


def assess(
    image: _Image,
    scalp: _Scalp,
    *,
    hair: _Floats | None = None,
    grey: bool = False,
    distance: float | None = None,
) -> Quality:
    """Assess the quality of a photograph.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB photograph.
    scalp : (H, W) bool
        True on scalp.
    hair : (H, W) float32, optional
        Hair fraction; without it hair is not compared with skin.
    grey : bool
        True if the photograph came without colour.
    distance : float, optional
        As `detection.Detection.distance`.

    Returns
    -------
    Quality
        Flags in the order of `QualityFlag`, and numbers sorted by name. Without a
        scalp there are no numbers.

    Raises
    ------
    ValueError
        If the arrays differ in height or width, or have a wrong type.
    """
    _check(image, scalp, hair)
    area = int(np.count_nonzero(scalp))
    if area == 0:
        return Quality(flags=(QualityFlag.GREY,) if grey else ())
    reduced = _reduce(image, scalp, area)
    numbers = _measure_light(image, scalp, area) | _measure_frame(reduced, scalp)
    numbers["sharpness"] = _measure_sharpness(reduced)
    numbers["glare"] = _measure_glare(reduced)
    numbers["repeated"] = _count_repeats(image, scalp)
    if hair is not None and (contrast := _measure_contrast(image, scalp, hair)) is not None:
        numbers["contrast"] = contrast
    if distance is not None:
        numbers["distance"] = distance
    found = _judge(numbers, short_side=min(scalp.shape))
    found[QualityFlag.LOW_RESOLUTION] = _find_span(area) < SPAN
    found[QualityFlag.GREY] = grey
    if grey:
        found[QualityFlag.COLOUR_CAST] = False
    return Quality(
        flags=tuple(flag for flag in QualityFlag if found.get(flag)),
        numbers=tuple(sorted((name, round(value, 4)) for name, value in numbers.items())),
    )


def locate(image: _Image, scalp: _Scalp, flag: QualityFlag) -> _Scalp | None:
    """Return where on the scalp the reason of a flag lies.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB photograph.
    scalp : (H, W) bool
        True on scalp.
    flag : QualityFlag
        A flag of the photograph.

    Returns
    -------
    (H, W) bool or None
        `None` for a flag about the photograph as a whole.

    Raises
    ------
    ValueError
        If the arrays differ in height or width.
    """
    if scalp.shape != image.shape[:2]:
        raise ValueError(f"scalp must be {image.shape[:2]}, like the image")
    find = _FINDERS.get(flag)
    return None if find is None else find(image, scalp)


def find_sharpest(image: _Image, scalp: _Scalp, *, side: int) -> tuple[int, int]:
    """Return the upper left corner (x, y) of the square of the scalp with most detail.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB photograph.
    scalp : (H, W) bool
        True on scalp.
    side : int
        Of the square, px; it lies inside the photograph, and in the scalp as far as it
        can.

    Returns
    -------
    (int, int)
        px.
    """
    # A little smoothing, so that the noise of the sensor does not pass for detail.
    green = cv2.GaussianBlur(np.ascontiguousarray(image[..., 1]), (0, 0), 1.0)
    detail = np.abs(cv2.Laplacian(green, cv2.CV_32F)) * scalp
    height, width = scalp.shape
    middle = side // 2, side // 2
    found, share = (
        cv2.blur(plane, (side, side), anchor=middle, borderType=cv2.BORDER_CONSTANT)
        for plane in (detail, scalp.astype(np.float32))
    )
    found[share < 0.98 * share.max()] = -1.0
    top, left = np.unravel_index(int(np.argmax(found)), found.shape)
    x = int(np.clip(left - side // 2, 0, max(0, width - side)))
    y = int(np.clip(top - side // 2, 0, max(0, height - side)))
    return x, y


def remove_colour_cast(image: _Image, scalp: _Scalp) -> _Image:
    """Remove the colour of the light from a photograph, for display only.

    One factor of linear light for each colour brings the mean colour of the scalp to the
    middle of what counts as ordinary light.
    """
    light = color.to_linear(image)
    red, green, blue = light[scalp].mean(axis=0) + 1e-4
    warmth, tint = (float(np.sqrt(low * high)) for low, high in (WARMTH, TINT))
    level = np.sqrt(red * blue)
    wanted = np.array([level * np.sqrt(warmth), level * tint, level / np.sqrt(warmth)])
    gains = wanted / np.array([red, green, blue])
    # Keep the brightness, in which green has the largest weight.
    gains *= (0.2 * red + 0.7 * green + 0.1 * blue) / (wanted @ np.array([0.2, 0.7, 0.1]))
    return color.to_srgb(np.clip(light * gains.astype(np.float32), 0, 1))


def _judge(numbers: dict[str, float], *, short_side: int) -> dict[QualityFlag, bool]:
    """Hold the numbers against their limits."""
    return {
        QualityFlag.BLURRED: numbers["sharpness"] < MIN_SHARPNESS,
        QualityFlag.DARK: numbers["brightness"] < MIN_BRIGHTNESS
        or numbers["dark"] > MAX_DARK,
        QualityFlag.BRIGHT: numbers["brightness"] > MAX_BRIGHTNESS,
        QualityFlag.GLARE: numbers["glare"] > MAX_GLARE,
        QualityFlag.CROPPED: numbers["in_frame"] < MIN_IN_FRAME,
        QualityFlag.FAR: numbers["head_width_px"] < MIN_SHARE * short_side,
        QualityFlag.LOW_CONTRAST: numbers.get("contrast", 1.0) < MIN_CONTRAST,
        QualityFlag.UNFAMILIAR: numbers.get("distance", 0.0) > MAX_DISTANCE,
        QualityFlag.SATURATED: numbers["clipped"] > MAX_CLIPPED,
        QualityFlag.DAMAGED: numbers["repeated"] > MAX_REPEATED,
        QualityFlag.COLOUR_CAST: not WARMTH[0] <= numbers["warmth"] <= WARMTH[1]
        or not TINT[0] <= numbers["tint"] <= TINT[1],
    }


def _check(image: _Image, scalp: _Scalp, hair: _Floats | None) -> None:
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ValueError("image must be (H, W, 3) uint8")
    if scalp.shape != image.shape[:2] or scalp.dtype != np.bool_:
        raise ValueError(f"scalp must be {image.shape[:2]} bool, like the image")
    if hair is not None and hair.shape != scalp.shape:
        raise ValueError(f"hair must be {scalp.shape}, like the image")


def _find_span(area: float) -> float:
    """Return the diameter in px of the disc of an area."""
    return float(np.sqrt(4 * area / np.pi))


def _reduce(image: _Image, scalp: _Scalp, area: int) -> _Reduced:
    """Crop to the scalp and average down to the standard scale; never enlarge.

    The last halving is done on fractions, so that the rounding of codes does not
    pass for fine detail on smooth skin.
    """
    scale = min(1.0, SPAN / _find_span(area))
    step = max(1, int(0.5 / scale))  # averaging over whole steps is quick
    left, top, width, height = cv2.boundingRect(scalp.view(np.uint8))
    width, height = (max(1, length // step) for length in (width, height))
    window = slice(top, top + height * step), slice(left, left + width * step)
    coarse = cv2.resize(image[window], (width, height), interpolation=cv2.INTER_AREA)
    size = tuple(max(1, round(length * step * scale)) for length in (width, height))
    small = cv2.resize(
        coarse.astype(np.float32) / np.float32(255), size, interpolation=cv2.INTER_AREA
    )
    covered = cv2.resize(
        scalp[window].view(np.uint8), size, interpolation=cv2.INTER_NEAREST
    )
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _EDGE + 1, 2 * _EDGE + 1))
    inner = cv2.erode(covered, disc, borderType=cv2.BORDER_CONSTANT, borderValue=(1,)) > 0
    found = covered > 0
    return _Reduced(
        image=np.asarray(small, np.float32),
        scalp=found,
        inner=inner if inner.any() else found,
        scale=scale,
    )


def _find_luma(image: _Floats) -> _Floats:
    return np.asarray(image @ np.array([0.299, 0.587, 0.114], np.float32), np.float32)


def _sample(image: _Image, scalp: _Scalp, area: int) -> tuple[_Image, slice]:
    """Return some 20,000 pixels of the scalp as they are, (N, 3), and the stride."""
    step = slice(None, None, max(1, int(np.sqrt(area / 20_000))))
    some = image[step, step][scalp[step, step]]
    return (some, step) if some.size else (image[scalp], slice(None))


def _measure_light(image: _Image, scalp: _Scalp, area: int) -> dict[str, float]:
    """Return brightness, shares of clipped and black pixels, and the light's colour."""
    some, _ = _sample(image, scalp, area)
    luma = _find_luma(some.astype(np.float32)) / 255
    red, green, blue = color.to_linear(some[:, np.newaxis]).mean(axis=(0, 1)) + 1e-4
    return {
        "brightness": float(np.percentile(luma, 90)),
        "clipped": float((some.max(axis=1) >= FULL).mean()),
        "dark": float((some.max(axis=1) <= BLACK).mean()),
        "warmth": float(red / blue),
        "tint": float(green / np.sqrt(red * blue)),
    }


def _measure_frame(reduced: _Reduced, scalp: _Scalp) -> dict[str, float]:
    """Return the width of the head, and the share of its outline inside the frame.

    The width is the short axis of the ellipse that has the same second moments.
    """
    (head,) = measure.regionprops(reduced.scalp.astype(np.uint8))
    width = head.axis_minor_length / reduced.scale
    edges = (scalp[0], scalp[-1], scalp[:, 0], scalp[:, -1])
    cut = sum(int(np.count_nonzero(edge)) for edge in edges) * reduced.scale
    outlines, _ = cv2.findContours(
        reduced.scalp.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    around = sum(cv2.arcLength(outline, True) for outline in outlines)
    return {
        "head_width_px": float(width),
        "in_frame": float(1 - min(1.0, cut / max(around, 1.0))),
    }


def _measure_sharpness(reduced: _Reduced) -> float:
    """Return how much of the detail lies in its finest part; contrast cancels.

    Detail is split into three bands, one octave each (fine, middle, coarse). Blur
    takes the fine band first; strong blur leaves only noise there, but then the
    middle band is gone too. So the worse of the two ratios counts; the factor
    brings both to about 1 in a photo that is just sharp.
    """
    luma = _find_luma(reduced.image)
    levels = [luma] + [cv2.GaussianBlur(luma, (0, 0), sigma) for sigma in (1.0, 2.0, 4.0)]
    fine, middle, coarse = (
        float(np.sqrt(np.mean(np.square(a - b)[reduced.inner])))
        for a, b in itertools.pairwise(levels)
    )
    if middle < 1e-4 or coarse < 1e-4:
        return 0.0
    return min(fine / middle, 1.25 * middle / coarse)


def _measure_glare(reduced: _Reduced) -> float:
    """Return the share of the scalp that shines."""
    return float(_find_shine(reduced)[reduced.scalp].mean())


def _find_shine(reduced: _Reduced) -> _Scalp:
    """Return what shines: light, pale, lighter than around it."""
    luma = _find_luma(reduced.image)
    weight = reduced.scalp.astype(np.float32)
    near = (SPAN // 4, SPAN // 4)
    share = np.maximum(cv2.blur(weight, near), 1e-3)
    around = cv2.blur(luma * weight, near) / share
    pale = reduced.image.min(axis=2) > 0.68
    return np.asarray(pale & (luma > 0.78) & (luma > around + 0.08), np.bool_)


def _count_repeats(image: _Image, scalp: _Scalp) -> float:
    """Return how often a patch recurs exactly beside or below itself on the scalp.

    White and black patches do not count: light beyond the sensor's range and deep
    shade are flat in good photographs too.
    """
    left, top, width, height = cv2.boundingRect(scalp.view(np.uint8))
    window = slice(top, top + height), slice(left, left + width)
    part, inside = image[window], scalp[window]
    both = (part, inside), (part.transpose(1, 0, 2), inside.T)
    return float(max(np.count_nonzero(_find_across(*one)) for one in both))


def _find_across(image: _Image, inside: _Scalp) -> NDArray[np.uint8]:
    """1 in the middle of each patch that recurs a block to the right; a block narrower.

    A patch is `_HALF` rows high, so that one row in `_HALF` crosses it. Where no such row
    holds a run as long as a patch, which is nearly always, there is nothing to find.
    """
    height, width = image.shape[0], image.shape[1] - _BLOCK
    if width <= _BLOCK:
        return np.zeros((height, 0), np.uint8)
    rows = np.ascontiguousarray(image[::_HALF])
    run = np.ones((1, _BLOCK), np.uint8)
    if not _shrink(_find_same(rows, inside[::_HALF]), run).any():
        return np.zeros((height, width), np.uint8)
    patch = np.ones((_HALF, _BLOCK), np.uint8)
    return _shrink(_find_same(np.ascontiguousarray(image), inside), patch)


def _find_same(image: _Image, inside: _Scalp) -> _Scalp:
    """Return the pixels, neither white nor black, that recur a block to the right."""
    here, there = image[:, :-_BLOCK], image[:, _BLOCK:]
    red, green, blue = cv2.split(cv2.absdiff(here, there))
    same = (cv2.max(cv2.max(red, green), blue) == 0) & inside[:, :-_BLOCK]
    same &= inside[:, _BLOCK:]
    red, green, blue = cv2.split(here)
    same &= cv2.min(cv2.min(red, green), blue) < FULL
    same &= cv2.max(cv2.max(red, green), blue) > BLACK
    return np.asarray(same, np.bool_)


def _shrink(same: _Scalp, patch: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """1 where a whole patch is the same."""
    shrunk = cv2.erode(
        same.view(np.uint8), patch, borderType=cv2.BORDER_CONSTANT, borderValue=(0,)
    )
    return np.asarray(shrunk, np.uint8)


def _measure_contrast(image: _Image, scalp: _Scalp, hair: _Floats) -> float | None:
    """Return how far apart hair and skin are in CIELAB / 100, `None` if one is missing."""
    some, step = _sample(image, scalp, int(np.count_nonzero(scalp)))
    share = hair[step, step][scalp[step, step]]
    light = color.to_linear(some[:, np.newaxis])
    groups = [light[share > 0.7], light[share < 0.3]]
    if min(len(group) for group in groups) < 0.01 * len(share):
        return None
    means = np.array([group.mean(axis=(0, 1)) for group in groups], np.float32)
    hair_lab, skin_lab = cv2.cvtColor(means[:, np.newaxis], cv2.COLOR_LRGB2Lab)[:, 0]
    return float(np.linalg.norm(hair_lab - skin_lab) / 100)


def _find_glare(image: _Image, scalp: _Scalp) -> _Scalp:
    found = np.zeros(scalp.shape, np.uint8)
    area = int(np.count_nonzero(scalp))
    if area:
        shining = _find_shine(_reduce(image, scalp, area)).view(np.uint8)
        left, top, width, height = cv2.boundingRect(scalp.view(np.uint8))
        found[top : top + height, left : left + width] = cv2.resize(
            shining, (width, height), interpolation=cv2.INTER_NEAREST
        )
    return (found > 0) & scalp


def _find_clipped(image: _Image, scalp: _Scalp) -> _Scalp:
    return np.asarray((image.max(axis=2) >= FULL) & scalp, np.bool_)


def _find_dark(image: _Image, scalp: _Scalp) -> _Scalp:
    return np.asarray((image.max(axis=2) <= BLACK) & scalp, np.bool_)


def _find_cut(image: _Image, scalp: _Scalp) -> _Scalp:
    """Return a band along the frame where the scalp runs out of it."""
    deep = max(1, round(_CUT_DEPTH * max(scalp.shape)))
    found = np.zeros(scalp.shape, np.bool_)
    found[:deep] |= scalp[0]
    found[-deep:] |= scalp[-1]
    found[:, :deep] |= scalp[:, :1]
    found[:, -deep:] |= scalp[:, -1:]
    return found


def _find_repeats(image: _Image, scalp: _Scalp) -> _Scalp:
    """Return the patches that recur exactly beside or below themselves."""
    found = np.zeros(scalp.shape, np.uint8)
    across = _find_across(image, scalp)
    found[:, : across.shape[1]] |= across
    down = _find_across(image.transpose(1, 0, 2), scalp.T).T
    found[: down.shape[0]] |= down
    reach = 3 * _BLOCK + 1  # as far as the second of both patches
    return (cv2.dilate(found, np.ones((reach, reach), np.uint8)) > 0) & scalp


_FINDERS: dict[QualityFlag, Callable[[_Image, _Scalp], _Scalp]] = {
    QualityFlag.DARK: _find_dark,
    QualityFlag.BRIGHT: _find_clipped,
    QualityFlag.SATURATED: _find_clipped,
    QualityFlag.GLARE: _find_glare,
    QualityFlag.CROPPED: _find_cut,
    QualityFlag.DAMAGED: _find_repeats,
    QualityFlag.UNFAMILIAR: lambda _image, scalp: scalp,
}
