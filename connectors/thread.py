"""Which messages belong together: a thread is the union of all that name each other, directly or through others.

A single record cannot tell: mail programs cut References, and a root that no export holds still ties its answers.
"""

from collections.abc import Hashable, Iterable

from connectors.message import Message, message_id


def short_id(id: str) -> int:
    """Return 64 bits of a message's id, a quarter of its room; of a million, two are alike by a chance of 10^-7."""
    return int(id[:16], 16)


class Threads:
    """A disjoint-set forest over ids (Tarjan 1975), near-linear in what is joined; any order gives the same threads."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def add(self, message: Message) -> int:
        """Put a message into the thread of all that it names, and return the short id by which it is known here."""
        named = (message_id(message.source, each) for each in (message.thread_id, *message.references))
        self.join(known := short_id(message.id), map(short_id, named))
        return known

    def join(self, first: Hashable, others: Iterable[Hashable]) -> None:
        """Put ids into one thread, and the threads that they were in."""
        top = self.root(first)
        for other in others:
            self._above[self.root(other)] = top

    def root(self, id: Hashable) -> Hashable:
        """Return the id that stands for a thread; it may be of a message that nobody holds."""
        path = [id]
        while (above := self._above.setdefault(path[-1], path[-1])) != path[-1]:
            path.append(above)
        self._above.update(dict.fromkeys(path, path[-1]))
        return path[-1]
