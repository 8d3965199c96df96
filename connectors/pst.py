"""Outlook data files (.pst, .ost), read with libpff, an optional package of its own licence (LGPL)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.mail import SOURCE, VERSION
from connectors.message import Medium, Message, Skipped
from connectors.outlook_item import DELIVERED, RTF, SENT, Item, Value, message_from_item
from connectors.outlook_msg import missing_extra
from connectors.rtf_text import unpacked_rtf

MAGIC = b"!BDN"
_MADE_BY = (b"SM", b"SO")
"""At byte 8: personal folders (.pst) and offline copies of a mailbox (.ost); an address book (.pab) says AB."""

MAX_DEPTH = 50
_SEARCH_FOLDER, _FOLDER_KIND = 0x03, 0x1F
"""Kind in the lowest bits of a folder's identifier; what a search folder lists lies in other folders ([MS-PST])."""

_KEPT_AFTER_DELETION = frozenset(
    ("recoverable items", "deletions", "purges", "versions", "discoveryholds", "substrateholds", "calendar logging")
)
"""Folders that a server keeps for itself, under these names in every language."""

_TEXT = (0x001E, 0x001F)
_BINARY, _INTEGER = 0x0102, 0x0003
_ITEMS = 0x3602
"""Property of a folder: how many items it says that it holds."""

_DELETED_ITEMS = 0x35E3
"""Property of the store: the entry id of the folder that holds what was thrown away, whatever its name."""

_TIMES = {SENT: "client_submit_time", DELIVERED: "delivery_time"}
MAX_MISSING = 100_000
_BROKEN = (OSError, ValueError, AttributeError, TypeError, MemoryError, OverflowError)
"""What libpff raises for items and folders that are damaged or of another kind."""


class Pst:
    """Reads the mails of an Outlook data file, folder by folder; attachments are never opened."""

    name = "pst"
    version = VERSION
    medium: Medium = "mail"

    def matches(self, path: Path) -> bool:
        """Say whether the file is an Outlook data file."""
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            opening = stream.read(10)
        return opening.startswith(MAGIC) and opening[8:10] in _MADE_BY

    def read(self, path: Path) -> Iterator[Message | Skipped]:
        """Yield a value an item. Raises UnknownFormat where the package that reads it is not installed."""
        try:
            import pypff  # type: ignore[import-not-found]
        except ImportError:
            raise missing_extra(path, "pst") from None
        file = pypff.file()
        try:
            file.open(str(path))
            deleted = _deleted_items(file)
            root = file.get_root_folder()
        except _BROKEN:
            yield Skipped(SOURCE, "#1", "undecodable")
            return
        for number, (item, reason) in enumerate(_items(root, deleted, ""), start=1):
            yield Skipped(SOURCE, f"#{number}", reason) if reason else _read_item(item, f"#{number}")
        file.close()


def _items(folder: Any, deleted: int, reason: str, depth: int = 0) -> Iterator[tuple[Any, str]]:
    """Yield (item, why it is left out) of a folder and those in it; None for what is damaged or cannot be found."""
    identifier = _get(folder, "identifier") or 0
    if identifier & _FOLDER_KIND == _SEARCH_FOLDER:
        return
    reason = "deleted" if _is_deleted(folder, identifier, deleted) else reason
    listed = _get(folder, "number_of_sub_messages") or 0
    for number in range(listed):
        item = _call(folder.get_sub_message, number)
        yield item, reason or ("" if item else "undecodable")
    for _ in range(listed, min(_items_said(folder), listed + MAX_MISSING)):
        yield None, "not_found"
    for number in range(_get(folder, "number_of_sub_folders") or 0):
        below = _call(folder.get_sub_folder, number)
        if below and depth < MAX_DEPTH:
            yield from _items(below, deleted, reason, depth + 1)


def _is_deleted(folder: Any, identifier: int, deleted: int) -> bool:
    return bool(deleted and identifier == deleted) or str(_get(folder, "name")).lower() in _KEPT_AFTER_DELETION


def _items_said(folder: Any) -> int:
    said = _properties(folder).get(_ITEMS, 0)
    return said if isinstance(said, int) else 0


def _read_item(item: Any, locator: str) -> Message | Skipped:
    try:
        recipients = _get(item, "recipients")
        each = [_set_properties(found) for found in _sets(recipients)] if recipients else []
        return message_from_item(Item(_properties(item), tuple(each)), locator)
    except _BROKEN:
        return Skipped(SOURCE, locator, "undecodable")


def _properties(item: Any) -> dict[int, Value]:
    found: dict[int, Value] = {}
    for properties in _sets(item):
        found = _set_properties(properties) | found
    for number, name in _TIMES.items():
        moment = _get(item, name)
        if isinstance(moment, datetime):
            found[number] = moment.replace(tzinfo=UTC)
    return found


def _set_properties(properties: Any) -> dict[int, Value]:
    found: dict[int, Value] = {}
    for number in range(_get(properties, "number_of_entries") or 0):
        entry = _call(properties.get_entry, number)
        value = _value(entry) if entry else None
        if value is not None:
            found[int(entry.entry_type)] = value
    return found


def _value(entry: Any) -> Value | None:
    kind = _get(entry, "value_type")
    if kind in _TEXT:
        return _call(entry.get_data_as_string) or ""
    if kind == _INTEGER:
        return int(_call(entry.get_data_as_integer) or 0)
    if kind == _BINARY:
        data = _call(entry.get_data) or b""
        return unpacked_rtf(data) if entry.entry_type == RTF else bytes(data)
    return None


def _sets(item: Any) -> list[Any]:
    return [
        found
        for number in range(_get(item, "number_of_record_sets") or 0)
        if (found := _call(item.get_record_set, number))
    ]


def _deleted_items(file: Any) -> int:
    """Return the identifier of the folder for deleted items, 0 when the file does not say."""
    store = _call(file.get_message_store)
    entry = _properties(store).get(_DELETED_ITEMS) if store else None
    return int.from_bytes(entry[-4:], "little") if isinstance(entry, bytes) and len(entry) >= 4 else 0


def _get(thing: Any, name: str) -> Any:
    """Return an attribute; libpff raises for what an item does not have."""
    try:
        return getattr(thing, name, None)
    except _BROKEN:
        return None


def _call(method: Any, *arguments: Any) -> Any:
    try:
        return method(*arguments)
    except _BROKEN:
        return None
