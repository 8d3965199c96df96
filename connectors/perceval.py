"""Mail that GrimoireLab's Perceval gathered, one JSON object a line (`perceval mbox|pipermail|hyperkitty --json-line`).

Perceval keeps the header fields as they came and the bodies decoded, so the rules for mail apply as they stand.
"""

from collections.abc import Iterator
from dataclasses import replace
from email.message import Message as Mail
from itertools import islice
from pathlib import Path
from typing import Any

from connectors.decoding import header_value
from connectors.html_text import html_text
from connectors.json_stream import lines, table, text
from connectors.mail import MAX_TEXT, SOURCE, VERSION, message_from_mail
from connectors.message import Medium, Message, Skipped

FIRST_LINES = 5
_NOT_HEADERS = frozenset(["body", "unixfrom"])


class Perceval:
    """Reads a file of Perceval items; items of other backends than mail are skipped."""

    name = "perceval"
    version = VERSION
    medium: Medium = "mail"

    def matches(self, path: Path) -> bool:
        """Say whether one of the first lines is an item of a mail backend."""
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            if not stream.read(64).lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{"):
                return False
            stream.seek(0)
            return any(_is_mail(item) for _, item in islice(lines(stream), FIRST_LINES))

    def read(self, path: Path) -> Iterator[Message | Skipped]:
        """Yield a value an item."""
        with path.open("rb") as stream:
            for number, item in lines(stream):
                yield _message(item, f"line {number}")


def _is_mail(item: Any) -> bool:
    return bool(text(item, "backend_name")) and isinstance(table(item, "data").get("body"), dict)


def _message(item: Any, locator: str) -> Message | Skipped:
    if not isinstance(item, dict):
        return Skipped(SOURCE, locator, "undecodable")
    if not _is_mail(item):
        return Skipped(SOURCE, locator, "not_mail")
    plain, html = text(item, "data", "body", "plain"), text(item, "data", "body", "html")
    found = message_from_mail(_mail(table(item, "data")).as_bytes(), locator)
    if isinstance(found, Skipped):
        return found
    return replace(found, text=(plain or html_text(html))[:MAX_TEXT], html=html[:MAX_TEXT])


def _mail(data: dict[str, Any]) -> Mail:
    """Return the header of an item as a mail of its own; the bodies were decoded and are not put back."""
    mail = Mail()
    for name, value in data.items():
        if name not in _NOT_HEADERS and isinstance(value, str) and name.isascii() and not set(name) & set(" :\r\n\t"):
            mail[name] = header_value(value)
    if not mail.get("Message-ID"):
        mail.set_payload(text(data, "body", "plain"), "utf-8")
    return mail
