"""Kill it anywhere: the next night ends in the same tables as an undisturbed one."""

import random
import re
from pathlib import Path

import pytest

from pipelines.fault import POINTS, VARIABLE

ROOT = Path(__file__).parents[2]
RANDOM_TIMES = 300


@pytest.fixture
def ends_the_same(changing, undisturbed, again, nights, tables):
    """Return a function that harms a night, runs another, and compares; it says how the harmed one ended."""

    def harmed(**order):
        again()
        ended = nights.run(changing.root, **order)
        after = nights.run(changing.root)
        assert after["code"] == 0, (order, after["said"])
        assert tables(changing.root) == undisturbed["tables"], order
        assert not strays(changing.root), order
        return ended

    return harmed


def strays(root):
    """Return the names of what a night makes on the way and must not leave behind."""
    made = [*(root / "store").rglob("*"), *(root / "published").rglob("*"), *(root / "keys").rglob("*")]
    wanted = {"quietpivot.duckdb", "report.html"}
    return [each.name for each in made if "writing" in each.name or each.name.startswith(("next", "migrat"))] + [
        each.name for each in (root / "published").iterdir() if each.name not in wanted
    ]


def test_every_fault_point_stands_in_the_code():
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "pipelines").glob("*.py"))
    assert sorted(re.findall(r'fault\.point\("(\w+)"\)', code)) == sorted(POINTS)


def test_a_night_killed_at_a_named_point_ends_in_the_same_tables_when_run_again(ends_the_same):
    for point in ("after_part", "between_ledger_and_page", "between_page_and_database"):
        assert ends_the_same(environment={VARIABLE: point})["killed"], point


@pytest.mark.slow
def test_a_night_killed_at_any_named_point_ends_in_the_same_tables_when_run_again(ends_the_same):
    for point in POINTS:
        assert ends_the_same(environment={VARIABLE: point})["killed"], point


def spread(last, few):
    """Return a few whole numbers from 1 to `last`, spread evenly."""
    return sorted({round(1 + step * (last - 1) / (few - 1)) for step in range(few)})


def test_a_night_killed_before_a_change_of_a_file_ends_in_the_same_tables_when_run_again(ends_the_same, undisturbed):
    for change in spread(undisturbed["changes"], 4):
        assert ends_the_same(kill=change)["killed"], change


@pytest.mark.slow
def test_a_night_killed_before_each_change_of_a_file_ends_in_the_same_tables(
    ends_the_same, undisturbed, record_property
):
    for change in range(1, undisturbed["changes"] + 1):
        assert ends_the_same(kill=change)["killed"], change
    record_property("changes", undisturbed["changes"])


@pytest.mark.slow
def test_a_night_killed_at_random_moments_ends_in_the_same_tables_when_run_again(
    ends_the_same, undisturbed, record_property
):
    chance = random.Random(5)
    moments = [chance.uniform(0, 1.1 * undisturbed["seconds"]) for _ in range(RANDOM_TIMES)]
    killed = sum(ends_the_same(after=moment)["killed"] for moment in moments)
    record_property("killed", killed)
    assert killed >= 0.7 * RANDOM_TIMES, "most moments lie within the night"
