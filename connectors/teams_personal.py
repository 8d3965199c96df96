"""The export that a personal Teams (or Skype) account gives: conversations, each with its list of messages."""

from typing import IO, Any

from connectors.chat import MAX_TEXT, Records, chat_message, epoch_instant, iso_instant
from connectors.html_text import html_text
from connectors.json_stream import text, walk
from connectors.message import Identity, Kind, Message, Skipped
from connectors.teams_text import own_html

SOURCE = "teams"
LISTS = {(), ("conversations",), ("conversations", "*"), ("conversations", "*", "MessageList")}
_WORDS = frozenset(("text", "richtext", "richtext/html"))


def personal_messages(stream: IO[bytes], place: str) -> Records:
    """Yield a value a message, in the order of the file (newest first)."""
    talk = ""
    for path, value in walk(stream, LISTS):
        if path[-1] == "id" and path[:1] == ("conversations",):
            talk = text({"id": value}, "id")
        elif "MessageList" in path and isinstance(path[-1], int):
            yield _message(value, talk, f"{place}#{path[1]}.{path[-1] + 1}")


def _message(record: Any, talk: str, locator: str) -> Message | Skipped:
    native, space = text(record, "id"), text(record, "conversationid") or talk
    sender = text(record, "from").rpartition("/")[2]
    if not native or not sender:
        return Skipped(SOURCE, locator, "no_sender" if native else "undecodable")
    kind = _kind(record, sender)
    html = own_html(text(record, "content")[:MAX_TEXT]) if kind in ("human", "bot") else ""
    return chat_message(
        SOURCE,
        f"{space}/{native}",
        locator,
        sender=Identity(native_id=sender.removeprefix("8:orgid:"), name=text(record, "displayName")),
        text=html_text(html).strip(),
        html=html,
        sent_at=iso_instant(text(record, "originalarrivaltime")),
        kind=kind,
        channel=space,
        edited_at=epoch_instant(text(record, "properties", "edittime"), milliseconds=True),
    )


def _kind(record: Any, sender: str) -> Kind:
    if text(record, "properties", "deletetime"):
        return "deleted"
    if text(record, "messagetype").lower() not in _WORDS:
        return "system"
    return "bot" if sender.startswith("28:") else "human"
