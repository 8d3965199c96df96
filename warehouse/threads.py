"""Threads as unions: a message belongs with every message it names, in whichever export that one lies.

One record tells its own thread only as far as its references reach, and mail programs cut them. A message that two
others name ties them together, even when it is not in the store itself.
"""

import duckdb
import numpy as np
import pyarrow as pa

_NAMED = """
    select distinct key from (
        select message_key as key from part union all select thread_key from part
        union all select parent_key from part where parent_key is not null
    )
"""
_EDGES = """
    select own.place as own, other.place as other
    from (
        select message_key, thread_key as named from part
        union all select message_key, parent_key from part where parent_key is not null
    ) as link
    join node as own on own.key = link.message_key
    join node as other on other.key = link.named
"""
_UNITED = """
    create or replace table part as
    select part.* replace (min(part.thread_key) over (partition by united.component) as thread_key)
    from part
    join node on node.key = part.message_key
    join united on united.place = node.place
    order by part.alliance, part.message_key, part.author
"""


def unite_threads(connection: duckdb.DuckDBPyConnection) -> None:
    """Give all messages of the table `part` that are tied to each other, however far, one `thread_key`."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    connection.execute(
        f"create table node as select key, row_number() over (order by key) - 1 as place from ({_NAMED})"
    )
    edges = connection.execute(_EDGES).fetchnumpy()
    size = connection.execute("select count(*) from node").fetchall()[0][0]
    links = coo_array((np.ones(len(edges["own"]), dtype=bool), (edges["own"], edges["other"])), shape=(size, size))
    component = connected_components(links, directed=False)[1] if size else np.zeros(0, dtype=np.int32)
    connection.register("united_rows", pa.table({"place": np.arange(size), "component": component}))
    connection.execute("create table united as select * from united_rows")
    connection.execute(_UNITED)
    connection.execute("drop table node")
    connection.execute("drop table united")
