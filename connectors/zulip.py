"""Zulip exports: realm.json says who and where, the message files what; a folder, a tar or a zip."""

import re
from collections import defaultdict
from pathlib import Path
from typing import IO, Any

from connectors.addresses import canonical_address
from connectors.archive import Folder, Unsafe
from connectors.chat import MAX_TEXT, NOBODY, VERSION, Records, chat_message, each_file, epoch_instant, unpacked
from connectors.json_stream import rows, text, walk, whole
from connectors.message import Identity, Medium, Message, Skipped

SOURCE = "zulip"
_MESSAGES = re.compile(r"(?:^|/)messages-\d{6}\.json(?:\.partial)?$")
_LIST = {(), ("zerver_message",)}
_PEOPLE = ("zerver_userprofile", "zerver_userprofile_crossrealm", "zerver_userprofile_mirrordummy")
_PERSONAL, _STREAM = "1", "2"
_RESOLVED = "✔ "
_NO_TOPIC = frozenset(("", "(no topic)"))
_MENTION = re.compile(r"@_?\*{1,2}[^*\n]{1,200}\*{1,2}")
_CHANNEL = re.compile(r"#\*\*[^*\n]{1,300}\*\*")
_SAID = re.compile(r"@_\*\*[^*\n]{1,200}\*\* \[[^\]\n]{1,60}\]\([^)\n]{1,500}\):")
_FENCE = re.compile(r"(`{3,}|~{3,})\s*(\w*)")


class Zulip:
    """Reads an export of a whole organisation; a message is in memory at a time, and who and where."""

    name = "zulip"
    version = VERSION
    medium: Medium = "chat"

    def matches(self, path: Path) -> bool:
        """Say whether realm.json and numbered message files lie there."""
        if path.is_dir() and not (path / "realm.json").is_file():
            return False
        try:
            with Folder.open(path) as folder:
                return "realm.json" in folder and any(map(_MESSAGES.search, folder.names()))
        except (Unsafe, OSError):
            return False

    def takes(self, name: str) -> bool:
        """Say whether a file of this name in an export is opened."""
        return bool(_MESSAGES.search(name)) or name == "realm.json"

    def read(self, path: Path) -> Records:
        """Yield a value a message."""
        yield from unpacked(
            SOURCE, path, lambda folder: each_file(SOURCE, folder, _MESSAGES.search, _Realm(folder).file)
        )


class _Realm:
    """Who the users are, and what each recipient number stands for."""

    def __init__(self, folder: Folder) -> None:
        realm = whole(folder.read("realm.json")) if "realm.json" in folder else {}
        users = [user for key in _PEOPLE for user in rows(realm, key)]
        self.users = {text(user, "id"): _identity(user) for user in users}
        self.bots = {text(user, "id") for user in users if user.get("is_bot") is True}
        self.recipients = {text(each, "id"): each for each in rows(realm, "zerver_recipient")}
        self.members: dict[str, list[str]] = defaultdict(list)
        for subscription in rows(realm, "zerver_subscription"):
            self.members[text(subscription, "recipient")].append(text(subscription, "user_profile"))

    def file(self, stream: IO[bytes], name: str, place: str) -> Records:
        """Yield what the messages of one file are."""
        for path, record in walk(stream, _LIST):
            if path[0] == "zerver_message" and isinstance(path[-1], int):
                yield self._message(record, f"{place}#{path[-1] + 1}")

    def _message(self, record: Any, locator: str) -> Message | Skipped:
        native, sender, recipient = (text(record, key) for key in ("id", "sender", "recipient"))
        if not native or not sender:
            return Skipped(SOURCE, locator, "no_sender" if native else "undecodable")
        place = self.recipients.get(recipient, {})
        in_stream = text(place, "type") == _STREAM
        topic = text(record, "subject").removeprefix(_RESOLVED)
        return chat_message(
            SOURCE,
            native,
            locator,
            sender=self.users.get(sender) or Identity(native_id=sender, tenant=SOURCE),
            text=plain_text(text(record, "content")[:MAX_TEXT]),
            sent_at=epoch_instant(record.get("date_sent")),
            kind="bot" if sender in self.bots else "human",
            thread=f"topic/{recipient}/{topic.lower()}" if in_stream and topic not in _NO_TOPIC else "",
            channel=f"stream/{text(place, 'type_id') or recipient}" if in_stream or not place else "",
            recipients=() if in_stream else self._addressees(recipient, place, sender),
            edited_at=epoch_instant(record.get("last_edit_time")),
        )

    def _addressees(self, recipient: str, place: Any, sender: str) -> tuple[Identity, ...]:
        """Return who a direct message went to: the other person of a pair, or the others of a group."""
        personal = text(place, "type") == _PERSONAL
        ids = [text(place, "type_id")] if personal else self.members.get(recipient, [])
        return tuple(self.users.get(each, NOBODY) for each in ids if each != sender)


def _identity(user: Any) -> Identity:
    address = text(user, "delivery_email") or text(user, "email")
    hidden = re.match(r"user\d+@", address)
    return Identity(
        address="" if hidden else canonical_address(address),
        native_id=text(user, "id"),
        name=text(user, "full_name"),
        tenant=SOURCE,
    )


def plain_text(markdown: str) -> str:
    """Return the words of Zulip's Markdown: mentions as tokens, quote blocks as lines that begin with ">"."""
    lines: list[str] = []
    fences: list[tuple[str, bool]] = []
    for line in markdown.split("\n"):
        fence = _FENCE.fullmatch(line.strip())
        quoted = bool(fences) and fences[-1][1]
        if fence and fences and fence[1] == fences[-1][0] and not fence[2]:
            fences.pop()
        elif fence:
            fences.append((fence[1], quoted or fence[2] == "quote"))
        elif not _SAID.fullmatch(line.strip()):
            lines.append(f"> {line}" if quoted else line)
    return _CHANNEL.sub("#channel", _MENTION.sub("@someone", "\n".join(lines)))
