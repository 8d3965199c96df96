"""What stewards do next: what is due, the five questions, the four pivots, the four causes, and the gate to scale."""

from collections.abc import Iterator
from dataclasses import dataclass

from desk.figures import NOTHING, chance, counted, day, listed, month, plain, written
from desk.reading import Alliance, Row
from desk.review import named
from desk.words import term, told, words

PIVOTS = ("Refocus", "Rescale", "Restructure", "Retire")
MARKS = {True: "✓", False: "✗", None: "?"}


@dataclass(frozen=True, slots=True)
class Due:
    """Something to do: `css` is its state, `what` whose survey or what else, `why` the rhythm and its reason."""

    css: str
    state: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """One of the five questions; `because` are the rules that raise it, `also` those that fire without weighing."""

    asks: str
    raised: bool
    because: list[str]
    also: list[str]
    intervention: str


@dataclass(frozen=True, slots=True)
class Pivot:
    """One of the four pivots: what it means, whether it is suggested, and by what."""

    name: str
    means: str
    suggested: bool
    because: str


@dataclass(frozen=True, slots=True)
class Cause:
    """One of the four causes: what to ask, what both sides say of it, what to do, and what it came to."""

    name: str
    asks: str
    said: str
    step: str
    finding: str
    when: str
    css: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the gate to scale; `mark` is ✓, ✗ or ? and `met` the same in words."""

    mark: str
    met: str
    text: str


@dataclass(frozen=True, slots=True)
class Stewards:
    """The section on what to do next; `returns` says why the return is insufficient, "" where it is not."""

    due: list[Due]
    questions: list[Question]
    pivots: list[Pivot]
    returns: str
    causes: list[Cause]
    gate: list[Criterion]

    @property
    def calm(self) -> bool:
        """Whether no question is raised and no pivot suggested."""
        return not any(each.raised for each in self.questions) and not any(each.suggested for each in self.pivots)


def stewards(alliance: Alliance) -> Stewards:
    """Return the section of an alliance; empty lists where the night says nothing."""
    causes = sorted(alliance.rows("cause_check"), key=lambda row: row["place"])
    reasons = sorted(term("reason", row["reason"]) for row in alliance.rows("insufficient_return"))
    return Stewards(
        due=[_due(row, alliance) for row in sorted(alliance.rows("due"), key=_urgency)],
        questions=[_question(row) for row in sorted(alliance.rows("diagnosis"), key=lambda row: row["place"])],
        pivots=list(_pivots(alliance)),
        returns=listed(reasons),
        causes=[_cause(row) for row in causes],
        gate=[_criterion(row) for row in sorted(alliance.rows("scale_gate"), key=lambda row: row["place"])],
    )


def _urgency(row: Row) -> tuple[object, ...]:
    return ("overdue", "due", "not_yet").index(row["state"]), row["due_on"], row["what"], row["side"]


def _due(row: Row, alliance: Alliance) -> Due:
    survey = row["what"] == "survey"
    since = f"{'from' if row['state'] == 'not_yet' else 'since'} {month(row['due_on'])}"
    last = f"last {month(row['last_on'])}" if row["last_on"] else "never yet"
    reason = words()["because"].get(row["because"], "")
    return Due(
        css=row["state"],
        state=term("due", row["state"]),
        what=f"{'Survey of ' + alliance.partners[row['side']] if survey else 'Recalibration'} {since}",
        why=f"{row['rhythm']}{', ' + reason if survey and reason else ''}; {last}",
    )


def _question(row: Row) -> Question:
    return Question(
        asks=row["asks"] or "",
        raised=bool(row["raised"]),
        because=_rules(row["raised_by"]),
        also=_rules(row["also_fires"]),
        intervention=row["intervention"] or "",
    )


def _rules(told_by: str | None) -> list[str]:
    """Return rules in words; the database names them `rule series, rule series`."""
    pairs = [each.split(" ") for each in (told_by or "").split(", ") if each]
    return [named({"rule": rule, "dimension": dimension}) for rule, dimension in pairs]


def _pivots(alliance: Alliance) -> Iterator[Pivot]:
    for name in PIVOTS:
        found = sorted(alliance.rows("pivot_suggestion", pivot=name), key=lambda row: (row["rule"], row["dimension"]))
        weighing = [row for row in found if row["suggests"]]
        because = _because(weighing, len(found) - len(weighing))
        if name == "Retire" and not weighing:
            because = _retire_lacks(alliance)
        yield Pivot(name, told("pivot", name, "means"), bool(weighing), because)


def _because(weighing: list[Row], others: int) -> str:
    if weighing:
        highest = max((row["false_alarm_rate"] or 0.0 for row in weighing), default=0.0)
        rules = listed([_with_series(rule, weighing) for rule in dict.fromkeys(row["rule"] for row in weighing)])
        return f"Suggested by: {rules}. Each fires in {chance(highest)} of years without any change, or fewer."
    if others:
        fires = counted(others, "rule fires that often does", "rules fire that often do")
        return f"No rule suggests it; {fires} so by chance."
    return "No rule suggests it."


def _with_series(rule: str, found: list[Row]) -> str:
    """Return a rule, followed by the series it fires on unless it names the only one."""
    own = [row for row in found if row["rule"] == rule]
    if len(own) == 1:
        return named(own[0])
    return f"{term('rule', rule)} ({', '.join(term('dimension', row['dimension']).lower() for row in own)})"


def _retire_lacks(alliance: Alliance) -> str:
    row = next(iter(alliance.rows("retirement")), None)
    if row is None:
        return "No rule suggests it."
    fallen = f"{row['benchmarks_fallen']} of {row['benchmarks_needed']} benchmarks have fallen"
    judged = row["pivots_judged"]
    pivots = f"{row['pivots_not_worked']} of {counted(judged, 'logged pivot')} brought no rise"
    return f"Not suggested: {fallen}, and {pivots if judged else 'no logged pivot can be judged yet'}. It needs both."


def _cause(row: Row) -> Cause:
    value = row["look_at_value"]
    return Cause(
        name=term("cause", row["cause"]),
        asks=row["asks"] or "",
        said=f"{term('dimension', row['look_at'])} {plain(value, 1)} of 5" if value is not None else NOTHING,
        step=row["step"] or "",
        finding=term("finding", row["finding"]),
        when=day(row["on_date"]) if row["on_date"] else "",
        css=row["finding"] if row["finding"] in words()["finding"] else "open",
    )


def _criterion(row: Row) -> Criterion:
    needs, found, name = row["needs"], row["found"], row["criterion"]
    form = "share" if name == "growth_share" else "count"
    text = term("criterion", name)
    if name != "declared":
        shown = written(found, form) if found is not None else "enough, not counted here" if row["met"] else "not shown"
        text += f": {shown}; at least {written(needs, form)}"
    if not row["binding"]:
        text += " (a hint whether it is worth it)"
    return Criterion(MARKS[row["met"]], {True: "met", False: "not met", None: "unknown"}[row["met"]], text)
