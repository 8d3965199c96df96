"""What a part of the study comes to: words, tables, figures, and the targets it was held to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Target:
    """What was wanted of a number that the program shows, and what was found."""

    what: str
    wanted: str
    found: str
    reached: bool
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of words; the first column names the row."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page; `figures` are (file name, text alternative, SVG)."""

    title: str
    text: str
    targets: list[Target] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    figures: list[tuple[str, str, str]] = field(default_factory=list)


def share(part: float) -> str:
    """Write a share in whole percent; nan as a dash."""
    return "–" if part != part else f"{100 * part:.0f} %"


def tenth(part: float) -> str:
    """Write a share in tenths of a percent."""
    return "–" if part != part else f"{100 * part:.1f} %"


def number(value: float, digits: int = 2) -> str:
    """Write a number with a true minus; nan as a dash."""
    return "–" if value != value else f"{value:.{digits}f}".replace("-", "−")


def mean(values: Iterable[float]) -> float:
    """Return the mean; nan of nothing."""
    found = list(values)
    return sum(found) / len(found) if found else float("nan")


def within(value: float, low: float, high: float) -> bool:
    """Say whether a rounded share lies between two bounds, both included."""
    return low <= round(value, 3) <= high
