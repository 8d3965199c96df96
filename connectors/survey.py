"""Survey answers from CSV or XLSX, long or wide, by a mapping that the program names. Comments are only counted.

Which program wrote a file is told by its headings. Only the columns that the mapping names are looked at; columns that
name people cannot be mapped, except as the respondent, whom nothing shows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from pathlib import Path

from connectors import survey_forms, survey_limesurvey, survey_qualtrics
from connectors.errors import BadSurvey
from connectors.message import Skipped
from connectors.survey_layout import Head, Layout, plain, positions, taken
from connectors.survey_period import without_time, written_day, year_last_format
from connectors.survey_r_syntax import with_syntax
from connectors.survey_table import table

SOURCE = "survey"
_LAYOUTS = (survey_qualtrics.layout, survey_limesurvey.layout, survey_forms.microsoft, survey_forms.google)
MAX_CELL = 200
"""Characters of a cell in which a number is looked for."""

_NUMBER = re.compile(r"([+-]?\d{1,9}(?:[.,]\d{1,9})?)(?:(?: |=|:|\()[^\d]*[^\W\d_][^\d]*)?")
"""A number, alone or before words without a number, as in "4 - agree"."""


@dataclass(frozen=True, slots=True)
class SurveyScore:
    """One answer: what one side said of one dimension in one month. The respondent stays out of `repr`."""

    alliance: str
    period: date
    side: str
    dimension: str
    value: float
    respondent: str = field(repr=False)
    has_comment: bool


@dataclass(frozen=True, slots=True)
class SurveyMapping:
    """Which column means what; see `[[surveys]]` in program.toml. `scales` maps a dimension to (lowest, highest)."""

    period: str
    scales: Mapping[str, tuple[float, float]]
    alliances: frozenset[str]
    sides: frozenset[str]
    wide: bool = False
    period_format: str | None = None
    alliance: str | None = None
    fixed_alliance: str | None = None
    side: str | None = None
    fixed_side: str | None = None
    respondent: str | None = None
    dimension: str | None = None
    value: str | None = None
    comment: str | None = None
    dimensions: Mapping[str, str] = field(default_factory=dict)
    alliance_ids: Mapping[str, str] = field(default_factory=dict)
    side_ids: Mapping[str, str] = field(default_factory=dict)

    def columns(self) -> list[str]:
        """Return the columns that the file must have."""
        named = [self.period, self.alliance, self.side, self.respondent, self.comment]
        own = list(self.dimensions) if self.wide else [self.dimension, self.value]
        return [name for name in [*named, *own] if name]


class _BadCell(Exception):
    """A cell that cannot be used; says what was expected and, where it is a number, what was found."""


Row = Mapping[str, str]
"""Name as the mapping has it -> cell; nothing else of a line is ever looked at."""


def read_survey(path: Path, mapping: SurveyMapping, *, run_on: date) -> Iterator[SurveyScore | Skipped]:
    """Yield a value an answer. Raises BadSurvey when the file cannot be used; single bad cells are Skipped.

    `run_on` is the day of the night: periods after it are refused as `future_period`. Rows that are no answers, such as
    previews, are Skipped as `no_answer`, `unfinished` or `date_not_kept`.
    """
    rows = table(path)
    head = list(islice(rows, 3))
    if not head:
        raise BadSurvey(f"{path.name}: expected a heading and answers, found an empty file")
    layout = with_syntax(layout_of([cells for _, cells in head]), path)
    columns = _columns(path, layout, mapping)
    lines = [
        (f"{path.name}:{line}", layout.left_out(cells), taken(layout, cells, columns))
        for line, cells in chain(head[layout.headings :], rows)
        if any(each.strip() for each in cells)
    ]
    days = _Days(mapping, [row for _, _, row in lines], run_on)
    for where, left_out, row in lines:
        yield from [Skipped(SOURCE, where, left_out)] if left_out else _answers(row, where, mapping, days)


def layout_of(head: Head) -> Layout:
    """Return how a file is laid out, from its first rows; headings in the first one unless a program is recognised."""
    found = (layout(head) for layout in _LAYOUTS)
    return next((each for each in found if each), Layout("a table", positions(head[0])))


def _columns(path: Path, layout: Layout, mapping: SurveyMapping) -> dict[str, int]:
    """Return the position of each mapped column. Raises BadSurvey for what is missing, there twice, or names people."""
    at = {name: layout.columns.get(plain(name), ()) for name in mapping.columns()}
    if missing := [name for name, found in at.items() if not found]:
        raise BadSurvey(
            f"{path.name}, line 1: expected the columns {', '.join(missing)}; "
            f"found {_shown(layout) if any(at.values()) else 'none of the mapped ones in the first line'}"
        )
    if doubled := [name for name, found in at.items() if len(found) > 1]:
        raise BadSurvey(
            f"{path.name}, line 1: expected the columns {', '.join(doubled)} once each, found them more often"
        )
    people = {place for name, found in layout.columns.items() if name.lower() in layout.personal for place in found}
    if personal := [name for name, found in at.items() if people & set(found) and name != mapping.respondent]:
        raise BadSurvey(
            f"{path.name}, line 1: expected columns of answers, found {', '.join(personal)}, which name people"
        )
    return {name: found[0] for name, found in at.items()}


def _shown(layout: Layout) -> str:
    """Return the headings; not to be called for a first line that may be somebody's answers."""
    names = [name[:40] for name in layout.columns]
    shown = [*names[:20], *([f"{len(names) - 20} more"] if len(names) > 20 else [])]
    return f"{layout.program} with {', '.join(shown)}"


