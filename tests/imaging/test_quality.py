"""Flags appear where their cause is, and nowhere else."""

from __future__ import annotations

import functools

import cv2
import numpy as np
import pytest

import hairtrack_phantom as phantom
from hairtrack.imaging import color, quality
from hairtrack.records import Quality, QualityFlag

SKIN, HAIR = np.array([0.42, 0.25, 0.17]), np.array([0.05, 0.035, 0.025])
"""Linear light of light skin and brown hair."""


@functools.cache
def draw_head(
    *,
    width: int = 600,
    shift: tuple[int, int] = (0, 0),
    size: tuple[int, int] = (800, 800),
    turn: float = 30,
    hair_light: tuple[float, float, float] = tuple(HAIR),
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return light (H, W, 3), scalp and hair of an elliptic head with short strands."""
    rng = np.random.default_rng(7)
    centre = (size[1] // 2 + shift[0], size[0] // 2 + shift[1])
    axes = (width // 2, round(width * 0.6))
    scalp = np.zeros(size, np.uint8)
    cv2.ellipse(scalp, centre, axes, turn, 0, 360, 1, -1)
    hair = np.zeros(size, np.float32)
    length = width / 14
    for x, y in rng.uniform(0, 1, (2500, 2)) * (size[1], size[0]):
        angle = rng.normal(0.5, 0.4)
        tip = (round(x + length * np.cos(angle)), round(y + length * np.sin(angle)))
        cv2.line(hair, (round(x), round(y)), tip, 1.0, 2, cv2.LINE_AA)
    hair *= scalp
    light = (
        hair[..., np.newaxis] * np.array(hair_light) + (1 - hair[..., np.newaxis]) * SKIN
    )
    light[scalp == 0] = (0.1, 0.12, 0.15)
    return light, scalp > 0, hair


def photograph(light: np.ndarray, *, noise: float = 1.0) -> np.ndarray:
    codes = color.to_srgb(light.astype(np.float32)).astype(float)
    codes += np.random.default_rng(1).normal(0, noise, codes.shape)
    return np.clip(np.rint(codes), 0, 255).astype(np.uint8)


def number(found: Quality, name: str) -> float:
    return dict(found.numbers)[name]


@pytest.fixture(scope="module")
def head() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return draw_head()


def test_good_photograph_has_no_flag(head) -> None:
    light, scalp, hair = head
    found = quality.assess(photograph(light), scalp, hair=hair)
    assert found.flags == ()
    names = [name for name, _ in found.numbers]
    assert names == sorted(names)
    assert {type(value) for _, value in found.numbers} == {float}
    # The head is 600 px wide by its drawing; half a pixel of outline on each side.
    assert number(found, "head_width_px") == pytest.approx(600, rel=0.01)
    assert number(found, "in_frame") == 1
    # Black hair is not a dark photograph.
    light, scalp, _ = draw_head(hair_light=(0.012, 0.010, 0.009))
    assert QualityFlag.DARK not in quality.assess(photograph(light), scalp).flags
    # Blur below the standard scale does no harm: 1 px of this photo is 0.3 px of it.
    light, scalp, _ = draw_head(width=900, size=(1100, 1100))
    found = quality.assess(photograph(cv2.GaussianBlur(light, (0, 0), 1)), scalp)
    assert QualityFlag.BLURRED not in found.flags
    assert set(quality.ADVICE) == set(QualityFlag)


@pytest.mark.parametrize("turn", [0, 45, 90])
@pytest.mark.parametrize("width", [150, 600, 1500])
def test_head_width_is_that_of_the_ellipse(width: int, turn: float) -> None:
    scalp = np.zeros((2000, 2000), np.uint8)
    axes = (width // 2, round(width * 0.6))
    cv2.ellipse(scalp, (1000, 1000), axes, turn, 0, 360, 1, -1)
    found = quality.assess(np.full((2000, 2000, 3), 90, np.uint8), scalp > 0)
    # Reduced to 288 px across, an outline is good to about half of one of these pixels.
    assert number(found, "head_width_px") == pytest.approx(width, rel=0.01)


def test_blur_is_flagged_at_the_scale_of_the_head(head) -> None:
    light, scalp, _ = head
    span = np.sqrt(4 * scalp.sum() / np.pi)
    sharpness = []
    for sigma in (0, 0.5, 1, 2, 4, 8):  # px of the standard scale
        blurred = (
            light if sigma == 0 else cv2.GaussianBlur(light, (0, 0), sigma * span / 288)
        )
        found = quality.assess(photograph(blurred), scalp)
        sharpness.append(number(found, "sharpness"))
        if sigma == 0 or sigma >= 1.5:
            assert (QualityFlag.BLURRED in found.flags) == (sigma > 0), sigma
    assert sharpness[:4] == sorted(sharpness[:4], reverse=True)


@pytest.mark.parametrize(
    ("stops", "flags"),
    [
        (-4, {QualityFlag.DARK}),
        (-1, set()),
        (0, set()),
        (1.5, {QualityFlag.SATURATED}),
        (3, {QualityFlag.BRIGHT, QualityFlag.SATURATED}),
    ],
)
def test_exposure(head, stops: float, flags: set[QualityFlag]) -> None:
    light, scalp, _ = head
    found = quality.assess(photograph(np.clip(light * 2**stops, 0, 1)), scalp)
    concerned = {QualityFlag.DARK, QualityFlag.BRIGHT, QualityFlag.SATURATED}
    assert set(found.flags) & concerned == flags


@pytest.mark.parametrize(("radius", "flagged"), [(15, False), (80, True)])
def test_glare(head, radius: int, flagged: bool) -> None:
    light, scalp, _ = head
    spot = np.zeros(scalp.shape, np.float32)
    cv2.circle(spot, (420, 360), radius, 1.0, -1)
    shining = light + 0.6 * spot[..., np.newaxis]
    found = quality.assess(photograph(np.clip(shining, 0, 1)), scalp)
    assert (QualityFlag.GLARE in found.flags) == flagged
    # Skin in the spot shines, hair in it does so less: between a third and all of it.
    share = spot[scalp].mean()
    assert 0.33 * share < number(found, "glare") < 1.1 * share


@pytest.mark.parametrize("shift", [(0, 0), (300, 0), (0, -300)])
def test_cropping(shift: tuple[int, int]) -> None:
    light, scalp, _ = draw_head(shift=shift, turn=0)
    angle = np.linspace(0, 2 * np.pi, 100_000)
    centre = np.array([[400 + shift[0]], [400 + shift[1]]])
    outline = centre + np.stack([300 * np.cos(angle), 360 * np.sin(angle)])
    inside = np.all((outline >= 0) & (outline < 800), axis=0)
    steps = np.linalg.norm(np.diff(outline, axis=1), axis=0)
    kept = steps[inside[1:]].sum()
    cut = np.ptp(outline[:, inside], axis=1)[1 if shift[0] else 0] if any(shift) else 0
    found = quality.assess(photograph(light), scalp)
    assert (QualityFlag.CROPPED in found.flags) == any(shift)
    # The length of an outline of pixels is good to a few per cent.
    assert number(found, "in_frame") == pytest.approx(kept / (kept + cut), abs=0.03)


def test_far_and_coarse() -> None:
    far, coarse = QualityFlag.FAR, QualityFlag.LOW_RESOLUTION
    for drawn, expected in (
        ({"width": 150}, {far, coarse}),
        ({"width": 290, "size": (1200, 1200)}, {far}),
        ({"width": 220, "size": (300, 300)}, {coarse}),
    ):
        light, scalp, _ = draw_head(**drawn)
        flags = set(quality.assess(photograph(light), scalp).flags)
        assert flags & {far, coarse} == expected


@pytest.mark.parametrize(
    ("gains", "flagged"),
    [
        ((1, 1, 1), False),
        ((1.15, 1, 0.85), False),
        ((0.85, 1, 1.15), False),
        ((0.5, 1, 1.9), True),
        ((1.9, 1, 0.5), True),
        ((0.7, 1.4, 0.7), True),
        ((1.5, 0.6, 1.5), True),
    ],
)
def test_colour_cast(head, gains: tuple[float, float, float], flagged: bool) -> None:
    light, scalp, _ = head
    found = quality.assess(photograph(np.clip(light * np.array(gains) * 0.6, 0, 1)), scalp)
    assert (QualityFlag.COLOUR_CAST in found.flags) == flagged


def test_contrast_is_the_distance_of_the_two_colours(head) -> None:
    light, scalp, hair = head
    found = quality.assess(photograph(light), scalp, hair=hair)
    two = np.array([[HAIR, SKIN]], np.float32)
    lab = cv2.cvtColor(two, cv2.COLOR_LRGB2Lab)[0]
    # Pixels count as hair from 0.7 on, so that some skin is in them: up to 15 % less.
    known = np.linalg.norm(lab[0] - lab[1]) / 100
    assert 0.8 * known < number(found, "contrast") <= 1.01 * known
    assert QualityFlag.LOW_CONTRAST not in found.flags
    for share in (None, np.zeros_like(hair), np.ones_like(hair)):  # without one of them
        found = quality.assess(photograph(light), scalp, hair=share)
        assert "contrast" not in dict(found.numbers)
        assert QualityFlag.LOW_CONTRAST not in found.flags
    light, scalp, hair = draw_head(hair_light=tuple(SKIN * 0.75))
    found = quality.assess(photograph(light), scalp, hair=hair)
    assert QualityFlag.LOW_CONTRAST in found.flags


def test_grey_is_passed_on_and_casts_no_colour(head) -> None:
    light, scalp, _ = head
    grey = np.repeat(photograph(light)[..., :1], 3, axis=2)
    assert quality.assess(grey, scalp, grey=True).flags == (QualityFlag.GREY,)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_turning_the_photograph_changes_nothing(head, turns: int) -> None:
    light, scalp, hair = head
    upright = quality.assess(photograph(light), scalp, hair=hair)
    turned = quality.assess(
        np.rot90(photograph(light), turns).copy(),
        np.rot90(scalp, turns).copy(),
        hair=np.rot90(hair, turns).copy(),
    )
    assert turned.flags == upright.flags
    for name, value in upright.numbers:
        # Reduced pixels fall elsewhere, and others are sampled.
        assert number(turned, name) == pytest.approx(value, rel=0.05, abs=0.01), name


def test_hardly_any_scalp_is_no_reason_to_fail() -> None:
    for height, width in ((0, 0), (1, 1), (1, 40), (40, 1), (3, 3)):
        scalp = np.zeros((100, 100), np.bool_)
        scalp[:height, :width] = True
        found = quality.assess(np.full((100, 100, 3), 90, np.uint8), scalp)
        assert all(np.isfinite(value) for _, value in found.numbers)


def test_arrays_that_do_not_fit_are_refused() -> None:
    image, scalp = np.zeros((8, 9, 3), np.uint8), np.ones((8, 9), np.bool_)
    with pytest.raises(ValueError, match="image"):
        quality.assess(image.astype(np.float32), scalp)
    with pytest.raises(ValueError, match="scalp"):
        quality.assess(image, scalp.T)
    with pytest.raises(ValueError, match="hair"):
        quality.assess(image, scalp, hair=np.zeros((9, 8), np.float32))
    with pytest.raises(ValueError, match="like the image"):
        quality.locate(image, scalp[1:], QualityFlag.GLARE)


@pytest.mark.parametrize("place", [0.4, 0.6])
@pytest.mark.parametrize("turns", [0, 1])
def test_a_repeated_stripe_is_flagged_as_damage(head, place: float, turns: int) -> None:
    light, scalp, _ = head
    whole = photograph(light)
    assert number(quality.assess(whole, scalp), "repeated") == 0
    broken = whole.copy()
    top = int(place * whole.shape[0]) // 16 * 16
    block = whole[top : top + 16, 320:336]
    broken[top : top + 16, 320:448] = np.tile(block, (1, 8, 1))
    found = quality.assess(np.rot90(broken, turns).copy(), np.rot90(scalp, turns).copy())
    assert QualityFlag.DAMAGED in found.flags
    # Eight blocks of 16 px have seven that recur: places of a 16 x 8 patch in them.
    assert number(found, "repeated") == pytest.approx((7 * 16 - 15) * (16 - 7), rel=0.01)


def test_white_and_black_are_flat_and_not_damaged(head) -> None:
    light, scalp, _ = head
    for level in (0.0, 4.0):
        plain = light.copy()
        plain[300:420, 300:500] = level
        found = quality.assess(photograph(np.clip(plain, 0, 1), noise=0.2), scalp)
        assert QualityFlag.DAMAGED not in found.flags


# Where on the photograph the reason of a flag lies ---------------------------------------


@pytest.fixture(scope="module")
def dull():
    rng = np.random.default_rng(4)
    person = phantom.random_head(rng, tone=3, colour="dark_brown", coverage=0.9)
    photo = phantom.photograph(person, phantom.random_shot(rng, size=(600, 700)))
    # Less light, so that nothing shines or is clipped yet.
    return (photo.image * 0.8).astype(np.uint8), photo.scalp


def overlap(found: np.ndarray, true: np.ndarray) -> float:
    return float((found & true).sum() / (found | true).sum())


@pytest.mark.parametrize(
    ("flag", "code"),
    [
        (QualityFlag.GLARE, 250),
        (QualityFlag.BRIGHT, 255),
        (QualityFlag.SATURATED, 255),
        (QualityFlag.DARK, 4),
    ],
)
def test_a_disc_of_light_or_shade_is_found_where_it_is(dull, flag, code) -> None:
    image, scalp = dull
    assert not np.any(scalp & (image.max(axis=2) >= quality.FULL))
    disc = cv2.circle(np.zeros(scalp.shape, np.uint8), (350, 260), 40, 1, -1) > 0
    spoilt = image.copy()
    spoilt[disc] = code
    before = quality.locate(image, scalp, flag)
    found = quality.locate(spoilt, scalp, flag) & ~(before & ~disc)
    # Glare is sought at the standard scale, where a pixel of this photo is about one.
    assert overlap(found, disc & scalp) > 0.9


def test_the_cut_edge_is_marked_and_no_other(dull) -> None:
    image, scalp = dull
    top = int(np.flatnonzero(scalp.any(axis=1))[0]) + 80
    cut_image, cut_scalp = image[top:], scalp[top:]
    found = quality.locate(cut_image, cut_scalp, QualityFlag.CROPPED)
    assert np.array_equal(found[0], cut_scalp[0])
    assert not found[20:].any()
    assert not quality.locate(image, scalp, QualityFlag.CROPPED).any()
    # Other flags are about the whole photograph.
    for flag in (QualityFlag.BLURRED, QualityFlag.COLOUR_CAST, QualityFlag.FAR):
        assert quality.locate(image, scalp, flag) is None


@pytest.mark.parametrize("turned", [False, True])
def test_what_repeats_itself_is_found(dull, turned) -> None:
    image, scalp = dull
    spoilt = image.copy()
    spoilt[250:266, 300:400] = np.tile(image[250:266, 300:316], (1, 7, 1))[:, :100]
    where = np.zeros(scalp.shape, bool)
    where[250:266, 300:400] = True
    if turned:
        spoilt, scalp, where = (
            np.ascontiguousarray(one.swapaxes(0, 1)) for one in (spoilt, scalp, where)
        )
    found = quality.locate(spoilt, scalp, QualityFlag.DAMAGED)
    assert found[where].mean() > 0.95
    # Marked a block wider all round, so that it is seen.
    near = cv2.dilate(where.astype(np.uint8), np.ones((49, 49), np.uint8)) > 0
    assert not found[~near].any()


def test_the_sharp_part_of_a_blurred_photograph_is_found(dull) -> None:
    image, scalp = dull
    spoilt = cv2.GaussianBlur(image, (0, 0), 5)
    spoilt[220:300, 320:400] = image[220:300, 320:400]
    x, y = quality.find_sharpest(spoilt, scalp, side=60)
    # The window lies in the sharp square of 80 px, or over its edge by a quarter.
    assert 305 <= x <= 355
    assert 205 <= y <= 255


def test_the_colour_of_the_light_is_taken_off(dull) -> None:
    image, scalp = dull
    gains = np.array([1.0, 0.8, 0.45])
    orange = np.clip(image * gains, 0, 255).astype(np.uint8)
    neutral = quality.remove_colour_cast(orange, scalp)
    numbers = dict(quality.assess(neutral, scalp).numbers)
    low, high = quality.WARMTH
    assert numbers["warmth"] == pytest.approx(np.sqrt(low * high), rel=0.1)
    assert numbers["tint"] == pytest.approx(np.sqrt(np.prod(quality.TINT)), rel=0.1)
    assert QualityFlag.COLOUR_CAST not in quality.assess(neutral, scalp).flags
