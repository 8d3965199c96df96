"""WhatsApp chats: dates of every country, lines that go on, attachments that are no words, people by their number."""

import json
import zipfile
from pathlib import Path

import pytest

from connectors import Message, Skipped, UnknownFormat, inspect, read
from connectors.whatsapp import WhatsApp

DATA = Path(__file__).parent / "data" / "whatsapp"
PHONE = DATA / "phone_with_marks_before_attachments.txt"
ZIP = DATA / "zip_with_month_first_and_narrow_spaces.zip"
AMBIGUOUS = DATA / "day_and_month_that_cannot_be_told_apart.txt"
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "samples" / "whatsapp"


def messages(path, zone="Europe/Prague"):
    return [record for record in read(path, zone=zone) if isinstance(record, Message)]


@pytest.fixture
def chat(tmp_path):
    """Return a function that reads a chat of these lines."""

    def write(*lines, zone="UTC"):
        (tmp_path / "chat.txt").write_text("\n".join(lines), encoding="utf-8")
        return list(read(tmp_path / "chat.txt", format="whatsapp", zone=zone))

    return write


def test_a_chat_without_a_zone_is_refused_with_what_to_set():
    with pytest.raises(UnknownFormat, match=r"expected a time zone.*program\.toml"):
        list(read(PHONE))


def test_a_message_goes_on_until_the_next_begins():
    (message,) = (each for each in messages(PHONE) if each.text.startswith("Shall"))
    assert message.text == "Shall the pilot open on Thursday?\nOr better on Friday: both suit us"
    assert (message.sent_at.isoformat(), message.time_quality) == ("2025-03-03T09:00:05+00:00", "zone_assumed")


def test_attachments_are_no_words_but_what_came_with_them_is():
    texts = [each.text for each in messages(PHONE) if each.kind == "human"]
    assert texts.count("") == 1
    assert "The plan" in texts


def test_equal_words_of_one_second_are_two_messages():
    assert len({each.id for each in messages(PHONE) if each.text == "ok"}) == 2


def test_a_longer_export_of_the_same_chat_keeps_the_ids(tmp_path):
    longer = PHONE.read_text(encoding="utf-8") + "[15.03.25, 09:00:00] Mira Lindqvist: More\n"
    (tmp_path / "later.txt").write_text(longer, encoding="utf-8")
    assert [each.id for each in messages(PHONE)] == [each.id for each in messages(tmp_path / "later.txt")][:-1]


def test_other_line_ends_are_the_same_chat(tmp_path):
    (tmp_path / "chat.txt").write_bytes(PHONE.read_bytes().replace(b"\n", b"\r\n"))
    assert [each.id for each in messages(tmp_path / "chat.txt")] == [each.id for each in messages(PHONE)]


def test_a_number_is_a_person_and_a_name_only_inside_its_export(tmp_path):
    senders = {each.sender.native_id for each in messages(PHONE) if each.kind == "human"}
    stem = PHONE.stem
    assert senders == {f"{stem}/Mira Lindqvist", "+420601000002", f"{stem}/Ola"}
    other = tmp_path / "other.txt"
    other.write_bytes(PHONE.read_bytes())
    assert f"{stem}/Mira Lindqvist" not in {each.sender.native_id for each in messages(other)}


def test_mentioned_names_become_tokens():
    (message,) = (each for each in messages(PHONE) if each.text.startswith("Thursday"))
    assert message.text == "Thursday suits us, @someone"


def test_noon_and_midnight_with_narrow_spaces_are_told_apart():
    times = [each.sent_at.strftime("%H:%M") for each in messages(ZIP, "UTC") if each.kind == "human"]
    assert times == ["10:00", "12:01", "00:02", "15:04"]


def test_what_the_program_says_is_nobodys():
    kinds = [each.kind for each in messages(ZIP)]
    assert kinds[:2] == ["system", "system"]
    assert kinds[-1] == "deleted"


def test_where_day_and_month_cannot_be_told_apart_no_time_is_guessed():
    skipped, *found = read(AMBIGUOUS, zone="UTC")
    assert skipped.reason == "day_or_month_first"
    assert {message.time_quality for message in found} == {"missing"}


@pytest.mark.parametrize(("order", "day"), [("day_first", "2020-09-12"), ("month_first", "2020-12-09")])
def test_the_program_can_say_which_comes_first(order, day):
    found = list(read(AMBIGUOUS, format=f"whatsapp_{order}", zone="UTC"))
    assert [message.sent_at.date().isoformat() for message in found] == [day] * 3
    assert [message.id for message in found] == [message.id for message in messages(AMBIGUOUS)]


