"""How every database is opened: in UTC whatever the machine's zone, without a progress bar, and shut off.

It can do nothing but what it is for: no other file, no network, no extension, and no way back.
DuckDB draws its bar for queries over two seconds on standard output, where another program may be reading.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb


def connected(
    path: Path | None = None, *, reads: Sequence[Path] = (), read_only: bool = False, **config: Any
) -> duckdb.DuckDBPyConnection:
    """Return a connection to the file at `path`, or to a new database in memory that never touches the disk.

    It may read the files in `reads` and no others; its settings cannot be changed any more.
    Query it directly: a cursor of it is a session of its own, with the progress bar as the machine has it.
    """
    connection = duckdb.connect(str(path or ":memory:"), read_only=read_only, config=config)
    connection.execute("set global TimeZone = 'UTC'")
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    if path is None:
        connection.execute("set max_temp_directory_size = '0KB'")
    names = ", ".join("'" + str(each).replace("'", "''") + "'" for each in reads)
    connection.execute(f"set allowed_paths = [{names}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection
