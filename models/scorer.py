"""A model folder as a Scorer: texts to segments, segments to logits, logits to what the codebook says."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.batches import even_batches, framed, padded
from models.calibration import Calibration, Floats
from models.encoder import load_tokenizer
from models.engine import engine
from models.folder import trusted, version_of
from models.packing import merged_arrays
from models.phrases import Phrases
from models.segments import segments
from models.signals import HEADS, Signals, Triple


def load(folder: Path | None = None, kind: str | None = None) -> "TransformerScorer":
    """Load the released model, or the one in `folder`. Raises ModelRefused when a hash or file is not as pinned.

    `kind` forces an engine ("int8", "fp32", "gpu"); None takes the fastest that the machine runs exactly.
    """
    chosen, config = trusted(folder)
    return TransformerScorer(chosen, config["calibration"], kind)


class TransformerScorer:
    """Scores texts by one shared encoder with seven heads, and by single wordings beside it."""

    def __init__(self, folder: Path, calibration: Mapping[str, Mapping[str, Any]], kind: str | None) -> None:
        self.version = version_of(folder)
        weights = merged_arrays(folder)
        self.engine = engine(weights, kind)
        self._phrases = Phrases.of(weights)
        self._tokenizer = load_tokenizer()
        self._calibrations = {
            head: Calibration(each["temperature"], tuple(each["bias"]), tuple(each["offset"]))
            for head, each in calibration.items()
        }

    def score(self, texts: Sequence[str]) -> list[Signals]:
        """Score each text, in order; equal texts are scored once.

        Long texts are scored in segments. shares, seeks, commits and social take the segment where they are most
        probable; tone and transparency the segment least neutral; orientation the mean weighted by word pieces.
        """
        distinct = list(dict.fromkeys(texts))
        parts = segments(self._tokenizer, distinct)
        flat = [part for own in parts for part in own]
        probabilities = self._probabilities(flat)
        signals, start = {}, 0
        for text, own in zip(distinct, parts, strict=True):
            rows = {head: values[start : start + len(own)] for head, values in probabilities.items()}
            signals[text] = self._combined(rows, [len(part) for part in own])
            start += len(own)
        return [signals[text] for text in texts]

    def logits(self, flat: Sequence[Sequence[int]]) -> Floats:
        """Return the logits [segments, values of all heads] of segments of word pieces."""
        sequences = [framed(self._tokenizer, part) for part in flat]
        found = self._phrases.logits(sequences)
        for rows, width in even_batches([len(each) for each in sequences], self.engine.batch_tokens):
            found[rows] += self.engine.logits(*padded([sequences[row] for row in rows], width))
        return found

    def _probabilities(self, flat: Sequence[Sequence[int]]) -> dict[str, Floats]:
        found, start, logits = {}, 0, self.logits(flat)
        for head, values in HEADS.items():
            found[head] = self._calibrations[head].probabilities(logits[:, start : start + len(values)])
            start += len(values)
        return found

    def _combined(self, probabilities: Mapping[str, Floats], sizes: list[int]) -> Signals:
        own = {head: _over_segments(head, values, sizes) for head, values in probabilities.items()}
        labels = {
            head: HEADS[head][int(self._calibrations[head].decisions(each[None, :])[0])] for head, each in own.items()
        }
        single = {head: float(own[head][1]) for head in ("shares", "seeks", "commits", "social")}
        triple = {head: _triple(own[head]) for head in ("tone", "transparency", "orientation")}
        return Signals(tokens=sum(sizes), labels=labels, **single, **triple)  # type: ignore[arg-type]


def _over_segments(head: str, values: Floats, sizes: list[int]) -> Floats:
    chosen: Floats
    if head == "orientation":
        chosen = np.average(values, axis=0, weights=np.maximum(sizes, 1))
    elif values.shape[1] == 2:
        chosen = values[values[:, 1].argmax()]
    else:
        chosen = values[values[:, 1].argmin()]
    return chosen


def _triple(values: Floats) -> Triple:
    return float(values[0]), float(values[1]), float(values[2])
