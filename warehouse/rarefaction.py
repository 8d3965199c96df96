"""What a week's components would be had fewer threads been written: the mean over all ways to leave threads out.

A pair of people meets once or not at all in a quiet month, and the smaller of two rates that are counted on few
messages is smaller, its logarithm still more. Compared with a busy baseline, falling volume alone would read as
distance. So weeks are compared at the volume of the quieter one (rarefaction: Sanders 1968; Hurlbert 1971), which
needs counts only, no draws.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import numpy as np

from warehouse.private import rows
from warehouse.velocity import Floats, Mask, robust_scale

WAYS = 8
"""Sets of what makes a tie, as bits: a writes to b, b writes to a, they talk socially or across layers."""

NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(7)
NODE_WEIGHTS /= NODE_WEIGHTS.sum()
"""Where, and with what weight, a normal distribution is looked at."""

Week = tuple[str, date]
SIGNS = np.array([(-1.0) ** way.bit_count() for way in range(WAYS)])


@dataclass(frozen=True, slots=True)
class Volume:
    """Four weeks in counts. `threads` are counted once a week.

    `pairs` [8, n] are pairs of people by how many threads have any of a set of what makes a tie; `writers` [2, n] are
    people of each side by how many threads they wrote in; `rates` [2] are each side's commitments per 100 messages, and
    `variances` [2] what counting them on so few messages adds.
    """

    threads: int
    pairs: Floats
    writers: Floats
    rates: Floats
    variances: Floats

    def ties(self, kept: float) -> float:
        """Return ln(1 + ties over possible pairs) when a share of the threads is kept; nan for no pair."""
        possible = float(np.prod(self.writers.sum(1) - _without(self.writers, kept)))
        return float(np.log1p(SIGNS @ _without(self.pairs, kept) / possible)) if possible > 0 else float("nan")

    def coinvest(self, kept: float) -> float:
        """Return the mean of ln(1 + the smaller rate) when a share of the threads is kept."""
        drawn = self.rates + np.sqrt(self.variances * (1 / kept - 1)) * NODES[:, None]
        smaller = np.minimum.outer(*drawn.T).clip(0)
        return float(NODE_WEIGHTS @ np.log1p(smaller) @ NODE_WEIGHTS)


def _without(counts: Floats, kept: float) -> Floats:
    """Return how many of each row are expected to be left with none of their threads."""
    left: Floats = counts @ (1 - kept) ** np.arange(counts.shape[1])
    return left


def volumes(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[date, Volume]]:
    """Return alliance -> week -> the counts of the four weeks that end with it."""
    pairs = _histograms(connection, "pair_count", "way", WAYS)
    writers = _histograms(connection, "writer_count", "place", 2)
    found: dict[str, dict[date, Volume]] = {}
    for row in rows(connection, "select * from volume_week"):
        key = row["alliance"], row["week"]
        rates, variances = (np.array([row[f"{name}_{side}"] for side in "ab"], float) for name in ("rate", "variance"))
        own = Volume(row["threads"], pairs.get(key, np.zeros((WAYS, 1))), writers[key], rates, variances)
        found.setdefault(row["alliance"], {})[row["week"]] = own
    return found


def _histograms(
    connection: duckdb.DuckDBPyConnection, table: str, by: str, size: int
) -> dict[tuple[str, date], Floats]:
    """Return (alliance, week) -> how many have each count, [size, longest]."""
    counts: dict[tuple[str, date], list[dict[str, Any]]] = {}
    for row in rows(connection, f"select alliance, week, {by} as place, n, many from {table}"):
        counts.setdefault((row["alliance"], row["week"]), []).append(row)
    found = {}
    for key, own in counts.items():
        found[key] = np.zeros((size, max(row["n"] for row in own) + 1))
        for row in own:
            found[key][row["place"], row["n"]] = row["many"]
    return found


def matched_z(
    weeks: Sequence[date], found: Mapping[date, Volume], value: Callable[[Volume, float], float], baseline: Mask
) -> Floats:
    """Return each week's (ln(1+x) − median) / (1.4826·MAD) against the baseline at the same volume, clipped to ±3.

    `value` is ln(1+x) of four weeks when a share of their threads is kept. Both are taken at the threads of the week,
    or at those that are usual in the baseline where the week has more. The scale is that of the whole baseline. nan
    where a week is not in `found`, and everywhere with a baseline below four weeks.
    """
    usual = [found[week] for week, own in zip(weeks, baseline, strict=True) if own and week in found]
    z = np.full(len(weeks), np.nan)
    if len(usual) < 4:
        return z
    typical = float(np.median([each.threads for each in usual]))
    scale = robust_scale(np.array([value(each, 1.0) for each in usual]))
    for place, week in enumerate(weeks):
        if week in found:
            threads = min(found[week].threads, typical)
            own, *rest = (value(each, min(1.0, threads / each.threads)) for each in (found[week], *usual))
            z[place] = np.clip((own - np.median(rest)) / scale, -3, 3)
    return z
