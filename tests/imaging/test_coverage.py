"""Visible scalp: known fractions, weights, errors."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from hairtrack.imaging import coverage, zones

IDENTITY = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
EXACT = coverage.MethodError(ends=0.0, middle=0.0)


def head(shape=(480, 400)):
    y, x = np.mgrid[: shape[0], : shape[1]]
    height, width = shape
    return ((x - width / 2) / (0.45 * width)) ** 2 + (
        (y - height / 2) / (0.45 * height)
    ) ** 2 <= 1


def field(seed, shape=(480, 400), *, correlation=12.0, spread=0.15):
    """A hair fraction whose residuals hang together over `correlation` px."""
    noise = np.random.default_rng(seed).standard_normal(shape).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), correlation)
    return np.clip(0.6 + spread * smooth / smooth.std(), 0, 1).astype(np.float32)


def test_every_zone_is_the_mean_of_its_pixels_in_plain_numbers():
    drawn = zones.draw(head(), view="vertex")
    hair = field(1)
    for zone in coverage.measure(hair, drawn):
        inside = drawn[zone.zone]
        assert zone.area_px == inside.sum()
        if zone.area_px:
            # float32 against float64 sums
            truth = 1 - hair[inside].mean(dtype=np.float64)
            assert zone.visible_scalp == pytest.approx(truth, abs=1e-6)
            assert zone.seen == 1
            numbers = zone.visible_scalp, zone.standard_error, zone.seen, zone.area_px
            assert [type(one) for one in numbers] == [float, float, float, int]
    with pytest.raises(ValueError, match="hair"):
        coverage.measure(hair[:5], drawn)
    with pytest.raises(ValueError, match="weight"):
        coverage.measure(hair, drawn, weight=hair[:5])


def test_large_picture_is_thinned_without_harm():
    shape = (2600, 2200)
    drawn = zones.draw(head(shape), view="vertex")
    hair = np.random.default_rng(2).random(shape, np.float32)
    whole, *rest = coverage.measure(hair, drawn)
    # Worst case: white noise, SD 0.29, of which 1 px in 4 is read: 0.29 / sqrt(9e5)
    # = 0.0003 for the whole and ten times that for a square.
    truth = 1 - hair[drawn["scalp"]].mean(dtype=np.float64)
    assert whole.visible_scalp == pytest.approx(truth, abs=0.001)
    for zone in rest:
        if zone.area_px > 20000:
            truth = 1 - hair[drawn[zone.zone]].mean(dtype=np.float64)
            assert zone.visible_scalp == pytest.approx(truth, abs=0.01)


def test_bare_and_covered():
    drawn = zones.draw(head(), view="midline")
    bare = coverage.measure(np.zeros((480, 400), np.float32), drawn)
    assert {zone.visible_scalp for zone in bare} == {1.0}
    covered = coverage.measure(np.ones((480, 400), np.float32), drawn)
    assert {zone.visible_scalp for zone in covered} == {0.0}
    # Nothing varies, so what is left is the method's own error at the ends.
    assert {round(zone.standard_error, 9) for zone in bare + covered} == {
        coverage.METHOD_ERROR.ends
    }


def test_empty_and_hardly_seen_zones_have_no_value():
    scalp = head()
    scalp[:200] = False
    drawn = zones.draw(head(), view="vertex", front="down").within(scalp)
    measured = {z.zone: z for z in coverage.measure(field(3), drawn)}
    assert measured["crown"].visible_scalp is None or measured["crown"].seen >= 0.25
    empty = measured["grid_r6c3"]
    assert (empty.visible_scalp, empty.standard_error, empty.area_px) == (None, None, 0)
    nothing = coverage.measure(field(3), drawn.within(np.zeros_like(scalp)))
    assert {z.visible_scalp for z in nothing} == {None}
    assert [z.zone for z in nothing] == list(drawn.names)
    strip = np.zeros((480, 400), bool)
    strip[:, :90] = True
    whole = coverage.measure(field(3), zones.draw(head(), view="vertex").within(strip))[0]
    assert whole.seen == pytest.approx(0.137, abs=0.005)
    assert whole.visible_scalp is None
    assert whole.area_px > 0


def test_area_factor_undoes_perspective():
    """The same field seen obliquely gives the fraction of area in the baseline."""
    scalp, hair = head(), field(4, correlation=30, spread=0.25)
    drawn = zones.draw(scalp, view="vertex")
    straight = coverage.measure(hair, drawn)[0].visible_scalp
    matrix = np.array([[0.9, 0.1, 15.0], [-0.05, 0.8, 20.0], [-4e-4, -7e-4, 1.0]])
    matrix = matrix @ np.array([[1, 0, -60], [0, 1, -60], [0, 0, 1]])  # all of it in view
    into_photo = np.linalg.inv(matrix)
    big = (1100, 1000)
    size = (big[1], big[0])
    seen_hair = cv2.warpPerspective(hair, into_photo, size, flags=cv2.INTER_LINEAR)
    record = tuple(tuple(float(v) for v in row) for row in matrix)
    carried = zones.project(drawn, record, big)
    weight = coverage.area_weight(record, big)
    weighted = coverage.measure(seen_hair, carried, weight=weight)[0]
    plain = coverage.measure(seen_hair, carried)[0]
    assert weighted.seen == pytest.approx(1, abs=0.002)
    # Each pixel is seen more than once: interpolation leaves some 0.001 pp. The
    # foreshortening, left out, moves the mean by 1 pp.
    assert weighted.visible_scalp == pytest.approx(straight, abs=0.0005)
    assert abs(plain.visible_scalp - straight) > 0.005


def test_area_weight_is_the_jacobian_up_to_a_factor():
    matrix = ((1.1, 0.2, 3.0), (-0.1, 0.9, 5.0), (3e-4, -2e-4, 1.0))
    weight = coverage.area_weight(matrix, (200, 300, 3))
    assert weight.shape == (200, 300)
    assert weight.dtype == np.float32
    m = np.array(matrix)

    def jacobian(x, y):
        def at(a, b):
            q = m @ (a, b, 1)
            return q[:2] / q[2]

        step = 1e-4
        return np.linalg.det(
            np.stack([at(x + step, y) - at(x, y), at(x, y + step) - at(x, y)], 1) / step
        )

    ratio = jacobian(250, 30) / jacobian(10, 180)
    assert weight[30, 250] / weight[180, 10] == pytest.approx(ratio, rel=1e-4)
    assert coverage.area_weight(IDENTITY, (4, 4)) is None


def test_sampling_error_covers_the_truth_of_correlated_noise():
    """Two errors hold the true mean in about 95 % of fields; blocks make that so."""
    shape = (320, 260)
    drawn = zones.draw(head(shape), view="temporal_left")
    inside = 0
    for seed in range(200):
        zone = coverage.measure(
            field(seed, shape, correlation=4, spread=0.1), drawn, method_error=EXACT
        )[0]
        inside += abs(zone.visible_scalp - 0.4) <= 2 * zone.standard_error
    # Blocks of 20 px against noise blurred by 4 px are not quite
    # independent, so somewhat fewer than 95 % are expected; 200 fields
    # themselves scatter by 2 %.
    assert 0.80 <= inside / 200 <= 0.99


def test_a_steady_slope_is_not_taken_for_noise():
    shape = (320, 260)
    drawn = zones.draw(head(shape), view="temporal_left")
    slope = np.broadcast_to(np.linspace(0, 1, 320, dtype=np.float32)[:, None], shape)
    zone = coverage.measure(np.ascontiguousarray(slope), drawn, method_error=EXACT)[0]
    # Between blocks SD is 0.25, which over 110 blocks would be 0.024; what is left of it
    # is the step of one block, 0.06 / sqrt(2 * 2 * 110) = 0.003.
    assert zone.standard_error < 0.005


def test_unseen_part_widens_the_error_and_the_method_is_a_floor():
    drawn = zones.draw(head(), view="temporal_left")
    half = np.zeros((480, 400), bool)
    half[:, 200:] = True
    hair = field(7, correlation=25)
    seen = coverage.measure(hair, drawn)[0]
    partly = coverage.measure(hair, drawn.within(half))[0]
    assert partly.seen == pytest.approx(0.5, abs=0.01)
    assert partly.standard_error > seen.standard_error + 0.01
    flat = np.full((480, 400), 0.5, np.float32)
    wide = coverage.MethodError(ends=0.03, middle=0.05)
    zone = coverage.measure(flat, drawn, method_error=wide)[0]
    assert zone.standard_error == pytest.approx(0.08, abs=1e-6)
