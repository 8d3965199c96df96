"""A classifier of known faults: it decides by the confusion that the released model was measured to have.

Its probabilities are those that such a decision is worth under the frequencies of the evaluation, so it is calibrated
there and nowhere else, as a real one is.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import metrics_of
from simulation.latent import Floats

HEADS: dict[str, tuple[int, tuple[str | None, ...]]] = {
    "tone": (-1, ("tone_negative", "tone_neutral", "tone_positive")),
    "transparency": (-1, ("transparency_closed", "transparency_none", "transparency_open")),
    "orientation": (0, ("transactional", "operational", "strategic")),
    **{name: (0, (None, name)) for name in ("shares", "seeks", "commits", "social")},
}
"""Head -> its lowest value, and the columns of a part that its classes fill."""


def evaluated() -> dict[str, Floats]:
    """Return head -> the confusion counts of the released model: rows the truth, columns its decisions."""
    return {head: np.array(found["confusion"], dtype=float) for head, found in metrics_of()["heads"].items()}


class Classifier:
    """Decides labels with errors. `counts` is what its evaluation saw, and all that the program knows of it.

    With `doubt` its true errors are drawn from what those counts leave open (Dirichlet); else they are the counts.
    """

    def __init__(self, counts: dict[str, Floats], rng: np.random.Generator, *, doubt: bool) -> None:
        self.confusions = {head: table.tolist() for head, table in counts.items()}
        self.priors = {head: table.sum(1).tolist() for head, table in counts.items()}
        self._worth = {head: _worth(table) for head, table in counts.items()}
        self._errors = {head: _errors(table, rng, doubt) for head, table in counts.items()}
        self._rng = rng

    def columns(self, labels: dict[str, NDArray[np.int64]]) -> dict[str, list[Any]]:
        """Return the columns of a part for true classes [n] of each head, counted from 0."""
        found: dict[str, list[Any]] = {}
        for head, own in labels.items():
            lowest, names = HEADS[head]
            decided = _drawn(self._rng, self._errors[head][own])
            said = self._worth[head][:, decided]
            found.update({name: said[place].tolist() for place, name in enumerate(names) if name})
            found[f"says_{head}"] = (decided + lowest).tolist()
        return found


def _worth(counts: Floats) -> Floats:
    """Return P(truth | decision), [truth, decision]."""
    smooth = counts + 0.5
    worth: Floats = smooth / smooth.sum(0)
    return worth


def _errors(counts: Floats, rng: np.random.Generator, doubt: bool) -> Floats:
    """Return P(decision | truth), [truth, decision]."""
    rows = [rng.dirichlet(row) if doubt else row / row.sum() for row in counts + 0.5]
    return np.array(rows)


def _drawn(rng: np.random.Generator, chances: Floats) -> NDArray[np.int64]:
    """Return one class for each row of chances [n, k]."""
    drawn: NDArray[np.int64] = (rng.random(len(chances))[:, None] > chances.cumsum(1)[:, :-1]).sum(1)
    return drawn
