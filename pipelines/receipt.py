"""What a person gets in hand: a receipt of what they consented to, in the structure of ISO/IEC TS 27560:2023.

Sections, fields and which of them are mandatory are taken from the public account of the specification in the Data
Privacy Vocabulary's guide "Consent Records and Receipts as per ISO/IEC TS 27560:2023"; nobody has certified it. A
mandatory field that the program does not state is null and named in `not_stated`.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from connectors import PURPOSE, ConsentEvent, ConsentRegister
from pipelines.audit import write
from pipelines.errors import UnknownPerson
from pipelines.folder import ProgramFolder
from pipelines.instant import instant_of
from pipelines.people import people_of

SCHEMA = "ISO/IEC TS 27560:2023"
STATES = {
    "given": "consent given",
    "renewed": "consent renewed",
    "refused": "consent refused",
    "withdrawn": "consent withdrawn",
    "expired": "consent expired",
}
"""Event of the register -> the state of consent that it brings about."""

READ = {
    "mail": "headers and body of mails that this person sent, read in memory and not kept",
    "chat": "messages that this person posted, read in memory and not kept",
}
KEPT = (
    "pseudonyms made with a key of the alliance",
    "times of messages",
    "counts",
    "probabilities of what the wording signals",
)
BY_PEOPLE = "answers of a steward who reads a few messages, drawn by chance, once"


def receipt(root: Path, person: str) -> dict[str, Any]:
    """Return a person's receipt as JSON-ready values, and log that it was made. Raises UnknownPerson, BadConsent.

    The record keeps its id for as long as the register knows the person; a receipt has an id of its own content.
    """
    folder = ProgramFolder.open(root)
    events = [each for each in ConsentRegister.load(folder.consent).events() if each.person == person]
    if not events:
        raise UnknownPerson("expected somebody whom the register knows, found nobody with this key")
    content = {
        "schema_version": SCHEMA,
        "record_id": _digest([_event(events[0])]),
        "pii_principal_id": person,
        "pii_processing": _processing(folder, events[-1]),
        "party_identification": [_party(each) for each in folder.program.partners],
        "event": [_event(each) for each in events],
    }
    for people in people_of(folder, instant_of(None)).values():
        write(folder, "receipt", people.named(f"person/{person}"))
    made = {"schema_version": SCHEMA, "receipt_id": _digest(content), "content": content}
    return {**made, "not_stated": sorted(set(_empty(content)))}


def _digest(content: object) -> str:
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def _processing(folder: ProgramFolder, latest: ConsentEvent) -> dict[str, Any]:
    privacy = folder.program.privacy
    told = latest.notice_version in folder.program.labelling.notices
    return {
        "privacy_notice": latest.notice_version,
        "language": "en",
        "purposes": [
            {
                "purpose": PURPOSE,
                "purpose_type": "indicators of how two organisations communicate; never about one person",
                "lawful_basis": "consent, as a second lock beside the legal basis that the controllers need themselves",
                "pii_information": [
                    {"pii_type": each, "pii_optional": False}
                    for each in (*(READ[medium] for medium in latest.sources), *KEPT, *([BY_PEOPLE] if told else []))
                ],
                "pii_controllers": [each.id for each in folder.program.partners],
                "collection_method": "exports that the controllers make",
                "processing_method": "scored on one machine without a network; shown in groups of at least "
                f"{privacy.min_people} people a side",
                "storage_locations": ["the program's private store, on the controllers' own machine"],
                "retention_period": f"{privacy.retention_months} months after sending, less when consent ends before",
                "service": folder.program.name,
                "jurisdiction": privacy.jurisdiction or None,
                "recipient_third_parties": [],
                "withdrawal_method": "tell whoever runs the program; the next night erases, `quietpivot erase` at once",
                "privacy_rights": ["withdrawal", "erasure", "a copy of all that is held (`quietpivot my-data`)"],
            }
        ],
    }


def _party(partner: Any) -> dict[str, Any]:
    return {
        "party_id": partner.id,
        "party_name": partner.name,
        "party_address": partner.address or None,
        "party_contact": partner.contact or None,
        "party_role": "PII controller",
        "party_type": "partner organisation",
    }


def _event(each: ConsentEvent) -> dict[str, Any]:
    """Return an event; `valid_from` and what follows are of the register, beyond the specification."""
    days = (each.valid_until - each.valid_from).days if each.valid_until else 0
    return {
        "event_time": each.recorded_at.isoformat(),
        "validity_duration": f"P{days}D",
        "entity_id": each.person,
        "event_type": "explicit",
        "event_state": STATES[each.event],
        "valid_from": each.valid_from.isoformat(),
        "valid_until": each.valid_until.isoformat() if each.valid_until else None,
        "alliance": each.alliance,
        "sources": list(each.sources),
        "notice_version": each.notice_version,
    }


def _empty(content: object) -> Iterator[str]:
    """Yield the mandatory fields that are null, wherever they stand."""
    if isinstance(content, dict):
        yield from (name for name, value in content.items() if value is None and name != "valid_until")
    inside = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    for each in inside:
        yield from _empty(each)
