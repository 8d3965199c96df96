"""Slack exports, as folder or zip: day files of every conversation folder, listed in channels.json or not.

Who wrote is told by the user id and, for people of another company, by the team the message names. Mentions become
a token, so no name stands in a text. Tokens and private links are never read.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.addresses import canonical_address
from connectors.archive import Folder, Unsafe
from connectors.message import Identity, Kind, Medium, Message, Skipped, message_id

SOURCE = "slack"
_DAY = re.compile(r"(?P<folder>[^/]+)/\d{4}-\d\d-\d\d\.json$")
_HUMAN = frozenset(("", "file_share", "thread_broadcast", "me_message", "file_comment"))
_BOTS = frozenset(("bot_message", "bot_add", "bot_remove"))
_MARKUP = re.compile(r"<([@#!]?)([^<>|]{1,1000})(?:\|([^<>]{0,1000}))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


class SlackExport:
    """Reads a Slack export; a conversation's day file is in memory at a time."""

    name = "slack"
    version = 1
    medium: Medium = "chat"

    def matches(self, path: Path) -> bool:
        """Say whether there are day files and one of the files that Slack writes beside them."""
        try:
            with Folder.open(path) as folder:
                names = folder.names()
        except (Unsafe, OSError):
            return False
        roots = {"users.json", "channels.json", "groups.json", "dms.json", "mpims.json", "org_users.json"}
        return bool(roots & set(names)) and any(_DAY.search(name) for name in names)

    def read(self, path: Path) -> Iterator[Message | Skipped]:
        """Yield a value an event; an unsafe archive ends with Skipped naming why."""
        try:
            with Folder.open(path) as folder:
                workspace = _Workspace(folder)
                for name in folder.names():
                    if day := _DAY.search(name):
                        yield from _day(folder, name, day["folder"], workspace)
        except Unsafe as error:
            yield Skipped(SOURCE, path.name, error.reason)


class _Workspace:
    """Who the export says its users are, and which folders are direct conversations."""

    def __init__(self, folder: Folder) -> None:
        users = [user for name in ("users.json", "org_users.json") for user in _records(folder, name)]
        self.users = {str(user.get("id", "")): user for user in users}
        self.members: dict[str, list[str]] = {}
        for name in ("dms.json", "mpims.json"):
            for talk in _records(folder, name):
                for key in (talk.get("id"), talk.get("name")):
                    self.members[str(key)] = [str(member) for member in talk.get("members") or []]
        teams = [str(user["team_id"]) for user in users if user.get("team_id")]
        self.team = max(set(teams), key=teams.count) if teams else ""

    def identity(self, user: str, event: dict[str, Any]) -> Identity:
        known = self.users.get(user, {})
        profile = known.get("profile") or event.get("user_profile") or {}
        team = event.get("user_team") or profile.get("team") or known.get("team_id") or event.get("source_team")
        return Identity(
            address=canonical_address(str(profile.get("email") or "")),
            native_id=user,
            name=str(profile.get("real_name") or known.get("name") or ""),
            tenant=str(team or self.team),
        )

    def is_bot(self, user: str) -> bool:
        return user == "USLACKBOT" or bool(self.users.get(user, {}).get("is_bot"))


def _records(folder: Folder, name: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(folder.read(name)) if name in folder.names() else []
    except ValueError:
        return []
    return [record for record in found if isinstance(record, dict)] if isinstance(found, list) else []


def _day(folder: Folder, name: str, channel: str, workspace: _Workspace) -> Iterator[Message | Skipped]:
    try:
        events = json.loads(folder.read(name))
    except (ValueError, RecursionError):
        yield Skipped(SOURCE, name, "undecodable")
        return
    if not isinstance(events, list):
        yield Skipped(SOURCE, name, "undecodable")
        return
    for number, event in enumerate(events, start=1):
        yield _event(event, f"{name}#{number}", channel, workspace)


def _event(event: Any, locator: str, channel: str, workspace: _Workspace) -> Message | Skipped:
    if not isinstance(event, dict) or not _instant(event.get("ts")):
        return Skipped(SOURCE, locator, "no_time")
    user = str(event.get("user") or (event.get("comment") or {}).get("user") or event.get("bot_id") or "")
    if not user:
        return Skipped(SOURCE, locator, "no_sender")
    place = f"{workspace.team}/{channel}"
    stamp, thread = str(event["ts"]), str(event.get("thread_ts") or event["ts"])
    members = workspace.members.get(channel, [])
    return Message(
        id=message_id(SOURCE, f"{place}/{stamp}"),
        source=SOURCE,
        source_version=1,
        medium="chat",
        locator=locator,
        thread_id=f"{place}/{thread}",
        parent_id=f"{place}/{thread}" if thread != stamp else "",
        sender=workspace.identity(user, event),
        recipients=tuple(workspace.identity(member, {}) for member in members if member != user),
        channel="" if members else place,
        sent_at=_instant(stamp),
        edited_at=_instant((event.get("edited") or {}).get("ts")),
        time_quality="exact",
        kind=_kind(event, user, workspace),
        subject="",
        text=plain_text(event),
    )


def _kind(event: dict[str, Any], user: str, workspace: _Workspace) -> Kind:
    subtype = str(event.get("subtype") or "")
    if subtype in _BOTS or event.get("bot_id") or workspace.is_bot(user):
        return "bot"
    if subtype == "tombstone":
        return "deleted"
    return "human" if subtype in _HUMAN else "system"


def _instant(stamp: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(stamp), UTC) if stamp else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def plain_text(event: dict[str, Any]) -> str:
    """Return the words of an event, mentions as "@someone", links by their label."""
    text = str(event.get("text") or "") or "\n".join(_block_texts(event.get("blocks") or []))
    text = _MARKUP.sub(_unmarked, text)
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text.replace("\0", "")


def _unmarked(found: re.Match[str]) -> str:
    sign, target, label = found[1], found[2], found[3]
    if sign == "@":
        return "@someone"
    if sign == "#":
        return "#channel"
    if sign == "!":
        return label if label and target.startswith("date") else "@everyone"
    return label or target.split("?")[0]


def _block_texts(node: Any, depth: int = 0) -> Iterator[str]:
    """Yield the text leaves of Slack's block layout."""
    if depth > 20:
        return
    for each in node if isinstance(node, list) else [node]:
        if isinstance(each, dict):
            text = each.get("text")
            if isinstance(text, str):
                yield text
            for key in ("elements", "text"):
                if isinstance(each.get(key), (list, dict)):
                    yield from _block_texts(each[key], depth + 1)
