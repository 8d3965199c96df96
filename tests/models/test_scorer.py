"""What every scorer keeps, whatever it is made of."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import models
from models.corpus import split
from models.engine import fastest
from models.probes import filled
from models.signals import HEADS

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "labelled" / "codebook_train.jsonl"
LONG = "The valve closes late. " * 45_000
AWKWARD = {
    "empty": "",
    "blank": " \t\n ",
    "one megabyte": LONG,
    "nulls": "a\x00b\x00\x00",
    "emoji only": "🙂🚀🔥" * 20,
    "another language": "Vielen Dank für die schnelle Antwort, das hat uns sehr geholfen.",
    "right to left": "شكرا جزيلا على المساعدة",
    "a lone surrogate": "broken \ud83d half",
    "one endless word": "x" * 20_000,
    "markup": "<script>alert(1)</script> =cmd|' /C calc'!A0",
}


def largest_difference(left, right):
    return max(
        abs(p - q)
        for a, b in zip(left, right, strict=True)
        for head in HEADS
        for p, q in zip(a.probabilities()[head], b.probabilities()[head], strict=True)
    )


def test_no_text_gives_no_signals(any_scorer):
    assert any_scorer.score([]) == []


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD.keys())
def test_an_awkward_text_gets_probabilities_like_any_other(any_scorer, text):
    (signals,) = any_scorer.score([text])
    for head, values in HEADS.items():
        probabilities = signals.probabilities()[head]
        assert len(probabilities) == len(values)
        assert all(0 <= p <= 1 for p in probabilities)
        assert sum(probabilities) == pytest.approx(1)
        assert signals.labels[head] in values


def test_the_order_of_texts_is_kept(any_scorer):
    texts = [*filled(), *(text[:3000] for text in AWKWARD.values())]
    assert largest_difference(any_scorer.score(texts)[::-1], any_scorer.score(texts[::-1])) < 1e-5


def test_equal_texts_get_equal_signals(any_scorer):
    first, other, again = any_scorer.score(["Why does it fail?", "Thanks a lot, great work.", "Why does it fail?"])
    assert first == again != other


def test_a_result_does_not_depend_on_what_shares_the_batch(any_scorer):
    texts = [*filled(), *(f"{each} {each}" for each in filled()), "short", LONG[:3000]]
    alone = [any_scorer.score([text])[0] for text in texts]
    assert largest_difference(alone, any_scorer.score(texts)) < 1e-5


def test_a_second_run_gives_the_same_numbers(any_scorer):
    assert any_scorer.score(filled()) == any_scorer.score(filled())


def test_a_version_names_the_model_and_its_weights(any_scorer):
    name, _, digits = any_scorer.version.partition("@")
    assert name and digits


def test_eight_bits_decide_as_thirty_two_do(scorer, exact_scorer):
    texts = [*filled(), *filled(name="Priya", org="Alder Works")]
    eight, exact = scorer.score(texts), exact_scorer.score(texts)
    assert largest_difference(eight, exact) < 0.15
    flips = [a.labels[head] != b.labels[head] for a, b in zip(eight, exact, strict=True) for head in HEADS]
    assert sum(flips) / len(flips) < 0.02


def test_plain_cases_are_read_as_the_codebook_says(scorer):
    thanks, question, offer, strategy = scorer.score(
        [
            "Thanks a lot for turning this around so quickly, really helpful.",
            "Could you explain how the second controller decides which sensor to trust?",
            "We can lend two engineers for the joint pilot, and I will write the migration part.",
            "We should agree on the roadmap, the priorities and the budget of the partnership for the next two years.",
        ]
    )
    assert thanks.labels["tone"] == 1
    assert question.labels["seeks"] == 1
    assert offer.labels["commits"] == 1
    assert strategy.labels["orientation"] == 2


def test_the_text_does_not_stand_in_what_comes_out(any_scorer):
    (signals,) = any_scorer.score(["The canary sings at noon."])
    assert "canary" not in repr(signals)


def run_apart(code):
    """Run in a fresh interpreter and return what it prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})
    return done.stdout.strip()


HEAVY = "[name for name in ('torch', 'onnx', 'onnxruntime', 'transformers', 'spacy', 'numpy') if name in sys.modules]"


def test_importing_the_room_loads_no_framework():
    assert run_apart(f"import sys, models; print({HEAVY})") == "[]"


@pytest.mark.skipif(fastest() == "gpu", reason="a GPU is used through torch")
def test_scoring_on_a_processor_needs_no_torch():
    score = "import sys, models; models.load().score(['Hello', 'Why. ' * 500])"
    assert run_apart(f"{score}; print('torch' in sys.modules)") == "False"


def test_every_exported_name_is_there():
    assert all(getattr(models, name) is not None for name in models.__all__)
    with pytest.raises(AttributeError):
        _ = models.no_such_name


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_file(), reason="the shared data are not beside this checkout")
def test_eight_bits_cost_at_most_half_a_point_of_macro_f1(scorer, exact_scorer):
    _, held_out = split(models.read_codebook(SHARED))
    texts = [example.text for example in held_out]
    eight, exact = (models.evaluate(held_out, each.score(texts)) for each in (scorer, exact_scorer))
    lost = [exact[head]["macro_f1"] - eight[head]["macro_f1"] for head in HEADS]
    assert sum(lost) / len(lost) <= 0.005
