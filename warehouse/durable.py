"""Writing that a crash or a full disk cannot halve: beside, flushed, then renamed; for its owner's eyes only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import IO


@contextmanager
def beside(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file for writing, durable once the block ends, and gone again when the block fails."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        keep_folder(path.parent)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: bytes) -> None:
    """Put a file with this content in place of what is there, whole or not at all."""
    new = path.with_name(f"{path.name}.writing")
    with beside(new) as stream:
        stream.write(content)
    new.replace(path)


def keep_folder(folder: Path) -> None:
    """Make durable which names a folder holds."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, "" for a file that is not there."""
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
