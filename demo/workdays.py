"""When the fictional companies work: months covered, open days, and working hours that pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

MONTHS = 14
DAY = timedelta(days=1)


def months_before(until: date) -> list[date]:
    """Return the first days of the 14 whole months that end with the first of `until`'s month."""
    last = until.year * 12 + until.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS, last)]


def following(month: date) -> date:
    """Return the first day of the next month."""
    return (month + 31 * DAY).replace(day=1)


def holidays(yearly: Sequence[str], months: Sequence[date]) -> list[date]:
    """Return the days of a yearly list ("12-25") from the first month to the end of the year after the last."""
    years = range(months[0].year, months[-1].year + 2)
    found = (date.fromisoformat(f"{year}-{day}") for year in years for day in yearly)
    return sorted(day for day in found if day >= months[0])


@dataclass(frozen=True, slots=True)
class Office:
    """A company's working time: Monday to Friday without holidays, in its own zone."""

    zone: ZoneInfo
    opens: int
    closes: int
    closed: frozenset[date]

    def is_open(self, day: date) -> bool:
        """Say whether people work on a day."""
        return day.weekday() < 5 and day not in self.closed

    def moment(self, day: date, rng: Random) -> datetime:
        """Return a moment within the opening hours of a day, in UTC."""
        start = datetime.combine(day, time(self.opens), self.zone)
        return (start + timedelta(seconds=rng.randrange((self.closes - self.opens) * 3600))).astimezone(UTC)

    def later(self, start: datetime, hours: float) -> datetime:
        """Return the moment when so many working hours have passed, in UTC."""
        local = start.astimezone(self.zone).replace(tzinfo=None)
        while True:
            opening, closing = (datetime.combine(local.date(), time(hour)) for hour in (self.opens, self.closes))
            begin = max(local, opening)
            left = (closing - begin).total_seconds() / 3600
            if self.is_open(local.date()) and 0 < hours <= left:
                return (begin + timedelta(hours=hours)).replace(tzinfo=self.zone).astimezone(UTC)
            if self.is_open(local.date()):
                hours -= max(left, 0)
            local = datetime.combine(local.date() + DAY, time())
