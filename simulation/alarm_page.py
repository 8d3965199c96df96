"""The page's part on the rules: found, false and late, beside what the night itself says of each rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulation.alarms import CONDITIONS, DROP_AT, STILL, WANDERING, Watched, program_of
from simulation.blends import INFORMATIVE
from simulation.drawing import lines
from simulation.latent import generator
from simulation.section import Section, Table, Target, mean, number, share, tenth, within
from warehouse import rules

DEFAULT = "material_probable_standing"
"""The default alert on surveys and signals."""

PERIODS = 3
Condition = tuple[str, str, str, int]
Found = Mapping[Condition, Sequence[Watched]]

TEXT = """Programs of three alliances, asked each month for a year and a half about trust, value and learning; the night
after each of the last twelve waves is run, and each rule is asked what it says. One alliance declines by one
point in all three (*sudden*: from one month to the next; *slow*: over six months), the others do not. States
are *still*, or they *wander* by themselves (spread 0.2, memory 0.6). A decline is found within three periods
when the rule fires after the first, second or third wave that sees it. An alarm is false when a rule begins to
fire while the truth lies less than a quarter of a point below its first half year; alarms are counted over all
three dimensions of an alliance. "Interval holds" is said of the latest wave on its own night.

Beside what was found stands what the night itself says of a rule: its chance to fire in a year without change, and to
find a lasting drop within half a year. The night reckons with a year of history, the study with half a year, so a
rule that needs nine waves is asked less often here. All three dimensions fall together here, so the rule that wants
trust and value high cannot fire then; `decisions_slower` is tried on trust."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What the night says of a rule itself: its chance of a false alarm in a year, and its power."""

    false_alarm: float
    power: float


def claims(seed: int, programs: int, n: int) -> dict[str, Claim]:
    """Return rule -> what the published alerts of stable alliances say of it, on average."""
    rows = []
    for each in range(programs):
        made = program_of(generator(seed, 4, n, each), STILL, "sudden", INFORMATIVE, n)
        rows += [row for row in made.alerts() if row["alliance"] != made.alliances[0]]
    return {
        rule: Claim(*(mean(row[name] for row in rows if row["rule"] == rule) for name in ("false_alarm_rate", "power")))
        for rule in sorted({row["rule"] for row in rows})
    }


def section(found: Found, claimed: Mapping[int, Mapping[str, Claim]]) -> Section:
    """Return the page's part on the rules."""
    tables = [_default(found), _rules(found, claimed)]
    return Section("Rules and alerts", TEXT, _targets(found), tables, [_figure(found)])


def of(watched: Sequence[Watched], rule: str) -> list[Watched]:
    """Return what a rule did on each dimension."""
    return [each for each in watched if each.rule == rule]


def false_alarms(watched: Sequence[Watched], rule: str = DEFAULT) -> float:
    """Return a rule's false alarms a year and alliance, over its dimensions."""
    return sum(each.false_alarms for each in of(watched, rule))


def found_within(watched: Sequence[Watched], nights: int, rule: str = DEFAULT) -> float:
    """Return the share of declining dimensions that a rule finds within some nights."""
    return mean(each.found_within(nights) for each in of(watched, rule))


def _targets(found: Found) -> list[Target]:
    targets = [
        Target(
            f"false default alerts an alliance and year, n = 5, {world} states",
            "≤ 0.10",
            number(alarms),
            round(alarms, 3) <= 0.1,
            _enough_for_calm(found, world, alarms),
        )
        for world in (STILL, WANDERING)
        for alarms in [false_alarms(found[world, "sudden", INFORMATIVE, 5])]
    ]
    for world in (STILL, WANDERING):
        seen = found_within(found[world, "sudden", INFORMATIVE, 5], PERIODS)
        targets.append(
            Target(
                f"sudden one-point declines found within three periods, n = 5, {world} states",
                "≥ 80 %",
                tenth(seen),
                round(seen, 3) >= 0.8,
                _enough(found, world, seen),
            )
        )
    held = mean(each.held_after for each in found[STILL, "sudden", INFORMATIVE, 5])
    what = "90 % interval of the blend in the alliance that fell, from the drop on, n = 5"
    return [*targets, Target(what, "87 to 93 %", share(held), within(held, 0.87, 0.93), _slow_to_follow(found, held))]


