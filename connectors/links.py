"""Which message of another medium a message points to: only by a link or a Message-ID, never by likeness.

So a request that a mail makes and a chat answers, or the other way round, can be told to be one conversation.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote

from connectors.message import message_id

MAX_LINKS = 50
"""Links of a text that are looked at."""

_LINK = re.compile(r"(?<!\w)(?:https?://[^\s<>\"'|\\\])]{8,2000}|mid:[^\s<>\"'|\\\])]{3,400})", re.IGNORECASE)
_NAMED = re.compile(r"message-id:? {0,3}<([^<>\s]{3,400})>", re.IGNORECASE)
_ID = r"([^/?#\s]{1,200}@[^/?#\s]{1,200})"
_SLACK_ROOT = re.compile(r"[?&]thread_ts=(\d{10}\.\d{6})")
_TEAM, _ROOT = re.compile(r"[?&]groupId=([\w-]{8,40})"), re.compile(r"[?&]parentMessageId=(\d{10,20})")


def linked(source: str, *texts: str) -> str:
    """Return the id of the one message of another source that texts point to, "" for none, and for several."""
    forms = [form for form in _FORMS if form.source != source]
    found = {message_id(*each) for text in texts for each in _targets(text, forms)}
    if source != "mail":
        found |= {message_id("mail", each) for text in texts for each in _named(text)}
    return found.pop() if len(found) == 1 else ""


def _targets(text: str, forms: list["_Form"]) -> Iterator[tuple[str, str]]:
    likely = [form for form in forms if form.hint in text]
    for found in islice(_LINK.finditer(text), MAX_LINKS) if likely else ():
        link = unquote(found[0].replace("&amp;", "&")).rstrip(".,;:!")
        yield from ((form.source, form.native(it)) for form in likely if (it := form.link.fullmatch(link)))


def _named(text: str) -> list[str]:
    return _NAMED.findall(text) if "essage-" in text else []


def _id(found: re.Match[str]) -> str:
    return found[1]


def _slack(found: re.Match[str]) -> str:
    """Return the id of the thread that a permalink leads into, without the workspace, which it does not name."""
    root = _SLACK_ROOT.search(found[4])
    return f"{found[1]}/{root[1] if root else f'{found[2]}.{found[3]}'}"


def _teams(found: re.Match[str]) -> str:
    team, root = _TEAM.search(found[3]), _ROOT.search(found[3])
    return f"{team[1] + '/' if team else ''}{found[1]}/{root[1] if root else found[2]}"


@dataclass(frozen=True, slots=True)
class _Form:
    """How links to messages of a source look; texts without `hint` have none. `native` makes the id of a match."""

    source: str
    hint: str
    link: re.Pattern[str]
    native: Callable[[re.Match[str]], str] = _id


_FORMS = (
    _Form("mail", "mid:", re.compile(f"mid:{_ID}")),
    _Form("mail", "/d/msgid/", re.compile(rf"https://groups\.google\.com/(?:a/[^/]+/)?d/msgid/[^/]+/{_ID}")),
    _Form("mail", "lore.", re.compile(rf"https://lore\.[^/]+/[^/]+/{_ID}(?:/.*)?")),
    _Form("mail", "inbox.", re.compile(rf"https?://(?:public-)?inbox\.[^/]+/[^/]+/{_ID}(?:/.*)?")),
    _Form("mail", "marc.info/?i=", re.compile(rf"https?://marc\.info/\?i={_ID}")),
    _Form(
        "slack", "/archives/", re.compile(r"https://[\w.-]+\.slack\.com/archives/(\w+)/p(\d{10})(\d{6})(.*)"), _slack
    ),
    _Form(
        "teams",
        "/l/message/",
        re.compile(r"https://teams\.(?:microsoft\.com|cloud\.microsoft|live\.com)/l/message/([^/?#]+)/(\d{10,20})(.*)"),
        _teams,
    ),
    _Form("zulip", "#narrow/", re.compile(r"https?://[^#]+#narrow/.+/(?:near|with)/(\d{1,15})")),
    _Form(
        "discord", "/channels/", re.compile(r"https://(?:\w+\.)?discord(?:app)?\.com/channels/(?:\d+|@me)/(\d+/\d+)")
    ),
    _Form(
        "google_chat", "chat.google.com", re.compile(r"https://chat\.google\.com/(?:room|dm)/([\w-]+/[\w-]+/[\w.-]+)")
    ),
    _Form("matrix", "matrix.to/#/", re.compile(r"https://matrix\.to/#/[^/]+/(\$[^?]+)(?:\?.*)?")),
    _Form("rocket_chat", "?msg=", re.compile(r"https?://[^/]+/(?:channel|group|direct)/[^?]+\?msg=(\w+)")),
    _Form("mattermost", "/pl/", re.compile(r"https?://[^/]+/[^/]+/pl/([a-z0-9]{26})")),
)
