"""A disk that is full, at any stage: said so, nothing half-written, and once there is room all ends as undisturbed."""

import shutil
import subprocess

import pytest

KIB = 1024
SIZE = 16 * KIB * KIB


def stands_as_before(changing, before, root):
    """Say whether what is published is as it was, or is whole already, and nothing half-made lies about."""
    made = [each.name for room in ("store", "published", "keys") for each in (root / room).rglob("*")]
    strays = [name for name in made if "writing" in name or name.startswith(("next", "migrat"))]
    published = [(root / "published" / name).read_bytes() for name in ("quietpivot.duckdb", "report.html")]
    return not strays and (published == before or changing.same(root))


def published_before(changing):
    return [(changing.start / "published" / name).read_bytes() for name in ("quietpivot.duckdb", "report.html")]


def ends_the_same(changing, root, make_room=lambda: None, **order):
    """Let a night find no room, make some, run another and compare; say how the first one ended."""
    ended = changing.nights.run(root, **order)
    if ended["code"] != 0:
        assert ended["code"] == 1, ended["said"]
        assert "expected room on the disk" in ended["said"], ended["said"]
        assert "make room and run again" in ended["said"]
        assert stands_as_before(changing, published_before(changing), root), order
    make_room()
    after = changing.nights.run(root)
    assert after["code"] == 0, (order, after["said"])
    assert changing.same(root), order
    return ended["code"]


def test_a_disk_that_fills_up_during_a_night_is_told_and_costs_nothing(changing_shortly):
    changes = changing_shortly.undisturbed["changes"]
    for change in (changes // 2, changes - 12):
        changing_shortly.put_back()
        assert ends_the_same(changing_shortly, changing_shortly.root, full=change) == 1, change


@pytest.mark.slow
def test_a_disk_that_fills_up_before_any_new_file_is_told_and_costs_nothing(changing_shortly, record_property):
    refused = 0
    for change in range(1, changing_shortly.undisturbed["changes"] + 1, 2):
        changing_shortly.put_back()
        refused += ends_the_same(changing_shortly, changing_shortly.root, full=change)
    record_property("refused", refused)
    assert refused > 10


@pytest.fixture
def small_disk(tmp_path):
    """Return a folder on a disk of its own, where the machine allows to mount one."""
    place = tmp_path / "small"
    place.mkdir()
    try:
        command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place]
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("this machine lets its user mount no disk")
    yield place
    subprocess.run(["umount", place], check=True)


def leave(place, free):
    """Fill a disk until so many bytes are free; return the file that fills it."""
    ballast = place / "ballast"
    ballast.write_bytes(b"\0" * max(0, shutil.disk_usage(place).free - free))
    return ballast


FREE = [0, 4, 16, 64, 128, 256, 384, 512, 640, 768, 896, 1024, 1280, 1536, 2048, 3072]
"""Kilobytes left to a night; what it writes at once is about a megabyte."""


@pytest.mark.slow
def test_a_disk_that_is_really_full_is_told_at_every_stage_and_costs_nothing(
    changing_shortly, small_disk, record_property
):
    root, codes = small_disk / "harbour", []
    for free in FREE:
        changing_shortly.put_back(root)
        ballast = leave(small_disk, free * KIB)
        codes.append(ends_the_same(changing_shortly, root, ballast.unlink))
    record_property("refused", sum(codes))
    assert sum(codes) >= 6
    assert codes[-1] == 0, "with room enough the night goes through"
