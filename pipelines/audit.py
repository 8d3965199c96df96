"""Who looked at whose data, and when nights ran: append-only, hash-chained logs in the private store.

Their heads lie with the keys, outside the store, so that lines which are cut off are noticed, and so is an older copy.
It does not show that somebody who may write both made log and head anew: for that, keep the last hash elsewhere.
"""

from collections.abc import Collection
from datetime import UTC, datetime

from pipelines.folder import ProgramFolder
from warehouse import Chain

Entry = dict[str, str]
LOGS = ("audit", "runs")
"""Accesses, and nights."""


def log_of(folder: ProgramFolder, name: str) -> Chain:
    """Return one of LOGS."""
    return Chain(folder.store / f"{name}.jsonl", folder.keys / f"{name}.head")


def write(folder: ProgramFolder, action: str, subject: str) -> None:
    """Append an access durably, one process at a time. `subject` is a pseudonym or an alliance, never a name."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    log_of(folder, "audit").append({"at": at, "action": action, "subject": subject})


def entries(folder: ProgramFolder, subjects: Collection[str] | None = None) -> list[Entry]:
    """Return what was done and when, oldest first; only about `subjects` when they are given."""
    whole = log_of(folder, "audit").entries()
    return [entry for entry in whole if subjects is None or entry.get("subject") in subjects]


def faults(folder: ProgramFolder) -> list[str]:
    """Say which logs are not as they were written: altered, cut off, or replaced by an older copy."""
    return [f"store/{fault}" for name in LOGS if (fault := log_of(folder, name).fault())]


def note_faults(folder: ProgramFolder) -> list[str]:
    """Enter into the log of accesses that logs were cut off, and go on from what is there; return what was found."""
    found = faults(folder)
    for name in LOGS:
        log = log_of(folder, name)
        if log.fault() and not log.broken_line():
            log.accept()
            write(folder, "found-cut-off", name)
    return found
