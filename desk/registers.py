"""What partners keep beside messages: the light question, the scorecard, reciprocity, and months around each pivot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desk.figures import NOTHING, counted, day, interval, month, plain, signed
from desk.reading import Alliance, Row
from desk.strip import Mark, Strip, strip
from desk.words import readable, term, words

POINTS = 2.0
"""Points to either side that a change of a survey score is drawn on."""


@dataclass(frozen=True, slots=True)
class Light:
    """One side's answer to the light question at its place on the scale 1 to 5, beside the full questionnaire."""

    partner: str
    side: str
    asked: str
    strip: Strip
    text: str
    words: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the scorecard; `share` is how much of the target is reached, in percent, None without one."""

    name: str
    perspective: str
    when: str
    value: str
    target: str
    share: float | None
    met: bool | None


@dataclass(frozen=True, slots=True)
class Reciprocity:
    """One item that both sides answer about themselves."""

    name: str
    strip: Strip
    text: str
    equally: bool | None


@dataclass(frozen=True, slots=True)
class Around:
    """One pivot: what the survey said before and after it, in pictures, and what was measured, in figures.

    `note` says what is missing or stands beside it.
    """

    title: str
    note: str
    said: list[tuple[str, Strip, str]]
    measured: list[tuple[str, str, str, str]]


@dataclass(frozen=True, slots=True)
class Registers:
    """The section on what partners keep."""

    light_month: str
    light: list[Light]
    scorecard: list[Item]
    reciprocity: list[Reciprocity]
    pivots: list[Around]

    @property
    def kept(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.light or self.scorecard or self.reciprocity or self.pivots)


def registers(alliance: Alliance) -> Registers:
    """Return the section of an alliance; empty lists where nothing is kept."""
    light = alliance.rows("light_question")
    newest = max((row["period"] for row in light), default=None)
    agreed = {row["level"]: str(row["words"]) for row in alliance.rows("anchor", dimension="overall")}
    days = sorted({(row["on_date"], row["kind"]) for row in alliance.rows("pivot_change")})
    return Registers(
        light_month=month(newest) if newest else "",
        light=[_light(row, alliance, agreed) for row in sorted(light, key=_side) if row["period"] == newest],
        scorecard=[_item(row, alliance) for row in sorted(alliance.rows("scorecard_latest"), key=_perspective)],
        reciprocity=[_reciprocity(row, alliance) for row in sorted(alliance.rows("reciprocity"), key=_named)],
        pivots=[_around(alliance.rows("pivot_change", on_date=on, kind=kind)) for on, kind in days],
    )


def _side(row: Row) -> str:
    return str(row["side"])


def _named(row: Row) -> str:
    return str(row["item"])


def _light(row: Row, alliance: Alliance, agreed: dict[float, str]) -> Light:
    light, asked_in_full = Mark("light question", row["side"], row["on_five"]), row["full_mean"]
    marks = [light, Mark("full questionnaire", "survey", asked_in_full)]
    full = f", full questionnaire {plain(asked_in_full)}" if asked_in_full is not None else ""
    level = {1: 1.0, 3: 5.5, 5: 10.0}[row["level"]]
    return Light(
        partner=alliance.partners[row["side"]],
        side=row["side"],
        asked=f"{plain(row['value'], 1)} of 10",
        strip=strip(marks, bottom=1.0, top=5.0),
        text=f"{plain(row['on_five'])}{full}",
        words=agreed.get(level, ""),
    )


def _perspective(row: Row) -> tuple[object, ...]:
    order = ("financial", "market", "operational", "organisational")
    return order.index(row["perspective"]), row["item"], row["side"]


def _item(row: Row, alliance: Alliance) -> Item:
    value, target, before = row["value"], row["target"], row["value_before"]
    whose = f" ({alliance.partners[row['side']]})" if row["side"] else ""
    return Item(
        name=f"{readable(row['item'])}{whose}",
        perspective=term("perspective", row["perspective"]),
        when=month(row["on_date"]),
        value=f"{_short(value)}{f', before {_short(before)}' if before is not None else ''}",
        target=NOTHING
        if target is None
        else f"{'at most' if row['better'] == 'lower' else 'at least'} {_short(target)}",
        share=_reached(value, target, row["better"]),
        met=row["met"],
    )


def _short(value: float) -> str:
    return plain(value, 0 if float(value).is_integer() else 1)


def _reached(value: float, target: float | None, better: str) -> float | None:
    """Return how much of a target is reached, 0 to 100; None where a share would say nothing."""
    part, whole = (target, value) if better == "lower" else (value, target)
    if part is None or whole is None or part < 0 or whole <= 0:
        return None
    return round(min(100 * part / whole, 100.0), 1)


def _reciprocity(row: Row, alliance: Alliance) -> Reciprocity:
    marks = [Mark(alliance.partners[side], side, row[f"value_{side}"]) for side in "ab"]
    said = {True: "equally important", False: "not equally important"}.get(row["equally"], "one side is missing")
    return Reciprocity(
        name=readable(row["item"]),
        strip=strip(marks, bottom=1.0, top=5.0),
        text=f"{plain(row['value_a'], 1)} and {plain(row['value_b'], 1)}: {said}",
        equally=row["equally"],
    )


def _around(rows: Sequence[Row]) -> Around:
    first = rows[0]
    told = sorted((row for row in rows if row["difference"] is not None), key=_place)
    return Around(
        title=f"{readable(first['kind'])}, {day(first['on_date'])}",
        note=" ".join(_notes(first, told)),
        said=[_said(row) for row in told if row["source"] == "survey"],
        measured=[_measured(row) for row in told if row["source"] == "indicator"],
    )


def _place(row: Row) -> tuple[int, str]:
    names = list(words()["dimension"])
    return (names.index(row["series"]) if row["series"] in names else len(names)), row["series"]


def _notes(first: Row, told: Sequence[Row]) -> Iterator[str]:
    if not told:
        yield "Too few months before or after it can be compared yet: three are needed on each side."
    elif not first["whole_time"]:
        yield "Its six months are not over yet."
    if first["other_pivots"]:
        yield f"{counted(first['other_pivots'], 'other month')} with a pivot lies within the same time."


def _said(row: Row) -> tuple[str, Strip, str]:
    """Return a survey score, its change on a scale around zero (overall in points of 1 to 5), and the same in words."""
    scale = 2.25 if row["series"] == "overall" else 1.0
    parts = [row[name] / scale for name in ("difference", "low", "high")]
    css = {"rose": "deepening", "fell": "declining"}.get(row["outcome"], "undetermined")
    mark = Mark("after minus before", css, *parts)
    return term("dimension", row["series"]), strip([mark], bottom=-POINTS, top=POINTS), _change(row)


def _measured(row: Row) -> tuple[str, str, str, str]:
    name = (
        term("component", row["series"]) if row["series"] in words()["component"] else term("indicator", row["series"])
    )
    return name, plain(row["before"]), plain(row["after"]), _change(row)


def _change(row: Row) -> str:
    return f"{signed(row['difference'])} ({interval(row['low'], row['high'], 'signed')})"
