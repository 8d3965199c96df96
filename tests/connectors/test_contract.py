"""What every reader of exports must keep, shown on every export under `data/<format>/<defect>`.

A new format needs no line here: its exports are found by folder name. `<defect>.expected.json` beside an export (the
name up to its first dot) holds facts that `inspect` must report; a key that is left out is not compared. A format
whose records may stand in any order says in SHUFFLES how a shuffled copy is made.
"""

import gzip
import json
import logging
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC
from itertools import islice
from pathlib import Path
from typing import get_args

import pytest

from connectors import ConnectorError, Medium, Message, Skipped, detect, inspect, message_id
from connectors import read as read_export
from connectors.source import sources

DATA = Path(__file__).parent / "data"
EXPORTS = sorted(
    export
    for folder in DATA.iterdir()
    if folder.is_dir()
    for export in folder.iterdir()
    if not export.name.endswith(".expected.json") and not export.name.startswith(".")
)


def shuffled_mbox(export: Path, copy: Path, order: random.Random) -> None:
    data = gzip.decompress(export.read_bytes()) if export.suffix == ".gz" else export.read_bytes()
    mails = re.split(rb"(?m)^(?=From (?![0-9a-f]{40} )\S.* \d{4}\r?$)", data)[1:]
    order.shuffle(mails)
    copy.write_bytes(b"".join(mail.strip() + b"\n\n" for mail in mails))


def shuffled_maildir(export: Path, copy: Path, order: random.Random) -> None:
    shutil.copytree(export, copy)
    for file in [each for each in copy.rglob("*") if each.is_file()]:
        file.rename(file.with_name(f"{order.randrange(10**9)}.{file.name}"))


def shuffled_lines(export: Path, copy: Path, order: random.Random) -> None:
    lines = export.read_bytes().splitlines()
    order.shuffle(lines)
    copy.write_bytes(b"\n".join(lines))


SHUFFLES: dict[str, Callable[[Path, Path, random.Random], None]] = {
    "mbox": shuffled_mbox,
    "maildir": shuffled_maildir,
}


def read(export: Path, *, format: str | None = None) -> Iterator[Message | Skipped]:
    """Read as a program does that names a zone; formats that write their own ignore it."""
    return read_export(export, format=format, zone="Europe/Berlin")


def format_of(export: Path) -> str:
    return export.parent.name


def named(export: Path) -> str:
    return f"{format_of(export)}/{export.name}"


def messages(export: Path) -> list[Message]:
    return [record for record in read(export) if isinstance(record, Message)]


def renamed(export: Path, copy: Path) -> Path:
    if export.is_dir():
        shutil.copytree(export, copy)
    else:
        shutil.copyfile(export, copy)
    return copy


every_export = pytest.mark.parametrize("export", EXPORTS, ids=named)


ONLY_OUTLOOK_WRITES = {"pst"}
"""Formats that cannot be made by hand; their own tests read shared samples."""


def test_every_format_has_an_export_to_be_tested_with():
    tested = {format_of(export) for export in EXPORTS} | ONLY_OUTLOOK_WRITES
    assert {source.name for source in sources()} - tested == set()


@every_export
def test_an_export_is_detected_by_its_content_whatever_its_name(export, tmp_path):
    copy = renamed(export, tmp_path / "0.bin")
    assert detect(export).name == detect(copy).name == format_of(export)


@every_export
def test_ids_do_not_depend_on_the_name_of_an_export(export, tmp_path):
    copy = renamed(export, tmp_path / "0.bin")
    assert [message.id for message in messages(copy)] == [message.id for message in messages(export)]


@every_export
def test_an_export_holds_what_its_maker_says(export):
    expected = export.with_name(export.name.split(".")[0] + ".expected.json")
    if not expected.exists():
        pytest.skip("no facts beside this export")
    facts = json.loads(expected.read_text(encoding="utf-8"))
    found = inspect(export)
    assert {key: found[key] for key in facts} == facts


