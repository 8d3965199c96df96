from datetime import date

import pytest


def test_coverage_is_that_of_the_side_where_it_is_less_in_each_month(program):
    consents = [program.consent(each.upper()) for each in program.people(6) if each != "b6"]
    consents[-1]["valid_until"] = date(2026, 2, 1)
    rows = [program.message(f"m{month}", "a1", program.at(5, month=month)) for month in (1, 2)]
    found = {row["month"].month: row["coverage"] for row in program.table("coverage_month", rows, consents=consents)}
    assert found == {1: pytest.approx(0.85), 2: pytest.approx(0.65)}
