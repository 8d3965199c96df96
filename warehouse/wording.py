"""Tone, openness, substance and commitment of the wording: corrected shares of each direction and month."""

from collections.abc import Iterator
from datetime import date
from math import hypot, nan
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from warehouse.candidate import Z90, Candidate, mean_interval
from warehouse.correction import Corrected, Evaluated, Floats, People, Quantity, any_of, corrected, share_of
from warehouse.inputs import BuildInputs
from warehouse.private import rows
from warehouse.rectifier import Rectifier, held_back, rectified, rectifier

HEADS = {
    "tone": ("tone_negative", "tone_neutral", "tone_positive"),
    "transparency": ("transparency_closed", "transparency_none", "transparency_open"),
    "shares": ("1 - shares", "shares"),
    "seeks": ("1 - seeks", "seeks"),
    "commits": ("1 - commits", "commits"),
}
LOWEST = {"tone": 1, "transparency": 1}
"""What a decision of a head needs to become a place among its classes; 0 where it is not named."""

NEGATIVE, CLOSED, NONE, POSITIVE, OPEN, YES = 0, 0, 1, 2, 2, 1
SUBSTANTIVE = {"shares": YES, "seeks": YES, "commits": YES, "transparency": OPEN}
"""A message is substantive when any of these holds of it."""

MESSAGES = """
    select crossing.alliance, month, direction, crossing.message_key, dense_rank() over (order by person) as person,
        answer_key is not null as answers, answer_key is not null or says_transparency <> 0 as open_to,
        baseline_week.week is not null as in_baseline, {probabilities}, {decisions},
        coalesce(chance, 0) as chance, {labels}
    from crossing
    left join own_label
        on own_label.alliance = crossing.alliance and own_label.message_key = crossing.message_key
    left join (select distinct alliance, answer_key from request) as answered
        on answered.alliance = crossing.alliance and answer_key = crossing.message_key
    left join baseline_week on baseline_week.alliance = crossing.alliance and baseline_week.week = crossing.week
    order by crossing.alliance, month, direction, crossing.message_key
"""
EVADED = """
    with by_person as (
        select alliance, unnest(['month', 'quarter']) as grain,
            unnest([month, cast(date_trunc('quarter', month) as date)]) as period, asked_side, answerer, closed, doubt
        from request
        join answer using (alliance, answer_key)
    )
    select alliance, grain, period, case asked_side when 'a' then 'a_to_b' else 'b_to_a' end as direction,
        list(share order by answerer) as shares, avg(doubt) as doubt, cast(sum(n) as bigint) as n
    from (
        select * exclude (closed, doubt), avg(closed) as share, avg(doubt) as doubt, count(*) as n
        from by_person
        group by all
    )
    group by all
    order by all
"""
Places = NDArray[np.int64]
Heads = dict[str, Corrected]


