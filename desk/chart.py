"""Geometry of the charts: x in percent of the width, y in percent of the plot, so text keeps its size at any width.

A template draws it. There is no font to measure, so the same numbers give the same bytes on every machine.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil, floor, log10

from desk.figures import MONTHS, UNBROKEN, counted, month, with_interval, written
from desk.reading import SHOWN, Row
from desk.words import term

Scale = Callable[[float], float]
Point = tuple[float, float, float | None, float | None]
"""Place in percent, value, low, high."""

RIGHT = 97.0
"""Percent of the width where the last month stands."""


@dataclass(frozen=True, slots=True)
class Series:
    """Monthly rows with `period`, `status` and the columns of value, low and high; `css` is a, b, both or plain."""

    label: str
    css: str
    rows: Sequence[Row]
    columns: tuple[str, str, str] = ("value", "low", "high")

    def at(self, when: date) -> tuple[float | None, float | None, float | None, str]:
        """Return value, low, high and status of a month; a month without a row is `no_data`."""
        for row in self.rows:
            if row["period"] == when:
                value, low, high = (row.get(name) for name in self.columns)
                state = str(row.get("status") or "no_data")
                shown = state in SHOWN and value is not None
                return (value, low, high, state) if shown else (None, None, None, "no_data" if state == "ok" else state)
        return None, None, None, "no_data"


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn series: paths of line and band (gaps where nothing is shown), and dots."""

    css: str
    path: str
    band: str
    dots: list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the template needs: drawing, legend, text alternative and the same numbers as a table.

    `rails` are the marks of months that are not shown, under the plot: one row, or one a series where they differ.
    """

    height: int
    gutter: float
    grid: list[tuple[float, str, bool]]
    ticks: list[tuple[float, str, str]]
    lines: list[Line]
    rails: list[tuple[str, list[tuple[float, str]]]]
    zone: tuple[float, float] | None
    baseline: float | None
    events: list[tuple[float, str]]
    legend: list[tuple[str, str]]
    alternative: str
    table: list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a chart is drawn on: months, form of numbers, fixed y-axis, zone, baseline and numbered events."""

    months: Sequence[date]
    form: str = "plain"
    scale: Sequence[float] | None = None
    zone: tuple[float, float] | None = None
    baseline: float | None = None
    events: Mapping[date, str] = field(default_factory=dict)
    height: int = 132
    gutter: float = 13.0
    """Percent of the width that the labels of the y-axis have before the first month."""

    def x(self, when: date) -> float:
        """Return where a month stands, in percent of the width."""
        return round(self.gutter + (RIGHT - self.gutter) * self.months.index(when) / max(len(self.months) - 1, 1), 2)


def draw(frame: Frame, series: Sequence[Series]) -> Chart:
    """Return the chart of up to three series."""
    steps = _steps(frame, series)
    bottom, top = steps[0], steps[-1]

    def y(value: float) -> float:
        return round(100 * (top - min(max(value, bottom), top)) / (top - bottom), 2)

    return Chart(
        height=frame.height,
        gutter=frame.gutter,
        grid=[(y(step), _axis(step, frame.form), abs(step) < 1e-9 < top - 1e-9 and bottom < 0) for step in steps],
        ticks=list(_ticks(frame)),
        lines=[_line(frame, each, y) for each in series],
        rails=_rails(frame, series),
        zone=(y(frame.zone[1]), y(frame.zone[0])) if frame.zone else None,
        baseline=None if frame.baseline is None else y(frame.baseline),
        events=[(frame.x(when), label) for when, label in frame.events.items() if when in frame.months],
        legend=[(each.css, each.label) for each in series] if len(series) > 1 else [],
        alternative=" ".join(_told(frame, each) for each in series),
        table=[(month(when), [_cell(each, when, frame.form) for each in series]) for when in frame.months],
    )


def _steps(frame: Frame, series: Sequence[Series]) -> list[float]:
    """Return the frame's own scale, else three to six round values that hold everything drawn."""
    if frame.scale:
        return list(frame.scale)
    shown = [v for each in series for when in frame.months for v in each.at(when)[:3] if v is not None]
    shown += [v for v in (frame.baseline, *(frame.zone or ())) if v is not None]
    low, high = min(shown, default=0.0), max(shown, default=1.0)
    if high - low < 1e-9:
        low, high = (0.0, max(2 * high, 0.1)) if low >= 0 else (low - 0.5, high + 0.5)
    rough = max((high - low) / 4, 1.0 if frame.form == "count" else 0.0)
    power = 10.0 ** floor(log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough - 1e-12)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(place * step, 6) for place in range(first, last + 1)]


