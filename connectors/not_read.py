"""What lies in an export and nobody opens: counted by the ending of its name, which names nobody."""

import re
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Protocol, runtime_checkable

from connectors.archive import Folder, Unsafe

_ENDING = re.compile(r"\.[a-z0-9]{1,8}", re.I)


@runtime_checkable
class PicksFiles(Protocol):
    """A reader that opens some files of a folder or archive and leaves others, such as pictures, closed."""

    def takes(self, name: str) -> bool:
        """Say whether a file of this name in an export is opened."""
        ...


def not_read(path: Path, source: object) -> Counter[str]:
    """Return ending -> how many files of the export at `path` its reader leaves closed; an odd ending is `other`."""
    if not isinstance(source, PicksFiles):
        return Counter()
    try:
        with Folder.open(path) as folder:
            return Counter(_ending(name) for name in folder.names() if not source.takes(name))
    except (Unsafe, OSError):
        return Counter()


def _ending(name: str) -> str:
    suffix = PurePosixPath(name).suffix
    return suffix[1:].lower() if _ENDING.fullmatch(suffix) else "other"
