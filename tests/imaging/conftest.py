"""Phantoms that the stages are tested on, drawn once."""

import numpy as np
import pytest

import hairtrack_phantom as phantom

SIZE = (560, 560)


@pytest.fixture(scope="session")
def easy_head() -> phantom.Head:
    """Dark straight hair on fair skin, thin at the crown: easy to tell apart."""
    return phantom.random_head(
        np.random.default_rng(21),
        tone=1,
        colour="dark_brown",
        texture="straight",
        flow="whorl",
        grey_share=0.0,
        length=0.16,
        coverage=0.9,
        thinning=phantom.Thinning(crown=0.8, crown_radius=0.6),
    )


@pytest.fixture(scope="session")
def easy_pair(easy_head: phantom.Head) -> tuple[phantom.PhantomPhoto, phantom.PhantomPhoto]:
    """The same head on two days: combed anew, other camera, light and surroundings."""
    rng = np.random.default_rng(22)
    first, last = (
        phantom.photograph(easy_head, phantom.random_shot(rng, size=SIZE)) for _ in range(2)
    )
    return first, last


@pytest.fixture(scope="session")
def easy_analyses(easy_pair):
    """Return the baseline of the first photograph, and the analysis of both by it."""
    from hairtrack.imaging import pipeline

    baseline = pipeline.prepare_baseline(easy_pair[0].image, view="vertex")
    return baseline, [pipeline.analyze(one.image.copy(), baseline) for one in easy_pair]