def _axis(step: float, form: str) -> str:
    if form == "share":
        return f"{round(step * 100, 6):g}{UNBROKEN}%".replace("-", "−")
    return f"{step:g}".replace("-", "−")


def _ticks(frame: Frame) -> Iterator[tuple[float, str, str]]:
    """Yield every third month counted back from the last, with the year where it begins or changes."""
    places = sorted(range(len(frame.months) - 1, -1, -3))
    year = None
    for place in places:
        when = frame.months[place]
        anchor = "end" if place == len(frame.months) - 1 and len(frame.months) > 1 else "middle"
        label = MONTHS[when.month - 1] if when.year == year else f"{MONTHS[when.month - 1]} {when.year % 100:02d}"
        year = when.year
        yield frame.x(when), label, anchor


def _line(frame: Frame, series: Series, y: Scale) -> Line:
    found = [(frame.x(when), *series.at(when)) for when in frame.months]
    runs = list(_runs(found))
    return Line(
        css=series.css,
        path=" ".join(_path([(x, y(value)) for x, value, _, _ in run]) for run in runs if len(run) > 1),
        band=" ".join(filter(None, (_band(run, y) for run in runs))),
        dots=[(x, y(value)) for run in runs for x, value, _, _ in run],
    )


def _rails(frame: Frame, series: Sequence[Series]) -> list[tuple[str, list[tuple[float, str]]]]:
    marks = [(each.css, [(frame.x(when), each.at(when)[3]) for when in _empty(frame, each)]) for each in series]
    if len(marks) > 1 and all(found == marks[0][1] for _, found in marks):
        marks = [("all", marks[0][1])]
    return [(css, found) for css, found in marks if found]


def _empty(frame: Frame, series: Series) -> list[date]:
    return [when for when in frame.months if series.at(when)[0] is None]


def _runs(found: Sequence[tuple[float, float | None, float | None, float | None, str]]) -> Iterator[list[Point]]:
    """Yield unbroken stretches: a line never crosses a month that shows nothing."""
    run: list[Point] = []
    for x, value, low, high, _ in found:
        if value is not None:
            run.append((x, value, low, high))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def _band(run: Sequence[Point], y: Scale) -> str:
    """Return the outline of the interval; a single month gets a narrow box."""
    known = [(x, low, high) for x, _, low, high in run if low is not None and high is not None]
    if len(known) == 1:
        ((x, low, high),) = known
        known = [(x - 0.6, low, high), (x + 0.6, low, high)]
    upper = [(x, y(high)) for x, _, high in known]
    lower = [(x, y(low)) for x, low, _ in reversed(known)]
    return f"{_path(upper + lower)}Z" if known else ""


def _cell(series: Series, when: date, form: str) -> str:
    value, low, high, state = series.at(when)
    return term("status", state) if value is None else with_interval(value, low, high, form)


def _told(frame: Frame, series: Series) -> str:
    """Return a series in words: first, extremes, last, and how many months are not shown and why."""
    found = [(when, *series.at(when)) for when in frame.months]
    shown = [(when, value, low, high) for when, value, low, high, _ in found if value is not None]
    if not shown:
        return f"{series.label}: no month can be shown{_hidden(found)}."
    (first, start, _, _), (last, end, low, high) = shown[0], shown[-1]
    values = [value for _, value, _, _ in shown]
    spread = f"between {written(min(values), frame.form)} and {written(max(values), frame.form)}"
    at_first = f"{written(start, frame.form)} in {month(first)}, "
    at_last = f"{with_interval(end, low, high, frame.form)} in {month(last)}"
    return f"{series.label}: {at_first if first != last else ''}{spread}, last {at_last}{_hidden(found)}."


def _hidden(found: Sequence[tuple[date, float | None, float | None, float | None, str]]) -> str:
    states = [state for _, value, _, _, state in found if value is None]
    parts = [f"{counted(states.count(each), 'month')} {term('status', each)}" for each in sorted(set(states))]
    return f"; {', '.join(parts)}" if parts else ""
