"""What can go wrong in this room.

DemoError
└── FolderInUse   the folder holds something that is not the demo
"""


class DemoError(Exception):
    """Root of this room's errors."""


class FolderInUse(DemoError):
    """Raised when the demo would write over files that it did not make."""
