"""Own labels in worlds with known truth: intervals shrink, and still hold the share that people were drawn from."""

import numpy as np
import pytest

from warehouse.correction import Evaluated, People, corrected, share_of
from warehouse.rectifier import LEAST, held_back, rectified, rectifier

PEOPLE, MESSAGES = 14, 120
KNOWN = {
    "openness": np.array([[5.0, 2.0, 4.0], [3.0, 523.0, 84.0], [9.0, 63.0, 190.0]]),
    "sharing": np.array([[528.0, 51.0], [51.0, 253.0]]),
}
"""What an evaluation of 883 messages counted; rows the truth, columns the decision."""


class Month:
    """A month of fourteen people with habits of their own around the true shares."""

    def __init__(self, rng, counts, errors, shares, tilt):
        habits = np.array(shares) * np.exp(tilt)
        habits /= habits.sum(1, keepdims=True)
        busy = rng.choice(PEOPLE, MESSAGES - PEOPLE, p=rng.dirichlet(np.full(PEOPLE, 3.0)))
        self.owner = np.concatenate([np.arange(PEOPLE), busy])
        self.truth = np.array([rng.choice(len(shares), p=habits[each]) for each in self.owner])
        decided = np.array([rng.choice(len(shares), p=errors[each]) for each in self.truth])
        self.people, self.shares = People.of(self.owner), shares
        worth = (counts + 0.5) / (counts + 0.5).sum(0)
        self.found = corrected(worth[:, decided].T, self.people, counts.sum(1), Evaluated(decided, counts))

    def interval(self, place, by=None):
        heads = {"h": rectified(self.found, self.people, by) if by else self.found}
        return share_of("h", place, self.people, heads).interval(heads, 0, 1)


def months(rng, counts, errors, shares):
    tilt = rng.normal(0, 0.35, (PEOPLE, len(counts)))
    return [Month(rng, counts, errors, each, tilt) for each in shares]


def labelled(rng, months, count):
    """Return the rectifier of messages drawn from all months, each with the same chance."""
    written = np.bincount(np.concatenate([month.owner for month in months]), minlength=PEOPLE)
    every = [(month, place) for month in months for place in range(MESSAGES)]
    drawn = [every[each] for each in rng.choice(len(every), count, replace=False)]
    return rectifier(
        np.array([month.truth[place] for month, place in drawn]),
        np.array([month.found.posterior[place] for month, place in drawn]),
        np.array([held_back(month.found, month.people) for month, _ in drawn]),
        np.array([1 / written[month.owner[place]] for month, place in drawn]),
    )


def evaluated(counts):
    return (counts + 0.5) / (counts + 0.5).sum(1, keepdims=True)


def measured(head, shares, place, *, labels=100, worlds=50, missed=0.0):
    """Return how often intervals hold the truth without and with labels, and the ratio of their mean widths.

    `missed` is the share of messages that the classifier takes for its most frequent class whatever they say.
    """
    counts, held, widths = KNOWN[head], [], []
    usual = np.eye(len(counts))[counts.sum(0).argmax()]
    for seed in range(worlds):
        rng = np.random.default_rng(seed)
        found = months(rng, counts, (1 - missed) * evaluated(counts) + missed * usual, shares)
        by = labelled(rng, found, labels)
        for month in found:
            both = [month.interval(place), month.interval(place, by)]
            held.append([low <= month.shares[place] <= high for _, low, high in both])
            widths.append([high - low for _, low, high in both])
    (before, after), (wide, narrow) = np.mean(held, axis=0), np.mean(widths, axis=0)
    return before, after, narrow / wide


def test_a_hundred_labels_make_the_interval_of_openness_a_quarter_narrower_and_it_holds_more_often(record_property):
    before, after, ratio = measured("openness", [[0.02, 0.83, 0.15]] * 4, 2)
    record_property("coverage_before", before)
    record_property("coverage_after", after)
    record_property("width_ratio", ratio)
    assert ratio < 0.85
    assert after >= 0.87
    assert after >= before - 0.01


def test_the_more_labels_the_narrower():
    shares = [[0.02, 0.83, 0.15]] * 4
    ratios = [measured("openness", shares, 2, labels=labels, worlds=12)[2] for labels in (30, 100, 300)]
    assert ratios == sorted(ratios, reverse=True)


