"""Small photographs that cost nothing to draw, and a library of them, not measured."""

import datetime as dt

import numpy as np
import pytest


@pytest.fixture(scope="session")
def make_small():
    """Return a function that makes the n-th small photograph, of a day of its own."""
    from hairtrack.imaging import codec

    def make(number):
        noise = np.random.default_rng(number).integers(0, 255, (64, 64, 3), dtype=np.uint8)
        taken_at = dt.datetime(2024, 1, 1, 8) + dt.timedelta(days=number)
        return codec.encode_jpeg(noise, quality=40, taken_at=taken_at)

    return make


@pytest.fixture
def small(tmp_path, make_small):
    """Return an open library of six small photographs of two subjects."""
    from hairtrack.workflows import Filing, Library, import_photo

    with Library.create(tmp_path / "small") as library:
        for number in range(6):
            filing = Filing(subject="anna" if number % 2 else "me", note=f"note {number}")
            import_photo(library, make_small(number), filing=filing)
        yield library
