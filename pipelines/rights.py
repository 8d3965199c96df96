"""What a person may ask for: a record of consent, all that is held on them, and erasure."""

import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from connectors import PURPOSE, BadConsent, ConsentEvent, ConsentRegister, Medium, Roster
from pipelines.audit import entries, write
from pipelines.building import erase_uncovered, memory_of
from pipelines.context import Context
from pipelines.errors import UnknownPerson
from pipelines.folder import ProgramFolder
from pipelines.people import partner_keys
from pipelines.recovery import needs_recovery, recover, refuse_damaged
from pipelines.register_copy import alone, bring_back
from warehouse import OwnLabels, held

EventName = Literal["given", "refused", "withdrawn", "renewed"]
ALL_MEDIA: tuple[Medium, ...] = ("mail", "chat")

FORMULA = re.compile(r"[=+\-@]")
"""What makes a spreadsheet take a cell for a formula; the register is opened in spreadsheets."""


def consent_event(
    folder: ProgramFolder,
    person: str,
    event: EventName,
    *,
    alliance: str = "*",
    sources: tuple[Medium, ...] = ALL_MEDIA,
    start: date | None = None,
    until: date | None = None,
    notice: str = "1",
) -> ConsentEvent:
    """Return what a person decided, fit for the register. `until` defaults to a year after `start`.

    Raises UnknownPerson for somebody whom people.csv does not have, BadConsent for an alliance that there is not.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    first = start or now.date()
    lasting = event in ("given", "renewed")
    if lasting and inert(person) != person:
        raise BadConsent("person: expected a key that a spreadsheet reads as text, found another; choose a plain one")
    return ConsentEvent(
        person=_known_person(folder, person),
        controllers=inert(", ".join(partner.name for partner in folder.program.partners)),
        alliance=_known_alliance(folder, alliance),
        purpose=PURPOSE,
        sources=sources,
        notice_version=inert(notice),
        event=event,
        valid_from=first,
        valid_until=(until or first + timedelta(days=365)) if lasting else None,
        recorded_at=now,
    )


def record_consent(folder: ProgramFolder, person: str, event: EventName, **facts: Any) -> ConsentEvent:
    """Append what a person decided, see `consent_event`. Raises UnknownPerson, BadConsent."""
    entry = consent_event(folder, person, event, **facts)
    append(folder, [entry])
    return entry


def append(folder: ProgramFolder, events: Iterable[ConsentEvent]) -> None:
    """Append events to the register, all or none, one process at a time. Raises BadConsent."""
    with alone(folder.root):
        bring_back(folder)
        ConsentRegister.load(folder.consent).append(*events)
        bring_back(folder)


def inert(cell: str) -> str:
    """Return a cell as one line that reads back as it was written and that no spreadsheet takes for a formula."""
    line = " ".join("".join(each if each.isprintable() else " " for each in cell).split())
    return f"'{line}" if FORMULA.match(line) else line


def _known_person(folder: ProgramFolder, person: str) -> str:
    roster = Roster.load(folder.people, partner_keys(folder.program))
    if not any(each.person == person for each in roster.affiliations):
        raise UnknownPerson(
            "expected a person key of people.csv, found one that it does not have; add the person first"
        )
    return person


def _known_alliance(folder: ProgramFolder, alliance: str) -> str:
    known = [each.id for each in folder.program.alliances]
    if alliance not in ("*", *known):
        raise BadConsent(f"alliance: expected * or one of {', '.join(known)}; found another id")
    return alliance


def my_data(root: Path, person: str) -> dict[str, Any]:
    """Return all that is held on a person, and write the access to the audit log. Raises UnknownPerson."""
    context = Context.open(root, datetime.now(UTC))
    _known_person(context.folder, person)
    _bring_up(context)
    memory = memory_of(context)
    own = [each for each in _roster(context).affiliations if each.person == person]
    found: dict[str, Any] = {
        "roster": [asdict(each) for each in own],
        "consent": [asdict(each) for each in _events(context) if each.person == person],
        "accesses": entries(context.folder, _subjects(context, person)),
        "signals": {},
        "labels": {},
        "published_groups": {},
    }
    for name, people in context.people.items():
        pseudonyms = sorted({people.named(each.key) for each in own})
        found["signals"][name] = held([part for part in context.store.parts() if part.parent.name == name], pseudonyms)
        labels = [file for file in OwnLabels(context.store.folder).files() if file.stem == name]
        found["labels"][name] = held(labels, pseudonyms)
        found["published_groups"][name] = memory.naming(name, people.named(f"person/{person}"))
    _log(context, "my-data", person)
    return found


def erase_person(root: Path, person: str) -> int:
    """Record a withdrawal from everything and erase what the store holds; return how many rows that were."""
    folder = ProgramFolder.open(root)
    record_consent(folder, person, "withdrawn")
    context = Context.open(root, datetime.now(UTC) + timedelta(seconds=1))
    with context.store.writing():
        recover(context)
        erased = erase_uncovered(context)
        _log(context, "erase", person)
    return erased


def _bring_up(context: Context) -> None:
    """Erase first what an older copy of the store brought back, then see that every part is whole."""
    if needs_recovery(context):
        with context.store.writing():
            recover(context)
            erase_uncovered(context)
    refuse_damaged(context)


def _subjects(context: Context, person: str) -> list[str]:
    """Return the person's pseudonyms in the log of accesses, one an alliance."""
    return [people.named(f"person/{person}") for people in context.people.values()]


def _log(context: Context, action: str, person: str) -> None:
    for subject in _subjects(context, person):
        write(context.folder, action, subject)


def _roster(context: Context) -> Roster:
    return next(iter(context.people.values())).roster


def _events(context: Context) -> tuple[ConsentEvent, ...]:
    return next(iter(context.people.values())).register.events()
