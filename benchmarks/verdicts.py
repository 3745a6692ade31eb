"""Verdicts on simulated visits with known truth: how often they are right and wrong.

    python benchmarks/verdicts.py [--runs N] [--seed N] [--tables NAME ...]

Prints Markdown tables, the figures of docs/statistics.md; exit status 1 when one of
the limits is missed by more than chance. "By 24" is a gain or a loss, whichever is
true, reported at week 24.
"""

from __future__ import annotations

import argparse
import math
import platform
import statistics
import sys
import time
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from hairtrack.change import VERSION
from hairtrack.change.assessment import assess
from hairtrack.change.records import AnalysisPlan, Assessment, Verdict, VisitReading
from hairtrack_phantom.simulation import START, TARGET, Scenario, simulate_visits

CALLED = (Verdict.GAIN, Verdict.LOSS)
FIXED_RULE_PP = 0.05 * 100 * (1 - TARGET)
"""5 % of the baseline's coverage, in points."""


@dataclass(frozen=True)
class Row:
    """One line of a table: its name, the scenario, and whether the control is used."""

    name: str
    scenario: Scenario
    control: bool = False


@dataclass(frozen=True)
class Outcome:
    """The assessment of one simulated course, and what the fixed rule says."""

    assessment: Assessment
    fixed: tuple[bool, ...]

    @property
    def verdicts(self) -> dict[int, Verdict]:
        """Week of a look -> verdict."""
        return {look.week: look.verdict for look in self.assessment.analyses}


NOTHING = [
    Row(f"SD {sd:g}, every {every} weeks", Scenario(sd_pp=sd, every=every))
    for every in (2, 4)
    for sd in (1.0, 1.5, 2.5, 4.0)
] + [Row("SD 1.5, errors correlated 0.3", Scenario(autocorrelation=0.3))]

TRUE = [
    Row(
        f"{-delta:g} pp gain, every {every} weeks",
        Scenario(delta_pp=delta, every=every, missing=0.0),
    )
    for every in (2, 4)
    for delta in (-2.0, -4.0, -6.0, -8.0)
] + [
    Row("4 pp loss, every 2 weeks", Scenario(delta_pp=4.0, missing=0.0)),
    *(
        Row(
            f"4 pp gain, weeks {onset} to {full}",
            Scenario(delta_pp=-4.0, onset=onset, full=full, missing=0.0),
        )
        for onset, full in ((0, 12), (4, 16), (12, 36), (0, 52))
    ),
]

DISTURBED = [
    Row(f"{name}, {'with' if control else 'no'} control", scenario, control)
    for name, scenario in (
        ("nothing", Scenario()),
        ("4 pp gain", Scenario(delta_pp=-4.0)),
        ("random walk 2 pp", Scenario(walk_pp=2.0)),
        ("straight drift 2 pp", Scenario(drift_pp=2.0)),
        ("season 1 pp", Scenario(season_pp=1.0)),
    )
    for control in (False, True)
]

HAIRCUT = [Row("unmarked haircut, +3 pp", Scenario(haircut_pp=3.0))]

EDGE = [Row("3 pp gain, the margin itself", Scenario(delta_pp=-3.0, missing=0.0))]


def simulate(row: Row, *, runs: int, seed: int) -> list[Outcome]:
    """Simulate and assess a row; each has its own random stream."""
    rng = np.random.default_rng([seed, zlib.crc32(row.name.encode())])
    plan = AnalysisPlan(start=START)
    outcomes = []
    for _ in range(runs):
        simulated = simulate_visits(row.scenario, rng)
        assessment = assess(
            simulated.target, plan=plan, control=simulated.control if row.control else ()
        )
        outcomes.append(Outcome(assessment, _fixed_rule(simulated.target)))
    return outcomes


def _fixed_rule(readings: Sequence[VisitReading]) -> tuple[bool, ...]:
    """Return what "+-5 % of the baseline value" calls at weeks 24, 36 and 52."""
    first = readings[0].level
    calls = []
    for week in (24, 36, 52):
        late = [r for r in readings if (r.day - START).days >= 7 * week - 3]
        calls.append(bool(late) and abs(100 * (late[0].level - first)) > FIXED_RULE_PP)
    return tuple(calls)


def share(values: Iterable[bool]) -> float:
    """Return the share of what is true, in per cent."""
    return 100 * statistics.fmean(values)


def ever(outcomes: Sequence[Outcome], *wanted: Verdict, until: int = 52) -> float:
    """Return the share of runs in which a look until this week says one of these."""
    return share(
        any(v in wanted for week, v in o.verdicts.items() if week <= until)
        for o in outcomes
    )


def coverage(outcomes: Sequence[Outcome], scenario: Scenario) -> float:
    """Return how often the looks' 95 % intervals hold the true change until then."""
    held = []
    for outcome in outcomes:
        for look in outcome.assessment.analyses:
            week = (look.day - START).days / 7
            gone = (week - scenario.onset) / (scenario.full - scenario.onset)
            low, high = look.estimate.interval_pp
            held.append(low <= scenario.delta_pp * min(1.0, max(0.0, gone)) <= high)
    return share(held)


