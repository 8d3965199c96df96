"""A folder of files, plain or zipped, read without ever writing a file and within limits."""

import zipfile
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

MAX_MEMBERS = 200_000
MAX_MEMBER = 256 << 20
"""Bytes that one member may hold unpacked."""

MAX_RATIO = 200
"""Unpacked bytes for each packed one, beyond 1 MB; text packs about ten to one."""


class Unsafe(Exception):
    """Raised when an archive must not be unpacked; `reason` is a code fit for counting."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Folder:
    """Names and contents of a folder or zip. One root folder that holds everything is looked through."""

    def __init__(self, files: dict[str, Path | zipfile.ZipInfo], archive: zipfile.ZipFile | None) -> None:
        self._files = files
        self._archive = archive

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open `path`. Raises Unsafe, or OSError when there is neither a folder nor a zip."""
        if path.is_dir():
            files = (each for each in sorted(path.rglob("*")) if each.is_file() and not each.is_symlink())
            return cls(_rooted({each.relative_to(path).as_posix(): each for each in files}), None)
        if not zipfile.is_zipfile(path):
            raise OSError(f"{path.name}: neither a folder nor a zip")
        archive = zipfile.ZipFile(path)
        members = [member for member in archive.infolist() if not member.is_dir()]
        _refuse_unsafe(members, path.stat().st_size)
        return cls(_rooted({member.filename: member for member in members}), archive)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._archive:
            self._archive.close()

    def names(self) -> list[str]:
        """Return the names of all files, sorted."""
        return sorted(self._files)

    def read(self, name: str) -> bytes:
        """Return the bytes of one file. Raises Unsafe when it is larger than it may be or damaged."""
        entry = self._files[name]
        if isinstance(entry, Path):
            if entry.stat().st_size > MAX_MEMBER:
                raise Unsafe("too_large")
            return entry.read_bytes()
        assert self._archive is not None
        try:
            with self._archive.open(entry) as stream:
                return stream.read(MAX_MEMBER)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
            raise Unsafe("truncated") from None


def _rooted(files: dict[str, Path | zipfile.ZipInfo]) -> dict[str, Path | zipfile.ZipInfo]:
    """Drop one common root folder, as zips made by hand have, when no file lies beside it."""
    roots = {name.split("/", 1)[0] for name in files}
    if len(roots) != 1 or any("/" not in name for name in files):
        return files
    inner = {name.split("/", 1)[1]: entry for name, entry in files.items()}
    return inner if any("/" not in name for name in inner) else files


def _refuse_unsafe(members: list[zipfile.ZipInfo], packed: int) -> None:
    if len(members) > MAX_MEMBERS:
        raise Unsafe("too_many_members")
    if any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in (m.filename for m in members)):
        raise Unsafe("path_escapes")
    offsets = sorted((member.header_offset, member.compress_size) for member in members)
    if any(start + size > following for (start, size), (following, _) in pairwise(offsets)):
        raise Unsafe("overlapping_members")
    if sum(member.file_size for member in members) > max(1 << 20, packed * MAX_RATIO):
        raise Unsafe("zip_bomb")
