"""Microsoft Teams: chat messages as Graph gives them (pages, JSON lines, arrays), and the export of a personal account.

Tenant dumps spell the same fields with a capital; both spellings are read. Who wrote is told by the directory id and
the tenant, and by address where a list of users lies beside the messages.
"""

import re
from pathlib import Path
from typing import IO, Any

from connectors.addresses import canonical_address
from connectors.archive import Folder
from connectors.chat import (
    MAX_TEXT,
    NOBODY,
    VERSION,
    Records,
    any_recognised,
    chat_message,
    each_file,
    iso_instant,
    recognised,
    unpacked,
)
from connectors.html_text import html_text
from connectors.json_stream import MAX_RECORD, lines, rows, table, text, walk, whole
from connectors.message import Identity, Kind, Medium, Message, Skipped
from connectors.teams_personal import LISTS, personal_messages
from connectors.teams_text import own_html

SOURCE = "teams"
_GRAPH = {(), ("value",)}
_JSON = re.compile(r"\.jsonl?$", re.I)
_MESSAGES = re.compile(r"(?:^|/)(?!users|teamslist|channels_|teammembers_|teaminstalledapps_)[^/]*\.jsonl?$", re.I)
_USERS = re.compile(r"(?:^|/)users[^/]*\.json$", re.I)
_PARTS = ("teams", "users")
"""Folders of a tenant dump."""

_SYSTEM_BODY = "<systemEventMessage/>"


class Teams:
    """Reads Teams messages; a message is in memory at a time, and who the users are."""

    name = "teams"
    version = VERSION
    medium: Medium = "chat"

    def matches(self, path: Path) -> bool:
        """Say whether a file begins with a Teams message or the conversations of a personal export."""
        looks = any_recognised if path.is_dir() and any((path / name).is_dir() for name in _PARTS) else recognised
        return looks(path, _JSON.search, _begins_as_teams)

    def takes(self, name: str) -> bool:
        """Say whether a file of this name in an export is opened."""
        return bool(_MESSAGES.search(name) or _USERS.search(name))

    def read(self, path: Path) -> Records:
        """Yield a value a message; the versions that a delta query gives of one are records of one id."""
        yield from unpacked(
            SOURCE, path, lambda folder: each_file(SOURCE, folder, _MESSAGES.search, _Tenant(folder).file)
        )


def _begins_as_teams(stream: IO[bytes]) -> bool:
    if _are_lines(stream):
        return True
    for path, value in walk(stream, _GRAPH | LISTS):
        if "MessageList" in path or path[-1] == "threadProperties":
            return True
        if path[0] != "conversations" and isinstance(path[-1], int):
            return _is_message(value)
    return False


def _are_lines(stream: IO[bytes]) -> bool:
    """Say whether each line is a message of its own, and go back to the beginning."""
    first = whole(stream.readline(MAX_RECORD))
    stream.seek(0)
    return _is_message(first)


def _is_message(value: Any) -> bool:
    return bool(_text(value, "messageType") and _text(value, "id")) and bool(
        table(value, "body") or table(value, "Body") or _text(value, "chatId")
    )


def _text(record: Any, *keys: str) -> str:
    """Return the text at a path of keys, in Graph's spelling or with capitals."""
    return text(record, *keys) or text(record, *(key[:1].upper() + key[1:] for key in keys))


class _Tenant:
    """Addresses and tenants of the people whom the export has named so far."""

    def __init__(self, folder: Folder) -> None:
        self.addresses: dict[str, str] = {}
        self.tenants: dict[str, str] = {}
        for name in [] if folder.lone else filter(_USERS.search, folder.names()):
            listed = whole(folder.read(name))
            for user in rows(listed, "value") or rows({"value": listed}, "value"):
                self.addresses[_text(user, "id")] = _address(user)

    def file(self, stream: IO[bytes], name: str, place: str) -> Records:
        """Yield what the messages of one file are."""
        if _are_lines(stream):
            for number, record in lines(stream):
                yield self._message(record, f"{place}#{number}")
            return
        for path, value in walk(stream, _GRAPH):
            if path[0] == "conversations":
                stream.seek(0)
                yield from personal_messages(stream, place)
                return
            if isinstance(path[-1], int):
                yield self._message(value, f"{place}#{path[-1] + 1}")

    def _message(self, record: Any, locator: str) -> Message | Skipped:
        native, talk = _text(record, "id"), _text(record, "chatId")
        channel = _text(record, "channelIdentity", "channelId")
        space = talk or (channel and f"{_text(record, 'channelIdentity', 'teamId')}/{channel}")
        if not native or not _text(record, "messageType"):
            return Skipped(SOURCE, locator, "undecodable")
        kind = _kind(record)
        answered = _text(record, "replyToId") or _quoted(record)
        content, is_html = _text(record, "body", "content")[:MAX_TEXT], _text(record, "body", "contentType") == "html"
        html = own_html(content) if is_html and kind not in ("system", "deleted") else ""
        return chat_message(
            SOURCE,
            f"{space}/{native}",
            locator,
            sender=self._sender(record),
            text=html_text(html).strip() if is_html else content,
            html=html,
            sent_at=iso_instant(_text(record, "createdDateTime")),
            kind=kind,
            thread=f"{space}/{answered}" if answered else "",
            parent=f"{space}/{answered}" if answered else "",
            channel=space,
            edited_at=iso_instant(_text(record, "lastEditedDateTime")),
        )

    def _sender(self, record: Any) -> Identity:
        user = _text(record, "from", "user", "id")
        if not user:
            app = _text(record, "from", "application", "id")
            return Identity(native_id=app, name=_text(record, "from", "application", "displayName")) if app else NOBODY
        tenant = _text(record, "from", "user", "tenantId")
        return Identity(
            address=self.addresses.get(user, ""),
            native_id=user,
            name=_text(record, "from", "user", "displayName"),
            tenant=self.tenants.setdefault(user, tenant) if tenant else self.tenants.get(user, ""),
        )


def _address(user: Any) -> str:
    """Return a user's address; the sign-in name of a guest is a made-up one of the host's domain."""
    sign_in = _text(user, "userPrincipalName")
    return canonical_address(_text(user, "mail")) or ("" if "#EXT#" in sign_in.upper() else canonical_address(sign_in))


def _kind(record: Any) -> Kind:
    content = _text(record, "body", "content")
    if _text(record, "from", "application", "id"):
        return "bot"
    if _text(record, "messageType") != "message" or content == _SYSTEM_BODY:
        return "system"
    emptied = not content.strip() and not (rows(record, "attachments") or rows(record, "Attachments"))
    if _text(record, "deletedDateTime") or emptied:
        return "deleted"
    return "human" if _text(record, "from", "user", "id") else "system"


def _quoted(record: Any) -> str:
    """Return the id of the message that one in a chat answers, "" for none."""
    attached = rows(record, "attachments") or rows(record, "Attachments")
    return next((_text(each, "id") for each in attached if _text(each, "contentType") == "messageReference"), "")
