"""Rates that a classifier's errors do not bias: class frequencies by EM over calibrated probabilities.

Saerens, Latinne & Decaestecker (2002), Neural Computation 14(1), section 2: posteriors are reweighted by the ratio λ of
the new to the old class frequencies until these no longer change. Each person weighs the same.

That is exact where only the frequencies moved. Real text moves in other ways too, and then the plain method overshoots
several times what it mends (measured on mail and chat of six origins that a classifier had not seen: error of a
share 0.14 instead of 0.03). So the old frequencies stay in the balance with a weight of their own, and how much the
answer depends on that weight is part of the error.

The solution is where the people's mean of s = p / (λ·p) meets the old frequencies, so its error follows from the
implicit function: from the spread of s between people, from the old frequencies, counted on finite data (Dirichlet),
and from the classifier's errors, counted on the same data: P(decision | class) of each row of the confusion is known
no better than its multinomial. Where a program has labels of its own, see `rectifier.py`.
"""

from dataclasses import dataclass, replace
from math import nan, sqrt

import numpy as np
from numpy.typing import NDArray

from warehouse.candidate import margin

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROUNDS, CLOSE = 60, 1e-9
KEPT, KEPT_LESS = 0.5, 0.02
"""Weight of the calibration data's frequencies against the messages: as it is used, and almost none to compare with.

Where the frequencies truly moved, the weight holds the answer back by about what the comparison moves it.
"""


@dataclass(frozen=True, slots=True)
class People:
    """Who wrote each of n messages, [n] as 0..m−1; each person's messages weigh together 1/m."""

    owner: Ints
    counts: Ints

    @classmethod
    def of(cls, authors: NDArray[np.generic]) -> "People":
        """Return the people behind messages, given an author a message."""
        _, owner, counts = np.unique(authors, return_inverse=True, return_counts=True)
        return cls(owner, counts)

    @property
    def weights(self) -> Floats:
        """Return each message's weight, [n], adding up to 1."""
        weights: Floats = 1.0 / (len(self.counts) * self.counts[self.owner])
        return weights

    def means(self, values: Floats) -> Floats:
        """Return each person's mean of a message's values, [m, ...] of [n, ...]."""
        sums = np.zeros((len(self.counts), *values.shape[1:]))
        np.add.at(sums, self.owner, values)
        means: Floats = sums / self.counts.reshape(-1, *[1] * (values.ndim - 1))
        return means


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What the classifier's evaluation says of these messages' decisions.

    `decided` [n] as 0..k−1, and `counts` [k, k]: rows the truth, columns the decision.
    """

    decided: Ints
    counts: Floats

    def spread(self, change: Floats) -> Floats:
        """Return a message's change along each class [n, k], summed by decision, [k · k]: class first."""
        sums = np.zeros((len(self.counts), len(self.counts)))
        np.add.at(sums, self.decided, change)
        return sums.T.ravel()

    def covariance(self) -> Floats:
        """Return the covariance of the relative errors of P(decision | class), [k · k, k · k]."""
        k = len(self.counts)
        found = np.zeros((k * k, k * k))
        for place, row in enumerate(self.counts + 0.5):
            own = slice(place * k, (place + 1) * k)
            found[own, own] = np.diag(1 / row) - 1 / row.sum()
        return found


@dataclass(frozen=True, slots=True)
class Corrected:
    """One head's probabilities [n, k] under the frequencies of these messages.

    `posterior` are the corrected probabilities and `bend` [m, k] what each person adds to λ. `drift` [q, q] is the
    covariance of what is not known of the classifier: λ [k], and behind it the errors of its evaluation where that is
    given, q = k + k · k. `held` [k] is how far the kept frequencies may hold λ back; `drift` has it.
    """

    scaled: Floats
    posterior: Floats
    bend: Floats
    drift: Floats
    held: Floats
    evaluated: Evaluated | None = None

    def doubt(self, place: int) -> Floats:
        """Return the standard error of each corrected probability of a class that comes from λ alone, [n]."""
        error: Floats = self.scaled[:, place] * sqrt(self.drift[place, place])
        return error

    def slope(self, place: int, weights: Floats) -> Floats:
        """Return the slope of one class's weighted sum of corrected probabilities along what `drift` covers, [q]."""
        change = -self.posterior[:, [place]] * self.scaled
        change[:, place] += self.scaled[:, place]
        slope: Floats = weights @ change
        if self.evaluated is None:
            return slope
        change = -self.posterior[:, [place]] * self.posterior
        change[:, place] += self.posterior[:, place]
        return np.concatenate([slope, self.evaluated.spread(weights[:, None] * change)])


def corrected(probabilities: Floats, people: People, prior: Floats, evaluated: Evaluated | None = None) -> Corrected:
    """Correct a head's probabilities [n, k]; `prior` [k] counts the classes of the calibration data.

    With `evaluated`, what its counts leave open of the classifier's errors is carried as well.
    """
    old = (prior + 0.5) / (prior + 0.5).sum()
    weights = people.weights
    ratio = _ratio(probabilities, weights, old, KEPT)
    scaled = probabilities / (probabilities @ ratio)[:, None]
    pull = _inverse((scaled * weights[:, None]).T @ scaled + KEPT * np.diag(old / ratio**2))
    means = people.means(scaled)
    counted = pull @ np.diag(1 + KEPT - KEPT / ratio)
    held = ratio - _ratio(probabilities, weights, old, KEPT_LESS)
    drift = counted @ ((np.diag(old) - np.outer(old, old)) / (prior.sum() + 1)) @ counted.T + np.outer(held, held)
    found = Corrected(scaled, scaled * ratio, (means - means.mean(0)) @ pull, drift, held, evaluated)
    return found if evaluated is None else replace(found, drift=_with_errors(found, pull, weights))


