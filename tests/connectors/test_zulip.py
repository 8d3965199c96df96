"""Zulip exports: topics as threads, direct messages, quotes that are not the sender's words, tar and folder alike."""

import json
from pathlib import Path

import pytest

from connectors import Message, Skipped, inspect, read
from connectors.zulip import Zulip, plain_text

DATA = Path(__file__).parent / "data" / "zulip"
FOLDER = DATA / "topic_resolved_and_quoted"
TAR = DATA / "tar_with_everything_below_one_folder.tar.gz"
SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "samples" / "zulip" / "third-party-fixture"


def said(path, words):
    (found,) = (each for each in read(path) if isinstance(each, Message) and words in each.text)
    return found


def test_a_topic_is_a_thread_also_after_it_was_resolved():
    assert said(FOLDER, "Shall the pilot open on Thursday, @").thread_id == said(FOLDER, "suits us").thread_id
    assert "threaded" not in said(FOLDER, "Said without a topic").flags


def test_what_a_message_quotes_is_marked_and_who_said_it_is_gone():
    assert said(FOLDER, "suits us").text == ("> Shall the pilot open on Thursday?\nThursday suits us, see #channel")


def test_a_quote_inside_a_quote_ends_with_its_own_fence():
    assert plain_text("````quote\n```quote\nold\n```\nnewer\n````\nown") == "> old\n> newer\nown"


def test_code_is_no_quote():
    assert plain_text("```python\nx = 1\n```\nown") == "x = 1\nown"


def test_a_direct_message_goes_to_the_other_person_and_one_to_a_group_to_the_others():
    pair, group = said(FOLDER, "between us two"), said(FOLDER, "among three")
    assert [each.address for each in pair.recipients] == ["pavel@boreal.example"]
    assert [each.native_id for each in group.recipients] == ["11", "13"]
    assert (pair.channel, group.channel) == ("", "")


def test_an_address_that_hides_the_person_is_none():
    assert said(FOLDER, "without a topic").sender.address == ""
    assert said(FOLDER, "between us two").sender.address == "mira@aster.example"


def test_bots_of_the_server_are_bots():
    assert said(FOLDER, "marked this topic").kind == "bot"


def test_a_tar_reads_as_the_folder_does():
    assert list(read(TAR)) == list(read(FOLDER))


@pytest.mark.parametrize(
    "content",
    [
        b'{"zerver_message": [{"id": 1, "sender": ' + b"[" * 100_000,
        b'{"zerver_message": [{"id": 1, "sender": 2, "recipient": [], "date_sent": {}, "content": 7}]}',
        b'{"zerver_message": [{"id": 1, "sender": 2, "date_sent": 1e308}]}',
        b'{"zerver_message": {"a": {"id": 1}}}',
        b"no json",
    ],
)
def test_hostile_json_never_raises(content, tmp_path):
    (tmp_path / "realm.json").write_bytes(
        b'{"zerver_userprofile": [7], "zerver_recipient": {}, "zerver_subscription": [{}]}'
    )
    (tmp_path / "messages-000001.json").write_bytes(content)
    for record in Zulip().read(tmp_path):
        assert isinstance(record, Skipped) or record.id


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLE.exists(), reason="no shared data beside the checkout")
def test_an_export_of_another_project_holds_what_it_says():
    expected = json.loads((SAMPLE / "EXPECTED.json").read_text(encoding="utf-8"))
    found = inspect(SAMPLE)
    assert (found["messages"], found["people"]) == (expected["messages"], len(expected["senders"]))
    assert found["threads"] == len(expected["topics"])
    assert found["first"] == expected["first_utc"].replace("Z", "+00:00")
    assert found["last"] == expected["last_utc"].replace("Z", "+00:00")
