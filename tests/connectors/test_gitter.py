"""Gitter: pages of a room, threads by parent, an account that is gone, and no room in a page."""

from pathlib import Path

import pytest

from connectors import Message, Skipped, inspect, read

DATA = Path(__file__).parent / "data" / "gitter"
PAGES = DATA / "room_of_two_pages_with_a_left_account"
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "samples" / "gitter" / "perceval"


def by_text(path):
    return {record.text: record for record in read(path) if isinstance(record, Message)}


def test_an_answer_is_in_the_thread_of_its_parent_wherever_that_stands():
    found = by_text(PAGES)
    assert found["@someone Thursday suits us"].parent_id == found["Shall the pilot open on Thursday?"].thread_id == "g1"


def test_pages_of_a_room_share_its_space():
    assert {message.channel for message in by_text(PAGES).values()} == {"launch"}


def test_a_message_of_nobody_is_skipped_and_one_of_no_time_is_kept_without_one():
    records = list(read(PAGES))
    assert [record.reason for record in records if isinstance(record, Skipped)] == ["no_sender"]
    assert by_text(PAGES)["no time"].time_quality == "missing"


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside this checkout")
@pytest.mark.parametrize("page", ["message_page_1", "message_page_2"])
def test_a_real_page_holds_what_was_counted(page):
    found = inspect(SAMPLES / page)
    assert (found["format"], found["messages"], found["skipped"]) == ("gitter", 1, {})
