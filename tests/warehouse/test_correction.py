import numpy as np
import pytest

from warehouse.candidate import mean_interval
from warehouse.correction import Evaluated, People, any_of, corrected, share_of


def seen(program, rng, true_shares, prior, n=300, people=14, apart=2.5):
    """Return classes, probabilities of a classifier calibrated at `prior`, and who wrote."""
    classes = rng.choice(len(prior), n, p=true_shares)
    p = np.array([program.calibrated(value, prior, rng, apart) for value in classes])
    return classes, p, People.of(rng.integers(0, people, n))


def test_a_shift_from_5_to_20_percent_is_recovered_where_the_raw_share_misses_it(program):
    rng, prior, held, raw_held = np.random.default_rng(0), np.array([900.0, 47.0]), [], []
    for _ in range(100):
        _, p, people = seen(program, rng, [0.8, 0.2], prior, apart=2.0)
        heads = {"h": corrected(p, people, prior)}
        _, low, high = share_of("h", 1, people, heads).interval(heads, 0, 1)
        held.append(low <= 0.2 <= high)
        _, low, high = mean_interval(people.means((p[:, 1] > 0.5).astype(float)).tolist())
        raw_held.append(low <= 0.2 <= high)
    assert np.mean(held) >= 0.85
    assert np.mean(raw_held) <= 0.4


def test_nothing_is_corrected_where_nothing_moved(program):
    rng, prior, found = np.random.default_rng(1), np.array([60.0, 700.0, 140.0]), []
    for _ in range(60):
        _, p, people = seen(program, rng, prior / prior.sum(), prior)
        heads = {"h": corrected(p, people, prior)}
        found.append([share_of("h", place, people, heads).value for place in range(3)])
    assert np.mean(found, axis=0) == pytest.approx(prior / prior.sum(), abs=0.01)


def test_shares_of_all_classes_add_up_to_1(program):
    _, p, people = seen(program, np.random.default_rng(2), [0.3, 0.4, 0.3], np.array([60.0, 700.0, 140.0]))
    heads = {"h": corrected(p, people, np.array([60.0, 700.0, 140.0]))}
    assert sum(share_of("h", place, people, heads).value for place in range(3)) == pytest.approx(1)


def test_probabilities_that_tell_nothing_leave_the_share_of_the_calibration_data_and_say_they_do_not_know():
    """A rare class whose probabilities hardly vary cannot be counted; the plain method gives it any share."""
    rng, prior = np.random.default_rng(3), np.array([15.0, 600.0, 285.0])
    p = rng.dirichlet(prior / 3, 250) + np.array([0.004, 0, 0])
    p /= p.sum(1, keepdims=True)
    people = People.of(rng.integers(0, 12, 250))
    heads = {"h": corrected(p, people, prior)}
    value, low, high = share_of("h", 0, people, heads).interval(heads, 0, 1)
    assert value < 0.15
    assert low <= 15 / 900 <= high


def test_a_busy_person_weighs_as_much_as_any_other():
    p = np.array([[0.01, 0.99]] * 90 + [[0.99, 0.01]] * 9)
    people = People.of(np.array(["busy"] * 90 + [f"p{n}" for n in range(9)]))
    heads = {"h": corrected(p, people, np.array([500.0, 500.0]))}
    assert share_of("h", 1, people, heads).value < 0.2


def test_the_order_of_messages_does_not_matter(program):
    _, p, people = seen(program, np.random.default_rng(4), [0.8, 0.2], np.array([900.0, 47.0]))
    heads = {"h": corrected(p, people, np.array([900.0, 47.0]))}
    turned = People.of(people.owner[::-1])
    other = {"h": corrected(p[::-1], turned, np.array([900.0, 47.0]))}
    first, second = share_of("h", 1, people, heads), share_of("h", 1, turned, other)
    assert second.interval(other, 0, 1) == pytest.approx(first.interval(heads, 0, 1))


def test_less_calibration_data_makes_the_interval_wider(program):
    _, p, people = seen(program, np.random.default_rng(5), [0.8, 0.2], np.array([900.0, 100.0]))
    widths = []
    for size in (1.0, 0.01):
        heads = {"h": corrected(p, people, size * np.array([900.0, 100.0]))}
        _, low, high = share_of("h", 1, people, heads).interval(heads, 0, 1)
        widths.append(high - low)
    assert widths[1] > widths[0] * 1.05


