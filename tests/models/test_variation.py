import random

from hypothesis import given
from hypothesis import strategies as st

from models.corpus import Example
from models.probes import filled
from models.variation import _names, varied

TEXT = "Anna asked IBM for the log, and Anna got it. Regards, Ravi"


def example(text=TEXT):
    return Example(text, {"seeks": 1}, "thread", "made-up")


def test_a_name_becomes_another_one_the_same_throughout():
    text = varied(example("Anna asked IBM, and Anna got it from Ravi."), random.Random(4), 1.0).text
    first, second = text.split(" asked ")[0].split()[-1], text.split(", and ")[1].split(" got")[0]
    assert first == second
    assert "asked" in text
    assert any(name in text for name in _names("organisations"))


def test_nothing_varies_when_no_share_is_asked_for():
    assert varied(example(), random.Random(1), 0.0) == example()


@given(st.integers(0, 10_000))
def test_labels_and_group_stay_whatever_the_names_are(seed):
    found = varied(example(), random.Random(seed), 1.0)
    assert (found.labels, found.group, found.source) == (example().labels, "thread", "made-up")


def test_the_names_that_are_probed_were_never_trained_on():
    trained = {name for kind in ("people", "organisations") for name in _names(kind)}
    words = {word.strip(".,?") for text in filled() for word in text.split()}
    assert not words & trained
