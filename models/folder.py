"""A model folder: config.json, metrics.json and safetensors whose hash is pinned. Reads no weights."""

import json
from pathlib import Path
from typing import Any

from models.encoder import PINNED, refuse_unless_hash
from models.errors import ModelRefused

RELEASED = Path(__file__).parent / "released" / "alliance-signals-2"
RELEASED_SHA256 = "319195626c654b171426de72dbfce01ebd118db8421c072974b90276fae70713"
"""Hash of the released weights; another file is refused."""

PICKLED = {".bin", ".pt", ".pth", ".ckpt", ".pkl"}
"""Endings of weight files that run code when they are read; a folder that holds one is refused."""


def trusted(folder: Path | None = None) -> tuple[Path, dict[str, Any]]:
    """Return (folder, config) after checking every hash; None is the released model. Raises ModelRefused."""
    chosen = folder or RELEASED
    config = config_of(chosen)
    if pickled := sorted(file.name for file in chosen.iterdir() if file.suffix in PICKLED):
        raise ModelRefused(
            f"{chosen.name}: expected safetensors only, found {pickled[0]}; remove it if it is not needed"
        )
    if folder is None and config["weights_sha256"] != RELEASED_SHA256:
        raise ModelRefused(f"{chosen.name}: expected the released weights, found others; get the model folder again")
    if config["encoder"]["sha256"] != PINNED:
        raise ModelRefused(f"{chosen.name}: expected the pinned encoder, found a model made for another")
    refuse_unless_hash(chosen / "model.safetensors", config["weights_sha256"])
    return chosen, config


def config_of(folder: Path) -> dict[str, Any]:
    """Return config.json. Raises ModelRefused when it is missing or lacks a pinned hash."""
    config = _read(folder, "config.json")
    missing = [key for key in ("weights_sha256", "encoder", "calibration") if key not in config]
    if missing:
        raise ModelRefused(f"{folder.name}: expected {missing[0]!r} in config.json, found none; train it again")
    return config


def metrics_of(folder: Path | None = None) -> dict[str, Any]:
    """Return what was measured before the release: heads -> macro_f1, confusion, ece; prior. Raises ModelRefused."""
    return _read(folder or RELEASED, "metrics.json")


def version_of(folder: Path | None = None) -> str:
    """Return `<name>@<first 12 digits of the hash>` without loading the weights. Raises ModelRefused."""
    chosen = folder or RELEASED
    return f"{chosen.name}@{config_of(chosen)['weights_sha256'][:12]}"


def _read(folder: Path, name: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError):
        raise ModelRefused(
            f"{folder.name}: expected a model folder with {name}, found none; get or train it again"
        ) from None
