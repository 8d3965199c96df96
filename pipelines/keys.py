"""Pseudonym keys: 32 random bytes an alliance, made at its first night, kept apart from the store."""

import os
import secrets
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from configs import ConfigError
from pipelines.audit import write
from pipelines.errors import LostKey
from pipelines.folder import ProgramFolder
from warehouse import Chain, OwnLabels, Store, encrypt, refuse_plain

KEY = "key"
"""The shard under which the ledger has the fingerprint of an alliance's key."""


def alliance_key(folder: ProgramFolder, alliance: str) -> bytes:
    """Return an alliance's key; make one when it has no parts yet. Raises LostKey, ConfigError."""
    file = _file(folder, alliance)
    if file.is_file():
        return _read(file)
    if any((folder.store / "parts" / alliance).glob("*.parquet")):
        raise LostKey(
            f"{file.name}: expected the key that made the store's pseudonyms, found none; bring it back into "
            f"{folder.program.privacy.keys}/, or give up what the store holds with `quietpivot keys rotate`"
        )
    return _made(file)


def encrypt_published(folder: ProgramFolder) -> None:
    """Let the published database be written and read encrypted, where the program asks for it; make its key first.

    Raises NotEncrypted where that cannot be had; nothing is written then.
    """
    if folder.program.privacy.encrypt:
        refuse_plain()
        file = folder.keys / "published-database.key"
        encrypt(folder.database.parent, _read(file) if file.is_file() else _made(file))


def fingerprints(folder: ProgramFolder) -> Iterator[tuple[str, str]]:
    """Yield each alliance and eight hex digits that tell its key from others, "" for none. Raises LostKey."""
    for each in folder.program.alliances:
        file = _file(folder, each.id)
        yield each.id, sha256(b"fingerprint" + _read(file)).hexdigest()[:8] if file.is_file() else ""


def refuse_other_keys(folder: ProgramFolder, store: Store) -> None:
    """Compare the keys with those that made the store's pseudonyms. Raises LostKey; says nothing of a new alliance."""
    for alliance, print_of_key in fingerprints(folder):
        made_with = store.state(alliance, KEY).get("print", "")
        if made_with and print_of_key and print_of_key != made_with:
            raise LostKey(
                f"{alliance}.key: expected the key that made the store's pseudonyms, found another; bring it back from "
                "your backup, or give up what the store holds with `quietpivot keys rotate`"
            )


def remember_keys(folder: ProgramFolder, store: Store) -> None:
    """Let the store know by which keys its pseudonyms are made: by their fingerprints."""
    for alliance, print_of_key in fingerprints(folder):
        if print_of_key and store.state(alliance, KEY).get("print") != print_of_key:
            store.record({"alliance": alliance, "shard": KEY, "print": print_of_key})


def rotate(folder: ProgramFolder, alliance: str) -> int:
    """Forget what the store holds of an alliance and give it a new key; return how many shards were forgotten.

    The next night reads the alliance's exports again. Parts go before the key, so that a rotation that is cut
    short leaves no part under a key that did not make it. Raises StoreBusy, ConfigError.
    """
    file = _file(folder, _known(folder, alliance))
    store = Store(folder.store)
    with store.writing():
        parts = {path.stem for path in store.parts() if path.parent.name == alliance}
        shards = parts | {entry["shard"] for entry in store.states().values() if entry["alliance"] == alliance}
        for shard in sorted(shards):
            store.forget(alliance, shard)
        OwnLabels(store.folder).forget(alliance)
        _forget_history(store, alliance)
        file.unlink(missing_ok=True)
        _made(file)
        write(folder, "rotate-key", alliance)
    return len(parts)


def _forget_history(store: Store, alliance: str) -> None:
    """Leave no line of an alliance in the ledger.

    Old lines name its channels by pseudonyms of the old key, export by export: whoever holds the ledger could match
    them to the new ones by their place, and whoever kept the old key could test them.
    """
    ledger = store.folder / "ledger.jsonl"
    beside = Chain(ledger.with_name("ledger.jsonl.writing"))
    beside.append(*(entry for entry in Chain(ledger).entries() if entry["alliance"] != alliance))
    beside.file.replace(ledger)


def _known(folder: ProgramFolder, alliance: str) -> str:
    if alliance not in (known := [each.id for each in folder.program.alliances]):
        raise ConfigError("program.toml", [f"expected an alliance, one of {', '.join(known)}; found another id"])
    return alliance


def _file(folder: ProgramFolder, alliance: str) -> Path:
    """Return where a key lies; whatever the path looks like, it must not lead into the store."""
    place = folder.keys.resolve()
    for closed in (folder.store, folder.root / "published"):
        if place.is_relative_to(closed.resolve()):
            wanted = f"privacy.keys: expected a folder outside store/ and published/, found one in {closed.name}/"
            raise ConfigError(str(folder.root / "program.toml"), [wanted])
    return folder.keys / f"{alliance}.key"


def _read(file: Path) -> bytes:
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) < 32:
        raise LostKey(f"{file.name}: expected 64 hex digits, found something else; bring the key back from your backup")
    return key


def _made(file: Path) -> bytes:
    """Write a new key durably and return it, or the one that another run made in the same moment."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = file.with_suffix(f".{os.getpid()}.writing")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.link(beside, file)
    except FileExistsError:
        pass
    finally:
        beside.unlink(missing_ok=True)
    return _read(file)
