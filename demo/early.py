"""The export of the alliance that is not at scale: it lies there, its authors consent, and it must never be opened."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime

from demo.company import Person
from demo.letters import PLAIN, Letter, named

NEVER_READ = "zzyzwicket"
"""A word that stands in every mail of this export and nowhere else: wherever it turns up, the export was read."""


def letters(people: Sequence[Person], months: Sequence[date]) -> Iterator[Letter]:
    """Yield two mails a month between the sides."""
    for number, month in enumerate(months):
        for place in range(2):
            sent_at = datetime.combine(month, time(10), UTC) + timedelta(days=6 + 9 * place)
            one, other = people[number % 7], people[7 + number % 6]
            yield _letter(*((one, other) if place else (other, one)), sent_at)


def _letter(sender: Person, to: Person, sent_at: datetime) -> Letter:
    head = (
        ("From", named(sender, sent_at, 1)),
        ("To", named(to, sent_at, 1)),
        ("Date", format_datetime(sent_at)),
        ("Subject", f"{NEVER_READ}: this must never be opened"),
        ("Message-ID", f"<{sent_at:%Y%m%d}.{NEVER_READ}@{sender.at(sent_at.date()).address.rpartition('@')[2]}>"),
    )
    body = f"{NEVER_READ}. This alliance is not at scale. Whoever reads this has opened a closed export."
    return Letter(sent_at, (*head, *PLAIN), body)
