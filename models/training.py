"""Fine-tuning: related sets first, then the codebook; the same seed gives the same model on the same machine."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor, nn

from models.batches import framed, padded, token_batches, tokenised
from models.corpus import Example
from models.encoder import MAX_TOKENS, load_tokenizer
from models.network import SIZES, SignalNetwork
from models.variation import varied

Report = Callable[[str], None]

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the training does. Rates are peak learning rates; `layer_decay` scales them per layer from the top.

    `balance` is the power of the inverse class frequency in the loss (0: none, 1: fully balanced). `soup` fine-tunings
    that differ by their seed start from one first stage, and their weights are averaged. `variation` is the chance
    that an example is seen with other names and formulas. `refresh_epochs` take in what was held out, at a quarter of
    the rates.
    """

    seed: int = 7
    epochs: int = 5
    related_epochs: int = 1
    soup: int = 3
    refresh_epochs: int = 2
    variation: float = 0.5
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


def lend(
    codebook: Sequence[Example],
    related: Mapping[str, tuple[Sequence[Example], int]],
    recipe: Recipe,
    report: Report = lambda line: None,
) -> SignalNetwork:
    """Return a network of the codebook's heads after the first stage, on the device that trains.

    `related` maps a head to (examples, number of classes); these heads share the encoder in the first stage and
    are dropped afterwards. The stage also sees the codebook, so that no related set pulls the encoder away.
    """
    _seed(recipe.seed)
    sizes = SIZES | {head: classes for head, (_, classes) in related.items()}
    network = new_network(sizes, recipe)
    if related and recipe.related_epochs:
        both = [*codebook, *(example for examples, _ in related.values() for example in examples)]
        once = replace(recipe, epochs=recipe.related_epochs, variation=0.0)
        _stage(network, both, sizes, once, report, "related")
    for head in related:
        del network.heads[head]
    return network


def new_network(sizes: Mapping[str, int], recipe: Recipe) -> SignalNetwork:
    """Return an untrained network whose embeddings stay as they are, on the device that trains."""
    network = SignalNetwork(sizes, recipe.dropout)
    network.encoder.embeddings.requires_grad_(False)
    network.to(DEVICE)
    return network


def teach(
    start: SignalNetwork, codebook: Sequence[Example], recipe: Recipe, report: Report = lambda line: None
) -> SignalNetwork:
    """Fine-tune copies of `start` that differ by their seed and return one network with the mean of their weights.

    Fine-tunings from one start lie in one valley, and the middle of it generalises better than each of them
    (Wortsman et al. 2022, Model soups, section 2: the uniform soup).
    """
    taught = [_taught(start, codebook, replace(recipe, seed=recipe.seed + turn), report) for turn in range(recipe.soup)]
    states = [each.state_dict() for each in taught]
    mean = {
        name: first + torch.stack([state[name] - first for state in states]).mean(0)
        for name, first in states[0].items()
        if first.is_floating_point()
    }
    taught[0].load_state_dict(states[0] | mean)
    return taught[0]


def _taught(start: SignalNetwork, codebook: Sequence[Example], recipe: Recipe, report: Report) -> SignalNetwork:
    _seed(recipe.seed)
    network = deepcopy(start)
    network.to(DEVICE)
    _stage(network, codebook, SIZES, recipe, report, f"codebook, seed {recipe.seed}")
    network.to("cpu").eval()
    return network


def refresh(
    measured: SignalNetwork, codebook: Sequence[Example], recipe: Recipe, report: Report = lambda line: None
) -> SignalNetwork:
    """Return `measured` after a few gentle epochs on everything, the examples included that it was measured on."""
    gentle = replace(
        recipe,
        soup=1,
        epochs=recipe.refresh_epochs,
        encoder_rate=recipe.encoder_rate / 4,
        head_rate=recipe.head_rate / 4,
    )
    return teach(measured, codebook, gentle, report)


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def _stage(
    network: SignalNetwork,
    examples: Sequence[Example],
    sizes: Mapping[str, int],
    recipe: Recipe,
    report: Report,
    name: str,
) -> None:
    losses = {head: _loss([each.labels for each in examples], head, size, recipe) for head, size in sizes.items()}
    optimizer = torch.optim.AdamW(_parameter_groups(network, recipe), weight_decay=0.01)
    peaks = [group["lr"] for group in optimizer.param_groups]
    network.train()
    for epoch in range(recipe.epochs):
        chance = random.Random(recipe.seed * 1000 + epoch)
        data = prepare([varied(example, chance, recipe.variation) for example in examples])
        batches = _shuffled_batches(data, recipe, chance)
        total = 0.0
        for number, indices in enumerate(batches):
            _set_rates(optimizer, peaks, (epoch + number / len(batches)) / recipe.epochs)
            total += _step(network, optimizer, data, indices, losses, recipe)
            if number % 100 == 99:
                report(f"{name}: epoch {epoch + 1} of {recipe.epochs}, step {number + 1} of {len(batches)}")
        report(f"{name}: epoch {epoch + 1} of {recipe.epochs}, mean loss {total / len(batches):.4f}")


def _step(
    network: SignalNetwork,
    optimizer: torch.optim.Optimizer,
    data: Prepared,
    indices: Sequence[int],
    losses: Mapping[str, "HeadLoss"],
    recipe: Recipe,
) -> float:
    ids, mask = (torch.from_numpy(each).to(DEVICE) for each in padded([data.pieces[i] for i in indices]))
    with torch.autocast(DEVICE, torch.bfloat16, enabled=recipe.low_precision):
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
    entropy = nn.CrossEntropyLoss(
        torch.tensor(weights, dtype=torch.float32, device=DEVICE), label_smoothing=recipe.smoothing
    )
    return HeadLoss(entropy, recipe.head_weights.get(head, 1.0))


def _shuffled_batches(data: Prepared, recipe: Recipe, chance: random.Random) -> list[list[int]]:
    """Return shuffled batches of similar lengths: sorted by length with noise, then the batches shuffled."""
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
