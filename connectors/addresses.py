"""Who a mail header names: addresses in canonical form, obfuscation and list munging undone.

Which domain an address has decides which partner somebody belongs to, so nothing here guesses.
"""

import re
from email.message import Message as Mail
from email.utils import getaddresses

from connectors.decoding import header_text
from connectors.message import Identity

MAX_RECIPIENTS = 500
"""Addressees that are looked at; more is a broadcast anyway."""

_ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?", re.IGNORECASE)
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
    decoded = [header_text(header) for header in headers]
    pairs = getaddresses([header.replace("\\", "") for header in decoded])[:MAX_RECIPIENTS]
    known: dict[str, Identity] = {}
    for name, address in pairs:
        if canonical := canonical_address(address):
            known.setdefault(canonical, Identity(address=canonical, name=name))
    return tuple(known.values())


def author(mail: Mail) -> Identity:
    """Return who wrote a mail, an empty Identity when nobody can be named.

    A list may put itself into From ("X via List"); then the author stands in X-Original-From or Reply-To.
    Archives write "user at host (Name)" in From.
    """
    raw = header_text(str(mail.get("From", "")))
    found = _deobfuscated(raw) or next(iter(identities([raw])), Identity())
    if found.address not in _list_addresses(mail):
        return found
    originals = (
        *identities([str(mail.get("X-Original-From", ""))]),
        *identities([str(mail.get("Reply-To", ""))]),
    )
    posts = _list_addresses(mail)
    unmunged = next((each for each in originals if each.address not in posts), None)
    return unmunged or Identity(name=_VIA.sub("", found.name))


def _deobfuscated(raw: str) -> Identity | None:
    obfuscated = _OBFUSCATED.match(raw)
    address = canonical_address(f"{obfuscated[1]}@{obfuscated[2]}") if obfuscated else ""
    return Identity(address=address, name=obfuscated[3] or "") if obfuscated and address else None


def _list_addresses(mail: Mail) -> set[str]:
    """Return the posting addresses of the list that a mail came through."""
    headers = [str(mail.get(name, "")) for name in ("List-Post", "X-BeenThere", "X-Mailing-List")]
    found = [canonical_address(each) for header in headers for each in _ADDRESS.findall(header.replace("mailto:", ""))]
    return {address for address in found if address}


def list_name(mail: Mail) -> str:
    """Return the id of the list that a mail was posted to, or ""."""
    list_id = re.search(r"<([^<>\s]{1,250})>", header_text(str(mail.get("List-Id", ""))))
    return list_id[1].lower() if list_id else next(iter(sorted(_list_addresses(mail))), "")
