"""The few lines that the command prints at the end of a night."""

from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

from desk.communication import phrase
from desk.figures import counted
from desk.pace import verdict
from desk.reading import Alliance, read
from desk.review import default_alerts
from desk.self_report import flagged

WIDTH = 92
INDENT = "    "


def summary(database: Path) -> list[str]:
    """Return a few lines an alliance, at most 92 columns each: pace, communication, gaps and default alerts."""
    return [line for alliance in read(database).alliances for line in _lines(alliance)]


def _lines(alliance: Alliance) -> Iterator[str]:
    yield from _folded(alliance.name, "")
    found = verdict(alliance)
    if found.number:
        yield from _folded(f"pace            {found.label}, {found.number} ({found.around}) in {found.when}")
    else:
        yield from _folded(f"pace            {found.label}{'. ' + found.note if found.note else ''}")
    yield from _folded(f"communication   {phrase(alliance)}")
    gaps, alerts = flagged(alliance), default_alerts(alliance)
    yield from _folded(
        f"gaps            {counted(len(gaps), 'gap')} flagged" if gaps else "gaps            none flagged"
    )
    yield from _folded(f"alerts          {'; '.join(alerts) or 'no default alert fires'}")


def _folded(text: str, indent: str = INDENT) -> list[str]:
    return wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + " " * 16, drop_whitespace=False) or [""]
