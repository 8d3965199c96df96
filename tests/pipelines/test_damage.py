"""Bits that flip and files that are cut short: named with what to do, or without any effect; never silent."""

import random
import re
import shutil

import pytest

from pipelines.audit import write
from pipelines.folder import ProgramFolder
from warehouse import Store

KINDS = {
    "part": "store/parts/tide/*.parquet",
    "ledger": "store/ledger.jsonl",
    "runs": "store/runs.jsonl",
    "accesses": "store/audit.jsonl",
    "version": "store/version",
    "lock": "store/lock",
    "memory": "store/released/*.json",
    "key": "keys/tide.key",
    "heads": "keys/*.head",
    "register": "consent.csv",
    "copy of the register": "keys/register-copy.csv",
    "database": "published/quietpivot.duckdb",
    "page": "published/report.html",
}
NAMES = {
    "ledger": r"ledger\.jsonl|parts/tide/\w+\.parquet|published/",
    "memory": r"released|[0-9a-f]{64}\.json",
    "part": r"parts/tide/\w+\.parquet",
    "heads": r"\w+\.(head|jsonl)",
}
"""How a kind of file is named to the user, where that is not its own name."""


@pytest.fixture
def finished(changing_shortly):
    """A program after its second night, with an access in its log."""
    for number in range(3):
        write(ProgramFolder.open(changing_shortly.root), "my-data", f"pseudonym{number}")
    return changing_shortly


@pytest.fixture
def damaged(finished):
    """Return a function that damages one file of a copy and runs a night; it says whether the damage was named.

    Whatever is not named must not matter: the same tables, and a store of which everything is whole.
    """
    copy = finished.root.with_name("damaged") / finished.root.name

    def named(kind, damage):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(finished.root, copy)
        file = sorted(copy.glob(KINDS[kind]))[0]
        file.write_bytes(damage(file.read_bytes()))
        ended = finished.nights.run(copy)
        assert not ended["killed"]
        assert "fault of the program" not in ended["said"], ended["said"]
        if ended["code"] != 0:
            assert re.search(NAMES.get(kind, re.escape(file.name)), ended["said"]), ended["said"]
        if ended["code"] in (0, 3):
            assert finished.same(copy), ended["said"]
            assert Store(copy / "store").damaged() == []
        return ended["code"] != 0

    return named


def flip(place, bit):
    return lambda content: content[:place] + bytes([content[place] ^ (1 << bit)]) + content[place + 1 :]


def cut(length):
    return lambda content: content[:length]


def size_of(finished, kind):
    return sorted(finished.root.glob(KINDS[kind]))[0].stat().st_size


def test_damage_is_named(finished, damaged):
    for kind in ("part", "ledger", "register", "page"):
        assert damaged(kind, flip(size_of(finished, kind) // 2, 0)), kind
    for kind in ("part", "accesses", "memory"):
        assert damaged(kind, cut(size_of(finished, kind) * 2 // 3)), kind


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_any_flipped_bit_and_any_cut_is_named_or_does_not_matter(finished, damaged, kind, record_property):
    chance = random.Random(kind)
    size = size_of(finished, kind)
    places = [(chance.randrange(size), chance.randrange(8)) for _ in range(20)] if size else []
    lengths = sorted({0, size - 1, *(chance.randrange(size) for _ in range(8))}) if size else []
    flips = [damaged(kind, flip(*place)) for place in places]
    cuts = [damaged(kind, cut(length)) for length in lengths]
    record_property("flips named", f"{sum(flips)} of {len(flips)}")
    record_property("cuts named", f"{sum(cuts)} of {len(cuts)}")


def spoil(program):
    part = next((program.root / "store" / "parts" / "tide").glob("*.parquet"))
    part.write_bytes(flip(300, 3)(part.read_bytes()))
    return part


def test_a_damaged_part_is_read_again_from_its_export(finished):
    spoil(finished)
    ended = finished.nights.run(finished.root)
    assert ended["code"] == 3
    assert re.search(r"not used: store/parts/tide/\w+\.parquet: was damaged; its export exports/tide/", ended["said"])
    assert finished.same()
    assert finished.nights.run(finished.root)["code"] == 0


def test_a_damaged_part_whose_export_is_gone_stops_the_night_until_somebody_decides(finished):
    part = spoil(finished)
    shutil.rmtree(finished.root / "exports" / "tide")
    ended = finished.nights.run(finished.root)
    assert ended["code"] == 1
    assert part.name in ended["said"]
    assert "bring the part back from a backup" in ended["said"]
    assert finished.same()
    part.unlink()
    ended = finished.nights.run(finished.root)
    assert ended["code"] == 3
    assert "missing from now on" in ended["said"]
    assert finished.nights.run(finished.root)["code"] == 0


def test_another_key_is_never_taken_for_the_one_that_made_the_pseudonyms(finished):
    parts = Store(finished.root / "store").parts()
    content = [part.read_bytes() for part in parts]
    (finished.root / "keys" / "tide.key").write_text("ab" * 32 + "\n")
    ended = finished.nights.run(finished.root)
    assert ended["code"] == 2
    assert "tide.key: expected the key that made the store's pseudonyms, found another" in ended["said"]
    assert [part.read_bytes() for part in parts] == content
