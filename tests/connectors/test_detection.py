"""No reader takes a hostile or empty beginning for its own format, and none raises over it."""

import zipfile

import pytest

from connectors import UnknownFormat, detect, exports
from connectors.source import sources

BEGINNINGS = {
    "blanks": b"\n" * 300_000,
    "brackets": b"[" * 300_000,
    "braces": b'{"a":' * 60_000,
    "one line": b"a" * 300_000,
    "zeros": b"\0" * 300_000,
    "a number": b"17",
    "a word": b'"messages"',
    "an empty list": b"[]",
    "an empty object": b"{}",
    "messages that are none": b'{"messages": [1, null, {"id": []}], "value": {"a": 1}, "conversations": 7}',
    "lines that are none": b'{"type": "post"}\n{"type": ["version"]}\n',
    "a cut zip": b"PK\x03\x04" + b"\0" * 100,
    "a cut gzip": b"\x1f\x8b\x08" + b"\0" * 20,
}


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_no_reader_takes_a_hostile_beginning_for_its_own(source, beginning, tmp_path):
    (tmp_path / "0.bin").write_bytes(beginning)
    assert not source.matches(tmp_path / "0.bin")


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_no_reader_takes_an_empty_folder_or_archive_for_its_own(source, tmp_path):
    (tmp_path / "folder" / "users").mkdir(parents=True)
    (tmp_path / "folder" / "Groups").mkdir()
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    assert not source.matches(tmp_path / "folder")
    assert not source.matches(tmp_path / "empty.zip")


def test_exports_of_several_formats_in_one_folder_are_found_one_by_one(tmp_path):
    (tmp_path / "chat.json").write_bytes(b'{"guild": {"id": "1"}, "channel": {"id": "2"}, "messages": []}')
    (tmp_path / "chat.txt").write_bytes(b"1/1/21, 10:00 - A: x\n")
    (tmp_path / "notes.docx").write_bytes(b"PK")
    found = {path.name: path for path in exports(tmp_path)}
    assert set(found) == {"chat.json", "chat.txt", "notes.docx"}
    assert [detect(found[name]).name for name in ("chat.json", "chat.txt")] == ["discord", "whatsapp"]
    with pytest.raises(UnknownFormat):
        detect(found["notes.docx"])
