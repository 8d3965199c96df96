"""What a person gets in hand: a receipt of what they consented to, in the structure of ISO/IEC TS 27560:2023.

The sections and field names are those of the specification (header, processing, parties, events); it is written
after it, and nobody has certified it.
"""

import json
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
STATES = {"given": "active", "renewed": "active", "refused": "refused", "withdrawn": "ended", "expired": "ended"}
"""Event of the register -> the state that it brings about."""

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


def receipt(root: Path, person: str) -> dict[str, Any]:
    """Return a person's receipt as JSON-ready values, and log that it was made. Raises UnknownPerson, BadConsent."""
    folder = ProgramFolder.open(root)
    events = [each for each in ConsentRegister.load(folder.consent).events() if each.person == person]
    if not events:
        raise UnknownPerson("expected somebody whom the register knows, found nobody with this key")
    record = {
        "pii_principal_id": person,
        "pii_processing": _processing(folder, events[-1]),
        "party_identification": [
            {"party_id": each.id, "party_name": each.name, "party_role": "controller"}
            for each in folder.program.partners
        ],
        "event": [_event(each) for each in events],
    }
    made = sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:32]
    for people in people_of(folder, instant_of(None)).values():
        write(folder, "receipt", people.named(f"person/{person}"))
    return {"schema_version": SCHEMA, "record_id": made, "receipt_id": made, **record}


def _processing(folder: ProgramFolder, latest: ConsentEvent) -> dict[str, Any]:
    months = folder.program.privacy.retention_months
    return {
        "privacy_notice": latest.notice_version,
        "language": "en",
        "purposes": [
            {
                "purpose": PURPOSE,
                "purpose_type": "indicators of how two organisations communicate; never about one person",
                "lawful_basis": "consent, as a second lock beside the legal basis that the controllers need themselves",
                "pii_information": [{"pii_type": READ[each]} for each in latest.sources]
                + [{"pii_type": each} for each in KEPT],
                "pii_controllers": [each.id for each in folder.program.partners],
                "collection_method": "exports that the controllers make",
                "processing_method": "scored on one machine without a network; shown in groups of at least "
                f"{folder.program.privacy.min_people} people a side",
                "storage_locations": ["the program's private store, on the controllers' own machine"],
                "retention_period": f"{months} months after sending, less when consent ends before",
                "recipient_third_parties": [],
                "withdrawal_method": "tell whoever runs the program; the next night erases, `quietpivot erase` at once",
                "privacy_rights": ["withdrawal", "erasure", "a copy of all that is held (`quietpivot my-data`)"],
            }
        ],
    }


def _event(each: ConsentEvent) -> dict[str, Any]:
    return {
        "event_time": each.recorded_at.isoformat(),
        "event_type": each.event,
        "event_state": STATES[each.event],
        "valid_from": each.valid_from.isoformat(),
        "validity_duration": each.valid_until.isoformat() if each.valid_until else None,
        "entity_id": each.person,
        "alliance": each.alliance,
        "sources": list(each.sources),
        "notice_version": each.notice_version,
    }
