"""In which month somebody answered, from the dates that survey programs write."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})[/.-](\d{4})(?:[T, ].*)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EXCEL_EPOCH = date(1899, 12, 30)


def written_day(cell: str, period_format: str | None) -> date | None:
    """Return the day that a cell names, the first for a month; None when it names none, or could name two.

    `period_format` is that of `strptime`. Without one, a year that stands first or a workbook's count of days is read.
    """
    text = " ".join(cell.split())
    try:
        if period_format:
            return datetime.strptime(text, period_format).date()
        if found := _YEAR_FIRST.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3] or 1))
        return _EXCEL_EPOCH + timedelta(days=int(float(text))) if _SERIAL.fullmatch(text) else None
    except ValueError:
        return None


def year_last_format(cells: Iterable[str]) -> str | None:
    """Return the format of dates such as 25/6/2025 as a column shows it, None where day and month could be either.

    A number above 12 is a day; so is the first one before a dot, because no country writes month.day.year.
    """
    found = [match for cell in cells if (match := _YEAR_LAST.fullmatch(" ".join(cell.split())))]
    marks = {match[2] for match in found}
    day_first = "." in marks or any(int(match[1]) > 12 for match in found)
    month_first = any(int(match[3]) > 12 for match in found)
    if len(marks) != 1 or day_first == month_first:
        return None
    mark = marks.pop()
    return f"%d{mark}%m{mark}%Y" if day_first else f"%m{mark}%d{mark}%Y"


def without_time(cell: str) -> str:
    """Return the date of a cell that has a time too."""
    return re.split(r"[T, ]", " ".join(cell.split()), maxsplit=1)[0]
