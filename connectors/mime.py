"""A mail's bytes to its header fields and parts: what the standard parser finds, without its way through every line.

Nothing is decoded here but header fields, and a body stays one piece of the mail's bytes, so that time and memory are
in proportion to a mail's size whatever it holds. Line ends are taken for "\\n".
"""

import re
from collections.abc import Iterator
from email.message import Message as Mail
from functools import cached_property
from itertools import islice
from typing import Any

from connectors.decoding import MAX_HEADER

MAX_FIELDS = 10_000
"""Header fields of one part that are kept."""

MAX_PARTS = 200
"""Parts of one mail, and of one multipart, that are looked at."""

MAX_DEPTH = 20
"""Multiparts inside each other that are opened."""

MAX_MARKS = 20_000
"""Lines of one multipart that are looked at because they begin as what separates its parts."""

_FIELD = re.compile(rb"(?:([!-9;-~]+):|(From )|[: \t])([^\n]*(?:\n[ \t][^\n]*)*+\n?)")
_AFTER_MARK = re.compile(rb"(--)?[ \t]*(?:\n|\Z)")
_PLAIN = frozenset(["", "7bit", "8bit", "binary"])


class Part(Mail):
    """A mail or a part of one: its header fields, and where its body stands in the mail's bytes."""

    def __init__(self, data: bytes, start: int, end: int, depth: int = 0) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._data = data
        self._end = end
        self._depth = depth
        self._start = self._read_fields(start)

    def _read_fields(self, start: int) -> int:
        """Take the header fields in, and return where the body begins."""
        at, fields, stray = start, 0, None
        while found := _FIELD.match(self._data, at, self._end):
            stray = found if found[2] and at > start else None
            if found[1] and (fields := fields + 1) <= MAX_FIELDS:
                value = found[3].lstrip(b" \t").rstrip(b"\n")[:MAX_HEADER].decode("ascii", "surrogateescape")
                self.fields.setdefault(found[1].decode("ascii").lower(), []).append(value)
            at = found.end()
        blank = self._data.startswith(b"\n", at, self._end)
        # A line that begins with "From " and ends the header is taken for the first of the body, as ever.
        return stray.start() if stray and b"\n" not in stray[3][:-1] else at + blank

    def __contains__(self, name: object) -> bool:
        """Whether there is a field of this name."""
        return isinstance(name, str) and name.lower() in self.fields

    def get(self, name: str, failobj: Any = None) -> Any:
        """Return the first value of a field, as the methods of the standard library ask for it."""
        found = self.fields.get(name.lower())
        return self.policy.header_fetch_parse(name, found[0]) if found else failobj

    def parameter(self, name: str) -> str:
        """Return a parameter of the content type, or ""."""
        known = any(name in value.lower() for value in self.fields.get("content-type", ())[:1])
        return str(self.get_param(name, "") or "") if known else ""

    @cached_property
    def kind(self) -> str:
        """The content type in lower case, without parameters."""
        return self.get_content_type()

    @cached_property
    def parts(self) -> tuple["Part", ...]:
        """The parts of a multipart, at most MAX_PARTS; never what lies inside a forwarded mail."""
        if not self.kind.startswith("multipart/") or self._depth == MAX_DEPTH:
            return ()
        boundary = self.get_boundary()
        if boundary is None or not boundary.isascii() or "\n" in boundary:
            return ()
        spans = islice(self._spans(b"--" + boundary.encode()), MAX_PARTS)
        parts = tuple(Part(self._data, start, end, self._depth + 1) for start, end in spans)
        for part in parts if self.kind == "multipart/digest" else ():
            part.set_default_type("message/rfc822")
        return parts

    def _spans(self, mark: bytes) -> Iterator[tuple[int, int]]:
        """Yield where each part begins and ends, by the rules of RFC 2046 as the standard parser applies them."""
        marks = self._marks(mark)
        _, begin, closes = next(marks, (0, 0, True))
        if closes:
            return
        for start, after, closes in marks:
            if start > begin:
                yield begin, start
                if closes:
                    return
            begin = after
        yield begin, self._end

    def _marks(self, mark: bytes) -> Iterator[tuple[int, int, bool]]:
        """Yield (begin, end, whether it is the last) of each line that separates parts."""
        at = self._start - 1
        for _ in range(MAX_MARKS):
            at = self._data.find(b"\n" + mark, at, self._end)
            if at < 0:
                return
            if found := _AFTER_MARK.match(self._data, at + 1 + len(mark), self._end):
                yield at + 1, found.end(), bool(found[1])
            at += 1

    def content(self) -> bytes:
        """Return the body as it was before it was encoded for the way."""
        body = self._data[self._start : self._end]
        body = body[:-1] if self._depth and body.endswith(b"\n") else body
        if str(self.get("content-transfer-encoding", "")).lower() in _PLAIN:
            return body
        self.set_payload(body.decode("ascii", "surrogateescape"))
        payload = self.get_payload(decode=True)
        self.set_payload("")
        return payload if isinstance(payload, bytes) else b""


def parsed(data: bytes) -> Part:
    """Return a mail's bytes as its outermost part. May raise what the standard library does for forged fields."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return Part(data, 0, len(data))


def parts(mail: Part) -> Iterator[Part]:
    """Yield a mail and its parts in order, at most MAX_PARTS; never what lies inside a forwarded mail."""
    waiting, seen = [mail], 0
    while waiting and seen < MAX_PARTS:
        part, seen = waiting.pop(), seen + 1
        yield part
        waiting += reversed(part.parts)
