"""Who stands behind each block of published numbers tonight, as digests."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from warehouse.candidate import definitions
from warehouse.inputs import SIDES, BuildInputs
from warehouse.memory import Memory, Party, counted

Row = dict[str, Any]
PACE, MOVE, COVERAGE, NOW, SURVEY, BASELINE = "pace", "move", "coverage", "now", "survey", "baseline"
"""Kinds of blocks beside the kinds of contributions."""

AGAINST_BASELINE = ("frequency_change", "tone_change", "depth_index")
"""Indicators that everybody stands behind who contributed up to their month."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Which block: an alliance's period and kind of contribution. `start` is the first day of the period."""

    alliance: str
    grain: str
    start: date
    kind: str

    @property
    def name(self) -> str:
        """Return it as one word."""
        return f"{self.alliance}/{self.grain}/{self.start}/{self.kind}"

    @classmethod
    def named(cls, name: str) -> "Place":
        """Return the place of a name."""
        alliance, grain, start, kind = name.split("/")
        return cls(alliance, grain, date.fromisoformat(start), kind)

    @property
    def end(self) -> date:
        """Return the first day after the period; what is not of a period is always over."""
        if self.grain == NOW:
            return date.min
        months = 3 if self.grain == "quarter" else 1
        return moved(self.start, months)

    def months(self) -> list["Place"]:
        """Return the months of a quarter, none for anything else."""
        if self.grain != "quarter":
            return []
        return [
            Place(self.alliance, "month", self.start.replace(month=self.start.month + n), self.kind) for n in range(3)
        ]


def reach(place: Place) -> tuple[date, date]:
    """Return the first day, and the day after the last, whose messages can move the numbers of a block.

    A request of the months before decides whether something was shared unasked, a thread begun or soured then belongs
    to then; repair waits for what follows; and what is compared with a baseline rests on everything before.
    """
    if place.kind == PACE:
        return date.min, place.end
    return moved(place.start, -2), moved(place.end, 2 if place.kind == "repair" else 0)


def moved(month: date, by: int) -> date:
    """Return the first day of the month that lies so many months later."""
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)


def place_of(table: str, row: Row) -> Place:
    """Return the block that a row of a published table belongs to."""
    if table in ("coverage", "left_out"):
        return Place(row["alliance"], NOW, date.min, COVERAGE)
    kinds = {"transition": MOVE, "survey": SURVEY, "coverage_month": COVERAGE}
    kind = kinds.get(table, PACE)
    if table == "indicator" and row["indicator"] not in AGAINST_BASELINE:
        kind = _kind(definitions()[row["indicator"]].kind)
    return Place(row["alliance"], row.get("grain", "month"), row["period"], kind)


def _kind(kind: str) -> str:
    """Return the kind of block; requests and their answers are counted from each other and change together."""
    return "request" if kind == "answer" else kind


def answers_in(place: Place, slot: str, party: Party) -> Iterator[Row]:
    """Yield the survey answers that a party of a survey's block stands for."""
    side, dimension = slot.split("/")
    for each in party:
        value, comment = each.split("#")[0].split("/")
        row = {"alliance": place.alliance, "period": place.start, "side": side, "dimension": dimension}
        yield {**row, "value": float(value), "has_comment": comment == "1"}


class People:
    """Who stands behind every block tonight."""

    def __init__(self, contributors: Iterable[Row], inputs: BuildInputs, memory: Memory) -> None:
        self._inputs, self._memory = inputs, memory
        self._found: dict[Place, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._monthly: dict[str, set[Place]] = defaultdict(set)
        for row in contributors:
            place = Place(row["alliance"], row["grain"], row["period"], _kind(row["kind"]))
            self._found[place][f"{row['kind']}/{row['direction']}/{row['side']}"].add(row["person"])
            if row["grain"] == "month":
                self._monthly[row["alliance"]].add(place)
        self._days: dict[tuple[str, str], list[tuple[str, date, date]]] = defaultdict(list)
        for row in inputs.identities:
            self._days[row["alliance"], row["person"]].append(("", row["valid_from"], row["valid_until"]))
        for row in inputs.consents:
            self._days[row["alliance"], row["person"]].append((row["medium"], row["valid_from"], row["valid_until"]))

    def known(self) -> set[str]:
        """Return the digests of everybody who consents tonight."""
        return {self._memory.digest(row["alliance"], row["person"]) for row in self._inputs.consents}

    def behind(self, place: Place) -> dict[str, Party]:
        """Return slot -> the digests of those who stand behind a block."""
        if place.kind == SURVEY:
            return self._answers(place)
        if place.kind == COVERAGE:
            return self._roster(place)
        first, end = reach(place)
        slots = {**self._found.get(place, {}), **self._near(place.alliance, first, end)}
        return {
            slot: {self._memory.digest(place.alliance, each): self._covered(place, each, first, end) for each in found}
            for slot, found in slots.items()
        }

    def _near(self, alliance: str, first: date, end: date) -> dict[str, set[str]]:
        """Return side -> everybody who contributed to the months of a reach."""
        slots: dict[str, set[str]] = defaultdict(set)
        for place in self._monthly[alliance]:
            if first <= place.start < end:
                for slot, people in self._found[place].items():
                    slots[slot[-1]] |= people
        return slots

    def _covered(self, place: Place, person: str, first: date, end: date) -> str:
        """Return a digest of the days of a reach on which a person is on the roster, and consents, by medium."""
        merged: list[tuple[str, date, date]] = []
        for medium, start, until in sorted(self._days[place.alliance, person]):
            start, until = max(start, first), min(until, end)
            if start < until:
                if merged and merged[-1][0] == medium and start <= merged[-1][2]:
                    start, until = merged[-1][1], max(merged[-1][2], until)
                    merged.pop()
                merged.append((medium, start, until))
        return self._memory.digest(place.alliance, merged)

    def _answers(self, place: Place) -> dict[str, Party]:
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._inputs.surveys:
            if (row["alliance"], row["period"]) == (place.alliance, place.start):
                found[f"{row['side']}/{row['dimension']}"].append(f"{row['value']}/{row['has_comment']:d}")
        return {slot: counted(answers) for slot, answers in found.items()}

    def _roster(self, place: Place) -> dict[str, Party]:
        first, end = (place.start, place.end) if place.grain != NOW else (date.min, date.max)

        def valid(row: Row) -> bool:
            return bool(row["alliance"] == place.alliance and row["valid_from"] < end and row["valid_until"] > first)

        agreed = {row["person"] for row in self._inputs.consents if valid(row)}
        parties = {}
        for side in SIDES:
            known = {row["person"] for row in self._inputs.identities if valid(row) and row["side"] == side}
            parties[f"known/{side}"] = counted([side] * len(known))
            parties[f"agreed/{side}"] = counted([side] * len(known & agreed))
        return parties
