"""What to talk about: the named rules, who is covered, what was left out, and the log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desk.figures import chance, day, month, percent
from desk.panel import logged
from desk.reading import Alliance, Row
from desk.words import readable, term


@dataclass(frozen=True, slots=True)
class Alert:
    """One rule on one series: what it asks and suggests, and how far to trust it."""

    rule: str
    dimension: str
    when: str
    fired: bool
    default: bool
    question: str
    intervention: str
    pivot: str
    false_alarm: str
    power: str
    trust: str


@dataclass(frozen=True, slots=True)
class Review:
    """The section on alerts, coverage and what was left out.

    `others` are the alerts that open no review now, rule by rule; `coverage` is (partner, side, share, people).
    """

    fired: list[Alert]
    others: list[list[Alert]]
    coverage: list[tuple[str, str, str, str]]
    left_out: list[tuple[str, str, str]]
    log: list[tuple[str, str, str, str]]


def review(alliance: Alliance) -> Review:
    """Return what opens a review of this alliance, and what is known about the base of it."""
    alerts = [_alert(row) for row in sorted(alliance.rows("alert"), key=_urgency)]
    return Review(
        fired=[alert for alert in alerts if alert.fired and alert.default],
        others=_by_rule([alert for alert in alerts if not (alert.fired and alert.default)]),
        coverage=list(_coverage(alliance)),
        left_out=left_out(alliance.rows("left_out")),
        log=[_entry(row, alliance) for row in logged(alliance)],
    )


def left_out(rows: Sequence[Row]) -> list[tuple[str, str, str]]:
    """Return stage, reason and count, the largest first."""
    found = sorted(rows, key=lambda row: (-(row["records"] or 0), row["stage"] or "", row["reason"] or ""))
    return [(readable(row["stage"] or ""), readable(row["reason"] or ""), _number(row["records"])) for row in found]


def _number(records: int | None) -> str:
    return "withheld" if records is None else f"{records:,}"


def default_alerts(alliance: Alliance) -> list[str]:
    """Return the default alerts that fire now, in words."""
    return [named(row) for row in alliance.rows("alert", fired=True, default_alert=True)]


def named(row: Row) -> str:
    """Return a rule with the series it looks at, unless its name says so."""
    rule, series = term("rule", row["rule"]), term("dimension", row["dimension"]).lower()
    return rule if series in rule.lower() else f"{rule} ({series})"


def _urgency(row: Row) -> tuple[bool, bool, str, str]:
    return not row["fired"], not row["default_alert"], row["rule"], row["dimension"]


def _alert(row: Row) -> Alert:
    return Alert(
        rule=term("rule", row["rule"]),
        dimension=term("dimension", row["dimension"]),
        when=month(row["period"]),
        fired=bool(row["fired"]),
        default=bool(row["default_alert"]),
        question=row["question"] or "",
        intervention=row["intervention"] or "",
        pivot=row["pivot"] or "",
        false_alarm=chance(row["false_alarm_rate"]),
        power=chance(row["power"]),
        trust=_trust(row),
    )


def _by_rule(alerts: Sequence[Alert]) -> list[list[Alert]]:
    """Return the alerts of each rule together, rules in the order of their first alert."""
    return [[each for each in alerts if each.rule == rule] for rule in dict.fromkeys(each.rule for each in alerts)]


def _trust(row: Row) -> str:
    """Return how often the rule is wrong and how often it finds a drop, in words."""
    false_alarm, power = row["false_alarm_rate"], row["power"]
    if false_alarm is None or power is None:
        return "How often this rule is wrong is not known here."
    return (
        f"In a year without any change it fires in {chance(false_alarm)} of alliances; "
        f"a drop of one point makes it fire in {chance(power)}."
    )


def _coverage(alliance: Alliance) -> Iterator[tuple[str, str, str, str]]:
    for side, partner in alliance.partners.items():
        row = next(iter(alliance.rows("coverage", side=side)), None)
        if row is None or row["coverage"] is None:
            yield partner, side, term("status", row["status"] if row else "no_data"), ""
        else:
            people = f"{row['consented']} of {row['known']} people" if row["known"] is not None else "numbers withheld"
            yield partner, side, percent(row["coverage"]), people


def _entry(row: Row, alliance: Alliance) -> tuple[str, str, str, str]:
    side = alliance.partners.get(row["side"] or "", "both sides")
    return day(row["on_date"]), readable(row["register"] or ""), readable(row["kind"] or ""), side
