"""One mail's bytes to one Message: what every mail format shares.

Parsing uses the tolerant compat32 policy with limits; attachments are never opened, a forwarded mail inside a
mail is never read as the sender's words.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message as Mail
from email.utils import parsedate_to_datetime
from hashlib import sha256

from connectors.addresses import author, identities, list_name
from connectors.decoding import header_text, text_of
from connectors.html_text import html_text
from connectors.mail_kind import kind_of
from connectors.message import Message, Skipped, TimeQuality, message_id

SOURCE = "mail"
"""All mail formats share one source name, so that a mail in two exports is one message."""

VERSION = 1
MAX_BYTES = 8 << 20
"""Bytes of one mail that are read; attachments make larger ones, words do not."""

MAX_PARTS = 200
MAX_TEXT = 1 << 20
_ID = re.compile(r"<([^<>\s]{1,400})>")
_NEXT_PART = re.compile(r"^-{14,20} next part -{14,20}\s*$", re.MULTILINE)


def message_from_mail(
    data: bytes, locator: str, *, envelope: datetime | None = None, flags: frozenset[str] = frozenset()
) -> Message | Skipped:
    """Turn the bytes of a mail into a Message, or say why it cannot be one. `envelope` dates a mail without Date."""
    if len(data) > MAX_BYTES:
        return Skipped(SOURCE, locator, "too_large")
    try:
        mail = message_from_bytes(data)
        return _message(mail, data, locator, envelope, flags)
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError, UnboundLocalError):
        return Skipped(SOURCE, locator, "undecodable")


def _message(
    mail: Mail, data: bytes, locator: str, envelope: datetime | None, flags: frozenset[str]
) -> Message | Skipped:
    sender = author(mail)
    if sender is None:
        return Skipped(SOURCE, locator, "no_sender" if mail.keys() else "no_header")
    references = _references(mail)
    native = next(iter(_ID.findall(str(mail.get("Message-ID", "")))), "") or _print(mail, data)
    sent_at, quality = _sent_at(mail, envelope)
    text, html = bodies(mail)
    return Message(
        id=message_id(SOURCE, native),
        source=SOURCE,
        source_version=VERSION,
        medium="mail",
        locator=locator,
        thread_id=str(mail.get("X-GM-THRID", "")).strip() or (references[0] if references else native),
        parent_id=references[-1] if references else "",
        sender=sender,
        recipients=identities([str(value) for name in ("To", "Cc") for value in mail.get_all(name, [])]),
        channel=list_name(mail),
        sent_at=sent_at,
        edited_at=None,
        time_quality=quality,
        kind=kind_of(mail, sender),
        subject=header_text(str(mail.get("Subject", ""))),
        text=text,
        html=html,
        flags=flags,
    )


def _print(mail: Mail, data: bytes) -> str:
    """Return an id for a mail without one: its date, author and bytes."""
    return sha256(f"{mail.get('Date', '')}\0{mail.get('From', '')}\0".encode("utf-8", "replace") + data).hexdigest()


def _references(mail: Mail) -> list[str]:
    """Return the ids a mail answers, root first, its direct parent last."""
    ancestors = _ID.findall(header_text(str(mail.get("References", ""))))
    parents = _ID.findall(header_text(str(mail.get("In-Reply-To", ""))))[:1]
    return [each for each in ancestors if each not in parents] + parents


def _sent_at(mail: Mail, envelope: datetime | None) -> tuple[datetime | None, TimeQuality]:
    """Return when a mail was sent: Date, else the newest Received, else its envelope."""
    for header, quality in (("Date", "exact"), ("Received", "envelope_only")):
        raw = str(mail.get(header, "")).rpartition(";")[2] if header == "Received" else str(mail.get(header, ""))
        if moment := _instant(raw):
            return moment, quality  # type: ignore[return-value]
    return (envelope, "envelope_only") if envelope else (None, "missing")


def _instant(raw: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(header_text(raw))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def bodies(mail: Mail) -> tuple[str, str]:
    """Return (plain text, HTML) of a mail; the text is made from the HTML where there is no plain part."""
    plain: list[str] = []
    html: list[str] = []
    for part in _text_parts(mail):
        (html if part.get_content_type() == "text/html" else plain).append(_decoded(part))
    text = "\n".join(plain) if plain else html_text("\n".join(html))
    return _NEXT_PART.split(text, maxsplit=1)[0][:MAX_TEXT], "\n".join(html)[:MAX_TEXT]


def _text_parts(mail: Mail) -> Iterator[Mail]:
    """Yield the text parts that the sender wrote; stops at forwarded mails and attachments."""
    waiting, seen = [mail], 0
    while waiting and seen < MAX_PARTS:
        part, seen = waiting.pop(0), seen + 1
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting[:0] = [each for each in payload if isinstance(each, Mail)]
        elif part.get_content_type() in ("text/plain", "text/html") and not _is_attachment(part):
            yield part


def _is_attachment(part: Mail) -> bool:
    return str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")


def _decoded(part: Mail) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return str(part.get_payload() or "")
    text = text_of(payload, str(part.get_param("charset", "") or "")).replace("\r\n", "\n").replace("\r", "\n")
    flowed = str(part.get_param("format", "") or "").lower() == "flowed"
    return _unflowed(text, str(part.get_param("delsp", "") or "").lower() == "yes") if flowed else text


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
