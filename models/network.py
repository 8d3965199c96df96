"""One shared encoder, one linear head a label: the shape that is trained and the shape that scores."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from models.encoder import WIDTH, load_encoder
from models.packing import Arrays
from models.signals import HEADS

SIZES = {head: len(values) for head, values in HEADS.items()}
"""Head of the codebook -> number of its values."""


class SignalNetwork(nn.Module):  # type: ignore[misc]
    """Token ids [batch, length] and mask [batch, length] -> per head the logits [batch, values].

    Features are mean and maximum of the last layer over the tokens of the mask: the mean says what a text is
    about, the maximum keeps one clear sentence in a long message.
    """

    def __init__(self, sizes: Mapping[str, int], dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = load_encoder()
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleDict({head: nn.Linear(2 * WIDTH, size) for head, size in sizes.items()})

    def forward(self, ids: Tensor, mask: Tensor) -> dict[str, Tensor]:
        """Return head -> logits."""
        features = self.dropout(self.features(ids, mask))
        return {head: layer(features) for head, layer in self.heads.items()}

    def features(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return [batch, 768]: mean and maximum over the real tokens."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        real = mask.unsqueeze(-1).bool()
        mean = hidden.masked_fill(~real, 0.0).sum(1) / real.sum(1).clamp(min=1)
        return torch.cat([mean, hidden.masked_fill(~real, -1e4).amax(1)], dim=1)


def arrays_of(network: SignalNetwork) -> dict[str, Any]:
    """Return the network's weights as numpy arrays by name."""
    return {name: value.detach().cpu().numpy() for name, value in network.state_dict().items()}


def network_of(weights: Arrays) -> SignalNetwork:
    """Return a network of the codebook's heads with these weights, in evaluation mode; other arrays are left aside."""
    network = SignalNetwork(SIZES)
    network.load_state_dict({name: torch.from_numpy(weights[name]) for name in network.state_dict()})
    network.eval()
    return network
