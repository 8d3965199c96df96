from datetime import date

import pytest


def written(messages, period=date(2026, 3, 1), **fields):
    row = {"alliance": "coast", "period": period, "grain": "month", "indicator": "frequency", "direction": "both"}
    return {**row, "messages": messages, "status": "ok", **fields}


def criteria(found):
    return {each["criterion"]: (each["found"], each["met"]) for each in found}


def test_every_criterion_says_what_it_needs_and_what_there_is(derived, row):
    coverage = [
        {"alliance": "coast", "side": "a", "consented": 7, "status": "ok"},
        {"alliance": "coast", "side": "b", "consented": None, "status": "suppressed"},
    ]
    tables = {"alliance": [row.alliance(growth_share=0.12)], "coverage": coverage}
    found = derived("scale_gate", indicator=[written(44), written(3, date(2026, 4, 1), status="low_n")], **tables)
    assert criteria(found) == {
        "declared": (1.0, True),
        "people_a": (7.0, True),
        "people_b": (None, False),
        "messages": (44.0, True),
        "growth_share": (0.12, True),
    }
    assert [each["needs"] for each in sorted(found, key=lambda each: each["place"])] == [1.0, 5.0, 5.0, 30.0, 0.1]
    assert [each["criterion"] for each in found if not each["binding"]] == ["growth_share"]


@pytest.mark.parametrize(
    ("month", "met"),
    [
        (written(29), False),
        (written(None, status="no_data"), False),
        (written(None, status="suppressed"), None),
        (written(40, date(2026, 4, 1)), None),
    ],
)
def test_messages_are_those_of_the_last_whole_month_and_what_is_withheld_stays_unknown(derived, month, met):
    assert criteria(derived("scale_gate", indicator=[month]))["messages"][1] is met


def test_an_alliance_that_nobody_declared_is_not_at_scale_whatever_else_it_has(derived, row):
    found = criteria(derived("scale_gate", alliance=[row.alliance(stage="early", growth_share=0.09)]))
    assert (found["declared"], found["growth_share"]) == ((0.0, False), (0.09, False))
