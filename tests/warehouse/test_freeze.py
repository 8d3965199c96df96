"""What a second night may change: nobody who comes or goes alone can be told from two published files."""

import json
from dataclasses import replace
from datetime import date, timedelta
from statistics import median

import pytest

from warehouse import Memory, forget_others
from warehouse.assembly import tables
from warehouse.auditor import audit
from warehouse.errors import BadMemory
from warehouse.freeze import KEYS, NUMBERS
from warehouse.memory import sealed

SECRET = {"aster-birch": b"k" * 32}


class Nights:
    """A program's nights, each with the memory that the one before left behind."""

    def __init__(self, program, rows, size=7, **fields):
        self.program, self.rows, self.size, self.fields = program, rows, size, fields
        self.memory = Memory(SECRET)

    def night(self, without=(), rows=None, **fields):
        """Return the tables of the next night; those who withdrew are gone from rows and consents."""
        self.memory = Memory(SECRET, self.memory.after)
        who = [each for each in self.program.people(self.size) if each not in without]
        kept = [row for row in (rows or self.rows) if row["author"] not in without]
        consents = [self.program.consent(each.upper()) for each in who]
        inputs = self.program.inputs(kept, size=self.size, **{"consents": consents, **self.fields, **fields})
        return tables(replace(inputs, memory=self.memory))


@pytest.fixture
def nights(program):
    return Nights(program, program.world(1, months=3), surveys=program.surveys(1, months=3))


def said(found, table="indicator"):
    """Return the key of each row that says something -> what it says."""
    names = ("alliance", "grain", "period", *KEYS[table])
    return {
        tuple(row.get(name) for name in names): [row.get(name) for name in NUMBERS[table]]
        for row in found[table]
        if any(row.get(name) is not None for name in NUMBERS[table])
    }


def test_the_same_night_twice_gives_the_same_tables_and_the_same_memory(nights):
    first = nights.night()
    kept = nights.memory.after
    assert nights.night() == first
    assert nights.memory.after == kept


def test_when_one_person_withdraws_every_published_number_stays_and_is_stale(nights):
    before, after = nights.night(), nights.night(without=["a1"])
    for table in ("indicator", "velocity_component", "transition", "coverage"):
        assert said(after, table) == said(before, table)
    states = {row["status"] for row in after["indicator"] if row["value"] is not None}
    assert states == {"stale"}
    assert after["coverage"] == [{**row, "status": "stale"} for row in before["coverage"]]


def test_when_as_many_withdraw_as_a_group_needs_the_numbers_follow(nights):
    before, after = nights.night(), nights.night(without=["a1", "a2", "a3", "a4", "a5"])
    assert said(after) != said(before)
    withdrawn = [row for row in after["indicator"] if row["indicator"] == "frequency" and row["grain"] == "month"]
    assert {row["status"] for row in withdrawn} <= {"suppressed", "low_n", "no_data"}


def test_people_who_withdraw_one_by_one_are_told_together_or_not_at_all(nights):
    before = nights.night()
    gone = []
    for each in ("a1", "a2", "a3", "a4"):
        gone.append(each)
        assert said(nights.night(without=gone)) == said(before)
    assert said(nights.night(without=[*gone, "a5"])) != said(before)


def test_a_release_is_held_against_every_earlier_one_and_not_only_the_last(nights):
    """Six of side b come in late and go again with one more: only the first and the third file tell who that was."""
    late = [f"b{number}" for number in range(1, 7)]
    nights.size = 14
    nights.rows = nights.program.world(3, months=3, size=14, a_week=200)
    first, second = nights.night(without=late), nights.night()
    assert said(second) != said(first)
    assert said(nights.night(without=[*late, "b7"])) == said(second)


def test_new_messages_of_the_same_people_change_a_month_that_is_out(nights):
    first = nights.night()
    extra = [
        nights.program.message(f"late{n}", f"{side}{1 + n % 7}", nights.program.at(5 + n % 20, 11, month=2), [f"{to}1"])
        for n, (side, to) in enumerate([("a", "b"), ("b", "a")] * 14)
    ]
    second = nights.night(rows=nights.rows + extra)
    key = (nights.program.alliance, "month", date(2026, 2, 1), "frequency", "both")
    assert said(second)[key][5] == said(first)[key][5] + len(extra)
    assert {row["status"] for row in second["indicator"]} & {"stale"} == set()


def test_somebody_who_keeps_consent_to_one_medium_only_counts_as_changed(nights):
    rows = [{**row, "medium": "chat"} if number % 2 else row for number, row in enumerate(nights.rows)]
    people = [each.upper() for each in nights.program.people(7)]
    both = [nights.program.consent(each, medium=medium) for each in people for medium in ("mail", "chat")]
    before = nights.night(rows=rows, consents=both)
    after = nights.night(
        rows=rows, consents=[each for each in both if (each["person"], each["medium"]) != ("A1", "chat")]
    )
    assert said(after) == said(before)