@pytest.mark.parametrize(
    ("lines", "first"),
    [
        (["5/6/21, 10:00 - A: x", "13/6/21, 10:00 - A: y"], "2021-06-05"),
        (["5/6/21, 10:00 - A: x", "5/13/21, 10:00 - A: y"], "2021-05-06"),
        (["1/2/21, 10:00 - A: x", "2/1/21, 10:00 - A: y", "3/1/21, 10:00 - A: z"], "2021-01-02"),
        (["05.06.21, 10:00 - A: x"], "2021-06-05"),
        (["2021/06/05, 10:00 - A: x"], "2021-06-05"),
        (["[2021-06-05 10:00] A: x"], "2021-06-05"),
        (["[06-29-2021, 10:00:00] A: x"], "2021-06-29"),
        (["4/4/21, 10:00 - A: x"], "2021-04-04"),
        (["2021/6/5 上午10:00 - A: x"], "2021-06-05"),
        (["05/06/21 à 10:00 - A: x", "25/06/21 à 10:00 - B: y"], "2021-06-05"),
        (["5/6/2021, 10:00 a. m. - A: x", "25/6/2021, 10:00 a. m. - B: y"], "2021-06-05"),
    ],
)
def test_day_and_month_are_told_by_what_exists_and_what_goes_forward(chat, lines, first):
    assert chat(*lines)[0].sent_at.isoformat() == f"{first}T10:00:00+00:00"


@pytest.mark.parametrize(
    "line", ["99/99/99, 10:00 - A: x", "1/1/21, 25:61 - A: x", "[1/1/21] A: x", "\0" * 2000, "[" * 2000]
)
def test_a_line_that_only_resembles_a_message_never_raises(chat, line):
    for record in chat("1/1/21, 10:00 - A: x", line):
        assert isinstance(record, Skipped) or record.id


def test_a_line_without_end_is_read_in_pieces_and_kept_in_bounds(chat):
    (message,) = chat("1/1/21, 10:00 - A: x" + "y" * 1_000_000)
    assert len(message.text) < 200_000


def test_a_log_of_something_else_is_no_chat(tmp_path):
    (tmp_path / "log.txt").write_text("2025-03-03 10:00:00 INFO: started\n", encoding="utf-8")
    assert not WhatsApp().matches(tmp_path / "log.txt")


def test_a_folder_with_media_beside_the_chat_is_one_export(tmp_path):
    (tmp_path / "_chat.txt").write_bytes(PHONE.read_bytes())
    (tmp_path / "00000012-PHOTO-2025-03-03.jpg").write_bytes(b"\xff\xd8")
    assert inspect(tmp_path)["messages"] == 8


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="no shared data beside the checkout")
@pytest.mark.parametrize("name", ["[mmddyy]_24hrs", "ddmmyy_24hrs", "mmddyy_24hrs", "mmddyyyy_12hrs", "yyyymmdd_24hrs"])
def test_one_chat_in_the_dates_of_five_countries_reads_alike(name):
    target = json.loads((SAMPLES / "chat-miner" / "target.json").read_text(encoding="utf-8"))
    found = [each for each in messages(SAMPLES / "chat-miner" / f"test_{name}.txt", "UTC") if each.kind == "human"]
    assert [
        (each.sent_at.isoformat()[:19], each.sender.name, " ".join(each.text.split())) for each in reversed(found)
    ] == [(each["timestamp"], each["author"], each["message"]) for each in target]


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="no shared data beside the checkout")
@pytest.mark.parametrize("name", ["lorem-2000", "lorem-merge-part1", "lorem-merge-part2", "lorem"])
def test_chats_of_another_project_hold_what_was_counted(name):
    expected = json.loads((SAMPLES / "whatstk" / "EXPECTED.json").read_text(encoding="utf-8"))[f"{name}.txt"]
    found = inspect(SAMPLES / "whatstk" / "whatsapp" / f"{name}.txt")
    assert (found["messages"], found["people"]) == (expected["message_headers"], len(expected["senders"]))


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="no shared data beside the checkout")
def test_a_chat_and_its_zip_hold_what_was_counted():
    expected = json.loads((SAMPLES / "chat-analytics" / "EXPECTED.json").read_text(encoding="utf-8"))["4A_11M.txt"]
    for ending in ("txt", "zip"):
        found = inspect(SAMPLES / "chat-analytics" / f"4A_11M.{ending}")
        assert found["kinds"] == {"human": expected["messages"], "system": expected["system_lines"]}
        assert found["people"] == len(expected["senders"])


def test_a_zip_holds_what_its_chat_holds(tmp_path):
    with zipfile.ZipFile(tmp_path / "chat.zip", "w") as archive:
        archive.write(PHONE, "_chat.txt")
    assert [each.id for each in messages(tmp_path / "chat.zip")] == [each.id for each in messages(PHONE)]
