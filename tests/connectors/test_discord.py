"""Discord channels: replies, offsets, bots, deleted accounts."""

import json
import zipfile
from pathlib import Path

import pytest

from connectors import Message, Skipped, inspect, read
from connectors.discord import Discord

CHANNEL = Path(__file__).parent / "data" / "discord" / "channel_with_offsets_and_a_deleted_account.json"
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "samples" / "discord" / "chat-analytics"


def said(path, words):
    (found,) = (each for each in read(path) if isinstance(each, Message) and words in each.text)
    return found


def test_a_reply_is_joined_to_what_it_answers():
    root, reply = said(CHANNEL, "Shall the pilot"), said(CHANNEL, "Thursday suits")
    assert reply.parent_id == reply.thread_id == root.thread_id


def test_mentions_that_were_written_out_become_tokens():
    assert said(CHANNEL, "Thursday suits").text == "Thursday suits us, @someone :yes:"


def test_an_offset_is_undone_and_a_time_without_one_is_missing():
    assert said(CHANNEL, "Shall the pilot").sent_at.isoformat() == "2025-03-03T09:00:00.123000+00:00"
    assert said(CHANNEL, "without an offset").time_quality == "missing"


def test_the_words_of_a_deleted_account_are_nobodys():
    assert said(CHANNEL, "is gone").kind == "deleted"


def test_parts_of_a_channel_in_a_zip_are_one_export(tmp_path):
    channel = json.loads(CHANNEL.read_text(encoding="utf-8"))
    with zipfile.ZipFile(tmp_path / "channel.zip", "w") as archive:
        for number, part in enumerate((channel["messages"][:3], channel["messages"][3:]), start=1):
            archive.writestr(f"launch [part {number}].json", json.dumps({**channel, "messages": part}))
    assert inspect(tmp_path / "channel.zip") == inspect(CHANNEL)


@pytest.mark.parametrize(
    "content",
    [
        b'{"guild": {"id": "1"}, "channel": {"id": "2"}, "messages": [{"id": "3", "author": ' + b"[" * 100_000,
        b'{"guild": {"id": 1}, "channel": [], "messages": [{"id": 3, "author": {"id": "4"}, "mentions": [7]}]}',
        b'{"guild": {"id": 1}, "messages": {"id": 3}}',
        b"no json",
    ],
)
def test_hostile_json_never_raises(content, tmp_path):
    (tmp_path / "channel.json").write_bytes(content)
    for record in Discord().read(tmp_path / "channel.json"):
        assert isinstance(record, Skipped) or record.id


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="no shared data beside the checkout")
@pytest.mark.parametrize("name", ["DM_2A_2M.json", "GC_3A_5M.json", "SV_5A_5M.json"])
def test_channels_of_another_project_hold_what_they_say(name):
    expected = json.loads((SAMPLES / "EXPECTED.json").read_text(encoding="utf-8"))[name]
    found = list(read(SAMPLES / name))
    spoken = expected["types"].get("Default", 0) + expected["types"].get("Reply", 0)
    assert len(found) == expected["messages"]
    assert sum(message.kind in ("human", "bot") for message in found) == spoken
    assert min(message.sent_at for message in found).isoformat()[:23] == expected["first"][:23]
    assert sum(bool(message.edited_at) for message in found) == expected["edited"]
    assert sum(bool(message.parent_id) for message in found) == expected["replies"]
