import stat
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from warehouse import PROBABILITIES, BadStore, Store, StoreBusy, read_part, table_of, write_part
from warehouse.parts import DECISIONS

ROW = {
    "alliance": "aster-birch",
    "message_key": "m1",
    "thread_key": "t1",
    "author": "p1",
    "sent_at": datetime(2026, 1, 5, 10, tzinfo=UTC),
    "medium": "mail",
    "recipients": ["p2"],
    "recipient_count": 1,
    "cross_boundary": True,
    "text_key": "x1",
    "tokens": 12,
    "language": "en",
    "scored": True,
    **dict.fromkeys(PROBABILITIES, 0.5),
    **dict.fromkeys(DECISIONS, 0),
    "model": "fake@0",
}


def test_the_store_is_readable_by_its_owner_alone(tmp_path):
    store = Store(tmp_path / "store")
    write_part(store.part("aster-birch", "s1"), [ROW])
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(store.part("aster-birch", "s1").stat().st_mode) == 0o600


def test_a_part_reads_back_as_it_was_written(tmp_path):
    path = Store(tmp_path).part("aster-birch", "s1")
    write_part(path, [ROW])
    (found,) = read_part(path)
    assert {key: found[key] for key in ROW} == ROW


def test_a_part_that_is_not_there_reads_as_no_rows(tmp_path):
    assert read_part(tmp_path / "none.parquet") == []


def test_a_part_is_replaced_whole(tmp_path):
    path = Store(tmp_path).part("aster-birch", "s1")
    write_part(path, [ROW, {**ROW, "message_key": "m2"}])
    write_part(path, [{**ROW, "message_key": "m3"}])
    assert [row["message_key"] for row in read_part(path)] == ["m3"]


def test_a_row_that_cannot_be_written_leaves_the_old_part_and_no_stray(tmp_path):
    path = Store(tmp_path).part("aster-birch", "s1")
    write_part(path, [ROW])
    with pytest.raises(Exception, match="str"):
        write_part(path, [{**ROW, "tokens": "many"}])
    assert [row["message_key"] for row in read_part(path)] == ["m1"]
    assert not list(tmp_path.rglob("*.writing"))


KILLED_WHILE_WRITING = """
import os, sys
from pathlib import Path
import pyarrow.parquet as parquet
from warehouse import write_part
parquet.write_table = lambda table, stream, **options: (stream.write(b"half a part"), stream.flush(), os._exit(9))
write_part(Path(sys.argv[1]), [])
"""


def test_what_a_killed_run_left_half_written_is_no_part_and_the_next_writer_removes_it(tmp_path):
    store = Store(tmp_path)
    path = store.part("aster-birch", "s1")
    assert subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, str(path)], check=False).returncode == 9
    assert list(tmp_path.rglob("*.writing"))
    assert store.parts() == []
    with store.writing():
        assert not list(tmp_path.rglob("*.writing"))


def test_a_part_that_the_ledger_has_no_room_for_is_not_left_beside(tmp_path, monkeypatch):
    store = Store(tmp_path)
    path = store.part("aster-birch", "s1")
    store.put(path, table_of([ROW]), state="scored")

    def full(entry):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "record", full)
    with pytest.raises(OSError, match="No space"):
        store.put(path, table_of([{**ROW, "message_key": "m2"}]), state="scored")
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert [row["message_key"] for row in read_part(path)] == ["m1"]


def test_what_a_killed_run_had_named_in_the_ledger_the_next_writer_puts_in_place(tmp_path, monkeypatch):
    store = Store(tmp_path)
    path = store.part("aster-birch", "s1")
    with store.writing():
        store.put(path, table_of([ROW]))
        monkeypatch.setattr("pathlib.Path.replace", lambda *paths: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.put(path, table_of([{**ROW, "message_key": "m2"}]))
        monkeypatch.undo()
    assert [row["message_key"] for row in read_part(path)] == ["m1"]
    later = Store(tmp_path)
    with later.writing():
        assert [row["message_key"] for row in read_part(path)] == ["m2"]
        assert later.damaged() == []


@pytest.mark.parametrize("harm", ["flip", "cut", "remove", "stranger"])
def test_a_part_that_is_not_as_the_ledger_names_it_is_told(tmp_path, harm):
    store = Store(tmp_path)
    path = store.part("aster-birch", "s1")
    with store.writing():
        store.put(path, table_of([ROW]))
    assert Store(tmp_path).damaged() == []
    content = path.read_bytes()
    match harm:
        case "flip":
            path.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
        case "cut":
            path.write_bytes(content[:-1])
        case "remove":
            path.unlink()
        case "stranger":
            path = path.with_name("s2.parquet")
            path.write_bytes(content)
    assert Store(tmp_path).damaged() == [path]


def test_a_second_writer_is_refused_at_once_and_told_who_holds_the_store(tmp_path):
    store = Store(tmp_path)
    with store.writing(), pytest.raises(StoreBusy, match=r"process [0-9]+"), Store(tmp_path).writing():
        pass
    with store.writing():
        pass


def test_the_latest_entry_of_a_shard_is_its_state(tmp_path):
    store = Store(tmp_path)
    store.record({"alliance": "aster-birch", "shard": "s1", "content": "old"})
    store.record({"alliance": "aster-birch", "shard": "s1", "content": "new"})
    assert store.states()["aster-birch/s1"]["content"] == "new"


def test_a_line_torn_by_a_crash_is_ignored_and_the_next_entry_is_whole(tmp_path):
    store = Store(tmp_path)
    store.record({"alliance": "aster-birch", "shard": "s1", "content": "kept"})
    with (tmp_path / "ledger.jsonl").open("a", encoding="utf-8") as ledger:
        ledger.write('{"alliance": "aster-birch", "shard": "s2", "con')
    assert list(store.states()) == ["aster-birch/s1"]
    store.record({"alliance": "aster-birch", "shard": "s3", "content": "after"})
    assert list(Store(tmp_path).states()) == ["aster-birch/s1", "aster-birch/s3"]


def test_an_altered_line_of_the_ledger_is_named_and_says_what_to_do(tmp_path):
    store = Store(tmp_path)
    with store.writing():
        for number in range(3):
            store.record({"alliance": "aster-birch", "shard": f"s{number}", "content": "kept"})
    ledger = tmp_path / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b'"s1"', b'"s7"'))
    with pytest.raises(BadStore, match=r"ledger\.jsonl, line 2.*backup, or remove"), Store(tmp_path).writing():
        Store(tmp_path).states()


def test_a_forgotten_shard_has_no_part_and_says_so(tmp_path):
    store = Store(tmp_path)
    write_part(store.part("aster-birch", "s1"), [ROW])
    write_part(store.part("aster-birch", "s2"), [ROW])
    store.record({"alliance": "aster-birch", "shard": "s1", "content": "kept"})
    store.forget("aster-birch", "s1")
    assert store.parts() == [store.part("aster-birch", "s2")]
    assert store.states()["aster-birch/s1"]["state"] == "forgotten"


def test_a_shard_that_was_forgotten_and_read_again_stays(tmp_path):
    store = Store(tmp_path)
    path = store.part("aster-birch", "s1")
    with store.writing():
        store.put(path, table_of([ROW]))
        store.forget("aster-birch", "s1")
        store.put(path, table_of([ROW]))
    with Store(tmp_path).writing():
        assert path.is_file()
        assert Store(tmp_path).damaged() == []


def test_forgetting_what_is_not_there_is_no_error(tmp_path):
    Store(tmp_path).forget("aster-birch", "never-read")
