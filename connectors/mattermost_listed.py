"""The three layouts of Mattermost's compliance export: rows of posts.csv, Actiance XML, Global Relay mails."""

import csv
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import TextIOWrapper
from typing import IO
from xml.etree.ElementTree import Element, ParseError, iterparse

from connectors.decoding import text_of
from connectors.headers import Headers
from connectors.html_text import html_text
from connectors.json_stream import Broken
from connectors.mattermost_post import Listed, Post
from connectors.mime import parsed, parts

COLUMNS = frozenset(("Post Creation Time", "Channel Id", "User Email", "Post Id", "Post Message", "Post Type"))
_FIELD_LIMIT = 1 << 20
_ENTERED = ("ParticipantEntered", "ParticipantLeft")
_ITEM = '<li class="message">'
_SPAN = '<span class="'
MAX_MAIL = 64 << 20
"""Bytes of a mail that are read; a server puts a day of a channel into one, and its files behind."""


def rows(stream: IO[bytes], place: str) -> Listed:
    """Yield the rows of posts.csv."""
    csv.field_size_limit(_FIELD_LIMIT)
    text = TextIOWrapper(stream, "utf-8-sig", "replace", newline="")
    try:
        for number, row in enumerate(csv.DictReader(each.replace("\0", "") for each in text), start=1):
            yield f"{place}#{number}", _of_row({key: value or "" for key, value in row.items() if isinstance(key, str)})
    except csv.Error:
        raise Broken("undecodable") from None
    finally:
        text.detach()


def _of_row(row: Mapping[str, str]) -> Post:
    def cell(*names: str) -> str:
        return next((row[name] for name in names if row.get(name)), "")

    update = cell("Post Update Type", "Updated Type")
    return Post(
        native=cell("Post Id"),
        channel=cell("Channel Id"),
        channel_kind=cell("Channel Type"),
        username=cell("Username"),
        address=cell("User Email"),
        words=cell("Post Message"),
        at=cell("Post Creation Time"),
        sort=cell("Post Type"),
        update=update or ("EditedOriginalMsg" if cell("Edited By Post Id") else ""),
        updated_at=cell("Post Update Time", "Update Time"),
        user_kind=cell("User Type"),
        root=cell("Replied to Post Id"),
    )


def elements(stream: IO[bytes], place: str) -> Listed:
    """Yield the messages of an Actiance file, and its participants. A file with definitions of its own is refused."""
    opening = stream.read(1 << 12)
    stream.seek(0)
    if not begins_as_actiance(opening):
        raise Broken("undecodable")
    try:
        for number, (room, element) in enumerate(_of_rooms(stream), start=1):
            yield f"{place}#{number}", _of_element(element, room)
    except (ParseError, ValueError, LookupError):
        raise Broken("truncated") from None


def begins_as_actiance(opening: bytes) -> bool:
    """Say whether a file begins as the server writes it, which defines no entities."""
    before, root, _ = opening[: 1 << 10].partition(b"<FileDump")
    return bool(root) and b"<!" not in before


def _of_rooms(stream: IO[bytes]) -> Iterator[tuple[str, Element]]:
    """Yield (room, element) for people and messages, and let go of what was read."""
    room = ""
    above: list[Element] = []
    for event, element in iterparse(stream, ("start", "end")):
        if event == "start":
            above.append(element)
            continue
        above.pop()
        if element.tag == "RoomID":
            room = element.text or ""
        elif element.tag == "Message" or element.tag in _ENTERED:
            yield room, element
        if len(above) == 2:
            above[-1].remove(element)


def _of_element(element: Element, room: str) -> Post:
    kind, _, rest = room.partition(" - ")
    entered = element.tag in _ENTERED

    def said(name: str) -> str:
        return element.findtext(name) or ""

    return Post(
        native=said("MessageId"),
        channel=rest.rpartition(" - ")[2] or room,
        channel_kind=kind,
        username="",
        address=said("LoginName"),
        words=said("Content"),
        at=said("DateTimeUTC"),
        sort=str(element.tag) if entered else "",
        update=said("UpdatedType"),
        updated_at=said("UpdatedDateTimeUTC"),
        user_kind=said("UserType"),
    )


def mail(stream: IO[bytes], place: str) -> Listed:
    """Yield the messages that a mail to Global Relay lists in its HTML; its sender is only the first participant."""
    found = parsed(stream.read(MAX_MAIL).replace(b"\r\n", b"\n"))
    headers = Headers(found)
    channel, kind = headers.text("x-mattermost-channelid"), headers.text("x-mattermost-channeltype")
    html = next((text_of(part.content(), "utf-8") for part in parts(found) if part.kind == "text/html"), "")
    for number, item in enumerate(html.split(_ITEM)[1:], start=1):
        yield f"{place}#{number}", _of_item(dict(map(_span, item.split(_SPAN)[1:])), channel, kind)


def _span(piece: str) -> tuple[str, str]:
    """Return (class, words) of what begins after the quote before its class."""
    name, _, rest = piece.partition('">')
    return name, html_text(rest.partition("</span>")[0]).strip()


def _of_item(said: Mapping[str, str], channel: str, kind: str) -> Post | None:
    try:
        at = datetime.fromisoformat(said["sent_time"]).astimezone(UTC)
    except (KeyError, ValueError):
        return None
    words = said.get("message", "")
    return Post(
        native=said.get("post_id", ""),
        channel=channel,
        channel_kind=kind,
        username=said.get("username", "").removeprefix("@"),
        address=said.get("email", "").strip("():"),
        words=words,
        at=str(round(at.timestamp() * 1000)),
        sort="attachment" if words.startswith(("Uploaded file ", "Deleted file ")) else "",
        update=said.get("update_type", ""),
        user_kind="bot" if said.get("postusername") else said.get("usertype", ""),
    )
