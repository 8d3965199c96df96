"""HTML to plain text, with quoted parts marked as such in every language.

Mail programs mark what they quote with elements and classes; those survive translation, attribution lines do not.
Quoted text comes out with "> " before it, so that one cleaner serves both kinds of mail. Read by one pattern in one
pass: the standard parser takes time in the square of what is never closed.
"""

import re
from collections import Counter
from functools import lru_cache
from html import unescape

_BREAKS = frozenset(
    ["p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "pre", "blockquote", "hr"]
)
_SILENT = {
    **{name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "template")},
    "head": re.compile("</head|<body", re.IGNORECASE),
}
"""Elements whose content is not shown, and what ends it."""

_COMMENT_END = re.compile("-->")
_VOID = frozenset(["br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "base", "embed", "source"])
_QUOTES = (
    *("gmail_quote", "gmail_attr", "moz-cite-prefix", "cite-prefix", "yahoo_quoted", "protonmail_quote"),
    *("tutanota_quote", "sh-quoted-content", "front-blockquote", "messagereplysection", "__quoted_text__"),
    "__headers__",
)
"""What marks an element whose content is quoted."""

_REST_IS_QUOTED = (
    *("appendonsend", "divrplyfwdmsg", "olk_src_body_section", "mail-editor-reference-message", "zwchr", "reply-intro"),
    *("ms-outlook-mobile-reference-message", "isforwardcontent"),
    *("border-top:solid#e1e1e1", "border-top:solid#b5c4df"),
)
"""What marks an element after which everything is an earlier message; the last two are the lines that Outlook draws."""

_SIGNATURES = (
    *("gmail_signature", "moz-signature", "x_signature", "mobile_signature", "composer_signature"),
    *("ms-outlook-mobile-signature", "protonmail_signature_block", "messagesignaturesection"),
)
_MARKS = re.compile(
    f"(?P<rest>{'|'.join(_REST_IS_QUOTED)})|(?P<quote>{'|'.join(_QUOTES)})|(?P<signature>{'|'.join(_SIGNATURES)})",
    re.IGNORECASE,
)
MAX_DEPTH = 2_000
"""Elements inside each other that are told apart."""

_MARKUP = re.compile(r"<!--|<(/?)([a-zA-Z][\w:-]{0,40})([^<>]{0,20000})>|<[!?/][^<>]{0,20000}>")
_NAMED = re.compile(r"\b(?:class|id|name|data-marker|style)\s{0,9}=\s{0,9}(\"[^\"]*|'[^']*|[^\s\"'>]+)", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w{1,32};?")


def html_text(html: str) -> str:
    """Return the text of an HTML body; quoted lines begin with ">", signature blocks follow a "-- " line."""
    reader = _Reader()
    at = 0
    while found := _MARKUP.search(html, at):
        reader.data(html[at : found.start()])
        at = found.end()
        if found[0] == "<!--":
            at = _end(_COMMENT_END, html, at)
        elif found[2]:
            name = found[2].lower()
            reader.tag(name, bool(found[1]), found[3])
            if name in _SILENT and not found[1]:
                at = _end(_SILENT[name], html, at, begins=True)
    reader.data(html[at:])
    return reader.text()


def _end(pattern: re.Pattern[str], html: str, at: int, begins: bool = False) -> int:
    """Return where what hides text ends (or where its end `begins`): at the very end when nothing ends it."""
    found = pattern.search(html, at)
    if not found:
        return len(html)
    return found.start() if begins else found.end()


_NOTHING: frozenset[str | None] = frozenset()


@lru_cache(maxsize=1024)
def _meaning(attributes: str) -> frozenset[str | None]:
    """Return what the attributes of an element say about its content; most elements of a mail have the same few."""
    named = "".join(_NAMED.findall(attributes)).replace(" ", "")
    return frozenset(mark.lastgroup for mark in _MARKS.finditer(named))


class _Reader:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quoted = False
        self.open: list[tuple[str, bool]] = []
        self.counts: Counter[str] = Counter()
        self.quoting = 0
        self.rest_is_quoted = False

    def tag(self, name: str, closes: bool, attributes: str) -> None:
        if name in _BREAKS:
            self._break()
        if closes:
            self._close(name)
            return
        means = _meaning(attributes) if "=" in attributes else _NOTHING
        self.rest_is_quoted |= "rest" in means
        if "signature" in means:
            self._line("-- ")
        if name not in _VOID and len(self.open) < MAX_DEPTH:
            self._open(name, name == "blockquote" or "quote" in means)

    def _open(self, name: str, quoted: bool) -> None:
        self.open.append((name, quoted))
        self.counts[name] += 1
        self.quoting += quoted

    def _close(self, name: str) -> None:
        """Close an element and what was left open in it; an end tag of nothing closes nothing."""
        while self.counts[name]:
            closed, quoted = self.open.pop()
            self.counts[closed] -= 1
            self.quoting -= quoted
            if closed == name:
                return

    def data(self, data: str) -> None:
        if not data:
            return
        data = _ENTITY.sub(lambda found: unescape(found[0]), data) if "&" in data else data
        if not self.counts["pre"]:
            self._append(" ".join(data.split()), data)
            return
        for number, piece in enumerate(data.split("\n")):
            if number:
                self._break()
            self._append(piece, data)

    def _append(self, piece: str, data: str) -> None:
        if not piece:
            self.line += [" "] if self.line and data[:1].isspace() and not self.line[-1].endswith(" ") else []
            return
        spaced = self.line and data[0].isspace() and not self.line[-1].endswith(" ")
        self.line.append(f"{' ' if spaced else ''}{piece}{' ' if data[-1].isspace() else ''}")
        self.quoted |= self.rest_is_quoted or self.quoting > 0

    def _break(self) -> None:
        if self.line:
            line = "".join(self.line)
            self.lines.append(f"> {line}" if self.quoted and line.strip() else line)
        self.line, self.quoted = [], False

    def _line(self, text: str) -> None:
        self._break()
        self.lines.append(text)

    def text(self) -> str:
        self._break()
        return "\n".join(self.lines)
