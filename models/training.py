"""Fine-tuning: related sets first, then the codebook; the same seed gives the same model on the same machine."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from models.batches import framed, padded, token_batches, tokenised
from models.corpus import Example
from models.encoder import MAX_TOKENS, load_tokenizer
from models.network import SignalNetwork
from models.signals import HEADS

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the training does. Rates are peak learning rates; `layer_decay` scales them per layer from the top.

    `balance` is the power of the inverse class frequency in the loss (0: none, 1: fully balanced).
    """

    seed: int = 7
    epochs: int = 5
    related_epochs: int = 1
    batch_tokens: int = 2048
    encoder_rate: float = 1.2e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.9
    balance: float = 0.4
    smoothing: float = 0.05
    dropout: float = 0.1
    low_precision: bool = True
    head_weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Tokenised examples: pieces with special tokens, and their labels by head."""

    pieces: list[list[int]]
    labels: list[Mapping[str, int]]


def prepare(examples: Sequence[Example]) -> Prepared:
    """Tokenise; a long text keeps its first and its last words, where requests and commitments stand."""
    tokenizer = load_tokenizer()
    room = MAX_TOKENS - 2
    pieces = [
        framed(tokenizer, ids if len(ids) <= room else ids[: room - 64] + ids[-64:])
        for ids in tokenised(tokenizer, [example.text for example in examples])
    ]
    return Prepared(pieces, [example.labels for example in examples])


def train(
    codebook: Sequence[Example],
    related: Mapping[str, tuple[Sequence[Example], int]],
    recipe: Recipe,
    report: Report = lambda line: None,
) -> SignalNetwork:
    """Return the fine-tuned network with the codebook's heads only.

    `related` maps a head to (examples, number of classes); these heads share the encoder in the first stage and
    are dropped afterwards. The first stage also sees the codebook, so that no related set pulls the encoder away.
    """
    _seed(recipe.seed)
    sizes = {head: len(values) for head, values in HEADS.items()} | {h: n for h, (_, n) in related.items()}
    network = SignalNetwork(sizes, recipe.dropout)
    network.encoder.embeddings.requires_grad_(False)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network.to(device)
    own = prepare(codebook)
    if related and recipe.related_epochs:
        lent = prepare([example for examples, _ in related.values() for example in examples])
        both = Prepared(own.pieces + lent.pieces, [*own.labels, *lent.labels])
        _stage(network, both, sizes, recipe, recipe.related_epochs, report, "related")
    for head in related:
        del network.heads[head]
    _stage(network, own, {h: sizes[h] for h in HEADS}, recipe, recipe.epochs, report, "codebook")
    network.to("cpu").eval()
    return network


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def _stage(
    network: SignalNetwork,
    data: Prepared,
    sizes: Mapping[str, int],
    recipe: Recipe,
    epochs: int,
    report: Report,
    name: str,
) -> None:
    losses = {head: _loss(data.labels, head, size, recipe) for head, size in sizes.items()}
    optimizer = torch.optim.AdamW(_parameter_groups(network, recipe), weight_decay=0.01)
    steps = epochs * len(_epoch_batches(data, recipe, 0))
    peaks = [group["lr"] for group in optimizer.param_groups]
    network.train()
    step = 0
    for epoch in range(epochs):
        total = 0.0
        batches = _epoch_batches(data, recipe, epoch)
        for indices in batches:
            _set_rates(optimizer, peaks, step / max(steps, 1))
            total += _step(network, optimizer, data, indices, losses, recipe)
            step += 1
            if step % 100 == 0:
                report(f"{name}: step {step} of {steps}")
        report(f"{name}: epoch {epoch + 1} of {epochs}, mean loss {total / len(batches):.4f}")


def _step(
    network: SignalNetwork,
    optimizer: torch.optim.Optimizer,
    data: Prepared,
    indices: Sequence[int],
    losses: Mapping[str, "HeadLoss"],
    recipe: Recipe,
) -> float:
    device = next(network.parameters()).device
    ids, mask = (torch.from_numpy(each).to(device) for each in padded([data.pieces[i] for i in indices]))
    with torch.autocast(device.type, torch.bfloat16, enabled=recipe.low_precision):
        features = network.dropout(network.features(ids, mask))
    labels = [data.labels[i] for i in indices]
    loss = torch.stack([part for head, loss in losses.items() for part in loss(network, head, features, labels)]).sum()
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    return float(loss.detach())


@dataclass(frozen=True, slots=True)
class HeadLoss:
    """Cross entropy of one head over the examples of a batch that carry its label."""

    entropy: nn.CrossEntropyLoss
    weight: float

    def __call__(
        self, network: SignalNetwork, head: str, features: Tensor, labels: Sequence[Mapping[str, int]]
    ) -> Iterator[Tensor]:
        """Yield the head's loss, or nothing when no example of the batch carries the label."""
        rows = [row for row, each in enumerate(labels) if head in each]
        if rows:
            targets = torch.tensor([labels[row][head] for row in rows], device=features.device)
            share = len(rows) / len(labels)
            yield self.weight * share * self.entropy(network.heads[head](features[rows].float()), targets)


def _loss(labels: Sequence[Mapping[str, int]], head: str, size: int, recipe: Recipe) -> HeadLoss:
    counts = np.bincount([each[head] for each in labels if head in each], minlength=size) + 1.0
    weights = (counts.sum() / (size * counts)) ** recipe.balance
    weights /= (weights * counts).sum() / counts.sum()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    entropy = nn.CrossEntropyLoss(
        torch.tensor(weights, dtype=torch.float32, device=device), label_smoothing=recipe.smoothing
    )
    return HeadLoss(entropy, recipe.head_weights.get(head, 1.0))


def _epoch_batches(data: Prepared, recipe: Recipe, epoch: int) -> list[list[int]]:
    """Return shuffled batches of similar lengths: sorted by length with noise, then the batches shuffled."""
    chance = random.Random(recipe.seed * 1000 + epoch)
    lengths = [len(each) for each in data.pieces]
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] * chance.uniform(0.85, 1.15))
    batches = list(token_batches(lengths, recipe.batch_tokens, order))
    chance.shuffle(batches)
    return batches


def _parameter_groups(network: SignalNetwork, recipe: Recipe) -> list[dict[str, object]]:
    layers = list(network.encoder.encoder.layer)
    groups: list[dict[str, object]] = [
        {
            "params": list(layer.parameters()),
            "lr": recipe.encoder_rate * recipe.layer_decay ** (len(layers) - 1 - depth),
        }
        for depth, layer in enumerate(layers)
    ]
    return [*groups, {"params": list(network.heads.parameters()), "lr": recipe.head_rate}]


def _set_rates(optimizer: torch.optim.Optimizer, peaks: Sequence[float], done: float, warm: float = 0.06) -> None:
    """Rise linearly over the first `warm` share of the steps, then fall linearly to zero."""
    scale = done / warm if done < warm else (1 - done) / (1 - warm)
    for group, peak in zip(optimizer.param_groups, peaks, strict=True):
        group["lr"] = peak * max(scale, 0.01)
