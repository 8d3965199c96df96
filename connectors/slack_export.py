"""Slack exports, as folder or zip: day files of every conversation folder, listed in channels.json or not.

Who wrote is told by the user id and, for people of another company, by the team the message names. Mentions become
a token, so no name stands in a text. Tokens and private links are never read.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from connectors.addresses import canonical_address
from connectors.archive import Folder, Unsafe
from connectors.chat import VERSION, Records, chat_message, each_file, epoch_instant, unpacked
from connectors.json_stream import rows, table, text, texts, walk, whole
from connectors.message import Identity, Kind, Medium, Message, Skipped
from connectors.slack_text import plain_text, raw_links

SOURCE = "slack"
_DAY = re.compile(r"(?P<folder>[^/]+)/\d{4}-\d\d-\d\d\.json$")
_PLACES = ("channels.json", "groups.json", "dms.json", "mpims.json")
_LISTS = frozenset(("users.json", "org_users.json", *_PLACES))
_BY_PEOPLE = frozenset(("", "file_share", "thread_broadcast", "me_message", "file_comment"))
_DELETED = frozenset(("tombstone", "message_deleted"))


class SlackExport:
    """Reads a Slack export; a conversation's event is in memory at a time."""

    name = "slack"
    version = VERSION
    medium: Medium = "chat"

    def matches(self, path: Path) -> bool:
        """Say whether there are day files and one of the files that Slack writes beside them."""
        if path.is_dir() and not any((path / name).is_file() for name in _LISTS):
            return False
        try:
            with Folder.open(path) as folder:
                return any(name in folder for name in _LISTS) and any(map(_DAY.search, folder.names()))
        except (Unsafe, OSError):
            return False

    def takes(self, name: str) -> bool:
        """Say whether a file of this name in an export is opened."""
        return bool(_DAY.search(name)) or name in _LISTS

    def read(self, path: Path) -> Records:
        """Yield a value an event; an unsafe archive ends with Skipped naming why."""
        yield from unpacked(SOURCE, path, lambda folder: each_file(SOURCE, folder, _DAY.search, _Workspace(folder).day))


class _Workspace:
    """Who the export says its users are, and which folders are direct conversations."""

    def __init__(self, folder: Folder) -> None:
        users = [user for name in ("users.json", "org_users.json") for user in _listed(folder, name)]
        self.users = {text(user, "id"): user for user in users}
        self.strangers: dict[str, str] = {}
        self.members: dict[str, list[str]] = {}
        self.ids: dict[str, str] = {}
        for name in _PLACES:
            for talk in _listed(folder, name):
                names = (text(talk, "id"), text(talk, "name"))
                self.ids[names[1]] = names[0] or names[1]
                if name in ("dms.json", "mpims.json"):
                    self.members.update(dict.fromkeys(names, texts(talk, "members")))
        teams = Counter(text(user, "team_id") for user in users if text(user, "team_id"))
        self.team = next((team for team, _ in teams.most_common(1)), "")

    def identity(self, user: str, event: Any = None) -> Identity:
        known = self.users.get(user, {})
        profile = table(known, "profile") or table(event, "user_profile")
        return Identity(
            address=canonical_address(text(profile, "email")),
            native_id=user,
            name=text(profile, "real_name") or text(known, "name") or text(event, "username"),
            tenant=text(known, "team_id") or self._team_of_stranger(user, event),
        )

    def _team_of_stranger(self, user: str, event: Any) -> str:
        """Return the team that a message names for somebody whom users.json does not have, or an earlier one did."""
        named = text(event, "user_team") or text(event, "user_profile", "team") or text(event, "source_team")
        return self.strangers.setdefault(user, named) if named else self.strangers.get(user, "")

    def day(self, stream: IO[bytes], name: str, place: str) -> Records:
        """Yield what the events of one day file are."""
        day = _DAY.search(name)
        channel = day["folder"] if day else ""
        for (number, *_), event in walk(stream, {()}):
            yield self._event(event, f"{place}#{number}", channel)

    def _event(self, event: Any, locator: str, channel: str) -> Message | Skipped:
        stamp = text(event, "ts")
        sent_at = epoch_instant(stamp)
        if sent_at is None:
            return Skipped(SOURCE, locator, "no_time" if isinstance(event, dict) else "undecodable")
        user = text(event, "user") or text(event, "comment", "user") or text(event, "bot_id")
        kind = self._kind(event, user)
        if kind == "human" and not user:
            return Skipped(SOURCE, locator, "no_sender")
        place = f"{self.team}/{self.ids.get(channel, channel)}"
        thread = text(event, "thread_ts")
        members = self.members.get(channel, [])
        found = chat_message(
            SOURCE,
            f"{place}/{stamp}",
            locator,
            sender=self.identity(user, event),
            text="" if kind == "deleted" else plain_text(event),
            sent_at=sent_at,
            kind=kind,
            thread=f"{place}/{thread}" if thread else "",
            parent=f"{place}/{thread}" if thread else "",
            channel="" if members else place,
            recipients=tuple(self.identity(member) for member in members if member != user),
            edited_at=epoch_instant(text(event, "edited", "ts")),
            raw=raw_links(event),
        )
        return self._as_permalinks_know_it(found, channel, thread or stamp)

    def _as_permalinks_know_it(self, found: Message, channel: str, root: str) -> Message:
        """Name the thread as permalinks do, by channel and time without the workspace; its root stays named.

        An answer that points elsewhere itself keeps its root alone: that place is taken.
        """
        if channel not in self.ids or (found.parent_id and found.elsewhere):
            return found
        named = (found.parent_id,) if found.parent_id else ()
        return replace(found, thread_id=f"{self.ids[channel]}/{root}", references=named)

    def _kind(self, event: Any, user: str) -> Kind:
        subtype = text(event, "subtype")
        if subtype in _DELETED:
            return "deleted"
        if subtype not in _BY_PEOPLE and subtype != "bot_message":
            return "system"
        is_bot = subtype == "bot_message" or text(event, "bot_id") or user == "USLACKBOT"
        return "bot" if is_bot or self.users.get(user, {}).get("is_bot") is True else "human"


def _listed(folder: Folder, name: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of one of the list files; one that is missing or broken lists nobody."""
    yield from rows({"list": whole(folder.read(name))}, "list") if name in folder else ()
