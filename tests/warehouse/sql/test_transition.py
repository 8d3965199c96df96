from datetime import date

import pytest


def test_threads_move_from_the_level_of_a_month_to_that_of_the_next(program):
    levels = {"t1": (0, 1), "t2": (0, 2), "t3": (0, 1), "t4": (2, 2), "gone": (1, None)}
    rows = []
    for thread, months in levels.items():
        for month, level in zip((1, 2), months, strict=True):
            if level is not None:
                at = program.at(5, month=month)
                key = f"{thread}-{month}"
                rows.append(program.message(key, "a1", at, thread_key=thread, says_orientation=level))
    found = program.table("transition", rows)
    moves = {(row["from_level"], row["to_level"]): (row["threads"], row["share"]) for row in found}
    assert moves == {(0, 1): (2, pytest.approx(2 / 3)), (0, 2): (1, pytest.approx(1 / 3)), (2, 2): (1, 1.0)}
    assert {row["month"] for row in found} == {date(2026, 2, 1)}
