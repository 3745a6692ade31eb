"""Pictures for people: overlays, comparisons, privacy crops, time-lapses.

Arrays in, arrays out (a time-lapse comes out as bytes). Everything is drawn on decoded
pixels, so that no picture can carry the metadata of a photograph. For display only: no
number is ever measured on what is made here.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from hairtrack.imaging import codec, color
from hairtrack.records import GRID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hairtrack.imaging.zones import Zones


TINT = (0, 114, 178)
"""Blue of visible scalp: neither skin nor hair has it, and all colour visions see it."""

OUTLINE = (255, 255, 255)
"""White line round the measured scalp, always on a dark edge."""

MARGIN = 0.03
"""What a privacy crop shows round the scalp, as a share of the picture's longer side."""

_DARK = (16, 24, 32)
_PAPER = (255, 255, 255)
_TINT_STRENGTH = 0.62
_LABEL_SHARE = 0.04
_HIDDEN = (128, 130, 132)

_JPEG_QUALITY = 88

_MAX_GAIN = 2.0
"""Brightness is matched up to one stop; beyond it noise and clipping would show."""

_SKIN_QUANTILE = 0.9
"""The brightest tenth of the scalp is skin rather than hair."""

_Image = NDArray[np.uint8]

Box = tuple[int, int, int, int]
Swatch = Callable[[ImageDraw.ImageDraw, Box], None]


def overlay(
    image: _Image,
    scalp: NDArray[np.bool_],
    hair: NDArray[np.floating[Any]],
    *,
    zones: Zones | None = None,
) -> _Image:
    """Draw what was measured over a photograph, with a legend below it.

    The measured scalp has a white outline; inside it, the more scalp shows
    the bluer the picture; what was not measured is faded to grey.

    Parameters
    ----------
    image : (H, W, 3) uint8
        The photograph, sRGB.
    scalp : (H, W) bool
        Where scalp was measured.
    hair : (H, W) float
        Fraction of hair in each pixel, in [0, 1].
    zones : Zones, optional
        Zones in this photo's own pixels, drawn as thin lines; those large
        enough are named. Scalp outside the whole of them was not measured.

    Returns
    -------
    (H + L, W, 3) uint8
        The picture, with a legend of L rows under the photograph.

    Raises
    ------
    ValueError
        If the arrays are not of one size.

    Examples
    --------
    >>> import numpy as np
    >>> photo = np.full((200, 200, 3), 120, np.uint8)
    >>> scalp = np.zeros((200, 200), bool)
    >>> scalp[50:150, 50:150] = True
    >>> picture = overlay(photo, scalp, scalp * 0.5)
    >>> picture.shape[0] > 200, picture.shape[1:]
    (True, (200, 3))
    """
    _check_image(image)
    if scalp.shape != image.shape[:2] or hair.shape != image.shape[:2]:
        raise ValueError("image, scalp and hair must have the same height and width")
    if zones is not None:
        scalp = scalp & zones[zones.names[0]]
    picture = _fade_outside(image, scalp)
    shows = np.where(scalp, 1.0 - np.clip(hair, 0.0, 1.0), 0.0)
    strength = (shows * (255 * _TINT_STRENGTH)).astype(np.uint8)
    picture.paste(TINT, mask=Image.fromarray(strength))
    width = _line_width(picture)
    if zones is not None:
        _draw_zones(picture, scalp, zones, width=width)
    region = _to_grey(scalp)
    picture.paste(_DARK, mask=_edge_band(region, width=2.4 * width))
    picture.paste(OUTLINE, mask=_edge_band(region, width=width))
    return _to_array(add_legend(picture, _LEGEND))


