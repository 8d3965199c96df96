"""What an export holds and nobody opens is told, by ending and never by name."""

import zipfile
from pathlib import Path

import pytest

from connectors import UnknownFormat, detect, inspect
from connectors.not_read import PicksFiles
from connectors.source import sources

DATA = Path(__file__).parent / "data"
CHAT = "1/1/21, 10:00 - A: x\n13/1/21, 10:00 - B: y\n"


def test_a_file_in_an_archive_that_its_reader_does_not_take_is_told(tmp_path):
    with zipfile.ZipFile(tmp_path / "0.zip", "w") as archive:
        for name in ("_chat.txt", "Ada Voss.json", "photo.JPG", "another.jpg", "README", "x.verylongending"):
            archive.writestr(name, CHAT)
    found = inspect(tmp_path / "0.zip")
    assert (found["format"], found["messages"]) == ("whatsapp", 2)
    assert found["not_read"] == {"jpg": 2, "json": 1, "other": 2}
    assert "Ada" not in str(found)


def test_an_export_that_is_read_as_a_whole_says_nothing_of_it(tmp_path):
    (tmp_path / "_chat.txt").write_text(CHAT, encoding="utf-8")
    assert "not_read" not in inspect(tmp_path / "_chat.txt")


def test_what_a_reader_looks_up_beside_the_messages_is_not_told_as_closed():
    found = inspect(DATA / "slack" / "thread_whose_root_was_deleted")
    assert found["not_read"] == {"json": 1}, "the canvas; lists of users and channels are opened"


def test_every_reader_of_archives_says_which_files_it_opens():
    for source in sources():
        if source.medium == "chat":
            assert isinstance(source, PicksFiles), source.name


@pytest.mark.parametrize("page", ["<!DOCTYPE html><p>Ada Voss: yes", "\ufeff\n<html lang='en'>"])
def test_a_transcript_as_a_web_page_is_refused_with_what_to_ask_for_instead(page, tmp_path):
    (tmp_path / "0.bin").write_text(page, encoding="utf-8")
    with pytest.raises(UnknownFormat, match=r"found a web page.*export single messages") as refused:
        detect(tmp_path / "0.bin")
    assert "Ada" not in str(refused.value)
