"""What a person enters about a course: treatments, sessions, symptoms, doses, answers.

Frozen records of plain values. `id` is 0 until the record is stored. Times keep the time
zone they were entered in; a day is a calendar day there.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hairtrack.records import Visit

if TYPE_CHECKING:
    from hairtrack.course.facts import Facts


class Kind(enum.StrEnum):
    """Kinds of treatment; several may run at once."""

    MESOTHERAPY_CHEMICAL = "mesotherapy_chemical"
    MESOTHERAPY_MECHANICAL = "mesotherapy_mechanical"
    MESOTHERAPY_ELECTROPORATION = "mesotherapy_electroporation"
    PRP = "prp"
    MICRONEEDLING = "microneedling"
    MINOXIDIL = "minoxidil"
    FINASTERIDE = "finasteride"
    DUTASTERIDE = "dutasteride"
    LASER = "laser"
    TRANSPLANT = "transplant"
    OTHER = "other"


class Status(enum.StrEnum):
    """What became of a session."""

    PLANNED = "planned"
    DONE = "done"
    SKIPPED = "skipped"


class Part(enum.StrEnum):
    """Which part of a course a session belongs to."""

    SERIES = "series"
    MAINTENANCE = "maintenance"


class Severity(enum.StrEnum):
    """How strong a symptom is, as the person says."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class Mark(enum.StrEnum):
    """Kinds of events that change how hair looks."""

    HAIRCUT = "haircut"
    DYE = "dye"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """One treatment of one subject.

    `given` names substances, strength or device, `operator` by whom; `zones` are zones of
    the head or squares of the vertex grid.
    """

    id: int = 0
    subject: str
    kind: Kind
    started_on: dt.date | None = None
    stopped_on: dt.date | None = None
    given: str = ""
    operator: str = ""
    zones: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session of a treatment, planned or past.

    `number` is its place in its part of the course, from 1; `at` its time zone aware
    begin; `plan` the key of the template it was planned by, empty for a free one.
    """

    id: int = 0
    treatment: int
    subject: str
    number: int
    at: dt.datetime
    part: Part = Part.SERIES
    status: Status = Status.PLANNED
    plan: str = ""
    minutes: int | None = None
    given: str = ""
    operator: str = ""
    zones: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the time of a session needs its time zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """One entry of the diary; `sign` is a key of the fact file.

    `place` says where in the person's words; `pictures` are the digests of
    photographs kept with it.
    """

    id: int = 0
    subject: str
    at: dt.datetime
    sign: str
    severity: Severity
    place: str = ""
    note: str = ""
    pictures: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the time of a sign needs its time zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """A day on which a dose of a treatment was taken, or left out."""

    id: int = 0
    subject: str
    treatment: int
    day: dt.date
    taken: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A haircut, dye or other thing of one day that changes how hair looks."""

    id: int = 0
    subject: str
    day: dt.date
    mark: Mark
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Answer to one item of the checklist before a session; `yes` is a hit."""

    id: int = 0
    subject: str
    check: str
    yes: bool
    day: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds for the whole course of one subject.

    Attributes
    ----------
    zone : str
        IANA name of the time zone the person lives in.
    started_on, stopped_on : datetime.date or None
        Declared start of treatment, which is week 0, and the day all treatment stopped.
    hours : tuple of (str, float)
        The clinic's own hours for a topic of aftercare.
    """

    subject: str
    zone: str = "UTC"
    started_on: dt.date | None = None
    stopped_on: dt.date | None = None
    hours: tuple[tuple[str, float], ...] = ()


Entry = Treatment | Session | Symptom | Dose | Remark | Answer
"""A record of which a subject may have many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Everything that is kept of one subject's course, with its visits and the facts."""

    subject: str
    settings: Settings
    facts: Facts
    treatments: tuple[Treatment, ...] = ()
    sessions: tuple[Session, ...] = ()
    symptoms: tuple[Symptom, ...] = ()
    doses: tuple[Dose, ...] = ()
    remarks: tuple[Remark, ...] = ()
    answers: tuple[Answer, ...] = ()
    visits: tuple[Visit, ...] = ()

    def kind_of(self, session: Session) -> Kind:
        """Return the kind of treatment that a session belongs to."""
        kinds = {treatment.id: treatment.kind for treatment in self.treatments}
        return kinds.get(session.treatment, Kind.OTHER)
