"""The example queries of the documentation, run on a published database."""

from datetime import date, timedelta
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "queries"
QUERIES = {path.stem[:2]: path for path in sorted(FOLDER.glob("*.sql"))}


@pytest.fixture(scope="module")
def answer(tmp_path_factory, program_in):
    """Return the rows of an example query on a year with a pivot, a fall in volume and sides that part."""
    made = program_in(tmp_path_factory.mktemp("queries"))
    since = made.run_at - timedelta(weeks=10)
    rows = [row for row in made.world(1) if row["sent_at"] < since or row["thread_key"].endswith(("1", "3", "5", "7"))]
    answers = [
        {
            **row,
            "value": min(row["value"] + 1, 5) if (row["side"], row["dimension"]) == ("a", "trust") else row["value"],
        }
        for row in made.surveys(1, answers=8)
    ]
    log = [
        {"alliance": made.alliance, "on_date": date(2026, 1, 20), "register": "pivots", "kind": "refocus", "side": ""}
    ]
    published = made.publish(rows, size=7, surveys=answers, log=log)
    return lambda number: published.query(QUERIES[number].read_text(encoding="utf-8"))


def test_there_are_ten_and_each_says_first_what_it_answers():
    assert list(QUERIES) == [f"{number:02d}" for number in range(1, 11)]
    for path in QUERIES.values():
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("-- ") and "?" in first


def test_01_every_alliance_has_its_line(answer):
    (row,) = answer("01")
    assert row["state"] in ("deepening", "declining", "stalled", "undetermined")
    assert 1 <= row["trust"] <= 5


def test_02_only_shown_values_come_with_their_meaning(answer):
    rows = answer("02")
    assert len(rows) > 30
    assert all(
        row["value"] is not None and min(row["people_a"], row["people_b"]) >= 5 and row["meaning"] for row in rows
    )


def test_03_both_directions_have_a_chance(answer):
    rows = answer("03")
    assert rows
    assert all(
        0 <= row[side] <= 1 for row in rows for side in ("a_is_answered", "b_is_answered") if row[side] is not None
    )


def test_04_months_with_less_are_found_beside_their_substance(answer):
    rows = answer("04")
    assert date(2026, 3, 1) in {row["period"] for row in rows}
    assert all(row["change_of_frequency"] < 0 and 0 < row["usual_substance"] < 1 for row in rows)


def test_05_a_stable_tone_has_few_changes(answer):
    assert len(answer("05")) <= 4


def test_06_sides_that_part_are_found(answer):
    rows = [row for row in answer("06") if row["dimension"] == "trust"]
    assert len(rows) >= 3
    assert all(row["difference"] == pytest.approx(row["says_a"] - row["says_b"], abs=0.011) for row in rows)


def test_07_without_signals_the_survey_weighs_more(answer):
    found = {(row["dimension"], row["origin"]): row for row in answer("07")}
    assert 0 < found["trust", "blend"]["weight_of_survey"] < 1
    assert found["value", "survey_only"]["months"] == 12


def test_08_every_alert_says_how_often_it_is_false(answer):
    rows = answer("08")
    assert any(row["default_alert"] for row in rows)
    assert all(0 <= row["false_alarm_rate"] <= 1 and row["question"].endswith("?") for row in rows)


def test_09_a_pivot_has_a_before_and_an_after(answer):
    (row,) = answer("09")
    assert (row["kind"], row["months"]) == ("refocus", 6)
    assert row["depth_before"] is not None and row["depth_after"] is not None


def test_10_every_month_is_accounted_for(answer):
    rows = answer("10")
    reasons = ("shown", "too_little_data", "withheld", "nothing_there")
    assert len({sum(row[name] for name in reasons) / row_directions(row) for row in rows}) == 1


def row_directions(row):
    from warehouse.candidate import definitions

    return len(definitions()[row["indicator"]].directions)
