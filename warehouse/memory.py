"""What was published, and by how many it may change: the private memory of every block of numbers.

A block is what stands or changes together: an alliance's numbers of one period and one kind of contribution. The
memory keeps its rows as they were published, and for every release who stood behind it: digests of people who
consent now, and of everybody else nothing but how many they were. See docs/decisions/0008.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

from warehouse.durable import write_whole
from warehouse.errors import BadMemory
from warehouse.together import come_down_to_few

Row = dict[str, Any]
Party = dict[str, str]
"""Digest of a person -> digest of the days on which that person is covered; "" for what has no names (`counted`)."""


@dataclass(frozen=True, slots=True)
class Behind:
    """Who stands behind one slot of a release: digests, and how many more whose digests are erased."""

    party: Party = field(default_factory=dict)
    gone: int = 0

    def moved(self, now: Party) -> int:
        """Return the fewest people who joined, left, or are covered on other days now; 0 only when surely nobody.

        Somebody who is gone may be among those who joined, so that only the difference of the two is sure. The same
        holds of what has no names: one answer that is corrected leaves and joins.
        """
        left, joined = len(self.party.keys() - now.keys()), len(now.keys() - self.party.keys())
        if "" in now.values() or "" in self.party.values():
            return max(left, joined)
        altered = sum(self.party[each] != now[each] for each in self.party.keys() & now.keys())
        sure = left + altered + abs(self.gone - joined)
        return max(sure, 1) if self.gone else sure

    def without(self, known: set[str]) -> "Behind":
        """Return the same with nothing but a number of those who are not known any more."""
        if "" in self.party.values():
            return self
        kept = {each: days for each, days in self.party.items() if each in known}
        return Behind(kept, self.gone + len(self.party) - len(kept))


Release = dict[str, Behind]
"""Slot (kind, direction and side) -> who stands behind it."""


@dataclass(slots=True)
class Block:
    """Every distinct release of a block, the latest last, and its rows as they are published now, by table.

    `least` is the minimum group that those rows were released for.
    """

    releases: list[Release] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    least: int = 0

    def release(self, behind: Release, least: int) -> None:
        """Note who stands behind the rows from now on."""
        self.releases = [*(each for each in self.releases if each != behind), behind]
        self.least = least

    def may_become(self, now: Mapping[str, Party], least: int) -> bool:
        """Say whether every slot differs from every release by nobody or by at least `least` people.

        Nor may all releases together, added and subtracted, come down to fewer.
        """
        slots = now.keys() | {slot for release in self.releases for slot in release}
        return all(
            release.get(slot, Behind()).moved(now.get(slot, {})) not in range(1, least)
            for release in self.releases
            for slot in release.keys() | now.keys()
        ) and not any(come_down_to_few(self._histories(slot, now.get(slot, {})), least) for slot in slots)

    def tells_few(self) -> bool:
        """Say whether all releases, added and subtracted, come down to fewer people than the last was released for."""
        *before, last = self.releases
        slots = {slot: behind.party for slot, behind in last.items()}
        return any(come_down_to_few(Block(before)._histories(slot, slots[slot]), self.least) for slot in slots)

    def _histories(self, slot: str, now: Party) -> list[set[object]]:
        """Return who stood behind a slot in each release, and stands now; one on other days is somebody else.

        Those who are gone count as others in every release: what returns with them is held by `Behind.moved`.
        """
        own = [(release[slot].party, release[slot].gone) for release in self.releases if slot in release]
        return [
            {*party.items(), *((number, one) for one in range(gone))}
            for number, (party, gone) in enumerate([*own, (now, 0)])
            if "" not in party.values()
        ]


@dataclass(slots=True)
class Memory:
    """The blocks that a night starts from, and those that it leaves behind once it is built.

    `keys` are secret, one an alliance, and lie outside the store; without them no digest can be matched to a pseudonym.
    """

    keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    blocks: dict[str, Block] = field(default_factory=dict)
    after: dict[str, Block] = field(default_factory=dict)

    def digest(self, alliance: str, value: object) -> str:
        """Return a keyed digest of 8 bytes."""
        key = self.keys.get(alliance, b"")[:64]
        return blake2b(repr((alliance, value)).encode(), key=key, digest_size=8).hexdigest()

    def naming(self, alliance: str, person: str) -> list[str]:
        """Return the names of the blocks that hold a digest of a person, given by pseudonym."""
        own = self.digest(alliance, person)
        return [
            name
            for name, block in self.blocks.items()
            if any(own in behind.party for release in block.releases for behind in release.values())
        ]

    @classmethod
    def load(cls, folder: Path, published: str, keys: Mapping[str, bytes]) -> "Memory":
        """Return the memory of the file that is published; where that file is lost, the latest that there is.

        Raises BadMemory for one that cannot be read: starting anew would let two files be told apart.
        """
        file = folder / f"{published}.json"
        if not published or not file.is_file():
            file = max(folder.glob("*.json"), key=lambda each: each.stat().st_mtime_ns, default=file)
        if not file.is_file():
            return cls(keys)
        try:
            blocks = {name: _block(each) for name, each in json.loads(_unsealed(file.read_bytes())).items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadMemory(
                f"{folder.name}/{file.name}: expected what was published last, found something else; bring it back "
                "from a backup, or remove it, and whoever keeps the published files may tell single people apart"
            ) from None
        return cls(keys, blocks)

    def save(self, folder: Path, published: str) -> None:
        """Keep what the night leaves behind, durably, before its file is published. 0600 in a 0700 folder."""
        plain = {name: _plain(each) for name, each in self.after.items()}
        write_whole(folder / f"{published}.json", sealed(json.dumps(plain, default=date.isoformat).encode()))


def sealed(content: bytes) -> bytes:
    """Return content with its own hash in a first line, so that no changed byte goes unseen."""
    return sha256(content).hexdigest().encode() + b"\n" + content


def _unsealed(content: bytes) -> bytes:
    """Return what was sealed. Raises ValueError when it is not as it was."""
    seal, _, rest = content.partition(b"\n")
    if seal != sha256(rest).hexdigest().encode():
        raise ValueError("not as it was sealed")
    return rest


def forget_others(folder: Path, published: str) -> None:
    """Remove the memory of every file but the one that is published now, when that one is there."""
    for file in folder.glob("*.json") if (folder / f"{published}.json").is_file() else ():
        if file.stem != published:
            file.unlink()


def _plain(block: Block) -> dict[str, Any]:
    releases = [{slot: [each.party, each.gone] for slot, each in release.items()} for release in block.releases]
    return {"releases": releases, "rows": block.rows, "least": block.least}


def _block(plain: Mapping[str, Any]) -> Block:
    releases = [{slot: Behind(party, gone) for slot, (party, gone) in each.items()} for each in plain["releases"]]
    rows = {table: [_dated(row) for row in own] for table, own in plain["rows"].items()}
    return Block(releases, rows, plain["least"])


def _dated(row: Row) -> Row:
    return {**row, "period": date.fromisoformat(row["period"])} if "period" in row else row


def counted(values: Iterable[object]) -> Party:
    """Return a party of things that have no names: equal ones are told apart by their number only."""
    party: Party = {}
    seen: dict[object, int] = {}
    for value in values:
        seen[value] = seen.get(value, 0) + 1
        party[f"{value}#{seen[value]}"] = ""
    return party
