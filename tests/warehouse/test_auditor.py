"""Leaks are planted into a sound night, one by one: the auditor must name each."""

import copy

import pytest

from warehouse import Disclosed, Memory, refuse_disclosure
from warehouse.assembly import tables
from warehouse.auditor import AUDITED, audit
from warehouse.candidate import definitions
from warehouse.memory import Behind, Block
from warehouse.publish import publish


@pytest.fixture(scope="module")
def sound(year):
    return {name: year.query(f'from "{name}"') for name in AUDITED}


@pytest.fixture
def found(sound):
    return copy.deepcopy(sound)


def rows_of(found, kind, **fields):
    """Return the shown rows of one month of a kind that have the fields."""
    rows = [row for row in found["indicator"] if definitions()[row["indicator"]].kind == kind]
    rows = [row for row in rows if row["status"] == "ok" and row["grain"] == fields.get("grain", "month")]
    period = max(row["period"] for row in rows)
    return [row for row in rows if row["period"] == period and all(row[name] == fields[name] for name in fields)]


def withhold(rows, table_numbers=("value", "low", "high", "people_a", "people_b", "messages", "coverage", "z")):
    for row in rows:
        row.update({name: None for name in table_numbers if name in row}, status="suppressed")


def test_a_sound_night_has_nothing_to_say_against_it(sound):
    assert audit(sound) == []


def test_a_direction_that_follows_from_both_and_the_other_is_found(found):
    withhold(rows_of(found, "delivery", direction="b_to_a"))
    assert any("unsolicited b_to_a: messages follows" in line for line in audit(found))


def test_a_lone_withheld_value_that_others_add_up_to_is_found(found):
    withhold(rows_of(found, "message", direction="both", indicator="openness"))
    assert any("openness both: value follows" in line for line in audit(found))


def test_a_lone_withheld_component_is_found(found):
    last = max(row["period"] for row in found["velocity_component"] if row["z"] is not None)
    withhold([row for row in found["velocity_component"] if (row["period"], row["component"]) == (last, "ties")])
    assert any("velocity_component" in line and "ties: z follows" in line for line in audit(found))


def test_a_withheld_month_of_a_shown_quarter_is_found(found):
    quarters = [row for row in found["indicator"] if row["grain"] == "quarter" and row["messages"] is not None]
    quarter = max(quarters, key=lambda row: row["period"])
    key = quarter["alliance"], definitions()[quarter["indicator"]].kind, quarter["direction"]
    own = [
        row
        for row in found["indicator"]
        if (row["alliance"], definitions()[row["indicator"]].kind, row["direction"]) == key
        and row["period"] == quarter["period"]
        and row["grain"] == "month"
    ]
    withhold(own)
    assert any("messages follows" in line for line in audit(found))


def test_a_side_of_a_survey_that_follows_from_the_mean_and_the_other_is_found(found):
    row = next(row for row in found["survey"] if row["side"] == "a" and row["status"] == "ok")
    row.update(dict.fromkeys(("value", "low", "high", "answers", "comments")), status="low_n")
    assert any(line.startswith("survey") and "said follows" in line for line in audit(found))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"people_a": 4}, "fewer people than the minimum group"),
        ({"value": 0.1234}, "is not rounded"),
        ({"status": "suppressed"}, "is withheld and says something"),
    ],
)
def test_a_cell_that_should_not_be_there_is_named(found, change, says):
    rows_of(found, "message", indicator="openness")[0].update(change)
    (line,) = [line for line in audit(found) if says in line]
    assert line.startswith("indicator aster-birch month ")


def test_a_number_that_moved_without_a_release_is_found(found, sound):
    row = rows_of(found, "message", indicator="openness", direction="both")[0]
    row["people_a"] -= 1
    name = f"{row['alliance']}/month/{row['period']}/message"
    once = Memory(blocks={name: Block([{}])}, after={name: Block([{}])})
    assert any("no release says so" in line for line in audit(found, sound, once))
    twice = Memory(blocks={name: Block([{}])}, after={name: Block([{}, {}])})
    assert audit(found, sound, twice) == []


def released(*parties):
    slot = "message/a_to_b/a"
    return [{slot: Behind(dict.fromkeys(own, "days"))} for own in parties]


def test_releases_that_together_leave_one_person_over_are_found(found, sound):
    """Six, six others, and all of them with one more: any two differ by six and more."""
    first, second = ([f"p{n}" for n in own] for own in (range(6), range(6, 12)))
    every = released(first, second, [*first, *second, "p12"])
    name = "aster-birch/month/2026-01-01/message"
    told = Memory(blocks={name: Block(every[:2], least=5)}, after={name: Block(every, least=5)})
    assert audit(found, sound, told) == [
        "aster-birch month 2026-01-01 message: its releases together tell of fewer people than the group"
    ]
    long_out = Memory(blocks={name: Block(every, least=5)}, after={name: Block(every, least=5)})
    assert audit(found, sound, long_out) == [], "what is out is out; nothing new is told tonight"
    whole = released(first, second, [*first, *second, *(f"q{n}" for n in range(5))])
    assert audit(found, sound, Memory(blocks={name: Block(whole[:2])}, after={name: Block(whole, least=5)})) == []


def test_a_file_that_gives_something_away_is_refused_by_table_and_cell(program):
    made = tables(program.inputs(program.world(1, months=3), size=7))
    sound, leaking = program.folder / "sound.duckdb", program.folder / "leaking.duckdb"
    publish(made, sound)
    refuse_disclosure(sound)
    withhold(rows_of(made, "message", direction="both", indicator="openness"))
    publish(made, leaking)
    with pytest.raises(Disclosed, match=r"indicator aster-birch month .* openness both"):
        refuse_disclosure(leaking, sound, Memory())
