"""Mattermost bulk exports: JSON lines, bare or zipped with their files; replies stand inside the post they answer."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from connectors.addresses import canonical_address
from connectors.chat import (
    VERSION,
    Records,
    chat_message,
    each_file,
    epoch_instant,
    opening,
    recognised,
    unnamed,
    unpacked,
)
from connectors.json_stream import lines, number, rows, table, text, texts
from connectors.message import Identity, Kind, Medium, Message, Skipped

SOURCE = "mattermost"
_LINES = re.compile(r"\.jsonl?$", re.I)
_TYPES = frozenset(("version", "role", "scheme", "emoji", "team", "channel", "user", "bot", "post", "direct_post"))
_UNTYPED = re.compile(
    r"\S{1,64} (?:(?:has )?(?:joined|left) the (?:channel|team)|(?:was )?(?:added to|removed from) the (?:channel|team)"
    r"|archived the channel|ist dem (?:Kanal|Team) beigetreten|hat (?:den Kanal|das Team) verlassen"
    r"|a (?:rejoint|quitté) (?:le canal|l'équipe)|se (?:ha )?uni(?:ó|do) al (?:canal|equipo))"
    r"(?: (?:by|durch|par|por) \S{1,64})?\."
)
"""What old servers wrote as if the person had said it: they gave such posts no type."""


class Mattermost:
    """Reads a bulk export; a line is in memory at a time, and who the users are."""

    name = "mattermost"
    version = VERSION
    medium: Medium = "chat"

    def matches(self, path: Path) -> bool:
        """Say whether a file begins with lines such as a bulk export has."""
        return recognised(path, _LINES.search, _begins_as_bulk)

    def takes(self, name: str) -> bool:
        """Say whether a file of this name in an export is opened."""
        return bool(_LINES.search(name))

    def read(self, path: Path) -> Records:
        """Yield a value a post and a reply."""
        yield from unpacked(SOURCE, path, lambda folder: each_file(SOURCE, folder, _LINES.search, _Server().file))


def _begins_as_bulk(stream: IO[bytes]) -> bool:
    _, first = next(lines(opening(stream)), (0, None))
    kind = text(first, "type")
    return kind in _TYPES and bool(table(first, kind) or text(first, kind))


class _Server:
    """Who the lines so far say the users and bots are; users stand before posts."""

    def __init__(self) -> None:
        self.users: dict[str, Identity] = {}
        self.bots: set[str] = set()

    def file(self, stream: IO[bytes], name: str, place: str) -> Records:
        """Yield what the posts of one file are."""
        for line, record in lines(stream):
            kind = text(record, "type")
            said = table(record, kind)
            if kind in ("user", "bot"):
                self._remember(kind, said)
            elif kind in ("post", "direct_post"):
                yield from self._post(said, f"{place}#{line}")
            elif kind not in _TYPES and kind != "direct_channel":
                yield Skipped(SOURCE, f"{place}#{line}", "undecodable")

    def _remember(self, kind: str, user: dict[str, Any]) -> None:
        username = text(user, "username")
        if kind == "bot":
            self.bots.add(username)
        names = " ".join(filter(None, (text(user, "first_name"), text(user, "last_name"))))
        address = canonical_address(text(user, "email"))
        self.users[username] = Identity(address, username, names or text(user, "nickname"), SOURCE)

    def _identity(self, username: str) -> Identity:
        return self.users.get(username) or Identity(native_id=username, tenant=SOURCE)

    def _post(self, post: dict[str, Any], locator: str) -> Iterator[Message | Skipped]:
        members = texts(post, "channel_members")
        space = (
            "/".join((text(post, "team"), text(post, "channel"))) if "channel" in post else ",".join(sorted(members))
        )
        root = f"{space}/{text(post, 'user')}/{text(post, 'create_at')}"
        answers = rows(post, "replies")
        yield self._message(post, space, members, locator, root if answers else "")
        for position, reply in enumerate(answers, start=1):
            yield self._message(reply, space, members, f"{locator}.{position}", root)

    def _message(
        self, post: dict[str, Any], space: str, members: list[str], locator: str, root: str
    ) -> Message | Skipped:
        username, stamp = text(post, "user"), text(post, "create_at")
        if not username or not stamp:
            return Skipped(SOURCE, locator, "no_sender" if stamp else "no_time")
        return chat_message(
            SOURCE,
            f"{space}/{username}/{stamp}",
            locator,
            sender=self._identity(username),
            text=unnamed(text(post, "message")),
            sent_at=epoch_instant(stamp, milliseconds=True),
            kind=self._kind(post, username),
            thread=root,
            parent=root,
            channel=space if "/" in space else "",
            recipients=tuple(self._identity(member) for member in members if member != username),
            edited_at=epoch_instant(text(post, "edit_at"), milliseconds=True),
        )

    def _kind(self, post: dict[str, Any], username: str) -> Kind:
        kind = text(post, "type")
        if kind.startswith("system_") or ("type" not in post and _UNTYPED.fullmatch(text(post, "message"))):
            return "system"
        by_program = any(text(post, "props", key).lower() == "true" for key in ("from_webhook", "from_bot"))
        if by_program or username in self.bots or kind == "slack_attachment":
            return "bot"
        return "deleted" if number(post, "delete_at") else "human"
