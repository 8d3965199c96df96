"""Documents of a MongoDB dump (.bson, .bson.gz), one at a time, read with the optional package pymongo (Apache-2.0)."""

import struct
import zlib
from collections.abc import Iterator
from gzip import BadGzipFile, GzipFile
from itertools import count
from typing import IO, Any, cast

from connectors.archive import most_unpacked
from connectors.json_stream import Broken

MAX_DOCUMENT = 16 << 20
"""Bytes that the database allows a document to have."""

_GZIP = b"\x1f\x8b"


def unzipped(stream: IO[bytes]) -> IO[bytes]:
    """Return the file itself, or what is in it where it is gzipped; goes back to the beginning."""
    packed = stream.read(2) == _GZIP
    stream.seek(0)
    return cast(IO[bytes], GzipFile(fileobj=stream)) if packed else stream


def first_document(stream: IO[bytes]) -> bytes:
    """Return the bytes of the first document, b"" where a file does not begin with one."""
    try:
        return next(_raw(unzipped(stream), stream), b"")
    except Broken:
        return b""


def documents(stream: IO[bytes]) -> Iterator[tuple[int, Any]]:
    """Yield (number, document), None for one that is damaged. Raises Broken where a file ends early or unpacks too far.

    Raises ImportError where the package is not installed. An instant is {"$date": milliseconds since 1970}.
    """
    from bson import CodecOptions, DatetimeMS, decode
    from bson.codec_options import DatetimeConversion
    from bson.errors import BSONError

    options: CodecOptions[dict[str, Any]] = CodecOptions(datetime_conversion=DatetimeConversion.DATETIME_MS)
    for number, data in enumerate(_raw(unzipped(stream), stream), start=1):
        try:
            found = decode(data, codec_options=options)
        except (BSONError, ValueError, RecursionError):
            yield number, None
            continue
        yield (
            number,
            {key: {"$date": int(value)} if isinstance(value, DatetimeMS) else value for key, value in found.items()},
        )


def _raw(stream: IO[bytes], packed: IO[bytes]) -> Iterator[bytes]:
    """Yield the bytes of each document: its length stands before it, and is part of it."""
    read = 0
    try:
        for _ in count():
            head = stream.read(4)
            if not head:
                return
            length = struct.unpack("<i", head)[0] if len(head) == 4 else 0
            if not 5 <= length <= MAX_DOCUMENT:
                raise Broken("undecodable")
            body = stream.read(length - 4)
            read += length
            if len(body) < length - 4 or read > max(most_unpacked(packed.tell()), packed.tell()):
                raise Broken("truncated" if len(body) < length - 4 else "zip_bomb")
            yield head + body
    except (BadGzipFile, EOFError, zlib.error, OSError):
        raise Broken("truncated") from None
