"""Slack exports: every folder, threads, deleted roots, strangers of another company, and nothing private."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from connectors import Message, Skipped, inspect, message_id, read
from connectors.slack_export import SlackExport

DATA = Path(__file__).parent / "data" / "slack"
FOLDER = DATA / "thread_whose_root_was_deleted"
ZIP = DATA / "zip_dated_month_zero_with_strangers.zip"
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "samples" / "slack"

MIRA = {
    "id": "U01",
    "team_id": "T01",
    "is_bot": False,
    "profile": {"real_name": "Mira", "email": "Mira+slack@aster.example", "team": "T01"},
}


@pytest.fixture
def export(tmp_path):
    """Return a function that reads an export with these events on one day in #launch."""

    def write(*events, users=(MIRA,), **lists):
        (tmp_path / "launch").mkdir(exist_ok=True)
        (tmp_path / "launch" / "2025-03-03.json").write_text(json.dumps(events), encoding="utf-8")
        for name, content in {"users": list(users), **lists}.items():
            (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
        return list(SlackExport().read(tmp_path))

    return write


def event(text="Shall we start?", user="U01", ts="1740992400.000100", **more):
    return {"type": "message", "user": user, "text": text, "ts": ts, **more}


def messages(path):
    return [message for message in read(path) if isinstance(message, Message)]


def by_text(path):
    return {message.text: message for message in messages(path)}


def test_a_reply_is_joined_to_its_thread_though_the_root_is_deleted():
    (root,) = (message for message in messages(FOLDER) if message.kind == "deleted")
    reply = by_text(FOLDER)["Agreed, I book the room."]
    assert reply.thread_id == root.thread_id
    assert message_id("slack", reply.parent_id) == root.id
    assert root.parent_id == ""


def test_a_thread_is_known_as_permalinks_name_it_without_the_workspace():
    assert by_text(FOLDER)["Agreed, I book the room."].thread_id == "C01/1740992460.000200"


def test_a_message_that_links_to_a_mail_or_posts_it_points_to_that_mail(export):
    link = "answered in <https://groups.google.com/d/msgid/depot/m1%40northwind.example|the mail>"
    posted = {"files": [{"mode": "email", "headers": {"message_id": "<m1@northwind.example>"}}]}
    linking, posting, other = export(event(link), event("see above", ts="1740992401.000100", **posted), event(ts="2.1"))
    assert linking.elsewhere == posting.elsewhere == message_id("mail", "m1@northwind.example")
    assert other.elsewhere == ""


def test_an_answer_that_points_elsewhere_stays_in_its_thread(export):
    root, answer = export(
        event(thread_ts="1740992400.000100"),
        event("see mid:m1@northwind.example", ts="1740992500.000100", thread_ts="1740992400.000100"),
        channels=[{"id": "C01", "name": "launch"}],
    )
    assert answer.elsewhere
    assert message_id("slack", answer.thread_id) == root.id


def test_a_message_shared_to_the_channel_counts_once_and_its_copy_of_the_root_not_at_all():
    said = [message for message in messages(FOLDER) if message.thread_id.endswith("/1740992460.000200")]
    assert [message.text for message in said] == ["", "Agreed, I book the room.", "Room booked, see you there"]


def test_folders_that_channels_json_does_not_list_are_read():
    assert "Said in a folder that channels.json does not list" in by_text(FOLDER)


def test_only_day_files_hold_messages():
    assert "A canvas is no message" not in by_text(FOLDER)


def test_an_edited_message_says_when():
    message = by_text(FOLDER)["Said in a folder that channels.json does not list"]
    assert message.edited_at and message.edited_at.isoformat() == "2025-03-05T09:01:00+00:00"


def test_a_direct_conversation_has_recipients_and_no_channel():
    message = by_text(FOLDER)["A word between the two of us"]
    assert [each.address for each in message.recipients] == ["mira@aster.example"]
    assert message.channel == ""


def test_a_zip_and_a_folder_read_alike(tmp_path):
    archive = shutil.make_archive(str(tmp_path / "export"), "zip", FOLDER)
    assert list(read(Path(archive))) == list(read(FOLDER))


def test_a_zip_whose_dates_have_month_zero_is_read():
    with zipfile.ZipFile(ZIP) as archive:
        assert {member.date_time[:3] for member in archive.infolist()} == {(1980, 0, 0)}
    assert inspect(ZIP)["messages"] == 6


def test_people_of_another_company_are_known_by_the_team_their_message_names():
    message = by_text(ZIP)["Can you send the drawings?"]
    assert (message.sender.tenant, message.sender.native_id) == ("T02BOREAL", "U77BOREAL")
    assert message.kind == "human"


def test_a_stranger_keeps_the_company_that_an_earlier_message_named(export):
    one, other = export(event(user="U77", user_team="T02"), event(user="U77", ts="1740992401.000100"))
    assert one.sender.tenant == other.sender.tenant == "T02"


def test_a_stranger_of_no_named_company_belongs_to_none(export):
    (message,) = export(event(user="U77"))
    assert message.sender.tenant == ""


@pytest.mark.parametrize("text", ["Build 12 passed", "Build 13 passed", "Reminder: stand-up"])
def test_bots_are_known_by_subtype_user_list_or_being_slackbot(text):
    assert by_text(ZIP)[text].kind == "bot"


def test_what_an_app_posts_in_the_name_of_a_person_is_a_bots():
    assert by_text(ZIP)["posted by an app in her name"].kind == "bot"


def test_no_token_and_no_private_link_is_read():
    shown = str([(message.text, message.html) for message in messages(ZIP)])
    assert "xoxe" not in shown
    assert "files.slack.com" not in shown


def test_the_link_of_a_file_loses_its_parameters(export):
    (message,) = export(event("<https://files.slack.com/f/plan.pdf?t=xoxe-1>"))
    assert message.text == "https://files.slack.com/f/plan.pdf"


def test_mentions_become_tokens_and_entities_characters(export):
    said = (
        "<@U02> and <@U03|joel> in <#C01|launch>, <!here>: a &lt; b &amp;&amp; c, "
        "<mailto:mira@aster.example|mira@aster.example>"
    )
    (message,) = export(event(said))
    assert message.text == "@someone and @someone in #channel, @everyone: a < b && c, @someone"


def test_a_channel_that_was_renamed_between_two_exports_keeps_its_messages(export, tmp_path):
    (before,) = export(event(), channels=[{"id": "C01", "name": "launch"}])
    (tmp_path / "launch").rename(tmp_path / "launch-2025")
    (tmp_path / "channels.json").write_text('[{"id": "C01", "name": "launch-2025"}]', encoding="utf-8")
    (after,) = SlackExport().read(tmp_path)
    assert (after.id, after.channel) == (before.id, before.channel)


def test_two_messages_of_one_microsecond_apart_are_two(export):
    one, other = export(event(ts="1740992400.000001"), event(ts="1740992400.000002"))
    assert one.id != other.id
    assert one.thread_id.endswith("/1740992400.000001")


def test_a_time_is_kept_as_text_where_it_identifies(export):
    one, other = export(event(ts="1740992400.000100"), event(ts="1740992400.0001"))
    assert one.id != other.id


def test_an_address_is_matched_without_its_tag(export):
    (message,) = export(event())
    assert message.sender.address == "mira@aster.example"


def test_the_author_of_a_comment_on_a_file_is_the_one_who_commented(export):
    comment = {"user": "U01", "comment": "Looks right to me"}
    (message,) = export(
        {
            "type": "message",
            "subtype": "file_comment",
            "text": "<@U01|mira> commented on joel's file <https://aster.slack.com/f|f>: Looks right to me",
            "comment": comment,
            "ts": "1740992400.000100",
        }
    )
    assert (message.kind, message.sender.native_id, message.text) == ("human", "U01", "Looks right to me")


def test_of_an_upload_only_the_words_that_came_with_it_are_read(export):
    said = "<@U01|mira> uploaded a file: <https://aster.slack.com/f/plan.pdf|plan.pdf> and commented: The new plan"
    (message,) = export(event(said, subtype="file_share", file={"initial_comment": {"comment": "The new plan"}}))
    assert message.text == "The new plan"


def test_a_message_without_text_is_read_from_its_blocks(export):
    line = [{"type": "text", "text": "Ask "}, {"type": "user", "user_id": "U02"}, {"type": "text", "text": " first"}]
    block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": line}]}
    (message,) = export(event(None, blocks=[block]))
    assert message.text.strip() == "Ask @someone first"


@pytest.mark.parametrize("subtype", ["channel_topic", "pinned_item", "bot_add", "huddle_thread", "sh_room_created"])
def test_what_slack_itself_reports_is_kept_apart(export, subtype):
    (message,) = export(event(subtype=subtype))
    assert message.kind == "system"


def test_a_message_that_names_nobody_is_counted(export):
    (record,) = export({"type": "message", "text": "who said this", "ts": "1740992400.000100"})
    assert isinstance(record, Skipped)
    assert record.reason == "no_sender"


def test_a_day_file_that_ends_early_gives_what_stands_in_it(export, tmp_path):
    export(event("first"), event("second", ts="1740992401.000100"))
    day = tmp_path / "launch" / "2025-03-03.json"
    day.write_bytes(day.read_bytes()[:-20])
    first, cut = SlackExport().read(tmp_path)
    assert first.text == "first"
    assert isinstance(cut, Skipped)
    assert cut.reason == "truncated"


HOSTILE = {
    "deep nesting": '[{"ts": "1740992400.000100", "user": "U01", "text": ' + "[" * 100_000,
    "huge number": '[{"ts": ' + "9" * 10_000 + ', "user": "U01"}]',
    "wrong types": '[{"ts": ["1"], "user": {"a": 1}, "edited": 7, "blocks": "x", "comment": [], "thread_ts": {}}]',
    "no list": '{"ts": "1740992400.000100"}',
    "half a character": '[{"ts": "1740992400.000100\\ud800", "user": "U\\ud800", "text": "\\ud800"}]',
    "no json": "From nobody",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_day_file_never_raises(export, tmp_path, content):
    export(event())
    (tmp_path / "launch" / "2025-03-03.json").write_text(content, encoding="utf-8")
    for record in SlackExport().read(tmp_path):
        assert isinstance(record, Skipped) or record.id


def test_users_that_are_no_list_name_nobody(export):
    (message,) = export(event(), users=[], channels={"no": "list"}, dms=[{"id": 1, "members": 7}])
    assert message.sender.address == ""


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="no shared data beside the checkout")
def test_a_real_workspace_of_2016_is_counted_as_it_was_by_hand():
    found = inspect(SAMPLES / "houstondatavis" / "slack_export.zip")
    assert (found["messages"], found["kinds"]["human"], found["threads"], found["skipped"]) == (1382, 1031, 0, {})


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="no shared data beside the checkout")
@pytest.mark.parametrize("name", ["source_export.zip", "source_export_dir"])
def test_a_dump_is_counted_as_its_maker_did(name):
    expected = json.loads((SAMPLES / "slackdump-assets" / "EXPECTED.json").read_text(encoding="utf-8"))
    found = inspect(SAMPLES / "slackdump-assets" / name)
    assert found["messages"] == expected["events_total"]
    assert found["kinds"]["human"] == expected["human_messages"]
    assert found["people"] == expected["distinct_human_senders"]
    assert found["threads"] == len(expected["threads"])
    assert found["first"].startswith(expected["first_utc"].rstrip("Z"))


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="no shared data beside the checkout")
def test_replies_older_than_their_root_and_broadcasts_are_read(tmp_path):
    target = tmp_path / "export"
    shutil.copytree(SAMPLES / "zulip-fixture" / "export", target)
    for number, file in enumerate(sorted(target.rglob("*.json")), start=1):
        file.rename(file.with_name(f"2018-10-0{number}.json"))
    (target / "users.json").write_text("[]", encoding="utf-8")
    expected = json.loads((SAMPLES / "zulip-fixture" / "EXPECTED.json").read_text(encoding="utf-8"))
    found = inspect(target)
    assert found["kinds"]["human"] + sum(found["skipped"].values()) == expected["human_messages"]
    assert (found["people"], found["threads"]) == (expected["distinct_human_senders"], len(expected["threads"]))
