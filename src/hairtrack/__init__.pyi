from .errors import HairtrackError, PhotoError, RegistrationFailed
from .imaging.codec import decode
from .imaging.detection import find_scalp
from .imaging.pipeline import Analysis, Baseline, analyze, prepare_baseline
from .imaging.registration import register
from .imaging.segmentation import hair_fraction
from .records import Quality, QualityFlag, Registration, View, ZoneMeasurement

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
    "analyze",
    "decode",
    "find_scalp",
    "hair_fraction",
    "prepare_baseline",
    "register",
]

__version__: str
