"""What both sides say, the blend with the signals, and where words, scores and signals part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desk.chart import Chart, Frame, Series, draw
from desk.figures import NOTHING, counted, interval, month, percent, plain, signed
from desk.panel import Panel
from desk.reading import SHOWN, Alliance, Row
from desk.strip import Mark, Strip, strip
from desk.words import term, words

CHARTED = ("trust", "value", "learning", "overall")
GAPS = ("a_b", "a_signal", "b_signal")
HIGH = 7.0
"""Overall health, of 1 to 10, from which on a survey alone gives no cause to ask."""


@dataclass(frozen=True, slots=True)
class Score:
    """One dimension of the latest wave: both sides on the scale, in words, and their difference."""

    dimension: str
    scale: str
    strip: Strip
    sides: list[str]
    difference: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """One dimension of the latest blend: survey alone, signals alone, both, and the weight of the survey."""

    dimension: str
    strip: Strip
    value: str
    around: str
    survey: str
    signals: str
    weight: str
    weight_percent: float | None
    origin: str


@dataclass(frozen=True, slots=True)
class GapRow:
    """One dimension's three differences in words, each with whether it is flagged."""

    dimension: str
    cells: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class SelfReport:
    """The section on scores; `scores` holds (framework, rows)."""

    wave: str
    answers: str
    scores: list[tuple[str, list[Score]]]
    charts: list[Panel]
    blend_month: str
    blends: list[Estimate]
    blend_charts: list[Panel]
    gap_month: str
    gap_names: list[str]
    gaps: list[GapRow]
    flagged: list[str]


def self_report(alliance: Alliance, months: Sequence[date], marks: Mapping[date, str]) -> SelfReport:
    """Return the section on scores of an alliance; empty lists where no survey has come in."""
    survey, blend = _newest(alliance.rows("survey")), _newest(alliance.rows("blend"))
    gaps = _newest(alliance.rows("gap"))
    kinds = [gap for gap in GAPS if any(row["gap"] == gap for row in gaps)]
    dimensions = [name for name in CHARTED if alliance.rows("survey", dimension=name)]
    informed = [name for name in CHARTED if _informed(alliance, name)]
    return SelfReport(
        wave=_month_of(survey),
        answers=_answers(alliance, survey),
        scores=_scores(survey, alliance),
        charts=[Panel(term("dimension", d), "", [], _sides_chart(alliance, d, months, marks)) for d in dimensions],
        blend_month=_month_of(blend),
        blends=[_estimate(row) for row in _in_order(blend)],
        blend_charts=[Panel(term("dimension", d), "", [], _blend_chart(alliance, d, months, marks)) for d in informed],
        gap_month=_month_of(gaps),
        gap_names=[gap_name(alliance, gap) for gap in kinds],
        gaps=[_gap_row(name, gaps, kinds) for name in _dimensions(gaps)],
        flagged=flagged(alliance),
    )


def flagged(alliance: Alliance) -> list[str]:
    """Return the gaps of the latest wave that stand out in two waves running, in words."""
    found = [row for row in _in_order(_newest(alliance.rows("gap"))) if row["flagged"]]
    return [
        f"{term('dimension', row['dimension'])}, {gap_name(alliance, row['gap'])} {signed(row['value'])}"
        for row in found
    ]


def scores_hold(alliance: Alliance) -> bool:
    """Return whether overall health of the latest wave stands at 7 or more of 10 on both sides."""
    newest = _newest(alliance.rows("survey", dimension="overall"))
    shown = [row["value"] for row in newest if row["status"] in SHOWN]
    return len(shown) == 2 and min(shown) >= HIGH


def gap_name(alliance: Alliance, gap: str) -> str:
    """Return `Northwind − signals` for `a_signal`."""
    names = {"a": alliance.partners["a"], "b": alliance.partners["b"], "signal": "signals"}
    return " − ".join(names.get(each, each) for each in gap.split("_"))


def _newest(rows: Sequence[Row]) -> list[Row]:
    last = max((row["period"] for row in rows), default=None)
    return [row for row in rows if row["period"] == last]


def _month_of(rows: Sequence[Row]) -> str:
    return month(rows[0]["period"]) if rows else ""


def _order(dimension: str) -> tuple[int, str]:
    names = list(words()["dimension"])
    return (names.index(dimension) if dimension in names else len(names), dimension)


def _dimensions(rows: Sequence[Row]) -> list[str]:
    return sorted({str(row["dimension"]) for row in rows}, key=_order)


def _in_order(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (_order(row["dimension"]), row.get("gap") or ""))


