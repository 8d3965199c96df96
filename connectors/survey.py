"""Survey answers from CSV or XLSX, long or wide, by a mapping that the program names. Comments are only counted."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from connectors.errors import BadSurvey
from connectors.message import Skipped

SOURCE = "survey"


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
    """A cell that cannot be used; the reason is a code with the column's name, never the cell."""


def read_survey(path: Path, mapping: SurveyMapping, *, run_on: date) -> Iterator[SurveyScore | Skipped]:
    """Yield a value an answer. Raises BadSurvey when the file lacks columns; single bad cells are Skipped.

    `run_on` is the day of the night: periods after it are refused as `future_period`.
    """
    table = _xlsx_rows(path) if path.suffix.lower() == ".xlsx" else _csv_rows(path)
    heading = next(table, None)
    if heading is None:
        raise BadSurvey(f"{path.name}: expected a heading and answers, found an empty file")
    names = [name.strip() for name in heading[1]]
    if missing := [column for column in mapping.columns() if column not in names]:
        raise BadSurvey(f"{path.name}, line 1: expected the columns {', '.join(missing)}; found {', '.join(names)}")
    for line, cells in table:
        row = dict(zip(names, cells, strict=False))
        if any(cell.strip() for cell in cells):
            yield from _answers(row, f"{path.name}:{line}", mapping, run_on)


def _answers(row: dict[str, str], where: str, mapping: SurveyMapping, run_on: date) -> Iterator[SurveyScore | Skipped]:
    try:
        period = _period(row.get(mapping.period, ""), mapping.period_format, run_on)
        alliance = _id(row, mapping.alliance, mapping.fixed_alliance, mapping.alliance_ids, mapping.alliances)
        side = _id(row, mapping.side, mapping.fixed_side, mapping.side_ids, mapping.sides)
    except _BadCell as bad:
        yield Skipped(SOURCE, where, str(bad))
        return
    comment = bool(mapping.comment and row.get(mapping.comment, "").strip())
    who = row.get(mapping.respondent, "").strip() if mapping.respondent else ""
    for column, dimension in _dimension_columns(row, mapping):
        try:
            value = _value(row.get(column, ""), dimension, mapping.scales)
        except _BadCell as bad:
            yield Skipped(SOURCE, f"{where}:{column}", str(bad))
            continue
        if value is not None:
            yield SurveyScore(alliance, period, side, dimension, value, who, comment)


def _dimension_columns(row: Mapping[str, str], mapping: SurveyMapping) -> list[tuple[str, str]]:
    if mapping.wide:
        return list(mapping.dimensions.items())
    said = row.get(mapping.dimension or "", "").strip()
    return [(mapping.value or "", mapping.dimensions.get(said, said))]


def _value(cell: str, dimension: str, scales: Mapping[str, tuple[float, float]]) -> float | None:
    """Return the number of a cell, None when it is empty. Out of range is refused with the numbers."""
    if dimension not in scales:
        raise _BadCell("unknown_dimension")
    if not cell.strip():
        return None
    try:
        value = float(cell.strip().replace(",", "."))
    except ValueError:
        raise _BadCell("value_not_a_number") from None
    lowest, highest = scales[dimension]
    if not lowest <= value <= highest:
        raise _BadCell(f"value_out_of_range (expected {lowest:g} to {highest:g}, found {value:g})")
    return value


def _period(cell: str, period_format: str | None, run_on: date) -> date:
    text = cell.strip()
    for layout in [period_format] if period_format else ["%Y-%m", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S"]:
        try:
            day = datetime.strptime(text, layout).date()
        except ValueError:
            continue
        if day > run_on:
            raise _BadCell("future_period")
        return day.replace(day=1)
    raise _BadCell("bad_period")


def _id(
    row: Mapping[str, str], column: str | None, fixed: str | None, ids: Mapping[str, str], known: frozenset[str]
) -> str:
    said = fixed or row.get(column or "", "").strip()
    found = ids.get(said, said)
    if found not in known:
        raise _BadCell(f"unknown_{column or 'id'}")
    return found


def _csv_rows(path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            sample = stream.read(4096)
            stream.seek(0)
            delimiter = max(",;\t", key=sample.split("\n")[0].count)
            reader = csv.reader(stream, delimiter=delimiter)
            yield from ((reader.line_num, cells) for cells in reader)
    except (UnicodeDecodeError, csv.Error):
        raise BadSurvey(f"{path.name}: expected UTF-8 text in columns, found other bytes; export it again") from None


def _xlsx_rows(path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        sheet = load_workbook(path, read_only=True, data_only=True).active
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError):
        raise BadSurvey(f"{path.name}: expected an Excel workbook, found something else; save it as .xlsx") from None
    for number, cells in enumerate(sheet.iter_rows(values_only=True) if sheet else (), start=1):
        yield number, ["" if cell is None else str(cell) for cell in cells]
