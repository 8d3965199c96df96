"""Whoever has the published file could make the stewards' tables alone: they tell nothing that it does not."""

from datetime import date

import pytest

from warehouse import documented
from warehouse.lead_lag import lead_lags
from warehouse.pivot_change import pivot_changes
from warehouse.stewardship import DERIVED, stewardship


@pytest.fixture(scope="module")
def night(tmp_path_factory, program_in):
    """Return published table -> rows of a year with a pivot, and what informs which score."""
    made = program_in(tmp_path_factory.mktemp("derived"))
    log = [
        {"alliance": made.alliance, "on_date": date(2025, 9, 3), "register": "pivots", "kind": "refocus", "side": ""}
    ]
    inputs = made.inputs(made.world(1), size=7, surveys=made.surveys(1), log=log)
    published = made.built(inputs)
    return {name: published.query(f'from "{name}" order by all') for name in documented()}, inputs


def ordered(rows):
    return sorted(rows, key=repr)


@pytest.mark.parametrize("name", DERIVED)
def test_a_derived_table_is_made_from_published_tables_alone(night, name):
    tables, _ = night
    kept = {table: rows for table, rows in tables.items() if table not in DERIVED}
    assert ordered(stewardship(kept)[name]) == ordered(tables[name])


def test_what_stood_before_and_after_is_made_from_published_tables_alone(night):
    tables, inputs = night
    made = pivot_changes(tables["log"], tables["survey"], tables["indicator"], inputs.run_at.date())
    assert [row for row in made if row["status"] == "ok"]
    assert ordered(made) == ordered({name: row[name] for name in made[0]} for row in tables["pivot_change"])


def test_what_may_come_first_is_made_from_published_tables_alone(night):
    tables, inputs = night
    made = lead_lags(tables["survey"], tables["indicator"], inputs.informs)
    columns = list(documented()["lead_lag"])
    assert ordered({name: row[name] for name in columns} for row in made) == ordered(tables["lead_lag"])


def test_only_the_tables_that_hold_what_they_say_are_empty(night):
    tables, _ = night
    assert {name for name in DERIVED if not tables[name]} <= {
        *("scorecard_latest", "reciprocity", "insufficient_return", "cause_check", "pivot_suggestion")
    }
