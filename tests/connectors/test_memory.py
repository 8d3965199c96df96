"""However long an export is: reading it takes the same memory, and counting it a few hundred bytes a message."""

import gzip
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors import OwnText, inspect, own_text, read

FEW, MANY = 60, 240
FILLING = b"The depot at the north gate opens on Thursday, and the plan of the hall is with the porter.\n" * 20
BYTES_A_MESSAGE = 600


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Read blocks so small that even the short export has many."""
    monkeypatch.setattr("connectors.mbox.BUFFER", 1 << 14)


def mbox(path: Path, mails: int) -> Path:
    with path.open("wb") as stream:
        for number in range(mails):
            head = b"From a@b.example Mon Mar  3 10:00:00 2025\nFrom: ada%d@northwind.example\n" % (number % 50)
            ids = b"Message-ID: <%d@x.example>\nIn-Reply-To: <%d@x.example>\n\n" % (number, number - 1)
            stream.write(head + ids + FILLING + b"\n")
    return path


def packed(path: Path, mails: int) -> Path:
    path.write_bytes(gzip.compress(mbox(path, mails).read_bytes(), compresslevel=1))
    return path


def folder(path: Path, mails: int) -> Path:
    path.mkdir()
    for number in range(mails):
        head = b"From: ada@northwind.example\nMessage-ID: <%d@x.example>\n\n" % number
        (path / f"{number}.eml").write_bytes(head + FILLING)
    return path


def peak(work: Callable[[Path], object], export: Path) -> int:
    """Return the bytes that `work` holds at most."""
    work(export)
    tracemalloc.start()
    try:
        work(export)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def read_and_clean(export: Path) -> None:
    assert all(isinstance(own_text(record), OwnText) for record in read(export))


@pytest.mark.parametrize("made", [mbox, packed, folder])
def test_reading_and_cleaning_take_the_same_memory_however_long_an_export_is(made, tmp_path):
    few, many = (peak(read_and_clean, made(tmp_path / str(mails), mails)) for mails in (FEW, MANY))
    assert many - few < 0.2 * len(FILLING) * (MANY - FEW)


def test_counting_takes_a_few_hundred_bytes_a_message(tmp_path):
    few, many = (peak(inspect, mbox(tmp_path / str(mails), mails)) for mails in (FEW, MANY))
    assert many - few < BYTES_A_MESSAGE * (MANY - FEW)
