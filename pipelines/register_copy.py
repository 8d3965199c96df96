"""A second copy of the consent register, with the keys: an older register must not bring back consent that was ended.

Whoever restores a backup restores `consent.csv` as it was then. What was recorded since comes back from the copy
before anything is read; the copy follows the register wherever that one is ahead.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors import BadConsent, ConsentEvent, ConsentRegister
from pipelines.audit import write
from pipelines.folder import ProgramFolder

NAME = "register-copy.csv"
BROUGHT_BACK = "consent-brought-back"
"""What the log of accesses says when that happened."""


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Wait until nobody else appends to the register: two who read the same last line would break the chain."""
    descriptor = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def copy_of(folder: ProgramFolder) -> Path:
    """Return where the second copy lies."""
    return folder.keys / NAME


def missing(folder: ProgramFolder) -> tuple[ConsentEvent, ...]:
    """Return the events that only the copy still has. Raises BadConsent when the two contradict each other."""
    own, copied = _register(folder).events(), _copied(folder).events()
    both = min(len(own), len(copied))
    if own[:both] != copied[:both]:
        line = 2 + next(number for number in range(both) if own[number] != copied[number])
        raise BadConsent(
            f"consent.csv, line {line}: expected what {NAME} beside the keys says, found another event; put the right "
            "register in place, and remove the copy only when no withdrawal is lost with it"
        )
    return copied[both:]


def bring_back(folder: ProgramFolder) -> int:
    """Make register and copy the same again; return how many events the register lacked. Raises BadConsent.

    The caller keeps others from appending to the register meanwhile.
    """
    _cut_torn_line(folder)
    lacking = missing(folder)
    if lacking:
        _register(folder).append(*lacking)
        write(folder, BROUGHT_BACK, str(len(lacking)))
    copied = _copied(folder)
    if ahead := _register(folder).events()[len(copied.events()) :]:
        folder.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        copy_of(folder).touch(mode=0o600)
        copied.append(*ahead)
    return len(lacking)


def _register(folder: ProgramFolder) -> ConsentRegister:
    try:
        return ConsentRegister.load(folder.consent)
    except BadConsent as error:
        there = f"; a second copy is {NAME} beside the keys: put the whole one in place"
        raise BadConsent(f"{error}{there if copy_of(folder).is_file() else ''}") from None


def _copied(folder: ProgramFolder) -> ConsentRegister:
    try:
        return ConsentRegister.load(copy_of(folder))
    except BadConsent as error:
        raise BadConsent(f"{error}; when consent.csv is whole, remove the copy: the next run makes it anew") from None


def _cut_torn_line(folder: ProgramFolder) -> None:
    """Cut off a last line that a crash or a full disk left unfinished; where it was recorded, the copy has it."""
    for file in (folder.consent, copy_of(folder)) if copy_of(folder).is_file() else ():
        content = file.read_bytes() if file.is_file() else b""
        if content and not content.endswith(b"\n") and not _whole(file):
            with file.open("r+b") as stream:
                stream.truncate(content.rfind(b"\n") + 1)


def _whole(file: Path) -> bool:
    try:
        ConsentRegister.load(file)
    except BadConsent:
        return False
    return True