def _slow_to_follow(found: Found, held: float) -> str:
    if held >= 0.87:
        return ""
    each = {n: mean(w.held_after for w in found[STILL, "sudden", INFORMATIVE, n]) for n in (3, 10, 20)}
    return f"low waves are drawn to the others; {', '.join(f'{share(part)} at n = {n}' for n, part in each.items())}"


def _enough(found: Found, world: str, seen: float) -> str:
    if round(seen, 3) >= 0.8:
        return ""
    known = [n for w, shape, kind, n in CONDITIONS if (w, shape, kind) == (world, "sudden", INFORMATIVE)]
    reached = [n for n in known if found_within(found[world, "sudden", INFORMATIVE, n], PERIODS) >= 0.8]
    return f"reached at n = {min(reached)}" if reached else f"not reached up to n = {max(known)}"


def _enough_for_calm(found: Found, world: str, alarms: float) -> str:
    if round(alarms, 3) <= 0.1:
        return ""
    known = [n for w, shape, kind, n in CONDITIONS if (w, shape, kind) == (world, "sudden", INFORMATIVE)]
    calm = [n for n in known if false_alarms(found[world, "sudden", INFORMATIVE, n]) <= 0.1]
    return f"reached at n = {min(calm)}" if calm else f"not reached up to n = {max(known)}"


def _default(found: Found) -> Table:
    rows = []
    for (world, shape, kind, n), watched in found.items():
        seen = [share(found_within(watched, nights)) for nights in (2, PERIODS, 4, 6)]
        delay = mean(each.delay for each in of(watched, DEFAULT))
        held = [share(mean(getattr(each, name) for each in watched)) for name in ("held_stable", "held_after")]
        rows.append([world, shape, kind, str(n), number(false_alarms(watched)), *seen, late(delay), *held])
    columns = [
        *("states", "decline", "signals", "n", "false a year", *(f"found in {k}" for k in (2, 3, 4, 6))),
        *("median delay", "interval holds, stable", "interval holds, after the drop"),
    ]
    return Table(f"The default alert `{DEFAULT}`", columns, rows)


def late(delay: float) -> str:
    """Write a delay in waves; a rule that most declines never wake has none."""
    return number(delay, 1) if np.isfinite(delay) else "never"


def _rules(found: Found, claimed: Mapping[int, Mapping[str, Claim]]) -> Table:
    rows = []
    for n, claim in claimed.items():
        watched = found[STILL, "sudden", INFORMATIVE, n]
        for rule in (name for name in rules() if of(watched, name)):
            own, said = of(watched, rule), claim.get(rule, Claim(np.nan, np.nan))
            rows.append(
                [
                    *(f"`{rule}`", str(n), number(mean(each.false_alarms for each in own))),
                    *(share(mean(each.any_false for each in own)), share(said.false_alarm)),
                    *(share(found_within(own, 3, rule)), share(found_within(own, 6, rule)), share(said.power)),
                    late(float(np.median([each.delay for each in own]))),
                ]
            )
    columns = [
        *("rule", "n", "false a year and dimension", "fires in a still year", "the night says"),
        *("found in 3", "found in 6", "the night says", "median delay"),
    ]
    return Table("Every rule on surveys, still states and a sudden decline", columns, rows)


def _figure(found: Found) -> tuple[str, str, str]:
    nights = range(1, 18 - DROP_AT + 1)
    series = [
        (f"n = {n}", [(float(each), found_within(found[STILL, "sudden", INFORMATIVE, n], each)) for each in nights])
        for n in (3, 5, 10, 20)
    ]
    labels = "waves that see the drop", "share found by the default alert"
    picture = lines(series, across=(0.0, float(max(nights))), up=(0.0, 1.0), labels=labels)
    return (
        "alert-delay",
        "Share of sudden one-point declines that the default alert has found, by waves since.",
        picture,
    )
