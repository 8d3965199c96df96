"""From logits to probabilities that mean what they say, and to decisions that do justice to rare values.

A temperature and one bias a value are fitted to development data by maximum likelihood (Guo et al. 2017, section 4,
vector scaling with one common scale). A decision adds an offset a value to the log-probabilities, chosen for macro-F1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Parameters of one head: logits / temperature + bias are calibrated; + offset decides."""

    temperature: float
    bias: tuple[float, ...]
    offset: tuple[float, ...]

    def probabilities(self, logits: Floats) -> Floats:
        """Return calibrated probabilities [n, values] of logits [n, values]."""
        return softmax(logits / self.temperature + np.asarray(self.bias))

    def decisions(self, probabilities: Floats) -> Ints:
        """Return the index of the value decided on, [n]."""
        chosen: Ints = (np.log(probabilities + 1e-9) + np.asarray(self.offset)).argmax(1)
        return chosen


def softmax(logits: Floats) -> Floats:
    """Return exp(logits) normalised over the last axis."""
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    scaled: Floats = shifted / shifted.sum(-1, keepdims=True)
    return scaled


def fit(logits: Floats, truth: Ints) -> Calibration:
    """Fit a head's calibration and decision offsets to development data."""
    from scipy.optimize import minimize

    rows = np.arange(len(truth))

    def loss(parameters: Floats) -> float:
        p = softmax(logits / np.exp(parameters[0]) + parameters[1:])
        return float(-np.log(p[rows, truth] + 1e-12).mean() + 1e-3 * (parameters[1:] ** 2).sum())

    found = minimize(loss, np.zeros(1 + logits.shape[1]), method="L-BFGS-B").x
    plain = Calibration(float(np.exp(found[0])), tuple(map(float, found[1:])), (0.0,) * logits.shape[1])
    offset = _offsets(np.log(plain.probabilities(logits) + 1e-9), truth)
    return Calibration(plain.temperature, plain.bias, offset)


def _offsets(scores: Floats, truth: Ints) -> tuple[float, ...]:
    """Return −τ·ln(frequency) of each value, τ between 0 and 0.8 chosen for macro-F1.

    One parameter a head: an offset of its own for each rare value fits chance when it has few examples.
    """
    counts = np.bincount(truth, minlength=scores.shape[1]) + 1.0
    rarity = -np.log(counts / counts.sum())
    trials = [power * (rarity - rarity.min()) for power in np.arange(0.0, 0.81, 0.1)]
    best = max(trials, key=lambda trial: macro_f1(confusion(truth, (scores + trial).argmax(1), len(trial))))
    return tuple(round(float(step), 3) for step in best)


def confusion(truth: Ints, decided: Ints, values: int) -> Ints:
    """Return counts [true value, decided value]."""
    counts = np.zeros((values, values), dtype=np.int64)
    np.add.at(counts, (truth, decided), 1)
    return counts


def f1_by_value(counts: Ints) -> Floats:
    """Return F1 of each value from counts [true, decided]; 0 where a value neither stands nor is decided."""
    totals = counts.sum(0) + counts.sum(1)
    scores: Floats = 2 * np.diag(counts) / np.maximum(totals, 1)
    return scores


def macro_f1(counts: Ints) -> float:
    """Return the mean of F1 over values."""
    return float(f1_by_value(counts).mean())


def expected_calibration_error(probabilities: Floats, truth: Ints, bins: int = 10) -> float:
    """Return the mean gap of confidence and accuracy over equal-width bins, 0 to 1 (Naeini et al. 2015)."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == truth
    where = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(confidence[where == b].mean() - right[where == b].mean()) * (where == b).sum() for b in set(where)]
    return float(sum(gaps) / len(truth))


def brier(probabilities: Floats, truth: Ints) -> float:
    """Return the mean squared distance to the truth, 0 to 2 (Brier 1950)."""
    return float(((probabilities - np.eye(probabilities.shape[1])[truth]) ** 2).sum(1).mean())


def cross_fitted(logits: Floats, truth: Ints, folds: Sequence[int]) -> tuple[Floats, Ints]:
    """Return (probabilities, decisions) of each row by a calibration fitted to the other folds only."""
    fold = np.asarray(folds)
    probabilities, decided = np.zeros_like(logits), np.zeros(len(truth), dtype=np.int64)
    for held in set(folds):
        own = fold == held
        calibration = fit(logits[~own], truth[~own])
        probabilities[own] = calibration.probabilities(logits[own])
        decided[own] = calibration.decisions(probabilities[own])
    return probabilities, decided
