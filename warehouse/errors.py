"""What can go wrong in this room.

WarehouseError
├── StoreBusy        another run holds the store
└── NoPublishedFile  there is no published database yet
"""


class WarehouseError(Exception):
    """Root of this room's errors."""


class StoreBusy(WarehouseError):
    """Raised when another run holds the store; the message names the holder."""


class NoPublishedFile(WarehouseError):
    """Raised when a program has not published anything yet."""
