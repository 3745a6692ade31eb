"""The course as a regression: a late onset, correlated visits, a season.

The level is assumed to stay until week 4, to move in a straight line until week
24 and to hold from then on; where the start is not known, to move in a straight
line throughout. One shape fixed beforehand keeps the test exact; its power for
other onsets is in docs/statistics.md. From 52 weeks on a yearly wave is fitted
beside it.

Errors of visits two weeks apart may be correlated, less so the longer apart
(a continuous first-order autoregression). The correlation is the most likely
one (restricted likelihood) under the assumption that it is small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = [
    "Fit",
    "expect",
    "fit_line",
    "fit_shape",
    "quantile",
    "shape_after_start",
    "shape_of_line",
]

ONSET_WEEK, FULL_WEEK = 4.0, 24.0
"""Assumed shape: nothing before, a straight line between, level after."""

YEAR_WEEKS = 365.25 / 7

_PHI = np.array([0.0, 0.15, 0.3, 0.45, 0.6, 0.75])
"""Correlations of visits two weeks apart that are tried."""

_PHI_SPREAD = 0.25
"""How large that correlation is assumed to be (half-normal)."""

_MIN_SD = 0.01
"""Points; visits that agree to the last digit are copies, not certainty."""

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """Weighted least squares of a course.

    Attributes
    ----------
    change : float
        Coefficient of the shape, pp.
    error : float
        Its standard error.
    sd : float
        Residual SD of a visit, pp.
    freedom : int
        Degrees of freedom of `sd`.
    phi : float
        Fitted correlation of visits two weeks apart.
    contrast : (N,) float
        Weights of the visits in `change`.
    covariance : (N, N) float
        Of the visits, in units of `sd` squared.
    squares : float
        Weighted sum of squared residuals.
    coefficients : (P,) float
        Level, change and, with a yearly wave, its two parts.
    information : (P, P) float
        Inverse of their covariance, in units of `sd` squared.
    """

    change: float
    error: float
    sd: float
    freedom: int
    phi: float
    contrast: _Floats
    covariance: _Floats
    squares: float
    coefficients: _Floats
    information: _Floats


def shape_after_start(weeks: _Floats) -> _Floats:
    """Return the assumed share of the full change at weeks since the start.

    Examples
    --------
    >>> shape_after_start(np.array([-2.0, 4.0, 14.0, 24.0, 52.0])).tolist()
    [0.0, 0.0, 0.5, 1.0, 1.0]
    """
    share = (weeks - ONSET_WEEK) / (FULL_WEEK - ONSET_WEEK)
    return np.asarray(np.clip(share, 0.0, 1.0), float)


def shape_of_line(weeks: _Floats) -> _Floats:
    """Return a straight line from 0 at the first to 1 at the last visit."""
    span = max(float(weeks[-1] - weeks[0]), 1e-9)
    return np.asarray((weeks - weeks[0]) / span, float)


def fit_shape(
    weeks: _Floats,
    levels_pp: _Floats,
    shape: _Floats,
    *,
    relative: _Floats | None = None,
    season: bool = False,
) -> Fit:
    """Fit level + change x shape (+ yearly wave) by restricted likelihood.

    Parameters
    ----------
    weeks, levels_pp, shape : (N,) float
        Time, level in per cent, and assumed share of the change, of every visit.
    relative : (N,) float, optional
        Variance of each visit over that of a usual one.
    season : bool
        Whether a yearly wave is fitted.

    Returns
    -------
    Fit

    Raises
    ------
    ValueError
        If there are not more visits than coefficients, or the shape is flat.

    References
    ----------
    Patterson and Thompson, Biometrika 58, 545 (1971): restricted likelihood.
    """
    design = _design(weeks, shape, season=season)
    count, terms = design.shape
    if count <= terms or np.ptp(shape) == 0:
        raise ValueError(
            "more visits than coefficients are needed, and some change of shape"
        )
    weight = np.ones(count) if relative is None else np.sqrt(relative)
    apart = np.abs(weeks[:, None] - weeks[None, :]) / 2.0
    covariances = _PHI[:, None, None] ** apart * np.outer(weight, weight)
    inverses = np.linalg.inv(covariances)
    informations = design.T @ inverses @ design
    projections = np.linalg.solve(informations, design.T @ inverses)
    residuals = levels_pp - (design @ projections @ levels_pp[:, None])[..., 0]
    squares = np.einsum("gi,gij,gj->g", residuals, inverses, residuals)
    unlikely = (
        np.linalg.slogdet(covariances)[1]
        + np.linalg.slogdet(informations)[1]
        + (count - terms) * np.log(np.maximum(squares, 1e-12))
        + (_PHI / _PHI_SPREAD) ** 2
    )
    best = int(np.argmin(unlikely))
    freedom = count - terms
    sd = max(float(np.sqrt(squares[best] / freedom)), _MIN_SD)
    contrast = projections[best, 1]
    covariance = covariances[best]
    return Fit(
        change=float(contrast @ levels_pp),
        error=sd * float(np.sqrt(contrast @ covariance @ contrast)),
        sd=sd,
        freedom=freedom,
        phi=float(_PHI[best]),
        contrast=contrast,
        covariance=covariance,
        squares=float(squares[best]),
        coefficients=projections[best] @ levels_pp,
        information=informations[best],
    )


def fit_line(weeks: _Floats, levels_pp: _Floats) -> Fit:
    """Fit a straight line; `change` is the slope in points a week."""
    return fit_shape(weeks, levels_pp, weeks - weeks[0])


def expect(fit: Fit, weeks: _Floats, shape: _Floats) -> tuple[_Floats, _Floats]:
    """Return the fitted course at any weeks, and its standard error.

    Parameters
    ----------
    fit : Fit
        From `fit_shape`.
    weeks, shape : (M,) float
        Time, on the clock of the fit, and assumed share of the change.

    Returns
    -------
    levels_pp, errors_pp : (M,) float
        Expected level, and the error of that expectation: of the course, not of a
        single visit about it.
    """
    design = _design(weeks, shape, season=len(fit.coefficients) > 2)
    spread = np.linalg.solve(fit.information, design.T)
    errors = fit.sd * np.sqrt(np.einsum("mp,pm->m", design, spread))
    return design @ fit.coefficients, errors


def quantile(chance: float, freedom: float) -> float:
    """Return a quantile of Student's t."""
    return float(special.stdtrit(freedom, chance))


def _design(weeks: _Floats, shape: _Floats, *, season: bool) -> _Floats:
    columns = [np.ones_like(weeks), shape]
    if season:
        turn = 2 * np.pi * weeks / YEAR_WEEKS
        columns += [np.cos(turn), np.sin(turn)]
    return np.stack(columns, axis=1)
