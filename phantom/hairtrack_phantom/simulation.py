"""Simulated visits of one person with known truth, for tests and benchmarks.

Light, camera and season act on the shadow that hair throws, on the target and
on the control alike: visible scalp is exp(- hair x shadow). Numbers only; that a
verdict is right here shows that the arithmetic is, not that real hair is like it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hairtrack.change.comparability import PP_PER_STOP
from hairtrack.change.records import Conditions, VisitReading

__all__ = ["START", "Scenario", "SimulatedVisits", "simulate_visits"]

START = dt.date(2025, 1, 1)
"""Day of the start of treatment in every scenario."""

TARGET, CONTROL = 0.30, 0.10
"""Visible scalp at the baseline: 70 % hair cover, and 90 % at the back."""

_STOPS_SPREAD = 0.1
_BRIGHTNESS = 0.7
_YEAR_WEEKS = 365.25 / 7

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What happens to a person, and how often the camera looks.

    Attributes
    ----------
    sd_pp : float
        SD of the mean of a visit; two thirds of its variance come from the photographs.
    every, last : int
        Weeks between visits and week of the last one; before treatment there are
        visits in weeks -4, -2 and 0.
    missing : float
        Chance that a later visit is missed.
    delta_pp, onset, full : float
        True change, its first week and the week from which it holds.
    autocorrelation : float
        Of the errors of visits two weeks apart.
    walk_pp, drift_pp : float
        SD per 24 weeks of an unmarked drift of light or camera: a random walk, or
        a straight line of random slope.
    season_pp : float
        Amplitude of a yearly wave of random phase.
    haircut_pp : float
        Step of a haircut in a random week, for good.
    """

    sd_pp: float = 1.5
    every: int = 2
    last: int = 52
    missing: float = 0.1
    delta_pp: float = 0.0
    onset: float = 8.0
    full: float = 24.0
    autocorrelation: float = 0.0
    walk_pp: float = 0.0
    drift_pp: float = 0.0
    season_pp: float = 0.0
    haircut_pp: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedVisits:
    """Visits of the target and of the control zone."""

    target: list[VisitReading]
    control: list[VisitReading]


def simulate_visits(scenario: Scenario, rng: np.random.Generator) -> SimulatedVisits:
    """Draw the visits of one scenario.

    Parameters
    ----------
    scenario : Scenario
        What happens.
    rng : numpy.random.Generator
        Source of all chance.

    Returns
    -------
    SimulatedVisits
    """
    weeks = _draw_weeks(scenario, rng)
    share = np.clip((weeks - scenario.onset) / (scenario.full - scenario.onset), 0.0, 1.0)
    cut = scenario.haircut_pp * (weeks >= rng.uniform(0, scenario.last))
    light = _drift(scenario, weeks, rng)
    disturbed = light + _turn_with_year(scenario, weeks, rng)
    moved = 100 * TARGET + scenario.delta_pp * share + cut
    shadow = np.log(TARGET + disturbed / 100) / np.log(TARGET)
    target = 100 * np.exp(np.log(moved / 100) * shadow)
    control = 100 * np.exp(np.log(CONTROL) * shadow)
    noisier = (CONTROL * np.log(CONTROL)) / (TARGET * np.log(TARGET))
    brightness = _brighten(light, rng)
    return SimulatedVisits(
        target=_photograph(weeks, target, brightness, scenario, scenario.sd_pp, rng),
        control=_photograph(
            weeks, control, brightness, scenario, noisier * scenario.sd_pp, rng
        ),
    )


def _draw_weeks(scenario: Scenario, rng: np.random.Generator) -> _Floats:
    later = np.arange(scenario.every, scenario.last + 1, scenario.every, dtype=float)
    kept = later[rng.random(len(later)) >= scenario.missing]
    return np.concatenate([[-4.0, -2.0, 0.0], kept])


def _drift(scenario: Scenario, weeks: _Floats, rng: np.random.Generator) -> _Floats:
    """Return what light and camera add to the target, pp, from 0 at the first visit."""
    gaps = np.diff(weeks, prepend=weeks[0])
    walk = np.cumsum(rng.normal(size=len(weeks)) * np.sqrt(gaps / 24))
    line = rng.normal() * (weeks - weeks[0]) / 24
    return np.asarray(scenario.walk_pp * walk + scenario.drift_pp * line, float)


def _turn_with_year(
    scenario: Scenario, weeks: _Floats, rng: np.random.Generator
) -> _Floats:
    phase = rng.uniform(0, 2 * np.pi)
    return scenario.season_pp * np.sin(2 * np.pi * weeks / _YEAR_WEEKS + phase)


def _brighten(light_pp: _Floats, rng: np.random.Generator) -> _Floats:
    """Return the brightness (sRGB code) of visits whose light drifted so far."""
    stops = light_pp / PP_PER_STOP + rng.normal(0, _STOPS_SPREAD, len(light_pp))
    linear = ((_BRIGHTNESS + 0.055) / 1.055) ** 2.4 * 2.0**stops
    return np.asarray(np.clip(1.055 * linear ** (1 / 2.4) - 0.055, 0.01, 1.0), float)


def _photograph(
    weeks: _Floats,
    levels_pp: _Floats,
    brightness: _Floats,
    scenario: Scenario,
    sd_pp: float,
    rng: np.random.Generator,
) -> list[VisitReading]:
    """Return three photographs a visit; the SD of their mean is `sd_pp`."""
    errors = _err(weeks, scenario.autocorrelation, rng)
    means = levels_pp + sd_pp * np.sqrt(1 / 3) * errors
    photos = means[:, None] + sd_pp * np.sqrt(2) * rng.normal(size=(len(weeks), 3))
    return [
        VisitReading(
            day=START + dt.timedelta(days=round(7 * week)),
            values=tuple(np.clip(values / 100, 0.0, 1.0).tolist()),
            conditions=Conditions(brightness=float(light)),
        )
        for week, values, light in zip(weeks, photos, brightness, strict=True)
    ]


def _err(weeks: _Floats, phi: float, rng: np.random.Generator) -> _Floats:
    """Return unit errors of visits with a first-order autoregression."""
    errors = rng.normal(size=len(weeks))
    if phi == 0:
        return errors
    for place, gap in enumerate(np.diff(weeks), start=1):
        along = phi ** (gap / 2)
        errors[place] = along * errors[place - 1] + np.sqrt(1 - along**2) * errors[place]
    return errors
