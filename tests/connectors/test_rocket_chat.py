"""Rocket.Chat: threads, quotes by link, former wordings that must not double, dates of the database."""

import gzip
import shutil
import sys
from pathlib import Path

import pytest

from connectors import Message, Skipped, UnknownFormat, detect, inspect, read
from connectors.rocket_chat import RocketChat

DATA = Path(__file__).parent / "data" / "rocket_chat"
PAGE = DATA / "page_with_former_wordings.json"
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "samples" / "rocketchat" / "perceval-api"


def by_text(path):
    return {message.text: message for message in read(path) if isinstance(message, Message)}


def test_an_answer_is_joined_by_its_thread_or_by_the_link_that_quotes():
    found = by_text(PAGE)
    root, answer, quoting = (
        found[words]
        for words in ("Shall the pilot open on Thursday?", "Thursday suits us, @someone", "Then it is settled")
    )
    assert answer.parent_id == root.thread_id
    assert quoting.parent_id == "m2"


def test_a_former_wording_does_not_double_its_message():
    assert not [words for words in by_text(PAGE) if words.startswith("Thursday suit us")]
    assert by_text(PAGE)["Thursday suits us, @someone"].edited_at.isoformat() == "2025-03-03T09:02:00+00:00"


def test_dates_of_the_database_are_read_in_each_of_their_forms():
    lines = by_text(DATA / "lines_with_dates_of_the_database.jsonl")
    assert {words: message.sent_at for words, message in lines.items()} == {
        words: message.sent_at for words, message in by_text(PAGE).items()
    }


@pytest.mark.parametrize(
    "content",
    [
        b'{"messages": [{"_id": "1", "rid": "r", "ts": ' + b"[" * 100_000,
        b'[{"_id": 1, "rid": "r", "ts": {"$date": {"$numberLong": []}}, "u": {"_id": "a"}, "msg": 7}]',
        b'[{"_id": 1, "rid": "r", "ts": {"$date": 9e99}, "u": []}]',
        b'{"messages": {"a": 1}}',
        b"no json",
    ],
)
def test_hostile_json_never_raises(content, tmp_path):
    (tmp_path / "page.json").write_bytes(content)
    for record in RocketChat().read(tmp_path / "page.json"):
        assert isinstance(record, Skipped) or record.id


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="no shared data beside the checkout")
def test_recorded_answers_of_the_api_are_read_without_their_hidden_copy():
    first, second = (inspect(SAMPLES / f"message_page_{number}.json") for number in (1, 2))
    assert (first["messages"], first["skipped"]) == (1, {"edited_copy": 1})
    assert (second["messages"], second["threads"]) == (2, 1)


DUMP = DATA / "dump_of_the_database_with_a_damaged_document"


def test_a_dump_of_the_database_says_what_its_lines_say():
    dumped, lines = by_text(DUMP), by_text(DATA / "lines_with_dates_of_the_database.jsonl")
    assert {text: message.id for text, message in dumped.items()} == {text: each.id for text, each in lines.items()}
    assert {text: message.sent_at for text, message in dumped.items()} == {
        text: each.sent_at for text, each in lines.items()
    }


def test_accounts_in_a_dump_are_never_opened(tmp_path):
    copy = shutil.copytree(DUMP, tmp_path / "dump")
    (copy / "users.bson").chmod(0o644)
    (copy / "users.bson").write_bytes(b"no document at all")
    assert list(read(copy)) == list(read(DUMP))


def test_a_dump_says_which_package_reads_it_where_that_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "bson", None)
    assert detect(DUMP).name == "rocket_chat"
    with pytest.raises(UnknownFormat, match=r"quietpivot\[rocketchat\]"):
        list(read(DUMP))


def test_a_dump_that_was_cut_gives_what_stands_before(tmp_path):
    whole = gzip.decompress((DUMP / "rocketchat_message.bson.gz").read_bytes())
    (tmp_path / "messages.bson").write_bytes(whole[:-20])
    assert list(read(tmp_path / "messages.bson"))[-1] == Skipped("rocket_chat", "file 1", "truncated")
    (tmp_path / "messages.bson").write_bytes(whole + b"\xff\xff\xff\xff")
    assert list(read(tmp_path / "messages.bson"))[-1] == Skipped("rocket_chat", "file 1", "undecodable")


def test_a_dump_that_unpacks_without_end_is_stopped(tmp_path):
    whole = gzip.decompress((DUMP / "rocketchat_message.bson.gz").read_bytes())
    first = whole[: int.from_bytes(whole[:4], "little")]
    (tmp_path / "messages.bson.gz").write_bytes(gzip.compress(first * 30_000))
    records = list(read(tmp_path / "messages.bson.gz"))
    assert records[-1] == Skipped("rocket_chat", "file 1", "zip_bomb")
    assert len(records) < 30_000
