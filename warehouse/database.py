"""How every database is opened: in UTC whatever the machine's zone, without a progress bar, and shut off.

It can do nothing but what it is for: no other file, no network, no extension, no spill to disk, and no way back.
DuckDB draws its bar for queries over two seconds on standard output, where another program may be reading.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import NotEncrypted, NotShut

SHUT = {
    "TimeZone": "UTC",
    "enable_progress_bar": False,
    "max_temp_directory_size": "0 bytes",
    "enable_external_access": False,
    "lock_configuration": True,
}
"""What every connection is asked whether it is so, before anybody may use it."""

_keys: dict[Path, str] = {}
"""Folder -> key of the databases in it, hexadecimal."""


def connected(
    path: Path | None = None, *, reads: Sequence[Path] = (), read_only: bool = False, **config: Any
) -> duckdb.DuckDBPyConnection:
    """Return a connection to the file at `path`, or to a new database in memory that never touches the disk.

    It may read the files in `reads` and no others; its settings cannot be changed any more.
    Query it directly: a cursor of it is a session of its own, with the progress bar as the machine has it.
    Raises NotEncrypted for a file that must be encrypted and cannot be, NotShut when a setting did not take.
    """
    connection = _opened(path, read_only, config)
    connection.execute("set global TimeZone = 'UTC'")
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    connection.execute("set max_temp_directory_size = '0KB'")
    names = ", ".join(_quoted(str(each)) for each in reads)
    connection.execute(f"set allowed_paths = [{names}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    _see_that_it_is_shut(connection)
    return connection


def encrypt(folder: Path, key: bytes) -> None:
    """From now on write and read every database in `folder` encrypted with a key of 32 bytes, and never in plain."""
    _keys[folder.resolve()] = key.hex()


def refuse_plain() -> None:
    """Raise NotEncrypted where DuckDB cannot write encrypted files: it takes an extension that must be there already.

    Its own switch for writing them all the same, with weak random numbers, is never used.
    """
    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": False}) as connection:
        _load_cipher(connection)


def _opened(path: Path | None, read_only: bool, config: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    key = _keys.get(path.resolve().parent) if path else None
    if path is None or key is None:
        return duckdb.connect(str(path or ":memory:"), read_only=read_only, config=config)
    connection = duckdb.connect(":memory:", config={**config, "autoinstall_known_extensions": False})
    try:
        if not read_only:
            _load_cipher(connection)
        names = f"{_quoted(str(path))} as encrypted (encryption_key {_quoted(key)}"
        connection.execute(f"attach {names}, read_only)" if read_only else f"attach {names})")
        connection.execute("use encrypted")
    except duckdb.Error:
        connection.close()
        raise NotEncrypted(
            f"{path.name}: expected a database encrypted with the key beside the pseudonym keys, found that it cannot "
            "be opened so; a night makes it anew"
        ) from None
    except NotEncrypted:
        connection.close()
        raise
    return connection


def _load_cipher(connection: duckdb.DuckDBPyConnection) -> None:
    try:
        connection.execute("load httpfs")
    except duckdb.Error:
        raise NotEncrypted(
            f"privacy.encrypt: expected DuckDB's extension httpfs {duckdb.__version__}, which holds the cipher for "
            "writing, found none; install it where there is a network (`install httpfs`) and bring it here, or set "
            "privacy.encrypt = false and encrypt the disk; nothing was written"
        ) from None


def _see_that_it_is_shut(connection: duckdb.DuckDBPyConnection) -> None:
    names = ", ".join(f"current_setting('{name}')" for name in SHUT)
    found = connection.execute(f"select {names}").fetchall()[0]
    strange = [name for (name, wanted), is_so in zip(SHUT.items(), found, strict=True) if is_so != wanted]
    if strange:
        connection.close()
        raise NotShut(
            f"expected DuckDB to keep {', '.join(strange)} as set, found another value; use its pinned version"
        )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
