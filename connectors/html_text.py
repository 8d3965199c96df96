"""HTML to plain text, with quoted parts marked as such in every language.

Mail programs mark what they quote with elements and classes; those survive translation, attribution lines do not.
Quoted text comes out with "> " before it, so that one cleaner serves both kinds of mail.
"""

from html.parser import HTMLParser

_BREAKS = frozenset(
    ["p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "pre", "blockquote", "hr"]
)
_SILENT = frozenset(["script", "style", "head", "title", "template"])
_VOID = frozenset(["br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "base", "embed", "source"])
_QUOTES = (
    *("gmail_quote", "gmail_attr", "moz-cite-prefix", "cite-prefix", "yahoo_quoted", "protonmail_quote"),
    *(
        "tutanota_quote",
        "sh-quoted-content",
        "front-blockquote",
        "messagereplysection",
        "__quoted_text__",
        "__headers__",
    ),
)
"""What marks an element whose content is quoted."""

_REST_IS_QUOTED = (
    *("appendonsend", "divrplyfwdmsg", "olk_src_body_section", "mail-editor-reference-message", "zwchr", "reply-intro"),
    *("ms-outlook-mobile-reference-message", "isforwardcontent"),
)
"""What marks an element after which everything is an earlier message."""

_RULES = ("border-top:solid#e1e1e1", "border-top:solid#b5c4df")
"""The line that Outlook draws over an earlier message."""

_SIGNATURES = (
    *(
        "gmail_signature",
        "moz-signature",
        "x_signature",
        "mobile_signature",
        "composer_signature",
        "ms-outlook-mobile-signature",
    ),
    *("protonmail_signature_block", "messagesignaturesection"),
)
_MARKS = ("class", "id", "name", "data-marker")


def html_text(html: str) -> str:
    """Return the text of an HTML body; quoted lines begin with ">", signature blocks follow a "-- " line."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[bool, str]] = [(False, "")]
        self.open: list[tuple[str, bool, bool]] = []
        self.rest_is_quoted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marks = " ".join(value or "" for key, value in attrs if key in _MARKS).lower()
        style = next((value or "" for key, value in attrs if key == "style"), "").lower().replace(" ", "")
        self.rest_is_quoted |= any(mark in marks for mark in _REST_IS_QUOTED)
        self.rest_is_quoted |= any(rule in style for rule in _RULES)
        if tag in _BREAKS:
            self._break()
        if any(mark in marks for mark in _SIGNATURES):
            self._line("-- ")
        if tag not in _VOID and len(self.open) < 2_000:
            quoted = tag == "blockquote" or any(mark in marks for mark in _QUOTES)
            self.open.append((tag, quoted, tag in _SILENT))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS:
            self._break()
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth][0] == tag:
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        if any(silent for _, _, silent in self.open):
            return
        preformatted = any(tag == "pre" for tag, _, _ in self.open)
        for number, piece in enumerate(data.split("\n") if preformatted else [data]):
            if number:
                self._break()
            self._append(piece if preformatted else " ".join(piece.split()), data)

    def _append(self, piece: str, data: str) -> None:
        quoted, line = self.lines[-1]
        space = " " if line and piece and data[:1].isspace() and not line.endswith(" ") else ""
        tail = " " if piece and data[-1:].isspace() else ""
        self.lines[-1] = (quoted or self._quoting(), line + space + piece + tail)

    def _quoting(self) -> bool:
        return self.rest_is_quoted or any(quoted for _, quoted, _ in self.open)

    def _break(self) -> None:
        if self.lines[-1][1]:
            self.lines.append((False, ""))

    def _line(self, text: str) -> None:
        self._break()
        self.lines[-1] = (False, text)
        self._break()

    def text(self) -> str:
        return "\n".join(f"> {line}" if quoted and line.strip() else line for quoted, line in self.lines)
