import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import Message, OwnText, Skipped, inspect, own_text, read
from connectors.rtf_text import is_html, rtf_text, unpacked_rtf
from connectors.tnef import body_of

DATA = Path(__file__).parent / "data"
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "samples"
shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside this checkout"),
]


def the_message(path: Path) -> Message:
    record = next(iter(read(path)))
    assert isinstance(record, Message)
    return record


def test_a_sent_item_is_known_by_its_properties_where_nothing_transported_it():
    found = the_message(DATA / "outlook_msg" / "sent_item_without_transport_headers.msg")
    assert found.sender.address == "ada@northwind.example"
    assert [each.address for each in found.recipients] == ["bo@lumen.example"]
    assert found.subject == "Vertrag für März"
    assert found.parent_id == found.thread_id == "msg-0@lumen.example"
    assert found.text.strip() == "Der Vertrag liegt bei."


def test_a_directory_name_is_never_taken_for_an_address():
    found = the_message(DATA / "outlook_msg" / "exchange_account_without_an_address.msg")
    assert (found.sender.address, found.sender.native_id) == ("", "/o=northwind/cn=avoss")
    assert found.thread_id == "conversation:" + bytes(range(22)).hex()


def test_a_body_that_only_packed_rtf_holds_is_read_with_its_quotes_marked():
    found = own_text(the_message(DATA / "outlook_msg" / "body_only_in_packed_rtf.msg"))
    assert isinstance(found, OwnText)
    assert found.text == "The depot café opens on Thursday."


def test_an_old_code_page_is_taken_from_the_item():
    found = the_message(DATA / "outlook_msg" / "text_in_an_old_code_page.msg")
    assert (found.text, found.sender.name) == ("合同已签。", "张毓")


def test_a_body_that_only_winmail_dat_holds_is_read():
    assert the_message(DATA / "eml" / "body_only_in_winmail_dat.eml").text.strip() == "The key is with the porter."


def test_rtf_is_read_as_text_without_its_tables():
    data = (
        rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\colortbl;}{\*\generator X;}\pard one \b two\b0\par three\tab\u8364?\'e9}"
    )
    assert rtf_text(data) == "one two\nthree\t€é"
    assert not is_html(data)


def test_rtf_that_wraps_html_comes_out_as_that_html():
    data = rb"{\rtf1\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 text{\*\htmltag72 </p>}\htmlrtf }\htmlrtf0}"
    assert is_html(data)
    assert rtf_text(data) == "<p>text</p>"


def test_packed_rtf_repeats_what_came_before():
    """The worked example of [MS-OXRTFCP] 3.1: a reference that reaches into what it writes."""
    packed = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert unpacked_rtf(packed) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_damaged_bodies_never_raise(data):
    rtf_text(data)
    unpacked_rtf(struct.pack("<II", len(data), 400) + b"LZFu" + b"0000" + data)
    body_of(b"\x78\x9f\x3e\x22\x01\x00" + data)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_item_is_a_value_not_an_error(data, tmp_path_factory):
    whole = bytearray((DATA / "outlook_msg" / "sent_item_without_transport_headers.msg").read_bytes())
    for place in data.draw(st.lists(st.integers(8, len(whole) - 1), max_size=40)):
        whole[place] = data.draw(st.integers(0, 255))
    file = tmp_path_factory.mktemp("item") / "0.bin"
    file.write_bytes(bytes(whole[: data.draw(st.integers(512, len(whole)))]))
    assert all(isinstance(each, Message | Skipped) for each in read(file, format="outlook_msg"))


class TestSamples:
    pytestmark = shared

    def test_a_saved_item_says_what_another_reader_says(self):
        found = the_message(SAMPLES / "msg" / "msg-extractor" / "unicode.msg")
        assert found.sender.address == "brizhou@gmail.com"
        assert found.sent_at is not None and found.sent_at.isoformat() == "2013-11-18T08:26:24+00:00"

    @pytest.mark.parametrize(("name", "messages"), [("testPST.pst", 7), ("testPST_variousBodyTypes.pst", 4)])
    def test_a_data_file_holds_what_two_other_readers_found(self, name, messages):
        pytest.importorskip("pypff")
        found = inspect(SAMPLES / "pst" / "tika" / name)
        assert (found["messages"], found["skipped"]) == (messages, {})

    def test_the_body_of_a_winmail_dat_is_found(self):
        text, _ = body_of((SAMPLES / "tnef" / "tika" / "testWINMAIL.dat").read_bytes())
        assert "Outlook" in text
