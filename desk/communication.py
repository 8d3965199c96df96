"""How the two sides communicate, in five groups of charts with a sentence each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp

from desk.figures import UNBROKEN, interval, percent, plain, signed, with_interval, written
from desk.panel import DIRECTIONS, Panel, baseline, direction, form_of, indicator_panel, ways
from desk.reading import Alliance, Row, latest, when
from desk.words import readable, told, words

NOTICEABLE = 0.15
"""Change of ln frequency that is put into words: about 15 %."""

COMPARED = ("depth_substantive", "answer_within_day", "transparency", "evaded", "tone_change")
"""Indicators that the few sentences at the top compare with their baseline."""

UNCHARTED = {"frequency_change", "answer_ratio", "tone"}
"""Said in words beside the charts; the level of tone is never shown, only its change."""


@dataclass(frozen=True, slots=True)
class Group:
    """One aspect of communication: what it is, how it reads now, and its charts."""

    title: str
    explains: str
    reading: list[str]
    panels: list[Panel]


def communication(alliance: Alliance, months: Sequence[date], marks: Mapping[date, str]) -> list[Group]:
    """Return the groups that have any indicator, and last what a newer warehouse measures besides."""
    readings = {
        "frequency": _frequency,
        "depth": _depth,
        "responsiveness": _responsiveness,
        "transparency": _transparency,
        "tone": _tone,
    }
    groups = []
    for name, about in words()["group"].items():
        found = [indicator_panel(alliance, each, months, marks) for each in about["indicators"]]
        panels = [panel for panel in found if panel]
        if panels:
            groups.append(
                Group(about["title"], about["explains"], list(readings.get(name, _nothing)(alliance)), panels)
            )
    return groups


def also_measured(alliance: Alliance, months: Sequence[date], marks: Mapping[date, str]) -> list[Panel]:
    """Return panels of the indicators that no group names."""
    placed = {name for about in words()["group"].values() for name in about["indicators"]} | UNCHARTED
    names = sorted({str(row["indicator"]) for row in alliance.rows("indicator")} - placed)
    return [panel for name in names if (panel := indicator_panel(alliance, name, months, marks))]


def phrase(alliance: Alliance) -> str:
    """Return communication in a phrase: volume, wording and answers."""
    if not alliance.text_read:
        return "survey only, no message read"
    parts = list(filter(None, [_volume(alliance), _wording(alliance), _answered(alliance)]))
    return "; ".join(parts) or "nothing that can be shown yet"


def volume_is_not_hostility(alliance: Alliance) -> str:
    """Return the sentence that keeps a change of volume from being read as a change of the relationship."""
    volume, tone = latest(alliance.series("frequency_change")), latest(alliance.series("tone_change"))
    if volume is None or abs(volume["value"]) < NOTICEABLE:
        return ""
    if volume["value"] > 0:
        return "More is written than at baseline. More messages alone are not a deeper relationship."
    if tone is None:
        return "Less is written than at baseline. A smaller volume alone says nothing about how the partners stand."
    if _side(tone, 0.0) < 0:
        return "Less is written, and its wording is more negative than at baseline: two changes worth talking about."
    return (
        "Less is written, while the wording holds. Volume is not hostility: ask first whether there is simply "
        "less to coordinate."
    )


def changed(alliance: Alliance) -> tuple[list[str], list[str]]:
    """Return what stands clearly below and clearly above its own baseline, in words; only what has an interval."""
    places = {name: {way: _place(alliance, name, way) for way in ways(alliance, name)} for name in COMPARED}
    below, above = ([each for name in COMPARED for each in _changed(alliance, name, places[name], s)] for s in (-1, 1))
    return below, above


def _place(alliance: Alliance, name: str, way: str) -> int:
    """Return −1 or 1 where the latest interval lies off the baseline, else 0."""
    rows = alliance.series(name, way)
    row = latest(rows)
    usual = 0.0 if name.endswith("_change") else baseline(alliance, rows)
    return _side(row, usual) if row and usual is not None and row["low"] is not None else 0


def _changed(alliance: Alliance, name: str, places: Mapping[str, int], sign: int) -> list[str]:
    title = told("indicator", name, "short", name)
    off = [way for way, place in places.items() if place == sign]
    if len(off) == len(places):
        return [title] if off else []
    return [f"{title} ({direction(alliance, way, told('indicator', name, 'way'))})" for way in off]


def _volume(alliance: Alliance) -> str:
    row = latest(alliance.series("frequency_change"))
    if row is None:
        return ""
    change = exp(row["value"]) - 1
    return f"frequency {signed(change * 100, 0)}{UNBROKEN}%" if abs(change) >= 0.05 else "frequency as at baseline"


def _wording(alliance: Alliance) -> str:
    row = latest(alliance.series("tone_change"))
    return ("wording more negative", "wording holds", "wording more positive")[1 + _side(row, 0.0)] if row else ""


def _answered(alliance: Alliance) -> str:
    found = [latest(alliance.series("answer_within_day", way)) for way in DIRECTIONS]
    shown = [percent(row["value"]) for row in found if row]
    return f"answered in a day {' and '.join(shown)}" if shown else ""


def _side(row: Row, level: float) -> int:
    """Return −1, 0 or 1: where a value lies against a level, 0 where its interval holds the level."""
    low, high = (row["value"] if row[end] is None else row[end] for end in ("low", "high"))
    return 1 if low > level else -1 if high < level else 0


def _against(alliance: Alliance, name: str) -> str:
    """Return the latest value of an indicator and where it lies against the alliance's own baseline."""
    rows = alliance.series(name)
    row, usual = latest(rows), baseline(alliance, rows)
    if row is None or usual is None:
        return ""
    form = form_of(alliance, name)
    value = with_interval(row["value"], row["low"], row["high"], form)
    said = f"{told('indicator', name, 'title', readable(name))}: {value} in {when(row)}"
    if row["low"] is None:
        return f"{said}, baseline {written(usual, form)}."
    place = ("below its baseline", "not clearly different from its baseline", "above its baseline")
    return f"{said}, {place[1 + _side(row, usual)]}."


