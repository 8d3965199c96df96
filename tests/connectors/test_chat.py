"""What the chat formats share: instants that are told or unknown, and messages that stand alone or in a thread."""

from datetime import datetime

import pytest

from connectors.chat import NOBODY, chat_message, epoch_instant, iso_instant, local_instant, unnamed


@pytest.mark.parametrize(
    ("stamp", "instant"),
    [
        ("2025-03-03T10:00:00+01:00", "2025-03-03T09:00:00+00:00"),
        ("2025-03-03T09:00:00.123Z", "2025-03-03T09:00:00.123000+00:00"),
        ("2025-03-03T09:00:00", None),
        ("2025-03-0309:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
    ],
)
def test_an_iso_time_is_an_instant_only_with_its_offset(stamp, instant):
    found = iso_instant(stamp)
    assert (found.isoformat() if found else None) == instant


@pytest.mark.parametrize(
    ("stamp", "instant"),
    [
        ("1740992400.000100", "2025-03-03T09:00:00.000100+00:00"),
        (1740992400, "2025-03-03T09:00:00+00:00"),
        ("", None),
        (0, None),
        (-5, None),
        ("inf", None),
        ("nan", None),
        (1e300, None),
        ([], None),
        ("yesterday", None),
    ],
)
def test_seconds_since_1970_are_an_instant_or_nothing(stamp, instant):
    found = epoch_instant(stamp)
    assert (found.isoformat() if found else None) == instant


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2025-07-01T10:00", "2025-07-01T08:00"),
        ("2025-10-26T02:30", "2025-10-26T00:30"),
        ("2025-03-30T02:30", "2025-03-30T01:30"),
    ],
)
def test_a_wall_clock_is_read_in_its_zone_also_when_the_clocks_change(local, utc):
    found = local_instant(datetime.fromisoformat(local), "Europe/Berlin")
    assert found.isoformat() == f"{utc}:00+00:00"


def test_a_message_that_its_platform_puts_into_no_thread_is_its_own():
    alone = chat_message("x", "1", "file 1#1", sender=NOBODY, text="", sent_at=None)
    assert (alone.thread_id, alone.parent_id, alone.flags, alone.time_quality) == ("1", "", frozenset(), "missing")


def test_the_root_of_a_thread_is_not_its_own_parent():
    root = chat_message("x", "1", "file 1#1", sender=NOBODY, text="", sent_at=None, thread="1", parent="1")
    assert (root.parent_id, root.flags) == ("", {"threaded"})


def test_user_names_become_tokens_and_addresses_stay():
    assert unnamed("@mira.l, ask @all or mail a@b.example.") == "@someone, ask @someone or mail a@b.example."
