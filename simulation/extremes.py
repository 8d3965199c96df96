"""What must not be misread: fewer messages, a burst of notices, a silent side; and surveys of the same alliances."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from simulation.section import Section, Table, Target, mean, number, share, within
from simulation.streams import FIRST, SURVEYED, Told, asked
from simulation.wording import Cell
from warehouse.velocity import STALLED

LATE = (date(2026, 2, 1), date(2026, 3, 1))
"""Months of the collapse and of the silence; the notices fall into the second."""

TEXT = """Three copies of each still alliance, message by message the same but for one thing. *Collapse*: in the last
eight weeks three threads of four are not begun, and nothing else changes. *Notes*: one person sends 150 messages that
share knowledge within three days of the last month. *Silence*: one side writes nothing in the last eight weeks. A
*hostile reading* is an interval of `tone_change` that lies wholly below zero, or the state `declining`; the copies
are compared with the alliance that they are copies of."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the last month of an alliance reads like; None where it is not shown."""

    name: str
    colder: bool | None
    state: str | None
    rvi: float
    from_silent: int


@dataclass(frozen=True, slots=True)
class Reported:
    """One published blend of a whole night beside the truth."""

    dimension: str
    truth: float
    value: float
    low: float
    high: float
    survey: float


def readings(told: Sequence[Told]) -> list[Reading]:
    """Return how the last month reads for the still alliance and its copies."""
    return [_reading(each) for each in told if each.name in ("still", "collapse", "notes", "silent")]


def _reading(each: Told) -> Reading:
    last = LATE[-1]
    own = [row for row in each.published["indicator"] if row["period"] == last]
    change = next(row for row in own if (row["indicator"], row["direction"]) == ("tone_change", "both"))
    pace = next(row for row in each.published["velocity"] if row["period"] == last)
    shown = sum(row["status"] == "ok" for row in own)
    colder = change["high"] < 0 if change["status"] == "ok" else None
    return Reading(each.name, colder, pace["state"], pace["rvi"] if pace["rvi"] is not None else np.nan, shown)


def reported(told: Sequence[Told]) -> list[Reported]:
    """Return the published blends of whole nights."""
    found = []
    for each in told:
        truth = {name: dict(zip(FIRST, asked(name, each.states[name]), strict=True)) for name in SURVEYED}
        for row in each.published["blend"]:
            if row["survey_value"] is not None:
                numbers = (row[name] for name in ("value", "low", "high", "survey_value"))
                found.append(Reported(row["dimension"], float(truth[row["dimension"]][row["period"]]), *numbers))
    return found


def section(read: Sequence[Reading], cells: Sequence[Cell], blends: Sequence[Reported]) -> Section:
    """Return the page's part on what must not be misread."""
    return Section("What must not be misread", TEXT, _targets(read, cells), [_table(read), _blends(blends)])


def _targets(read: Sequence[Reading], cells: Sequence[Cell]) -> list[Target]:
    held = _tone_held(cells, "collapse")
    rates = {name: _rates([each for each in read if each.name == name]) for name in ("still", "collapse", "notes")}
    silent = [each for each in read if each.name == "silent"]
    return [
        Target(
            "`tone` in its interval while volume collapses",
            "87 % or more",
            share(held),
            within(held, 0.87, 1.0),
            f"without the collapse {share(_tone_held(cells, 'still'))} in the same months",
        ),
        _no_more("collapse reads as `declining`", rates["collapse"][1], rates["still"][1]),
        _no_more("collapse reads as colder wording", rates["collapse"][0], rates["still"][0]),
        _no_more("a burst of notices reads as `deepening`", rates["notes"][2], rates["still"][2]),
        _still_index("falling volume alone", _moves(read, "collapse")),
        _still_index("a burst of notices", _moves(read, "notes")),
        Target(
            "numbers and states of a month in which one side is silent",
            "none",
            str(sum(each.from_silent + (each.state is not None) for each in silent)),
            not any(each.from_silent or each.state for each in silent),
        ),
    ]


def _tone_held(cells: Sequence[Cell], name: str) -> float:
    own = [c for c in cells if (c.name, c.indicator, c.direction) == (name, "tone", "both") and c.period in LATE]
    return mean(cell.held for cell in own if cell.shown)


def _moves(read: Sequence[Reading], name: str) -> list[float]:
    """Return by how much a copy's index differs from the still alliance's, where both are shown."""
    pairs = zip([r for r in read if r.name == "still"], [r for r in read if r.name == name], strict=True)
    return [copy.rvi - still.rvi for still, copy in pairs if copy.rvi == copy.rvi and still.rvi == still.rvi]


def _still_index(what: str, moves: list[float]) -> Target:
    """Return a target: on average no more than what counts as standing still."""
    moved = mean(moves)
    return Target(
        f"what {what} adds to the index, on average", f"within ±{STALLED}", number(moved), abs(moved) <= STALLED
    )


def _no_more(what: str, found: float, usual: float) -> Target:
    """Return a target: not more often than in the untouched copy, plus two in a hundred."""
    return Target(what, f"as often as without: {share(usual)}", share(found), found <= usual + 0.02)


def _rates(read: Sequence[Reading]) -> tuple[float, float, float]:
    """Return how often wording reads colder, and how often the state is declining and deepening."""
    colder = mean(each.colder for each in read if each.colder is not None)
    return colder, mean(each.state == "declining" for each in read), mean(each.state == "deepening" for each in read)


def _table(read: Sequence[Reading]) -> Table:
    rows = []
    for name in ("still", "collapse", "notes", "silent"):
        own = [each for each in read if each.name == name]
        colder, declining, deepening = _rates(own)
        shown = share(mean(each.state is not None for each in own))
        pace = number(mean(each.rvi for each in own if each.rvi == each.rvi))
        rows.append([name, shown, share(colder), share(declining), share(deepening), pace])
    columns = ["copy", "state shown", "colder", "`declining`", "`deepening`", "mean RVI"]
    return Table("How the last month reads", columns, rows)


def _blends(found: Sequence[Reported]) -> Table:
    rows = []
    for dimension in SURVEYED:
        own = [each for each in found if each.dimension == dimension]
        held = mean(each.low - 0.005 <= each.truth <= each.high + 0.005 for each in own)
        blend, survey = (
            float(np.sqrt(mean((getattr(each, name) - each.truth) ** 2 for each in own)))
            for name in ("value", "survey")
        )
        rows.append([dimension, share(held), number(blend), number(survey), number(blend / survey)])
    columns = ["dimension", "coverage", "error of blend", "survey alone", "blend / survey"]
    return Table(
        "Surveys of the same alliances (five answers a side), blended by the night with what its text shows",
        columns,
        rows,
    )