def test_a_union_is_at_least_its_largest_part_and_right_when_heads_are_independent(program):
    rng, priors, found = np.random.default_rng(6), {"x": np.array([700.0, 300.0]), "y": np.array([800.0, 200.0])}, []
    for _ in range(30):
        people = People.of(rng.integers(0, 14, 300))
        heads = {
            name: corrected(seen(program, rng, prior / prior.sum(), prior)[1], people, prior)
            for name, prior in priors.items()
        }
        union = any_of({"x": 1, "y": 1}, people, heads)
        assert union.value >= max(share_of(name, 1, people, heads).value for name in heads)
        value, low, high = union.interval(heads, 0, 1)
        found.append((value, low <= 1 - 0.7 * 0.8 <= high))
    assert np.mean([value for value, _ in found]) == pytest.approx(0.44, abs=0.02)
    assert np.mean([held for _, held in found]) >= 0.75


def test_slopes_are_the_derivatives_they_say_they_are(program):
    """A small step of λ changes a weighted sum of corrected probabilities by the slope times the step."""
    _, p, people = seen(program, np.random.default_rng(7), [0.3, 0.5, 0.2], np.array([60.0, 700.0, 140.0]))
    found = corrected(p, people, np.array([60.0, 700.0, 140.0]))
    ratio = found.posterior[0] / found.scaled[0]
    for place in range(3):
        step = np.zeros(3)
        step[place] = 1e-6
        moved = p * (ratio + step)
        moved /= moved.sum(1, keepdims=True)
        change = people.weights @ (moved - found.posterior)[:, 1] / 1e-6
        assert found.slope(1, people.weights)[place] == pytest.approx(change, abs=1e-4)


def test_what_the_kept_frequencies_hold_back_is_in_the_interval(program):
    """A rare class of a head that hardly tells its classes apart is drawn towards the 32 % of the calibration data."""
    rng, prior, values, held = np.random.default_rng(8), np.array([15.0, 600.0, 285.0]), [], []
    for _ in range(100):
        _, p, people = seen(program, rng, [0.02, 0.93, 0.05], prior, people=30, apart=1.5)
        heads = {"h": corrected(p, people, prior)}
        value, low, high = share_of("h", 2, people, heads).interval(heads, 0, 1)
        values.append(value)
        held.append(low <= 0.05 <= high)
    assert np.mean(values) > 0.08
    assert np.mean(held) >= 0.8


def test_a_share_of_nothing_is_not_a_number_and_no_warning_either(recwarn):
    from warehouse.correction import Quantity

    none = Quantity(0.0, np.zeros(6), {})
    value, low, high = (none / none).interval({}, -1.0, 1.0)
    assert np.isnan([value, low, high]).all()
    assert not recwarn.list


def decided(rng, counts, shares, errors, n=160, people=16):
    """Return what a classifier of known counts and other true errors decides, its probabilities, and who wrote."""
    owner = np.concatenate([np.arange(people), rng.integers(0, people, n - people)])
    habits = rng.dirichlet(np.array(shares) * 40, people)
    classes = [rng.choice(len(shares), p=habits[each]) for each in owner]
    says = np.array([rng.choice(len(shares), p=errors[each]) for each in classes])
    worth = (counts + 0.5) / (counts + 0.5).sum(0)
    return Evaluated(says, counts), worth[:, says].T, People.of(owner)


def test_a_small_evaluation_makes_the_interval_wider_and_the_truth_is_held_more_often():
    """The classifier errs otherwise than its evaluation of ninety messages says, as far as ninety messages can tell."""
    counts, truth = np.array([[44.0, 10.0], [12.0, 24.0]]), [0.7, 0.3]
    held, widths = {True: [], False: []}, {True: [], False: []}
    for seed in range(150):
        rng = np.random.default_rng(seed)
        evaluated, p, people = decided(rng, counts, truth, [rng.dirichlet(row + 0.5) for row in counts])
        for carried in held:
            heads = {"h": corrected(p, people, counts.sum(1), evaluated if carried else None)}
            _, low, high = share_of("h", 1, people, heads).interval(heads, 0, 1)
            held[carried].append(low <= truth[1] <= high)
            widths[carried].append(high - low)
    assert np.mean(held[True]) >= 0.85
    assert np.mean(held[True]) > np.mean(held[False]) + 0.03
    assert 1.1 < np.mean(widths[True]) / np.mean(widths[False]) < 2


def test_an_endless_evaluation_leaves_nothing_open():
    rng, counts = np.random.default_rng(9), np.array([[44.0, 10.0], [12.0, 24.0]])
    evaluated, p, people = decided(rng, counts, [0.7, 0.3], [row / row.sum() for row in counts])
    evaluated = Evaluated(evaluated.decided, counts * 1e6)
    heads = [{"h": corrected(p, people, counts.sum(1), each)} for each in (evaluated, None)]
    first, second = (share_of("h", 1, people, each).interval(each, 0, 1) for each in heads)
    assert first == pytest.approx(second, abs=1e-4)
