"""IRC logs: three programs, server lines, second connections, bots, and times that may need a zone."""

import json
from pathlib import Path

import pytest

from connectors import Message, Skipped, UnknownFormat, inspect, read
from connectors.irc import Irc

DATA = Path(__file__).parent / "data" / "irc"
LOG = DATA / "server_lines_and_second_connections.log"
DAYS = DATA / "days_without_a_zone"
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "samples" / "irc" / "perceval-supybot"


def by_text(path, zone="UTC"):
    return {record.text: record for record in read(path, zone=zone) if isinstance(record, Message)}


@pytest.fixture
def log(tmp_path):
    """Return a function that reads a log of these lines."""

    def write(*lines):
        (tmp_path / "x.log").write_text("\n".join(lines), encoding="utf-8")
        assert Irc().matches(tmp_path / "x.log")
        return [
            (r.kind, r.sender.native_id, r.text, r.sent_at.isoformat()) for r in read(tmp_path / "x.log", zone="UTC")
        ]

    return write


def test_a_second_connection_is_the_same_person():
    found = by_text(LOG)
    assert found["@someone: Thursday suits us"].sender.native_id == found["books the room"].sender.native_id == "pavel"


def test_offsets_are_undone():
    assert by_text(LOG)["this line has another offset"].sent_at.isoformat() == "2025-03-03T09:00:50+00:00"


def test_server_lines_notices_and_bots_are_no_human_words():
    kinds = {words: message.kind for words, message in by_text(LOG).items()}
    assert (kinds["the wiki is down"], kinds["Build 12 passed"]) == ("bot", "bot")


@pytest.mark.parametrize("nick", ["talbot", "abbot", "botanist"])
def test_a_name_that_only_sounds_like_a_bot_is_a_persons(log, nick):
    assert log(f"2025-03-03T09:00:00+0000  <{nick}> hello")[0][0] == "human"


def test_equal_lines_of_one_second_are_two_messages():
    assert len({record.id for record in read(LOG) if isinstance(record, Message) and record.text == "ok"}) == 2


def test_a_log_without_a_zone_is_refused_and_read_in_the_zone_that_the_program_names():
    with pytest.raises(UnknownFormat, match="expected a time zone"):
        list(read(DAYS))
    found = by_text(DAYS, "Europe/Berlin")
    assert found["Shall the pilot open on Thursday?"].sent_at.hour == 9
    assert found["It went well in summer"].sent_at.hour == 8


def test_the_days_of_a_channel_are_one_space():
    assert {message.channel for message in by_text(DAYS).values()} == {"launch"}


def test_weechat_is_read(log):
    assert log(
        "2025-03-03 09:00:00\t-->\tmira (~m@aster.example) has joined #launch",
        "2025-03-03 09:00:01\t@mira\tShall we start?",
        "2025-03-03 09:00:02\t *\tpavel nods",
        "2025-03-03 09:00:03\t--\tpavel is now known as p",
    ) == [
        ("system", "", "", "2025-03-03T09:00:00+00:00"),
        ("human", "mira", "Shall we start?", "2025-03-03T09:00:01+00:00"),
        ("human", "pavel", "nods", "2025-03-03T09:00:02+00:00"),
        ("system", "", "", "2025-03-03T09:00:03+00:00"),
    ]


def test_irssi_is_read_with_the_day_that_its_own_lines_name(log):
    assert log(
        "--- Log opened Mon Mar 03 23:58:00 2025",
        "23:58 -!- mira [~m@aster.example] has joined #launch",
        "23:59 <@mira> Shall we start?",
        "--- Day changed Tue Mar 04 2025",
        "00:01 < pavel> Tomorrow",
        "00:02  * pavel nods",
    ) == [
        ("system", "", "", "2025-03-03T23:58:00+00:00"),
        ("human", "mira", "Shall we start?", "2025-03-03T23:59:00+00:00"),
        ("human", "pavel", "Tomorrow", "2025-03-04T00:01:00+00:00"),
        ("human", "pavel", "nods", "2025-03-04T00:02:00+00:00"),
    ]


def test_colours_are_no_words(log):
    assert log("2025-03-03T09:00:00+0000  <mira> \x02\x0304,01red\x0f and plain")[0][2] == "red and plain"


@pytest.mark.parametrize(
    "line", ["<" * 100_000, "2025-99-99T09:00:00+0000  <a> x", "\0" * 50_000, "99:99 <a> x", "* " * 9_000]
)
def test_a_hostile_line_never_raises(line, tmp_path):
    (tmp_path / "x.log").write_text(f"--- Log opened Mon Mar 03 23:58:00 2025\n{line}\n", encoding="utf-8")
    for record in Irc().read(tmp_path / "x.log", "UTC"):
        assert isinstance(record, Skipped) or record.id


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="no shared data beside the checkout")
def test_logs_of_another_project_hold_what_was_counted():
    expected = json.loads((SAMPLES / "EXPECTED.json").read_text(encoding="utf-8"))
    records = list(read(SAMPLES / "supybot_valid.log"))
    found = [each for each in records if isinstance(each, Message)]
    spoken = [each for each in found if each.kind != "system" and each.text]
    assert len(found) == expected["supybot_valid.log"]["messages_and_server_events"]
    stamp, nick, _ = expected["supybot_valid.log"]["last"]
    assert (spoken[-1].sender.name, spoken[-1].sent_at.strftime("%Y-%m-%dT%H:%M:%S+0000")) == (nick, stamp)
    assert inspect(SAMPLES / "supybot_date_without_tz.log")["messages"] == 3
    for name in ("supybot_invalid_date.log", "supybot_invalid_msg.log"):
        assert inspect(SAMPLES / name)["skipped"] == {"undecodable": 1}


BY_NAME = DATA / "days_only_in_names_of_files"


def test_a_day_that_only_the_name_of_a_log_gives_is_taken_from_there():
    found = by_text(BY_NAME)
    assert found["books the room"].sent_at.isoformat() == "2025-03-03T10:01:05+00:00"
    assert found["the room is booked"].sent_at.isoformat() == "2025-03-04T09:00:00+00:00"
    assert {message.channel for message in found.values()} == {"launch"}


def test_a_time_without_any_day_is_skipped_never_guessed():
    assert [record.reason for record in read(BY_NAME, zone="UTC") if isinstance(record, Skipped)] == ["no_time"]


def test_a_name_with_two_days_gives_none(tmp_path):
    log = tmp_path / "from_2025-03-03_to_2025-03-09.log"
    log.write_text("[10:00:00] <mira> hello\n", encoding="utf-8")
    assert [record.reason for record in read(log, zone="UTC") if isinstance(record, Skipped)] == ["no_time"]
