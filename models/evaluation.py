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
