"""What a scorer says of one message: calibrated probabilities of the codebook's seven labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

HEADS: dict[str, tuple[int, ...]] = {
    "tone": (-1, 0, 1),
    "transparency": (-1, 0, 1),
    "shares": (0, 1),
    "seeks": (0, 1),
    "commits": (0, 1),
    "social": (0, 1),
    "orientation": (0, 1, 2),
}
"""Head -> its values, in the order of its probabilities."""

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Signals:
    """One message's probabilities, each 0..1; the triples add up to 1.

    `labels` are the decisions, made with the thresholds of the model that scored; they need not be the most
    probable value, because rare values are decided where they balance precision and recall.
    `tokens` counts word pieces of the text, segments summed, special tokens left out.
    """

    tone: Triple
    transparency: Triple
    shares: float
    seeks: float
    commits: float
    social: float
    orientation: Triple
    tokens: int
    labels: dict[str, int]

    def probabilities(self) -> dict[str, list[float]]:
        """Return head -> probabilities in the order of `HEADS`."""
        return {head: _distribution(getattr(self, head)) for head in HEADS}


def _distribution(value: float | Triple) -> list[float]:
    return list(value) if isinstance(value, tuple) else [1.0 - value, value]


class Scorer(Protocol):
    """Anything that scores texts. Text in, numbers out; no mail, no people."""

    version: str
    """`<name>@<first 12 hex digits of the model's hash>`: what makes two scores comparable."""

    def score(self, texts: Sequence[str]) -> list[Signals]:
        """Score each text, in order. The result does not depend on which texts share a batch (within 1e-4)."""
        ...
