"""A small chart with its words: the building block of the sections on pace and communication."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desk.chart import Chart, Frame, Series, draw
from desk.figures import with_interval
from desk.reading import SHOWN, Alliance, Row, latest, when
from desk.words import term, told

DIRECTIONS = ("a_to_b", "b_to_a")
FIRST_MONTHS = 3
"""Months that stand for the baseline where the partners agreed none."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Title, what the number is, the latest values in words, and the chart."""

    title: str
    explains: str
    latest: list[tuple[str, str, str]]
    chart: Chart


def events(alliance: Alliance) -> dict[date, str]:
    """Return month -> numbers of the log's entries in it, as the list below the charts counts them."""
    found: dict[date, list[str]] = {}
    for number, row in enumerate(logged(alliance), 1):
        found.setdefault(row["on_date"].replace(day=1), []).append(str(number))
    return {when: ", ".join(numbers) for when, numbers in found.items()}


def logged(alliance: Alliance) -> list[Row]:
    """Return the log, oldest entry first."""
    return sorted(alliance.rows("log"), key=lambda row: row["on_date"])


def indicator_panel(alliance: Alliance, name: str, months: Sequence[date], marks: Mapping[date, str]) -> Panel | None:
    """Return the panel of an indicator in both directions, or together where that is how it is kept."""
    form = form_of(alliance, name)
    series = [_series(alliance, name, way) for way in ways(alliance, name)]
    if not series:
        return None
    usual = baseline(alliance, alliance.series(name)) if len(series) == 1 else None
    frame = Frame(months, form=form, baseline=usual, events=marks)
    title = told("indicator", name, "title", term("component", name))
    return Panel(
        title,
        told("indicator", name, "explains", _defined(alliance, name)),
        [_latest(s, form) for s in series],
        draw(frame, series),
    )


def ways(alliance: Alliance, name: str) -> list[str]:
    """Return the directions in which an indicator is charted: apart where it is known apart, else together."""
    kept = {row["direction"] for row in alliance.rows("indicator", indicator=name)}
    apart = [way for way in DIRECTIONS if way in kept]
    return apart if apart and told("indicator", name, "way") != "both" else ["both"] if "both" in kept else apart


def direction(alliance: Alliance, way: str, pattern: str = "") -> str:
    """Return a direction in words, in the manner of the indicator; names are put in as they are."""
    if way == "both":
        return "both directions"
    source, target = (alliance.partners[side] for side in way.split("_to_"))
    return (pattern or "{source} → {target}").format(source=source, target=target)


def baseline(alliance: Alliance, rows: Sequence[Row]) -> float | None:
    """Return the mean of the months agreed as baseline, else of the first three that are shown."""
    shown = [row for row in rows if row["status"] in SHOWN and row["value"] is not None]
    first, until = alliance.about["baseline_from"], alliance.about["baseline_until"]
    usual = [row for row in shown if first <= row["period"] < until] if first and until else shown[:FIRST_MONTHS]
    return sum(row["value"] for row in usual) / len(usual) if usual else None


def form_of(alliance: Alliance, name: str) -> str:
    """Return how an indicator is written: as `words.toml` says, else by its unit in the database."""
    unit = next((row["unit"] for row in alliance.rows("indicator", indicator=name)), None)
    by_unit = {"share": "share", "probability": "share", "-1 to 1": "signed", "robust sd": "signed", "people": "count"}
    return told("indicator", name, "form", by_unit.get(str(unit), "plain"))


def _defined(alliance: Alliance, name: str) -> str:
    """Return what the database itself says of an indicator and what it needs."""
    row = next(iter(alliance.rows("definition", indicator=name)), None)
    if row is None:
        return ""
    meaning = str(row["meaning"] or "")
    return f"{meaning[:1].upper()}{meaning[1:]}. Needs {row['minimum']} {row['of']}."


def _series(alliance: Alliance, name: str, way: str) -> Series:
    pattern = told("indicator", name, "way")
    label = direction(alliance, way, "" if pattern == "both" else pattern)
    return Series(label, way[0] if way in DIRECTIONS else "both", alliance.series(name, way))


def _latest(series: Series, form: str) -> tuple[str, str, str]:
    """Return css, label and the last value shown with its month; what came after it and is not shown is named."""
    row = latest(list(series.rows))
    after = hidden_since(series.rows, row)
    if row is None:
        return series.css, series.label, after
    value = f"{with_interval(row['value'], row['low'], row['high'], form)} in {when(row)}"
    return series.css, series.label, f"{value}; {after}" if after else value


def hidden_since(rows: Sequence[Row], shown: Row | None) -> str:
    """Return what the newest month says when it is not the one shown: `Nov 2026: withheld`."""
    newest = max(rows, key=lambda row: row["period"], default=None)
    if newest is None:
        return term("status", "no_data")
    return "" if newest is shown else f"{when(newest)}: {term('status', newest['status'])}"
