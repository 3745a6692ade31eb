"""Libraries: an empty one, one of small photographs that cost nothing, a measured one."""

import datetime as dt
import shutil

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


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory, make_small):
    """Return the folder of a library of six small photographs of two subjects."""
    from hairtrack.workflows import Filing, Library, import_photo

    folder = tmp_path_factory.mktemp("small") / "library"
    with Library.create(folder) as library:
        for number in range(6):
            filing = Filing(subject="anna" if number % 2 else "me", note=f"note {number}")
            import_photo(library, make_small(number), filing=filing)
    return folder


@pytest.fixture
def small(small_folder, tmp_path):
    """Return an open copy of that library."""
    from hairtrack.workflows import Library

    with Library.open(shutil.copytree(small_folder, tmp_path / "small")) as library:
        yield library


@pytest.fixture
def library(tmp_path):
    """Return an open library that is empty."""
    from hairtrack.workflows import Library

    with Library.create(tmp_path / "library") as library:
        yield library


@pytest.fixture
def own(measured, tmp_path):
    """Return an open copy of the measured library that may be changed."""
    from hairtrack.workflows import Library

    with Library.open(shutil.copytree(measured, tmp_path / "own")) as library:
        yield library
