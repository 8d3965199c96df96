import numpy as np
import pytest

import models
from models.evaluation import by_part, evaluate, length_part, reliability, summary
from models.lexicon import LexiconScorer
from models.signals import HEADS


def test_evaluation_agrees_with_scikit_learn(labelled):
    from sklearn.metrics import f1_score

    examples = models.read_codebook(labelled)
    scored = LexiconScorer().score([example.text for example in examples])
    found = evaluate(examples, scored)
    for head, values in HEADS.items():
        truth = [values[example.labels[head]] for example in examples]
        decided = [each.labels[head] for each in scored]
        expected = f1_score(truth, decided, labels=list(values), average="macro", zero_division=0)
        assert found[head]["macro_f1"] == pytest.approx(expected, abs=1e-4)
        assert found[head]["messages"] == len(examples)


def test_the_summary_names_every_signal(labelled):
    examples = models.read_codebook(labelled)
    table = summary(evaluate(examples, LexiconScorer().score([example.text for example in examples])))
    assert all(head in table for head in HEADS)


def test_a_part_is_measured_on_its_own_rows_only():
    p = {"tone": np.eye(3)[[0, 1, 2, 2]]}
    decided, truth = {"tone": np.array([0, 1, 2, 2])}, {"tone": np.array([0, 1, 0, 1])}
    found = by_part(["right", "right", "wrong", "wrong"], p, decided, truth)
    assert found["right"] == {"messages": 2, "tone": 1.0}
    assert found["wrong"] == {"messages": 2, "tone": 0.0}


def test_reliability_counts_every_message_once():
    p = np.array([[0.95, 0.05], [0.93, 0.07], [0.45, 0.55]])
    assert reliability(p, np.array([0, 1, 1])) == [[0.55, 1.0, 1], [0.94, 0.5, 2]]


@pytest.mark.parametrize(("words", "part"), [(0, "0 to 25"), (25, "0 to 25"), (26, "26 to 100"), (101, "over 100")])
def test_a_text_falls_into_one_part_of_lengths(words, part):
    assert length_part("word " * words).startswith(part)
