"""Who a mail header names: addresses in canonical form, obfuscation and list munging undone.

Which domain an address has decides which partner somebody belongs to, so nothing here guesses.
"""

import re
from email.utils import getaddresses

from connectors.decoding import header_text
from connectors.headers import Headers
from connectors.message import Identity

MAX_RECIPIENTS = 500
"""Addressees that are looked at; more is a broadcast anyway."""

_ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?", re.IGNORECASE)
_USUAL = re.compile(
    r'\s{0,9}(?:(?:"([^"]{0,200})"|"?([^"<>@()\[\],:;]{0,200})"?)\s{0,9}<([^\s"<>()\[\],:;]{1,320})>|'
    r'([^\s"<>()\[\],:;]{1,320}))\s{0,9}(?:,|$)'
)
_OBFUSCATED = re.compile(r"^\s*(\S{1,64}) at (\S{1,250})(?:\s+\((.{0,200})\))?")
_VIA = re.compile(r"\s+via\s+[^<]{1,100}$", re.IGNORECASE)


def canonical_address(address: str) -> str:
    """Return the address in lower case without plus tag, or "" when it is none."""
    found = _ADDRESS.fullmatch(address.strip().strip("<>").strip("'\""))
    if not found:
        return ""
    local, _, domain = found[0].lower().rpartition("@")
    return f"{local.split('+')[0] or local}@{domain}"


def identities(headers: list[str]) -> tuple[Identity, ...]:
    """Return each person that address headers (To, Cc) name, each once, in order."""
    decoded = [header_text(header).replace("\\", "") for header in headers]
    pairs = [pair for header in decoded for pair in _simple(header) or getaddresses([header])][:MAX_RECIPIENTS]
    known: dict[str, Identity] = {}
    for name, address in pairs:
        if canonical := canonical_address(address):
            known.setdefault(canonical, Identity(address=canonical, name=name))
    return tuple(known.values())


def _simple(header: str) -> list[tuple[str, str]]:
    """Return (name, address) of a header that has nothing but the usual two forms, else nothing: most have not."""
    pairs, at = [], 0
    while at < len(header) and (found := _USUAL.match(header, at)):
        quoted, plain, address, lone = found.groups()
        pairs.append((quoted or (plain or "").strip(), address or lone))
        at = found.end()
    return pairs if at == len(header) else []


def author(headers: Headers) -> Identity:
    """Return who wrote a mail, an empty Identity when nobody can be named.

    A list may put itself into From ("X via List"); then the author stands in X-Original-From or Reply-To.
    Archives write "user at host (Name)" in From.
    """
    raw = headers.text("from")
    found = _deobfuscated(raw) or next(iter(identities([raw])), Identity())
    posts = _list_addresses(headers)
    if found.address not in posts:
        return found
    originals = (*identities(headers.every("x-original-from")), *identities(headers.every("reply-to")))
    unmunged = next((each for each in originals if each.address not in posts), None)
    return unmunged or Identity(name=_VIA.sub("", found.name))


def _deobfuscated(raw: str) -> Identity | None:
    obfuscated = _OBFUSCATED.match(raw)
    address = canonical_address(f"{obfuscated[1]}@{obfuscated[2]}") if obfuscated else ""
    return Identity(address=address, name=obfuscated[3] or "") if obfuscated and address else None


def _list_addresses(headers: Headers) -> set[str]:
    """Return the posting addresses of the list that a mail came through."""
    values = [headers.text(name).replace("mailto:", "") for name in ("list-post", "x-beenthere", "x-mailing-list")]
    found = [canonical_address(each) for value in values for each in _ADDRESS.findall(value)]
    return {address for address in found if address}


def list_name(headers: Headers) -> str:
    """Return the id of the list that a mail was posted to, or ""."""
    list_id = re.search(r"<([^<>\s]{1,250})>", headers.text("list-id"))
    return list_id[1].lower() if list_id else next(iter(sorted(_list_addresses(headers))), "")
