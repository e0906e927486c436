"""Maximum likelihood: several starts, a check that they meet at one summit, standard errors and profile intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.stats import chi2

from workbench.analyses.arrays import Floats
from workbench.errors import NothingToShow

Model = TypeVar("Model", covariant=True)
LogLikelihood = Callable[[Floats], tuple[float, Floats]]
"""Takes the logs of the parameters; returns the log-likelihood and its gradient in these logs."""

_FURTHEST = np.log(1e5)
"""A parameter that leaves its first start by more than this factor has run away: nothing holds it."""
_ALIKE = 0.5
"""Starts agree that end within so much of log-likelihood."""
_STEP = 1e-4
_SUMMIT = 1e-9
"""What a further step would still gain in log-likelihood, at most; of large ones so much as a number can hold."""
_NOISE = 1e-14
_NOTHING = 1e-4
"""What is no gain by any standard, where no step can be seen to gain anything."""
_MOST_STEPS = 30
_FLAT = 0.01
"""What bends less leaves parameters open by factors of thousands."""
_PART = 0.3
"""Of a direction that is flat, from which on a parameter is named."""


@dataclass(frozen=True)
class Fit(Generic[Model]):
    """A model with the parameters under which the data are likeliest, and how sure these are.

    `covariance` is that of the logs of the parameters, from the curvature at the summit.
    """

    model: Model
    make: Callable[..., Model]
    names: tuple[str, ...]
    logs: Floats
    log_likelihood: float
    covariance: Floats
    surface: LogLikelihood

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name."""
        return dict(zip(self.names, np.exp(self.logs).tolist(), strict=True))

    @property
    def standard_errors(self) -> dict[str, float]:
        """The standard error of each parameter."""
        errors = np.exp(self.logs) * np.sqrt(np.diag(self.covariance))
        return dict(zip(self.names, errors.tolist(), strict=True))

    def at(self, logs: Floats) -> Model:
        """Return the model with other parameters, given by their logs."""
        return self.make(*np.exp(logs).tolist())

    def variance_of(self, value: Callable[[Model], float]) -> float:
        """Return how far the parameters' uncertainty carries to a value computed from the model (delta method)."""
        errors = np.sqrt(np.diag(self.covariance))
        slopes = []
        for place, error in enumerate(errors):
            step = np.zeros(len(self.logs))
            step[place] = 0.1 * error
            slopes.append((value(self.at(self.logs + step)) - value(self.at(self.logs - step))) / (0.2 * error))
        return float(np.array(slopes) @ self.covariance @ np.array(slopes))

    def profile_interval(self, name: str, *, confidence: float = 0.95) -> tuple[float, float]:
        """Return the values of a parameter that the data do not refute, all others fitted anew at each.

        It need not lie evenly about the estimate, as the parameter's uncertainty does not. An end that the data leave
        open is 0 or infinite.
        """
        place = self.names.index(name)
        drop = chi2.ppf(confidence, 1) / 2
        width = float(np.sqrt(self.covariance[place, place]))
        others = [one for one in range(len(self.names)) if one != place]

        def missing(value: float) -> float:
            def negative(rest: Floats) -> tuple[float, Floats]:
                logs = np.insert(rest, place, value)
                height, slope = self.surface(logs)
                return -height, -slope[others]

            ended = minimize(negative, self.logs[others], jac=True, method="L-BFGS-B", options={"ftol": 1e-12})
            return float(self.log_likelihood + ended.fun - drop)

        ends = []
        for sign in (-1.0, 1.0):
            reach = width
            while missing(self.logs[place] + sign * reach) < 0 and reach < _FURTHEST:
                reach *= 2
            if reach >= _FURTHEST:
                ends.append(0.0 if sign < 0 else float("inf"))
                continue
            end = brentq(lambda step, sign=sign: missing(self.logs[place] + sign * step), 0.0, reach, rtol=1e-6)
            ends.append(float(np.exp(self.logs[place] + sign * end)))
        return ends[0], ends[1]


