"""Visible scalp from photographs, with its error, over the course of a treatment.

The public names are listed in `__all__`; they are loaded on first use, so that
``import hairtrack`` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hairtrack.errors import HairtrackError, PhotoError, RegistrationFailed
    from hairtrack.imaging.codec import decode
    from hairtrack.imaging.detection import find_scalp
    from hairtrack.imaging.pipeline import Analysis, Baseline, analyze, prepare_baseline
    from hairtrack.imaging.registration import register
    from hairtrack.imaging.segmentation import hair_fraction
    from hairtrack.records import (
        Quality,
        QualityFlag,
        Registration,
        View,
        ZoneMeasurement,
    )

__all__ = [
    "Analysis",
    "Baseline",
    "HairtrackError",
    "PhotoError",
    "Quality",
    "QualityFlag",
    "Registration",
    "RegistrationFailed",
    "View",
    "ZoneMeasurement",
    "__version__",
    "analyze",
    "decode",
    "find_scalp",
    "hair_fraction",
    "prepare_baseline",
    "register",
]

__version__ = "0.1.0"

_HOME = {
    "Analysis": "imaging.pipeline",
    "Baseline": "imaging.pipeline",
    "HairtrackError": "errors",
    "PhotoError": "errors",
    "Quality": "records",
    "QualityFlag": "records",
    "Registration": "records",
    "RegistrationFailed": "errors",
    "View": "records",
    "ZoneMeasurement": "records",
    "analyze": "imaging.pipeline",
    "decode": "imaging.codec",
    "find_scalp": "imaging.detection",
    "hair_fraction": "imaging.segmentation",
    "prepare_baseline": "imaging.pipeline",
    "register": "imaging.registration",
}


def __getattr__(name: str) -> object:
    """Load a public name from the module where it lives."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