@every_export
def test_reading_twice_gives_the_same(export):
    assert list(read(export)) == list(read(export))


@every_export
def test_a_reading_that_was_broken_off_can_begin_again(export):
    whole = list(read(export))
    broken_off = read(export, format=format_of(export))
    begun = list(islice(broken_off, len(whole) // 2))
    broken_off.close()  # type: ignore[attr-defined]
    assert begun == whole[: len(begun)]
    assert list(read(export)) == whole


@every_export
def test_reading_streams(export):
    records = read(export, format=format_of(export))
    assert isinstance(records, Iterator)
    assert iter(records) is records


@every_export
def test_messages_keep_their_ids_threads_and_parents_in_any_order(export, tmp_path):
    shuffle = SHUFFLES.get(format_of(export))
    if shuffle is None:
        pytest.skip("records of this format have their order from its layout")
    facts = {(message.id, message.thread_id, message.parent_id) for message in messages(export)}
    for seed in range(3):
        copy = tmp_path / str(seed)
        shuffle(export, copy, random.Random(seed))
        assert {(message.id, message.thread_id, message.parent_id) for message in messages(copy)} == facts
        assert inspect(copy, format=format_of(export)) == inspect(export)


@every_export
def test_times_are_utc_or_say_why_not(export):
    for message in messages(export):
        assert (message.sent_at is None) == (message.time_quality == "missing")
        for moment in (message.sent_at, message.edited_at):
            assert moment is None or moment.tzinfo is UTC


@every_export
def test_every_record_is_counted_once_by_what_became_of_it(export):
    records = list(read(export))
    found = inspect(export)
    assert sum(found["kinds"].values()) == found["messages"] <= len(records)
    assert found["messages"] + sum(found["skipped"].values()) == len(records)
    reasons = Counter(record.reason for record in records if isinstance(record, Skipped))
    assert all(re.fullmatch(r"[a-z_]+", reason) and found["skipped"][reason] == reasons[reason] for reason in reasons)


@every_export
def test_a_record_names_its_parent_by_the_id_that_the_parent_has(export):
    for message in messages(export):
        assert re.fullmatch(r"[0-9a-f]{64}", message.id)
        assert message.thread_id
        assert not message.parent_id or message_id(message.source, message.parent_id) != message.id
    ids = {message.id for message in messages(export)}
    parents = {message_id(each.source, each.parent_id) for each in messages(export) if each.parent_id}
    assert len(ids) < 2 or not parents or parents & ids


def words_of(message: Message) -> set[str]:
    people = [message.sender, *message.recipients]
    texts = [message.text, message.subject, message.html, *(person.name for person in people)]
    keys = [key for person in people for key in (person.address, person.native_id) if key]
    return {word for text in texts for word in re.findall(r"\w{7,}", text)} | set(keys)


OUR_WORDS = {"frozenset", "datetime", "timezone", *(field.name for field in fields(Message)), *get_args(Medium)}


@every_export
def test_no_word_name_or_address_is_shown_of_a_record_or_in_a_log(export, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    records = list(read(renamed(export, tmp_path / "0.bin")))
    shown = set(re.findall(r"[\w@.]{7,}", " ".join([repr(record) for record in records] + caplog.messages)))
    for message in records:
        if isinstance(message, Message):
            assert not words_of(message) & shown - OUR_WORDS


@every_export
@pytest.mark.parametrize("other", [source.name for source in sources()])
def test_a_reader_of_another_format_refuses_or_skips_without_showing_a_word(export, other, tmp_path):
    secrets = {word for message in messages(export) for word in words_of(message)}
    shown = ""
    try:
        for record in read(renamed(export, tmp_path / "0.bin"), format=other):
            shown += repr(record) if isinstance(record, Skipped) else ""
    except ConnectorError as error:
        shown += str(error)
    assert not secrets & set(re.findall(r"[\w@.]{7,}", shown)) - {"expected"}
