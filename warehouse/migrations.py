"""Versions of the store: each step is a function from an old folder to a new one; taken as a whole or not at all.

A step writes what changes into a folder of its own. Once that is whole and durable it gets the name `migrated`: from
then on the next run finishes, however often it is killed. Before that, the old store stands as it was.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from warehouse.chain import Chain
from warehouse.durable import digest, keep_folder, write_whole
from warehouse.errors import BadStore

STAMP = "version"
Step = Callable[[Path, Path], None]
"""Reads the old folder and writes into the new one every file that changes; whatever it does not write stays."""


def version(store: Path) -> int:
    """Return the version of a store, the present one for an empty folder. Raises BadStore for one it cannot be."""
    moving = store / "migrated" / STAMP  # a finished step is being put in place: its stamp counts
    file = moving if moving.is_file() else store / STAMP
    ledger = store / "ledger.jsonl"
    if not file.is_file() and not (ledger.is_file() and b'"previous"' in ledger.read_bytes()):
        return 1 if ledger.is_file() or any(store.glob("parts/*/*.parquet")) else VERSION
    text = "" if not file.is_file() else file.read_text(encoding="ascii", errors="replace").strip()
    if not text.isdigit() or not 1 < int(text) <= VERSION:
        found = f"version {text}" if text.isdigit() else "no number"
        raise BadStore(
            f"store/{STAMP}: expected a store of version 1 to {VERSION}, found {found}; a newer quietpivot may have "
            "written it: install that one, or bring the store back from a backup"
        )
    return int(text)


def migrate(store: Path) -> None:
    """Bring a store to the present version. The caller holds its lock. Raises BadStore for a newer one."""
    _finish(store)
    while (found := version(store)) < VERSION:
        _step(store, STEPS[found - 1], found + 1)


def stamp_new(store: Path) -> None:
    """Write the present version into a store that holds nothing yet. Raises BadStore for one of no known version."""
    if version(store) == VERSION and not (store / STAMP).is_file() and not (store / "migrated").is_dir():
        _stamp(store, VERSION)


def _step(store: Path, step: Step, reached: int) -> None:
    new = store / "migrating"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    step(store, new)
    _stamp(new, reached)
    for file in (each for each in new.rglob("*") if each.is_file()):
        _keep(file)
    new.rename(store / "migrated")
    keep_folder(store)
    _finish(store)


def _finish(store: Path) -> None:
    """Move everything that a finished step wrote to where it belongs; folders are merged, files replaced."""
    done = store / "migrated"
    for file in sorted(each for each in done.rglob("*") if each.is_file()):
        target = store / file.relative_to(done)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.replace(target)
    if done.is_dir():
        shutil.rmtree(done)


def _stamp(folder: Path, number: int) -> None:
    write_whole(folder / STAMP, f"{number}\n".encode("ascii"))


def _keep(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    keep_folder(file.parent)


def _name_parts_and_link_lines(old: Path, new: Path) -> None:
    """From 1 to 2: the ledger names each part by its hash and its lines are linked; so are the lines about runs.

    What was published last gets a line with its own hash. A line that a crash tore is left out, as it always was.
    """
    states = {(entry["alliance"], entry["shard"]): entry for entry in _lines(old / "ledger.jsonl")}
    for part in sorted(old.glob("parts/*/*.parquet")):
        key = part.parent.name, part.stem
        states[key] = {"alliance": key[0], "shard": key[1], **states.get(key, {}), "sha256": digest(part)}
    Chain(new / "ledger.jsonl").append(*states.values())
    Chain(new / "runs.jsonl").append(*_lines(old / "runs.jsonl"))
    for memory in sorted(old.glob("released/*.json")):
        from warehouse.memory import sealed

        write_whole(new / "released" / memory.name, sealed(memory.read_bytes()))


def _lines(file: Path) -> list[dict[str, Any]]:
    found = []
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


STEPS: tuple[Step, ...] = (_name_parts_and_link_lines,)
VERSION = 1 + len(STEPS)
