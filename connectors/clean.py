"""A message's own text: what its author wrote, and nothing that somebody else did.

Quoted people may not have consented, so whatever looks quoted goes, and a message in which own and quoted words
cannot be told apart is dropped whole. All patterns are linear in the length of a line.
"""

import re
from dataclasses import dataclass, field

from connectors.html_text import html_text
from connectors.message import Message


@dataclass(frozen=True, slots=True)
class OwnText:
    """The author's own words, and how many characters of the body were taken away."""

    text: str = field(repr=False)
    stripped_chars: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """Why a message has no own text that may be scored: `unsure`, `empty` or `forwarded`."""

    reason: str


_ATTRIBUTION = re.compile(
    r"^\s{0,8}(?:On\b.{4,250}\bwrote|Am\b.{4,250}\bschrieb|Le\b.{4,250}\ba écrit|El\b.{4,250}\bescribió|"
    r"Il\b.{4,250}\bha scritto|Em\b.{4,250}\bescreveu|Op\b.{4,250}\bschreef|Den\b.{4,250}\bskrev|"
    r".{2,250}(?:\bwrites|\bwrote|\bschrieb|\ba écrit|написал\(?а?\)?|写道|のメール))\s{0,3}[:：]?\s{0,3}$"
)
_ATTRIBUTION_START = re.compile(r"^\s{0,8}(?:On|Am|Le|El|Il|Em|Op|Den) .{4,250}$")
_ATTRIBUTION_END = re.compile(
    r"^.{0,250}(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev)\s{0,3}:\s{0,3}$"
)
_TIMED_ATTRIBUTION = re.compile(r"^.{0,200}\d{1,2}[:.]\d\d.{0,200}(?:<.{0,120}|:\s{0,3})$")
_ORIGINAL = re.compile(
    r"^\s{0,8}>?\s{0,3}(?:-{2,20}\s{0,3}(?:Original|Forwarded|Weitergeleitete|Ursprüngliche|Reply|Message|Begin)\b.{0,60}|"
    r"Begin forwarded message:|_{20,80})\s{0,3}$",
    re.IGNORECASE,
)
_HEADER_BLOCK = re.compile(
    r"^\s{0,8}\*?(?:From|Von|De|Da|Van|Fra|Från|От|发件人|差出人)\s?\*?\s?[:：]\s?\*?.{1,200}$", re.IGNORECASE
)
_HEADER_FIELD = re.compile(
    r"^\s{0,8}\*?(?:Sent|To|Cc|Subject|Date|Gesendet|An|Betreff|Datum|Envoyé|À|Objet|Enviado|Para|Asunto|发送时间|收件人)"
    r"\s?\*?\s?[:：]",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"^\s{0,4}(?:(?:best|kind|warm|many)?\s?regards|best wishes|cheers|sincerely(?: yours)?|yours (?:sincerely|truly)|"
    r"best|br|rgds|mfg|mit freundlichen grüßen|viele grüße|cordialement|saludos)\s{0,3}[,.!]?\s{0,3}$",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"^\s{0,4}(?:_{30,80}|-{30,80}|={30,80})\s{0,3}$|^\s{0,4}(?:to unsubscribe|unsubscribe:|.{0,80} mailing list$|"
    r"you received this (?:message|mail|e-?mail) because|sent from my |get outlook for |sent with |enviado desde mi )",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"(?:this (?:e-?mail|message|communication)\b.{0,120}\b(?:confidential|privileged|intended (?:only|solely))|"
    r"confidentiality notice|if you (?:are not the intended|have received this (?:e-?mail|message) in error))",
    re.IGNORECASE,
)
_DIFF_START = re.compile(r"^(?:diff --git |Index: \S|--- (?:a/|\S+\s+\d{4}-)|\+\+\+ b/|@@ -\d)")
_DIFF_LINE = re.compile(
    r"^(?:[-+ @]|index [0-9a-f]|new file|deleted file|rename |similarity|\\ No newline|diff |Index: |=+$|$)"
)
_TRAILER = re.compile(
    r"^(?:Signed-off-by|Reviewed-by|Acked-by|Tested-by|Reported-by|Suggested-by|Co-developed-by|Fixes|Change-Id|Cc|Link)"
    r": .{1,250}$"
)
_FENCE = re.compile(r"^\s{0,4}(?:```|~~~)")
_QUOTED = re.compile(r"^\s{0,8}(?:>|\||[A-Za-z]{1,4}>)(?!\s{0,2}\|)")
_ADDRESS_OR_LINK = re.compile(r"https?://[^\s<>\"]{1,2000}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_PHONE = re.compile(r"(?:\+|\b00)\d[\d ()./-]{7,20}\d\b")
_PGP = re.compile(r"^-----(BEGIN|END) PGP (?:SIGNED MESSAGE|SIGNATURE|MESSAGE)-----\s{0,3}$")


def own_text(message: Message) -> OwnText | Dropped:
    """Return the author's own words in a message. Applied to its own result, it changes nothing."""
    body = html_text(message.html) if message.html and not _marks_quotes(message.text) else message.text
    lines = _without_code([line.rstrip() for line in body.replace("\0", "").split("\n")])
    kept = _before_signature(_own_lines(lines))
    text = _tidy("\n".join(kept))
    if not re.search(r"\w", text):
        return Dropped("empty")
    if _unsure(message, text):
        return Dropped("unsure")
    return OwnText(text, max(0, len(body) - len(text)))


def _marks_quotes(text: str) -> bool:
    """Say whether the plain part marks quotes itself; then it is at least as good as the HTML."""
    return any(_QUOTED.match(line) for line in text.split("\n"))


def _own_lines(lines: list[str]) -> list[str]:
    """Drop quoted lines and attributions; stop where a whole earlier message is appended."""
    own: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if _ORIGINAL.match(line) or _starts_header_block(lines, number):
            break
        if _ATTRIBUTION.match(line) and _is_followed_by_quote(lines, number + 1):
            number += 1
        elif _TIMED_ATTRIBUTION.match(line) and (gap := _lines_to_quote(lines, number + 1)) is not None:
            number += 1 + gap
        elif _ATTRIBUTION_START.match(line) and _ATTRIBUTION_END.match(following):
            if not _is_followed_by_quote(lines, number + 2):
                break
            number += 2
        else:
            if not _QUOTED.match(line):
                own.append(line)
            number += 1
    return own


def _lines_to_quote(lines: list[str], start: int) -> int | None:
    """Return how many lines of an attribution in an unknown language stand before its quote, at most two."""
    return next((gap for gap, line in enumerate(lines[start : start + 3]) if _QUOTED.match(line)), None)


def _is_followed_by_quote(lines: list[str], start: int) -> bool:
    following = next((line for line in lines[start : start + 4] if line.strip()), "")
    return bool(_QUOTED.match(following)) or not following


def _starts_header_block(lines: list[str], number: int) -> bool:
    """Say whether here stand the header lines that mail programs put over an appended message."""
    if not _HEADER_BLOCK.match(lines[number]):
        return False
    return sum(bool(_HEADER_FIELD.match(line)) for line in lines[number + 1 : number + 6]) >= 2


def _without_code(lines: list[str]) -> list[str]:
    """Drop patches, fenced code and trailers: nobody speaks in them."""
    kept: list[str] = []
    fenced = patch = False
    for line in lines:
        if _FENCE.match(line):
            fenced = not fenced
            continue
        patch = bool(_DIFF_START.match(line)) or (patch and bool(_DIFF_LINE.match(line)))
        if not (fenced or patch or _TRAILER.match(line) or _PGP.match(line)):
            kept.append(line)
    return kept


def _before_signature(lines: list[str]) -> list[str]:
    """Cut at the signature mark, a list footer or a disclaimer; drop a short block after a closing formula."""
    for number, line in enumerate(lines):
        if line in ("--", "-- ") or _DISCLAIMER.search(line) or (number and _FOOTER.match(line)):
            lines = lines[:number]
            break
    for number in range(max(0, len(lines) - 12), len(lines)):
        if _SIGN_OFF.match(lines[number]) and len(" ".join(lines[number + 1 :])) <= 240:
            return lines[:number]
    return lines


def _tidy(text: str) -> str:
    """Replace addresses, links and telephone numbers by tokens; close up empty lines."""
    text = _ADDRESS_OR_LINK.sub(lambda found: "link" if found[0].startswith("http") else "address", text)
    return re.sub(r"\n{3,}", "\n\n", _PHONE.sub("number", text)).strip()


def _unsure(message: Message, text: str) -> bool:
    """Say whether words of somebody else may still stand in the text.

    A reply that marks no quote at all and is long, or a line that still names who wrote, is not trusted.
    """
    if message.medium != "mail":
        return False
    named = any(_ATTRIBUTION_END.match(line) or _ORIGINAL.match(line) for line in text.split("\n"))
    return named or _header_left(text)


def _header_left(text: str) -> bool:
    lines = text.split("\n")
    return any(_HEADER_BLOCK.match(line) and "address" in line for line in lines)
