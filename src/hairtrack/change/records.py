"""Inputs and results of an assessment: frozen records of plain values."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field

from hairtrack.messages import Message
from hairtrack.statistics import Interval


class Verdict(enum.StrEnum):
    """What can be said of a change."""

    NOT_ENOUGH_DATA = "not enough data"
    TOO_EARLY = "too early"
    WITHIN_NOISE = "within noise"
    NO_LARGER = "no change larger than the margin"
    GAIN = "gain"
    LOSS = "loss"


class Noise(enum.StrEnum):
    """Where the noise comes from; "own" only from 8 degrees of freedom on."""

    ASSUMED = "assumed"
    PARTLY_ASSUMED = "partly assumed"
    OWN = "own"


class Grade(enum.StrEnum):
    """Whether two visits may be compared."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """How the photographs of a visit were taken; `None` is unknown.

    Attributes
    ----------
    brightness, warmth, tint, sharpness, glare : float
        Means over the photographs, as in `hairtrack.imaging.quality`.
    residual : float
        Registration residual over the head's width, a fraction.
    scale : float
        Size of the baseline's head in its picture, over that of this visit's.
    hair_state : str
        "dry", "wet", "oily" or "product".
    hair_length_mm : float
        Length of the hair on top.
    camera : str
        Name of the camera.
    haircut_on, dyed_on : datetime.date
        Days of the last haircut and of the last dyeing before the visit.
    hours_since_treatment : float
        Since the last treatment session.
    """

    brightness: float | None = None
    warmth: float | None = None
    tint: float | None = None
    sharpness: float | None = None
    glare: float | None = None
    residual: float | None = None
    scale: float | None = None
    hair_state: str | None = None
    hair_length_mm: float | None = None
    camera: str | None = None
    haircut_on: dt.date | None = None
    dyed_on: dt.date | None = None
    hours_since_treatment: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitReading:
    """Visible scalp of one zone on one visit: one fraction for each photograph."""

    day: dt.date
    values: tuple[float, ...]
    conditions: Conditions = field(default_factory=Conditions)

    @property
    def level(self) -> float:
        """Mean of the photographs, a fraction."""
        return sum(self.values) / len(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatability:
    """How far repeats of one subject, view and zone differ when nothing changes.

    Attributes
    ----------
    within_pp, between_pp : float
        SD of one photograph about its visit; SD of visits beyond that.
    within_dof, between_dof : int
        Degrees of freedom of the person's own data behind each.
    dof : float
        Degrees of freedom of both together, assumption included.
    sem_pp : float
        Standard error of measurement: SD of the mean of a usual visit.
    sdc95_pp : float
        Smallest detectable change of two such visits: noise alone exceeds it in 5 %.
    """

    within_pp: float
    between_pp: float
    within_dof: int
    between_dof: int
    dof: float
    sem_pp: float
    sdc95_pp: float
    photos_per_visit: float
    noise: Noise


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitValue:
    """Mean of a visit's photographs, with its 95 % interval and outliers.

    `outliers` are indices into the reading's values; they stay in the mean.
    """

    day: dt.date
    level: float
    interval: Interval
    n: int
    outliers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparability:
    """Whether two visits may be compared, why not, and the doubt that adds (SD, pp)."""

    grade: Grade = Grade.GOOD
    reasons: tuple[Message, ...] = ()
    extra_pp: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Difference of visible scalp between two visits; negative is more hair cover.

    `delta_pp` is 100 x (last - first) visible scalp, with its 95 % interval; `sdc95_pp`
    the smallest difference of these two visits beyond noise. `beyond_noise` is `None`
    where they cannot be compared. `n` counts photographs.
    """

    first: dt.date
    last: dt.date
    delta_pp: float
    interval_pp: Interval
    sdc95_pp: float
    beyond_noise: bool | None
    n: int
    noise: Noise
    comparability: Comparability


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A change estimated from all comparable visits.

    Attributes
    ----------
    start_pp : float
        Level of the trend in week 0, per cent of visible scalp.
    delta_pp : float
        Change since then, percentage points; negative is more hair cover.
    interval_pp, interval90_pp : (float, float)
        95 % and 90 % intervals, for this estimate alone.
    slope_pp, slope_interval_pp : float, (float, float)
        Straight line through the latest 24 weeks, points in four weeks; only as of
        the latest visit.
    sd_pp : float
        SD of a visit about the fitted trend.
    autocorrelation : float
        Of visits two weeks apart, as fitted; 0 is none.
    dof : float
        Degrees of freedom of the intervals.
    n, photos : int
        Visits and photographs.
    season : bool
        Whether a yearly wave was fitted too.
    """

    start_pp: float
    delta_pp: float
    interval_pp: Interval
    interval90_pp: Interval
    sd_pp: float
    autocorrelation: float
    dof: float
    n: int
    photos: int
    season: bool
    noise: Noise
    slope_pp: float | None = None
    slope_interval_pp: Interval | None = None

    @property
    def excludes_zero(self) -> bool:
        """Whether the 95 % interval is wholly above or wholly below 0."""
        low, high = self.interval_pp
        return low > 0 or high < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InterimAnalysis:
    """The verdict at one of the preset weeks.

    `joint_interval_pp` holds over all analyses together: a gain or loss is called where
    it excludes 0. `p_value` is that of this analysis alone, `level` what it must stay
    below.
    """

    week: int
    day: dt.date
    verdict: Verdict
    estimate: Estimate
    joint_interval_pp: Interval
    p_value: float
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A sudden change between the visits of two days, `after` and `day`.

    `better` is the log likelihood by which it explains the visits better than the slow
    trend.
    """

    after: dt.date
    day: dt.date
    delta_pp: float
    better: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A day from which visits are not compared with earlier ones, unless joined."""

    day: dt.date
    reason: Message
    joined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """The fitted trend on one day, a fraction, with its 95 % interval.

    The interval is that of the trend on this day; a single visit scatters more widely.
    """

    day: dt.date
    level: float
    interval: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What can be said of one zone, and what is still needed.

    Attributes
    ----------
    verdict : Verdict
        Of the latest interim analysis; before the first one, provisional.
    provisional : bool
        True where no interim analysis is behind the verdict.
    since : str
        What week 0 is: "treatment", "tracking" or "break".
    origin : datetime.date or None
        Day of week 0.
    week : float
        Weeks from there to the latest visit.
    analyses : tuple of InterimAnalysis
        Interim analyses so far.
    estimate : Estimate or None
        As of the latest visit.
    latest_verdict : Verdict or None
        Verdict of `estimate` alone, where it is newer than the last analysis.
    primary : bool
        Whether this is the zone declared beforehand.
    margin_pp : float
        X of "no change larger than X".
    visits : tuple of VisitValue
        Every visit, those left out included.
    left_out, doubtful : tuple of (date, Message)
        Visits that could not be compared, and those that count for less; and why.
    trend : tuple of TrendPoint
        The fitted trend behind `estimate`, from the first visit that counts to the
        latest; with a control zone, its change is taken off.
    step : Step or None
        A sudden change that nobody marked.
    alerts, cautions, needed : tuple of Message
        What a person should know now, how far to trust this,
        and what would tell more.
    control : Estimate or None
        Change of the control zone, where one was given.
    """

    verdict: Verdict = Verdict.NOT_ENOUGH_DATA
    provisional: bool = True
    since: str = "tracking"
    origin: dt.date | None = None
    week: float = 0.0
    analyses: tuple[InterimAnalysis, ...] = ()
    estimate: Estimate | None = None
    latest_verdict: Verdict | None = None
    primary: bool = True
    margin_pp: float = 3.0
    repeatability: Repeatability | None = None
    visits: tuple[VisitValue, ...] = ()
    left_out: tuple[tuple[dt.date, Message], ...] = ()
    doubtful: tuple[tuple[dt.date, Message], ...] = ()
    trend: tuple[TrendPoint, ...] = ()
    breaks: tuple[Break, ...] = ()
    step: Step | None = None
    alerts: tuple[Message, ...] = ()
    cautions: tuple[Message, ...] = ()
    needed: tuple[Message, ...] = ()
    control: Estimate | None = None

    @property
    def reference(self) -> VisitValue | None:
        """The first visit that counts; the noise band is drawn about it.

        A later visit that differs from it by no more than the smallest detectable
        change, `Repeatability.sdc95_pp`, may be no different at all.
        """
        cuts = [found.day for found in self.breaks if not found.joined]
        left_out = {day for day, _ in self.left_out}
        counted = (
            visit
            for visit in self.visits
            if visit.day not in left_out and not (cuts and visit.day < cuts[-1])
        )
        return next(counted, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisPlan:
    """The rules of an assessment that are fixed beforehand.

    Attributes
    ----------
    start : datetime.date or None
        Declared start of treatment.
    margin_pp : float
        X of "no change larger than X".
    primary : bool
        Whether this is the zone declared beforehand.
    breaks, joined : tuple of datetime.date
        Days of haircuts and the like that the readings do not hold, and days of
        breaks that the person joins.
    """

    start: dt.date | None = None
    margin_pp: float = 3.0
    primary: bool = True
    breaks: tuple[dt.date, ...] = ()
    joined: tuple[dt.date, ...] = ()