def checkerboard(first: _Image, second: _Image, *, squares: int = 8) -> _Image:
    """Alternate squares of two pictures: edges that are aligned continue across them.

    Parameters
    ----------
    first, second : (H, W, 3) uint8
        Two pictures in one frame.
    squares : int
        Squares along the longer side.

    Returns
    -------
    (H, W, 3) uint8
        The first picture in the upper left square, the second beside it.

    Raises
    ------
    ValueError
        If the pictures differ in size or `squares` is under 2.
    """
    _check_image(first)
    if first.shape != second.shape:
        raise ValueError("both pictures must have the same size")
    if squares < 2:
        raise ValueError("a checkerboard needs at least 2 squares")
    height, width = first.shape[:2]
    side = max(1, -(-max(height, width) // squares))
    rows, columns = np.arange(height) // side, np.arange(width) // side
    odd = (rows[:, None] + columns[None, :]) % 2 == 1
    return np.where(odd[:, :, None], second, first)


def before_after(first: _Image, second: _Image, *, labels: tuple[str, str]) -> _Image:
    """Set two pictures side by side, each under its label.

    Parameters
    ----------
    first, second : (H, W, 3) uint8
        The earlier and the later picture. The taller one is reduced to the
        height of the other.
    labels : (str, str)
        Text above each, such as a date; shortened where it does not fit.

    Returns
    -------
    (H + L, W, 3) uint8
        Both pictures with a gap between them and L rows of labels on top.

    Raises
    ------
    ValueError
        If a picture is not an sRGB array.
    """
    for image in (first, second):
        _check_image(image)
    height = min(first.shape[0], second.shape[0])
    panels = [_scale_to_height(image, height) for image in (first, second)]
    strip = int(2.1 * max(13, min(panel.width for panel in panels) // 22))
    left, right = map(_caption, panels, labels, (strip, strip))
    gap = np.full((strip + height, max(4, height // 80), 3), _PAPER, np.uint8)
    return np.hstack([left, gap, right])


def shrink(image: _Image, *, longest: int) -> _Image:
    """Reduce a picture for the screen by area averaging; never enlarge it.

    Parameters
    ----------
    image : (H, W, 3) uint8
    longest : int
        Most pixels that the longer side may have.

    Returns
    -------
    (h, w, 3) uint8

    Raises
    ------
    ValueError
        If `longest` is not positive or the picture is not an sRGB array.
    """
    _check_image(image)
    if longest < 1:
        raise ValueError("longest must be at least 1 px")
    height, width = image.shape[:2]
    if max(height, width) <= longest:
        return image
    scale = longest / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return _to_array(Image.fromarray(image).resize(size, Image.Resampling.BOX))


def encode_jpeg(image: _Image, *, longest: int | None = None) -> bytes:
    """Return a picture for the screen as JPEG without metadata, reduced to `longest` px."""
    small = image if longest is None else shrink(image, longest=longest)
    return codec.encode_jpeg(small, quality=_JPEG_QUALITY)


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
        float(np.quantile(one[shown].mean(axis=1), _SKIN_QUANTILE))
        for one in (light, wanted)
    )
    if ours <= 0 or theirs <= 0:
        return image
    gain = float(np.clip(theirs / ours, 1 / _MAX_GAIN, _MAX_GAIN))
    return color.to_srgb(np.clip(light * np.float32(gain), 0, 1))


def caption(image: _Image, text: str) -> _Image:
    """Write a line, a date for instance, on a strip above a picture."""
    return _caption(Image.fromarray(image), text, max(24, image.shape[0] // 16))


def _caption(picture: Image.Image, text: str, strip: int) -> _Image:
    """Write a line on a strip of so many rows, shortened where it does not fit."""
    canvas = Image.new("RGB", (picture.width, picture.height + strip), _DARK)
    canvas.paste(picture, (0, strip))
    draw = ImageDraw.Draw(canvas)
    font = _font(strip / 2.1)
    text = " ".join(text.encode("latin-1", "replace").decode("latin-1").split())
    while text and draw.textlength(text, font=font) > 0.94 * picture.width:
        text = text[:-4].rstrip() + "..." if len(text) > 4 else ""
    draw.text((picture.width / 2, strip / 2), text, font=font, fill=_PAPER, anchor="mm")
    return _to_array(canvas)


def stack(pictures: Sequence[_Image]) -> _Image:
    """Set pictures below one another on white, all as wide as the narrowest."""
    width = min(picture.shape[1] for picture in pictures)
    gap = np.full((max(4, width // 100), width, 3), _PAPER, np.uint8)
    rows = []
    for one in map(Image.fromarray, pictures):
        size = (width, round(one.height * width / one.width))
        rows += [gap, _to_array(one.resize(size, Image.Resampling.BOX))]
    return np.vstack(rows[1:])


def encode_gif(pictures: Sequence[_Image], *, seconds: float = 1.0) -> bytes:
    """Encode pictures as an animated GIF that plays over and over.

    Parameters
    ----------
    pictures : sequence of (H, W, 3) uint8
        Of one size.
    seconds : float
        How long each is shown.

    Returns
    -------
    bytes
        GIF without metadata.

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
        "GIF",
        save_all=True,
        append_images=others,
        duration=round(1000 * seconds),
        loop=0,
    )
    return file.getvalue()


def _check_image(image: _Image) -> None:
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ValueError("a picture must be an (H, W, 3) uint8 array")


def _to_grey(region: NDArray[np.bool_]) -> Image.Image:
    return Image.fromarray(region.astype(np.uint8) * 255)


def _to_array(picture: Image.Image) -> _Image:
    return np.array(picture, dtype=np.uint8)


def _fade_outside(image: _Image, scalp: NDArray[np.bool_]) -> Image.Image:
    photo = Image.fromarray(image)
    grey = photo.convert("L").point([round(40 + 0.62 * code) for code in range(256)])
    faded = Image.blend(photo, grey.convert("RGB"), 0.72)
    faded.paste(photo, mask=_to_grey(scalp))
    return faded


def _line_width(picture: Image.Image) -> float:
    return max(1.6, max(picture.size) / 330)


def _edge_band(region: Image.Image, *, width: float) -> Image.Image:
    """Opacity of a smooth line along the edge of a region; none along the frame.

    The blurred region crosses one half at its edge; the grey levels about one
    half are therefore a band whose width follows the blur.
    """
    blurred = region.filter(ImageFilter.GaussianBlur(width / 2))
    levels = np.abs(np.arange(256) / 127.5 - 1.0)
    opacity = np.clip((0.80 - levels) / 0.24, 0.0, 1.0) * 255
    return blurred.point([int(level) for level in opacity])


def _draw_zones(
    picture: Image.Image, scalp: NDArray[np.bool_], zones: Zones, *, width: float
) -> None:
    """Draw zone borders as one thin layer, then the names of the large zones."""
    edges = np.zeros(scalp.shape, dtype=bool)
    for _, region in _named_zones(zones):
        edges[:, 1:] |= region[:, 1:] != region[:, :-1]
        edges[1:, :] |= region[1:, :] != region[:-1, :]
    edges &= scalp
    sigma = max(0.6, width / 3)
    gain = sigma * np.sqrt(2 * np.pi)
    line = _to_grey(edges).filter(ImageFilter.GaussianBlur(sigma))
    picture.paste(OUTLINE, mask=line.point([min(190, int(v * gain)) for v in range(256)]))
    _draw_zone_names(picture, zones, smallest=_LABEL_SHARE * int(scalp.sum()))


def _named_zones(zones: Zones) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield the zones that a person has a word for: not the whole, not the grid."""
    for name in zones.names[1:]:
        if not name.startswith(GRID):
            region = zones[name]
            if region.any():
                yield name, region


def _draw_zone_names(picture: Image.Image, zones: Zones, *, smallest: float) -> None:
    """Write the names of large zones, each well inside its zone and apart."""
    font = _font(max(11, max(picture.size) // 32))
    draw = ImageDraw.Draw(picture)
    taken: list[tuple[float, float]] = []
    for name, region in _named_zones(zones):
        if region.sum() < smallest:
            continue
        text = name.replace("_", " ")
        room = 0.5 * draw.textlength("m" * len(text), font=font)
        x, y = _find_middle_xy(region, depth=float(font.size))
        if all(abs(y - v) > 1.5 * font.size or abs(x - u) > 2 * room for u, v in taken):
            taken.append((x, y))
            stroke = max(1, int(font.size) // 8)
            draw.text(
                (x, y), text, OUTLINE, font, "mm", stroke_width=stroke, stroke_fill=_DARK
            )


def _find_middle_xy(region: NDArray[np.bool_], *, depth: float) -> tuple[int, int]:
    """Find the point of a region nearest to its middle, away from its border."""
    blurred = np.asarray(_to_grey(region).filter(ImageFilter.BoxBlur(depth)))
    deep = blurred >= min(250, int(blurred.max()))
    rows, columns = np.nonzero(region)
    middle_y, middle_x = rows.mean(), columns.mean()
    rows, columns = np.nonzero(deep)
    nearest = int(np.argmin((rows - middle_y) ** 2 + (columns - middle_x) ** 2))
    return int(columns[nearest]), int(rows[nearest])


def _font(size: float) -> Any:
    """Pillow's built-in typeface, which knows Latin-1 only."""
    return ImageFont.load_default(size)


def _scale_to_height(image: _Image, height: int) -> Image.Image:
    picture = Image.fromarray(image)
    if picture.height == height:
        return picture
    width = max(1, round(picture.width * height / picture.height))
    return picture.resize((width, height), Image.Resampling.BOX)


def add_legend(picture: Image.Image, entries: Sequence[tuple[Swatch, str]]) -> Image.Image:
    """Set a legend under a picture, one entry in each row.

    A swatch is a function that draws into a box (left, top, right, bottom).
    """
    font = _font(max(12, picture.width // 34))
    size = int(font.size)
    step, pad = int(1.8 * size), int(0.6 * size)
    height = picture.height + step * len(entries) + 2 * pad
    canvas = Image.new("RGB", (picture.width, height), _DARK)
    canvas.paste(picture, (0, 0))
    draw = ImageDraw.Draw(canvas)
    for number, (swatch, text) in enumerate(entries):
        middle = picture.height + pad + number * step + step // 2
        swatch(draw, (size, middle - size // 2, int(2.5 * size), middle + size // 2))
        draw.text((3 * size, middle), text, font=font, fill=_PAPER, anchor="lm")
    return canvas


def fill_swatch(colour: tuple[int, int, int]) -> Swatch:
    """Return a swatch of one colour."""
    return lambda draw, box: draw.rectangle(box, fill=colour)


def _draw_line(draw: ImageDraw.ImageDraw, box: Box) -> None:
    left, top, right, bottom = box
    middle = (top + bottom) // 2
    draw.rectangle((left, middle - 1, right, middle + 1), fill=OUTLINE)


_LEGEND = (
    (_draw_line, "measured scalp"),
    (fill_swatch(TINT), "scalp shows"),
    (fill_swatch(_HIDDEN), "not measured"),
)
