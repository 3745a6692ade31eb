"""The phantom's truth is the truth of what it draws."""

import dataclasses

import numpy as np
import pytest

import hairtrack_phantom as phantom
from hairtrack.records import View
from hairtrack_phantom import camera, develop, layers, people

SIZE = (260, 260)


def take(seed: int, **fixed: object) -> tuple[phantom.Head, phantom.Shot]:
    rng = np.random.default_rng(seed)
    head = phantom.random_head(rng, **fixed)
    return head, phantom.random_shot(rng, size=SIZE)


def test_same_seed_gives_the_same_bytes() -> None:
    first, again = (phantom.photograph(*take(5)) for _ in range(2))
    assert first.image.tobytes() == again.image.tobytes()
    assert np.array_equal(first.hair, again.hair)
    assert np.array_equal(first.scalp, again.scalp)
    assert take(5)[0] != take(6)[0]
    # The truth is the mean over the true scalp.
    expected = 1 - first.hair[first.scalp].mean()
    assert first.visible_scalp == pytest.approx(float(expected), abs=1e-6)
    assert first.hair.min() >= 0
    assert first.hair.max() <= 1


def test_more_density_shows_less_scalp_and_moves_no_hair() -> None:
    head, shot = take(11, texture="straight", thinning=phantom.Thinning(), coverage=0.8)
    shown = []
    for factor in (0.0, 0.4, 0.8, 1.2):
        photo = phantom.photograph(head.with_density(factor), shot)
        shown.append(photo.visible_scalp)
    assert shown[0] == pytest.approx(1, abs=1e-6), "no hair: all scalp shows"
    assert shown[0] > shown[1] > shown[2] > shown[3] > 0


@pytest.mark.parametrize("view", list(View))
def test_every_view_shows_scalp(view: View) -> None:
    rng = np.random.default_rng(8)
    photo = phantom.photograph(
        phantom.random_head(rng), phantom.random_shot(rng, view=view, size=SIZE)
    )
    # A head fills about half of a photo taken to the standard; the scalp of a face-on
    # view is the smallest part of it, and never all of the photo.
    assert 0.1 < photo.scalp.mean() < 0.7


def test_combing_moves_hair_but_not_the_skull() -> None:
    head, shot = take(9, texture="straight", length=0.25)
    other = dataclasses.replace(shot, comb=dataclasses.replace(shot.comb, seed=99))
    first, last = phantom.photograph(head, shot), phantom.photograph(head, other)
    assert np.array_equal(first.landmarks_xy, last.landmarks_xy)
    assert not np.array_equal(first.hair, last.hair)


def test_colour_and_light_do_not_move_the_truth() -> None:
    head, shot = take(4)
    dark = dataclasses.replace(
        shot, light=dataclasses.replace(shot.light, exposure=-1.0, gains=(1.2, 1.0, 0.8))
    )
    fair = dataclasses.replace(head, skin=(240.0, 210.0, 190.0))
    first, last = phantom.photograph(head, shot), phantom.photograph(fair, dark)
    assert first.visible_scalp == last.visible_scalp
    assert not np.array_equal(first.image, last.image)


def test_zoom_scales_landmarks_about_the_centre() -> None:
    head, shot = take(4)
    centre = np.array(shot.pose.centre) * SIZE[::-1] - 0.5
    near = phantom.closer(shot, 1.5)
    first, _ = phantom._landmarks(head, shot.pose)
    last, _ = phantom._landmarks(head, near.pose)
    assert np.allclose(last - centre, 1.5 * (first - centre), atol=1e-3)


def test_rays_and_projection_are_inverse() -> None:
    """A pixel's point on the skull projects back to that pixel.

    The taper of the skull is undone by three corrections, whose rest is below a tenth
    of a pixel at this size except at the rim, where rays graze the skull.
    """
    head, shot = take(2)
    points, hit = camera.look(head, shot.pose)
    xy, _ = camera.project(head, shot.pose, points * np.asarray(head.axes, np.float32))
    y, x = np.mgrid[0 : SIZE[0], 0 : SIZE[1]]
    away = np.hypot(xy[..., 0] - x, xy[..., 1] - y)
    facing = (points / np.asarray(head.axes)) @ camera.rotation(shot.pose)[2] > 0.7
    assert np.percentile(away[hit & facing], 99) < 0.3
    assert np.median(away[hit & facing]) < 0.05


def test_hair_and_skin_mix_in_linear_light() -> None:
    """A pixel half black hair, half skin has half the linear light of bare skin."""
    flat = np.ones((8, 8), np.float32)
    drawn = layers.Layers(
        hair=np.zeros((8, 8, 4), np.float32),
        skull=flat,
        scalp=flat > 0,
        normal=np.dstack([flat * 0, flat * 0, flat]),
        pigment=flat,
        blood=flat * 0,
        behind=np.zeros((8, 8), np.uint8),
        before=np.zeros((8, 8), np.uint8),
    )
    light = dataclasses.replace(
        develop.random_light(np.random.default_rng(0)), occlusion=0.0, hair_gloss=0.0
    )
    paint = develop.Paint(skin=(200, 150, 120), hair=(0, 0, 0), shine=0.0)
    nothing = np.zeros((8, 8, 3), np.float32)
    bare = develop.shine_through(drawn, paint, light, nothing, nothing)
    half = np.zeros((8, 8, 4), np.float32)
    half[..., 1] = 0.5
    mixed = develop.shine_through(
        dataclasses.replace(drawn, hair=half), paint, light, nothing, nothing
    )
    assert np.allclose(mixed, bare / 2, rtol=1e-5)


def test_tone_curves_are_inverse() -> None:
    """There and back is within one grey level: each table has 4096 steps."""
    shares = np.linspace(0, 1, 256, dtype=np.float32)
    back = develop.compress(develop.expand(shares))
    assert np.abs(back - shares).max() < 1 / 255


def test_single_strands_do_not_widen_the_scalp() -> None:
    scalp = np.zeros((200, 200), bool)
    scalp[50:150, 50:150] = True
    hair = np.zeros((200, 200), np.float32)
    hair[20:60, 100] = 1.0
    kept = layers.true_scalp(scalp, hair, 120.0)
    assert not kept[:48].any(), "a strand is no mass of hair"
    assert kept[60:140, 60:140].all()


def test_hairline_has_its_three_angles() -> None:
    head, _ = take(1)
    angles = people.hairline_angle(head, np.array([0.0, np.pi / 2, np.pi], np.float32))
    front, side, back = head.hairline
    # The small term that shapes the temples moves the front by 0.1 rad and no more.
    assert angles[0] == pytest.approx(front - 0.1, abs=1e-5)
    assert angles[1] == pytest.approx(side, abs=1e-5)
    assert angles[2] == pytest.approx(back, abs=1e-5)
