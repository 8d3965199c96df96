"""Depth and velocity of each alliance from its weekly components, judged at the end of each month."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np

from warehouse.gate import Cell, gated, status
from warehouse.inputs import AllianceInput, BuildInputs
from warehouse.private import rows
from warehouse.velocity import WEEKS, Floats, depth, robust_z, velocity

COMPONENTS = ("unsolicited", "ties", "coinvest", "escalation")
BASELINE_WEEKS = 12
WARM_UP = 3
"""First weeks whose four-week window is not yet full."""


def paces(
    connection: duckdb.DuckDBPyConnection, inputs: BuildInputs, behind: dict[tuple[str, date], Cell]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of `velocity` and `velocity_component`."""
    series: dict[str, dict[str, dict[date, float]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows(connection, "select * from component_week"):
        if min(row["people_a"], row["people_b"]) >= inputs.min_people:
            series[row["alliance"]][row["component"]][row["week"]] = row["value"]
    velocities: list[dict[str, Any]] = []
    components: list[dict[str, Any]] = []
    for alliance in inputs.alliances:
        if found := series.get(alliance.id):
            ours = {month: cell for (name, month), cell in behind.items() if name == alliance.id}
            pace, parts = _alliance(alliance, found, ours, inputs)
            velocities += pace
            components += parts
    return velocities, components


def _alliance(
    alliance: AllianceInput,
    found: dict[str, dict[date, float]],
    behind: dict[date, Cell],
    inputs: BuildInputs,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    known = sorted({week for each in found.values() for week in each})
    count = (known[-1] - known[0]).days // 7 + 1
    weeks = [known[0] + timedelta(days=7 * number) for number in range(count)][WARM_UP:]
    baseline = np.array([_in_baseline(week, place, alliance) for place, week in enumerate(weeks)], dtype=bool)
    z = {name: robust_z(np.array([found[name].get(week, np.nan) for week in weeks]), baseline) for name in COMPONENTS}
    deep = depth(z, inputs.weights)
    pace, parts = [], []
    for month, cell in sorted(behind.items()):
        following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
        until = [place for place, week in enumerate(weeks) if week + timedelta(days=6) < following]
        if until:
            pace.append(_judged(alliance.id, month, deep[: until[-1] + 1], cell, inputs))
            parts += _parts(alliance.id, month, z, until[-4:], cell, inputs)
    return pace, parts


def _in_baseline(week: date, place: int, alliance: AllianceInput) -> bool:
    if alliance.baseline:
        return alliance.baseline[0] <= week < alliance.baseline[1]
    return place < BASELINE_WEEKS


def _judged(alliance: str, month: date, deep: Floats, cell: Cell, inputs: BuildInputs) -> dict[str, Any]:
    found = velocity(deep[-WEEKS:])
    state = status(cell, min_people=inputs.min_people, min_messages=30)
    state = "low_n" if state == "ok" and found.weeks_needed else state
    public = gated(found.rvi, found.low, found.high, cell, state)
    shown = public["status"] == "ok"
    return {
        "alliance": alliance,
        "period": month,
        "rvi": public["value"],
        "low": public["low"],
        "high": public["high"],
        "state": found.state if shown else None,
        "depth": round(float(np.nanmean(deep[-4:])), 2) if shown else None,
        "weeks_used": found.weeks_used,
        "weeks_needed": found.weeks_needed,
        "sign_stability": round(found.sign_stability, 2) if shown else None,
        "status": public["status"],
    }


def _parts(
    alliance: str, month: date, z: dict[str, Floats], places: list[int], cell: Cell, inputs: BuildInputs
) -> list[dict[str, Any]]:
    state = status(cell, min_people=inputs.min_people, min_messages=30)
    found = []
    for name in COMPONENTS:
        own = z[name][places]
        value = float(np.nanmean(own)) if np.isfinite(own).any() else float("nan")
        public = gated(value, None, None, cell, state)
        key = {"alliance": alliance, "period": month, "component": name, "weight": inputs.weights[name]}
        found.append({**key, "z": public["value"], "status": public["status"]})
    return found