def _answers(alliance: Alliance, survey: Sequence[Row]) -> str:
    """Return how many answered on each side, from the dimension that most answered."""
    parts = []
    for side, partner in alliance.partners.items():
        own = [row for row in survey if row["side"] == side and row["answers"] is not None]
        most = max(own, key=lambda row: row["answers"], default=None)
        if most is None:
            parts.append(f"{partner}: fewer than three answers")
        else:
            parts.append(f"{partner}: {counted(most['answers'], 'answer')}, {most['comments'] or 0} with a comment")
    return "; ".join(parts)


def _scores(survey: Sequence[Row], alliance: Alliance) -> list[tuple[str, list[Score]]]:
    """Return the rows of the latest wave by framework, frameworks and dimensions in their own order."""
    by_framework = []
    for framework in [*words()["framework"], *sorted({row["framework"] for row in survey} - set(words()["framework"]))]:
        own = [row for row in survey if row["framework"] == framework]
        if own:
            found = [_score([r for r in own if r["dimension"] == name], alliance) for name in _dimensions(own)]
            by_framework.append((term("framework", framework), found))
    return by_framework


def _score(rows: Sequence[Row], alliance: Alliance) -> Score:
    dimension = rows[0]["dimension"]
    found = {row["side"]: row for row in rows}
    sides = [found.get(side) for side in "ab"]
    first, second = (row["value"] if row and row["status"] in SHOWN else None for row in sides)
    top = 10.0 if dimension == "overall" else 5.0
    marks = [_mark(alliance.partners[side], side, found.get(side)) for side in "ab"]
    return Score(
        dimension=term("dimension", dimension),
        scale=f"1 to {plain(top, 0)}",
        strip=strip(marks, bottom=1.0, top=top),
        sides=[_side_text(row) for row in sides],
        difference=signed(first - second) if first is not None and second is not None else NOTHING,
    )


def _mark(label: str, css: str, row: Row | None) -> Mark:
    return Mark(label, css, row["value"], row["low"], row["high"]) if row else Mark(label, css, None)


def _side_text(row: Row | None) -> str:
    if row is None:
        return term("status", "no_data")
    return plain(row["value"]) if row["value"] is not None else term("status", row["status"])


def _estimate(row: Row) -> Estimate:
    top = 10.0 if row["dimension"] == "overall" else 5.0
    weight = row["survey_weight"] if row["origin"] == "blend" else None
    marks = [
        Mark("survey alone", "survey", row["survey_value"]),
        Mark("signals alone", "signal", row["signal_value"], row["signal_low"], row["signal_high"]),
        Mark("together", "both", row["value"], row["low"], row["high"]),
    ]
    return Estimate(
        dimension=term("dimension", row["dimension"]),
        strip=strip(marks, bottom=1.0, top=top),
        value=plain(row["value"]) if row["value"] is not None else term("status", row["status"]),
        around=interval(row["low"], row["high"], "plain"),
        survey=plain(row["survey_value"]),
        signals=plain(row["signal_value"]),
        weight=percent(weight) if weight is not None else NOTHING,
        weight_percent=None if weight is None else round(100 * weight, 1),
        origin=term("origin", row["origin"]),
    )


def _gap_row(dimension: str, gaps: Sequence[Row], kinds: Sequence[str]) -> GapRow:
    found = {row["gap"]: row for row in gaps if row["dimension"] == dimension}
    cells = [
        (signed(found[gap]["value"]), bool(found[gap]["flagged"])) if gap in found else (NOTHING, False)
        for gap in kinds
    ]
    return GapRow(term("dimension", dimension), cells)


def _informed(alliance: Alliance, dimension: str) -> bool:
    return any(row["signal_value"] is not None for row in alliance.rows("blend", dimension=dimension))


def _scale(dimension: str) -> tuple[float, ...]:
    return (1.0, 4.0, 7.0, 10.0) if dimension == "overall" else (1.0, 2.0, 3.0, 4.0, 5.0)


def _sides_chart(alliance: Alliance, dimension: str, months: Sequence[date], marks: Mapping[date, str]) -> Chart:
    series = [
        Series(partner, side, alliance.rows("survey", dimension=dimension, side=side))
        for side, partner in alliance.partners.items()
    ]
    return draw(Frame(months, scale=_scale(dimension), events=marks, height=170), series)


def _blend_chart(alliance: Alliance, dimension: str, months: Sequence[date], marks: Mapping[date, str]) -> Chart:
    rows = alliance.rows("blend", dimension=dimension)
    series = [
        Series("survey alone", "survey", rows, ("survey_value", "", "")),
        Series("signals alone", "signal", rows, ("signal_value", "", "")),
        Series("together", "both", rows),
    ]
    return draw(Frame(months, scale=_scale(dimension), events=marks, height=170), series)
