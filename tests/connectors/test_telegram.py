"""Telegram exports: instants or local times that need a zone, replies, and words that are not the sender's."""

import json
from pathlib import Path

import pytest

from connectors import Message, Skipped, UnknownFormat, inspect, read
from connectors.telegram import Telegram

DATA = Path(__file__).parent / "data" / "telegram"
CHAT = DATA / "chat_with_forwards_and_a_deleted_account.json"
ACCOUNT = DATA / "account_with_the_same_ids_in_two_chats"
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "samples" / "telegram"


def by_text(path, **how):
    return {message.text: message for message in read(path, **how) if isinstance(message, Message)}


@pytest.fixture
def old_chat(tmp_path):
    """Write a chat of a version that only knew local times, with one message in summer."""
    first = {"id": 1, "type": "message", "date": "2021-07-01T10:00:00", "from": "Mira", "from_id": 7001, "text": "a"}
    chat = {"name": "Launch", "type": "private_group", "id": 1, "messages": [first]}
    (tmp_path / "old.json").write_text(json.dumps(chat), encoding="utf-8")
    return tmp_path / "old.json"


def test_answers_of_answers_are_joined_to_the_first_message():
    found = by_text(CHAT)
    root, answer = found["Shall the pilot open on Thursday?"], found["Thursday suits us, @someone indeed"]
    second = found["Then it is settled"]
    assert answer.parent_id == answer.thread_id == second.thread_id == root.thread_id
    assert second.parent_id == "4001/3"


def test_what_was_forwarded_or_quoted_is_marked_as_a_quote():
    found = by_text(CHAT)
    assert "> What somebody else once wrote\n" in found
    assert "> Then it is settled\nGood" in found


def test_an_account_without_a_name_is_known_by_its_number():
    assert by_text(CHAT)["Thursday suits us, @someone indeed"].sender.native_id == "user7002"


def test_what_a_bot_wrote_in_the_name_of_a_person_is_a_bots():
    assert by_text(CHAT)["sent by a bot in her name"].kind == "bot"


def test_equal_numbers_in_two_chats_are_two_messages():
    assert len({message.id for message in by_text(ACCOUNT).values()}) == 3


def test_a_local_time_without_a_zone_is_refused_with_what_to_set(old_chat):
    with pytest.raises(UnknownFormat, match=r"expected a time zone.*zone = \"Europe/Berlin\".*program.toml"):
        list(read(old_chat))


def test_a_local_time_is_read_in_the_zone_that_the_program_names(old_chat):
    (message,) = read(old_chat, zone="Europe/Berlin")
    assert (message.sent_at.isoformat(), message.time_quality) == ("2021-07-01T08:00:00+00:00", "zone_assumed")
    assert message.sender.native_id == "user7001"


def test_inspect_without_a_zone_shows_local_times_as_such(old_chat):
    assert inspect(old_chat)["first"] == "2021-07-01T10:00:00"
    assert inspect(old_chat, zone="Europe/Berlin")["first"] == "2021-07-01T08:00:00+00:00"


def test_an_instant_needs_no_zone_and_is_not_moved_by_one():
    assert list(read(CHAT)) == list(read(CHAT, zone="Asia/Tokyo"))


def test_a_single_message_of_local_time_is_counted_and_the_rest_read(tmp_path):
    chat = json.loads(CHAT.read_text(encoding="utf-8"))
    del chat["messages"][3]["date_unixtime"]
    (tmp_path / "chat.json").write_text(json.dumps(chat), encoding="utf-8")
    reasons = [record.reason for record in read(tmp_path / "chat.json") if isinstance(record, Skipped)]
    assert reasons == ["no_zone", "no_sender"]


@pytest.mark.parametrize(
    "content",
    [
        b'{"id": 1, "messages": [{"type": "message", "date_unixtime": "1", "text": ' + b"[" * 100_000,
        b'{"id": [], "messages": [{"type": "message", "date_unixtime": {}, "date": 7, "text": {"a": 1}}]}',
        b'{"messages": [{"type": "message", "date_unixtime": "9e99", "from_id": "a", "text": [[], 7, {"text": []}]}]}',
        b'{"messages": [{"type": "message", "date": "0001-01-01T00:00:00", "from_id": "a"}]}',
        b'{"chats": {"list": {"a": 1}}, "messages": {"b": 2}}',
        b"no json",
    ],
)
def test_hostile_json_never_raises(content, tmp_path):
    (tmp_path / "result.json").write_bytes(content)
    for record in Telegram().read(tmp_path / "result.json", "Europe/Berlin"):
        assert isinstance(record, Skipped) or record.id


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="no shared data beside the checkout")
def test_chats_of_other_projects_hold_what_they_say():
    expected = json.loads((SAMPLES / "chat-analytics" / "EXPECTED.json").read_text(encoding="utf-8"))
    chat = expected["DM_2A_7M.json"]
    found = {m.thread_id.split("/")[1]: m for m in read(SAMPLES / "chat-analytics" / "DM_2A_7M.json", zone="UTC")}
    assert len(found) == chat["records"]
    assert [m.kind for m in found.values()].count("system") == chat["service"]
    for native, instant in chat["utc_per_project_spec"].items():
        assert found[native].sent_at.isoformat() == instant.replace("Z", "+00:00")
    for native, words in chat["texts_per_project_spec"]:
        assert found[str(native)].text.split() == words.split()
    large = inspect(SAMPLES / "chat-analytics" / "BIG_20A_5475M.json")
    assert (large["messages"], large["people"]) == (5475, 20)
    batch, single = (inspect(SAMPLES / "chat-miner" / f"test_{name}_export.json") for name in ("batch", "single"))
    assert batch["messages"] == single["messages"] == 2
    assert batch["first"] == "2018-12-05T10:39:10+00:00"
