"""Discord, as DiscordChatExporter writes it in JSON: a file a channel or thread, large channels in parts."""

import re
from pathlib import Path
from typing import IO, Any

from connectors.chat import VERSION, Records, chat_message, each_file, iso_instant, recognised, unpacked
from connectors.json_stream import rows, table, text, walk
from connectors.message import Identity, Kind, Medium, Message, Skipped

SOURCE = "discord"
_JSON = re.compile(r"\.json$", re.I)
_LIST = {(), ("messages",), ("channel",), ("guild",)}
_BY_PEOPLE = frozenset(("Default", "Reply", "0", "19"))
_DELETED_USER = "456226577798135808"
"""The account under which Discord keeps what deleted accounts wrote."""

_MENTION = re.compile(r"<(?:@[!&]?|#)\d{1,20}>")
_EMOJI = re.compile(r"<a?(:\w{1,40}:)\d{1,20}>")


class Discord:
    """Reads exported channels; a message is in memory at a time."""

    name = "discord"
    version = VERSION
    medium: Medium = "chat"

    def matches(self, path: Path) -> bool:
        """Say whether a file begins with the guild and channel that it is of."""
        return recognised(path, _JSON.search, _begins_as_channel)

    def takes(self, name: str) -> bool:
        """Say whether a file of this name in an export is opened."""
        return bool(_JSON.search(name))

    def read(self, path: Path) -> Records:
        """Yield a value a message."""
        yield from unpacked(SOURCE, path, lambda folder: each_file(SOURCE, folder, _JSON.search, _channel))


def _begins_as_channel(stream: IO[bytes]) -> bool:
    for number, (path, _) in enumerate(walk(stream, _LIST)):
        if path == ("guild", "id"):
            return True
        if number > 5:
            break
    return False


def _channel(stream: IO[bytes], name: str, place: str) -> Records:
    channel = ""
    for path, value in walk(stream, _LIST):
        if path == ("channel", "id"):
            channel = text({"id": value}, "id")
        elif path[0] == "messages" and isinstance(path[-1], int):
            yield _message(value, channel, f"{place}#{path[-1] + 1}")


def _message(record: Any, channel: str, locator: str) -> Message | Skipped:
    native, author = text(record, "id"), text(record, "author", "id")
    if not native or not author:
        return Skipped(SOURCE, locator, "no_sender" if native else "undecodable")
    answered = text(record, "reference", "messageId")
    return chat_message(
        SOURCE,
        f"{channel}/{native}",
        locator,
        sender=Identity(native_id=author, name=text(record, "author", "name"), tenant=SOURCE),
        text=_own_text(record),
        sent_at=iso_instant(text(record, "timestamp")),
        kind=_kind(record, author),
        thread=f"{channel}/{answered}" if answered else "",
        parent=f"{channel}/{answered}" if answered else "",
        channel=channel,
        edited_at=iso_instant(text(record, "timestampEdited")),
    )


def _kind(record: Any, author: str) -> Kind:
    if text(record, "type") not in _BY_PEOPLE:
        return "system"
    if table(record, "author").get("isBot") is True:
        return "bot"
    return "deleted" if author == _DELETED_USER else "human"


def _own_text(record: Any) -> str:
    """Return the words; the exporter may have written mentions out, as their names tell."""
    said = _EMOJI.sub(r"\1", _MENTION.sub("@someone", text(record, "content")))
    for person in rows(record, "mentions")[:50]:
        for name in filter(None, (text(person, "nickname"), text(person, "name"))):
            said = said.replace(f"@{name}", "@someone")
    return said