def test_a_renewed_consent_changes_nobody(nights):
    first = nights.night()
    people = [each.upper() for each in nights.program.people(7)]
    split = [
        nights.program.consent(each, **days)
        for each in people
        for days in ({"valid_until": date(2026, 2, 10)}, {"valid_from": date(2026, 1, 20)})
    ]
    assert nights.night(consents=split) == first


def test_a_month_is_not_out_until_it_is_over(nights):
    at = nights.program.run_at - timedelta(days=10)
    during = nights.night(run_at=at)
    assert [row for row in during["indicator"] if row["period"] == date(2026, 3, 1) and row["messages"]] == []
    assert {row["status"] for row in during["indicator"] if row["period"] == date(2026, 3, 1)} == {"low_n"}
    assert [row for row in nights.night()["indicator"] if row["period"] == date(2026, 3, 1) and row["messages"]]


def test_what_is_left_out_does_not_tell_how_much_somebody_wrote_who_withdrew(nights):
    def left_out(**records):
        key = {"alliance": nights.program.alliance}
        return [
            {**key, "stage": "read", "reason": "bulk", "records": records["bulk"]},
            {**key, "stage": "consent", "reason": "no_consent", "records": records["no_consent"]},
        ]

    first, second = left_out(bulk=5, no_consent=40), left_out(bulk=6, no_consent=48)
    assert nights.night(left_out=first)["left_out"] == first
    assert nights.night(left_out=second)["left_out"] == left_out(bulk=10, no_consent=50)
    third = nights.night(without=["a1"], left_out=left_out(bulk=7, no_consent=93))["left_out"]
    assert [row["records"] for row in third] == [10, 50]


def test_a_withheld_number_keeps_its_status_when_the_only_person_behind_it_withdraws(nights):
    """Suppressed, then no_data, would tell that one person had been all there was."""

    def states(found):
        return {
            tuple(row[name] for name in ("period", "indicator", "direction")): row["status"]
            for row in found["indicator"]
            if row["value"] is None and row["messages"] is None and row["grain"] == "month"
        }

    alone = [row for row in nights.rows if row["sent_at"].month != 1 or row["author"] == "a1"]
    before = nights.night(rows=alone)
    assert "suppressed" in {status for key, status in states(before).items() if key[0] == date(2026, 1, 1)}
    assert states(nights.night(rows=alone, without=["a1"])) == states(before)


def test_late_answers_are_told_only_as_a_group(nights):
    before = nights.night()
    answer = next(row for row in nights.fields["surveys"] if row["period"] == date(2026, 2, 1))
    one = [*nights.fields["surveys"], {**answer, "value": 1.0}]
    assert said(nights.night(surveys=one), "survey") == said(before, "survey")
    three = [*one, {**answer, "value": 2.0}, {**answer, "value": 1.0}]
    assert said(nights.night(surveys=three), "survey") != said(before, "survey")


def test_a_month_that_retention_is_taking_away_is_not_told_day_by_day(nights):
    nights.rows = nights.program.world(1, months=3, a_week=300)
    january = {key: numbers for key, numbers in said(nights.night(retention_months=3)).items() if key[2].month == 1}
    assert january
    later = said(nights.night(retention_months=3, run_at=nights.program.run_at + timedelta(days=25)))
    assert {key: later.get(key) for key in january} == january


def test_what_was_released_for_fewer_people_than_are_asked_for_now_is_withheld(nights):
    nights.night()
    found = nights.night(without=["a1"], min_people=8)
    assert {row["status"] for row in found["indicator"]} <= {"suppressed", "no_data", "low_n"}
    assert said(found) == {}


def test_an_alliance_that_has_left_the_program_is_not_shown_from_memory(nights):
    nights.night()
    other = replace(nights.program.alliance_input(), id="other")
    assert said(nights.night(rows=[dict(nights.rows[0], alliance="other")], alliances=(other,))) == {}


def test_a_person_can_be_told_where_their_digest_is_held(nights):
    nights.night()
    held = Memory(SECRET, nights.memory.after)
    months = {name.split("/")[2] for name in held.naming(nights.program.alliance, "A1")}
    assert "2026-02-01" in months
    assert held.naming(nights.program.alliance, "NOBODY") == []


def test_the_memory_holds_no_pseudonym_and_no_digest_of_anybody_erased(nights, tmp_path):
    nights.night()
    nights.memory.save(tmp_path / "released", "one")
    of_a1 = nights.memory.digest(nights.program.alliance, "A1")
    written = (tmp_path / "released" / "one.json").read_text()
    assert of_a1 in written
    assert not any(f'"{each}"' in written or f'"{each.upper()}"' in written for each in nights.program.people(7))
    nights.night(without=["a1"])
    nights.memory.save(tmp_path / "released", "two")
    forget_others(tmp_path / "released", "two")
    assert not any(of_a1 in file.read_text() for file in (tmp_path / "released").iterdir())
    assert [oct(path.stat().st_mode)[-3:] for path in (tmp_path / "released", *(tmp_path / "released").iterdir())] == [
        "700",
        "600",
    ]


