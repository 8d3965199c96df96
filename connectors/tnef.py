"""TNEF (`winmail.dat`): where Outlook puts the body of a mail that other programs cannot read ([MS-OXTNEF]).

Only the body is looked at; attachments stay closed.
"""

import struct
from collections.abc import Iterator

from connectors.decoding import text_of
from connectors.rtf_text import is_html, rtf_text, unpacked_rtf

_MAGIC = b"\x78\x9f\x3e\x22"
_BODY, _CODE_PAGE, _PROPERTIES = 0x0002800C, 0x00069007, 0x00069003
_TEXT, _HTML, _RTF = 0x1000, 0x1013, 0x1009
_FIXED = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8, 0x0040: 8}
"""Bytes of the property types that have a fixed size, filled up to four."""

_GUID = 0x0048
_SIZED = frozenset([0x000D, 0x001E, 0x001F, 0x0102])
_MANY = 0x1000
MAX_PROPERTIES = 2_000


def body_of(data: bytes) -> tuple[str, str]:
    """Return (text, HTML) of a TNEF part, each "" where there is none; never raises for damaged ones."""
    text, html, charset = "", "", "cp1252"
    for number, value in _attributes(data):
        if number == _CODE_PAGE and len(value) >= 4:
            charset = f"cp{struct.unpack_from('<I', value)[0]}"
        elif number == _BODY:
            text = text_of(value.rstrip(b"\0"), charset)
        elif number == _PROPERTIES:
            kept = dict(_properties(value))
            found_text, html = _bodies(kept, charset)
            text = text or found_text
    return text, html


def _bodies(kept: dict[int, tuple[int, bytes]], charset: str) -> tuple[str, str]:
    text, html = (_decoded(*kept[number], charset) if number in kept else "" for number in (_TEXT, _HTML))
    if html or _RTF not in kept:
        return text, html
    rtf = unpacked_rtf(kept[_RTF][1])
    return (text, rtf_text(rtf)) if is_html(rtf) else (text or rtf_text(rtf), "")


def _decoded(kind: int, value: bytes, charset: str) -> str:
    if kind == 0x001F:
        return value.decode("utf-16-le", "replace").rstrip("\0")
    return text_of(value.rstrip(b"\0"), charset if kind == 0x001E else "utf-8")


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (number, value) of the attributes of the message; stops where the part ends early."""
    if not data.startswith(_MAGIC):
        return
    at = 6
    while at + 9 <= len(data):
        level, number, size = struct.unpack_from("<BII", data, at)
        if level == 1:
            yield number, data[at + 9 : at + 9 + size]
        at += 9 + size + 2


def _properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Yield (number, (type, value)) of the MAPI properties; stops at what it cannot step over."""
    try:
        at = 4
        for _ in range(min(struct.unpack_from("<I", data)[0], MAX_PROPERTIES)):
            kind, number = struct.unpack_from("<HH", data, at)
            at += 4
            if number >= 0x8000:
                at = _after_name(data, at)
            values, at = _values(data, at, kind)
            if values:
                yield number, (kind & ~_MANY, values[0])
    except (struct.error, ValueError):
        return


def _after_name(data: bytes, at: int) -> int:
    """Step over the name of a named property."""
    kind, size = struct.unpack_from("<II", data, at + 16)
    return at + 20 + 4 if kind == 0 else at + 24 + _filled(size)


def _values(data: bytes, at: int, kind: int) -> tuple[list[bytes], int]:
    plain = kind & ~_MANY
    many = 1
    if kind & _MANY or plain in _SIZED:
        many = struct.unpack_from("<I", data, at)[0]
        at += 4
    values = []
    for _ in range(min(many, MAX_PROPERTIES)):
        if plain in _SIZED:
            size = struct.unpack_from("<I", data, at)[0]
            values.append(data[at + 4 : at + 4 + size])
            at += 4 + _filled(size)
        else:
            size = 16 if plain == _GUID else _FIXED.get(plain, 0)
            if not size:
                raise ValueError("a property of unknown size")
            values.append(data[at : at + size])
            at += size
    return values, at


def _filled(size: int) -> int:
    """Return a size filled up to a multiple of four."""
    return (size + 3) & ~3
