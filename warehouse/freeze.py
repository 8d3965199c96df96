"""The freeze: a published number stays as it is until nobody, or at least the minimum group, behind it has changed.

Months and quarters are released when they are over; see docs/decisions/0008.
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from warehouse.contributors import BASELINE, COVERAGE, NOW, PACE, SURVEY, People, Place, answers_in, place_of, reach
from warehouse.gate import LOW_N, OK, STALE, SUPPRESSED
from warehouse.inputs import BuildInputs
from warehouse.memory import Behind, Block, Memory, Party

Row = dict[str, Any]
Rows = list[Row]
Period = tuple[str, str, date]

KEYS = {
    "indicator": ("indicator", "direction"),
    "transition": ("from_level", "to_level"),
    "velocity": (),
    "velocity_component": ("component",),
    "survey": ("side", "dimension"),
    "coverage": ("side",),
    "coverage_month": (),
    "left_out": ("stage", "reason"),
}
"""Table -> what tells its rows apart within a block."""

NUMBERS = {
    "indicator": ("value", "low", "high", "people_a", "people_b", "messages", "coverage"),
    "transition": ("share", "threads"),
    "velocity": ("rvi", "low", "high", "state", "coordination_trap", "depth", "sign_stability"),
    "velocity_component": ("z",),
    "survey": ("value", "low", "high", "answers", "comments"),
    "coverage": ("known", "consented", "coverage"),
    "coverage_month": ("coverage",),
    "left_out": ("records",),
}
"""Table -> the columns that say something about people."""


class Freeze:
    """What of tonight's numbers may be released; without a memory, everything."""

    def __init__(self, contributors: Rows, inputs: BuildInputs) -> None:
        self._inputs = inputs
        self._memory = inputs.memory or Memory()
        self._people = People(contributors, inputs, self._memory)
        self._oldest = (inputs.run_at - timedelta(days=round(30.44 * inputs.retention_months))).date()
        self._behind: dict[Place, dict[str, Party]] = {}
        self._before = self._remembered()
        self._held = {place for place, block in self._before.items() if self._holds(place, block)}
        self._held |= {place for place in self._before if self._waits(place)}
        self._stale = {
            _marks(place) for place in self._held if not self._aged(place) and place.kind not in (PACE, "repair")
        }
        self._memory.after = {
            place.name: Block(block.releases, block.rows if place in self._held else {}, block.least)
            for place, block in self._before.items()
        }

    def _remembered(self) -> dict[Place, Block]:
        """Return the blocks that retention still covers, without the digests of anybody who does not consent now.

        Alliances that the program has no more, and messages that it reads no more, are not shown from memory either.
        """
        known = self._people.known()
        read = {"": True, **{each.id: each.text_read for each in self._inputs.alliances}}
        found = {}
        for name, block in self._memory.blocks.items():
            place = Place.named(name)
            wanted = read.get(place.alliance) or (place.alliance in read and place.kind in (SURVEY, COVERAGE))
            if wanted and place.kind != BASELINE and (place.grain == NOW or place.end > self._oldest):
                releases = [{slot: each.without(known) for slot, each in one.items()} for one in block.releases]
                found[place] = Block(releases, block.rows, block.least)
        return found

    def _holds(self, place: Place, block: Block) -> bool:
        return self._aged(place) or not block.may_become(self._now(place), self._least(place))

    def _least(self, place: Place) -> int:
        return self._inputs.min_answers if place.kind == SURVEY else self._inputs.min_people

    def _now(self, place: Place) -> dict[str, Party]:
        if place not in self._behind:
            self._behind[place] = self._people.behind(place)
        return self._behind[place]

    def _aged(self, place: Place) -> bool:
        """Whether retention has begun to take rows away: from then on each night would tell a day from the others."""
        first = place.start if place.kind in (PACE, SURVEY, COVERAGE) else reach(place)[0]
        return place.grain != NOW and first < self._oldest

    def _waits(self, place: Place) -> bool:
        """Whether a quarter has a month that is held: both must come from the same messages."""
        return any(month in self._held for month in place.months())

    def hold(self, table: str, found: Rows) -> Rows:
        """Return the rows of a published table as they may be released tonight."""
        if self._inputs.memory is None:
            return found
        blocks: dict[Place, Rows] = defaultdict(list)
        for row in found:
            blocks[place_of(table, row)].append(row)
        for place in self._held:
            if table in self._before[place].rows:
                blocks.setdefault(place, [])
        return [row for place, own in blocks.items() for row in self._released(table, place, own)]

    def coverage(self, found: dict[Period, float]) -> dict[Period, float]:
        """Return (alliance, grain, period) -> the coverage that may be shown beside the numbers of a period."""
        names = ("alliance", "grain", "period")
        rows = [{**dict(zip(names, key, strict=True)), "coverage": share} for key, share in found.items()]
        return {
            (row["alliance"], row["grain"], row["period"]): row["coverage"] for row in self.hold("coverage_month", rows)
        }

    def answers(self) -> Rows:
        """Return the survey answers that are released: every mean, spread and gap is made from these alone."""
        if self._inputs.memory is None:
            return self._inputs.surveys
        waves = {Place(row["alliance"], "month", row["period"], SURVEY) for row in self._inputs.surveys}
        waves |= {place for place in self._before if place.kind == SURVEY}
        return [answer for place in sorted(waves) for answer in self._answers_of(place)]

    def _answers_of(self, place: Place) -> Rows:
        if place not in self._held:
            return [
                row for row in self._inputs.surveys if (row["alliance"], row["period"]) == (place.alliance, place.start)
            ]
        released = self._before[place].releases[-1]
        return [answer for slot, behind in released.items() for answer in answers_in(place, slot, behind.party)]

    def _released(self, table: str, place: Place, own: Rows) -> Rows:
        if place.end > self._inputs.run_at.date() and place.kind != SURVEY:
            return [_blank(table, row, LOW_N) for row in own if place.grain == "month" and table != "transition"]
        if place in self._held:
            kept = self._before[place].rows.get(table, [])
            if self._before[place].least < self._least(place):  # released when the program asked for fewer people
                return [_blank(table, row, SUPPRESSED) for row in kept]
            return self._marked(place, kept)
        if self._waits(place):
            return []
        if place in self._before:
            own = _as_withheld_before(table, own, self._before[place].rows.get(table, []))
        self._keep(table, place, own)
        return self._marked(place, own) if place in self._before else own

    def _keep(self, table: str, place: Place, own: Rows) -> None:
        """Remember rows that are released now, and who stands behind them when they say anything."""
        block = self._memory.after.setdefault(place.name, Block())
        block.rows[table] = own
        if any(says(table, row) for row in own):
            behind = {slot: Behind(party) for slot, party in self._now(place).items()}
            block.release(behind, self._least(place))

    def _marked(self, place: Place, own: Rows) -> Rows:
        """Return released rows, stale where something waits.

        All of an alliance's numbers that were out before wait together: which of them would change tells when somebody
        was there.
        """
        if _marks(place) not in self._stale:
            return own
        return [{**row, "status": STALE} if row.get("status") == OK else row for row in own]


def _marks(place: Place) -> object:
    return place if place.kind in (COVERAGE, SURVEY) else place.alliance


def says(table: str, row: Row) -> bool:
    """Whether a row shows any number."""
    return any(row.get(name) is not None for name in NUMBERS[table])


def key_of(table: str, row: Row) -> tuple[object, ...]:
    """Return what tells a row from the others of its block."""
    return tuple(row[name] for name in KEYS[table])


def _as_withheld_before(table: str, own: Rows, before: Rows) -> Rows:
    """Return rows that say nothing with the status that they had: suppressed turned no_data would be one person's."""
    silent = {key_of(table, row): row for row in before if not says(table, row)}
    return [row if says(table, row) else silent.get(key_of(table, row), row) for row in own]


def _blank(table: str, row: Row, status: str) -> Row:
    """Return a row without its numbers."""
    return {**row, **dict.fromkeys(NUMBERS[table]), "status": status}
