"""A fine-tuned network as a small file: the change of each matrix as a truncated singular value decomposition.

Embeddings are frozen in training, so they never travel. At rank 96 a network of 90 MB becomes 8 MB. Arrays carry the
names of `SignalNetwork.state_dict()`; everything here is numpy, so that scoring needs no training framework.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.encoder import encoder_folder

UNUSED = ("position_ids", "pooler.dense.weight", "pooler.dense.bias")
"""Endings of the base encoder's tensors that a SignalNetwork does not have."""

Arrays = Mapping[str, NDArray[Any]]

RANK = 96
"""Singular values kept a matrix."""


def base_arrays() -> dict[str, NDArray[Any]]:
    """Return the base encoder's weights in 32 bits, by the names that they have inside a SignalNetwork."""
    from safetensors.numpy import load_file

    tensors = load_file(encoder_folder() / "model.safetensors")
    return {f"encoder.{name}": value for name, value in tensors.items() if not name.endswith(UNUSED)}


def pack(tuned: Arrays, base: Arrays, rank: int = RANK) -> dict[str, NDArray[Any]]:
    """Return what must be added to `base` to get `tuned`: factors for matrices, the change itself for vectors.

    Heads travel as they are; what did not change does not travel.
    """
    packed: dict[str, NDArray[Any]] = {}
    for name, value in tuned.items():
        if name not in base:
            packed[name] = value
        elif not np.array_equal(value, base[name]):
            packed |= _factors(name, value - base[name], rank)
    return packed


def _factors(name: str, change: NDArray[Any], rank: int) -> dict[str, NDArray[Any]]:
    """The largest singular directions by the eigenvectors of the smaller Gram matrix, faster than a full SVD."""
    if change.ndim != 2:
        return {name: change}
    wide = change if change.shape[0] <= change.shape[1] else change.T
    squares, directions = np.linalg.eigh(wide.astype(np.float64) @ wide.T)
    root = np.maximum(squares[::-1][:rank], 1e-12) ** 0.25
    left, right = directions[:, ::-1][:, :rank] * root, directions[:, ::-1][:, :rank].T @ wide / root[:, None]
    if wide is not change:
        left, right = right.T, left.T
    return {f"{name}.left": left.astype(np.float16), f"{name}.right": right.astype(np.float16)}


def unpack(packed: Arrays, base: Arrays) -> dict[str, NDArray[Any]]:
    """Return `base` with the packed changes added. Raises KeyError for a factor whose other half is missing."""
    merged = dict(base)
    for name, value in packed.items():
        if name.endswith(".left"):
            whole = name.removesuffix(".left")
            merged[whole] = base[whole] + value.astype(np.float32) @ packed[f"{whole}.right"].astype(np.float32)
        elif not name.endswith(".right"):
            merged[name] = base[name] + value if name in base else value
    return merged


def merged_arrays(folder: Path) -> dict[str, NDArray[Any]]:
    """Return the weights of the model in `folder`, ready to use."""
    from safetensors.numpy import load_file

    return unpack(load_file(folder / "model.safetensors"), base_arrays())
