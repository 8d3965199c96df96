"""Keyed pseudonyms: the same person has another pseudonym in each alliance, and none without its key."""

import hmac
from hashlib import sha256

from connectors.message import Identity


def pseudonym(key: bytes, value: str) -> str:
    """Return HMAC-SHA256(key, value) as 32 hex digits. Raises ValueError for a key shorter than 32 bytes."""
    if len(key) < 32:
        raise ValueError(f"pseudonym key: expected 32 bytes or more, found {len(key)}")
    return hmac.new(key, value.encode("utf-8", "surrogateescape"), sha256).hexdigest()[:32]


def identity_keys(identity: Identity) -> list[str]:
    """Return what an identity can be matched by, strongest first; a display name alone never matches."""
    keys = [identity.address] if identity.address else []
    if identity.native_id:
        keys.append(f"{identity.tenant}/{identity.native_id}")
    return keys
