"""Enums and frozen records: everything that is stored, shown or sent.

Plain values only, never an array. Fractions are in [0, 1]; a change is in
percentage points; matrices act on column vectors (x, y, 1) in pixels, where
an integer coordinate is a pixel's centre.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field

Matrix = tuple[
    tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]
]


class View(enum.StrEnum):
    """Standard directions from which a head is photographed."""

    VERTEX = "vertex"
    MIDLINE = "midline"
    FRONTAL = "frontal"
    TEMPORAL_LEFT = "temporal_left"
    TEMPORAL_RIGHT = "temporal_right"
    OCCIPITAL = "occipital"


WHOLE = "scalp"
"""Name of the zone that is the whole scalp of a view."""

ZONES: dict[View, tuple[str, ...]] = {
    View.VERTEX: ("crown", "mid_scalp", "rim"),
    View.MIDLINE: ("part", "part_front", "part_back", "part_middle"),
    View.FRONTAL: ("temple_left", "temple_right", "hairline", "mid"),
    View.TEMPORAL_LEFT: ("temple", "back", "side"),
    View.TEMPORAL_RIGHT: ("temple", "back", "side"),
    View.OCCIPITAL: ("upper", "lower", "left", "right", "centre"),
}
"""Names of the zones of each view, without the whole and the grid."""


def list_zones(view: View) -> tuple[str, ...]:
    """Return the names of all zones of a view, the whole scalp first."""
    return WHOLE, *ZONES[view]


GRID = "grid_"
"""How the names of the grid's squares begin; they are for maps, not for verdicts."""

GRID_ROWS, GRID_COLUMNS = 6, 5

GRID_ZONES = tuple(
    f"{GRID}r{row}c{column}"
    for row in range(1, GRID_ROWS + 1)
    for column in range(1, GRID_COLUMNS + 1)
)
"""Squares of the vertex view, row by row from front left."""

SHOTS = 3
"""Photographs of one view at one visit: their scatter is the noise of a change."""


MAX_MEASURED = 13_000_000
"""Pixels of the picture that is measured; a larger photograph is reduced while it is read.
Cameras of 24 megapixels stay as they are; heads of 60 are still seen at 15."""


def find_reduction(width: int, height: int, *, most: int = MAX_MEASURED) -> int:
    """Return by how much both sides are reduced for at most so many pixels: 1, 2, 4, 8."""
    return next((f for f in (1, 2, 4) if width * height <= f * f * most), 8)


class HairState(enum.StrEnum):
    """How the hair was when the photograph was taken."""

    UNKNOWN = "unknown"
    DRY = "dry"
    WET = "wet"
    OILY = "oily"
    PRODUCT = "product"


class TakenFrom(enum.StrEnum):
    """Source of the date of a photograph."""

    EXIF = "exif"
    FILE_NAME = "file name"
    PERSON = "person"
    UNKNOWN = "unknown"


