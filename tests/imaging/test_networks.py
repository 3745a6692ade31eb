"""The packaged networks load, answer, and do not depend on who asks or how often."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from hairtrack.imaging import networks, segmentation

PLANES = {"hair": segmentation.PLANES, "region": 3}


def picture(name: str) -> np.ndarray:
    rng = np.random.default_rng(1)
    return rng.uniform(-1, 1, (PLANES[name], 96, 128)).astype(np.float32)


@pytest.mark.parametrize("name", networks.NAMES)
def test_answer_has_half_the_size(name: str) -> None:
    answer = networks.logits(name, picture(name))
    assert answer.shape == ({"hair": 1, "region": 4}[name], 48, 64)
    assert answer.dtype == np.float32
    assert np.isfinite(answer).all()


@pytest.mark.parametrize("name", networks.NAMES)
def test_turned_input_gives_the_turned_answer(name: str) -> None:
    """Four turns are averaged; only the order of the sum differs (float32 rounding)."""
    planes = picture(name)
    straight = networks.logits(name, planes)
    turned = networks.logits(name, np.rot90(planes, axes=(1, 2)))
    assert np.allclose(np.rot90(straight, axes=(1, 2)), turned, atol=1e-4)


def test_many_threads_get_what_one_gets() -> None:
    planes = picture("region")
    alone = networks.logits("region", planes)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: networks.logits("region", planes), range(8)))
    assert all(np.array_equal(alone, answer) for answer in answers)


def test_digest_names_both_networks() -> None:
    assert len(networks.digest()) == 12
    assert set(networks.digest()) <= set("0123456789abcdef")
