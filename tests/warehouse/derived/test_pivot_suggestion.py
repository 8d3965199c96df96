from datetime import date

import pytest

from warehouse.named_rules import rules
from warehouse.stewardship import diagnosis

FALLEN = [("material_probable_standing", "trust"), ("slow_drift", "value"), ("sharing_falls", "unsolicited")]
OUTCOMES = ("trust", "value", "learning", "overall")


def changes(outcome="undecided", whole_time=True, status="ok", high=0.3):
    """Return what followed a pivot: every outcome undecided but the first; `high` is the upper end of its interval."""
    pivot = {"alliance": "coast", "on_date": date(2025, 6, 1), "kind": "refocus", "whole_time": whole_time}
    found = [outcome] + ["undecided"] * 3
    return [
        {**pivot, "series": name, "outcome": each, "status": status, "high": high}
        for name, each in zip(OUTCOMES, found, strict=True)
    ]


def suggestions(found):
    return {(each["pivot"], each["rule"], each["suggests"]) for each in found}


def test_each_rule_that_fires_names_its_pivot_and_whether_it_weighs(derived, row):
    alerts = [
        row.alert("below_threshold", "trust", pivot="Restructure"),
        row.alert("value_stagnant", "value", pivot="Rescale", false_alarm_rate=0.6),
        row.alert("slow_drift", "trust", fired=False),
    ]
    assert suggestions(derived("pivot_suggestion", alert=alerts)) == {
        ("Restructure", "below_threshold", True),
        ("Rescale", "value_stagnant", False),
    }


def retired(derived, row, fallen=FALLEN, **tables):
    alerts = [row.alert(*each, default_alert=True) for each in fallen]
    found = derived("pivot_suggestion", alert=alerts, **tables)
    return {each["rule"] for each in found if each["pivot"] == "Retire"}


def test_retire_needs_several_fallen_benchmarks_and_a_pivot_that_has_not_worked(derived, row):
    assert retired(derived, row, pivot_change=changes()) == {rule for rule, _ in FALLEN}


@pytest.mark.parametrize(
    ("reason", "tables"),
    [
        ("no pivot was logged", {}),
        ("something rose after it", {"pivot_change": changes("rose")}),
        ("something may have risen materially", {"pivot_change": changes(high=0.6)}),
        ("its time is not over", {"pivot_change": changes(whole_time=False)}),
        ("nothing can be compared", {"pivot_change": changes(None, status="low_n")}),
        ("two benchmarks are not several", {"pivot_change": changes(), "fallen": FALLEN[:2]}),
        (
            "one series counts once",
            {
                "pivot_change": changes(),
                "fallen": [*FALLEN[:2], ("below_threshold", "trust"), ("slow_drift", "trust")],
            },
        ),
    ],
)
def test_retire_is_not_suggested_where_a_condition_is_missing(derived, row, reason, tables):
    assert not retired(derived, row, **tables), reason


def test_what_retire_lacks_can_be_read(derived, row):
    alerts = [row.alert(*each, default_alert=True) for each in FALLEN[:2]]
    (found,) = derived("retirement", alert=alerts, pivot_change=changes("fell"))
    assert (found["benchmarks_fallen"], found["benchmarks_needed"]) == (2, 3)
    assert (found["pivots_judged"], found["pivots_not_worked"], found["suggested"]) == (1, 1, False)


def test_the_benchmarks_of_retire_are_rules_that_there_are():
    assert set(diagnosis()["retire"]["rules"]) <= rules().keys()
    assert {each["pivot"] for each in rules().values()} == {"Refocus", "Rescale", "Restructure"}
