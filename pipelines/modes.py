"""Who may look into a folder: what a night writes beside the published files is its owner's alone."""

from collections.abc import Iterator
from pathlib import Path


def open_to_others(folder: Path) -> Iterator[Path]:
    """Yield a folder and everything below it that anybody but the owner could read, write or enter."""
    for path in (folder, *folder.rglob("*")) if folder.is_dir() else ():
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:  # a database's log that went while we looked
            continue
        if mode & 0o077 and not path.is_symlink():
            yield path


def close_to_others(folder: Path) -> None:
    """Take every right of group and others from a folder and everything below it."""
    for path in open_to_others(folder):
        path.chmod(path.stat().st_mode & 0o700)
