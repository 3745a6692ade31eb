"""Second shots, painted strands and readings have the truth that they promise."""

import hashlib
import json

import cv2
import numpy as np
import pytest

from hairtrack_phantom import half_real

SIDE = 240
DISC = np.hypot(*(np.mgrid[:SIDE, :SIDE] - SIDE / 2)) < 70


@pytest.fixture
def bald():
    """Plain skin, bare in a disc."""
    return half_real.RealPhoto(
        name="L7_00.jpg",
        image=np.full((SIDE, SIDE, 3), (205, 160, 135), np.uint8),
        scalp=np.ones((SIDE, SIDE), bool),
        labels=np.zeros((3, SIDE, SIDE), np.float32),
        bare=cv2.GaussianBlur(DISC.astype(np.float32), (0, 0), 2),
        points=(),
        off_scalp_xy=(),
    )


def test_strands_of_one_seed_are_the_same_and_covers_differ():
    tiles = [half_real.draw_strands(np.random.default_rng([4, i])) for i in range(6)]
    again = half_real.draw_strands(np.random.default_rng([4, 3]))
    assert np.array_equal(tiles[3], again)
    covers = [tile[0].mean() / 255 for tile in tiles]
    assert 0 < min(covers) < max(covers) < 1
    assert max(covers) - min(covers) > 0.2


def test_painted_cover_is_the_label_and_the_rest_stays(bald):
    tile = half_real.draw_strands(np.random.default_rng(5))
    painted = half_real.paint(bald, tile, np.random.default_rng(6))
    inside = bald.bare > 0.98
    low, high, weight = painted.labels
    assert np.array_equal(low[inside], high[inside])
    assert (weight[inside] == 1).all()
    outside = bald.bare == 0
    off = np.abs(painted.image.astype(int) - bald.image)[outside]
    assert off.max() <= 1, "codes are rounded once on the way to light and back"


def test_full_cover_hides_the_skin(bald):
    """An opaque tile shows the hair's colour alone, lit evenly as the skin is."""
    tile = np.full((2, half_real.TILE, half_real.TILE), 255, np.uint8)
    tile[1] = 150
    inner = cv2.erode((bald.bare > 0.98).astype(np.uint8), np.ones((25, 25))) > 0
    opaque = []
    for seed in range(24):
        painted = half_real.paint(bald, tile, np.random.default_rng(seed))
        if painted.labels[0][SIDE // 2, SIDE // 2] > 0.999:
            opaque.append(np.ptp(painted.image[inner], axis=0).max())
    assert len(opaque) > 4, "half of the tiles are not sheer"
    assert max(opaque) <= 12, "of 255: no skin shines through"


def test_a_second_shot_moves_the_maps_with_the_picture(bald):
    marked = bald.image.copy()
    marked[DISC] = (40, 30, 25)
    for seed in range(12):
        rng = np.random.default_rng(seed)
        disc = DISC.astype(np.float32)[None]
        image, (moved,) = half_real.shoot(marked, disc, rng, whole=DISC)
        edges = (moved[0], moved[-1], moved[:, 0], moved[:, -1])
        assert max(edge.max() for edge in edges) < 0.5, "all of it stays in view"
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(float)
        reach = cv2.dilate(moved, np.ones((41, 41)))
        ring = (reach > 0.5) & (cv2.dilate(moved, np.ones((9, 9))) < 0.01)
        assert grey[moved > 0.99].mean() < 0.75 * grey[ring].mean()


def test_the_split_has_its_shares():
    """Binomial noise of 6,000 digests is 0.6 %; four of it are allowed."""
    digests = [hashlib.sha256(str(i).encode()).hexdigest() for i in range(6000)]
    parts = [half_real.split(digest) for digest in digests]
    for part, share in (("train", 1 / 2), ("tune", 1 / 6), ("report", 1 / 3)):
        assert parts.count(part) / 6000 == pytest.approx(share, abs=0.025)


def test_readings_become_ranges(tmp_path):
    """Points weigh more than areas, and disagreement leaves a wide range."""
    content = cv2.imencode(".jpg", np.full((100, 100, 3), 120, np.uint8))[1].tobytes()
    (tmp_path / "L5_01.jpg").write_bytes(content)
    part = half_real.split(hashlib.sha256(content).hexdigest())
    square = [[10, 10], [90, 10], [90, 90], [10, 90]]
    (tmp_path / "outlines.json").write_text(json.dumps({"L5_01.jpg": square}))
    bare = [[20, 20], [50, 20], [50, 50], [20, 50]]
    areas = {"L5_01.jpg": {"bare": [bare], "dense": []}}
    (tmp_path / "areas.json").write_text(json.dumps(areas))
    rows = ("0,70,70,H,H", "1,30,75,S,H", "2,5,5,N,N")
    lines = ["file,sha256,index,x,y,reader1,reader2,split"]
    lines += [f"L5_01.jpg,-,{row},-" for row in rows]
    (tmp_path / "points.csv").write_text("\n".join(lines))
    (photo,) = half_real.load(tmp_path, tmp_path, parts=[part])
    low, high, weight = photo.labels
    assert weight[35, 35] == 1
    assert (low[35, 35], high[35, 35]) == pytest.approx(half_real.BARE)
    assert weight[70, 70] == half_real.POINT_WEIGHT
    assert low[70, 70] / weight[70, 70] == pytest.approx(0.6)
    assert high[75, 30] / weight[75, 30] == pytest.approx(0.8)
    assert photo.off_scalp_xy == ((5, 5),)
    assert photo.scalp.mean() == pytest.approx(0.64, abs=0.03), "a border pixel a side"
    assert half_real.load(tmp_path, tmp_path, parts=[]) == []
