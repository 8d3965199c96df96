"""The released model as a Scorer: torch on the CPU, or a GPU where there is one."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.batches import framed, padded, token_batches
from models.calibration import Calibration, Floats
from models.encoder import PINNED, load_tokenizer, refuse_unless_hash
from models.errors import ModelRefused
from models.segments import segments
from models.signals import HEADS, Signals, Triple

RELEASED = Path(__file__).parent / "released" / "alliance-signals-1"
RELEASED_SHA256 = "c9848b947a492d83ea18988db0a2dca7cd80d88cbcfe34216d3fd0403c9d485b"
"""Hash of the released weights; another file is refused."""

BATCH_TOKENS = 2048


def load(folder: Path | None = None) -> "TransformerScorer":
    """Load the released model, or the one in `folder`. Raises ModelRefused when a hash or file is not as pinned."""
    chosen = folder or RELEASED
    config = _config(chosen)
    if folder is None and config["weights_sha256"] != RELEASED_SHA256:
        raise ModelRefused(f"{chosen.name}: expected the released weights, found others; get the model folder again")
    if config["encoder"]["sha256"] != PINNED:
        raise ModelRefused(f"{chosen.name}: expected the pinned encoder, found a model made for another")
    refuse_unless_hash(chosen / "model.safetensors", config["weights_sha256"])
    return TransformerScorer(chosen, config)


def metrics_of(folder: Path | None = None) -> dict[str, Any]:
    """Return the metrics that were measured before the release: heads -> macro_f1, confusion, ece ...; prior."""
    found: dict[str, Any] = json.loads(((folder or RELEASED) / "metrics.json").read_text(encoding="utf-8"))
    return found


def version_of(folder: Path | None = None) -> str:
    """Return `<name>@<hash>` without loading the weights."""
    chosen = folder or RELEASED
    return f"{chosen.name}@{_config(chosen)['weights_sha256'][:12]}"


def _config(folder: Path) -> dict[str, Any]:
    try:
        config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return config
    except (OSError, ValueError):
        raise ModelRefused(f"{folder.name}: expected a model folder with config.json, found none") from None


class TransformerScorer:
    """Scores texts by one shared encoder with seven heads."""

    def __init__(self, folder: Path, config: dict[str, Any]) -> None:
        import torch
        from safetensors.torch import load_file

        from models.network import SignalNetwork
        from models.packing import unpack

        self.version = f"{folder.name}@{config['weights_sha256'][:12]}"
        sizes = {head: len(values) for head, values in HEADS.items()}
        network = unpack(load_file(folder / "model.safetensors"), SignalNetwork(sizes))
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._network = network.eval().to(self._device)
        self._tokenizer = load_tokenizer()
        self._calibrations = {
            head: Calibration(each["temperature"], tuple(each["bias"]), tuple(each["offset"]))
            for head, each in config["calibration"].items()
        }

    def score(self, texts: Sequence[str]) -> list[Signals]:
        """Score each text, in order; equal texts are scored once.

        Long texts are scored in segments. shares, seeks, commits and social take the segment where they are most
        probable; tone and transparency the segment least neutral; orientation the mean weighted by word pieces.
        """
        distinct = list(dict.fromkeys(texts))
        pieces = segments(self._tokenizer, distinct)
        owners = [owner for owner, parts in enumerate(pieces) for _ in parts]
        flat = [part for parts in pieces for part in parts]
        probabilities = self._probabilities(flat) if flat else {}
        rows: list[list[int]] = [[] for _ in distinct]
        for row, owner in enumerate(owners):
            rows[owner].append(row)
        signals = {
            text: self._combined(probabilities, own, [len(flat[row]) for row in own])
            for text, own in zip(distinct, rows, strict=True)
        }
        return [signals[text] for text in texts]

    def _probabilities(self, flat: Sequence[Sequence[int]]) -> dict[str, Floats]:
        import torch

        framed_pieces = [framed(self._tokenizer, part) for part in flat]
        found = {head: np.zeros((len(flat), len(values))) for head, values in HEADS.items()}
        with torch.inference_mode():
            for batch in token_batches([len(each) for each in framed_pieces], BATCH_TOKENS):
                ids, mask = (torch.from_numpy(each) for each in padded([framed_pieces[row] for row in batch]))
                for head, logits in self._network(ids.to(self._device), mask.to(self._device)).items():
                    found[head][batch] = self._calibrations[head].probabilities(logits.cpu().numpy().astype(float))
        return found

    def _combined(self, probabilities: dict[str, Floats], rows: list[int], sizes: list[int]) -> Signals:
        own = {head: _over_segments(head, values[rows], sizes) for head, values in probabilities.items()}
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
