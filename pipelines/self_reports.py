"""What stewards and respondents wrote down: surveys and registers, as rows for the build."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from configs import Survey
from configs.dimensions import DIMENSIONS
from connectors import (
    BadRegister,
    BadSurvey,
    CauseEntry,
    LogEntry,
    ScorecardEntry,
    Skipped,
    SurveyMapping,
    SurveyScore,
    read_causes,
    read_registers,
    read_scorecard,
    read_survey,
)
from pipelines.context import Context, Quarantined

EXPECTED_IN_SURVEYS = frozenset(("no_answer", "unfinished", "date_not_kept"))
"""Reasons that speak of no fault: every survey platform exports previews and answers that were broken off."""

Row = dict[str, Any]
Respondent = tuple[str, date, str, str, str]


@dataclass(frozen=True, slots=True)
class SelfReports:
    """Rows of surveys and registers, what cannot be used, and how many answers were left out as expected."""

    surveys: list[Row]
    log: list[Row]
    scorecard: list[Row]
    causes: list[Row]
    quarantined: list[Quarantined]
    left_out: list[Row]


def self_reports(context: Context) -> SelfReports:
    """Read every survey file that the program names and the registers; what cannot be used is quarantined."""
    quarantined: list[Quarantined] = list(_unnamed_files(context))
    answers: dict[Respondent, SurveyScore] = {}
    counts: Counter[str] = Counter()
    for survey in context.program.surveys:
        for found in _answers(context, survey):
            if isinstance(found, SurveyScore):
                answers[_respondent(found, len(answers))] = found
            elif found.why in EXPECTED_IN_SURVEYS:
                counts[found.why] += 1
            else:
                quarantined.append(found)
    log, scorecard, causes = (_register(read, context, quarantined) for read in (_log, _scorecard, _causes))
    counted = [
        {"alliance": "", "stage": "survey", "reason": reason, "records": records}
        for reason, records in sorted(counts.items())
    ]
    return SelfReports(list(_survey_rows(context, answers)), log, scorecard, causes, quarantined, counted)


def _unnamed_files(context: Context) -> Iterator[Quarantined]:
    """A survey that nobody mapped would otherwise be forgotten in silence."""
    named = {context.folder.root / survey.path for survey in context.program.surveys}
    folder = context.folder.root / "surveys"
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file.is_file() and not file.name.startswith(".") and file not in named:
            yield Quarantined(f"surveys/{file.name}", "expected a [[surveys]] table for it in program.toml, found none")


def _answers(context: Context, survey: Survey) -> Iterator[SurveyScore | Quarantined]:
    path = context.folder.root / survey.path
    try:
        if not path.is_file():
            raise BadSurvey(f"{survey.path}: expected a survey file, found none; put it there or remove its table")
        for found in read_survey(path, mapping(context, survey), run_on=context.run_at.date()):
            yield Quarantined(found.locator, found.reason) if isinstance(found, Skipped) else found
    except BadSurvey as error:
        yield Quarantined(survey.path, str(error))


def mapping(context: Context, survey: Survey) -> SurveyMapping:
    """Return a survey's columns as the reader wants them."""
    scales = {name: (1.0, 10.0 if name == "overall" else 5.0) for name in DIMENSIONS}
    same = ("period", "period_format", "alliance", "fixed_alliance", "side", "fixed_side", "respondent", "dimension")
    return SurveyMapping(
        scales=scales,
        alliances=frozenset(each.id for each in context.program.alliances),
        sides=frozenset(each.id for each in context.program.partners),
        wide=survey.layout == "wide",
        value=survey.value,
        comment=survey.comment,
        dimensions=survey.dimensions,
        alliance_ids=survey.alliances,
        side_ids=survey.sides,
        **{name: getattr(survey, name) for name in same},
    )


def _respondent(score: SurveyScore, number: int) -> Respondent:
    """Return what makes an answer the same one; without a respondent each answer stands for itself."""
    return score.alliance, score.period, score.side, score.dimension, score.respondent or f"#{number}"


def _survey_rows(context: Context, answers: Mapping[Respondent, SurveyScore]) -> Iterator[Row]:
    for each in answers.values():
        if side := context.people[each.alliance].side(each.side):
            keys = ("alliance", "period", "dimension", "value", "has_comment")
            yield {**{name: getattr(each, name) for name in keys}, "side": side}


def _register(read: Callable[[Context], Iterable[Row]], context: Context, quarantined: list[Quarantined]) -> list[Row]:
    """Return the rows of a register, none of a register that cannot be used."""
    try:
        return list(read(context))
    except BadRegister as error:
        quarantined.append(Quarantined("registers", str(error)))
        return []


def _log(context: Context) -> Iterator[Row]:
    alliances, partners = _ids(context)
    for each in read_registers(context.folder.registers, alliances, partners, run_on=context.run_at.date()):
        yield _row(context, each)


def _scorecard(context: Context) -> Iterator[Row]:
    file = context.folder.registers / "scorecard.csv"
    for each in read_scorecard(file, *_ids(context), run_on=context.run_at.date()):
        yield _row(context, each)


def _causes(context: Context) -> Iterator[Row]:
    file = context.folder.registers / "causes.csv"
    for each in read_causes(file, _ids(context)[0], run_on=context.run_at.date()):
        yield _row(context, each)


def _ids(context: Context) -> tuple[frozenset[str], frozenset[str]]:
    """Return the ids of alliances and of partners."""
    program = context.program
    return frozenset(each.id for each in program.alliances), frozenset(each.id for each in program.partners)


def _row(context: Context, entry: LogEntry | ScorecardEntry | CauseEntry) -> Row:
    """Return an entry as a row: its day as `on_date`, its partner as a side of the alliance."""
    row = asdict(entry)
    row["on_date"] = row.pop("on")
    if "partner" in row:
        partner = row.pop("partner")
        row["side"] = context.people[entry.alliance].side(partner) if partner else ""
    return row


def report_files(context: Context) -> list[Path]:
    """Return every file that self-reports come from, for the night's fingerprint."""
    registers = sorted(context.folder.registers.glob("*.csv")) if context.folder.registers.is_dir() else []
    surveys = [context.folder.root / survey.path for survey in context.program.surveys]
    return [file for file in [*surveys, *registers] if file.is_file()]
