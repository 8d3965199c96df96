"""Who said yes to what: the consent register of the demo, in all the ways in which a consent can stand."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from connectors import PURPOSE, ConsentEvent, Medium
from demo.company import Person

YEAR = timedelta(days=365)
EARLIER = timedelta(days=20)
"""How long before the first month consents were asked for."""

BOTH: tuple[Medium, ...] = ("mail", "chat")


def events(people: Sequence[Person], alliance: str, controllers: str, months: Sequence[date]) -> Iterator[ConsentEvent]:
    """Yield what the people of an alliance decided, person by person."""
    for person in people:
        yield from _decisions(person, alliance, controllers, months)


def _decisions(person: Person, alliance: str, controllers: str, months: Sequence[date]) -> Iterator[ConsentEvent]:
    if person.consent == "missing":
        return
    start = months[0] - EARLIER
    sources: tuple[Medium, ...] = ("chat",) if person.consent == "chat" else BOTH
    scope = "*" if person.consent == "wide" else alliance
    given = ConsentEvent(
        person.key, controllers, scope, PURPOSE, sources, "2", "given", start, start + YEAR, _morning(start)
    )
    yield replace(given, event="refused", valid_until=None) if person.consent == "refused" else given
    if person.consents:
        renewed = start + YEAR
        recorded = _morning(renewed - timedelta(days=8))
        yield replace(given, event="renewed", valid_from=renewed, valid_until=renewed + YEAR, recorded_at=recorded)
    if person.consent in ("withdrawn", "expired"):
        on = months[8] + timedelta(days=10) if person.consent == "withdrawn" else start + YEAR
        word = replace(given, valid_from=on, valid_until=None, recorded_at=_morning(on))
        yield replace(word, event="withdrawn" if person.consent == "withdrawn" else "expired")


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)