def _nothing(alliance: Alliance) -> Iterator[str]:
    yield from ()


def _frequency(alliance: Alliance) -> Iterator[str]:
    row = latest(alliance.series("frequency_change"))
    if row is not None:
        change = exp(row["value"]) - 1
        than = "above" if change > 0 else "below"
        yield f"{percent(abs(change))} {than} baseline in {when(row)}."
    yield from filter(None, [volume_is_not_hostility(alliance)])


def _depth(alliance: Alliance) -> Iterator[str]:
    yield from filter(None, [_against(alliance, "depth_substantive")])


def _responsiveness(alliance: Alliance) -> Iterator[str]:
    for way in DIRECTIONS:
        row = latest(alliance.series("answer_within_day", way))
        if row is not None:
            source, target = (alliance.partners[side] for side in way.split("_to_"))
            around = interval(row["low"], row["high"], "share")
            yield (
                f"A request from {source} is answered by {target} within a working day with a chance of "
                f"{percent(row['value'])}{f' ({around})' if around else ''}, {when(row)}."
            )
    ratio = latest(alliance.series("answer_ratio"))
    if ratio is not None:
        yield f"Ratio of median waits between the directions: {plain(ratio['value'], 1)}; 1 is even."


def _transparency(alliance: Alliance) -> Iterator[str]:
    yield from filter(None, [_against(alliance, "transparency")])


def _tone(alliance: Alliance) -> Iterator[str]:
    row = latest(alliance.series("tone_change"))
    if row is None:
        return
    value = with_interval(row["value"], row["low"], row["high"], "signed")
    said = (
        "more negative than at baseline",
        "no change that can be told from chance",
        "more positive than at baseline",
    )
    yield f"{value} in {when(row)}: {said[1 + _side(row, 0.0)]}."
