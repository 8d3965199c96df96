import numpy as np
import pytest

from models.calibration import (
    Calibration,
    brier,
    confusion,
    cross_fitted,
    expected_calibration_error,
    f1_by_value,
    fit,
    macro_f1,
    softmax,
)


def drawn(count=4000, seed=3):
    """Truth drawn from known probabilities, and logits that are three times as sure as they should be."""
    chance = np.random.default_rng(seed)
    honest = chance.normal(0, 1.2, (count, 3))
    p = softmax(honest)
    truth = (p.cumsum(1) > chance.random((count, 1))).argmax(1)
    return 3 * honest, truth


def test_fitting_finds_the_temperature_that_made_the_logits_overconfident():
    logits, truth = drawn()
    assert fit(logits, truth).temperature == pytest.approx(3, rel=0.1)


def test_calibration_error_falls_on_overconfident_logits():
    logits, truth = drawn()
    fresh_logits, fresh_truth = drawn(seed=4)
    before = expected_calibration_error(softmax(fresh_logits), fresh_truth)
    after = expected_calibration_error(fit(logits, truth).probabilities(fresh_logits), fresh_truth)
    assert before > 0.1
    assert after < 0.03


def test_probabilities_add_up_to_one():
    p = Calibration(2.0, (0.1, -0.1, 0.0), (0.0, 0.0, 0.0)).probabilities(np.array([[900.0, -900.0, 0.0]]))
    assert p.sum() == pytest.approx(1)
    assert np.isfinite(p).all()


def test_an_offset_decides_for_the_rare_value_earlier():
    p = np.array([[0.6, 0.4]])
    assert Calibration(1.0, (0.0, 0.0), (0.0, 0.0)).decisions(p).tolist() == [0]
    assert Calibration(1.0, (0.0, 0.0), (0.0, 0.5)).decisions(p).tolist() == [1]


def test_scores_agree_with_scikit_learn():
    from sklearn.metrics import brier_score_loss, confusion_matrix, f1_score

    chance = np.random.default_rng(5)
    truth, decided = chance.integers(0, 3, 300), chance.integers(0, 3, 300)
    counts = confusion(truth, decided, 3)
    assert counts.tolist() == confusion_matrix(truth, decided).tolist()
    assert f1_by_value(counts) == pytest.approx(f1_score(truth, decided, average=None))
    assert macro_f1(counts) == pytest.approx(f1_score(truth, decided, average="macro"))
    p = chance.random(300)
    twice = 2 * brier_score_loss(truth == 1, p)
    assert brier(np.stack([1 - p, p], axis=1), (truth == 1).astype(int)) == pytest.approx(twice)


def test_calibration_error_of_a_known_case():
    p = np.array([[0.95, 0.05]] * 10)
    truth = np.array([0] * 5 + [1] * 5)
    assert expected_calibration_error(p, truth) == pytest.approx(0.45)


def test_a_value_that_never_occurs_has_no_f1():
    assert f1_by_value(confusion(np.array([0, 0]), np.array([0, 0]), 2)).tolist() == [1, 0]


def test_cross_fitting_never_uses_a_rows_own_fold():
    """Labels of the last fold are turned round: only a calibration that saw them could follow."""
    logits, truth = drawn(1000)
    folds = np.arange(1000) % 5
    turned = np.where(folds == 4, (truth + 1) % 3, truth)
    plain, _ = cross_fitted(logits, truth, folds)
    other, _ = cross_fitted(logits, turned, folds)
    assert plain[folds == 4] == pytest.approx(other[folds == 4])
    assert np.abs(plain[folds == 0] - other[folds == 0]).max() > 0.01
