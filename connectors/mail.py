"""One mail's bytes to one Message: what every mail format shares.

Attachments are never opened, a forwarded mail inside a mail is never read as the sender's words.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256

from connectors.addresses import author, identities, list_name
from connectors.decoding import header_text, text_of
from connectors.headers import Headers
from connectors.html_text import html_text
from connectors.links import linked
from connectors.mail_kind import is_attachment, kind_of
from connectors.mailbox_marks import is_chat_line, left_out
from connectors.message import Message, Skipped, TimeQuality, message_id
from connectors.mime import Part, parsed, parts
from connectors.tnef import body_of

SOURCE = "mail"
"""All mail formats share one source name, so that a mail in two exports is one message."""

VERSION = 1
MAX_BYTES = 8 << 20
"""Bytes of one mail that are read."""

FIRST_YEAR = 1990
"""A date before it is kept and flagged `odd_time`: clocks that were never set say 1970 or 1980."""

MAX_TEXT = 1 << 20
_ID = re.compile(r"<([^<>\s]{1,400})>")
_ZONE = re.compile(r"[+-]\d{4}|\b(?:[A-Z]{1,4}T|UTC|Z)\b")
_WORDS = ("text/plain", "text/html")
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_NEXT_PART = re.compile(r"^-{14,20} next part -{14,20}\s*$", re.MULTILINE)


Envelope = Callable[[], datetime | None] | None
"""Tells when the envelope around a mail was written; asked only where the mail does not say."""


def message_from_mail(data: bytes, locator: str, *, envelope: Envelope = None) -> Message | Skipped:
    """Turn the bytes of a mail into a Message, or say why it cannot be one. `envelope` dates a mail without Date.

    Of a mail over MAX_BYTES the beginning is read: words come first, attachments after them.
    """
    try:
        return _message(data[:MAX_BYTES], locator, envelope)
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError, UnboundLocalError):
        return Skipped(SOURCE, locator, "undecodable")


def _message(data: bytes, locator: str, envelope: Envelope) -> Message | Skipped:
    mail = parsed(data)
    headers = Headers(mail)
    if not headers:
        return Skipped(SOURCE, locator, "no_header")
    if reason := left_out(headers):
        return Skipped(SOURCE, locator, reason)
    sender = author(headers)
    native = _native_id(headers, data)
    ancestors, parent = _references(headers, native)
    sent_at, quality = _sent_at(headers, envelope)
    text, html = bodies(mail)
    return Message(
        id=message_id(SOURCE, native),
        source=SOURCE,
        source_version=VERSION,
        medium="chat" if is_chat_line(headers) else "mail",
        locator=locator,
        thread_id=headers.text("x-gm-thrid") or (*ancestors, native)[0],
        parent_id=parent,
        sender=sender,
        recipients=identities([*headers.every("to"), *headers.every("cc")]),
        channel=list_name(headers),
        sent_at=sent_at,
        edited_at=None,
        time_quality=quality,
        kind=kind_of(mail, headers, sender),
        subject=headers.text("subject"),
        text=text,
        html=html,
        flags=frozenset(["odd_time"] if sent_at and sent_at.year < FIRST_YEAR else []),
        references=tuple(ancestors),
        elsewhere=linked(SOURCE, text, html),
    )


def _native_id(headers: Headers, data: bytes) -> str:
    """Return the Message-ID of a mail, or the hash of its bytes, so that copies in several exports stay one mail."""
    raw = headers.text("message-id")
    found = _ID.search(raw)
    return (found[1] if found else raw) or sha256(data.replace(b"\r\n", b"\n").strip()).hexdigest()


def _references(headers: Headers, own: str) -> tuple[list[str], str]:
    """Return (all ids that a mail names, root first; its direct parent or "")."""
    ancestors, parents = (
        [each for value in headers.every(name) for each in _ID.findall(header_text(value)) if each != own]
        for name in ("references", "in-reply-to")
    )
    named = list(dict.fromkeys(ancestors + parents))
    return named, next(iter(parents), "") or next(reversed(ancestors), "")


def _sent_at(headers: Headers, envelope: Envelope) -> tuple[datetime | None, TimeQuality]:
    """Return when a mail was sent: Date, else the newest Received, else its envelope."""
    if moment := _instant(date := headers.text("date")):
        return moment, "exact" if _ZONE.search(date) else "zone_assumed"
    received = _instant(headers.text("received").rpartition(";")[2]) or (envelope() if envelope else None)
    return (received, "envelope_only") if received else (None, "missing")


def _instant(raw: str) -> datetime | None:
    """Return the moment of a date header in UTC, which is assumed where no zone is named."""
    try:
        moment = parsedate_to_datetime(raw)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def bodies(mail: Part) -> tuple[str, str]:
    """Return (plain text, HTML) of a mail; the text is made from the HTML where there is no plain part."""
    plain: list[str] = []
    html: list[str] = []
    for part in parts(mail):
        if part.kind in _TNEF and not (plain or html):
            text, marked = body_of(part.content())
            plain, html = [text] if text else [], [marked] if marked else []
        elif part.kind in _WORDS and not is_attachment(part) and not ((plain or html) and part.get_filename()):
            (html if part.kind == "text/html" else plain).append(_decoded(part))
    text = "\n".join(plain) if plain else html_text("\n".join(html))
    return _NEXT_PART.split(text, maxsplit=1)[0][:MAX_TEXT], "\n".join(html)[:MAX_TEXT]


def _decoded(part: Part) -> str:
    text = text_of(part.content(), part.parameter("charset")).replace("\r\n", "\n").replace("\r", "\n")
    flowed = part.parameter("format").lower() == "flowed"
    return _unflowed(text, part.parameter("delsp").lower() == "yes") if flowed else text


def _unflowed(text: str, delete_space: bool) -> str:
    """Join soft-broken lines of format=flowed (RFC 3676); quoted lines and the signature mark stay."""
    lines: list[str] = []
    open_line = False
    for line in text.split("\n"):
        own = not line.startswith(">")
        if open_line and own and line != "-- ":
            lines[-1] = (lines[-1][:-1] if delete_space else lines[-1]) + line
        else:
            lines.append(line)
        open_line = own and line.endswith(" ") and line != "-- "
    return "\n".join(lines)
