"""Pseudonym keys: 32 random bytes an alliance, made at its first night, kept apart from the store."""

import os
import secrets
from pathlib import Path

from pipelines.errors import LostKey
from pipelines.folder import ProgramFolder


def alliance_key(folder: ProgramFolder, alliance: str) -> bytes:
    """Return an alliance's key; make one when it has no parts yet. Raises LostKey."""
    file = folder.keys / f"{alliance}.key"
    if file.is_file():
        return _read(file)
    if any((folder.store / "parts" / alliance).glob("*.parquet")):
        raise LostKey(
            f"{file.name}: expected the key that made the store's pseudonyms, found none; bring it back into "
            f"{folder.program.privacy.keys}/, or remove store/ and let the next night read the exports again"
        )
    return _made(file)


def _read(file: Path) -> bytes:
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) < 32:
        raise LostKey(f"{file.name}: expected 64 hex digits, found something else; bring the key back from your backup")
    return key


def _made(file: Path) -> bytes:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_bytes(32)
    beside = file.with_suffix(".writing")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(key.hex() + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)
    return key
