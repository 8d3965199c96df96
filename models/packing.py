"""A fine-tuned network as a small file: the change of each matrix as a truncated singular value decomposition.

Embeddings are frozen in training, so they never travel. At rank 96 a network of 90 MB becomes 8 MB.
"""

import torch
from torch import Tensor

from models.network import SignalNetwork

RANK = 96
"""Singular values kept a matrix."""


def pack(network: SignalNetwork, base: SignalNetwork, rank: int = RANK) -> dict[str, Tensor]:
    """Return what must be added to `base` to get `network`: factors for matrices, 16-bit values for the rest."""
    tensors: dict[str, Tensor] = {}
    start = base.state_dict()
    for name, value in network.state_dict().items():
        if name.startswith("heads."):
            tensors[name] = value.contiguous()
        elif not torch.equal(value, start[name]):
            tensors |= _packed(name, value - start[name], rank)
    return tensors


def _packed(name: str, change: Tensor, rank: int) -> dict[str, Tensor]:
    if change.dim() != 2:
        return {name: change.contiguous()}
    left, sizes, right = torch.linalg.svd(change.float(), full_matrices=False)
    root = sizes[:rank].sqrt()
    return {
        f"{name}.left": (left[:, :rank] * root).half().contiguous(),
        f"{name}.right": (root[:, None] * right[:rank]).half().contiguous(),
    }


def unpack(tensors: dict[str, Tensor], base: SignalNetwork) -> SignalNetwork:
    """Add packed changes to `base` in place and return it; raises KeyError for a tensor that `base` does not have."""
    state = base.state_dict()
    with torch.no_grad():
        for name, value in tensors.items():
            if name.endswith(".left"):
                state[name.removesuffix(".left")] += value.float() @ tensors[name[:-5] + ".right"].float()
            elif name.startswith("heads."):
                state[name].copy_(value)
            elif not name.endswith(".right"):
                state[name] += value
    return base
