"""Compliance exports of Mattermost: logs in which a post may stand several times, in three layouts."""

import zipfile
from pathlib import Path

import pytest

from connectors import Message, Skipped, detect, inspect, read
from connectors.mattermost_compliance import MattermostCompliance

DATA = Path(__file__).parent / "data" / "mattermost_compliance"
ROWS = DATA / "posts_edited_deleted_and_repeated.zip"
XML = DATA / "actiance_without_marks_of_deletion.xml"
MAIL = DATA / "mail_to_global_relay_of_several_people.eml"
HEADING = "Post Creation Time,Channel Id,Channel Type,User Email,Username,Post Id,Post Message,Post Type"


def by_text(path):
    return {record.text: record for record in read(path) if isinstance(record, Message)}


def test_a_post_that_was_edited_counts_once_with_its_last_wording():
    found = by_text(ROWS)
    assert "Fryday" not in found
    assert found["Friday"].edited_at is not None


@pytest.mark.parametrize("path", [ROWS, XML])
def test_a_post_that_was_deleted_is_no_words_wherever_it_stands(path):
    records = [record for record in read(path) if isinstance(record, Message)]
    deleted = [record for record in records if record.kind == "deleted"]
    assert len({record.id for record in deleted}) == 1 < len(deleted)
    assert not any("wrong channel" in record.text for record in records)


def test_the_same_post_has_one_id_in_rows_and_in_xml():
    assert by_text(ROWS)["Friday"].id == by_text(XML)["Friday"].id


def test_a_reply_is_in_the_thread_of_the_post_it_answers():
    found = by_text(ROWS)
    question, answer = found["When does the depot open?"], found["On Thursday, @someone,\nafter lunch"]
    assert (answer.parent_id, answer.thread_id) == ("p1", question.thread_id)


@pytest.mark.parametrize("path", [ROWS, XML])
def test_a_direct_talk_has_recipients_and_no_channel(path):
    found = by_text(path)["lunch?"]
    assert (found.channel, [each.address for each in found.recipients]) == ("", ["bo@lumen.example"])


def test_the_words_of_each_person_in_a_mail_are_theirs_not_its_senders():
    found = by_text(MAIL)
    assert {text: each.sender.address for text, each in found.items() if each.kind == "human"} == {
        "Is a < b & c?": "ada@northwind.example",
        "ok": "bo@lumen.example",
    }


def test_two_equal_lines_of_one_second_are_two_messages():
    assert len({each.id for each in read(MAIL) if isinstance(each, Message) and each.text == "ok"}) == 2


def test_names_of_files_are_no_words():
    assert not any("plan.pdf" in text for path in (ROWS, MAIL, XML) for text in by_text(path))


def test_a_row_that_says_delete_itself_is_not_taken_for_a_deletion(tmp_path):
    rows = ["1740992400000,c1,public,ada@northwind.example,ada,p1,delete the old plan,message"]
    (tmp_path / "posts.csv").write_text("\n".join([HEADING, *rows]), encoding="utf-8")
    assert [record.kind for record in read(tmp_path / "posts.csv") if isinstance(record, Message)] == ["human"]


def test_a_deletion_without_a_column_for_it_is_seen(tmp_path):
    row = "{},c1,public,ada@northwind.example,ada,p1,{}the old plan,message"
    rows = [row.format(1740992400000, ""), row.format(1740992500000, "delete ")]
    (tmp_path / "posts.csv").write_text("\n".join([HEADING, *rows]), encoding="utf-8")
    assert inspect(tmp_path / "posts.csv")["kinds"] == {"deleted": 1}


def test_an_xml_file_that_defines_entities_is_refused(tmp_path):
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><FileDump><Conversation/></FileDump>'
    (tmp_path / "0.xml").write_text(bomb, encoding="utf-8")
    assert not MattermostCompliance().matches(tmp_path / "0.xml")
    assert list(read(tmp_path / "0.xml", format="mattermost_compliance")) == [
        Skipped("mattermost", "file 1", "unknown_format")
    ]
    late = f"<!--{'x' * 5000}-->{bomb.partition('?>')[2]}"
    (tmp_path / "1.xml").write_text(late, encoding="utf-8")
    assert not MattermostCompliance().matches(tmp_path / "1.xml")


def test_a_file_that_breaks_off_gives_what_stands_before(tmp_path):
    whole = XML.read_bytes()
    (tmp_path / "0.xml").write_bytes(whole[: whole.index(b"wrong channel")])
    records = list(read(tmp_path / "0.xml"))
    assert records[-1] == Skipped("mattermost", "file 1", "truncated")


@pytest.mark.parametrize("name", ["folder", "0.zip"])
def test_mails_to_global_relay_are_not_read_as_mails(name, tmp_path):
    if name == "folder":
        (tmp_path / name).mkdir()
        (tmp_path / name / "Launch - (ch1) - 0.eml").write_bytes(MAIL.read_bytes())
    else:
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("Launch - (ch1) - 0.eml", MAIL.read_bytes())
    assert detect(tmp_path / name).name == "mattermost_compliance"
    assert inspect(tmp_path / name)["kinds"] == {"bot": 1, "human": 3}
