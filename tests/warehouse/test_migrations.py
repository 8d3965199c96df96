"""A store of any version becomes one of the present version, or stays as it was; one of a later version is refused."""

import json
import shutil
import subprocess
import sys

import pytest

from warehouse import BadStore, Memory, Store, write_part
from warehouse.migrations import STEPS, VERSION

ENTRIES = [
    {"alliance": "tide", "shard": "s1", "print": "old", "counts": {"read/auto_reply": 2}, "messages": 0, "scored": 0},
    {"alliance": "tide", "shard": "s1.spaces", "print": "looked", "spaces": [["p1", "a"]]},
    {"alliance": "tide", "shard": "s1", "print": "new", "counts": {"read/auto_reply": 3}, "messages": 0, "scored": 0},
]


def version_1(folder):
    """Write a store as version 1 wrote it: plain lines, one of them torn, and a part that no line names yet."""
    folder.mkdir(mode=0o700, parents=True)
    lines = [json.dumps(entry, sort_keys=True) for entry in ENTRIES] + ['{"alliance": "tide", "sha']
    (folder / "ledger.jsonl").write_text("".join(f"\n{line}\n" for line in lines))
    (folder / "runs.jsonl").write_text(json.dumps({"run_at": "2026-03-01", "exit_code": 0}) + "\n")
    for shard in ("s1", "s2"):
        write_part(folder / "parts" / "tide" / f"{shard}.parquet", [])
    (folder / "released").mkdir()
    (folder / "released" / "f.json").write_text('{"tide": {"releases": [], "rows": {}, "least": 5}}')
    (folder / "lock").write_text("process 1")
    return folder


def content(folder):
    """Return name -> bytes of everything in a store but its lock."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.name != "lock"]
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(files)}


@pytest.fixture
def old(tmp_path):
    return version_1(tmp_path / "store")


def test_a_store_of_version_1_says_after_its_migration_what_it_said_before(old):
    parts = {path: path.read_bytes() for path in Store(old).parts()}
    assert Store(old).outdated
    with Store(old).writing():
        pass
    store = Store(old)
    assert not store.outdated
    assert (old / "version").read_text() == f"{VERSION}\n"
    assert {path: path.read_bytes() for path in store.parts()} == parts
    assert store.damaged() == []
    assert store.state("tide", "s1") == {**ENTRIES[2], "sha256": store.state("tide", "s1")["sha256"]}
    assert store.state("tide", "s1.spaces") == ENTRIES[1]
    assert "print" not in store.state("tide", "s2"), "so that it is read again where its export is"
    assert Memory.load(old / "released", "f", {}).blocks["tide"].least == 5
    assert sorted(path.name for path in old.iterdir()) == sorted(
        ["ledger.jsonl", "lock", "parts", "released", "runs.jsonl", "version"]
    )


def test_a_migration_is_done_once(old):
    with Store(old).writing():
        pass
    once = content(old)
    with Store(old).writing():
        pass
    assert content(old) == once


def test_a_new_store_is_of_the_present_version(tmp_path):
    store = Store(tmp_path / "store")
    assert not store.outdated
    assert (tmp_path / "store" / "version").read_text() == f"{VERSION}\n"


@pytest.mark.parametrize("stamp", [str(VERSION + 1), "99", "1", "x", ""])
def test_a_store_of_a_version_that_cannot_be_is_refused_and_left_alone(old, stamp):
    with Store(old).writing():
        pass
    (old / "version").write_text(stamp)
    before = content(old)
    with pytest.raises(BadStore, match=f"store/version: expected a store of version 1 to {VERSION}, found"):
        Store(old)
    assert content(old) == before


def test_a_stamp_that_is_lost_is_missed(old):
    with Store(old).writing():
        pass
    (old / "version").unlink()
    with pytest.raises(BadStore, match="found no number"):
        Store(old)


def test_a_store_that_cannot_be_migrated_stays_as_it_was(old, monkeypatch):
    before = content(old)

    def broken(store, new):
        (new / "ledger.jsonl").write_text("half")
        raise ValueError("no more")

    monkeypatch.setattr("warehouse.migrations.STEPS", (*STEPS[:-1], broken))
    with pytest.raises(ValueError, match="no more"), Store(old).writing():
        pass
    left = content(old)
    assert {name: left[name] for name in before} == before
    monkeypatch.undo()
    with Store(old).writing():
        assert Store(old).damaged() == []


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from warehouse import Store
import warehouse.memory
folder, writes = Path(sys.argv[1]), os.O_WRONLY | os.O_RDWR | os.O_CREAT
count = 0

def watch(event, arguments):
    global count
    if event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate") or (
        event == "open" and isinstance(arguments[2], int) and arguments[2] & writes
    ):
        count += 1
        if count == limit:
            os.kill(os.getpid(), signal.SIGKILL)

limit = 0
while True:
    limit += 1
    copy = folder.with_name(f"killed{limit}")
    shutil.copytree(folder, copy)
    child = os.fork()
    if not child:
        count = 0
        sys.addaudithook(watch)
        with Store(copy).writing():
            pass
        os._exit(0)
    if not os.WIFSIGNALED(os.waitpid(child, 0)[1]):
        break
print(limit - 1)
"""


def test_a_migration_killed_before_any_change_of_a_file_ends_the_same_when_run_again(old):
    killed = subprocess.run([sys.executable, "-c", KILLED, old], capture_output=True, text=True, check=True)
    assert int(killed.stdout) > 20
    with Store(old).writing():
        pass
    expected = content(old)
    for number in range(1, int(killed.stdout) + 1):
        copy = old.with_name(f"killed{number}")
        with Store(copy).writing():
            pass
        assert content(copy) == expected, number
        shutil.rmtree(copy)
