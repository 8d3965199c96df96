"""Rocket.Chat: threads, quotes by link, former wordings that must not double, dates of the database."""

from pathlib import Path

import pytest

from connectors import Message, Skipped, inspect, read
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
