"""Microsoft Teams: pages, lines, tenant dumps and personal exports, in one reader."""

import json
import zipfile
from pathlib import Path

import pytest

from connectors import Message, Skipped, inspect, read
from connectors.teams import Teams

DATA = Path(__file__).parent / "data" / "teams"
PAGE = DATA / "page_with_a_system_event_of_a_broken_time.json"
LINES = DATA / "lines_with_two_versions_of_one_message.jsonl"
TENANT = DATA / "tenant_dump_with_capitals_and_guests"
PERSONAL = DATA / "personal_account_newest_first_with_a_call.json"
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "samples"


def messages(path):
    return [message for message in read(path) if isinstance(message, Message)]


def one(path, start):
    (found,) = (message for message in messages(path) if message.text.startswith(start))
    return found


def test_a_reply_in_a_channel_is_joined_to_its_root():
    root, reply = one(PAGE, "Shall the pilot"), one(PAGE, "Thursday suits")
    assert reply.parent_id == reply.thread_id == root.thread_id
    assert root.parent_id == ""


def test_a_quoting_answer_in_a_chat_is_joined_to_what_it_quotes():
    answer = one(LINES, "Reading it now")
    assert answer.parent_id == one(LINES, "The draft").thread_id


def test_mentions_become_tokens_and_emoji_characters():
    message = one(PAGE, "Thursday suits")
    assert message.text == "Thursday suits us, @someone 👍"
    assert "Mira" not in message.html


def test_a_broken_time_costs_the_time_and_not_the_file():
    (event,) = (message for message in messages(PAGE) if message.kind == "system")
    assert (event.sent_at, event.time_quality) == (None, "missing")
    assert inspect(PAGE)["messages"] == 6


def test_the_tenant_of_a_person_tells_the_company():
    assert one(PAGE, "Thursday suits").sender.tenant == "bbbbbbbb-0000-4000-8000-00000000000b"


def test_an_app_is_a_bot_and_an_emptied_message_deleted():
    kinds = {message.text: message.kind for message in messages(PAGE)}
    assert kinds["A card was moved"] == "bot"
    assert [message.kind for message in messages(PAGE)].count("deleted") == 1


def test_a_picture_alone_is_a_message_without_words():
    (picture,) = (message for message in messages(PAGE) if message.kind == "human" and not message.text.strip())
    assert picture.sent_at


def test_a_later_version_of_a_message_has_its_id_and_says_when_it_was_edited():
    first, second = (message for message in messages(LINES) if message.text.startswith("The "))
    assert first.id == second.id
    assert first.edited_at is None
    assert second.edited_at and second.edited_at.isoformat() == "2025-03-04T09:03:20+00:00"


def test_the_same_id_in_another_channel_is_another_message(tmp_path):
    page = json.loads(PAGE.read_text(encoding="utf-8"))
    here = page["value"][1]
    there = {**here, "channelIdentity": {**here["channelIdentity"], "channelId": "19:other@thread.tacv2"}}
    (tmp_path / "page.json").write_text(json.dumps([here, there]), encoding="utf-8")
    assert inspect(tmp_path / "page.json")["messages"] == 2


def test_addresses_come_from_the_list_of_users_but_never_from_the_made_up_ones_of_guests():
    addresses = {message.sender.name: message.sender.address for message in messages(TENANT)}
    assert addresses == {"Mira Lindqvist": "mira@aster.example", "Pavel Moravec": ""}


def test_a_tenant_dump_reads_alike_as_a_zip(tmp_path):
    with zipfile.ZipFile(tmp_path / "dump.zip", "w") as archive:
        for file in TENANT.rglob("*.json"):
            archive.write(file, file.relative_to(TENANT))
    assert list(read(tmp_path / "dump.zip")) == list(read(TENANT))


def test_a_folder_of_pages_is_one_export_and_a_folder_with_something_else_is_not(tmp_path):
    for number in range(2):
        (tmp_path / f"page{number}.json").write_bytes(PAGE.read_bytes())
    assert inspect(tmp_path)["skipped"] == {"duplicate": 6, "undecodable": 2}
    assert Teams().matches(tmp_path)
    (tmp_path / "mails.mbox").write_bytes(b"From a@aster.example Mon Mar  3 09:00:00 2025\n")
    assert not Teams().matches(tmp_path)


def test_a_personal_export_gives_words_by_their_conversation():
    found = {message.text: message for message in messages(PERSONAL) if message.kind == "human"}
    assert set(found) == {"When do we meet?", "> [10:00]When do we meet?\nAt three"}
    assert {message.channel for message in found.values()} == {"8:live:.cid.0000000000000002"}
    assert found["When do we meet?"].sender.native_id == "8:live:.cid.0000000000000002"


def test_no_message_at_all_is_no_fault(tmp_path):
    (tmp_path / "messages.json").write_text('{"conversations": [{"id": "1", "MessageList": []}]}', encoding="utf-8")
    assert inspect(tmp_path / "messages.json", format="teams")["messages"] == 0


@pytest.mark.parametrize(
    "content",
    [
        b'{"value": [{"id": "1", "messageType": "message", "body": ' + b"[" * 100_000,
        b'[{"id": {"a": 1}, "messageType": 7, "body": "x", "from": [], "attachments": {}}]',
        b'[{"id": "1\\ud800", "messageType": "message", "body": {"content": ["x"]}, "createdDateTime": 9e999}]',
        b'{"conversations": [{"id": [], "MessageList": [{"id": "1", "from": 7, "properties": "x"}]}]}',
        b'{"value": 7}',
        b"no json",
    ],
)
def test_hostile_json_never_raises(content, tmp_path):
    (tmp_path / "page.json").write_bytes(content)
    for record in Teams().read(tmp_path / "page.json"):
        assert isinstance(record, Skipped) or record.id


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="no shared data beside the checkout")
def test_pages_of_the_documentation_hold_what_they_say():
    graph = SAMPLES / "teams" / "msgraph-docs"
    expected = json.loads((graph / "EXPECTED.json").read_text(encoding="utf-8"))["chats_getAllMessages.json"]
    found = messages(graph / "chats_getAllMessages.json")
    assert [message.text for message in found] == expected["texts"]
    assert len({message.channel for message in found}) == expected["chats"]
    assert inspect(graph / "chats_getAllMessages.json")["people"] == expected["distinct_senders"]


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="no shared data beside the checkout")
@pytest.mark.parametrize("name", ["Chats_messages", "Teams_channels_messages", "Teams_channels_messages_delta"])
def test_recorded_answers_of_the_service_hold_what_was_counted(name):
    origin = SAMPLES / "teams" / "psoxy"
    expected = json.loads((origin / "EXPECTED.json").read_text(encoding="utf-8"))[f"{name}_v1.0.json"]
    folder = origin / "msft-teams" / "example-api-responses" / "original"
    kinds = inspect(folder / f"{name}_v1.0.json")["kinds"]
    assert kinds.get("human", 0) == sum(1 for each in expected if each[1] == "message")
    assert kinds.get("system", 0) == sum(1 for each in expected if each[1] != "message")


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="no shared data beside the checkout")
def test_a_real_tenant_dump_is_read_with_its_users():
    found = inspect(SAMPLES / "format_samples" / "teams_tenant_export")
    assert (found["format"], found["kinds"], found["threads"]) == ("teams", {"human": 3, "system": 2}, 1)
