"""The measurement of one photograph in memory, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

import cv2
import numpy as np
import numpy.typing as npt

from hairtrack.errors import ColourMissing
from hairtrack.imaging import (
    coverage,
    detection,
    networks,
    quality,
    registration,
    segmentation,
)
from hairtrack.imaging import zones as zoning
from hairtrack.imaging.zones import Zones
from hairtrack.messages import Message
from hairtrack.records import (
    Method,
    Quality,
    QualityFlag,
    Registration,
    View,
    ZoneMeasurement,
)

__all__ = [
    "METHOD_VERSION",
    "Analysis",
    "Baseline",
    "analyze",
    "method",
    "prepare_baseline",
]

METHOD_VERSION = "3"
"""Goes up with every change that can move a number; see CHANGELOG, *Measurements*."""

_LIBRARIES = ("numpy", "pi-heif", "pillow", "scikit-image", "scipy", "simplejpeg")
"""Libraries beside OpenCV that decode a photograph or compute on it."""

_Image = npt.NDArray[np.uint8]
_Scalp = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Baseline:
    """A first photograph with its zones, with which others are registered.

    Attributes
    ----------
    image : (H, W, 3) uint8
        sRGB.
    scalp : (H, W) bool
        True on scalp.
    zones : Zones
        Drawn on the scalp.
    features : registration.Features
        What registration uses of the photograph, extracted once.
    distance : float
        As `detection.Detection.distance`.
    """

    image: _Image
    scalp: _Scalp
    zones: Zones
    features: registration.Features
    distance: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Analysis:
    """What was measured on one photograph in the zones of its baseline.

    Attributes
    ----------
    quality : Quality
        Quality of the photograph.
    registration : Registration or None
        Photograph -> baseline.
    zones : tuple of ZoneMeasurement
        Visible scalp per zone; the whole, "scalp", comes first.
    scalp : (H, W) bool
        Scalp in this photograph.
    hair : (H, W) float32
        Hair fraction per pixel, 0 outside the scalp.
    method : Method
        What made the numbers.
    """

    quality: Quality
    registration: Registration | None
    zones: tuple[ZoneMeasurement, ...]
    scalp: _Scalp
    hair: npt.NDArray[np.float32]
    method: Method


def prepare_baseline(
    image: _Image, *, view: View | str, scalp: _Scalp | None = None
) -> Baseline:
    """Find the scalp of a first photograph and draw its zones.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB photograph.
    view : View
        Standard direction of the photograph.
    scalp : (H, W) bool, optional
        Scalp as a person gives it; found if left out.

    Returns
    -------
    Baseline

    Raises
    ------
    NoHeadFound
        If no head with enough scalp is in view.
    ColourMissing
        If the photograph is grey.
    ValueError
        If an array has a wrong shape or type, or `view` is unknown.
    """
    view = View(view)
    _check(image, scalp)
    found = detection.detect(image, scalp=scalp)
    return Baseline(
        image=image,
        scalp=found.scalp,
        zones=zoning.draw(found.scalp, view=view),
        features=registration.extract_features(image, found.scalp),
        distance=found.distance,
    )


def analyze(image: _Image, baseline: Baseline, *, scalp: _Scalp | None = None) -> Analysis:
    """Measure one photograph in the zones of its baseline.

    The zones travel to the photograph, which is itself never warped.

    Parameters
    ----------
    image : (H, W, 3) uint8
        sRGB photograph; the baseline's own image is as good as any other.
    baseline : Baseline
        From `prepare_baseline`.
    scalp : (H, W) bool, optional
        Scalp in `image` as a person gives it; found if left out.

    Returns
    -------
    Analysis

    Raises
    ------
    NoHeadFound
        If no head with enough scalp is in view.
    RegistrationFailed
        If the photograph cannot be laid over its baseline with certainty.
    ColourMissing
        If the photograph is grey.
    ValueError
        If an array has a wrong shape or type.
    """
    _check(image, scalp)
    same = image is baseline.image or np.array_equal(image, baseline.image)
    features, distance = baseline.features, baseline.distance
    if not same or scalp is not None:
        found = detection.detect(image, scalp=scalp)
        features = registration.extract_features(image, found.scalp)
        distance = found.distance
    registered = registration.register_features(
        baseline.features if same else features, baseline.features
    )
    scalp = features.scalp
    hair = segmentation.hair_fraction(image, scalp)
    carried = zoning.project(baseline.zones, registered.matrix, image.shape).within(scalp)
    bent = registered.model == "homography"
    weight = coverage.area_weight(registered.matrix, image.shape) if bent else None
    judged = quality.assess(image, scalp, hair=hair, distance=distance)
    alike = QualityFlag.LOW_CONTRAST in judged.flags
    error = coverage.LOW_CONTRAST_ERROR if alike else coverage.METHOD_ERROR
    return Analysis(
        quality=judged,
        registration=registered,
        zones=coverage.measure(hair, carried, weight=weight, method_error=error),
        scalp=scalp,
        hair=hair,
        method=method(),
    )


@cache
def method() -> Method:
    """Return name and version of the method, and of all that can move its numbers."""
    parameters = [
        ("cv2", cv2.__version__),
        ("model", networks.digest()),
        *((name, version(name)) for name in _LIBRARIES),
    ]
    return Method(name="hairtrack", version=METHOD_VERSION, parameters=tuple(parameters))


def _check(image: _Image, scalp: _Scalp | None) -> None:
    """Refuse arrays of a wrong kind, and photographs without colour."""
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ValueError("image must be (H, W, 3) uint8")
    if scalp is not None and (scalp.shape != image.shape[:2] or scalp.dtype != np.bool_):
        raise ValueError(f"scalp must be {image.shape[:2]} bool, like the image")
    red, green, blue = (image[::4, ::4, channel] for channel in range(3))
    if np.array_equal(red, green) and np.array_equal(green, blue):
        raise ColourMissing(
            Message("This photograph has no colour; take it again in colour.")
        )