def test_labels_find_out_that_the_classifier_misses_a_fifth_on_this_program_and_say_so():
    before, after, ratio = measured("sharing", [[0.7, 0.3], [0.6, 0.4], [0.65, 0.35], [0.7, 0.3]], 1, missed=0.2)
    assert before < 0.75, "the evaluation knows nothing of it"
    assert after >= 0.82
    assert ratio < 1.2


def test_a_shift_from_5_to_20_percent_stays_in_the_interval_whether_the_labels_saw_it_or_not():
    """Labels of the months before a shift teach nothing of what holds back the month after it."""
    counts, held = np.array([[798.0, 35.0], [17.0, 33.0]]), []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        found = months(rng, counts, evaluated(counts), [[0.95, 0.05]] * 3 + [[0.8, 0.2]])
        rectifiers = (None, labelled(rng, found[:3], 100), labelled(rng, found, 100))
        ends = [found[-1].interval(1, by)[1:] for by in rectifiers]
        held.append([low <= 0.2 <= high for low, high in ends])
    without, before, all_months = np.mean(held, axis=0)
    assert before >= without - 0.06
    assert all_months >= without - 0.04
    assert min(before, all_months) >= 0.78


def test_a_rare_class_of_which_no_label_was_drawn_is_not_taken_for_absent():
    counts, held = KNOWN["openness"], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        found = months(rng, counts, evaluated(counts), [[0.02, 0.68, 0.30]] * 4)
        by = labelled(rng, found, 40)
        held += [low <= 0.02 <= high for _, low, high in (month.interval(0, by) for month in found)]
    assert np.mean(held) >= 0.85


def test_few_labels_are_not_used():
    rng = np.random.default_rng(0)
    found = months(rng, KNOWN["sharing"], evaluated(KNOWN["sharing"]), [[0.7, 0.3]])
    assert labelled(rng, found, LEAST - 1) is None
    assert labelled(rng, found, LEAST) is not None


def test_where_a_month_is_labelled_whole_its_own_share_is_recovered():
    """Then the rectifier is what the correction was off by, whatever the classifier."""
    rng, counts = np.random.default_rng(3), KNOWN["openness"]
    (month,) = months(rng, counts, 0.5 * evaluated(counts) + 0.5 / 3, [[0.1, 0.5, 0.4]])
    by = labelled(rng, [month], MESSAGES)
    true = month.people.means(np.eye(3)[month.truth]).mean(0)
    off = [abs(month.interval(place, each)[0] - true[place]) for place in range(3) for each in (None, by)]
    assert max(off[1::2]) < 0.5 * max(off[::2])


def test_shares_still_add_up_to_1_and_people_still_weigh_in():
    rng = np.random.default_rng(4)
    found = months(rng, KNOWN["openness"], evaluated(KNOWN["openness"]), [[0.05, 0.65, 0.3]] * 3)
    by = labelled(rng, found, 60)
    moved = rectified(found[0].found, found[0].people, by)
    heads = {"h": moved}
    parts = [share_of("h", place, found[0].people, heads) for place in range(3)]
    assert sum(part.value for part in parts) == pytest.approx(1)
    assert sum(part.influence for part in parts) == pytest.approx(np.zeros(PEOPLE), abs=1e-9)
    before = share_of("h", 2, found[0].people, {"h": found[0].found})
    assert parts[2].people_error == pytest.approx(before.people_error, rel=1e-6)


def test_slopes_and_drift_of_the_moved_shares_give_what_is_left_open():
    rng = np.random.default_rng(5)
    found = months(rng, KNOWN["openness"], evaluated(KNOWN["openness"]), [[0.05, 0.65, 0.3]] * 3)
    wide, narrow = (labelled(np.random.default_rng(6), found, count) for count in (30, 300))
    errors = []
    for by in (wide, narrow):
        moved = rectified(found[0].found, found[0].people, by)
        slope = moved.slope(2, found[0].people.weights)
        errors.append(float(slope @ moved.drift @ slope))
    assert 0 < errors[1] < errors[0]


def test_a_class_that_no_message_may_have_stays_without_any_and_no_warning(recwarn):
    people = People.of(np.arange(40) % 10)
    sure = np.tile([[0.0, 0.4, 0.6]], (40, 1))
    found = corrected(sure, people, np.array([5.0, 60.0, 35.0]))
    by = rectifier(np.arange(40) % 3, found.posterior, np.zeros((40, 3)), np.ones(40))
    moved = rectified(found, people, by)
    assert moved.posterior[:, 0].max() == 0
    assert people.weights @ moved.posterior.sum(1) == pytest.approx(1)
    assert not recwarn.list
