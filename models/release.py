"""From a trained network to a model folder: packed weights, calibration, metrics, hashes and card."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file

from models.baselines import words
from models.batches import padded, token_batches
from models.calibration import Floats, Ints, cross_fitted, fit
from models.card import card
from models.corpus import Example, bucket
from models.encoder import PINNED, file_hash
from models.evaluation import by_part, evaluate, length_part, metrics, reliability
from models.network import SIZES, network_of
from models.packing import Arrays, base_arrays, pack, unpack
from models.phrases import Phrases
from models.probes import fairness, hard_cases, invariance, negative_control
from models.reliability_plot import reliability_plot
from models.scorer import load
from models.signals import HEADS
from models.training import prepare


def logits_of(weights: Arrays, examples: Sequence[Example]) -> dict[str, Floats]:
    """Return head -> logits [examples, values] of encoder and phrases together."""
    network, pieces = network_of(weights), prepare(examples).pieces
    edges = np.cumsum(list(SIZES.values()))[:-1]
    found = dict(zip(SIZES, np.split(Phrases.of(weights).logits(pieces), edges, axis=1), strict=True))
    with torch.no_grad():
        for rows in token_batches([len(piece) for piece in pieces], 2048):
            ids, mask = map(torch.from_numpy, padded([pieces[row] for row in rows]))
            for head, logits in network(ids, mask).items():
                found[head][rows] += logits.numpy()
    return found


def release(
    measured: Arrays,
    training: Sequence[Example],
    held_out: Sequence[Example],
    final: Arrays,
    folder: Path,
    about: Mapping[str, Any],
) -> dict[str, Any]:
    """Write a model folder with its card and return its metrics.

    `measured` learned from `training` and never saw `held_out`: its packed form gives calibration, thresholds and
    metrics (cross-fitted over five folds). `final` is what is released: the same after it also learned from those.
    `about` (recipe, data statement) goes into config.json as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    base = base_arrays()
    logits = logits_of(unpack(pack(measured, base), base), held_out)
    found = measurements(logits, training, held_out)
    save_file(pack(final, base), folder / "model.safetensors")
    _write(
        folder / "config.json",
        {
            "architecture": "SignalNetwork",
            "encoder": {"name": "all-MiniLM-L6-v2", "sha256": PINNED},
            "weights_sha256": file_hash(folder / "model.safetensors"),
            "calibration": {head: asdict(fit(logits[head], _truth(held_out, head))) for head in HEADS},
            **about,
        },
    )
    finish(folder, found)
    return found


def measurements(
    logits: Mapping[str, Floats], training: Sequence[Example], held_out: Sequence[Example]
) -> dict[str, Any]:
    """Return everything that is measured on held-out examples, for metrics.json."""
    folds = [bucket(example.group) % 5 for example in held_out]
    truth = {head: _truth(held_out, head) for head in HEADS}
    fitted = {head: cross_fitted(logits[head], truth[head], folds) for head in HEADS}
    probabilities = {head: each[0] for head, each in fitted.items()}
    decided = {head: each[1] for head, each in fitted.items()}
    heads = {head: metrics(*fitted[head], truth[head]) for head in HEADS}
    sources, lengths = [e.source for e in held_out], [length_part(e.text) for e in held_out]
    by_words = evaluate(held_out, words(training, held_out))
    return {
        "heads": heads,
        "prior": {head: [sum(row) for row in each["confusion"]] for head, each in heads.items()},
        "by_source": by_part(sources, probabilities, decided, truth),
        "by_length": by_part(lengths, probabilities, decided, truth),
        "reliability": {head: reliability(probabilities[head], truth[head]) for head in HEADS},
        "words": {head: each["macro_f1"] for head, each in by_words.items()},
        "examples": {"training": len(training), "held_out": len(held_out)},
    }


def finish(folder: Path, found: dict[str, Any]) -> None:
    """Probe the released form, then write metrics.json and the card."""
    _write(folder / "metrics.json", found)
    scorer = load(folder)
    found |= {"invariance": invariance(scorer), "fairness": fairness(scorer), "hard": hard_cases(scorer)}
    found["control"] = negative_control(scorer)
    _write(folder / "metrics.json", found)
    (folder / "reliability.svg").write_text(reliability_plot(found["reliability"]), encoding="utf-8")
    (folder / "README.md").write_text(card(folder), encoding="utf-8")


def _truth(examples: Sequence[Example], head: str) -> Ints:
    return np.array([example.labels[head] for example in examples])


def _write(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
