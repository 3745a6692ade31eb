"""The packaged networks load, answer, and do not depend on who asks or how often."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from hairtrack.imaging import networks, segmentation

PLANES = {"hair": segmentation.PLANES, "region": 3, "coordinates": 3}


def picture(name: str) -> np.ndarray:
    rng = np.random.default_rng(1)
    return rng.uniform(-1, 1, (PLANES[name], 128, 192)).astype(np.float32)


@pytest.mark.parametrize(
    ("name", "shape"),
    [("hair", (1, 32, 48)), ("region", (1, 32, 48)), ("coordinates", (4, 64, 96))],
)
def test_answers_have_the_size_that_is_documented(
    name: str, shape: tuple[int, int, int]
) -> None:
    answer, *rest = networks.run(name, picture(name))
    assert answer.shape == shape
    assert [part.shape for part in rest] == ([(1, 1, 1)] if name == "region" else [])
    assert answer.dtype == np.float32
    assert np.isfinite(answer).all()


@pytest.mark.parametrize("name", networks.NAMES)
def test_turned_input_gives_the_turned_answer_in_every_thread(name: str) -> None:
    """Four turns are averaged; only the order of the sum differs (float32 rounding)."""
    planes = picture(name)
    straight = networks.run(name, planes)[0]
    turned = networks.run(name, np.rot90(planes, axes=(1, 2)))[0]
    assert np.allclose(np.rot90(straight, axes=(1, 2)), turned, atol=1e-4)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: networks.run(name, planes)[0], range(8)))
    assert all(np.array_equal(straight, answer) for answer in answers)
