"""Rows in, indicators out: the only user of DuckDB. Imports stay light; the build loads when it is asked for."""

from typing import TYPE_CHECKING, Any

from warehouse.chain import Chain
from warehouse.durable import digest
from warehouse.errors import BadStore, Disclosed, NoPublishedFile, NotEncrypted, StoreBusy, WarehouseError
from warehouse.inputs import AllianceInput, BuildInputs, Calendar
from warehouse.memory import Memory, forget_others
from warehouse.store import Store

if TYPE_CHECKING:
    from warehouse.assembly import build
    from warehouse.auditor import refuse_disclosure
    from warehouse.database import encrypt, refuse_plain
    from warehouse.erasure import erase, held
    from warehouse.named_rules import rules
    from warehouse.own_labels import DRAWN, LABELLED, LABELS, SHOWN, SKIPPED, OwnLabels, draw
    from warehouse.parts import DECISIONS, PROBABILITIES, read_part, table_of, write_part
    from warehouse.publish import Published, documented

_WHERE = {
    "build": "warehouse.assembly",
    "encrypt": "warehouse.database",
    "refuse_plain": "warehouse.database",
    "erase": "warehouse.erasure",
    "held": "warehouse.erasure",
    **dict.fromkeys(("OwnLabels", "draw", "DRAWN", "SHOWN", "SKIPPED", "LABELLED", "LABELS"), "warehouse.own_labels"),
    "write_part": "warehouse.parts",
    "read_part": "warehouse.parts",
    "table_of": "warehouse.parts",
    "PROBABILITIES": "warehouse.parts",
    "DECISIONS": "warehouse.parts",
    "Published": "warehouse.publish",
    "documented": "warehouse.publish",
    "refuse_disclosure": "warehouse.auditor",
    "rules": "warehouse.named_rules",
}

__all__ = [
    "DECISIONS",
    "DRAWN",
    "LABELLED",
    "LABELS",
    "PROBABILITIES",
    "SHOWN",
    "SKIPPED",
    "AllianceInput",
    "BadStore",
    "BuildInputs",
    "Calendar",
    "Chain",
    "Disclosed",
    "Memory",
    "NoPublishedFile",
    "NotEncrypted",
    "OwnLabels",
    "Published",
    "Store",
    "StoreBusy",
    "WarehouseError",
    "build",
    "digest",
    "documented",
    "draw",
    "encrypt",
    "erase",
    "forget_others",
    "held",
    "read_part",
    "refuse_disclosure",
    "refuse_plain",
    "rules",
    "table_of",
    "write_part",
]


def __getattr__(name: str) -> Any:
    """Load the heavier names when they are first used."""
    from importlib import import_module

    if name not in _WHERE:
        raise AttributeError(f"module 'warehouse' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
