"""Mattermost bulk exports: replies inside posts, join texts that look like speech, people by their address."""

import json
import zipfile
from pathlib import Path

import pytest

from connectors import Message, Skipped, inspect, read
from connectors.mattermost import Mattermost

BULK = Path(__file__).parent / "data" / "mattermost" / "join_texts_without_a_type.jsonl"
SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "samples" / "mattermost" / "zulip-fixture"


def by_text(path):
    return {message.text: message for message in read(path) if isinstance(message, Message)}


def test_replies_are_joined_to_the_post_they_stand_in():
    found = by_text(BULK)
    root = found["Shall the pilot open on Thursday, @someone?"]
    for answer in ("Thursday suits us", "Then it is settled"):
        assert found[answer].parent_id == found[answer].thread_id == root.thread_id
    assert root.parent_id == ""


def test_join_texts_without_a_type_are_nobodys_words_but_their_replies_are():
    found = by_text(BULK)
    assert found["mira joined the channel."].kind == "system"
    assert found["pavel added to the channel by mira."].kind == "system"
    assert found["Good to have you here"].kind == "human"


@pytest.mark.parametrize("words", ["Anna joined us today", "I left the channel open", "anna, the team joined late"])
def test_what_only_resembles_a_join_text_is_speech(words, tmp_path):
    post = {"team": "a", "channel": "b", "user": "anna", "message": words, "create_at": 1740992400000}
    (tmp_path / "bulk.jsonl").write_text(json.dumps({"type": "post", "post": post}), encoding="utf-8")
    (message,) = Mattermost().read(tmp_path / "bulk.jsonl")
    assert message.kind == "human"


def test_a_join_text_with_a_type_is_told_by_its_type(tmp_path):
    post = {"team": "a", "channel": "b", "user": "anna", "message": "anna s'est jointe", "create_at": 1740992400000}
    (tmp_path / "bulk.jsonl").write_text(
        json.dumps({"type": "post", "post": {**post, "type": "system_join_channel"}}), encoding="utf-8"
    )
    (message,) = Mattermost().read(tmp_path / "bulk.jsonl")
    assert message.kind == "system"


def test_bots_are_told_by_their_line_or_by_coming_from_a_hook():
    found = by_text(BULK)
    assert {found[words].kind for words in ("Build 12 passed", "from a hook")} == {"bot"}


def test_people_are_known_by_their_address():
    assert by_text(BULK)["Thursday suits us"].sender.address == "pavel@boreal.example"


def test_a_direct_post_has_recipients_and_no_channel():
    found = by_text(BULK)
    assert [each.address for each in found["A word between us two"].recipients] == ["pavel@boreal.example"]
    assert {found[words].channel for words in ("A word between us two", "A direct post of nobody else")} == {""}


def test_a_zip_with_files_beside_the_lines_reads_alike(tmp_path):
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.write(BULK, "import.jsonl")
        archive.writestr("data/plan.pdf", b"%PDF")
    assert by_text(tmp_path / "export.zip").keys() == by_text(BULK).keys()


@pytest.mark.parametrize(
    "line",
    [
        b'{"type": "post", "post": ' + b"[" * 100_000,
        b'{"type": "post", "post": {"user": [], "create_at": {}, "replies": 7, "props": "x"}}',
        b'{"type": "post", "post": {"user": "a", "create_at": 99999999999999999999999, "replies": [1, {}]}}',
        b'{"type": ["post"]}',
        b'{"type": "user", "user": {"username": null, "email": 7}}',
        b"no json",
    ],
)
def test_a_hostile_line_never_raises(line, tmp_path):
    (tmp_path / "bulk.jsonl").write_bytes(line + b"\n")
    for record in Mattermost().read(tmp_path / "bulk.jsonl"):
        assert isinstance(record, Skipped) or record.id


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLE.exists(), reason="no shared data beside the checkout")
def test_a_bulk_export_of_another_project_is_counted_as_by_hand():
    expected = json.loads((SAMPLE / "EXPECTED.json").read_text(encoding="utf-8"))
    found = inspect(SAMPLE / "export.json")
    assert found["messages"] == expected["posts"] + expected["replies"]
    assert found["kinds"] == {"human": expected["human_messages"], "system": 8}
    assert found["people"] == expected["distinct_human_senders"]
    humans = sorted(m.sent_at for m in read(SAMPLE / "export.json") if m.kind == "human")
    assert humans[0].isoformat().startswith(expected["first_utc"].rstrip("Z"))
    assert humans[-1].isoformat().startswith(expected["last_utc"].rstrip("Z"))
