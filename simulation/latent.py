"""What the worlds are made of: hidden states that wander, and answers and signals that show them imperfectly."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]

ANSWER_SD = 0.8
"""Spread of people's answers about their side's state, in points of the scale 1 to 5."""

STATE_SD = 0.42
"""Spread of states over alliances and months, to which a signal's correlation refers."""

USUAL = 3.6
"""Where states lie on the scale 1 to 5 on average."""


def generator(seed: int, *path: int) -> np.random.Generator:
    """Return a stream of random numbers of its own for each path, so that a world is the same wherever it is run."""
    return np.random.default_rng([seed, *path])


def wander(rng: np.random.Generator, shape: tuple[int, ...], sd: float, memory: float) -> Floats:
    """Return stationary AR(1) paths along the last axis: spread `sd`, correlation `memory` from step to step."""
    steps = rng.normal(0, sd, shape)
    steps[..., 1:] *= np.sqrt(1 - memory**2)
    for place in range(1, shape[-1]):
        steps[..., place] += memory * steps[..., place - 1]
    return steps


def expected(state: Floats, top: int = 5) -> Floats:
    """Return the mean answer of endlessly many people whose side stands at `state`, on whole points from 1 to top."""
    cuts = np.arange(1, top) + 0.5
    mean: Floats = 1 + ndtr((state[..., None] - cuts) / _spread(top)).sum(-1)
    return mean


def answers(rng: np.random.Generator, state: Floats, n: int, top: int = 5) -> Floats:
    """Return n whole answers to each state, [..., n]."""
    said: Floats = np.clip(np.round(rng.normal(state[..., None], _spread(top), (*state.shape, n))), 1, top)
    return said


def _spread(top: int) -> float:
    return ANSWER_SD * (top - 1) / 4


def signals(rng: np.random.Generator, state: Floats, informative: float, level: float = 0.0) -> Floats:
    """Return a signal of states [alliances, ..., waves] that correlates with them by `informative` (0..1).

    `level` is the spread of what an alliance always adds to its signal, in sd of the signal: habits of wording.
    """
    noise = rng.normal(size=state.shape)
    own = level * rng.normal(size=(state.shape[0], *[1] * (state.ndim - 1)))
    told: Floats = informative * (state - USUAL) / STATE_SD + np.sqrt(1 - informative**2) * noise + own
    return told
