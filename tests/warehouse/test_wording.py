from datetime import date

import numpy as np
import pytest

from warehouse.private import private_tables
from warehouse.wording import Wording


def found(program, rows, size=7, **fields):
    """Return (indicator, direction, month) -> candidate."""
    inputs = program.inputs(rows, size=size, **fields)
    with private_tables(inputs) as connection:
        made = [each for each in Wording(connection, inputs).candidates() if each.grain == "month"]
    return {(each.indicator, each.direction, each.period.month): each for each in made}


def say(program, rng, key, author, at, tone, **fields):
    """Return a message whose tone a calibrated model saw."""
    p = program.calibrated(tone + 1, program.priors["tone"], rng)
    names = ("tone_negative", "tone_neutral", "tone_positive")
    return program.message(key, author, at, **dict(zip(names, map(float, p), strict=True)), **fields)


def toned(program, months, a_month=120, seed=0):
    """Return messages of fourteen people; each month has its own shares of negative and positive wording."""
    rng, rows = np.random.default_rng(seed), []
    for month, (negative, positive, *size) in months.items():
        for n in range(size[0] if size else a_month):
            author = program.people(7)[n % 14]
            tone = int(rng.choice([-1, 0, 1], p=[negative, 1 - negative - positive, positive]))
            at = program.at(1 + n % 27, 9 + n // 27, month=month, year=2025)
            rows.append(say(program, rng, f"{month}-{n}", author, at, tone))
    return rows


def test_tone_is_positive_minus_negative_within_its_interval(program):
    tone = found(program, toned(program, {5: (0.1, 0.4)}, 400))["tone", "both", 5]
    assert tone.low <= 0.3 <= tone.high
    assert tone.high - tone.low < 0.25


def test_a_year_at_half_the_volume_in_the_same_tone_leaves_tone_where_it_was(program):
    """Fewer messages alone must never read as hostility."""
    usual = dict.fromkeys(range(4, 9), (0.08, 0.2, 240))
    rows = toned(program, {**usual, 9: (0.08, 0.2, 60), 10: (0.08, 0.2, 60)})
    tones = found(program, rows)
    for month in (9, 10):
        change = tones["tone_change", "both", month]
        assert change.low <= 0 <= change.high


def test_a_turn_to_negative_wording_is_a_change_of_tone(program):
    usual = dict.fromkeys(range(4, 9), (0.05, 0.25))
    change = found(program, toned(program, {**usual, 9: (0.5, 0.05, 300)}))["tone_change", "both", 9]
    assert change.high < 0


def test_tone_has_no_change_before_there_is_a_baseline(program):
    tones = found(program, toned(program, {5: (0.1, 0.2), 6: (0.1, 0.2)}))
    assert ("tone", "both", 5) in tones
    assert np.isnan(tones["tone_change", "both", 5].value)


def open_about(program, answers=False):
    """Return half open and half empty messages of side a; on request, every empty one answers a request."""
    rows = []
    for n in range(60):
        author = f"a{n % 6 + 1}"
        openly = n % 2 == 0
        p = (0.01, 0.01, 0.98) if openly else (0.01, 0.98, 0.01)
        names = ("transparency_closed", "transparency_none", "transparency_open")
        labels = {**dict(zip(names, p, strict=True)), "says_transparency": int(openly)}
        rows.append(program.message(f"m{n}", author, program.at(6, 9, n), thread_key=f"t{n}", **labels))
        if answers and not openly:
            ask = {"thread_key": f"t{n}", "says_seeks": 1}
            rows.append(program.message(f"q{n}", f"b{n % 6 + 1}", program.at(5, 9, n), **ask))
    return rows


def test_openness_is_counted_over_messages_with_anything_to_be_open_about(program):
    openness = found(program, open_about(program))["openness", "a_to_b", 1]
    assert openness.value > 0.85
    assert openness.data == 30


def test_an_answer_always_has_something_to_be_open_about(program):
    openness = found(program, open_about(program, answers=True))["openness", "a_to_b", 1]
    assert 0.35 < openness.value < 0.6
    assert openness.data == 60


def test_transparency_is_openness_minus_closedness(program):
    parts = found(program, program.world(5, months=3), size=7)
    for month in (2, 3):
        openness, closedness, both = (
            parts[name, "both", month].value for name in ("openness", "closedness", "transparency")
        )
        assert both == pytest.approx(openness - closedness)


def test_an_evasion_belongs_to_the_side_that_answers_and_each_of_its_people_weighs_the_same(program):
    rows = []
    for n in range(12):
        ask = {"thread_key": f"t{n}", "says_seeks": 1}
        rows.append(program.message(f"q{n}", f"a{n % 6 + 1}", program.at(5, 9, n), **ask))
        closed = {"transparency_closed": 0.98, "transparency_none": 0.01, "transparency_open": 0.01}
        labels = closed if n < 6 else {"transparency_closed": 0.001, "transparency_none": 0.9}
        answerer = "b1" if n < 6 else f"b{n - 4}"
        rows.append(program.message(f"r{n}", answerer, program.at(6, 9, n), thread_key=f"t{n}", **labels))
    evaded = found(program, rows)["evaded", "b_to_a", 1]
    assert evaded.data == 12
    assert evaded.low < 1 / 7 < evaded.high
    assert evaded.value < 0.3


def test_co_investment_takes_the_smaller_direction_over_the_messages_of_both(program):
    rows = []
    for n in range(120):
        side = "ab"[n % 2]
        commits = 0.95 if side == "a" and n % 4 == 0 else 0.01
        rows.append(program.message(f"m{n}", f"{side}{n % 6 + 1}", program.at(5, 9 + n // 60, n % 60), commits=commits))
    parts = found(program, rows)
    ours, theirs, both = (parts["coinvest", way, 1] for way in ("a_to_b", "b_to_a", "both"))
    assert ours.value > theirs.value == both.value
    assert both.data == ours.data + theirs.data == 120


def test_substance_is_any_of_sharing_seeking_committing_and_openness(program):
    rows = [program.message(f"m{n}", f"a{n % 6 + 1}", program.at(5, 9, n), shares=0.97) for n in range(30)]
    rows += [program.message(f"n{n}", f"b{n % 6 + 1}", program.at(5, 9, n), shares=0.01, seeks=0.01) for n in range(30)]
    parts = found(program, rows)
    assert parts["depth_substantive", "a_to_b", 1].value > 0.9
    assert parts["depth_substantive", "b_to_a", 1].value < 0.2
    assert parts["depth_substantive", "both", 1].period == date(2026, 1, 1)
