"""How numbers, months and lists are written on the page; every form has one place."""

from collections.abc import Sequence
from datetime import date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOTHING = "–"
UNBROKEN = "\u00a0"
"""Space that keeps a number and its unit on one line."""


def month(day: date) -> str:
    """Return a month as `Mar 2026`, whatever the locale."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def day(when: date) -> str:
    """Return a day as `3 Mar 2026`."""
    return f"{when.day} {month(when)}"


def plain(value: float | None, digits: int = 2) -> str:
    """Return a number with a real minus sign and no negative zero."""
    if value is None:
        return NOTHING
    text = f"{abs(value):.{digits}f}"
    return f"−{text}" if value < 0 and float(text) else text


def signed(value: float | None, digits: int = 2) -> str:
    """Return a number with its sign: it is a change or a difference."""
    text = plain(value, digits)
    return f"+{text}" if value is not None and value > 0 and float(text) else text


def percent(value: float | None) -> str:
    """Return a share as `42 %`."""
    return NOTHING if value is None else f"{plain(value * 100, 0)}{UNBROKEN}%"


def chance(value: float | None) -> str:
    """Return a simulated chance; what never or always happened there is said as a bound, not as 0 or 100 %."""
    if value is None:
        return NOTHING
    if value < 0.005:
        return f"under {percent(0.01)}"
    return f"over {percent(0.99)}" if value >= 0.995 else percent(value)


def written(value: float | None, form: str) -> str:
    """Return a value in one of the forms of `words.toml`: share, signed, count, hours or plain."""
    if value is None:
        return NOTHING
    match form:
        case "share":
            return percent(value)
        case "signed":
            return signed(value)
        case "count":
            return plain(value, 0)
        case "hours":
            return f"{plain(value, 1)}{UNBROKEN}h"
    return plain(value)


def interval(low: float | None, high: float | None, form: str) -> str:
    """Return `0.35 to 0.49` or `35 to 49 %`, or nothing where no interval is computed."""
    if low is None or high is None:
        return ""
    return f"{written(low, form).partition(UNBROKEN)[0]} to {written(high, form)}"


def with_interval(value: float | None, low: float | None, high: float | None, form: str) -> str:
    """Return a value, followed by its interval where there is one."""
    around = interval(low, high, form)
    return f"{written(value, form)} ({around})" if around else written(value, form)


def listed(parts: Sequence[str]) -> str:
    """Return `a, b and c`."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return `1 month`, `2 months`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
