import json
import shutil
from pathlib import Path

import pytest

from connectors import UnknownFormat, detect, exports, inspect, read

DATA = Path(__file__).parent / "data"


def copied(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        source = DATA / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, folder / source.name)
    return folder


REPLY = "mbox/reply_whose_references_were_cut.mbox"
TORN = "mbox/pipermail_month_with_a_torn_message.txt"
SINGLE = "eml/bare_carriage_returns.eml"


def test_a_folder_of_months_is_one_export(tmp_path):
    found = inspect(copied(tmp_path / "months", REPLY, TORN))
    assert (found["format"], found["messages"], found["threads"]) == ("mbox", 7, 4)


def test_several_formats_in_a_folder_are_named_together(tmp_path):
    assert inspect(copied(tmp_path / "mixed", REPLY, SINGLE))["format"] == "eml+mbox"


def test_the_same_mail_in_two_files_counts_once(tmp_path):
    folder = copied(tmp_path / "twice", REPLY)
    shutil.copyfile(folder / Path(REPLY).name, folder / "again")
    found = inspect(folder)
    assert (found["messages"], found["skipped"]) == (4, {"duplicate": 4})


def test_a_copy_with_the_footer_of_a_list_is_the_same_mail(tmp_path):
    mail = "From: a@x.example\nTo: b@x.example\nMessage-ID: <1@x>\n\nOne two.\n"
    (tmp_path / "direct").write_text(mail)
    (tmp_path / "listed").write_text(f"{mail}\n{'_' * 40}\ndev mailing list\n")
    (tmp_path / "edited").write_text(mail.replace("One", "Three"))
    found = inspect(tmp_path)
    assert (found["messages"], found["skipped"], found["edited_copies"]) == (2, {"duplicate": 1}, 1)


def test_a_file_that_no_reader_knows_is_counted_among_others(tmp_path):
    folder = copied(tmp_path / "mixed", REPLY)
    (folder / "notes").write_text("to do")
    assert inspect(folder)["skipped"] == {"unknown_format": 1}


def test_an_author_of_fragments_is_nobody():
    found = inspect(DATA / TORN)
    assert (found["people"], found["kinds"]) == (2, {"fragment": 1, "human": 2})


def test_the_answer_is_json_and_holds_no_word(tmp_path):
    shown = json.dumps(inspect(copied(tmp_path / "mixed", REPLY, SINGLE)))
    assert not [word for word in ("Ada", "northwind", "workshop", "plan-1") if word in shown]


def test_an_export_of_no_known_format_says_what_was_expected_and_what_to_do(tmp_path):
    file = tmp_path / "notes"
    file.write_text("to do: call the kestrel")
    with pytest.raises(UnknownFormat, match=r"notes: expected an export as .*mbox.*; name its format") as error:
        inspect(file)
    assert "kestrel" not in str(error.value)


@pytest.mark.parametrize(("name", "found"), [("missing", "found none"), ("empty", "found an empty file")])
def test_what_is_not_there_is_said_plainly(tmp_path, name, found):
    (tmp_path / "empty").touch()
    with pytest.raises(UnknownFormat, match=found):
        detect(tmp_path / name)


def test_an_unknown_name_of_a_format_is_answered_with_the_known_ones():
    with pytest.raises(UnknownFormat, match=r"expected one of .*maildir.*, found 'outloook'"):
        list(read(DATA / REPLY, format="outloook"))


def test_exports_of_a_folder_are_sorted_and_links_are_left_out(tmp_path):
    folder = copied(tmp_path / "in", REPLY, SINGLE, "maildir/flags_marked_for_any_file_system")
    (folder / "away").symlink_to(tmp_path)
    (folder / ".hidden").touch()
    assert [each.name for each in exports(folder)] == [
        "in",
        "flags_marked_for_any_file_system",
        "reply_whose_references_were_cut.mbox",
    ]
