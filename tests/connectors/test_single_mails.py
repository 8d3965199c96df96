"""A folder of single mails is one export, whatever else lies in it."""

import sys
from pathlib import Path

import pytest

from connectors import Message, Skipped, UnknownFormat, detect, exports, files_of, inspect, read
from connectors.eml import Eml

DATA = Path(__file__).parent / "data"
SENT_ITEM = (DATA / "outlook_msg" / "sent_item_without_transport_headers.msg").read_bytes()


def mail(number: int) -> bytes:
    return b"From: ada@northwind.example\nTo: bo@lumen.example\nMessage-ID: <%d@x.example>\n\nwords %d\n" % (
        number,
        number,
    )


@pytest.fixture
def folder(tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.eml").write_bytes(mail(number))
    return tmp_path


def test_a_folder_of_single_mails_is_one_export(folder):
    assert exports(folder) == [folder]
    assert detect(folder).name == "eml"
    assert [record.locator for record in read(folder)] == ["file 1", "file 2", "file 3"]


def test_a_folder_of_one_mail_is_the_same_export_when_a_second_one_comes(tmp_path):
    (tmp_path / "a").write_bytes(mail(1))
    before = exports(tmp_path)
    (tmp_path / "b").write_bytes(mail(2))
    assert before == exports(tmp_path) == [tmp_path]


def test_saved_items_of_outlook_are_read_with_the_mails_beside_them(folder):
    (folder / "item").write_bytes(SENT_ITEM)
    found = inspect(folder)
    assert (found["format"], found["messages"]) == ("eml", 4)


def test_a_folder_of_saved_items_alone_is_named_after_them(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(SENT_ITEM)
    found = inspect(tmp_path)
    assert (found["format"], found["messages"], found["skipped"]) == ("outlook_msg", 1, {"duplicate": 1})


def test_a_folder_whose_format_is_named_is_read_as_a_whole(folder):
    assert len([record for record in read(folder, format="eml") if isinstance(record, Message)]) == 3


def test_other_exports_beside_single_mails_are_exports_of_their_own(folder):
    (folder / "list.mbox").write_bytes(b"From a@x.example Mon Mar  3 10:00:00 2025\n" + mail(9))
    (folder / "notes").write_bytes(b"to do")
    below = folder / "more"
    below.mkdir()
    (below / "a").write_bytes(mail(10))
    assert exports(folder) == [folder, folder / "list.mbox", below, folder / "notes"]
    assert [file.name for file in files_of(folder)] == ["0.eml", "1.eml", "2.eml"]
    assert len(list(read(folder))) == 3
    with pytest.raises(UnknownFormat):
        detect(folder / "notes")


def test_an_export_that_is_a_folder_stays_one_when_a_mail_lies_in_it(tmp_path):
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / "1.a.b:2,S").write_bytes(mail(1))
    (tmp_path / "stray.eml").write_bytes(mail(2))
    assert exports(tmp_path) == [tmp_path]
    assert detect(tmp_path).name == "maildir"
    assert [file.name for file in files_of(tmp_path)] == ["1.a.b:2,S", "stray.eml"]


def test_links_and_hidden_files_are_left_out(folder):
    (folder / ".hidden").write_bytes(mail(4))
    (folder / "link").symlink_to(folder / "0.eml")
    assert [file.name for file in files_of(folder)] == ["0.eml", "1.eml", "2.eml"]


def test_a_file_that_fails_is_skipped_alone(folder, monkeypatch):
    original = Eml.read

    def failing(self, path):
        if path.name == "1.eml":
            raise PermissionError("closed")
        yield from original(self, path)

    monkeypatch.setattr(Eml, "read", failing)
    records = list(read(folder))
    assert records[1] == Skipped("mail", "file 2", "unreadable")
    assert len(records) == 3


def test_saved_items_without_their_package_are_counted_and_the_mails_are_read(folder, monkeypatch):
    (folder / "item").write_bytes(SENT_ITEM)
    monkeypatch.setitem(sys.modules, "olefile", None)
    records = list(read(folder))
    assert records[3] == Skipped("mail", "file 4", "package_missing")
    assert all(isinstance(record, Message) for record in records[:3])