class QualityFlag(enum.StrEnum):
    """A possible problem of a photograph; it is stored with the numbers."""

    BLURRED = "blurred"
    DARK = "dark"
    BRIGHT = "bright"
    GLARE = "glare"
    CROPPED = "cropped"
    FAR = "far"
    LOW_RESOLUTION = "low_resolution"
    LOW_CONTRAST = "low_contrast"
    GREY = "grey"
    SATURATED = "saturated"
    COLOUR_CAST = "colour_cast"
    DAMAGED = "damaged"
    UNFAMILIAR = "unfamiliar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Quality of one photograph: flags, and the numbers behind them.

    `numbers` holds (name, value) pairs, sorted by name: ``sharpness``,
    ``brightness``, ``clipped``, ``dark``, ``glare``, ``head_width_px``,
    ``in_frame``, ``contrast``, ``repeated``, ``warmth``, ``tint``, ``distance``.
    """

    flags: tuple[QualityFlag, ...] = ()
    numbers: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Transform from a moving photograph to its baseline, with its evidence.

    Attributes
    ----------
    matrix : Matrix
        Moving -> baseline, for column vectors (x, y, 1) in px.
    model : str
        "similarity", "affine" or "homography".
    inliers : int
        Number of keypoint pairs that agree with the matrix; 0 where outline and field
        gave it.
    rms_px : float
        Root mean square distance of those pairs, or how far outline and field, each
        alone, disagree; in baseline px.
    scale : float
        Baseline px per moving px.
    overlap : float
        Intersection over union of the two scalps in the baseline's frame.
    """

    matrix: Matrix
    model: str
    inliers: int
    rms_px: float
    scale: float
    overlap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneMeasurement:
    """Visible scalp of one zone; value and error are `None` when it is empty.

    Attributes
    ----------
    zone : str
        Name of the zone; "scalp" is the whole.
    visible_scalp : float or None
        Fraction of the zone's area where skin, not hair, shows.
    standard_error : float or None
        Of the absolute level, method error included.
    area_px : int
        Pixels of this photo in the zone.
    seen : float
        Fraction of the baseline's zone that this photo shows.
    """

    zone: str
    visible_scalp: float | None
    standard_error: float | None
    area_px: int
    seen: float = 1.0

    def __post_init__(self) -> None:
        shares = (self.visible_scalp, self.seen)
        if not all(share is None or 0 <= share <= 1 for share in shares):
            raise ValueError(f"visible scalp and seen are fractions, not {shares}")
        if self.area_px < 0 or not 0 <= (self.standard_error or 0) <= 10:
            raise ValueError(f"no area or error: {self.area_px}, {self.standard_error}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """Name and version of the method that made a number, and of its libraries."""

    name: str
    version: str
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """One line that changes whenever a number may change."""
        settings = " ".join(f"{name}={value}" for name, value in self.parameters)
        return f"{self.name} {self.version} {settings}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A person photographed, under a label of their choice.

    `started_at` is the declared start of the treatment, week 0. Primary view and zone (both
    or neither) were declared at `declared_at` to be what decides.
    """

    name: str
    started_at: dt.date | None = None
    primary_view: View | None = None
    primary_zone: str | None = None
    declared_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What is known of the hair on one day of photographs.

    `hair_state` holds for the photographs that say nothing themselves; the hair's length
    is that on top; `haircut_on` and `dyed_on` are the last such days before the visit.
    """

    subject: str
    date: dt.date
    hair_state: HairState = HairState.UNKNOWN
    hair_length_mm: float | None = None
    haircut_on: dt.date | None = None
    dyed_on: dt.date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One kept photograph; `digest`, the SHA-256 of the kept bytes, is its identity.

    `outline` is the digest of the scalp outline that a person drew, if one did;
    `deleted_at` is set on a photograph that was deleted and can be brought back.
    """

    digest: str
    subject: str
    visit: dt.date
    view: View
    taken_at: dt.datetime | None
    taken_from: TakenFrom
    width: int
    height: int
    hair_state: HairState = HairState.UNKNOWN
    camera: str = ""
    note: str = ""
    outline: str | None = None
    deleted_at: dt.datetime | None = None

    @property
    def measured_shape(self) -> tuple[int, int]:
        """Height and width of the picture that is measured, px."""
        factor = find_reduction(self.width, self.height)
        return -(-self.height // factor), -(-self.width // factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """Numbers of one photograph, or the sentence that says why there are none.

    `outline` and `baseline_outline` are the digests of the scalp outlines that a
    person drew on the photograph and on its baseline; empty where the program
    found the scalp.
    """

    photo: str
    baseline: str
    view: View
    method: Method
    quality: Quality = field(default_factory=Quality)
    registration: Registration | None = None
    zones: tuple[ZoneMeasurement, ...] = ()
    refused: str | None = None
    outline: str = ""
    baseline_outline: str = ""

    def zone(self, name: str) -> ZoneMeasurement | None:
        """Return the named zone, or `None`."""
        return next((z for z in self.zones if z.zone == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing in a library that is not as it was kept; `sentence` says what."""

    kind: str
    """Such as "missing", "damaged" or "extra"."""
    where: str
    """The photograph, file or row; never a person's name."""
    sentence: str
