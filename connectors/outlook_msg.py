"""Outlook items saved as .msg: an OLE2 file with one stream a property ([MS-OXMSG])."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from connectors.decoding import text_of
from connectors.errors import UnknownFormat
from connectors.mail import SOURCE, VERSION
from connectors.message import Medium, Message, Skipped
from connectors.outlook_item import RTF, Item, Value, message_from_item
from connectors.rtf_text import unpacked_rtf

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_FILE = 256 << 20
MAX_PROPERTY = 16 << 20
"""Bytes of one property that are read; a body has none as large."""

MAX_RECIPIENTS = 500
_PROPERTIES = "__properties_version1.0"
_TEXT, _TEXT_8BIT, _BINARY, _INTEGER, _TIME = 0x001F, 0x001E, 0x0102, 0x0003, 0x0040
_CODE_PAGES = (0x3FFD, 0x3FDE)
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_BROKEN = (OSError, ValueError, IndexError, KeyError, struct.error, AttributeError, TypeError, MemoryError)
"""What is raised for files that were cut or forged."""


class OutlookMsg:
    """Reads one file that holds one Outlook item; its attachments are never opened."""

    name = "outlook_msg"
    version = VERSION
    medium: Medium = "mail"

    def matches(self, path: Path) -> bool:
        """Say whether the file is OLE2 and holds the properties of an item."""
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            if stream.read(len(MAGIC)) != MAGIC:
                return False
            return _PROPERTIES.encode("utf-16-le") in stream.read(MAX_FILE)

    def read(self, path: Path) -> Iterator[Message | Skipped]:
        """Yield the one item. Raises UnknownFormat where the packages that read it are not installed."""
        try:
            from olefile import OleFileIO  # type: ignore[import-untyped]
        except ImportError:
            raise missing_extra(path, "outlook") from None
        try:
            with OleFileIO(path) as file:
                item = _item(file)
        except _BROKEN:
            yield Skipped(SOURCE, "#1", "undecodable")
            return
        yield message_from_item(item, "#1")


def missing_extra(path: Path, extra: str) -> UnknownFormat:
    """Return the error that says which optional packages a format needs."""
    return UnknownFormat(
        f"{path.name}: expected the optional packages that read this format, found none; "
        f"install them with: pip install 'quietpivot[{extra}]'"
    )


def _item(file: Any) -> Item:
    streams = {"/".join(names): names for names in file.listdir()}
    properties = _properties(file, streams, "", 32)
    recipients = []
    for number in range(MAX_RECIPIENTS):
        folder = f"__recip_version1.0_#{number:08X}/"
        if folder + _PROPERTIES not in streams:
            break
        recipients.append(_properties(file, streams, folder, 8))
    return Item(properties, tuple(recipients))


def _properties(file: Any, streams: dict[str, list[str]], folder: str, header: int) -> dict[int, Value]:
    """Return the properties in a folder: fixed ones from its table, others from a stream each."""
    found = _fixed(file.openstream(streams[folder + _PROPERTIES]).read(MAX_PROPERTY)[header:])
    charset = next((f"cp{found[page]!s}" for page in _CODE_PAGES if isinstance(found.get(page), int)), "")
    opening = f"{folder}__substg1.0_"
    for name, names in streams.items():
        code = name.removeprefix(opening)
        if name.startswith(opening) and len(code) == 8:
            number, kind = int(code[:4], 16), int(code[4:], 16)
            data = file.openstream(names).read(MAX_PROPERTY)
            if (value := _value(number, kind, data, charset)) is not None:
                found[number] = value
    return found


def _value(number: int, kind: int, data: bytes, charset: str) -> Value | None:
    if kind == _TEXT:
        return data.decode("utf-16-le", "replace")
    if kind == _TEXT_8BIT:
        return text_of(data, "utf-8" if charset == "cp65001" else charset)
    if kind == _BINARY:
        return unpacked_rtf(data) if number == RTF else data
    return None


def _fixed(table: bytes) -> dict[int, Value]:
    """Return the numbers and times of a property table; a time of zero says nothing."""
    found: dict[int, Value] = {}
    for start in count(0, 16):
        if start + 16 > len(table):
            return found
        kind, number, _, low, high = struct.unpack_from("<HHIII", table, start)
        if kind == _INTEGER:
            found[number] = int(low)
        elif kind == _TIME and (low or high):
            found[number] = _moment((high << 32) | low)
    return found


def _moment(ticks: int) -> datetime:
    """Return the instant of a FILETIME: 100 ns since 1601. Raises ValueError beyond the calendar."""
    try:
        return _EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        raise ValueError("a time beyond the calendar") from None
