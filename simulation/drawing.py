"""Small plain SVG figures: no script, no font file, the same bytes for the same numbers on every machine."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import isfinite, nan

WIDTH, LEFT, RIGHT, ROW = 720, 250, 20, 22
INK, PALE, ZONE, BLUES = "#22303c", "#c9d1d8", "#e6f0e6", ("#1f5f8b", "#b5651d", "#4a7c59", "#7b5ea7")
Scale = Callable[[float], float]
Range = tuple[float, float]
Series = Sequence[tuple[str, Sequence[tuple[float, float]]]]
"""Name of each series, and its points."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One row: a label, a value, and the ends of a whisker (nan: none)."""

    label: str
    value: float
    low: float = nan
    high: float = nan


def whiskers(marks: Sequence[Mark], *, low: float, high: float, zone: tuple[float, float], label: str) -> str:
    """Return a dot a row on a common axis; `zone` is where the dots should lie."""
    bottom = len(marks) * ROW + 10
    x = _scale(low, high, LEFT, WIDTH - RIGHT)
    first, last = x(max(zone[0], low)), x(min(zone[1], high))
    parts = [f'<rect x="{first:.1f}" y="4" width="{last - first:.1f}" height="{bottom - 4}" fill="{ZONE}"/>']
    parts += _axis(x, low, high, bottom, label)
    for place, mark in enumerate(marks):
        y = 10 + ROW * (place + 0.5)
        parts.append(_text(LEFT - 10, y + 4, mark.label, "end"))
        if isfinite(mark.low) and isfinite(mark.high):
            parts.append(_line(x(mark.low), y, x(mark.high), y, BLUES[0], 2))
        if isfinite(mark.value):
            parts.append(f'<circle cx="{x(mark.value):.1f}" cy="{y:.1f}" r="4.5" fill="{BLUES[0]}"/>')
    return _picture(bottom + 44, parts)


def scatter(groups: Series, *, across: Range, up: Range, labels: tuple[str, str]) -> str:
    """Return points in a plane, a colour a group; points outside are drawn on the edge."""
    left, bottom = 60, 340
    x, y = _scale(*across, left, WIDTH - RIGHT), _scale(*up, bottom, 36)
    parts = [*_axis(x, *across, bottom, labels[0]), *_upright(y, *up, left, labels[1])]
    parts += [_line(x(0), 36, x(0), bottom, PALE, 1), _line(left, y(0), WIDTH - RIGHT, y(0), PALE, 1)]
    for colour, (_, points) in zip(BLUES, groups, strict=False):
        parts += [
            f'<circle cx="{x(one):.1f}" cy="{y(other):.1f}" r="3" fill="{colour}" fill-opacity="0.6"/>'
            for one, other in points
        ]
    return _picture(bottom + 44, [*parts, *_legend([name for name, _ in groups])])


def lines(series: Series, *, across: Range, up: Range, labels: tuple[str, str]) -> str:
    """Return one line a series, with its points marked."""
    left, bottom = 60, 300
    x, y = _scale(*across, left, WIDTH - RIGHT), _scale(*up, bottom, 36)
    parts = [*_axis(x, *across, bottom, labels[0]), *_upright(y, *up, left, labels[1])]
    for colour, (_, points) in zip(BLUES, series, strict=False):
        path = " ".join(f"{x(one):.1f},{y(other):.1f}" for one, other in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(one):.1f}" cy="{y(other):.1f}" r="3.5" fill="{colour}"/>' for one, other in points]
    return _picture(bottom + 44, [*parts, *_legend([name for name, _ in series])])


def _scale(low: float, high: float, start: float, end: float) -> Scale:
    return lambda value: start + (end - start) * (min(max(value, low), high) - low) / (high - low)


def _axis(x: Scale, low: float, high: float, bottom: float, label: str) -> Iterator[str]:
    for tick in _ticks(low, high):
        yield _line(x(tick), bottom, x(tick), bottom + 5, INK, 1)
        yield _text(x(tick), bottom + 18, _written(tick), "middle")
    yield _line(x(low), bottom, x(high), bottom, INK, 1)
    yield _text((x(low) + x(high)) / 2, bottom + 36, label, "middle")


def _upright(y: Scale, low: float, high: float, left: float, label: str) -> Iterator[str]:
    for tick in _ticks(low, high):
        yield _line(left - 5, y(tick), left, y(tick), INK, 1)
        yield _text(left - 8, y(tick) + 4, _written(tick), "end")
    yield _line(left, y(low), left, y(high), INK, 1)
    yield _text(8, 14, label, "start")


def _legend(names: Sequence[str]) -> Iterator[str]:
    """Yield the names in one line above the plot, the last at its right end."""
    for place, (colour, name) in enumerate(zip(BLUES, names, strict=False)):
        x = WIDTH - 95 * (len(names) - place)
        yield f'<circle cx="{x}" cy="10" r="4.5" fill="{colour}"/>'
        yield _text(x + 10, 14, name, "start")


def _ticks(low: float, high: float) -> list[float]:
    step = next(each for each in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 3, 5, 10) if (high - low) / each <= 8)
    return [round(number * step, 6) for number in range(round(low / step + 0.49), int(high / step + 1e-9) + 1)]


def _written(tick: float) -> str:
    return f"{tick:g}".replace("-", "−")


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: int) -> str:
    at = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {at} stroke="{colour}" stroke-width="{width}"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{INK}">{escape(words)}</text>'


def _picture(height: float, parts: Iterable[str]) -> str:
    size = f'viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}"'
    start = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    return "\n".join([start, f'<rect width="{WIDTH}" height="{height:g}" fill="#ffffff"/>', *parts, "</svg>"]) + "\n"
