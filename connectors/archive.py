"""A folder of files, plain, zipped or in a tar, read without ever writing a file and within limits."""

import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self

MAX_MEMBERS = 200_000
MAX_MEMBER = 256 << 20
"""Bytes that one member may hold where it is read as a whole."""

MAX_RATIO = 200
"""Unpacked bytes for each packed one, beyond 1 MB; text packs about ten to one."""

_CLOSED = (RuntimeError, NotImplementedError)
"""What zipfile raises for members that need a password or an unknown method."""

_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, struct.error, EOFError, OSError)

_DAMAGED_LIST = (*_DAMAGED, *_CLOSED, ValueError, OverflowError)
"""What the two libraries raise for lists of members that were tampered with."""

Opener = Callable[[], IO[bytes]]


class Unsafe(Exception):
    """Raised when an archive must not be unpacked; `reason` is a code fit for counting."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def most_unpacked(packed: int) -> int:
    """Return how many bytes may come out of `packed` ones."""
    return max(1 << 20, packed * MAX_RATIO)


class Folder:
    """Names and contents of a folder, zip or tar. One root folder that holds everything is looked through."""

    def __init__(
        self,
        files: dict[str, tuple[int, Opener]],
        archive: zipfile.ZipFile | tarfile.TarFile | None,
        *,
        lone: bool = False,
    ) -> None:
        self._files = files
        self._archive = archive
        self.lone = lone

    @classmethod
    def open(cls, path: Path, *, lone: bool = False) -> Self:
        """Open `path`; with `lone`, any other file is a folder of one. Raises Unsafe, or OSError if it is no folder."""
        if path.is_dir():
            files = (each for each in sorted(path.rglob("*")) if each.is_file() and not each.is_symlink())
            return cls(_rooted({each.relative_to(path).as_posix(): _plain(each) for each in files}), None)
        try:
            if zipfile.is_zipfile(path):
                return cls(*_zipped(path))
            if mode := _tar_mode(path):
                return cls(*_tarred(path, mode))
        except _DAMAGED_LIST:
            raise Unsafe("truncated") from None
        if lone:
            return cls({path.name: _plain(path)}, None, lone=True)
        raise OSError(f"{path.name}: neither a folder nor an archive")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._archive:
            self._archive.close()

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def names(self) -> list[str]:
        """Return the names of all files, sorted."""
        return sorted(self._files)

    def packed(self) -> list[str]:
        """Return the names of all files in the order in which they lie, which a tar is read in without going back."""
        return list(self._files)

    def read(self, name: str) -> bytes:
        """Return the bytes of one file. Raises Unsafe when it is larger than it may be or damaged."""
        if self._files[name][0] > MAX_MEMBER:
            raise Unsafe("too_large")
        with self.stream(name) as stream:
            return stream.read(MAX_MEMBER)

    @contextmanager
    def stream(self, name: str) -> Iterator[IO[bytes]]:
        """Open one file for reading, of any size. Raises Unsafe when it is damaged, also while it is read."""
        try:
            with _opened(self._files[name][1]) as stream:
                yield stream
        except _DAMAGED:
            raise Unsafe("truncated") from None


def _opened(opener: Opener) -> IO[bytes]:
    try:
        return opener()
    except _CLOSED:
        raise Unsafe("encrypted") from None


def _plain(file: Path) -> tuple[int, Opener]:
    return file.stat().st_size, lambda: file.open("rb")


def _zipped(path: Path) -> tuple[dict[str, tuple[int, Opener]], zipfile.ZipFile]:
    archive = zipfile.ZipFile(path)
    members = [member for member in archive.infolist() if not member.filename.endswith("/")]
    limits = _Limits(path.stat().st_size)
    for member in members:
        limits.admit(member.filename, member.file_size)
    _refuse_overlaps(members)
    return _rooted({each.filename: (each.file_size, partial(archive.open, each)) for each in members}), archive


def _tarred(path: Path, mode: Literal["r:", "r:gz"]) -> tuple[dict[str, tuple[int, Opener]], tarfile.TarFile]:
    archive = tarfile.open(path, mode)  # noqa: SIM115 - closed by the folder that is made of it
    limits = _Limits(path.stat().st_size)
    files: dict[str, tuple[int, Opener]] = {}
    for member in archive:
        limits.admit(member.name, member.size)
        if member.isfile():
            files[member.name.removeprefix("./")] = member.size, partial(_extracted, archive, member)
    return _rooted(files), archive


def _extracted(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    stream = archive.extractfile(member)
    assert stream is not None, "only regular files are listed"
    return stream


def _tar_mode(path: Path) -> Literal["r:", "r:gz"] | None:
    """Return the mode that opens a tar, None when the file is none.

    Told by its first bytes: trying out every kind of compression reads a file of zeros to its end, 13 bytes at a time.
    """
    with path.open("rb") as file:
        start = file.read(512)
    if not start.startswith(b"\x1f\x8b"):
        return "r:" if start[257:262] == b"ustar" else None
    try:
        with tarfile.open(path, "r:gz"):
            return "r:gz"
    except (tarfile.TarError, zlib.error, EOFError, OSError):
        return None


def _rooted(files: dict[str, tuple[int, Opener]]) -> dict[str, tuple[int, Opener]]:
    """Drop one common root folder, as archives made by hand have, when no file lies beside it."""
    roots = {name.split("/", 1)[0] for name in files}
    if len(roots) != 1 or any("/" not in name for name in files):
        return files
    inner = {name.split("/", 1)[1]: entry for name, entry in files.items()}
    return inner if any("/" not in name for name in inner) else files


class _Limits:
    """Counts what an archive lists, and refuses it as soon as it is too much."""

    def __init__(self, packed: int) -> None:
        self.bytes_left = most_unpacked(packed)
        self.members_left = MAX_MEMBERS

    def admit(self, name: str, size: int) -> None:
        self.members_left -= 1
        self.bytes_left -= size
        if self.members_left < 0:
            raise Unsafe("too_many_members")
        if name.startswith("/") or ".." in name.split("/") or "\\" in name:
            raise Unsafe("path_escapes")
        if self.bytes_left < 0:
            raise Unsafe("zip_bomb")


def _refuse_overlaps(members: list[zipfile.ZipInfo]) -> None:
    offsets = sorted((member.header_offset, member.compress_size) for member in members)
    if any(start + size > following for (start, size), (following, _) in pairwise(offsets)):
        raise Unsafe("overlapping_members")
