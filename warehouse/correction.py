"""Rates that a classifier's errors do not bias: prevalence by EM over calibrated probabilities.

Saerens, Latinne & Decaestecker (2002), Neural Computation 14(1), section 2: posteriors are reweighted by the ratio of
the new to the old class frequencies until these no longer change. Each person weighs the same.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Shares:
    """Corrected shares of each class, [classes], and bootstrap draws of them, [draws, classes]."""

    value: Floats
    draws: Floats

    def interval(self, contrast: Floats) -> tuple[float, float, float]:
        """Return value, 5 % and 95 % quantile of a weighted sum of the shares."""
        low, high = np.quantile(self.draws @ contrast, [0.05, 0.95])
        return float(self.value @ contrast), float(low), float(high)


def corrected_shares(
    probabilities: Floats, people: NDArray[np.int64], prior: Floats, *, draws: int = 60, seed: int = 0
) -> Shares:
    """Return corrected shares of messages [n, classes] written by `people` [n].

    `prior` [classes] holds the class frequencies of the calibration data. Whole people are resampled.
    """
    _, owner, counts = np.unique(people, return_inverse=True, return_counts=True)
    weight = 1.0 / counts[owner]
    chosen = np.random.default_rng(seed).multinomial(len(counts), np.full(len(counts), 1 / len(counts)), draws)
    weights = np.vstack([weight, chosen[:, owner] * weight])
    shares = _em(probabilities, weights / weights.sum(1, keepdims=True), prior / prior.sum())
    return Shares(shares[0], shares[1:])


def _em(probabilities: Floats, weights: Floats, prior: Floats) -> Floats:
    """Return shares [rows of weights, classes]; weights [rows, n] add up to 1."""
    shares = weights @ probabilities
    for _ in range(ROUNDS):
        reweighted = probabilities[None] * (shares / prior)[:, None, :]
        reweighted /= reweighted.sum(2, keepdims=True)
        shares = np.einsum("rn,rnk->rk", weights, reweighted)
    final: Floats = shares
    return final
