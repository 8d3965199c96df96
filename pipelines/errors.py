"""What can go wrong in this room, and the exit codes that say so.

PipelineError
├── LostKey         parts are there, the key that made their pseudonyms is not
├── UnknownPerson   nobody in people.csv has this key
├── NotVerified     what a night built broke a promise; nothing was published
├── BrokenLog       the log of accesses was altered
├── NotAuthorised   somebody may not read messages
├── NothingToLabel  there is nothing that a steward could read
└── StageFailed     a stage failed inside the orchestrator: a code, never the cause
"""

from configs import ConfigError
from connectors import BadConsent, BadRegister, BadRoster, ConnectorError
from demo import DemoError
from models import ModelError
from warehouse import StoreBusy, WarehouseError

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


def exit_code(error: BaseException) -> int:
    """Return the exit code of an error that ended a command."""
    if isinstance(error, StoreBusy):
        return BUSY
    settings = (ConfigError, BadRoster, BadConsent, BadRegister, DemoError, LostKey, UnknownPerson, ModelError)
    refusals = (NotAuthorised, NothingToLabel)
    return BAD_CONFIGURATION if isinstance(error, (*settings, *refusals)) else FAILED
