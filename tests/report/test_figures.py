"""Pictures: what is drawn where, on arrays whose answer is known."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hairtrack.imaging import color
from hairtrack.imaging import zones as zoning
from hairtrack.report import figures

SIZE = 240


def draw_disc(*, radius: float = 80, size: int = SIZE) -> np.ndarray:
    y, x = np.mgrid[:size, :size]
    return np.hypot(x - size / 2, y - size / 2) < radius


def make_photo(*, size: int = SIZE) -> np.ndarray:
    """A skin-coloured photograph without any structure."""
    return np.full((size, size, 3), (200, 160, 130), np.uint8)


def look(picture: np.ndarray, row: int, column: int) -> np.ndarray:
    return picture[row, column].astype(int)


def test_overlay_keeps_the_photo_on_top_and_adds_a_legend_below() -> None:
    scalp = draw_disc()
    picture = figures.overlay(make_photo(), scalp, scalp * 1.0)
    assert picture.dtype == np.uint8
    assert picture.shape[1:] == (SIZE, 3)
    assert SIZE + 20 < picture.shape[0] < 2 * SIZE
    legend = picture[SIZE:]
    # White letters, the blue swatch and the dark ground are all there.
    for colour in (figures.TINT, (255, 255, 255)):
        assert (legend == colour).all(axis=2).sum() > 30


def test_overlay_tints_bare_scalp_blue_and_fades_what_was_not_measured() -> None:
    scalp = draw_disc()
    hair = np.zeros(scalp.shape, np.float32)
    hair[:, : SIZE // 2] = 1.0
    picture = figures.overlay(make_photo(), scalp, hair)
    assert np.array_equal(figures.overlay(make_photo(), scalp, hair), picture)
    covered, bare = look(picture, 120, 80), look(picture, 120, 160)
    assert covered.tolist() == [200, 160, 130]
    tint = np.array(figures.TINT)
    assert bare[2] > bare[1] > bare[0]
    assert np.abs(bare - tint).sum() < np.abs(covered - tint).sum() / 2
    assert np.ptp(look(picture, 10, 10)) < np.ptp(covered) / 2
    nothing = np.zeros((SIZE, SIZE), bool)
    picture = figures.overlay(make_photo(), nothing, nothing * 1.0)
    assert (picture[:SIZE] == picture[0, 0]).all()
    for shapes in (((5, 5), (SIZE, SIZE)), ((SIZE, SIZE), (5, 5))):
        with pytest.raises(ValueError, match="same height and width"):
            figures.overlay(make_photo(), np.zeros(shapes[0], bool), np.zeros(shapes[1]))


def test_overlay_tint_follows_the_hair_fraction() -> None:
    scalp = draw_disc()
    red = [
        look(figures.overlay(make_photo(), scalp, np.full(scalp.shape, part)), 120, 120)[0]
        for part in (1.0, 0.75, 0.5, 0.25, 0.0)
    ]
    steps = -np.diff(red)
    # Equal steps of hair are equal steps of tint, to the rounding of two 8-bit mixes.
    assert steps.min() > 20
    assert steps.max() - steps.min() <= 2


def test_overlay_outline_runs_round_the_scalp_white_on_dark() -> None:
    scalp = draw_disc(radius=80)
    picture = figures.overlay(make_photo(), scalp, scalp * 1.0)
    along = picture[120, 180:222].astype(int).sum(axis=1)
    brightest = 180 + int(along.argmax())
    # The edge of the disc is at column 200; the line may sit one pixel off it.
    assert abs(brightest - 200) <= 1
    assert along.max() > 3 * 235
    assert along.min() < 3 * 110
    # Where the scalp leaves the frame there is no line.
    scalp = np.zeros((SIZE, SIZE), bool)
    scalp[:120] = True
    picture = figures.overlay(make_photo(), scalp, scalp * 1.0)
    for row, column in ((0, 120), (60, 0)):
        assert look(picture, row, column).tolist() == [200, 160, 130]


def test_overlay_draws_and_names_zones_but_not_the_grid() -> None:
    scalp = draw_disc(radius=110)
    hair = scalp * 1.0
    zones = zoning.draw(scalp, view="vertex", front="up")
    plain = figures.overlay(make_photo(), scalp, hair)
    drawn = figures.overlay(make_photo(), scalp, hair, zones=zones)
    change = (drawn.astype(int) - plain).max(axis=2)[:SIZE]
    # The crown's circle: middle 0.38 of 110 px behind the centre, radius 0.36 of it.
    assert change[162, 157:164].max() > 25
    # A grid line runs 22 px right of the centre, and is not drawn.
    assert not change[60:80, 138:147].any()
    # The names are white on dark: darker than the photo beside it.
    assert (drawn.astype(int) - plain).min(axis=2)[150:175, 100:140].min() < -60


def test_overlay_measures_nothing_outside_the_zones() -> None:
    scalp = draw_disc(radius=110)
    zones = zoning.draw(draw_disc(radius=60), view="vertex", front="up")
    picture = figures.overlay(make_photo(), scalp, scalp * 0.0, zones=zones)
    inside, outside = look(picture, 100, 150), look(picture, 120, 215)
    assert inside[2] - inside[0] > 40
    assert abs(outside[2] - outside[0]) < 40


@given(st.integers(2, 12), st.integers(1, 60), st.integers(1, 60))
def test_checkerboard_shows_each_pixel_of_one_of_the_two(
    squares: int, height: int, width: int
) -> None:
    first = np.zeros((height, width, 3), np.uint8)
    second = np.full_like(first, 255)
    board = figures.checkerboard(first, second, squares=squares)[:, :, 0] > 0
    side = -(-max(height, width) // squares)
    rows, columns = np.mgrid[:height, :width] // side
    assert np.array_equal(board, (rows + columns) % 2 == 1)


def test_before_after_stands_left_to_right_under_labels() -> None:
    first = np.full((200, 150, 3), 40, np.uint8)
    second = np.full((200, 150, 3), 210, np.uint8)
    picture = figures.before_after(first, second, labels=("3 March", "8 July"))
    strip = picture.shape[0] - 200
    assert 15 < strip < 60
    assert (picture[strip:, :150] == 40).all()
    assert (picture[strip:, -150:] == 210).all()
    assert (picture[strip:, 150:-150] == 255).all()
    for half in (picture[:strip, :150], picture[:strip, -150:]):
        assert (half > 200).any()
        assert (half < 50).any()
    # The taller is reduced to the height of the other.
    smaller = figures.before_after(second[:100, :100], second, labels=("a", "b"))
    assert smaller.shape[0] < 150
    assert 175 < smaller.shape[1] < 190


@pytest.mark.parametrize("label", ["", "x" * 500, "<b>3</b>", "日本", "a\nb"])
def test_before_after_takes_any_label(label: str) -> None:
    photo = make_photo(size=100)
    picture = figures.before_after(photo, photo, labels=(label, label))
    strip = picture.shape[0] - 100
    # A label never runs out of its own strip into the gap between the photographs.
    assert (picture[strip:, 100:-100] == 255).all()
    assert (picture[:strip, 100:-100] == 255).all()


def test_shrink_averages_areas() -> None:
    photo = np.zeros((400, 200, 3), np.uint8)
    photo[::2] = 200
    small = figures.shrink(photo, longest=100)
    assert small.shape == (100, 50, 3)
    # Alternating rows of 0 and 200 average to 100, to the rounding of 8 bits.
    assert np.abs(small.astype(int) - 100).max() <= 1
    assert figures.shrink(photo, longest=10_000) is photo
    with pytest.raises(ValueError, match="at least 1"):
        figures.shrink(photo, longest=0)
    for shape, kind in (((9, 9), np.uint8), ((9, 9, 3), float), ((9, 9, 4), np.uint8)):
        with pytest.raises(ValueError, match="uint8"):
            figures.shrink(np.zeros(shape, kind), longest=5)


# Privacy crop, brightness, time-lapse ----------------------------------------------


@pytest.fixture
def noise():
    return np.random.default_rng(2).integers(1, 255, (200, 160, 3), dtype=np.uint8)


@pytest.fixture
def scalp():
    region = np.zeros((200, 160), bool)
    region[60:120, 50:100] = True
    return region


def test_only_the_scalp_and_a_margin_stay(noise, scalp) -> None:
    hidden = figures.privacy_crop(noise, scalp, margin=0.05)
    assert np.array_equal(hidden[scalp], noise[scalp])
    outside = np.ones(scalp.shape, bool)
    outside[50:130, 40:110] = False  # 5 % of 200 px
    assert len(np.unique(hidden[outside], axis=0)) == 1
    ring = np.zeros(scalp.shape, bool)
    ring[53:127, 43:107] = True
    assert np.array_equal(hidden[ring], noise[ring])
    hidden = figures.privacy_crop(noise, scalp, margin=0)
    assert len(np.unique(hidden[~scalp], axis=0)) == 1


@pytest.mark.parametrize("gain", [0.6, 1.0, 1.5])
def test_light_is_evened(noise, scalp, gain) -> None:
    dim = (noise * 0.5).astype(np.uint8) + 1
    other = color.to_srgb(np.clip(color.to_linear(dim) * np.float32(gain), 0, 1))
    back = figures.match_brightness(other, dim, scalp=scalp)
    # Two roundings to codes; the darkest codes are the coarsest.
    assert np.abs(back.astype(int) - dim)[scalp].mean() < 1.5
    # A missing part stays black.
    part = noise.copy()
    part[:, :70] = 0
    assert not figures.match_brightness(part, noise, scalp=scalp)[:, :70].any()
    dark = np.zeros_like(noise)
    assert not figures.match_brightness(dark, noise, scalp=scalp).any()


def test_a_date_stands_above(noise) -> None:
    named = figures.caption(noise, "3 March 2025")
    assert np.array_equal(named[24:], noise)
    assert named[:24].max() > 200


def test_every_visit_is_one_frame(noise) -> None:
    same = [noise, noise, noise[::-1].copy()]
    film = Image.open(io.BytesIO(figures.encode_gif(same, seconds=0.7)))
    assert film.format == "GIF"
    assert film.is_animated
    assert film.info.get("exif") is None
    times = []
    for number in range(film.n_frames):
        film.seek(number)
        film.load()
        times.append(film.info["duration"])
    # An encoder may join two equal frames into one that is shown twice as long.
    assert sum(times) == 3 * 700


def test_pictures_are_stacked_without_enlarging_any(noise) -> None:
    wide = np.tile(noise, (1, 2, 1))
    height, width = noise.shape[:2]
    stacked = figures.stack([noise, wide])
    assert stacked.shape[1] == width
    assert np.array_equal(stacked[:height], noise)
    assert stacked.shape[0] == pytest.approx(1.5 * height, abs=6)


def test_wrong_use_is_refused(noise, scalp) -> None:
    with pytest.raises(ValueError, match="as large"):
        figures.privacy_crop(noise, scalp[:5])
    with pytest.raises(ValueError, match="same size"):
        figures.match_brightness(noise, noise[:5], scalp=scalp)
    with pytest.raises(ValueError, match="one size"):
        figures.encode_gif([noise, noise[:5]])
    with pytest.raises(ValueError, match="same size"):
        figures.checkerboard(noise, noise[1:])
    with pytest.raises(ValueError, match="2 squares"):
        figures.checkerboard(noise, noise, squares=1)
