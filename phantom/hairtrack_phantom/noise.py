"""Smooth random fields in space, from a seed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Field:
    """Sum of random plane waves in three dimensions.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the waves.
    frequency : float
        Typical wave number, radians per unit length.
    waves, channels : int
        Number of waves and of values at a point.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        frequency: float,
        *,
        waves: int = 12,
        channels: int = 1,
    ) -> None:
        self._waves = rng.normal(0, frequency, (3, waves)).astype(np.float32)
        self._phase = rng.uniform(0, 2 * np.pi, waves).astype(np.float32)
        self._mix = rng.normal(0, np.sqrt(2 / waves), (waves, channels)).astype(np.float32)

    def __call__(self, points: Array) -> Array:
        """Values (..., channels) at points (..., 3); mean 0, variance about 1."""
        return np.asarray(np.sin(points @ self._waves + self._phase) @ self._mix)
