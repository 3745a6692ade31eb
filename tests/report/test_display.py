"""Pictures made ready: faces hidden for good, light evened, a time-lapse that plays."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from hairtrack.imaging import color
from hairtrack.report import display


@pytest.fixture
def noise():
    return np.random.default_rng(2).integers(1, 255, (200, 160, 3), dtype=np.uint8)


@pytest.fixture
def scalp():
    region = np.zeros((200, 160), bool)
    region[60:120, 50:100] = True
    return region


def test_only_the_scalp_and_a_margin_stay(noise, scalp) -> None:
    hidden = display.privacy_crop(noise, scalp, margin=0.05)
    assert np.array_equal(hidden[scalp], noise[scalp])
    outside = np.ones(scalp.shape, bool)
    outside[50:130, 40:110] = False  # 5 % of 200 px
    assert len(np.unique(hidden[outside], axis=0)) == 1
    ring = np.zeros(scalp.shape, bool)
    ring[53:127, 43:107] = True
    assert np.array_equal(hidden[ring], noise[ring])


def test_without_a_margin_nothing_but_scalp_stays(noise, scalp) -> None:
    hidden = display.privacy_crop(noise, scalp, margin=0)
    assert len(np.unique(hidden[~scalp], axis=0)) == 1


@pytest.mark.parametrize("gain", [0.6, 1.0, 1.5])
def test_light_is_evened(noise, scalp, gain) -> None:
    dim = (noise * 0.5).astype(np.uint8) + 1
    other = color.to_srgb(np.clip(color.to_linear(dim) * np.float32(gain), 0, 1))
    back = display.match_brightness(other, dim, scalp=scalp)
    # Two roundings to codes; the darkest codes are the coarsest.
    assert np.abs(back.astype(int) - dim)[scalp].mean() < 1.5


def test_a_missing_part_stays_black(noise, scalp) -> None:
    part = noise.copy()
    part[:, :70] = 0
    assert not display.match_brightness(part, noise, scalp=scalp)[:, :70].any()
    dark = np.zeros_like(noise)
    assert not display.match_brightness(dark, noise, scalp=scalp).any()


def test_a_date_stands_above(noise) -> None:
    named = display.caption(noise, "3 March 2025")
    assert np.array_equal(named[24:], noise)
    assert named[:24].max() > 200


def test_every_visit_is_one_frame(noise) -> None:
    same = [noise, noise, noise[::-1].copy()]
    film = Image.open(io.BytesIO(display.encode_webp(same, seconds=0.7)))
    assert film.format == "WEBP"
    assert film.is_animated
    assert film.info.get("exif") is None
    times = []
    for number in range(film.n_frames):
        film.seek(number)
        film.load()
        times.append(film.info["duration"])
    # An encoder may join two equal frames into one that is shown twice as long.
    assert sum(times) == 3 * 700


def test_wrong_use_is_refused(noise, scalp) -> None:
    with pytest.raises(ValueError, match="as large"):
        display.privacy_crop(noise, scalp[:5])
    with pytest.raises(ValueError, match="same size"):
        display.match_brightness(noise, noise[:5], scalp=scalp)
    with pytest.raises(ValueError, match="one size"):
        display.encode_webp([noise, noise[:5]])