class _Days:
    """Reads the month of a row; dates with the year last are told by the column as a whole."""

    def __init__(self, mapping: SurveyMapping, rows: Sequence[Row], run_on: date) -> None:
        self._column = mapping.period
        self._format = mapping.period_format
        self._year_last = None if self._format else year_last_format(row[mapping.period] for row in rows)
        self._run_on = run_on

    def month(self, row: Row) -> date:
        written = row[self._column]
        day = written_day(written, self._format)
        if day is None and self._year_last:
            day = written_day(without_time(written), self._year_last)
        if day is None:
            expected = self._format or "a date such as 2025-03-01; otherwise set period_format"
            raise _BadCell(f"bad_period (expected {expected})")
        if day > self._run_on:
            raise _BadCell(f"future_period (expected a day up to {self._run_on}, found {day})")
        return day.replace(day=1)


def _answers(row: Row, where: str, mapping: SurveyMapping, days: _Days) -> Iterator[SurveyScore | Skipped]:
    try:
        period = days.month(row)
        alliance = _id(
            row, "alliance", mapping.alliance, mapping.fixed_alliance, mapping.alliance_ids, mapping.alliances
        )
        side = _id(row, "side", mapping.side, mapping.fixed_side, mapping.side_ids, mapping.sides)
    except _BadCell as bad:
        yield Skipped(SOURCE, where, str(bad))
        return
    comment = bool(mapping.comment and row[mapping.comment])
    who = row[mapping.respondent] if mapping.respondent else ""
    for column, dimension in _dimension_columns(row, mapping):
        try:
            value = _value(row[column], dimension, mapping.scales)
        except _BadCell as bad:
            yield Skipped(SOURCE, f"{where}:{plain(column)[:40]}", str(bad))
            continue
        if value is not None:
            yield SurveyScore(alliance, period, side, dimension, value, who, comment)


def _dimension_columns(row: Row, mapping: SurveyMapping) -> list[tuple[str, str]]:
    if mapping.wide:
        return list(mapping.dimensions.items())
    said = row[mapping.dimension or ""]
    return [(mapping.value or "", mapping.dimensions.get(said, said))]


def _value(written: str, dimension: str, scales: Mapping[str, tuple[float, float]]) -> float | None:
    """Return the number of a cell, None when it is empty. Only a number is ever shown in a refusal."""
    if dimension not in scales:
        raise _BadCell("unknown_dimension")
    if not written:
        return None
    lowest, highest = scales[dimension]
    number = _NUMBER.fullmatch(plain(written)) if len(written) <= MAX_CELL else None
    if not number:
        raise _BadCell(f"value_not_a_number (expected {lowest:g} to {highest:g}, found other text)")
    value = float(number[1].replace(",", "."))
    if not lowest <= value <= highest:
        raise _BadCell(f"value_out_of_range (expected {lowest:g} to {highest:g}, found {value:g})")
    return value


def _id(
    row: Row, what: str, column: str | None, fixed: str | None, ids: Mapping[str, str], known: frozenset[str]
) -> str:
    said = fixed or row.get(column or "", "")
    found = ids.get(said, said)
    if found not in known:
        raise _BadCell(f"unknown_{what} (expected one of {', '.join(sorted(known))}, found another id)")
    return found
