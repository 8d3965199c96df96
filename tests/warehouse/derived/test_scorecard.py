from datetime import date

MARCH, JUNE = date(2025, 3, 31), date(2025, 6, 30)


def test_the_newest_number_stands_beside_the_one_before_and_its_target(derived, row):
    entries = [
        row.scored(JUNE, 4.5, target=6.0),
        row.scored(MARCH, 4.0, target=5.0),
        row.scored(JUNE, 12.0, "operational", "lead_time", "b", target=14.0, better="lower"),
        row.scored(JUNE, 2.0, "market", "joint_offers"),
        row.scored(JUNE, 5.0, "reciprocity", "importance", "a"),
    ]
    found = {each["item"]: each for each in derived("scorecard_latest", scorecard=entries)}
    assert found.keys() == {"joint_revenue", "lead_time", "joint_offers"}
    assert [found["joint_revenue"][name] for name in ("value", "value_before", "met")] == [4.5, 4.0, False]
    assert [found["lead_time"][name] for name in ("value", "value_before", "met")] == [12.0, None, True]
    assert found["joint_offers"]["met"] is None


def test_an_item_is_equally_important_when_both_lie_less_than_a_point_apart(derived, row):
    entries = [
        row.scored(MARCH, 3.0, "reciprocity", "importance", "a"),
        row.scored(JUNE, 4.5, "reciprocity", "importance", "a"),
        row.scored(MARCH, 4.0, "reciprocity", "importance", "b"),
        row.scored(JUNE, 5.0, "reciprocity", "effort", "a"),
        row.scored(JUNE, 4.0, "reciprocity", "effort", "b"),
        row.scored(JUNE, 4.0, "reciprocity", "fairness", "b"),
    ]
    found = {each["item"]: (each["difference"], each["equally"]) for each in derived("reciprocity", scorecard=entries)}
    assert found == {"importance": (0.5, True), "effort": (1.0, False), "fairness": (None, None)}
