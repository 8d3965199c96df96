"""How well a head does: per value, per head, and how far its probabilities can be believed."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.calibration import Floats, Ints, brier, confusion, expected_calibration_error, f1_by_value
from models.corpus import Example
from models.signals import HEADS, Signals


def metrics(probabilities: Floats, decided: Ints, truth: Ints) -> dict[str, Any]:
    """Return macro_f1, f1 by value, confusion counts [true][decided], ece and brier of one head."""
    counts = confusion(truth, decided, probabilities.shape[1])
    return {
        "macro_f1": round(float(f1_by_value(counts).mean()), 4),
        "f1": [round(float(each), 4) for each in f1_by_value(counts)],
        "ece": round(expected_calibration_error(probabilities, truth), 4),
        "brier": round(brier(probabilities, truth), 4),
        "messages": len(truth),
        "confusion": counts.tolist(),
    }


LENGTHS = (("0 to 25 words", 25), ("26 to 100 words", 100), ("over 100 words", 10**9))


def by_part(
    parts: Sequence[str], probabilities: Mapping[str, Floats], decided: Mapping[str, Ints], truth: Mapping[str, Ints]
) -> dict[str, dict[str, Any]]:
    """Return part -> {"messages": n, head: macro-F1 over the values that occur in the part}; parts name rows."""
    found: dict[str, dict[str, Any]] = {}
    for part in sorted(set(parts)):
        rows = [row for row, each in enumerate(parts) if each == part]
        found[part] = {"messages": len(rows)}
        for head, p in probabilities.items():
            counts = confusion(truth[head][rows], decided[head][rows], p.shape[1])
            found[part][head] = round(float(f1_by_value(counts)[counts.sum(1) > 0].mean()), 4)
    return found


def length_part(text: str) -> str:
    """Return which of LENGTHS a text falls in, by words."""
    words = len(text.split())
    return next(name for name, most in LENGTHS if words <= most)


def reliability(probabilities: Floats, truth: Ints, bins: int = 10) -> list[list[float]]:
    """Return [confidence, share right, messages] of each equal-width bin of confidence that holds any."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == truth
    where = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        [
            round(float(confidence[where == b].mean()), 3),
            round(float(right[where == b].mean()), 3),
            int((where == b).sum()),
        ]
        for b in sorted(set(where))
    ]


def evaluate(examples: Sequence[Example], scored: Sequence[Signals]) -> dict[str, dict[str, Any]]:
    """Return head -> metrics of scores against labels, in the same order."""
    found = {}
    for head, values in HEADS.items():
        probabilities = np.array([signals.probabilities()[head] for signals in scored])
        decided = np.array([values.index(signals.labels[head]) for signals in scored])
        found[head] = metrics(probabilities, decided, np.array([example.labels[head] for example in examples]))
    return found


def summary(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a small table of head, macro-F1, ECE and Brier."""
    lines = [f"{'signal':14} {'macro-F1':>8} {'ECE':>7} {'Brier':>7}  F1 by value"]
    for head, each in found.items():
        by_value = "  ".join(f"{v}: {f:.2f}" for v, f in zip(HEADS[head], each["f1"], strict=True))
        lines.append(f"{head:14} {each['macro_f1']:8.3f} {each['ece']:7.3f} {each['brier']:7.3f}  {by_value}")
    return "\n".join(lines)
