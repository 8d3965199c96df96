"""How a survey program lays its answers out: which column is which, where the answers begin, which rows are none."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Head = Sequence[Sequence[str]]
"""The first rows of a file, at most three."""


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns` maps each name that a mapping may use to its positions; `personal` holds, in lower case, those that
    name people, `nothing` what stands for an empty cell. `headings` is how many rows stand before the answers;
    `left_out` says why a row is no answer, "" when it is one. `words` has, by position, the words of answer codes.
    """

    program: str
    columns: Mapping[str, Sequence[int]]
    headings: int = 1
    personal: frozenset[str] = frozenset()
    nothing: frozenset[str] = frozenset()
    left_out: Callable[[Sequence[str]], str] = lambda cells: ""
    words: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


def plain(name: str) -> str:
    """Return a heading with its line breaks and hard blanks as blanks."""
    return " ".join(name.split())


def positions(*rows: Iterable[str]) -> dict[str, list[int]]:
    """Return where each name stands, over several rows of headings; empty names are left out."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        for position, name in enumerate(map(plain, row)):
            if name and position not in found[name]:
                found[name].append(position)
    return found


def taken(layout: Layout, cells: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    """Return the cells of a row that a program mapped, by name; nothing else of it goes on."""
    found = {name: (at, cell(cells, [at])) for name, at in columns.items()}
    return {
        name: "" if said in layout.nothing else layout.words.get(at, {}).get(said, said)
        for name, (at, said) in found.items()
    }


def cell(cells: Sequence[str], at: Sequence[int]) -> str:
    """Return the cell of a column that may not be there, without blanks around it."""
    return cells[at[0]].strip() if at and at[0] < len(cells) else ""
