"""What may be wrong with an installation or a program, found before a night finds it."""

import fcntl
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from pipelines.audit import faults
from pipelines.folder import ProgramFolder
from pipelines.keys import fingerprints, refuse_other_keys
from pipelines.modes import open_to_others
from pipelines.register_copy import missing
from warehouse import Store, refuse_plain

ROOMS = ("connectors", "models", "warehouse", "desk", "demo", "simulation", "pipelines", "configs")
Check = Callable[[], str]
"""Returns what is wrong and what to do, "" when all is well."""


def checks(root: Path | None) -> Iterator[tuple[str, str]]:
    """Yield (check, problem); the problem is "" when there is none."""
    general = {"python": _python, "packages": _packages, "model": _model, "prefect": _prefect}
    for name, check in general.items():
        yield name, _told(check)
    if root is not None:
        yield from _program_checks(root)


def _program_checks(root: Path) -> Iterator[tuple[str, str]]:
    problem = _told(lambda: _settings(root))
    yield "program", problem
    if not problem:
        folder = ProgramFolder.open(root)
        own = (
            ("keys", _keys),
            ("encryption", _encryption),
            ("store", _store),
            ("logs", _logs),
            ("consent", _consent),
            ("disk", _disk),
        )
        for name, check in own:
            yield name, _told(lambda check=check: check(folder))  # type: ignore[misc]


def _told(check: Check) -> str:
    try:
        return check()
    except Exception as error:  # a check that fails has found something
        return str(error)


def _python() -> str:
    found = sys.version_info[:2]
    return "" if (3, 11) <= found < (3, 13) else f"expected Python 3.11 or 3.12, found {found[0]}.{found[1]}"


def _packages() -> str:
    owners = packages_distributions()
    strange = {owner for room in ROOMS for owner in owners.get(room, ()) if owner != "quietpivot"}
    return f"expected our packages alone, found others of the same names from {', '.join(strange)}" if strange else ""


def _model() -> str:
    from models import load

    load()
    return ""


def _prefect() -> str:
    from importlib.metadata import version

    found = version("prefect")
    return "" if found.startswith("3.") else f"expected prefect 3, found {found}; install quietpivot's dependencies"


def _settings(root: Path) -> str:
    from datetime import UTC, datetime

    from pipelines.people import people_of

    folder = ProgramFolder.open(root)
    if any((folder.store / "parts").glob("*/*.parquet")):
        people_of(folder, datetime.now(UTC))
    return ""


def _encryption(folder: ProgramFolder) -> str:
    if folder.program.privacy.encrypt:
        refuse_plain()
    return ""


def _keys(folder: ProgramFolder) -> str:
    list(fingerprints(folder))
    return _open(folder.keys, "keys", "chmod them")


def _store(folder: ProgramFolder) -> str:
    if problem := _open(folder.store, "store", "the next night closes it"):
        return problem
    lock = folder.store / "lock"
    if lock.exists():
        with lock.open("r+") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return f"held by {stream.read(100).strip() or 'another run'}; wait for it"
    store = Store(folder.store)
    if store.outdated:
        return "of an older version; the next night brings it to the present one"
    refuse_other_keys(folder, store)
    found = ["/".join(each.parts[-3:]) for each in store.damaged()]
    return f"expected parts as the ledger names them, found {', '.join(found[:3])} otherwise" if found else ""


def _open(place: Path, name: str, remedy: str) -> str:
    """Say which files of a folder others than its owner could look into; names of files only, they are ids."""
    found = sorted(each.name for each in open_to_others(place))
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    wanted = f"expected {name}/ closed to all but its owner (0700, files 0600)"
    return f"{wanted}, found {', '.join(found[:3])}{more} open; {remedy}" if found else ""


def _logs(folder: ProgramFolder) -> str:
    return "; ".join(faults(folder))


def _consent(folder: ProgramFolder) -> str:
    lacking = missing(folder)
    return f"consent.csv lacks {len(lacking)} events of its copy; the next night brings them back" if lacking else ""


def _disk(folder: ProgramFolder) -> str:
    free = shutil.disk_usage(folder.root).free >> 20
    return "" if free > 512 else f"expected 512 MB free, found {free} MB; make room"
