"""JSON of any size and any malice: one record in memory at a time, and getters that never raise.

`walk` opens only the objects and arrays that a format names; what lies in them is decoded one by one.
"""

import codecs
import json
import re
from collections.abc import Collection, Iterator
from itertools import count
from typing import IO, Any

MAX_RECORD = 4 << 20
"""Characters of one record; words do not make larger ones."""

_CHUNK = 1 << 16
_LONGEST_TOKEN = 8
"""A fault this close to the end of what was read may be a token that goes on."""

_BLANKS = re.compile(r"[ \t\r\n]*")
_SURROGATES = re.compile("[\0\ud800-\udfff]")

Path = tuple[str | int, ...]
"""Where a value stands: keys and positions from the outside in."""


class Broken(Exception):
    """Raised where a text stops being JSON; `reason` is a code fit for counting."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def walk(stream: IO[bytes], opened: Collection[tuple[str, ...]]) -> Iterator[tuple[Path, Any]]:
    """Yield (path, value) in the order of the text. Raises Broken where it ends early or is no JSON.

    `opened` holds the paths, positions written as "*", whose members are yielded one by one instead of as a whole. A
    text that holds neither an object nor an array is Broken too, so that a path is never empty.
    """
    window = _Window(stream)
    if window.peek() not in ("{", "["):
        raise Broken("undecodable" if window.text else "truncated")
    yield from _members(window, (), opened)


def lines(stream: IO[bytes]) -> Iterator[tuple[int, Any]]:
    """Yield (line number, value) of JSON lines; the value is None where a line is none. Blank lines are left out."""
    for number in count(1):
        line = stream.readline(MAX_RECORD)
        if not line:
            return
        if line.strip():
            yield number, _decoded(line)


def whole(data: bytes) -> Any:
    """Return what a JSON text says, or None when it is none."""
    return _decoded(data)


def _decoded(data: bytes) -> Any:
    try:
        return _DECODER.decode(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None


def _whole_number(digits: str) -> int | float:
    """Numbers beyond 64 bits would take minutes to convert and mean nothing here."""
    return int(digits) if len(digits) < 20 else float(digits)


_DECODER = json.JSONDecoder(strict=False, parse_int=_whole_number, parse_constant=lambda _: None)


class _Window:
    """The part of a text that is being decoded."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
        self.text = ""
        self.at = 0

    def more(self) -> bool:
        """Read on, at least as much again as is waiting; say whether there was more."""
        self.text = self.text[self.at :]
        self.at = 0
        if len(self.text) > MAX_RECORD:
            raise Broken("too_large")
        data = self._stream.read(max(_CHUNK, len(self.text)))
        self.text += self._decode(data, not data)
        return bool(data)

    def peek(self) -> str:
        """Return the next character that is no blank, "" at the end."""
        while True:
            blanks = _BLANKS.match(self.text, self.at)
            self.at = blanks.end() if blanks else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def take(self, expected: str) -> str:
        """Return the next character and step over it. Raises Broken when it is none of `expected`."""
        found = self.peek()
        if not found or found not in expected:
            raise Broken("undecodable" if found else "truncated")
        self.at += 1
        return found

    def value(self) -> Any:
        """Return the next value and step over it. Raises Broken."""
        self.peek()
        while True:
            try:
                found, end = _DECODER.raw_decode(self.text, self.at)
            except RecursionError:
                raise Broken("undecodable") from None
            except json.JSONDecodeError as error:
                if not (error.msg.startswith("Unterminated") or error.pos > len(self.text) - _LONGEST_TOKEN):
                    raise Broken("undecodable") from None
                if not self.more():
                    raise Broken("truncated") from None
                continue
            if end == len(self.text) and self.more():
                continue  # a number may go on
            self.at = end
            return found


def _members(window: _Window, path: Path, opened: Collection[tuple[str, ...]]) -> Iterator[tuple[Path, Any]]:
    mark = window.peek()
    if not mark or mark not in "{[" or tuple("*" if isinstance(each, int) else each for each in path) not in opened:
        yield path, window.value()
        return
    window.take(mark)
    if window.peek() in ("}", "]"):
        window.take("}]")
        return
    for number in count():
        yield from _members(window, (*path, number if mark == "[" else _key(window)), opened)
        if window.take(",}]") != ",":
            return


def _key(window: _Window) -> str:
    if window.peek() != '"':
        raise Broken("undecodable")
    key = str(window.value())
    window.take(":")
    return key


def text(record: Any, *keys: str) -> str:
    """Return the words or whole number at a path of keys; "" for anything else. No NUL and no half character."""
    found = _at(record, keys)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return _SURROGATES.sub("", found) if isinstance(found, str) else ""


def number(record: Any, *keys: str) -> int:
    """Return the whole number at a path of keys, written as number or digits; 0 for anything else."""
    found = text(record, *keys)
    return int(found) if found.removeprefix("-").isdecimal() and len(found) < 20 else 0


def table(record: Any, *keys: str) -> dict[str, Any]:
    """Return the object at a path of keys; an empty one for anything else."""
    found = _at(record, keys)
    return found if isinstance(found, dict) else {}


def rows(record: Any, *keys: str) -> list[dict[str, Any]]:
    """Return the objects of the array at a path of keys; anything else is left out."""
    found = _at(record, keys)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def texts(record: Any, *keys: str) -> list[str]:
    """Return the words and whole numbers of the array at a path of keys; anything else is left out."""
    found = _at(record, keys)
    return [each for each in map(text, found) if each] if isinstance(found, list) else []


def _at(record: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        record = record.get(key) if isinstance(record, dict) else None
    return record
