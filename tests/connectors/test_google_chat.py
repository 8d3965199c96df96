"""Google Chat from Takeout: topics, worded dates, deleted records, people who left."""

import json
import zipfile
from pathlib import Path

import pytest

from connectors import Message, Skipped, inspect, read
from connectors.google_chat import GoogleChat

TAKEOUT = Path(__file__).parent / "data" / "google_chat" / "takeout_with_narrow_spaces_and_left_people"
SPACE = TAKEOUT / "Groups" / "Space AAAAspace" / "messages.json"
SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "samples" / "googlechat" / "third-party-fixture"


def by_text(path):
    return {message.text: message for message in read(path) if isinstance(message, Message)}


def test_a_message_of_a_topic_is_joined_to_its_first():
    found = by_text(TAKEOUT)
    root, reply = found["Shall the pilot open on Thursday?"], found["Thursday suits us, @someone, and you?"]
    assert reply.parent_id == reply.thread_id == root.thread_id
    assert root.parent_id == ""


def test_noon_and_midnight_are_told_apart():
    found = by_text(TAKEOUT)
    assert found["Thursday suits us, @someone, and you?"].sent_at.isoformat() == "2025-03-03T12:30:05+00:00"
    assert found["Two tasks are due"].sent_at.isoformat() == "2025-03-03T00:05:00+00:00"


def test_a_date_in_no_known_language_is_missing_and_never_guessed():
    message = by_text(TAKEOUT)["An answer at an unreadable date"]
    assert (message.sent_at, message.time_quality) == (None, "missing")


def test_a_direct_conversation_has_recipients_and_a_space_is_a_channel():
    found = by_text(TAKEOUT)
    direct, spoken = found["A word between us two"], found["Shall the pilot open on Thursday?"]
    assert ([each.address for each in direct.recipients], direct.channel) == (["mira@aster.example"], "")
    assert (spoken.recipients, spoken.channel) == ((), "AAAAspace")


def test_one_file_of_a_takeout_gives_the_same_messages():
    assert set(by_text(SPACE)) == {text for text, message in by_text(TAKEOUT).items() if message.channel}
    assert {m.id for m in by_text(SPACE).values()} <= {m.id for m in by_text(TAKEOUT).values()}


def test_a_zip_of_the_whole_takeout_reads_alike(tmp_path):
    with zipfile.ZipFile(tmp_path / "takeout.zip", "w") as archive:
        archive.writestr("Takeout/archive_browser.html", "<html></html>")
        for file in TAKEOUT.rglob("*.json"):
            archive.write(file, Path("Takeout") / "Google Chat" / file.relative_to(TAKEOUT))
    assert by_text(tmp_path / "takeout.zip").keys() == by_text(TAKEOUT).keys()
    packed, plain = inspect(tmp_path / "takeout.zip"), inspect(TAKEOUT)
    assert packed.pop("not_read") == plain.pop("not_read") | {"html": 1}
    assert packed == plain


@pytest.mark.parametrize(
    "content",
    [
        b'{"messages": [{"message_id": "a/b/c", "topic_id": "b", "creator": ' + b"[" * 100_000,
        b'{"messages": [{"message_id": 7, "creator": [], "created_date": {}, "annotations": 3, "text": []}]}',
        b'{"messages": [{"message_id": "a", "creator": {"email": "a@b.example"}, "text": "x", "annotations": '
        b'[{"user_mention": 1, "start_index": "nine", "length": 9e99}, {"user_mention": 1, "start_index": -4}]}]}',
        b'{"messages": {"a": {"message_id": "1"}}}',
        b"no json",
    ],
)
def test_hostile_json_never_raises(content, tmp_path):
    (tmp_path / "messages.json").write_bytes(content)
    for record in GoogleChat().read(tmp_path / "messages.json"):
        assert isinstance(record, Skipped) or record.id


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLE.exists(), reason="no shared data beside the checkout")
def test_records_that_others_met_are_read_as_they_say():
    expected = json.loads((SAMPLE / "EXPECTED.json").read_text(encoding="utf-8"))
    groups = expected["Groups/DM abc123/messages.json"]
    found = list(read(SAMPLE / "Groups" / "DM abc123" / "messages.json"))
    assert [each.sender.address for each in found] == groups["senders"]
    assert [each.sent_at.strftime("%Y-%m-%dT%H:%M:%SZ") for each in found] == groups["utc"]
    assert inspect(SAMPLE)["threads"] == groups["topics"]
    quoted = list(read(SAMPLE / "issue-quoted-records.json"))
    times = [each.sent_at and each.sent_at.strftime("%Y-%m-%dT%H:%M:%SZ") for each in quoted]
    assert times == expected["issue-quoted-records.json"]["utc"]
    assert [each.kind for each in quoted].count("deleted") == expected["issue-quoted-records.json"]["deleted"]
