"""Puts the sections of a night together into what the template shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from desk.agreement import Picture, pictures, table
from desk.communication import Group, also_measured, changed, communication, phrase, volume_is_not_hostility
from desk.figures import counted, day, listed, month, percent
from desk.lags import Lags, lags
from desk.pace import Pace, Verdict, pace, verdict
from desk.panel import Panel, events
from desk.reading import Alliance, Night, Row, printable
from desk.registers import Registers, registers
from desk.review import Review, default_alerts, left_out, review
from desk.self_report import SelfReport, flagged, scores_hold, self_report
from desk.stewards import Stewards, stewards
from desk.words import term, told, words


@dataclass(frozen=True, slots=True)
class Card:
    """An alliance in the portfolio."""

    anchor: str
    name: str
    stage: str
    partners: dict[str, str]
    verdict: Verdict
    communication: str
    gaps: list[str]
    alerts: list[str]


@dataclass(frozen=True, slots=True)
class Section:
    """An alliance in full. `facts` are (term, text)."""

    card: Card
    facts: list[tuple[str, str]]
    short: list[str]
    text_read: bool
    pace: Pace | None
    communication: list[Group]
    also: list[Panel]
    scores: SelfReport
    review: Review
    stewards: Stewards
    registers: Registers


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page."""

    program: str
    night: str
    facts: list[tuple[str, str]]
    min_people: str
    sections: list[Section]
    legend: list[tuple[str, str, str]]
    agreement: list[tuple[str, list[str]]]
    pictures: list[Picture]
    statistics: list[str]
    left_out: list[tuple[str, str, str]]
    lags: Lags
    anchors: list[tuple[str, list[str]]]


def page(night: Night) -> Page:
    """Return the page of a night."""
    run = night.run
    statistics = sorted({str(row["statistic"]) for row in night.agreement})
    return Page(
        program=printable(str(run.get("program") or "Program")),
        night=day(run["night_at"].date()) if run.get("night_at") else "no night yet",
        facts=_run_facts(run),
        min_people=str(run.get("min_people") or 5),
        sections=[_section(alliance, number) for number, alliance in enumerate(night.alliances, 1)],
        legend=[(name, told("status", name, "label"), told("status", name, "meaning")) for name in words()["status"]],
        agreement=table(night.agreement, statistics),
        pictures=pictures(night.agreement, night.alliances),
        statistics=[term("statistic", name) for name in statistics],
        left_out=left_out(night.left_out),
        lags=lags(night.lags),
        anchors=_anchors(night.anchors),
    )


def card(alliance: Alliance, number: int) -> Card:
    """Return an alliance as the portfolio shows it."""
    return Card(
        anchor=f"alliance-{number}",
        name=alliance.name,
        stage=term("stage", alliance.about["stage"] or ""),
        partners=alliance.partners,
        verdict=verdict(alliance),
        communication=phrase(alliance),
        gaps=flagged(alliance),
        alerts=default_alerts(alliance),
    )


def _section(alliance: Alliance, number: int) -> Section:
    months, marks = alliance.months(), events(alliance)
    read = alliance.text_read and bool(months)
    shown = card(alliance, number)
    scores = self_report(alliance, months, marks)
    return Section(
        card=shown,
        facts=_facts(alliance.about),
        short=_in_short(alliance, shown, scores),
        text_read=alliance.text_read,
        pace=pace(alliance, months, marks) if read else None,
        communication=communication(alliance, months, marks) if read else [],
        also=also_measured(alliance, months, marks) if read else [],
        scores=scores,
        review=review(alliance),
        stewards=stewards(alliance),
        registers=registers(alliance),
    )


def _facts(about: Row) -> list[tuple[str, str]]:
    first, until = about["baseline_from"], about["baseline_until"]
    growth = about["growth_share"]
    return [
        ("Stage", term("stage", about["stage"] or "")),
        ("Surveys", words()["cadence"].get(about["cadence"] or "", "as they come")),
        *(
            [("Baseline", _span(first, until) if first and until else "first weeks at scale")]
            if about["text_read"]
            else []
        ),
        *([("Share of growth expected", percent(growth))] if growth is not None else []),
    ]


def _span(first: date, until: date) -> str:
    return f"{day(first)} up to {day(until)}"


def _in_short(alliance: Alliance, shown: Card, scores: SelfReport) -> list[str]:
    """Return the section in a few sentences, the most important first."""
    return list(
        filter(
            None,
            [
                _pace_in_short(shown.verdict),
                f"Nothing has come in since {month(alliance.silent)} began." if alliance.silent else "",
                volume_is_not_hostility(alliance),
                *_changes_in_short(alliance),
                _gaps_in_short(alliance, shown, scores),
                _alerts_in_short(shown),
            ],
        )
    )


def _pace_in_short(found: Verdict) -> str:
    if not found.number:
        return found.note or f"The pace of this alliance: {found.label}."
    return f"Pace in {found.when}: {found.label}, {found.number} standard deviations a quarter ({found.around})."


def _changes_in_short(alliance: Alliance) -> Iterator[str]:
    """Yield what stands clearly off its baseline, and that scores hold meanwhile where they do."""
    below, above = changed(alliance)
    if below:
        yield f"Clearly below its own baseline: {listed(below)}."
    if above:
        yield f"Clearly above its own baseline: {listed(above)}."
    if below and scores_hold(alliance):
        yield "Overall health is still scored high. Text and scores tell two stories: ask about it now."


def _gaps_in_short(alliance: Alliance, shown: Card, scores: SelfReport) -> str:
    if not scores.wave:
        return "No survey has come in yet."
    if not shown.gaps:
        whose = "Scores of both sides and signals" if alliance.text_read else "Scores of both sides"
        return f"{whose} do not part in a way that stands for two waves."
    return f"{counted(len(shown.gaps), 'gap')} flagged: {listed(shown.gaps)}."


def _alerts_in_short(shown: Card) -> str:
    return f"Open for review: {listed(shown.alerts)}." if shown.alerts else "No default alert fires."


def _run_facts(run: Row) -> list[tuple[str, str]]:
    return [
        ("Model", str(run.get("model") or "none")),
        ("Software", f"quietpivot {run.get('code_version') or ''}".strip()),
        ("Night", str(run.get("run_id") or "none yet")),
    ]


def _anchors(rows: list[Row]) -> list[tuple[str, list[str]]]:
    """Return dimension -> the words of its three levels, lowest first, in the order of the questionnaire."""
    found: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: row["level"]):
        found.setdefault(row["dimension"], []).append(printable(str(row["words"])))
    return [(term("dimension", name), found[name]) for name in words()["dimension"] if name in found]
