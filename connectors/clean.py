"""A message's own text: what its author wrote, and nothing that somebody else did.

Quoted people may not have consented, so whatever looks quoted goes, and a message in which own and quoted words
cannot be told apart is dropped whole. All patterns are linear in the length of a line.
"""

import re
from dataclasses import dataclass, field
from itertools import groupby

from connectors.appendix import GAP, before_footer, is_indented, without_closing, without_code, without_indented
from connectors.html_text import html_text
from connectors.message import Message
from connectors.quote_marks import (
    attribution,
    is_torn_off,
    lines_to_quote,
    names_a_writer,
    near_endings,
    quoted,
    starts_appended,
    tells_by_colour,
)

MAX_LINE = 20_000
"""Characters of one line that are looked at; prose has none as long."""

ROUNDS = 5
"""How often cleaning may be repeated until it changes nothing; text that still changes is not trusted."""


@dataclass(frozen=True, slots=True)
class OwnText:
    """The author's own words, and how many characters of the body were taken away."""

    text: str = field(repr=False)
    stripped_chars: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """Why a message has no own text that may be scored: `unsure`, `empty` or `forwarded`."""

    reason: str


_FORWARD = re.compile(r"\s{0,3}(?:fwd?|wg|tr|rv|enc|vs|i|vl|pd|转发|転送)\s?[:：]", re.IGNORECASE)
_GREETING = re.compile(
    r"\s{0,8}(?:hi|hello|hey|dear|good (?:morning|afternoon)|hallo|liebe[rs]?|guten (?:tag|morgen)|bonjour|cher|chère|"
    r"hola|estimad[oa]|buenos días|ciao|gentile|olá|beste|hej|kære|czesc|dzień dobry)\s{1,3}(\S{1,40})",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://[^\s<>\"]{1,2000}")
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_PHONE = re.compile(r"(?:\+|\b00)\d[\d ()./-]{7,20}\d\b")


def own_text(message: Message) -> OwnText | Dropped:
    """Return the author's own words in a message. Applied to its own result, it changes nothing."""
    body = html_text(message.html) if message.html and not _marks_quotes(message.text) else message.text
    body = body.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    name = frozenset(word.lower() for word in re.findall(r"\w{3,}", message.sender.name))
    text = _settled(body, name)
    if text is None or (message.medium == "mail" and _is_unsure(text, name)):
        return Dropped("unsure")
    if not re.search(r"\w", text):
        return Dropped("forwarded" if _FORWARD.match(message.subject) else "empty")
    if message.medium == "mail" and _FORWARD.match(message.subject) and _words(text) == _words(body):
        return Dropped("forwarded")
    return OwnText(text, max(0, len(body) - len(text)))


def _settled(body: str, name: frozenset[str]) -> str | None:
    """Return the text that another cleaning would leave as it is, None when there is none."""
    text, again = body, _cleaned(body, name)
    for _ in range(ROUNDS):
        if text == again:
            return text
        text, again = again, _cleaned(again, name)
    return None


def _cleaned(body: str, name: frozenset[str]) -> str:
    lines = without_code([line[:MAX_LINE].rstrip() for line in body.split("\n")])
    kept = before_footer(without_indented(_own_lines(lines)))
    passages = [list(group) for gap, group in groupby(kept, GAP.__eq__) if not gap]
    return _tidy("\n".join(line for passage in passages for line in without_closing(passage, name)))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _marks_quotes(text: str) -> bool:
    """Say whether the plain part marks quotes itself; then it is at least as good as the HTML."""
    return any(quoted(text.split("\n")))


def _own_lines(lines: list[str]) -> list[str]:
    """Put GAP for quoted lines and attributions; stop where a whole earlier message is appended."""
    own: list[str] = []
    marked, may_begin = quoted(lines), near_endings(lines)
    number = 0
    torn = indented = False
    while number < len(lines):
        line, below_mark = lines[number], number > 0 and marked[number - 1]
        torn = bool(line) and not marked[number] and (torn or (below_mark and is_torn_off(lines[number - 1], line)))
        if not line or torn or marked[number] or (indented and is_indented(line)):
            own += [GAP] if line and own[-1:] != [GAP] else [line] if not line else []
            number += 1
            continue
        size, certain = attribution(lines, number) if may_begin[number] else (0, False)
        below = lines_to_quote(lines, number + size) if size else None
        if starts_appended(lines, number) or (certain and below is None):
            break
        indented |= bool(size) and below is not None and is_indented(lines[number + size + below])
        own.append(GAP if size else line)
        number += size or 1
    return own


def _tidy(text: str) -> str:
    """Replace addresses, links and telephone numbers by tokens; close up empty lines."""
    text = _LINK.sub("link", text) if "http" in text else text
    text = _ADDRESS.sub("address", text) if "@" in text else text
    text = _PHONE.sub("number", text) if "+" in text or "00" in text else text
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _is_unsure(text: str, name: frozenset[str]) -> bool:
    """Say whether words of somebody else may still stand in the text."""
    return tells_by_colour(text) or _greets(text, name) or any(names_a_writer(line) for line in text.split("\n"))


def _greets(text: str, names: frozenset[str]) -> bool:
    """Say whether a line greets the author: then somebody else wrote what follows, and nothing marks it."""
    if not names:
        return False
    greeted = (found[1].lower() for line in text.split("\n") if (found := _GREETING.match(line)))
    return any(word in names for each in greeted for word in re.findall(r"\w+", each))
