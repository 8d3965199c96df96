"""What may come before what: correlations of changes over a quarter, one row a pair, one cell a month of delay."""

from collections.abc import Sequence
from dataclasses import dataclass

from desk.figures import counted, signed
from desk.reading import Row
from desk.words import term, words

STEPS = 4
"""Shades of a cell, from no correlation to a full one."""


@dataclass(frozen=True, slots=True)
class Lagged:
    """One pair; cells are (shade, text, what stands behind it, whether it precedes)."""

    pair: str
    cells: list[tuple[str, str, str, bool]]


@dataclass(frozen=True, slots=True)
class Lags:
    """The table, its months of delay, how many pairs of series have too few changes, and what was found, in words."""

    lags: list[int]
    rows: list[Lagged]
    withheld: int
    found: list[str]


def lags(rows: Sequence[Row]) -> Lags:
    """Return the pairs of which anything can be told, and how many there are of which nothing can."""
    months = sorted({row["lag"] for row in rows})
    pairs: dict[tuple[str, str], dict[int, Row]] = {}
    for row in rows:
        pairs.setdefault((row["leads"], row["follows"]), {})[row["lag"]] = row
    shown = {pair: own for pair, own in pairs.items() if any(row["r"] is not None for row in own.values())}
    return Lags(
        lags=months,
        rows=[Lagged(_pair(*pair), [_cell(own.get(lag)) for lag in months]) for pair, own in sorted(shown.items())],
        withheld=len(pairs) - len(shown),
        found=[
            f"{_pair(row['leads'], row['follows'])}, {counted(row['lag'], 'month')} later: {signed(row['r'])}"
            for row in sorted(rows, key=lambda row: (row["leads"], row["follows"], row["lag"]))
            if row["precedes"]
        ],
    )


def _pair(leads: str, follows: str) -> str:
    return f"{_series(leads)} → {term('dimension', follows).lower()} in the survey"


def _series(name: str) -> str:
    if name in words()["indicator"]:
        return term("indicator", name)
    return term("dimension", name)


def _cell(row: Row | None) -> tuple[str, str, str, bool]:
    if row is None or row["r"] is None:
        pairs = row["pairs"] if row else 0
        return "none", "·", f"withheld: {counted(pairs or 0, 'pair')}, 20 are needed", False
    shade = f"{'up' if row['r'] >= 0 else 'down'}{min(round(abs(row['r']) * STEPS), STEPS)}"
    behind = f"{signed(row['low'])} to {signed(row['high'])}, {counted(row['pairs'], 'pair')}"
    return shade, signed(row["r"]), behind, bool(row["precedes"])