def test_the_memory_of_the_published_file_is_what_a_night_starts_from(nights, tmp_path):
    nights.night()
    nights.memory.save(tmp_path, "published")
    nights.night(without=["a1", "a2", "a3", "a4", "a5"])
    nights.memory.save(tmp_path, "killed before it was published")
    again = Memory.load(tmp_path, "published", SECRET)
    nights.memory = Memory(SECRET, {}, again.blocks)
    assert said(nights.night(without=["a1"])) == said(
        {"indicator": [r for b in again.blocks.values() for r in b.rows.get("indicator", [])]}
    )
    assert Memory.load(tmp_path, "lost", SECRET).blocks
    assert Memory.load(tmp_path / "nowhere", "", SECRET).blocks == {}
    json.loads((tmp_path / "published.json").read_text().partition("\n")[2])


def test_a_damaged_memory_stops_the_night_and_is_never_taken_for_none(tmp_path):
    whole = sealed(b'{"block": {"releases": [], "rows": {}, "least": 5}}')
    (tmp_path / "published.json").write_bytes(whole)
    assert Memory.load(tmp_path, "published", SECRET).blocks["block"].least == 5
    (tmp_path / "published.json").write_bytes(whole.replace(b'"least": 5', b'"least": 6'))
    with pytest.raises(BadMemory, match=r"published\.json"):
        Memory.load(tmp_path, "published", SECRET)
    (tmp_path / "published.json").write_text('{"torn": ')
    with pytest.raises(BadMemory, match=r"published\.json"):
        Memory.load(tmp_path, "published", SECRET)


def test_two_files_around_a_withdrawal_tell_no_more_than_a_guess(program):
    """An attacker who holds both files and knows who withdrew works out that person's messages of each month."""
    attacked, guessed = [], []
    for seed in range(3):
        rows = program.world(seed, months=3)
        nights = Nights(program, rows)
        before, after = said(nights.night()), said(nights.night(without=["a1"]))
        for key, numbers in before.items():
            if key[3:] == ("frequency", "a_to_b"):
                own = sum(r["author"] == "a1" and r["sent_at"].date().replace(day=1) == key[2] for r in rows)
                blind = numbers[5] / numbers[3]
                told = numbers[5] - after[key][5]
                attacked.append(abs((told or blind) - own))
                guessed.append(abs(blind - own))
    assert len(guessed) >= 9
    assert median(attacked) >= median(guessed)


def test_without_the_freeze_the_same_attack_succeeds(program):
    """So that the test above can fail."""
    rows = program.world(1, months=3)
    open_to_all = program.inputs(rows, size=7)
    kept = [program.consent(each.upper()) for each in program.people(7) if each != "a1"]
    before = said(tables(open_to_all))
    after = said(tables(program.inputs([row for row in rows if row["author"] != "a1"], size=7, consents=kept)))
    key = (program.alliance, "month", date(2026, 2, 1), "frequency", "a_to_b")
    own = sum(row["author"] == "a1" and row["sent_at"].month == 2 for row in rows)
    assert before[key][5] - after[key][5] == own > 0


def test_no_night_of_a_changing_roster_fails_its_audit(nights):
    before = nights.night()
    for gone in (["a1"], ["a1", "b2"], ["a1", "b2", "b3", "b4", "b5", "b6"], []):
        after = nights.night(without=gone)
        assert audit(after, before, nights.memory) == []
        before = after


@pytest.fixture
def three_exports(nights):
    """Return the rows of three nights: mails of six of side a, of six others, and of both with one more."""
    nights.size = 13
    every = nights.program.world(3, months=3, size=13, a_week=250)
    first, second = ([f"a{n}" for n in own] for own in (range(1, 7), range(7, 13)))
    theirs = [row for row in every if row["author"][0] == "b"]
    return [
        [*theirs, *(row for row in every if row["author"] in own)] for own in (first, second, [*first, *second, "a13"])
    ]


def counts_of(found):
    """Return key -> messages of all months that say anything of them, one indicator a kind of message."""
    return {key: values[5] for key, values in said(found).items() if key[3] == "frequency" and key[4] == "a_to_b"}


def test_three_releases_of_which_any_two_lie_far_apart_do_not_leave_one_person_over(nights, three_exports):
    """Third minus first minus second would be what a13 wrote; all of them consent all the time."""
    first, second, third = (counts_of(nights.night(rows=rows)) for rows in three_exports)
    assert second != first, "whole groups came and went"
    assert third == second


def test_without_looking_at_all_releases_together_one_person_would_be_left_over(nights, three_exports, monkeypatch):
    """So that the test above can fail: pairwise, the third release is far enough from both others."""
    monkeypatch.setattr("warehouse.memory.come_down_to_few", lambda releases, least: False)
    first, second, third = (counts_of(nights.night(rows=rows)) for rows in three_exports)
    own = [row for row in three_exports[2] if row["author"] == "a13"]
    months = [key for key in first if key in second and key in third and first[key] and second[key] and third[key]]
    assert months
    for key in months:
        wrote = sum(row["sent_at"].date().replace(day=1) == key[2] for row in own)
        assert third[key] - first[key] - second[key] == wrote
