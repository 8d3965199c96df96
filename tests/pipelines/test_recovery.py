"""Kill it anywhere: the next night ends in the same tables as an undisturbed one."""

import random
import re
from pathlib import Path

import pytest

from pipelines.fault import POINTS, VARIABLE

ROOT = Path(__file__).parents[2]
RANDOM_KILLS = 240


def ends_the_same(changing, **order):
    """Harm a night, run another, and compare; say whether the harmed one was killed."""
    changing.put_back()
    ended = changing.nights.run(changing.root, **order)
    after = changing.nights.run(changing.root)
    assert after["code"] == 0, (order, after["said"])
    assert changing.same(), order
    assert not strays(changing.root), order
    return ended["killed"]


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


def test_a_night_killed_at_a_named_point_ends_in_the_same_tables_when_run_again(changing):
    for point in ("after_part", "between_page_and_database"):
        assert ends_the_same(changing, environment={VARIABLE: point}), point


def test_a_night_killed_before_a_change_of_a_file_ends_in_the_same_tables_when_run_again(changing_shortly):
    changes = changing_shortly.undisturbed["changes"]
    for change in (changes // 3, changes // 2, changes - 3):
        assert ends_the_same(changing_shortly, kill=change), change


@pytest.mark.slow
def test_a_night_killed_at_any_named_point_ends_in_the_same_tables_when_run_again(changing):
    for point in POINTS:
        assert ends_the_same(changing, environment={VARIABLE: point}), point


@pytest.mark.slow
def test_a_night_killed_before_each_change_of_a_file_ends_in_the_same_tables(changing_shortly, record_property):
    changes = changing_shortly.undisturbed["changes"]
    for change in range(1, changes + 1):
        assert ends_the_same(changing_shortly, kill=change), change
    record_property("changes", changes)


@pytest.mark.slow
def test_a_night_killed_at_random_moments_ends_in_the_same_tables_when_run_again(changing_shortly, record_property):
    """A moment may come after a night is over; that one is no kill and does not count."""
    chance, killed, tries = random.Random(5), 0, 0
    while killed < RANDOM_KILLS:
        killed += ends_the_same(changing_shortly, after=chance.uniform(0, changing_shortly.undisturbed["seconds"]))
        tries += 1
    record_property("tries", tries)
