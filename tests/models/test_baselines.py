import numpy as np
import pytest

import models
from models.baselines import comparison, majority, words
from models.lexicon import LexiconScorer


@pytest.fixture(scope="module")
def examples(labelled):
    return models.read_codebook(labelled)


@pytest.fixture(scope="module")
def compared(examples):
    return models.compare(examples, LexiconScorer().score([example.text for example in examples]))


def test_every_method_is_measured_on_the_same_messages(compared, examples):
    assert list(compared) == ["model", "words", "lexicon", "majority"]
    assert all(each[head]["messages"] == len(examples) for each in compared.values() for head in models.HEADS)


def test_the_given_scores_are_the_models(compared):
    assert compared["model"] == compared["lexicon"]


def test_words_learn_what_the_majority_cannot(compared):
    means = {name: np.mean([each[head]["macro_f1"] for head in models.HEADS]) for name, each in compared.items()}
    assert means["words"] > means["majority"] + 0.2


def test_the_majority_decides_one_value_alone(examples):
    decided = [signals.labels["tone"] for signals in majority(examples, examples)]
    assert set(decided) == {0}


def test_a_baseline_never_learns_from_the_messages_it_is_measured_on():
    """Each text holds a word of its own: whoever has seen it knows its labels, nobody else can."""
    riddles = [
        models.Example(
            f"the riddle {'x' * (row + 1)}", {h: row % len(v) for h, v in models.HEADS.items()}, f"{row}", ""
        )
        for row in range(60)
    ]
    scored = LexiconScorer().score([each.text for each in riddles])
    assert models.compare(riddles, scored)["words"]["seeks"]["macro_f1"] < 0.8
    assert models.compare(riddles, scored, training=riddles)["words"]["seeks"]["macro_f1"] > 0.95


def test_probabilities_of_words_add_up_to_one(examples):
    for signals in words(examples, examples[:5]):
        assert all(sum(p) == pytest.approx(1) for p in signals.probabilities().values())


def test_the_table_has_a_line_a_signal_and_a_column_a_method(compared):
    lines = comparison(compared).splitlines()
    assert len(lines) == len(models.HEADS) + 2
    assert lines[0].split()[1:] == list(compared)


def test_one_conversation_alone_cannot_be_compared_without_a_training_file(examples):
    alone = [models.Example(each.text, each.labels, "one thread", each.source) for each in examples]
    scored = LexiconScorer().score([each.text for each in alone])
    with pytest.raises(models.BadRecord, match="name a training file"):
        models.compare(alone, scored)
    assert models.compare(alone, scored, training=examples)
