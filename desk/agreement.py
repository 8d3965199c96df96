"""How well signals and scores agree: a table of statistics, and a picture of each dimension (Bland & Altman)."""

from collections.abc import Sequence
from dataclasses import dataclass

from desk.figures import plain, signed
from desk.reading import Alliance, Row
from desk.words import term

WIDE, HIGH, EDGE = 200.0, 120.0, 8.0
"""Size of a picture, and how far its dots stay from the border."""

LIMITS = ("loa_high", "bias", "loa_low")


@dataclass(frozen=True, slots=True)
class Picture:
    """One dimension. Dots (x, y) are alliance months: to the right their level, upwards signals minus survey.

    `lines` are (y, label, css): both limits of agreement and the bias; `zero` is where the two say the same.
    """

    title: str
    alternative: str
    dots: list[tuple[float, float]]
    lines: list[tuple[float, str, str]]
    zero: float


def pictures(rows: Sequence[Row], alliances: Sequence[Alliance]) -> list[Picture]:
    """Return a picture of every dimension whose limits of agreement were published."""
    limits: dict[str, dict[str, float]] = {}
    for row in rows:
        if row["statistic"] in LIMITS and row["value"] is not None:
            limits.setdefault(row["dimension"], {})[row["statistic"]] = row["value"]
    return [_picture(name, own, alliances) for name, own in sorted(limits.items()) if len(own) == len(LIMITS)]


def _picture(dimension: str, limits: dict[str, float], alliances: Sequence[Alliance]) -> Picture:
    pairs = [
        (row["survey_value"], row["signal_value"])
        for alliance in alliances
        for row in alliance.rows("blend", dimension=dimension, origin="blend")
        if row["survey_value"] is not None and row["signal_value"] is not None
    ]
    levels = [(survey + signal) / 2 for survey, signal in pairs]
    apart = [signal - survey for survey, signal in pairs]
    reach = max(map(abs, [*apart, *limits.values()]), default=1.0) or 1.0
    left, right = min(levels, default=0.0), max(levels, default=1.0)

    def y(value: float) -> float:
        return round(HIGH / 2 - value / reach * (HIGH / 2 - EDGE), 1)

    return Picture(
        title=term("dimension", dimension),
        alternative=(
            f"{term('dimension', dimension)}: signals minus survey lie at {signed(limits['bias'])} on average, "
            f"19 of 20 between {signed(limits['loa_low'])} and {signed(limits['loa_high'])}, {len(pairs)} months."
        ),
        dots=[
            (round(EDGE + (level - left) / ((right - left) or 1.0) * (WIDE - 2 * EDGE), 1), y(each))
            for level, each in zip(levels, apart, strict=True)
        ],
        lines=[(y(limits[name]), signed(limits[name]), "usual" if name == "bias" else "event") for name in LIMITS],
        zero=y(0.0),
    )


def table(rows: Sequence[Row], statistics: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return dimension -> its statistics in words, and the number of alliance months behind them."""
    found = {(row["dimension"], row["statistic"]): row for row in rows}
    told = []
    for dimension in sorted({row["dimension"] for row in rows}):
        own = [found.get((dimension, name)) for name in statistics]
        months = max(row["n"] for row in own if row)
        told.append(
            (term("dimension", dimension), [plain(row["value"]) if row else "–" for row in own] + [str(months)])
        )
    return told
