"""Threads as unions: a message belongs with every message it names, in whichever export that one lies.

One record tells its own thread only as far as its references reach, and mail programs cut them. A message that two
others name ties them together, even when it is not in the store itself. One that a message points to in another medium
is named as any other (docs/decisions/0013).
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Places = NDArray[np.int64]
NAMED = ("message_key", "thread_key", "parent_key")


def united(part: pa.Table) -> pa.Table:
    """Give all messages that are tied to each other, however far, the first `thread_key` of them all.

    Rows come back in the order of message and author, and `copies` is added: how many rows a message has.
    """
    own, thread, parent = _ranks([part[name] for name in NAMED])
    component = _components(own, thread, parent)
    first = np.full(int(component.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, component[own], thread)
    copies = np.bincount(own)[own] if len(own) else own
    threads, keys = first[component[own]], _first_rows(thread)
    part = part.set_column(
        part.schema.get_field_index("thread_key"), "thread_key", part["thread_key"].take(keys[threads])
    )
    order = np.lexsort((_ranks([part["author"]])[0], own))
    return part.append_column("copies", pa.array(copies)).take(order)


def _ranks(columns: list[pa.ChunkedArray]) -> list[Places]:
    """Return the place of each text among all texts of the columns in alphabetical order; −1 for none."""
    texts = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string()).combine_chunks()
    encoded = pc.dictionary_encode(texts)
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    codes = pc.fill_null(encoded.indices, -1).to_numpy()
    ranks = np.where(codes >= 0, rank[codes], -1) if len(rank) else codes.astype(np.int64)
    return np.split(ranks, np.cumsum([len(column) for column in columns])[:-1])


def _first_rows(values: Places) -> Places:
    """Return value -> a row that has it."""
    rows = np.zeros(int(values.max(initial=-1)) + 1, dtype=np.int64)
    rows[values] = np.arange(len(values))
    return rows


def _components(own: Places, thread: Places, parent: Places) -> Places:
    """Return for each key the number of its component."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    named = parent >= 0
    first, second = np.concatenate([own, own[named]]), np.concatenate([thread, parent[named]])
    size = int(max(first.max(initial=-1), second.max(initial=-1))) + 1
    links = coo_array((np.ones(len(first), dtype=bool), (first, second)), shape=(size, size))
    return np.asarray(connected_components(links, directed=False)[1] if size else first, dtype=np.int64)
