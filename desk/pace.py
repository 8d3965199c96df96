"""The Relationship Velocity Index in words and charts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desk.chart import Chart, Frame, Series, draw
from desk.figures import counted, interval, month, percent, signed
from desk.panel import Panel, hidden_since
from desk.reading import Alliance, Row, latest
from desk.strip import Mark, Strip, strip
from desk.words import term, told

COMPONENTS = ("unsolicited", "ties", "coinvest", "escalation")
LEVELS = ("transactional", "operational", "strategic")
YEAR = 52
STALLED = (-0.25, 0.25)
"""Where an interval counts as standing still."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """State of an alliance's pace: `css` names it for the style sheet, `note` says what is missing."""

    css: str
    label: str
    mark: str
    number: str = ""
    around: str = ""
    when: str = ""
    note: str = ""
    strip: Strip | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """The section on pace; `moves` is the latest month's transitions as (from, [(to, text)])."""

    verdict: Verdict
    sentences: list[str]
    chart: Chart
    components: list[Panel]
    moves: list[tuple[str, list[str]]]
    moves_month: str


def verdict(alliance: Alliance) -> Verdict:
    """Return the state of the latest month that has one."""
    if not alliance.text_read:
        return Verdict("unread", "not measured", "○", note="Survey only: none of its messages is read.")
    rows = alliance.rows("velocity")
    row = latest(rows)
    if row is None:
        return _missing(rows)
    state = str(row["state"] or "undetermined")
    return Verdict(
        css=state,
        label=state,
        mark=told("state", state, "mark", "·"),
        number=signed(row["rvi"]),
        around=interval(row["low"], row["high"], "signed"),
        when=month(row["period"]),
        note=hidden_since(rows, row),
        strip=strip([Mark("RVI", state, row["rvi"], row["low"], row["high"])], bottom=-3.0, top=3.0),
    )


def _missing(rows: Sequence[Row]) -> Verdict:
    """Return what stands in for a state: weeks still needed, or why there is none."""
    if not rows:
        return Verdict("unread", term("status", "no_data"), "–", note="No night has measured this alliance yet.")
    last = max(rows, key=lambda row: row["period"])
    if last["status"] == "low_n" and last["weeks_needed"]:
        note = f"{counted(last['weeks_needed'], 'week')} still needed."
        return Verdict("undetermined", "undetermined", "·", when=month(last["period"]), note=note)
    return Verdict("unread", term("status", last["status"]), "–", when=month(last["period"]))


def pace(alliance: Alliance, months: Sequence[date], marks: Mapping[date, str]) -> Pace:
    """Return the section on pace of an alliance whose messages are read."""
    frame = Frame(months, form="signed", zone=STALLED, baseline=0.0, events=marks, height=230, gutter=7.0)
    line = Series("RVI", "both", alliance.rows("velocity"), ("rvi", "low", "high"))
    moves_month, moves = _moves(alliance)
    return Pace(
        verdict=verdict(alliance),
        sentences=list(_sentences(alliance)),
        chart=draw(frame, [line]),
        components=[_component(alliance, name, months, marks) for name in _components(alliance)],
        moves=moves,
        moves_month=moves_month,
    )


def _sentences(alliance: Alliance) -> Iterator[str]:
    yield (
        "The Relationship Velocity Index is how fast depth changes against this alliance's own baseline, over twelve "
        "weeks, in robust standard deviations a quarter. Zero means no change, not a bad relationship."
    )
    rows = alliance.rows("velocity")
    row = latest(rows)
    if row is not None:
        yield told("state", str(row["state"]), "meaning")
        yield from _beside(row)
    newest = max(rows, key=lambda each: each["period"], default=None)
    if newest is not None and newest["weeks_needed"]:
        yield _still_needed(newest)


def _still_needed(row: Row) -> str:
    """Return how many weeks a velocity, or at this pace a state, still needs."""
    if row["rvi"] is None:
        used = f"{counted(row['weeks_used'] or 0, 'week')} of the last twelve can be used"
        return f"{used}; {counted(row['weeks_needed'], 'week')} still needed before a state can be named."
    if row["weeks_needed"] >= YEAR:
        return "At this pace it takes more than a year of weeks before a direction can be named."
    return f"At this pace {counted(row['weeks_needed'], 'more week')} must pass before a direction can be named."


def _beside(row: Row) -> Iterator[str]:
    """Yield the coordination trap, depth, and how stable the sign is."""
    if row.get("coordination_trap"):
        yield (
            "This looks like a coordination trap: depth stands still below its baseline while answers take longer. "
            "Often both sides wait for the other to move first."
        )
    if row["depth"] is not None:
        yield f"Depth itself stands {signed(row['depth'])} standard deviations from its baseline."
    if row["sign_stability"] is not None:
        yield f"The direction stays the same in {percent(row['sign_stability'])} of the alternative ways to compute it."


def _components(alliance: Alliance) -> list[str]:
    found = {str(row["component"]) for row in alliance.rows("velocity_component")}
    return [name for name in COMPONENTS if name in found] + sorted(found - set(COMPONENTS))


def _component(alliance: Alliance, name: str, months: Sequence[date], marks: Mapping[date, str]) -> Panel:
    rows = alliance.rows("velocity_component", component=name)
    series = Series(term("component", name), "both", rows, ("z", "", ""))
    frame = Frame(months, form="signed", scale=(-3.0, 0.0, 3.0), baseline=0.0, events=marks, height=112)
    row = latest(rows)
    text = f"{signed(row['z'])} in {month(row['period'])}" if row else ""
    weight = f"weight {percent(_weight(alliance, rows[-1]))}"
    said = "; ".join(filter(None, [text, hidden_since(rows, row), weight]))
    explains = told("component", name, "explains")
    return Panel(term("component", name), explains, [("both", "against baseline", said)], draw(frame, [series]))


def _weight(alliance: Alliance, row: Row) -> float:
    """Return the share that a component has in the depth of its month."""
    beside = alliance.rows("velocity_component", period=row["period"])
    return float(row["weight"] / (sum(each["weight"] for each in beside) or 1.0))


def _moves(alliance: Alliance) -> tuple[str, list[tuple[str, list[str]]]]:
    """Return the latest month in which threads moved between levels, and its matrix in words."""
    rows = alliance.rows("transition")
    row = latest(rows)
    if row is None:
        return "", []
    month_rows = {(r["from_level"], r["to_level"]): r for r in rows if r["period"] == row["period"]}
    matrix = [(level, [_move(month_rows, level, to) for to in LEVELS]) for level in LEVELS]
    return month(row["period"]), matrix


def _move(found: Mapping[tuple[str, str], Row], level: str, to: str) -> str:
    row = found.get((level, to))
    if row is None:
        return term("status", "no_data")
    return percent(row["share"]) if row["share"] is not None else term("status", row["status"])
