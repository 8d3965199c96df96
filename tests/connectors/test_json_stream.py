"""JSON is read a record at a time, from any cut into chunks, and hostile JSON ends in a reason."""

import io
import json

import pytest

from connectors import json_stream
from connectors.json_stream import Broken, lines, number, rows, table, text, texts, walk, whole

CHATS = {"about": "x", "chats": {"list": [{"name": "a", "messages": [1, {"b": 2}]}, {"messages": [], "name": "c"}]}}
OPENED = {(), ("chats",), ("chats", "list"), ("chats", "list", "*"), ("chats", "list", "*", "messages")}


def walked(data, opened=((),)):
    return list(walk(io.BytesIO(data), set(opened)))


@pytest.fixture
def tiny_chunks(monkeypatch):
    monkeypatch.setattr(json_stream, "_CHUNK", 1)


def test_members_of_what_is_opened_come_one_by_one_with_their_place():
    assert walked(json.dumps(CHATS).encode(), OPENED) == [
        (("about",), "x"),
        (("chats", "list", 0, "name"), "a"),
        (("chats", "list", 0, "messages", 0), 1),
        (("chats", "list", 0, "messages", 1), {"b": 2}),
        (("chats", "list", 1, "name"), "c"),
    ]


@pytest.mark.usefixtures("tiny_chunks")
@pytest.mark.parametrize("value", [[12345, -1.5e10, True, None, "Übermut 🙂", "\\", {"a": ["]}"]}], {}, [], [[]], 17])
def test_any_cut_into_chunks_gives_the_same(value):
    assert [each for _, each in walked(json.dumps([value, value]).encode())] == [value, value]


def test_a_byte_order_mark_is_not_text():
    assert walked(b"\xef\xbb\xbf[1]") == [((0,), 1)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'[1, {"a": "b', "truncated"),
        (b"[1, ", "truncated"),
        (b"[1", "truncated"),
        (b"", "truncated"),
        (b"[1, nonsense, 2222222222222222]", "undecodable"),
        (b'[1, {"a" 1}, 2222222222222222]', "undecodable"),
        (b"[" * 100_000, "undecodable"),
        (b'[{"a":' + b"[" * 100_000, "undecodable"),
        (b'"a word"', "undecodable"),
        (b"17", "undecodable"),
        (b"{1: 2, 3333333333333: 4}", "undecodable"),
    ],
)
def test_what_is_no_json_ends_in_a_reason(data, reason):
    with pytest.raises(Broken, match=reason):
        walked(data)


def test_a_record_without_end_is_refused_before_it_fills_memory(monkeypatch):
    monkeypatch.setattr(json_stream, "MAX_RECORD", 200_000)
    endless = io.BytesIO(b'["' + b"a" * 10_000_000)
    with pytest.raises(Broken, match="too_large"):
        list(walk(endless, {()}))
    assert endless.tell() < 1_000_000


def test_what_stands_before_the_fault_is_given():
    records = walk(io.BytesIO(b'[{"id": 1}, {"id": '), {()})
    assert next(records) == ((0,), {"id": 1})
    with pytest.raises(Broken):
        next(records)


def test_a_huge_number_is_no_long_calculation():
    ((_, value),) = walked(b"[" + b"9" * 1_000_000 + b"]")
    assert value == float("inf")
    assert walked(b"[NaN, -Infinity]") == [((0,), None), ((1,), None)]


def test_a_bad_line_costs_only_itself():
    stream = io.BytesIO(b'{"a": 1}\n\nnonsense\n' + b"[" * 100_000 + b'\n{"a": 2}\r\n')
    assert list(lines(stream)) == [(1, {"a": 1}), (3, None), (4, None), (5, {"a": 2})]


def test_a_line_without_end_comes_in_bounded_pieces(monkeypatch):
    monkeypatch.setattr(json_stream, "MAX_RECORD", 1_000)
    assert {value for _, value in lines(io.BytesIO(b"a" * 10_000))} == {None}


def test_a_whole_text_is_read_or_is_none():
    assert whole(b"\xef\xbb\xbf{}") == {}
    assert whole(b"{") is None
    assert whole(b"[" * 100_000) is None


@pytest.mark.parametrize("wrong", [None, [], "x", 1, {"a": None}, {"a": {"b": [None]}}, {"a": {"b": 1.5}}])
def test_getters_return_nothing_for_what_is_not_there(wrong):
    assert text(wrong, "a", "b") == ""
    assert number(wrong, "a", "b") == 0
    assert table(wrong, "a", "b") == {}
    assert rows(wrong, "a", "b") == []
    assert texts(wrong, "a", "b") == []


@pytest.mark.parametrize(("found", "value"), [(7, 7), ("-7", -7), ("7.5", 0), (7.5, 0), ("9" * 30, 0), ("seven", 0)])
def test_a_number_is_whole_or_nothing(found, value):
    assert number({"a": found}, "a") == value


def test_getters_return_what_is_there_fit_for_ids():
    record = {"a": {"id": 17, "name": "a\0b\ud800", "rows": [{"b": 1}, 2], "texts": ["c", 3, None, True]}}
    assert text(record, "a", "id") == "17"
    assert text(record, "a", "name") == "ab"
    assert table(record, "a")["id"] == 17
    assert rows(record, "a", "rows") == [{"b": 1}]
    assert texts(record, "a", "texts") == ["c", "3"]
