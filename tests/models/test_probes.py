"""Names, organisations, case, typing errors, greetings and signatures must not matter (much)."""

import pytest

import models
from models.lexicon import LexiconScorer
from models.probes import (
    _above,
    fairness,
    filled,
    hard_cases,
    invariance,
    negative_control,
    variants,
    with_typing_errors,
)

MOST_FLIPS = 0.08
"""Share of decisions that a change may turn round; the card reports what was measured."""


@pytest.fixture(scope="module")
def moved(scorer):
    return invariance(scorer)


@pytest.fixture(scope="module")
def moved_by_name(scorer):
    return fairness(scorer)


@pytest.mark.parametrize("kind", variants())
def test_a_change_that_must_not_matter_turns_few_decisions(moved, kind):
    assert moved[kind]["flips"] <= MOST_FLIPS
    assert moved[kind]["move"] <= 0.05


def test_case_does_not_matter_at_all(moved):
    assert moved["lower case"] == {"move": 0, "flips": 0}


def test_the_origin_of_names_moves_no_signal_by_more_than_two_hundredths(moved_by_name):
    for head in models.HEADS:
        assert sum(each[head] for each in moved_by_name.values()) / len(moved_by_name) <= 0.02


def test_the_card_reports_what_is_measured_here(moved_by_name, moved):
    released = models.metrics_of()
    for kind, each in released["invariance"].items():
        assert moved[kind]["move"] == pytest.approx(each["move"], abs=0.02)
    for group, each in moved_by_name.items():
        assert each == pytest.approx(released["fairness"][group], abs=0.02)


def test_hard_cases_carry_the_value_that_readers_give(scorer):
    cases = hard_cases(scorer)
    assert all(case["value"] in models.HEADS[case["head"]] for case in cases)
    assert sum(case["value"] == case["decided"] for case in cases) > len(cases) / 2


def test_a_probe_notices_a_scorer_that_listens_to_names():
    class Partial(LexiconScorer):
        def score(self, texts):
            return super().score([text + " ridiculous" if "Fatima" in text else text for text in texts])

    assert fairness(Partial())["arabic"]["tone"] > 0.05
    assert fairness(LexiconScorer())["arabic"]["tone"] == 0


def test_typing_errors_change_letters_and_keep_words():
    text = "controllers " * 20 + "decide"
    changed = with_typing_errors(text)
    assert changed != text
    assert sorted(changed) == sorted(text)
    assert len(changed.split()) == len(text.split())


def test_every_place_for_a_name_is_filled():
    assert not any("{" in text or "}" in text for text in filled())


def test_nothing_tells_untrue_accounts_from_honest_ones_much_better_than_chance(scorer):
    for head, each in negative_control(scorer).items():
        assert each["auc"] < 0.75, head


def test_the_negative_control_would_notice_a_lie_detector():
    class Detector(LexiconScorer):
        def score(self, texts):
            return super().score(
                [text + " ridiculous" if "forgot" in text or "lost" in text else text for text in texts]
            )

    assert negative_control(Detector())["tone"]["auc"] > negative_control(LexiconScorer())["tone"]["auc"]
    assert _above([0.1, 0.2], [0.8, 0.9]) == 1
    assert _above([0.5, 0.5], [0.5, 0.5]) == 0.5
