"""What can go wrong in this room.

WarehouseError
├── BadStore         the private store is damaged, or of a version this program does not know
├── BadMemory        what was published last is not as a night left it
├── Disclosed        something withheld could be worked out from a file about to be published
├── NotEncrypted     a published file must be encrypted and cannot be
├── NotShut          a database does not keep the settings that shut it off
├── StoreBusy        another run holds the store
└── NoPublishedFile  there is no published database yet
"""


class WarehouseError(Exception):
    """Root of this room's errors."""


class BadStore(WarehouseError):
    """Raised for a store that cannot be used as it is; the message names the file and what to do."""


class BadMemory(WarehouseError):
    """Raised when the memory of what is published cannot be read; the message names the file."""


class Disclosed(WarehouseError):
    """Raised when the auditor works out what is withheld; the message names table and cell, never a person."""


class NotEncrypted(WarehouseError):
    """Raised when encryption is asked for and cannot be had; nothing is written then."""


class NotShut(WarehouseError):
    """Raised when DuckDB did not take a setting that keeps it from other files, the network or the disk."""


class StoreBusy(WarehouseError):
    """Raised when another run holds the store; the message names the holder."""


class NoPublishedFile(WarehouseError):
    """Raised when a program has not published anything yet."""
