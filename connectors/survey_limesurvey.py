"""LimeSurvey CSV with codes or whole questions as headings, and its VV files in tabs."""

from collections.abc import Sequence

from connectors.survey_layout import Head, Layout, cell, plain, positions

_CODES = frozenset(("submitdate", "lastpage"))
_WORDS = frozenset(("Date submitted", "Last page"))
_PERSONAL = frozenset(("ipaddr", "ip address", "token", "access code", "firstname", "lastname", "email"))
_NOTHING = frozenset(("NA", "N/A", "{question_not_shown}"))
_ANONYMISED = "1980-01-01"
"""What LimeSurvey writes where the program was told not to keep times."""


def layout(head: Head) -> Layout | None:
    """Return the layout of a results export or, by codes in the second row, of a VV file, or None."""
    if len(head) > 1 and set(map(plain, head[1])) >= _CODES:
        return _laid_out(positions(head[1]), 2)
    names = set(map(plain, head[0]))
    return _laid_out(positions(head[0]), 1) if names >= _CODES or names >= _WORDS else None


def _laid_out(columns: dict[str, list[int]], headings: int) -> Layout:
    submitted = columns.get("submitdate") or columns.get("Date submitted", [])

    def left_out(cells: Sequence[str]) -> str:
        day = cell(cells, submitted)
        if not day or day in _NOTHING:
            return "unfinished"
        return "date_not_kept" if day.startswith(_ANONYMISED) else ""

    return Layout("LimeSurvey", columns, headings, _PERSONAL, _NOTHING, left_out)