def _inverse(matrix: Floats) -> Floats:
    return np.asarray(np.linalg.inv(matrix), dtype=float)


def _with_errors(found: Corrected, pull: Floats, weights: Floats) -> Floats:
    """Return the drift of λ and of the classifier's errors together; these move λ as well."""
    assert found.evaluated is not None
    k = len(pull)
    rows = []
    for place in range(k):
        change = -found.scaled[:, [place]] * found.posterior
        change[:, place] += found.scaled[:, place]
        rows.append(found.evaluated.spread(weights[:, None] * change))
    both = np.vstack([pull @ np.array(rows), np.eye(k * k)])
    drift: Floats = both @ found.evaluated.covariance() @ both.T
    drift[:k, :k] += found.drift
    return drift


def _ratio(probabilities: Floats, weights: Floats, old: Floats, keep: float) -> Floats:
    """Return new over old class frequencies, [k]: those under which messages and kept data are likeliest.

    Newton's steps, none of which moves a frequency by more than half of itself, climb in ten rounds where expectation
    maximisation takes hundreds.
    """
    scaled, share = probabilities / old, old
    for _ in range(ROUNDS):
        weighed = weights / (scaled @ share)
        slope = weighed @ scaled + keep * old / share - (1 + keep)
        bend = (scaled * (weighed**2 / weights)[:, None]).T @ scaled + np.diag(keep * old / share**2)
        step = np.linalg.solve(bend, slope)
        share = share + step * min(1.0, 0.5 / float(np.abs(step / share).max(initial=1e-12)))
        if np.abs(step).max() < CLOSE:
            break
    ratio: Floats = share / old
    return ratio


@dataclass(frozen=True, slots=True)
class Quantity:
    """A mean over people with what each person adds to it [m], and its slope along each head's drift."""

    value: float
    influence: Floats
    slopes: dict[str, Floats]

    def __sub__(self, other: "Quantity") -> "Quantity":
        slopes = {head: self.slopes[head] - other.slopes[head] for head in self.slopes}
        return Quantity(self.value - other.value, self.influence - other.influence, slopes)

    def __truediv__(self, other: "Quantity") -> "Quantity":
        """Return the ratio; nan where there is nothing to divide by, for a share of nothing is no 0."""
        below = other.value if other.value > 0 else nan
        value = self.value / below
        slopes = {head: (self.slopes[head] - value * other.slopes[head]) / below for head in self.slopes}
        return Quantity(value, (self.influence - value * other.influence) / below, slopes)

    def interval(self, heads: dict[str, Corrected], lowest: float, highest: float) -> tuple[float, float, float]:
        """Return the value with its 90 % interval, within what is possible."""
        half = margin(self.error(heads), len(self.influence))
        value = min(max(self.value, lowest), highest)
        return value, max(self.value - half, lowest), min(self.value + half, highest)

    def error(self, heads: dict[str, Corrected]) -> float:
        """Return the standard error: people sampled, and what is not known of the classifier."""
        drift = sum(float(slope @ heads[head].drift @ slope) for head, slope in self.slopes.items())
        return sqrt(self.people_error**2 + drift)

    @property
    def people_error(self) -> float:
        """Return the standard error that comes from the people sampled alone."""
        m = len(self.influence)
        return sqrt(float(self.influence @ self.influence) / max(m * (m - 1), 1))


def quantity(values: Floats, people: People, heads: dict[str, Corrected], slopes: dict[str, Floats]) -> Quantity:
    """Return the mean over people of a message's values [n] whose slopes along each head's drift are given."""
    means = people.means(values)
    influence = (
        means
        - means.mean()
        + sum(heads[head].bend @ slope[: heads[head].bend.shape[1]] for head, slope in slopes.items())
    )
    return Quantity(float(means.mean()), influence, slopes)


def share_of(
    head: str, place: int, people: People, heads: dict[str, Corrected], weights: Floats | None = None
) -> Quantity:
    """Return the corrected share of a class; `weights` [n] of 0 and 1 say which messages count towards it."""
    chosen = np.ones(len(people.owner)) if weights is None else weights
    slopes = {head: heads[head].slope(place, people.weights * chosen)}
    return quantity(heads[head].posterior[:, place] * chosen, people, heads, slopes)


def any_of(classes: dict[str, int], people: People, heads: dict[str, Corrected]) -> Quantity:
    """Return the corrected share of messages in which at least one of the classes, one a head, holds."""
    none = {head: 1 - heads[head].posterior[:, place] for head, place in classes.items()}
    slopes = {}
    for head, place in classes.items():
        others = np.prod([each for name, each in none.items() if name != head], axis=0)
        slopes[head] = heads[head].slope(place, people.weights * others)
    return quantity(1 - np.prod(list(none.values()), axis=0), people, heads, slopes)
