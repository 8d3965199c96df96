"""What an export turns into: messages and records that were not used.

Both are values in one stream (`read` never raises for a single bad record), so that a
night can count every record by what became of it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Literal

Kind = Literal["human", "bot", "system", "auto_reply", "bounce", "calendar", "bulk", "deleted", "fragment"]
TimeQuality = Literal["exact", "zone_assumed", "date_only", "envelope_only", "missing"]
Medium = Literal["mail", "chat"]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a platform says somebody is; never shown, so everything but the tenant stays out of `repr`.

    `address` is the canonical mail address (lower case, no plus tag) or "" when unknown;
    `native_id` the platform's own id ("" for mail); `tenant` the organisation the platform
    names (Slack team id, Teams tenant id, or "").
    """

    address: str = field(default="", repr=False)
    native_id: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One record of an export, as written, before consent and cleaning.

    `text` is the whole body, quotes included; `html` the HTML body where there was one, because
    its marks tell quoted from own text in every language. `recipients` is empty where the
    message went to a `channel` (list, chat channel); `channel` is "" for direct mail.
    `thread_id`, `parent_id` ("" for none) and `references` (every message that this one names, root first) are the
    source's own ids, also of messages that no export holds; `message_id(source, each)` is the id that such a message
    has. `thread_id` is what one record alone can tell; a thread as a whole is a union, see `Threads`.
    `elsewhere` is the id of the one message of another source that this one points to, or "" (see `connectors.links`).
    `sent_at` is aware UTC, or None when `time_quality` is "missing".
    """

    id: str
    source: str
    source_version: int
    medium: Medium
    locator: str
    thread_id: str = field(repr=False)
    parent_id: str = field(repr=False)
    sender: Identity = field(repr=False)
    recipients: tuple[Identity, ...] = field(repr=False)
    channel: str = field(repr=False)
    sent_at: datetime | None
    edited_at: datetime | None
    time_quality: TimeQuality
    kind: Kind
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    flags: frozenset[str] = frozenset()
    references: tuple[str, ...] = field(default=(), repr=False)
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that could not become a message: where it stood and why, never what it said.

    `reason` is a short code (`no_sender`, `undecodable`, `too_large` ...), fit for counting.
    """

    source: str
    locator: str
    reason: str


def message_id(source: str, native_id: str) -> str:
    """Return the stable id of a record: equal for equal (source, native id), in any order, in any run.

    Raises ValueError when either part is empty, because an empty part would merge strangers.
    """
    if not source or not native_id:
        raise ValueError(f"message_id needs two non-empty parts, got {len(source)} and {len(native_id)} characters")
    return sha256(f"{source}\0{native_id}".encode("utf-8", "surrogateescape")).hexdigest()
