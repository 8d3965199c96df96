r"""RTF, packed or not, to HTML or text: the only body that Outlook keeps of some mails.

HTML that was wrapped into RTF ([MS-OXRTFEX], `\fromhtml1`) comes out as HTML, other RTF as text.
"""

import re
import struct
from dataclasses import dataclass, replace

MAX_RTF = 8 << 20
MAX_DEPTH = 2_000
_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^A-Za-z])|([{}])|([^\\{}\r\n]{1,4096})|[\r\n]{1,4096}"
)
_SIGNS = {
    **dict.fromkeys(["par", "line", "row", "sect", "page"], "\n"),
    **dict.fromkeys(["tab", "cell"], "\t"),
    **dict.fromkeys(["emspace", "enspace"], " "),
    **{"bullet": "•", "endash": "–", "emdash": "—", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"},
}
_SILENT = frozenset(
    [
        "fonttbl",
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "object",
        "header",
        "footer",
        "footnote",
        "themedata",
        "datastore",
    ]
)


@dataclass(slots=True)
class _State:
    """What holds inside a pair of braces. `hidden` counts for text that stands for HTML and only shows it as RTF."""

    silent: bool = False
    hidden: bool = False
    skips: int = 1


_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans "
    rb"SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW = 4096


def unpacked_rtf(data: bytes) -> bytes:
    """Return RTF unpacked as [MS-OXRTFCP] says; what a damaged one still holds."""
    if len(data) < 16:
        return b""
    kind = data[8:12]
    if kind == b"MELA":
        return data[16 : 16 + struct.unpack_from("<I", data, 4)[0]]
    return _unpacked(data[16:]) if kind == b"LZFu" else b""


def _unpacked(packed: bytes) -> bytes:
    """Undo the Lempel-Ziv packing: runs of eight literals or references into what came before."""
    out = bytearray(_DICTIONARY)
    at = 0
    while at < len(packed) and len(out) < MAX_RTF:
        control, at = packed[at], at + 1
        for bit in range(8):
            if not control >> bit & 1:
                out += packed[at : at + 1]
                at += 1
            elif not _repeat(out, packed[at : at + 2]):
                return bytes(out[len(_DICTIONARY) :])
            else:
                at += 2
    return bytes(out[len(_DICTIONARY) :])


def _repeat(out: bytearray, token: bytes) -> bool:
    """Append what a reference points to; False where it points at the end, which ends the text."""
    if len(token) < 2:
        return False
    place, length = token[0] << 4 | token[1] >> 4, (token[1] & 15) + 2
    back = (len(out) - place) % _WINDOW
    if back == 0:
        return False
    for _ in range(length):
        out.append(out[-back] if back <= len(out) else 0)
    return True


def is_html(data: bytes) -> bool:
    """Say whether RTF wraps HTML."""
    return b"\\fromhtml1" in data[:1000]


def rtf_text(data: bytes) -> str:
    """Return the HTML that RTF wraps, else its text. Unknown words are skipped; nothing is opened or run."""
    reader = _Reader(is_html(data))
    for token in _TOKEN.finditer(data[:MAX_RTF]):
        reader.take(token)
    return reader.text()


class _Reader:
    def __init__(self, wraps_html: bool) -> None:
        self.wraps_html = wraps_html
        self.state = _State()
        self.outer: list[_State] = []
        self.pieces: list[str] = []
        self.codepage = "cp1252"
        self.waiting = bytearray()
        self.to_skip = 0
        self.starred = False

    def take(self, token: re.Match[bytes]) -> None:
        word, number, code, symbol, brace, text = token.groups()
        if brace:
            self._brace(brace)
        elif word:
            self._word(word.decode(), int(number) if number else None)
        elif code:
            self._bytes(bytes.fromhex(code.decode()))
        elif symbol:
            self._symbol(symbol)
        elif text:
            self._bytes(text)

    def _brace(self, brace: bytes) -> None:
        self.starred = False
        if brace == b"{" and len(self.outer) < MAX_DEPTH:
            self.outer.append(self.state)
            self.state = replace(self.state)
        elif brace == b"}" and self.outer:
            self.state = self.outer.pop()

    def _word(self, word: str, number: int | None) -> None:
        starred, self.starred = self.starred, False
        if word == "ansicpg":
            self.codepage = f"cp{number}"
        elif word == "u" and number is not None:
            self._show(chr(number % 0x10000))
            self.to_skip = self.state.skips
        elif word == "uc":
            self.state.skips = number or 0
        elif word == "htmlrtf":
            self.state.hidden = number != 0
        elif word == "htmltag":
            self.state.silent = False
        elif starred or word in _SILENT:
            self.state.silent = True
        elif word in _SIGNS:
            self._show(_SIGNS[word])

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self.starred = True
        elif symbol in b"\\{}":
            self._bytes(symbol)
        elif symbol in b"~_":
            self._show(" " if symbol == b"~" else "-")

    def _bytes(self, data: bytes) -> None:
        skipped = min(self.to_skip, len(data))
        self.to_skip -= skipped
        if not (self.state.silent or self.state.hidden):
            self.waiting += data[skipped:]

    def _show(self, text: str) -> None:
        if not (self.state.silent or self.state.hidden):
            self._flush()
            self.pieces.append(text)

    def _flush(self) -> None:
        if self.waiting:
            try:
                self.pieces.append(self.waiting.decode(self.codepage, "replace"))
            except LookupError:
                self.pieces.append(self.waiting.decode("cp1252", "replace"))
            self.waiting.clear()

    def text(self) -> str:
        self._flush()
        whole = "".join(self.pieces)
        return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
