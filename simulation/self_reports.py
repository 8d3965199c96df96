"""Surveys and signals of a small program, handed to the warehouse's own code for self-reports."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from simulation.latent import Floats, answers, expected
from simulation.program import periods, program, survey_rows
from warehouse import BuildInputs
from warehouse.alerts import alerts
from warehouse.self_report import SelfReport

SIGNALS = ("first_signal", "second_signal")
"""Names of the signals; each informs every dimension with a series of its own."""


@dataclass(frozen=True, slots=True)
class Estimates:
    """What was estimated of each alliance and wave, [alliances, waves]; nan where nothing was said."""

    value: Floats
    low: Floats
    high: Floats
    survey: Floats
    survey_error: Floats
    without: Floats
    weight: Floats


@dataclass(frozen=True, slots=True)
class Answered:
    """Surveys as they were answered: inputs of a build, months, and truth by dimension [alliances, waves]."""

    inputs: BuildInputs
    months: list[date]
    truth: dict[str, Floats]
    signals: list[dict[str, Any]]

    @property
    def alliances(self) -> list[str]:
        """Return the alliances in the order of the truth's rows."""
        return [each.id for each in self.inputs.alliances]

    def until(self, waves: int) -> dict[str, Estimates]:
        """Return dimension -> what a night after so many waves makes of all waves so far."""
        rows, errors = self._night(self.months[waves - 1])
        return {name: self._arrays(name, rows, errors, self.months[:waves]) for name in self.truth}

    def alerts(self) -> list[dict[str, Any]]:
        """Return the rows of `alert` that the night after the last wave publishes."""
        rows, errors = self._night(self.months[-1])
        return alerts(self.inputs, rows, [], [], errors)

    def _night(self, last: date) -> tuple[list[dict[str, Any]], dict[tuple[str, date, str], float]]:
        """Return the rows of `blend`, and the errors of the survey means."""
        surveys = [row for row in self.inputs.surveys if row["period"] <= last]
        report = SelfReport(replace(self.inputs, surveys=surveys), [r for r in self.signals if r["period"] <= last])
        survey = report.side_means()
        return report.blends(survey), report.errors(survey)

    def _arrays(
        self, dimension: str, rows: list[dict[str, Any]], errors: dict[tuple[str, date, str], float], months: list[date]
    ) -> Estimates:
        found = {(row["alliance"], row["period"]): row for row in rows if row["dimension"] == dimension}
        columns = ("value", "low", "high", "survey_value", "signal_value", "survey_weight")
        grid = [[found.get((name, month), {}) for month in months] for name in self.alliances]
        value, low, high, survey, without, weight = (_filled(grid, column) for column in columns)
        error = [[errors.get((name, month, dimension), np.nan) for month in months] for name in self.alliances]
        return Estimates(value, low, high, survey, np.array(error), without, weight)


def _filled(grid: list[list[dict[str, Any]]], column: str) -> Floats:
    values = [[row.get(column) for row in line] for line in grid]
    return np.array([[np.nan if each is None else each for each in line] for line in values], dtype=float)


def answered(
    rng: np.random.Generator, states: dict[str, Floats], n: int, told: dict[str, tuple[Floats, ...]], missing: float = 0
) -> Answered:
    """Ask n people a side each month. `states` are dimension -> [alliances, sides, waves], on 1 to 5.

    `told` are dimension -> signals, each [alliances, waves]; `missing` is the chance that a wave is not asked.
    """
    shape = next(iter(states.values())).shape
    months, names = periods(shape[2]), [f"alliance{number}" for number in range(shape[0])]
    asked = rng.random((shape[0], shape[2])) >= missing
    surveys, signals = [], []
    for dimension, state in states.items():
        said = np.where(asked[:, None, :, None], answers(rng, state, n), np.nan)
        for place, name in enumerate(names):
            surveys += survey_rows(name, dimension, months, said[place])
            for signal, values in zip(SIGNALS, told[dimension], strict=False):
                signals += [
                    _signal(name, f"{dimension}_{signal}", *each) for each in zip(months, values[place], strict=True)
                ]
    informs = {dimension: tuple(f"{dimension}_{each}" for each in SIGNALS) for dimension in states}
    truth = {dimension: expected(state).mean(1) for dimension, state in states.items()}
    return Answered(program(names, surveys, informs=informs), months, truth, signals)


def _signal(alliance: str, name: str, month: date, value: float) -> dict[str, Any]:
    key = {"alliance": alliance, "period": month, "grain": "month", "indicator": name, "direction": "both"}
    return {**key, "value": float(value), "status": "ok"}
