"""Bytes to text for mail that lies about its charset: header words and bodies never raise, never guess silently."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from email.header import Header
from quopri import decodestring

SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
}
"""Declared charset -> what software that declares it really writes."""

_NOT_CHARSETS = frozenset(["idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"])
"""Codecs of other kinds; some take time in the square of what they are given."""

MAX_HEADER = 64 * 1024
"""Characters of one header that are looked at; longer ones are an attack or a fault."""

_WORD = re.compile(r"=\?([\w.:*+-]{1,40})\?([bBqQ])\?([^?\s]{0,4000})\?=")
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_BETWEEN_WORDS = re.compile(r"(?<=\?=)[ \t\r\n]{1,200}(?==\?)")


def text_of(data: bytes, charset: str = "") -> str:
    """Decode by the declared charset or its superset, then utf-8, then cp1252 with replacement characters.

    Where a charset of one byte a letter is declared, utf-8 goes first: its bytes are no accident.
    """
    declared = charset.strip().strip("\"'").lower()
    wide = SUPERSETS.get(declared, declared)
    wide = "" if wide.replace("-", "_") in _NOT_CHARSETS else wide
    for candidate in ("utf-8", wide) if wide in ("", "cp1252") else (wide, "utf-8"):
        try:
            return data.decode(candidate or "ascii")
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def header_text(raw: str) -> str:
    """Decode a header's encoded words; unfolds lines, repairs 8-bit bytes, keeps what cannot be decoded."""
    text = _repaired(raw[:MAX_HEADER])
    text = _FOLD.sub(" ", text) if "\n" in text or "\r" in text else text
    text = _WORD.sub(_decoded_word, _BETWEEN_WORDS.sub("", text)) if "=?" in text else text
    return text.replace("\0", "").strip()


def one_line(text: str) -> str:
    """Return text as one line without control characters, so that no value can add a header field."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def header_value(text: str) -> str:
    """Return text as the value of a header field, as encoded words where it is not ASCII."""
    line = one_line(text)
    return line if line.isascii() else Header(line, "utf-8", maxlinelen=10_000).encode()


def _repaired(raw: str) -> str:
    """Turn the parser's surrogates (8-bit bytes in a header) into text."""
    if raw.isascii():
        return raw
    return text_of(raw.encode("utf-8", "surrogateescape"))


def _decoded_word(word: re.Match[str]) -> str:
    charset, encoding, payload = word[1].split("*")[0], word[2].lower(), word[3]
    try:
        data = b64decode(payload + "===") if encoding == "b" else decodestring(payload.replace("_", " ").encode())
    except (Base64Error, ValueError):
        return payload
    return text_of(data, charset)
