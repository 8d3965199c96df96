"""What a Slack event says: markup undone, mentions as tokens, private links and tokens left out."""

import re
from collections.abc import Iterator
from typing import Any

from connectors.json_stream import rows, table, text

_MARKUP = re.compile(r"<([@#!]?)([^<>|]{1,2000})(?:\|([^<>]{0,1000}))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_UPLOAD = re.compile(r"<@\w{1,20}(?:\|[^>]{0,200})?> uploaded a file:")
_MAX_DEPTH = 20


def plain_text(event: Any) -> str:
    """Return the words of an event: mentions as "@someone", links by their label or without their parameters.

    Of a file only the words that came with it; before 2018 Slack wrote these into a sentence of its own.
    """
    if table(event, "comment"):
        said = text(event, "comment", "comment")
    elif _UPLOAD.match(text(event, "text")):
        said = text(event, "file", "initial_comment", "comment")
    else:
        said = text(event, "text") or "".join(_block_texts(event.get("blocks")))
    said = _MARKUP.sub(_unmarked, said)
    for entity, character in _ENTITIES:
        said = said.replace(entity, character)
    return said


def raw_links(event: Any) -> str:
    """Return where the links of an event may stand: its text as written, and the ids of mails posted into a channel."""
    mails = (text(file, "headers", "message_id") for file in rows(event, "files"))
    return "\n".join([text(event, "text"), *(f"Message-ID: {each}" for each in mails if each)])


def _unmarked(found: re.Match[str]) -> str:
    sign, target, label = found.groups()
    if sign == "@" or target.startswith(("mailto:", "tel:")):
        return "@someone"
    if sign == "#":
        return "#channel"
    if sign == "!":
        return label if label and target.startswith("date") else "@everyone"
    return label or target.split("?")[0]


def _block_texts(node: Any, depth: int = 0) -> Iterator[str]:
    """Yield the text leaves of Slack's block layout, a line a section."""
    if depth > _MAX_DEPTH:
        return
    for each in node if isinstance(node, list) else [node]:
        kind = text(each, "type")
        if kind in ("user", "usergroup", "broadcast"):
            yield "@someone"
        yield text(each, "text")
        for key in ("elements", "text"):
            if isinstance(each, dict) and isinstance(each.get(key), list | dict):
                yield from _block_texts(each[key], depth + 1)
        if kind.endswith(("section", "quote", "preformatted")):
            yield "\n"
