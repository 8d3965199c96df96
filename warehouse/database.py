"""How every database is opened: in UTC whatever the machine's zone, and without a progress bar.

DuckDB draws its bar for queries over two seconds on standard output, where another program may be reading.
"""

from pathlib import Path
from typing import Any

import duckdb


def connected(path: Path | None = None, *, read_only: bool = False, **config: Any) -> duckdb.DuckDBPyConnection:
    """Return a connection to the file at `path`, or to a new database in memory.

    Query it directly: a cursor of it is a session of its own, with the progress bar as the machine has it.
    """
    connection = duckdb.connect(str(path or ":memory:"), read_only=read_only, config=config)
    connection.execute("set global TimeZone = 'UTC'")
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    return connection
