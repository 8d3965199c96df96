"""The stages of a training on a network small enough to look at."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from models import training
from models.corpus import Example
from models.recipe import _stage_print
from models.signals import HEADS
from models.training import Recipe, teach

RECIPE = Recipe(epochs=1, soup=2, low_precision=False)


class Small(nn.Module):
    """Counts word pieces: what the stages need of a network, and nothing of an encoder's weight."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Module()
        self.encoder.encoder = nn.Module()
        self.encoder.encoder.layer = nn.ModuleList([nn.Linear(4, 4)])
        self.dropout = nn.Dropout(0.0)
        self.heads = nn.ModuleDict({head: nn.Linear(4, len(values)) for head, values in HEADS.items()})

    def features(self, ids, mask):
        counts = torch.stack([((ids % 4 == piece) & (mask == 1)).sum(1) for piece in range(4)], dim=1)
        return self.encoder.encoder.layer[0](counts.float())


def examples(count=12):
    labels = dict.fromkeys(HEADS, 0)
    return [
        Example(f"Build {n} fails" * (n % 3 + 1), labels | {"seeks": n % 2}, f"thread {n}", "x") for n in range(count)
    ]


@pytest.fixture
def start():
    torch.manual_seed(1)
    return Small()


def weights(network):
    return torch.cat([each.flatten() for each in network.state_dict().values()])


def test_a_soup_is_the_mean_of_fine_tunings_that_differ_by_their_seed(start):
    alone = [weights(teach(start, examples(), replace(RECIPE, soup=1, seed=seed))) for seed in (7, 8)]
    assert not torch.equal(alone[0], alone[1])
    assert torch.allclose(weights(teach(start, examples(), RECIPE)), (alone[0] + alone[1]) / 2, atol=1e-6)


def test_what_no_fine_tuning_changes_stays_as_it_was_to_the_last_bit(start):
    start.heads["social"].weight.requires_grad_(False)
    start.heads["social"].weight.data.fill_(0.1)
    assert torch.equal(
        teach(start, examples(), replace(RECIPE, soup=3)).heads["social"].weight, start.heads["social"].weight
    )


def test_the_same_seed_gives_the_same_weights_and_leaves_the_start_as_it_was(start):
    before = weights(start).clone()
    first, second = (weights(teach(start, examples(), RECIPE)) for _ in range(2))
    assert torch.equal(first, second)
    assert torch.equal(weights(start), before)


def test_a_refresh_moves_the_weights_less_than_the_fine_tuning_did(start):
    taught = teach(start, examples(), RECIPE)
    fresh = training.refresh(taught, examples(14), replace(RECIPE, refresh_epochs=1))
    moved = (weights(fresh) - weights(taught)).norm()
    assert 0 < moved < (weights(taught) - weights(start)).norm()


def test_a_kept_first_stage_is_of_the_same_data_and_settings_only():
    lent = {"related_x": (examples(3), 2)}
    same = _stage_print(examples(), lent, RECIPE)
    assert _stage_print(examples(), lent, replace(RECIPE, soup=5, epochs=9)) == same
    assert _stage_print(examples(13), lent, RECIPE) != same
    assert _stage_print(examples(), {"related_x": (examples(4), 2)}, RECIPE) != same
    assert _stage_print(examples(), lent, replace(RECIPE, seed=8)) != same
