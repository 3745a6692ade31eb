"""Pictures of doubts: the photograph on the left, its trouble marked on the right."""

from __future__ import annotations

import numpy as np
import pytest

from hairtrack.records import QualityFlag
from hairtrack.report import quality_figures

HEIGHT, WIDTH = 720, 600
BOX = (slice(200, 500), slice(150, 450))
SPOT = (slice(300, 360), slice(260, 320))


@pytest.fixture
def scalp():
    region = np.zeros((HEIGHT, WIDTH), bool)
    region[BOX] = True
    return region


@pytest.fixture
def image():
    noise = np.random.default_rng(3).normal(0, 12, (HEIGHT, WIDTH, 3))
    return np.clip(noise + np.array((150, 110, 90)), 30, 200).astype(np.uint8)


def find_mark(picture: np.ndarray) -> tuple[slice, slice]:
    """Return the box of what is marked on the right, in px of the right-hand picture."""
    half = picture[:, (picture.shape[1] + 8) // 2 :]
    rows, columns = np.nonzero((half == quality_figures.MARK).all(axis=2))
    return slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)


@pytest.mark.parametrize("flag", list(QualityFlag))
def test_every_doubt_has_its_picture(flag) -> None:
    for shape in ((720, 600), (300, 900), (60, 60)):
        photo = np.random.default_rng(1).integers(20, 250, (*shape, 3), dtype=np.uint8)
        region = np.zeros(shape, bool)
        region[shape[0] // 4 : -shape[0] // 4, shape[1] // 4 : -shape[1] // 4] = True
        alike = flag is QualityFlag.LOW_CONTRAST
        hair = photo[..., 0] / np.float32(255) if alike else None
        picture = quality_figures.draw_flag(photo, region, flag, hair=hair)
        assert picture.shape[0] == 360
        assert picture.dtype == np.uint8
    with pytest.raises(ValueError, match="not empty"):
        quality_figures.draw_flag(photo, np.zeros_like(region), flag)
    with pytest.raises(ValueError, match="like the image"):
        quality_figures.draw_flag(photo[1:], region, flag)


def test_glare_is_marked_where_it_is(image, scalp) -> None:
    image[SPOT] = 252
    picture = quality_figures.draw_flag(image, scalp, QualityFlag.GLARE)
    rows, columns = find_mark(picture)
    # Half the size of the photograph; a pixel of it, and half of one of the picture.
    found = [rows.start, rows.stop, columns.start, columns.stop]
    assert np.allclose(found, [150, 180, 130, 160], atol=2.5)
    left = picture[:, :300]
    assert not (left == quality_figures.MARK).all(axis=2).any()


@pytest.mark.parametrize(
    ("flag", "code"), [(QualityFlag.DARK, 3), (QualityFlag.SATURATED, 255)]
)
def test_light_is_marked_and_counted(image, scalp, flag, code) -> None:
    image[SPOT] = code
    picture = quality_figures.draw_flag(image, scalp, flag)
    right = picture[:, 308:]
    marked = (right == quality_figures.MARK).all(axis=2)
    # Four fifths of the height hold the photograph, the rest the strip of brightness.
    small = 288 / HEIGHT
    rows, _ = np.nonzero(marked[:288])
    assert rows.min() == pytest.approx(300 * small, abs=2)
    assert rows.max() == pytest.approx(360 * small, abs=2)
    strip = np.flatnonzero(marked[288:].any(axis=0))
    assert strip.size
    end = strip.max() < 30 if code == 3 else strip.min() > 270
    assert end


def test_a_cut_edge_is_marked_inside_a_wider_frame(image, scalp) -> None:
    scalp[:200, 150:450] = True
    rows, columns = find_mark(quality_figures.draw_flag(image, scalp, QualityFlag.CROPPED))
    top = (360 - 0.84 * 360) / 2
    left = (300 - 0.84 * 300) / 2
    assert rows.start == pytest.approx(top, abs=1.5)
    assert rows.stop < top + 8
    assert columns.start == pytest.approx(left + 0.84 * 75, abs=2)
    assert columns.stop == pytest.approx(left + 0.84 * 225, abs=2)


def test_the_frame_that_a_far_head_should_fill_is_drawn(image) -> None:
    scalp = np.zeros((HEIGHT, WIDTH), bool)
    scalp[340:380, 280:320] = True
    right = quality_figures.draw_flag(image, scalp, QualityFlag.FAR)[:, 308:]
    bright = (right == 255).all(axis=2)
    rows, columns = np.flatnonzero(bright.any(axis=1)), np.flatnonzero(bright.any(axis=0))
    # A disc of 40 x 40 px is 45 px across; the frame twice that, at half the scale.
    span = 2 * np.sqrt(4 * 1600 / np.pi) / 2
    assert rows.max() - rows.min() == pytest.approx(span, abs=2)
    assert (rows.max() + rows.min()) / 2 == pytest.approx(180, abs=1.5)
    assert (columns.max() + columns.min()) / 2 == pytest.approx(150, abs=1.5)


def test_blur_is_shown_pixel_by_pixel(image, scalp) -> None:
    picture = quality_figures.draw_flag(image, scalp, QualityFlag.BLURRED)
    detail = picture[:, -360:]
    side = round(np.sqrt(4 * scalp.sum() / np.pi) / 4)
    # Enlarged without smoothing: no more colours than pixels of the crop.
    assert len(np.unique(detail.reshape(-1, 3), axis=0)) <= side * side


def test_hair_and_skin_are_set_against_each_other(image, scalp) -> None:
    hair = np.zeros(scalp.shape, np.float32)
    hair[200:260] = 1.0
    image[200:260] = (40, 30, 20)
    image[260:500] = (190, 150, 130)
    swatches = quality_figures.draw_flag(image, scalp, QualityFlag.LOW_CONTRAST, hair=hair)[
        :, -180:
    ]
    assert np.abs(swatches[60, 90].astype(int) - (40, 30, 20)).max() <= 1
    assert np.abs(swatches[300, 90].astype(int) - (190, 150, 130)).max() <= 1