def maximum_likelihood(
    surface: LogLikelihood,
    *,
    called: str,
    make: Callable[..., Model],
    names: tuple[str, ...],
    starts: Sequence[Sequence[float]],
    rough: LogLikelihood | None = None,
) -> Fit[Model]:
    """Climb from every start, and from the highest end to the summit.

    Parameters
    ----------
    called
        What the model is called, for the sentence that says why there is no estimate.
    rough
        A cheaper surface that looks like the other one: the starts are tried on it.

    Raises
    ------
    NothingToShow
        Where no two starts agree, a parameter runs away, or the summit is flat or none: there is no estimate then.
    """
    climbed = rough or surface
    first = np.log(np.asarray(starts, dtype=float))
    bounds = [(log - _FURTHEST, log + _FURTHEST) for log in first[0]]
    ends = [_climb(climbed, start, bounds) for start in first]
    known = sorted((end for end in ends if np.isfinite(end[0])), key=lambda end: -end[0])
    if len(known) < 2 or known[0][0] - known[1][0] > _ALIKE:
        raise NothingToShow("value_not_converged", model=called, starts=len(starts))
    logs, height, curvature = _Climb(surface, called, names).to_the_summit(known[0][1])
    away = [name for name, log, (low, high) in zip(names, logs, bounds, strict=True) if not low < log < high]
    if away:
        raise NothingToShow("value_runs_away", model=called, parameter=", ".join(away))
    return Fit(
        make(*np.exp(logs).tolist()), make, names, logs, height, np.linalg.inv(curvature).astype(np.float64), surface
    )


def _climb(surface: LogLikelihood, start: Floats, bounds: list[tuple[float, float]]) -> tuple[float, Floats]:
    def negative(logs: Floats) -> tuple[float, Floats]:
        height, slope = surface(logs)
        return -height, -slope

    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        ended = minimize(
            negative, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500, "ftol": 1e-11}
        )
    return -float(ended.fun), ended.x


@dataclass(frozen=True)
class _Climb:
    """The last steps, on one surface, and the sentence where they lead nowhere."""

    surface: LogLikelihood
    called: str
    names: tuple[str, ...]

    def to_the_summit(self, logs: Floats) -> tuple[Floats, float, Floats]:
        """Take Newton's steps, looking at the curvature anew where they are too long, until nothing is gained."""
        height, slope = self.surface(logs)
        bent = self.nearly_curvature(logs, slope)
        for place in range(_MOST_STEPS):
            step = np.linalg.solve(bent, slope)
            enough = max(_SUMMIT, _NOISE * abs(height))
            if slope @ step / 2 < enough:
                last = self.curvature(logs)
                if slope @ np.linalg.solve(last, slope) / 2 < enough:
                    return logs, height, last
                bent = last
                continue
            scale = 1.0
            while scale > _STEP:
                higher, sloping = self.surface(logs + scale * step)
                if higher > height:
                    break
                scale /= 2
            else:
                if abs(slope @ step) / 2 < _NOTHING:
                    return logs, height, self.curvature(logs)
                break
            logs, height, slope = logs + scale * step, higher, sloping
            if scale < 1 or place % 3 == 2:
                bent = self.nearly_curvature(logs, slope)
        raise NothingToShow("value_no_summit", model=self.called)

    def nearly_curvature(self, logs: Floats, slope: Floats) -> Floats:
        """Return the curvature by half as many looks, near enough to step by; that of the start where it bends not."""
        looks = [self.surface(logs + _STEP * way)[1] for way in np.eye(len(logs))]
        bent = (slope - np.array(looks)) / _STEP
        bent = (bent + bent.T) / 2
        is_summit = np.isfinite(bent).all() and np.linalg.eigvalsh(bent)[0] > 1
        return bent if is_summit else self.curvature(logs)

    def curvature(self, logs: Floats) -> Floats:
        """Return how sharply the log-likelihood bends down; where it is flat some way, parameters have no estimate."""
        rows = []
        for place in range(len(logs)):
            step = np.zeros(len(logs))
            step[place] = _STEP
            rows.append((self.surface(logs - step)[1] - self.surface(logs + step)[1]) / (2 * _STEP))
        bent = np.array(rows)
        bent = (bent + bent.T) / 2
        if not np.isfinite(bent).all():
            raise NothingToShow("value_no_summit", model=self.called)
        bends, ways = np.linalg.eigh(bent)
        if bends[0] <= _FLAT:
            loose = [name for name, part in zip(self.names, ways[:, 0], strict=True) if abs(part) > _PART]
            raise NothingToShow("value_runs_away", model=self.called, parameter=", ".join(loose))
        return bent
