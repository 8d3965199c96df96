"""The card says what was measured, and nothing else."""

import re

import pytest

import models
from models.card import card
from models.folder import RELEASED, config_of

CARD = (RELEASED / "README.md").read_text(encoding="utf-8")


def test_the_card_is_the_one_that_the_numbers_make():
    assert card(RELEASED) == CARD


def test_every_signals_numbers_stand_in_the_card():
    for head, each in models.metrics_of()["heads"].items():
        row = next(line for line in CARD.splitlines() if line.startswith(f"| `{head}` | {each['macro_f1']:.3f} |"))
        assert f"{each['ece']:.3f} | {each['brier']:.3f}" in row


def test_the_card_names_the_hashes_that_are_checked():
    config = config_of(RELEASED)
    assert {config["weights_sha256"], *config["encoder"]["sha256"].values()} <= set(re.findall(r"[0-9a-f]{64}", CARD))


@pytest.mark.parametrize(
    "said",
    ["not by people", "English", "not a lie detector", "decisions about a person", "for reading one message"],
)
def test_the_card_says_what_the_model_is_not_for(said):
    assert said in CARD


def test_released_metrics_agree_with_their_own_confusion_counts():
    for head, each in models.metrics_of()["heads"].items():
        counts, size = each["confusion"], len(models.HEADS[head])
        assert len(counts) == size and all(len(row) == size for row in counts)
        assert sum(map(sum, counts)) == each["messages"]
        columns = [sum(column) for column in zip(*counts, strict=True)]
        f1 = [2 * counts[v][v] / max(sum(counts[v]) + columns[v], 1) for v in range(size)]
        assert each["f1"] == pytest.approx(f1, abs=1e-4)
        assert each["macro_f1"] == pytest.approx(sum(f1) / size, abs=1e-4)
        assert models.metrics_of()["prior"][head] == [sum(row) for row in counts]
