"""The page's part on rates of wording: how often intervals hold, of whom, and what the correction leaves."""

from collections.abc import Sequence
from itertools import pairwise

from simulation.drawing import Mark, whiskers
from simulation.section import Section, Table, Target, mean, number, share, within
from simulation.wording import ORDINARY, TRUTHS, Cell, Coverage, coverage

HELD_TO = ("tone", "transparency", "openness")
"""Indicators whose coverage is a target."""

TEXT = """Every alliance has eight people a side with habits of wording of their own, and a year of some eighty
messages a week; shares of tone, openness, sharing and commitment differ from alliance to alliance and move from week
to week. Labels are decided by a classifier with the confusion that the released model was measured to have. *As
evaluated*: its errors are exactly those. *In doubt*: they are drawn from what 883 evaluated messages leave open, and
the program does not know it. The truth is the share that endlessly many such people would have in the weeks of the
month; what is tested is the published number, rounded as it is published."""


def section(found: Sequence[Cell]) -> Section:
    """Return the page's part on rates of wording."""
    groups = {
        (indicator, way, doubt): coverage(_chosen(found, indicator, way, doubt))
        for indicator in TRUTHS
        for way in ("both", "one")
        for doubt in (False, True)
        if (indicator, way) != ("coinvest", "both")
    }
    tables = [_table(groups), _by_course(found), _by_truth(found)]
    return Section("Rates of wording", TEXT, _targets(groups, found), tables, [_figure(groups)])


def _chosen(found: Sequence[Cell], indicator: str, way: str, doubt: bool) -> list[Cell]:
    return [
        cell
        for cell in found
        if cell.indicator == indicator and cell.doubt == doubt and (cell.direction == "both") == (way == "both")
    ]


Groups = dict[tuple[str, str, bool], Coverage]


def _targets(groups: Groups, found: Sequence[Cell]) -> list[Target]:
    return [
        Target(
            f"90 % interval of `{indicator}` holds the truth, errors {said(doubt)}",
            "87 to 93 %",
            f"{share(own.held)} (± {share(own.spread)})",
            within(own.held, 0.87, 0.93),
            _why(own.held, _chosen(found, indicator, "both", doubt)),
        )
        for indicator in HELD_TO
        for doubt in (False, True)
        for own in [groups[indicator, "both", doubt]]
    ]


def _why(held: float, own: Sequence[Cell]) -> str:
    """Say why a target is missed: how far the lowest and the highest third of the truths are drawn to the middle."""
    if within(held, 0.87, 0.93):
        return ""
    if held > 0.93:
        return "wider than it need be"
    low, _, high = (number(coverage(each).bias) for each in thirds(own))
    return (
        f"mean error {low} where the truth is lowest, {high} where it is highest: drawn to the shares of the evaluation"
    )


def thirds(own: Sequence[Cell]) -> list[list[Cell]]:
    """Return the shown cells in three groups of rising truth."""
    ordered = sorted((cell for cell in own if cell.shown), key=lambda cell: cell.truth)
    cuts = [len(ordered) * part // 3 for part in range(4)]
    return [ordered[first:last] for first, last in pairwise(cuts)]


def _by_truth(found: Sequence[Cell]) -> Table:
    rows = []
    for indicator in HELD_TO:
        for third, own in zip(
            ("lowest", "middle", "highest"), thirds(_chosen(found, indicator, "both", False)), strict=True
        ):
            each, truth = coverage(own), mean(cell.truth for cell in own)
            rows.append([f"`{indicator}`", third, number(truth), number(each.bias), share(each.held)])
    columns = ["indicator", "third of the truths", "mean truth", "mean error", "coverage"]
    return Table(
        "What the correction leaves: errors by how high the truth is (errors of the classifier as evaluated)",
        columns,
        rows,
    )


def _by_course(found: Sequence[Cell]) -> Table:
    rows = []
    for name in ORDINARY:
        own = [cell for cell in found if cell.name == name]
        parts = [coverage(_chosen(own, indicator, "both", False)) for indicator in (*HELD_TO, "tone_change")]
        rows.append([name, *(text for each in parts for text in (share(each.held), number(each.bias)))])
    columns = ["alliance", *(text for name in (*HELD_TO, "tone_change") for text in (f"`{name}`", "mean error"))]
    return Table("Coverage by what happens to the alliance (errors as evaluated, both directions)", columns, rows)


def said(doubt: bool) -> str:
    """Name how well the classifier's errors are known."""
    return "in doubt" if doubt else "as evaluated"


def _table(groups: Groups) -> Table:
    columns = ["indicator", "direction", "errors", "coverage", "±", "mean width", "mean error", "months"]
    rows = [
        [
            *(f"`{indicator}`", way, said(doubt), share(each.held), share(each.spread)),
            *(number(each.width), number(each.bias), str(each.cells)),
        ]
        for (indicator, way, doubt), each in groups.items()
    ]
    return Table("Coverage of 90 % intervals (± is a standard error over alliances)", columns, rows)


def _figure(groups: Groups) -> tuple[str, str, str]:
    marks = [
        Mark(f"{name}, {way}, {said(doubt)}", each.held, each.held - 2 * each.spread, each.held + 2 * each.spread)
        for (name, way, doubt), each in groups.items()
    ]
    picture = whiskers(marks, low=0.5, high=1.0, zone=(0.87, 0.93), label="share of 90 % intervals that hold the truth")
    return "rate-coverage", "Coverage of each rate's interval with two standard errors; wanted is 87 to 93 %.", picture
