"""What a program's own labels say of its corrected rates: prediction-powered inference (PPI).

Angelopoulos, Bates, Fannjiang, Jordan & Zrnic (2023), Science 382: the mean of what a model says of all messages, plus
the mean of truth minus model over a few labelled ones (the rectifier), is right whatever the model's faults. Months
have too few labels for a rectifier each, so that one is taken over all labels of an alliance, of corrected
probabilities, each under the correction of its own month. It is added with the weight at which the error is least, as
in the tuning of PPI++ (Angelopoulos, Duchi & Zrnic 2023): what the correction admits not to know, against the spread
of the labelled differences. Few labels therefore change little, and an interval becomes wider only where they say that
the classifier errs otherwise here than where it was evaluated.

What holds for one month and not for the others is not learned from labels of all: how far the kept frequencies hold
back this month more than the labelled ones stays in the interval.
"""

from dataclasses import dataclass

import numpy as np

from warehouse.correction import Corrected, Floats, Ints, People

LEAST = 20
"""Labels that a rectifier needs; the spread of fewer is not to be trusted."""

ROUNDS, CLOSE = 100, 1e-9
LEAST_VARIANCE = 1e-12
"""Below it a share does not vary but for rounding."""


@dataclass(frozen=True, slots=True)
class Rectifier:
    """Truth minus model of one head, [k], its covariance [k, k], and how far the labelled were held back, [k]."""

    difference: Floats
    covariance: Floats
    held: Floats


def rectifier(truth: Ints, posterior: Floats, held: Floats, weights: Floats) -> Rectifier | None:
    """Return the rectifier of n labelled messages: classes [n], corrected probabilities [n, k], weights [n].

    `held` [n, k] is by how much each one's month may be held back. A message weighs what its person's messages weigh
    in a mean over persons, over the chance that it had to be drawn (Hájek). None for fewer than LEAST labels.
    """
    if len(truth) < LEAST:
        return None
    share = weights / weights.sum()
    differences = np.eye(posterior.shape[1])[truth] - posterior
    mean: Floats = share @ differences
    off = (differences - mean) * share[:, None]
    seen = off.T @ off * len(truth) / (len(truth) - 1)
    expected = (share**2) @ (posterior * (1 - posterior))
    # where no label of a rare class was drawn, the labels vary less than the model itself says they would
    return Rectifier(mean, seen + np.diag(np.maximum(expected - np.diag(seen), 0)), share @ held)


def held_back(found: Corrected, people: People) -> Floats:
    """Return by how much the kept frequencies may hold each share back, [k]."""
    k = len(found.held)
    shares: Floats = _slopes(found, people)[:, :k] @ found.held
    return shares


def rectified(found: Corrected, people: People, by: Rectifier) -> Corrected:
    """Return the correction moved to what the labels say, as far as they know better; `drift` is what is left open.

    λ is counted from the moved probabilities on, so that it is 1.
    """
    k, weights = len(found.held), people.weights
    slopes, held = _slopes(found, people), held_back(found, people)
    common = slopes @ found.drift @ slopes.T - np.outer(held, held) + np.outer(by.held, by.held)
    common = common + _contradicted(by, common) * np.outer(by.difference, by.difference)
    gain = common @ _inverse(common + by.covariance)
    left = common - gain @ common + np.outer(held - by.held, held - by.held)
    posterior = _moved(found.posterior, weights, weights @ found.posterior + gain @ by.difference)
    share = weights @ posterior
    back = _inverse(np.diag(share) - (posterior * weights[:, None]).T @ posterior)
    back = (np.eye(k) - np.outer(np.ones(k), share)) @ back
    influence = _around(people.means(found.posterior)) + found.bend @ slopes[:, :k].T
    bend = (influence - _around(people.means(posterior))) @ back.T
    return Corrected(posterior, posterior, bend, back @ left @ back.T, np.zeros(k))


def _contradicted(by: Rectifier, common: Floats) -> float:
    """Return how much of the difference, 0 to 1, is more than the correction's doubt and the labels' spread explain.

    The classifier errs otherwise on this program's text than on what it was evaluated with; the excess is its measure
    (as DerSimonian & Laird 1986 take it from Cochran's Q, on k − 1 degrees of freedom).
    """
    q = float(by.difference @ _inverse(common + by.covariance) @ by.difference)
    return max(0.0, 1 - (len(common) - 1) / q) if q > 0 else 0.0


def _inverse(matrix: Floats) -> Floats:
    """Return the pseudo-inverse of a covariance: directions in which nothing varies are left out."""
    sizes, ways = np.linalg.eigh((matrix + matrix.T) / 2)
    inverse: Floats = (ways * np.divide(1, sizes, out=np.zeros_like(sizes), where=sizes > LEAST_VARIANCE)) @ ways.T
    return inverse


def _slopes(found: Corrected, people: People) -> Floats:
    """Return the slopes of all shares along what is not known of the classifier, [k, q]."""
    return np.array([found.slope(place, people.weights) for place in range(len(found.held))])


def _around(means: Floats) -> Floats:
    centred: Floats = means - means.mean(0)
    return centred


def _moved(posterior: Floats, weights: Floats, wanted: Floats) -> Floats:
    """Return the probabilities reweighted by class so that their mean is the wanted one (iterative scaling).

    A class that no message may have at all stays without any.
    """
    possible = posterior.max(0) > 0
    wanted = np.where(possible, np.clip(wanted, weights.min() / 100, 1), 0)
    wanted = wanted / wanted.sum()
    for _ in range(ROUNDS):
        share = weights @ posterior
        if np.abs(share - wanted).max() < CLOSE:
            break
        posterior = posterior * np.divide(wanted, share, out=np.zeros_like(share), where=possible)
        posterior = posterior / posterior.sum(1, keepdims=True)
    return posterior
