"""Depth and velocity of each alliance from its weekly components, judged at the end of each month."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import duckdb
import numpy as np

from warehouse.answers import Wait
from warehouse.candidate import Candidate
from warehouse.communication import Behind
from warehouse.gate import gated, status
from warehouse.inputs import AllianceInput, BuildInputs
from warehouse.private import rows
from warehouse.rarefaction import Volume, matched_z, volumes
from warehouse.survival import kaplan_meier
from warehouse.velocity import WEEKS, Floats, Mask, Velocity, alternatives, depth, robust_z, velocity

MINIMUM = {"unsolicited": 20, "ties": 5, "coinvest": 100, "escalation": 20}
"""Component -> what it must be made from in a usual four weeks of its baseline: deliveries, people, messages, threads.

Asked of the baseline alone: later weeks with less are a fall, and leaving them out would hide it.
"""

THINNED = {"ties": Volume.ties, "coinvest": Volume.coinvest}
"""Components that fall with volume by themselves, and what they would be at another one."""

BASELINE_WEEKS = 12
"""Eligible weeks that a baseline takes where none was agreed."""

SHALLOW = -0.5
"""Depth, in robust sd, from which an alliance stands materially below its baseline."""

SLOWER = 1.2
"""Ratio of median waits, the last twelve weeks over the twelve before, from which answers are slowing down."""

LEDGER_WEEKS = 13
LEDGER_SHARE = 0.5
"""How much the ledger of real commitments weighs in co-investment, where a ledger is kept."""

Rows = list[dict[str, Any]]


@dataclass(slots=True)
class Paces:
    """What the weeks of a program come to."""

    velocities: Rows = field(default_factory=list)
    components: Rows = field(default_factory=list)
    depths: list[Candidate] = field(default_factory=list)


def paces(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs, behind: Behind, waits: list[Wait]) -> Paces:
    """Return the rows of `velocity` and `velocity_component`, and the depth of each month."""
    series: dict[str, dict[str, dict[date, tuple[float, int]]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows(connection, "select * from component_week where value is not null"):
        series[row["alliance"]][row["component"]][row["week"]] = (row["value"], row["data"])
    usual: dict[str, set[date]] = defaultdict(set)
    for row in rows(connection, "select * from baseline_week"):
        usual[row["alliance"]].add(row["week"])
    months = behind.months(inputs.run_at.date())
    counted = volumes(connection)
    found = Paces()
    for alliance in inputs.alliances:
        own = [wait for wait in waits if wait.alliance == alliance.id]
        weeks = _Weeks(alliance, series.get(alliance.id, {}), counted.get(alliance.id, {}), usual[alliance.id], inputs)
        for month in months.get(alliance.id, []):
            _judge(found, month, weeks, behind, own)
    return found


class _Weeks:
    """An alliance's weeks: each component's z, depth, and depth built otherwise."""

    def __init__(
        self,
        alliance: AllianceInput,
        found: dict[str, dict[date, tuple[float, int]]],
        counted: dict[date, Volume],
        usual: set[date],
        inputs: BuildInputs,
    ) -> None:
        known = {week for each in found.values() for week in each}
        first = min(known, default=inputs.run_at.date())
        count = (inputs.run_at.date() - first).days // 7 + 1
        self.alliance, self.inputs = alliance.id, inputs
        self.weeks = [first + timedelta(days=7 * number) for number in range(count)]
        baseline = np.array([week in usual for week in self.weeks], dtype=bool)
        self.z = {name: self._z(name, found.get(name, {}), counted, baseline) for name in MINIMUM}
        self._add_ledger(baseline)
        self.missing = 0 if usual else max(BASELINE_WEEKS - len(known), 0)
        self.depth = depth(self.z, inputs.weights)
        self.others = alternatives(self.z, inputs.weights, baseline)

    def _z(
        self, name: str, found: dict[date, tuple[float, int]], counted: dict[date, Volume], baseline: Mask
    ) -> Floats:
        values = np.array([found.get(week, (np.nan, 0))[0] for week in self.weeks])
        data = np.array([found.get(week, (np.nan, 0))[1] for week in self.weeks])
        if not baseline.any() or np.median(data[baseline]) < MINIMUM[name]:
            return np.full(len(self.weeks), np.nan)
        if name in THINNED:
            return matched_z(self.weeks, counted, THINNED[name], baseline)
        return robust_z(values, baseline)

    def _add_ledger(self, baseline: Mask) -> None:
        """Let real commitments of the last quarter weigh in co-investment; twice as many as usual are one sd."""
        entries = [row for row in self.inputs.log if row["alliance"] == self.alliance]
        days = np.array([row["on_date"] for row in entries if row["register"] == "commitments"], dtype="datetime64[D]")
        if not len(days) or not baseline.any():
            return
        ends = np.array(self.weeks, dtype="datetime64[D]") + 6
        age = ends[:, None] - days[None, :]
        logs = np.log1p(((age >= np.timedelta64(0)) & (age < np.timedelta64(7 * LEDGER_WEEKS))).sum(1))
        ledger = np.clip((logs - np.median(logs[baseline])) / np.log(2), -3, 3)
        self.z["coinvest"] = (1 - LEDGER_SHARE) * self.z["coinvest"] + LEDGER_SHARE * ledger

    def until(self, month: date) -> int:
        """Return how many weeks have ended when a month ends."""
        following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
        return sum(week + timedelta(days=6) < following for week in self.weeks)


def _judge(found: Paces, month: date, weeks: _Weeks, behind: Behind, waits: list[Wait]) -> None:
    """Add what a month comes to: depth, components and velocity at its end."""
    inputs, cell = weeks.inputs, behind.month(weeks.alliance, month)
    state = status(cell, min_people=inputs.min_people, minimum=30)
    until = weeks.until(month)
    key = {"alliance": weeks.alliance, "period": month}
    for name, z in weeks.z.items():
        kind = "delivery" if name == "unsolicited" else "message"
        own = behind.month(weeks.alliance, month, kind)
        shown_if = status(own, min_people=inputs.min_people, minimum=1, pooled=name == "unsolicited")
        public = gated(_mean(z[:until][-4:]), None, None, own, state if state != "ok" else shown_if)
        weight = inputs.weights[name]
        found.components.append(
            {**key, "component": name, "z": public["value"], "weight": weight, "status": public["status"]}
        )
    deep = _mean(weeks.depth[:until][-4:])
    found.depths.append(Candidate(weeks.alliance, month, "depth_index", "both", deep, data=cell.messages))
    speed = velocity(weeks.depth[:until], [other[:until] for other in weeks.others])
    public = gated(speed.rvi, speed.low, speed.high, cell, state)
    shown = public["status"] == "ok"
    still = shown and speed.state in ("stalled", "undetermined")
    trapped = still and deep <= SHALLOW and _slower(waits, month)
    found.velocities.append(
        {
            **key,
            **{name: public[source] for name, source in (("rvi", "value"), ("low", "low"), ("high", "high"))},
            **_words(speed, shown),
            "weeks_needed": max(speed.weeks_needed, weeks.missing),
            "coordination_trap": trapped if shown else None,
            "depth": gated(deep, None, None, cell, state)["value"],
            "status": public["status"],
        }
    )


def _words(speed: Velocity, shown: bool) -> dict[str, Any]:
    return {
        "state": speed.state if shown else None,
        "weeks_used": speed.weeks_used,
        "sign_stability": round(speed.sign_stability, 2) if shown else None,
    }


def _mean(values: Floats) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")


def _slower(waits: list[Wait], month: date) -> bool:
    """Whether the median wait of the last twelve weeks is longer by a fifth than that of the twelve weeks before."""
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    end = datetime.combine(following, time(), UTC)
    span = timedelta(weeks=WEEKS)
    recent = [wait for wait in waits if end - span <= wait.sent_at < end]
    before = [wait for wait in waits if end - 2 * span <= wait.sent_at < end - span]
    if min(len(recent), len(before)) < 30:
        return False
    return _median(recent) >= SLOWER * _median(before)


def _median(waits: list[Wait]) -> float:
    """Return the median wait; endless where half are never answered."""
    speed = kaplan_meier([w.hours for w in waits], [w.answered for w in waits], [w.person for w in waits], draws=1)
    return speed.median.value if np.isfinite(speed.median.value) else np.inf