def time_to(outcomes: Sequence[Outcome], *wanted: Verdict) -> str:
    """Return the median week of the first look that says one of these."""
    first = sorted(
        min((w for w, v in o.verdicts.items() if v in wanted), default=math.inf)
        for o in outcomes
    )
    middle = first[(len(first) - 1) // 2]
    return "after 52" if math.isinf(middle) else f"{middle:.0f}"


def fixed_rule(outcomes: Sequence[Outcome]) -> str:
    """Return how often the fixed rule calls at week 24, and at any of the looks."""
    once, any_ = share(o.fixed[0] for o in outcomes), share(any(o.fixed) for o in outcomes)
    return f"{once:.0f} / {any_:.0f}"


def flagged(outcome: Outcome) -> bool:
    """Return whether something about the visits was flagged."""
    assessment = outcome.assessment
    return bool(assessment.left_out or assessment.doubtful or assessment.step)


class Report:
    """Prints tables and remembers which limits were missed."""

    def __init__(self, *, runs: int, seed: int) -> None:
        self.runs, self.seed = runs, seed
        self.missed: list[str] = []

    def run(self, row: Row) -> list[Outcome]:
        """Simulate a row."""
        return simulate(row, runs=self.runs, seed=self.seed)

    def hold(self, what: str, value: float, *, least: float = 0, most: float = 100) -> None:
        """Note a limit missed by more than two binomial standard errors."""
        for limit, out in ((least, least - value), (most, value - most)):
            chance = 200 * math.sqrt(limit / 100 * (1 - limit / 100) / self.runs)
            if out > chance:
                self.missed.append(f"{what}: {value:.1f} (from {least} to {most})")

    def show_nothing(self) -> None:
        """Courses without a change."""
        _head(
            (
                "no change",
                "gain",
                "loss",
                "either",
                "no larger than 3 pp",
                "its median week",
                "95 % interval holds",
                "fixed rule: week 24 / any look",
            ),
        )
        for row in NOTHING:
            found = self.run(row)
            either = ever(found, *CALLED)
            held = coverage(found, row.scenario)
            if row.scenario.autocorrelation == 0:
                self.hold(f"{row.name}, false calls", either, most=5)
                self.hold(f"{row.name}, coverage", held, least=93, most=97)
            _line(
                row.name,
                ever(found, Verdict.GAIN),
                ever(found, Verdict.LOSS),
                either,
                ever(found, Verdict.NO_LARGER),
                time_to(found, Verdict.NO_LARGER),
                held,
                fixed_rule(found),
            )

    def show_true(self) -> None:
        """Courses with a true change."""
        _head(
            (
                "true change, SD 1.5",
                "by 24",
                "by 36",
                "by 52",
                "wrong way",
                "median week",
                "95 % interval holds",
                "no larger than 3 pp",
                "fixed rule: week 24 / any look",
            ),
        )
        for row in [*TRUE, *EDGE]:
            found = self.run(row)
            right, wrong = CALLED if row.scenario.delta_pp < 0 else CALLED[::-1]
            called = [ever(found, right, until=week) for week in (24, 36, 52)]
            held = coverage(found, row.scenario)
            if row.name == "4 pp gain, every 2 weeks":
                self.hold(f"{row.name}, power", called[0], least=80)
            if (row.scenario.onset, row.scenario.full) == (8, 24):
                self.hold(f"{row.name}, coverage", held, least=93, most=97)
            _line(
                row.name,
                *called,
                ever(found, wrong),
                time_to(found, right),
                held,
                ever(found, Verdict.NO_LARGER),
                fixed_rule(found),
            )

    def show_disturbed(self) -> None:
        """Courses with an unmarked drift or a season."""
        _head(
            (
                "SD 1.5, every 2 weeks",
                "gain by 24",
                "loss by 24",
                "either by 52",
                "some visit flagged",
                "visit or step flagged",
                "reported that the back moved",
                "fixed rule: week 24 / any look",
            ),
        )
        for row in DISTURBED:
            found = self.run(row)
            moved = (o.assessment.control for o in found)
            _line(
                row.name,
                ever(found, Verdict.GAIN, until=24),
                ever(found, Verdict.LOSS, until=24),
                ever(found, *CALLED),
                share(bool(o.assessment.left_out or o.assessment.doubtful) for o in found),
                share(flagged(o) for o in found),
                share(
                    bool(c and not c.interval_pp[0] <= 0 <= c.interval_pp[1]) for c in moved
                )
                if row.control
                else "-",
                fixed_rule(found),
            )

    def show_haircut(self) -> None:
        """Courses with a haircut that nobody marked."""
        _head(
            (
                "SD 1.5, every 2 weeks",
                "called a loss",
                "step flagged",
                "flagged or not called",
                "fixed rule: week 24 / any look",
            ),
        )
        for row in HAIRCUT:
            found = self.run(row)
            safe = share(
                flagged(o) or Verdict.LOSS not in o.verdicts.values() for o in found
            )
            self.hold(f"{row.name}, flagged or not called", safe, least=80)
            _line(
                row.name,
                ever(found, Verdict.LOSS),
                share(o.assessment.step is not None for o in found),
                safe,
                fixed_rule(found),
            )


def _head(columns: Sequence[str]) -> None:
    print(f"\n| {' | '.join(columns)} |")
    print(f"|{' --- |' * len(columns)}")


def _line(*cells: str | float) -> None:
    told = [cell if isinstance(cell, str) else f"{cell:.1f}" for cell in cells]
    print(f"| {' | '.join(told)} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=2000, help="runs in each row")
    parser.add_argument("--seed", type=int, default=2025)
    parser.add_argument(
        "--tables",
        nargs="+",
        choices=("nothing", "true", "disturbed", "haircut"),
        default=("nothing", "true", "disturbed", "haircut"),
    )
    asked = parser.parse_args()
    began = time.process_time()
    report = Report(runs=asked.runs, seed=asked.seed)
    print(
        f"verdicts version {VERSION}, {asked.runs} runs a row, seed {asked.seed}; "
        f"numpy {np.__version__}, scipy {scipy.__version__}, "
        f"Python {platform.python_version()}"
    )
    print("Per cent of runs; weeks where a column says so.")
    for table in asked.tables:
        getattr(report, f"show_{table}")()
    print(f"\n{time.process_time() - began:.0f} s of one core")
    for missed in report.missed:
        print(f"MISSED {missed}")
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
