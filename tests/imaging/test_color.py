"""sRGB codes and linear light."""

from __future__ import annotations

import numpy as np
import pytest

from hairtrack.imaging import color


def test_known_lights_and_every_code_there_and_back() -> None:
    # IEC 61966-2-1: code 188 is half the light, 10 lies on the straight part.
    light = color.to_linear(np.array([[0, 10, 188, 255]], np.uint8))[0]
    np.testing.assert_allclose(light, [0, 10 / 255 / 12.92, 0.5029, 1], atol=1e-4)
    codes = np.arange(255, -1, -1, dtype=np.uint8).reshape(8, -1)
    light = color.to_linear(codes)
    assert light.dtype == np.float32
    np.testing.assert_array_equal(color.to_srgb(light), codes)


def test_codes_are_the_nearest() -> None:
    light = np.linspace(0, 1, 100_003, dtype=np.float32)[np.newaxis]
    code = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    # Half a code by rounding, 0.03 by the steps of the table.
    assert np.abs(color.to_srgb(light) - 255 * code).max() <= 0.53


def test_light_out_of_range_is_clipped_and_wrong_types_are_refused() -> None:
    light = np.array([[-0.5, 2.0, np.nan, np.inf]], np.float32)
    np.testing.assert_array_equal(color.to_srgb(light), [[0, 255, 0, 255]])
    with pytest.raises(ValueError, match="uint8"):
        color.to_linear(light)
    with pytest.raises(ValueError, match="floating-point"):
        color.to_srgb(np.zeros((2, 2), np.uint8))
