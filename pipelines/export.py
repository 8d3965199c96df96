"""The exports that partners dropped in: which there are, which alliances they speak of, and whether they changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from importlib.resources import as_file, files
from pathlib import Path

from connectors import exports, files_of
from pipelines.folder import ProgramFolder

CODE = frozenset((".py", ".sql", ".toml", ".j2", ".css"))
"""Endings of what a room does; another version of it may give another result."""


@dataclass(frozen=True, slots=True)
class Export:
    """One export and the alliances at scale that it may speak of. `id` stands for it wherever names must not."""

    id: str
    path: Path = field(repr=False)
    format: str | None
    zone: str | None
    alliances: tuple[str, ...]


def exports_of(folder: ProgramFolder) -> list[Export]:
    """Return the exports of all alliances at scale, sorted by id. What other alliances have is not even opened."""
    found: dict[str, Export] = {}
    for place, form, zone, alliances in _places(folder):
        read = tuple(each for each in alliances if folder.program.alliance(each).text_read)
        for path in exports(folder.root / place) if read else ():
            export = Export(_id(path, folder.root), path, form, zone, read)
            known = found.get(export.id)
            both = tuple(dict.fromkeys((*known.alliances, *read))) if known else read
            found[export.id] = Export(export.id, path, form, zone, both)
    return [found[each] for each in sorted(found)]


def _places(folder: ProgramFolder) -> Iterator[tuple[str, str | None, str | None, tuple[str, ...]]]:
    program = folder.program
    if program.exports:
        yield from ((each.path, each.format, each.zone, each.alliances) for each in program.exports)
    else:
        yield from ((f"exports/{each.id}", None, None, (each.id,)) for each in program.alliances)


def _id(path: Path, root: Path) -> str:
    return sha256(str(path.relative_to(root)).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def content_digest(path: Path) -> str:
    """Return a fingerprint of what an export holds, names of its files included."""
    digest = sha256()
    for file in files_of(path):
        with file.open("rb") as stream:
            digest.update(f"{file.relative_to(path.parent)}\0{file_digest(stream, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()


def code_digest(*rooms: str) -> str:
    """Return a fingerprint of the code of rooms: a better reader must read again."""
    digest = sha256()
    for room in rooms:
        with as_file(files(room)) as folder:
            for file in sorted(each for each in folder.rglob("*") if each.suffix in CODE):
                digest.update(file.read_bytes())
    return digest.hexdigest()
