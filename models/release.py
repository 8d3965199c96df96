"""From a trained network to a model folder: packed weights, calibration, metrics, hashes and card."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file

from models.batches import padded, token_batches
from models.calibration import Floats, cross_fitted, fit
from models.corpus import Example, text_print
from models.encoder import PINNED, file_hash
from models.evaluation import metrics
from models.network import SIZES, SignalNetwork, arrays_of, network_of
from models.packing import base_arrays, pack, unpack
from models.signals import HEADS
from models.training import prepare


def logits_of(network: SignalNetwork, examples: Sequence[Example]) -> dict[str, Floats]:
    """Return head -> logits [examples, values]."""
    pieces = prepare(examples).pieces
    found = {head: np.zeros((len(pieces), size)) for head, size in SIZES.items()}
    with torch.no_grad():
        for rows in token_batches([len(piece) for piece in pieces], 2048):
            ids, mask = map(torch.from_numpy, padded([pieces[row] for row in rows]))
            for head, logits in network(ids, mask).items():
                found[head][rows] = logits.numpy()
    return found


def release(
    measured: SignalNetwork, held_out: Sequence[Example], final: SignalNetwork, folder: Path, recipe: Mapping[str, Any]
) -> dict[str, Any]:
    """Write a model folder and return its metrics.

    `measured` never saw `held_out`: its packed form gives calibration, thresholds and metrics (cross-fitted over five
    folds). `final` is what is released: the same recipe, trained on everything.
    """
    folder.mkdir(parents=True, exist_ok=True)
    base = base_arrays()
    logits = logits_of(network_of(unpack(pack(arrays_of(measured), base), base)), held_out)
    folds = [int(text_print(example.group)[:6], 16) % 5 for example in held_out]
    heads, calibrations = {}, {}
    for head in HEADS:
        truth = np.array([example.labels[head] for example in held_out])
        heads[head] = metrics(*cross_fitted(logits[head], truth, folds), truth)
        calibrations[head] = asdict(fit(logits[head], truth))
    save_file(pack(arrays_of(final), base), folder / "model.safetensors")
    found = {"heads": heads, "prior": {h: [sum(row) for row in m["confusion"]] for h, m in heads.items()}}
    _write(folder / "metrics.json", found)
    _write(
        folder / "config.json",
        {
            "architecture": "SignalNetwork",
            "encoder": {"name": "all-MiniLM-L6-v2", "sha256": PINNED},
            "weights_sha256": file_hash(folder / "model.safetensors"),
            "calibration": calibrations,
            "recipe": dict(recipe),
        },
    )
    return found


def _write(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
