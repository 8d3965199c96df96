"""The table `indicator`: every number of every month meets the gate, and a month without any says so."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from math import log, nan
from typing import Any

import duckdb

from warehouse.answers import Wait, answers, quarter
from warehouse.candidate import Candidate, definitions, margin
from warehouse.gate import LOW_N, OK, SUPPRESSED, Cell, gated, status
from warehouse.inputs import BuildInputs
from warehouse.private import rows
from warehouse.wording import Wording

Key = tuple[str, str, date, str, str]
"""Alliance, grain, period, kind of contribution, direction."""

Period = tuple[str, str, date]
"""Alliance, grain, period."""

Rows = list[dict[str, Any]]
DIRECTIONS = ("both", "a_to_b", "b_to_a")


@dataclass(slots=True)
class Behind:
    """Who stands behind each number, and how much of the roster consents."""

    cells: dict[Key, Cell] = field(default_factory=dict)
    coverage: dict[Period, float] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection) -> "Behind":
        """Return what the private tables say."""
        found = cls()
        for row in rows(connection, "select * from cell"):
            key = (row["alliance"], row["grain"], row["period"], row["kind"], row["direction"])
            counts = (row["people_a"], row["people_b"], row["messages"], row["largest"], row["two_largest"])
            found.cells[key] = Cell(*counts)
        for row in rows(connection, "select * from coverage_month order by coverage desc"):
            for grain, period in (("month", row["month"]), ("quarter", quarter(row["month"]))):
                found.coverage[row["alliance"], grain, period] = round(row["coverage"], 2)
        return found

    @classmethod
    def joined(cls, parts: Iterable["Behind"]) -> "Behind":
        """Return what stands behind the numbers of several alliances."""
        found = cls()
        for each in parts:
            found.cells |= each.cells
            found.coverage |= each.coverage
        return found

    def month(self, alliance: str, period: date, kind: str = "message") -> Cell:
        """Return the cell of a month's cross-boundary messages, or of another kind of contribution."""
        return self.cells.get((alliance, "month", period, kind, "both"), Cell())

    def cell(self, each: Candidate) -> Cell:
        """Return the cell of a number; a number over both directions of requests needs the people of both."""
        kind = each.definition.kind
        if kind == "request" and each.direction == "both":
            first, second = (self._at(each, kind, direction) for direction in DIRECTIONS[1:])
            return first.with_all_of(second)
        return self._at(each, kind, each.direction)

    def _at(self, each: Candidate, kind: str, direction: str) -> Cell:
        return self.cells.get((each.alliance, each.grain, each.period, kind, direction), Cell())

    def months(self, run_at: date) -> dict[str, list[date]]:
        """Return alliance -> every month from its first message to the night's, empty ones too."""
        first: dict[str, date] = {}
        for alliance, grain, period, _, _ in self.cells:
            if grain == "month":
                first[alliance] = min(first.get(alliance, period), period)
        return {alliance: list(_months(start, run_at)) for alliance, start in first.items()}


def _months(first: date, last: date) -> Iterator[date]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(number // 12, number % 12 + 1, 1)


def candidates(
    connection: duckdb.DuckDBPyConnection,
    inputs: BuildInputs,
    behind: Behind,
    waits: list[Wait],
    depths: Iterable[Candidate],
) -> list[Candidate]:
    """Return every number before the gate: every month of an alliance has every indicator."""
    found = [
        *_measures(connection),
        *Wording(connection, inputs).candidates(),
        *answers(waits),
        *depths,
    ]
    found += _frequency_changes(connection, inputs, found)
    return found + list(_missing(found, behind.months(inputs.run_at.date())))


def indicators(found: Iterable[Candidate], behind: Behind, inputs: BuildInputs) -> Rows:
    """Return the rows of the table `indicator`."""
    public = [_public(each, behind, inputs) for each in found]
    return _where_months_are_too_few(public)


def _measures(connection: duckdb.DuckDBPyConnection) -> Iterator[Candidate]:
    for row in rows(connection, "select * from measure union all by name select * from relation order by all"):
        value = nan if row["value"] is None else row["value"]
        half = margin(row["error"], row["groups"]) if row["error"] is not None else nan
        low, high = value - half, value + half
        if definitions()[row["indicator"]].unit == "share":
            low, high = max(low, 0.0), min(high, 1.0)
        key = (row["alliance"], row["month"], row["indicator"], row["direction"])
        yield Candidate(*key, value, low, high, row["data"])


def _frequency_changes(
    connection: duckdb.DuckDBPyConnection, inputs: BuildInputs, found: list[Candidate]
) -> Iterator[Candidate]:
    """Yield ln(frequency / baseline): what was agreed, else the median over the baseline's weeks."""
    query = """
        select alliance, direction, median(value) as usual
        from frequency_week join baseline_week using (alliance, week) group by all
    """
    usual = {(row["alliance"], row["direction"]): row["usual"] for row in rows(connection, query)}
    agreed = {each.id: each.agreed_frequency for each in inputs.alliances if each.agreed_frequency}
    for each in found:
        if each.indicator == "frequency":
            baseline = agreed.get(each.alliance) or usual.get((each.alliance, each.direction), nan)
            value, low, high = (log(end / baseline) if end > 0 else nan for end in (each.value, each.low, each.high))
            yield replace(each, indicator="frequency_change", value=value, low=low, high=high)


def _missing(found: list[Candidate], months: dict[str, list[date]]) -> Iterator[Candidate]:
    known = {(each.alliance, each.period, each.indicator, each.direction) for each in found if each.grain == "month"}
    for alliance, periods in months.items():
        for definition in definitions().values():
            for direction in definition.directions:
                for period in periods:
                    if (alliance, period, definition.indicator, direction) not in known:
                        yield Candidate(alliance, period, definition.indicator, direction, nan)


def _public(each: Candidate, behind: Behind, inputs: BuildInputs) -> dict[str, Any]:
    definition, cell = each.definition, behind.cell(each)
    state = status(
        cell, min_people=inputs.min_people, data=each.data, minimum=definition.minimum, pooled=definition.pooled
    )
    public = gated(each.value, each.low, each.high, cell, state)
    known = public["status"] in (OK, LOW_N)
    return {
        "alliance": each.alliance,
        "period": each.period,
        "grain": each.grain,
        "indicator": each.indicator,
        "direction": each.direction,
        "unit": definition.unit,
        "model": inputs.model_version,
        "coverage": behind.coverage.get((each.alliance, each.grain, each.period)) if known else None,
        **public,
    }


def _where_months_are_too_few(public: Rows) -> Rows:
    """Leave out quarters that no month needs, and those from which a withheld month could be worked out."""
    states: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for row in public:
        if row["grain"] == "month":
            states[_series(row, quarter(row["period"]))].add(row["status"])
    return [row for row in public if row["grain"] == "month" or _needed(states[_series(row, row["period"])])]


def _series(row: dict[str, Any], period: date) -> tuple[Any, ...]:
    return row["alliance"], row["indicator"], row["direction"], period


def _needed(months: set[str]) -> bool:
    return LOW_N in months and not {OK, SUPPRESSED} <= months