class Wording:
    """The scored messages of a program as arrays, sorted by alliance, month and direction."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, inputs: BuildInputs) -> None:
        self._connection = connection
        self._prior = {head: np.asarray(inputs.priors[head], dtype=float) for head in HEADS}
        self._counts = {head: np.asarray(table, dtype=float) for head, table in inputs.confusions.items()}
        columns = [
            f"cast({column} as double) as {head}_{place}"
            for head, names in HEADS.items()
            for place, column in enumerate(names)
        ]
        decisions = [f"says_{head}" for head in HEADS]
        labels = [f"coalesce(label_{head}, 0) as label_{head}" for head in HEADS]
        query = MESSAGES.format(
            probabilities=", ".join(columns), decisions=", ".join(decisions), labels=", ".join(labels)
        )
        self._found: dict[str, NDArray[Any]] = connection.execute(query).fetchnumpy()
        self._probabilities = {
            head: np.column_stack([self._found[f"{head}_{place}"] for place in range(len(names))])
            for head, names in HEADS.items()
        }
        self._rectifiers: dict[str, dict[str, Rectifier]] = {}
        self._rectifiers = {alliance: self._rectifiers_of(own) for (alliance, _), own in self._labelled().items()}

    def _labelled(self) -> dict[tuple[str, str], Places]:
        """Return (alliance, "both") -> places of its messages, for alliances that have labels of their own."""
        labelled = self._found["chance"] > 0
        groups = self._groups().items() if labelled.any() else ()
        return {key: own for key, own in groups if key[1] == "both" and labelled[own].any()}

    def _rectifiers_of(self, places: Places) -> dict[str, Rectifier]:
        """Return head -> what an alliance's own labels say of it, each label under the correction of its month."""
        weights = People.of(self._found["person"][places]).weights
        weighed = dict(zip(places.tolist(), weights.tolist(), strict=True))
        months = [(own, People.of(self._found["person"][own])) for _, own in _split([self._found["month"]], places)]
        found = {}
        for head in HEADS:
            labels: list[tuple[int, Floats, Floats, float]] = []
            for own, people in months:
                if (drawn := np.flatnonzero(self._found["chance"][own] > 0)).size:
                    month = self._corrected_head(head, own, people)
                    held = held_back(month, people)
                    labels += [(own[each], month.posterior[each], held, weighed[own[each]]) for each in drawn.tolist()]
            told = [np.array(column) for column in zip(*labels, strict=True)]
            truth = self._found[f"label_{head}"][told[0]].astype(np.int64) + LOWEST.get(head, 0)
            if own_labels := rectifier(truth, told[1], told[2], told[3] / self._found["chance"][told[0]]):
                found[head] = own_labels
        return found

    def candidates(self) -> Iterator[Candidate]:
        """Yield tone, openness, substance and commitment, each direction apart and together."""
        directed: dict[tuple[str, date], list[Candidate]] = {}
        usual = self._usual_tone()
        closed, doubt = np.full((2, len(self._found["person"])), np.nan)
        for (alliance, month, direction), places in self._groups("month").items():
            people, heads = self._corrected(places, HEADS)
            if direction != "both":
                closed[places] = heads["transparency"].posterior[:, CLOSED]
                doubt[places] = heads["transparency"].doubt(CLOSED)
            key = {"alliance": alliance, "period": month, "direction": direction}
            yield from _tones(key, people, heads, usual.get((alliance, direction)))
            yield from self._opennesses(key, places, people, heads)
            substance = any_of(SUBSTANTIVE, people, heads)
            yield _share("depth_substantive", key, substance, heads, len(places))
            if direction != "both":
                talk = _share("coinvest", key, share_of("commits", YES, people, heads), heads, len(places), times=100)
                directed.setdefault((alliance, month), []).append(talk)
                yield talk
        yield from (_smaller(found) for found in directed.values() if len(found) == 2)
        yield from self._evaded(closed, doubt)

    def _groups(self, *by: str) -> dict[tuple[Any, ...], Places]:
        """Return (alliance, *by, direction) -> places of the messages, "both" for both directions."""
        keys = [self._found[name] for name in ("alliance", *by)]
        groups: dict[tuple[Any, ...], Places] = {}
        for direction in ("both", "a_to_b", "b_to_a"):
            own = np.arange(len(keys[0]))
            own = own if direction == "both" else own[self._found["direction"] == direction]
            for key, places in _split(keys, own):
                groups[(*key, direction)] = places
        return groups

    def _corrected(self, places: Places, heads: Any) -> tuple[People, Heads]:
        people = People.of(self._found["person"][places])
        own = self._rectifiers.get(self._found["alliance"][places[0]], {})
        found = {head: self._corrected_head(head, places, people) for head in heads}
        return people, {
            head: rectified(each, people, own[head]) if head in own else each for head, each in found.items()
        }

    def _corrected_head(self, head: str, places: Places, people: People) -> Corrected:
        evaluated = None
        if head in self._counts:
            decided = self._found[f"says_{head}"][places].astype(np.int64) + LOWEST.get(head, 0)
            evaluated = Evaluated(decided, self._counts[head])
        return corrected(self._probabilities[head][places], people, self._prior[head], evaluated)

    def _usual_tone(self) -> dict[tuple[str, str], tuple[float, float]]:
        """Return (alliance, direction) -> tone over the baseline's weeks and its standard error from people sampled.

        What the table `usual_tone` remembers comes first; what is new is added to it.
        """
        known = rows(self._connection, "from usual_tone")
        usual = {(row["alliance"], row["direction"]): (row["value"], row["error"]) for row in known}
        for key, places in self._groups().items():
            own = places[self._found["in_baseline"][places].astype(bool)]
            if len(own) and key not in usual:
                people, heads = self._corrected(own, ("tone",))
                tone = _tone(people, heads)
                usual[key[0], key[1]] = (tone.value, tone.people_error)
                self._connection.execute("insert into usual_tone values (?, ?, ?, ?)", [*key, *usual[key[0], key[1]]])
        return usual

    def _opennesses(self, key: dict[str, Any], places: Places, people: People, heads: Heads) -> Iterator[Candidate]:
        """Yield openness and its parts over what has anything to be open about: answers, and open or closed wording."""
        unasked = 1.0 - self._found["answers"][places]
        nothing = share_of("transparency", NONE, people, heads, unasked)
        anything = Quantity(1 - nothing.value, -nothing.influence, {h: -s for h, s in nothing.slopes.items()})
        openness = share_of("transparency", OPEN, people, heads) / anything
        closedness = share_of("transparency", CLOSED, people, heads) / anything
        data = int(self._found["open_to"][places].sum())
        yield _share("openness", key, openness, heads, data)
        yield _share("closedness", key, closedness, heads, data)
        yield _share("transparency", key, openness - closedness, heads, data, lowest=-1)

    def _evaded(self, closed: Floats, doubt: Floats) -> Iterator[Candidate]:
        """Yield how far each side's first answers are closed: a mean over the people who answer."""
        found = {"alliance": self._found["alliance"], "answer_key": self._found["message_key"]}
        found |= {"closed": closed, "doubt": doubt}
        self._connection.register("answer_rows", pa.table({name: pa.array(column) for name, column in found.items()}))
        self._connection.execute("create table answer as select * from answer_rows")
        for row in rows(self._connection, EVADED):
            value, low, high = mean_interval(row["shares"])
            half = hypot((high - low) / 2, Z90 * row["doubt"])
            low, high = max(value - half, 0.0), min(value + half, 1.0)
            key = (row["alliance"], row["period"], "evaded", row["direction"])
            yield Candidate(*key, value, low, high, row["n"], row["grain"])


