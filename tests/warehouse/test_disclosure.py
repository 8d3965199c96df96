"""Random worlds, two nights each: what an attacker who keeps both files can work out, checked against what is true.

A world is one small alliance of three months; many are built at once. Between the nights some people of it withdraw.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from warehouse import Memory
from warehouse.assembly import tables
from warehouse.auditor import audit, determined
from warehouse.candidate import definitions
from warehouse.disclosure import with_two_hidden, without_telling_quarters

MONTHS = [date(2026, month, 1) for month in (1, 2, 3)]
LEAST, SIDES, WAYS = 5, "ab", ("a_to_b", "b_to_a")
COUNTED = ("frequency", "tone", "unsolicited", "answer_within_day", "evaded")
"""One indicator of each kind; a count stands in all of its kind."""


class Worlds:
    """Fictional alliances `w0` .. with 3 to 9 people a side, of whom one often writes most."""

    def __init__(self, program, seed, size):
        self.program, self.rng = program, np.random.default_rng(seed)
        self.names = [f"w{number}" for number in range(size)]
        self.people = {name: [f"{s}{n}" for s in SIDES for n in range(1, self.draw(3, 9) + 1)] for name in self.names}
        self.rows = [row for name in self.names for row in self.messages(name)]
        self.gone = {name: set(self.rng.permutation(self.people[name])[: self.draw(0, 8)]) for name in self.names}

    def draw(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def messages(self, name):
        busy, chatty, people = self.draw(1, 9), self.draw(1, 5), self.people[name]
        for month in (1, 2, 3):
            quiet = self.rng.random() * 0.6
            for each in people:
                if self.rng.random() < quiet:
                    continue
                for number in range(self.draw(1, chatty) * (busy if each in ("a1", "b2") else 1)):
                    yield self.message(name, month, each, f"{name}-{month}-{each}-{number}")

    def message(self, name, month, author, key):
        other = [each for each in self.people[name] if each[0] != author[0]]
        labels = {f"says_{head}": self.draw(0, 1) for head in ("shares", "seeks", "social", "commits")}
        return self.program.message(
            key,
            author,
            datetime(2026, month, self.draw(1, 28), self.draw(8, 17), tzinfo=UTC),
            [other[self.draw(0, len(other) - 1)]],
            alliance=name,
            thread_key=f"{name}-{self.draw(0, 12)}",
            **labels,
        )

    def inputs(self, gone):
        """Return what a night reads when some are gone: alliance -> pseudonyms."""
        there = [(name, each) for name in self.names for each in self.people[name] if each not in gone.get(name, ())]
        everybody = [(name, each) for name in self.names for each in self.people[name]]
        return self.program.inputs(
            [row for row in self.rows if row["author"] not in gone.get(row["alliance"], ())],
            alliances=tuple(replace(self.program.alliance_input(), id=name) for name in self.names),
            identities=[self.program.identity(each, each[0], alliance=name) for name, each in everybody],
            consents=[self.program.consent(each.upper(), alliance=name) for name, each in there],
        )

    def nights(self):
        """Return the tables of both nights and who is gone in each."""
        first, second = Memory(), Memory()
        before = tables(replace(self.inputs({}), memory=first))
        second.blocks = first.after
        return [({}, before), (self.gone, tables(replace(self.inputs(self.gone), memory=second)))]


def authors(worlds, gone):
    """Return (alliance, month, side) -> person -> messages across the boundary of those who are not gone."""
    found = defaultdict(lambda: defaultdict(int))
    for row in worlds.rows:
        if row["author"] not in gone.get(row["alliance"], ()):
            found[row["alliance"], row["sent_at"].date().replace(day=1), row["author"][0]][row["author"]] += 1
    return found


def leaks(worlds):
    """Return everything that an attacker gets, or that breaks a promise."""
    nights = worlds.nights()
    found = [line for _, files in nights for line in audit(files)]
    for gone, files in nights:
        true = authors(worlds, gone)
        found += [row for row in files["indicator"] if row["status"] == "ok" and not enough(row, true)]
        found += [row for row in files["indicator"] if row["status"] == "ok" and dominated(row, true)]
        found += subtracted(files["indicator"])
        found += lone_components(files["velocity_component"])
    return [*found, *told_apart(worlds, *nights)]


def months_of(grain, period, indicator):
    """Return when those wrote who stand behind a number; a request is answered, and a thread repaired, later too."""
    later = grain == "quarter" or definitions()[indicator].kind in ("request", "answer", "repair")
    return [month for month in MONTHS if month >= period] if later else [period]


def enough(row, true):
    months = months_of(row["grain"], row["period"], row["indicator"])
    people = [set().union(*(true[row["alliance"], month, side] for month in months)) for side in SIDES]
    return min(map(len, people)) >= LEAST


def dominated(row, true):
    """Whether a shown count of messages is mostly that of one or two people of a side."""
    if row["indicator"] not in ("frequency", "tone") or row["messages"] is None:
        return False
    sides = [sorted(true[row["alliance"], row["period"], side].values()) for side in SIDES]
    return any(own[-1] > 0.5 * sum(own) or sum(own[-2:]) > 0.85 * sum(own) for own in sides)


def subtracted(indicators):
    """Return withheld counts that are a shown one minus shown ones: of directions, or of months in their quarter."""
    counts, none = {}, set()
    for row in indicators:
        if row["indicator"] in COUNTED:
            key = row["alliance"], row["indicator"], row["grain"], row["period"], row["direction"]
            counts[key] = row["messages"]
            none |= {key} if row["status"] == "no_data" else set()
    for key in list(counts):
        alliance, indicator, grain, period, way = key
        parts = [(alliance, indicator, grain, period, each) for each in WAYS] if way == "both" else []
        if grain == "quarter":
            parts = [(alliance, indicator, "month", month, way) for month in MONTHS]
        hidden = [each for each in (key, *parts) if counts.get(each) is None and each not in none]
        if parts and len(hidden) == 1 and not (way == "both" and none & set(parts)):
            yield key, hidden


def lone_components(components):
    months = defaultdict(list)
    for row in components:
        months[row["alliance"], row["period"]].append(row)
    alone = (own for own in months.values() if sum(row["status"] == "suppressed" for row in own) == 1)
    return [own for own in alone if any(row["z"] is not None for row in own)]


def told_apart(worlds, before, after):
    """Return numbers shown on both nights that differ although one to four people of a side came or went."""
    shown = [
        {tuple(row[name] for name in KEY): row for row in files["indicator"] if row["messages"] is not None}
        for _, files in (before, after)
    ]
    true = [authors(worlds, gone) for gone, _ in (before, after)]
    for key in shown[0].keys() & shown[1].keys():
        numbers = [
            [each[key][name] for name in ("value", "people_a", "people_b", "messages", "coverage")] for each in shown
        ]
        months = months_of(*key[1:4])
        for side in SIDES:
            first, second = (set().union(*(each[key[0], month, side] for month in months)) for each in true)
            if numbers[0] != numbers[1] and len(first ^ second) in range(1, LEAST):
                yield key, numbers


KEY = ("alliance", "grain", "period", "indicator", "direction")


@pytest.mark.parametrize("seed", range(4))
def test_no_world_gives_anything_away(program, seed):
    assert leaks(Worlds(program, seed, 50)) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 300))
def test_none_of_ten_thousand_worlds_gives_anything_away(program, seed):
    assert leaks(Worlds(program, seed, 50)) == []


def test_the_attacker_finds_what_a_night_without_freeze_gives_away(program):
    """So that the tests above can fail."""
    worlds = Worlds(program, 0, 20)
    files = [(gone, tables(worlds.inputs(gone))) for gone in ({}, worlds.gone)]
    assert list(told_apart(worlds, *files))


class Comings:
    """Fictional alliances over five nights: groups of side a, and one person, are in the exports of a night or not.

    Everybody consents all the time, so that nothing but exports comes and goes.
    """

    groups = tuple([f"a{n}" for n in range(first, first + 5)] for first in (1, 6, 11))
    lone, theirs, nights = "a16", tuple(f"b{n}" for n in range(1, 7)), 5

    def __init__(self, program, seed, size):
        self.program, self.rng = program, np.random.default_rng(seed)
        self.names = [f"w{number}" for number in range(size)]
        self.present = [{name: self.some() for name in self.names} for _ in range(self.nights)]
        self.wrote = {(name, each): int(self.rng.integers(2, 6)) for name in self.names for each in self.everybody()}

    def everybody(self):
        return [*(each for group in self.groups for each in group), self.lone, *self.theirs]

    def some(self):
        chosen = [group for group in self.groups if self.rng.random() < 0.5] or [self.groups[0]]
        lone = [self.lone] if self.rng.random() < 0.4 else []
        return {*(each for group in chosen for each in group), *lone, *self.theirs}

    def tables(self):
        """Return the tables of each night, each with the memory of the one before."""
        memory, found = Memory(), []
        for present in self.present:
            memory = Memory(blocks=memory.after)
            found.append(tables(replace(self.inputs(present), memory=memory)))
        return found

    def inputs(self, present):
        people = [(name, each) for name in self.names for each in self.everybody()]
        rows = [
            self.program.message(
                f"{name}-{each}-{n}", each, datetime(2026, 2, 1 + n, tzinfo=UTC), ["b1" if each[0] == "a" else "a1"],
                alliance=name,
            )
            for name, each in people
            if each in present[name]
            for n in range(self.wrote[name, each])
        ]  # fmt: skip
        return self.program.inputs(
            rows,
            alliances=tuple(replace(self.program.alliance_input(), id=name) for name in self.names),
            identities=[self.program.identity(each, each[0], alliance=name) for name, each in people],
            consents=[self.program.consent(each.upper(), alliance=name) for name, each in people],
        )


def solved_for(comings, nights):
    """Return the alliances in which counts of several nights give what one person wrote, by solving for it."""
    for name in comings.names:
        known = {}
        for present, files in zip(comings.present, nights, strict=True):
            for row in files["indicator"]:
                if (row["alliance"], row["indicator"], row["direction"]) == (name, "frequency", "a_to_b"):
                    known.setdefault(row["messages"], present[name]) if row["messages"] else None
        people = sorted(each for each in comings.everybody() if each[0] == "a")
        matrix = np.array([[float(each in own) for each in people] for own in known.values()]).reshape(-1, len(people))
        alone = np.eye(len(people))[people.index(comings.lone)]
        if len(matrix) and np.linalg.matrix_rank(np.vstack([matrix, alone])) == np.linalg.matrix_rank(matrix):
            solution = np.linalg.lstsq(matrix.T, alone, rcond=None)[0] @ np.array(list(known))
            yield name, round(float(solution)) == comings.wrote[name, comings.lone]


@pytest.mark.parametrize("seed", range(2))
def test_no_person_is_left_over_from_the_numbers_of_five_nights(program, seed):
    comings = Comings(program, seed, 20)
    assert list(solved_for(comings, comings.tables())) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 130))
def test_no_person_is_left_over_in_any_of_six_hundred_worlds_of_five_nights(program, seed):
    comings = Comings(program, seed, 20)
    assert list(solved_for(comings, comings.tables())) == []


def test_without_looking_at_all_nights_together_persons_would_be_left_over(program, monkeypatch):
    """So that the tests above can fail."""
    monkeypatch.setattr("warehouse.memory.come_down_to_few", lambda releases, least: False)
    comings = Comings(program, 0, 20)
    found = list(solved_for(comings, comings.tables()))
    assert found
    assert all(right for _, right in found)


def test_what_follows_from_shown_numbers_is_found_by_linear_algebra():
    both, a, b, q, m = (("messages", "w", "month", MONTHS[0], "message", way) for way in ("both", "a", "b", "q", "m"))
    assert determined([(both, a, b)], {both, a}) == {b}
    assert determined([(both, a, b)], {both}) == set()
    assert determined([(both, a, b), (q, a, b)], {both, q}) == {a, b}
    assert determined([(both, a, b), (q, b, m)], {both, q, m}) == {a, b}


def row_of(indicator, grain, period, status, messages, way="a_to_b"):
    key = {"alliance": "w", "grain": grain, "period": period, "indicator": indicator, "direction": way}
    return {**key, "status": status, "messages": messages}


def test_a_quarter_with_a_withheld_month_is_left_out_for_every_indicator_of_its_kind():
    months = [row_of("answer_within_day", "month", month, "low_n", 20) for month in MONTHS]
    withheld = row_of("answer_within_day", "month", MONTHS[1], "suppressed", None, "b_to_a")
    quarters = [row_of(name, "quarter", MONTHS[0], "ok", 60) for name in ("answer_median_hours", "evaded")]
    assert without_telling_quarters([*months, *quarters]) == [*months, *quarters]
    assert without_telling_quarters([*months, withheld, *quarters]) == [*months, withheld, quarters[1]]


def test_no_component_is_withheld_alone():
    def components(**z):
        return [
            {"alliance": "w", "period": MONTHS[0], "component": name, "z": value, "weight": 1.0 + number}
            | {"status": "ok" if value is not None else "suppressed"}
            for number, (name, value) in enumerate(z.items())
        ]

    one = with_two_hidden(components(ties=0.5, coinvest=0.2, unsolicited=None, escalation=1.0))
    assert [row["status"] for row in one] == ["suppressed", "ok", "suppressed", "ok"]
    none = components(ties=0.5, coinvest=0.2)
    assert with_two_hidden([dict(row) for row in none]) == none
