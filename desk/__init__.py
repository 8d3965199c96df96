"""The steward's page: one self-contained file a night, and the few lines that a run prints. Imports stay light."""

from pathlib import Path

__all__ = ["summary", "write_report"]


def write_report(database: Path, target: Path) -> None:
    """Write the page of a published database; see `desk.report.write_report`."""
    from desk import report

    report.write_report(database, target)


def summary(database: Path) -> list[str]:
    """Return the lines that end a run; see `desk.brief.summary`."""
    from desk import brief

    return brief.summary(database)
