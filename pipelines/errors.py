"""What can go wrong in this room, and the exit codes that say so.

PipelineError
├── LostKey         parts are there, the key that made their pseudonyms is not
├── UnknownPerson   nobody in people.csv has this key
├── NotVerified     what a night built broke a promise; nothing was published
├── NoRoom          the disk is full
├── BrokenLog       the log of accesses was altered
├── NotAuthorised   somebody may not read messages
├── NothingToLabel  there is nothing that a steward could read
└── StageFailed     a stage failed inside the orchestrator: a code, never the cause
"""

import errno
from pathlib import Path

from configs import ConfigError
from connectors import BadConsent, BadRegister, BadRoster, ConnectorError
from demo import DemoError
from models import ModelError
from warehouse import NotEncrypted, StoreBusy, WarehouseError

DONE, BAD_CONFIGURATION, QUARANTINED, BUSY, FAILED, INTERRUPTED = 0, 2, 3, 75, 1, 130
"""Exit codes: done; bad configuration; done, with quarantined input; store held by another run; else; Ctrl-C."""


class PipelineError(Exception):
    """Root of this room's errors; messages name files and codes, never a text, name or address."""


class LostKey(PipelineError):
    """Raised when an alliance has parts but no key."""


class UnknownPerson(PipelineError):
    """Raised when a command names a person that people.csv does not have."""


class NotVerified(PipelineError):
    """Raised when a built database breaks a promise; the old one stays published."""


class NoRoom(PipelineError):
    """Raised when the disk is full; nothing half-written is left, and the next run goes on."""


class BrokenLog(PipelineError):
    """Raised when a line of the log of accesses was altered, removed or moved."""


class NotAuthorised(PipelineError):
    """Raised when somebody who may not read messages asks to."""


class NothingToLabel(PipelineError):
    """Raised when no message may or need be read, or an alliance has none."""


class StageFailed(PipelineError):
    """Crosses the orchestrator's boundary in place of the real error. `code` is the name of its class."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


EXPECTED = (ConfigError, ConnectorError, DemoError, ModelError, WarehouseError, PipelineError)
"""Errors whose messages are written for users and free of private text."""


NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
"""What a system says when a disk, a quota or a limit is used up."""


def no_room(error: OSError, root: Path) -> NoRoom:
    """Return the error that tells a user where room is missing."""
    where = Path(str(error.filename)).name if error.filename else "store, published or keys"
    return NoRoom(
        f"{root.name}/: expected room on the disk for {where}, found it full; what is whole stays, what was "
        "half-written is gone: make room and run again"
    )


def exit_code(error: BaseException) -> int:
    """Return the exit code of an error that ended a command."""
    if isinstance(error, StoreBusy):
        return BUSY
    settings = (
        ConfigError,
        BadRoster,
        BadConsent,
        BadRegister,
        DemoError,
        LostKey,
        UnknownPerson,
        ModelError,
        NotEncrypted,
    )
    refusals = (NotAuthorised, NothingToLabel)
    return BAD_CONFIGURATION if isinstance(error, (*settings, *refusals)) else FAILED
