"""What a person may ask for: a record of consent, all that is held on them, and erasure."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from connectors import PURPOSE, ConsentEvent, ConsentRegister, Medium, Roster
from pipelines.audit import write
from pipelines.building import erase_uncovered
from pipelines.context import Context
from pipelines.errors import UnknownPerson
from pipelines.folder import ProgramFolder
from pipelines.people import partner_keys
from warehouse import held

EventName = Literal["given", "refused", "withdrawn", "renewed"]
ALL_MEDIA: tuple[Medium, ...] = ("mail", "chat")


def record_consent(
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
    """Append what a person decided. `until` defaults to a year after `start`. Raises UnknownPerson, BadConsent."""
    _refuse_unknown(folder, person)
    now = datetime.now(UTC).replace(microsecond=0)
    first = start or now.date()
    lasting = event in ("given", "renewed")
    entry = ConsentEvent(
        person=person,
        controllers=", ".join(partner.name for partner in folder.program.partners),
        alliance=alliance if alliance == "*" else folder.program.alliance(alliance).id,
        purpose=PURPOSE,
        sources=sources,
        notice_version=notice,
        event=event,
        valid_from=first,
        valid_until=(until or first + timedelta(days=365)) if lasting else None,
        recorded_at=now,
    )
    ConsentRegister.load(folder.consent).append(entry)
    return entry


def _refuse_unknown(folder: ProgramFolder, person: str) -> None:
    roster = Roster.load(folder.people, partner_keys(folder.program))
    if not any(each.person == person for each in roster.affiliations):
        raise UnknownPerson(
            "expected a person key of people.csv, found one that it does not have; add the person first"
        )


def my_data(root: Path, person: str) -> dict[str, Any]:
    """Return all that is held on a person, and write the access to the audit log. Raises UnknownPerson."""
    context = Context.open(root, datetime.now(UTC))
    _refuse_unknown(context.folder, person)
    own = [each for each in _roster(context).affiliations if each.person == person]
    found: dict[str, Any] = {
        "roster": [asdict(each) for each in own],
        "consent": [asdict(each) for each in _events(context) if each.person == person],
        "signals": {},
    }
    for name, people in context.people.items():
        pseudonyms = sorted({people.named(each.key) for each in own})
        rows = held([part for part in context.store.parts() if part.parent.name == name], pseudonyms)
        found["signals"][name] = rows
        write(context.folder.store, "my-data", people.named(f"person/{person}"))
    return found


def erase_person(root: Path, person: str) -> int:
    """Record a withdrawal from everything and erase what the store holds; return how many rows that were."""
    folder = ProgramFolder.open(root)
    record_consent(folder, person, "withdrawn")
    context = Context.open(root, datetime.now(UTC) + timedelta(seconds=1))
    with context.store.writing():
        erased = erase_uncovered(context)
        write(folder.store, "erase", next(iter(context.people.values())).named(f"person/{person}"))
    return erased


def _roster(context: Context) -> Roster:
    return next(iter(context.people.values())).roster


def _events(context: Context) -> tuple[ConsentEvent, ...]:
    return next(iter(context.people.values())).register.events()