def _split(keys: list[NDArray[Any]], own: Places) -> Iterator[tuple[tuple[Any, ...], Places]]:
    """Yield each run of equal keys among the places `own`; the arrays are sorted by their keys."""
    if not len(own):
        return
    changes = np.flatnonzero(np.any([key[own][1:] != key[own][:-1] for key in keys], axis=0)) + 1
    for places in np.split(own, changes):
        yield tuple(_plain(key[places[0]]) for key in keys), places


def _plain(value: Any) -> Any:
    return value.astype("datetime64[D]").item() if isinstance(value, np.datetime64) else value


def _tone(people: People, heads: Heads) -> Quantity:
    return share_of("tone", POSITIVE, people, heads) - share_of("tone", NEGATIVE, people, heads)


def _tones(key: dict[str, Any], people: People, heads: Heads, usual: tuple[float, float] | None) -> Iterator[Candidate]:
    tone, data = _tone(people, heads), len(people.owner)
    yield _share("tone", key, tone, heads, data, lowest=-1)
    level, error = usual or (nan, nan)
    value, low, high = tone.interval(heads, -9, 9)
    wider = hypot(tone.error(heads), error) / max(tone.error(heads), 1e-9)
    change, half = value - level, (high - low) / 2 * wider
    yield Candidate(indicator="tone_change", **key, value=change, low=change - half, high=change + half, data=data)


def _share(
    name: str, key: dict[str, Any], found: Quantity, heads: Heads, data: int, *, lowest: float = 0, times: float = 1
) -> Candidate:
    value, low, high = (times * each for each in found.interval(heads, lowest, 1))
    return Candidate(indicator=name, **key, value=value, low=low, high=high, data=data)


def _smaller(directions: list[Candidate]) -> Candidate:
    """Return the smaller of two directions, over the messages of both."""
    least = min(directions, key=lambda each: each.value)
    return Candidate(
        least.alliance, least.period, least.indicator, "both", least.value, least.low, least.high,
        sum(each.data for each in directions),
    )  # fmt: skip
