"""Late, edited, deleted, duplicate and skewed messages of five zones, over three nights: one table, row by row."""

import csv
import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from connectors import message_id
from pipelines.building import inputs
from pipelines.context import Context
from pipelines.folder import ProgramFolder
from pipelines.night import night
from pipelines.people import people_of
from pipelines.self_reports import self_reports
from warehouse import Memory, Published, Store
from warehouse.private import private_tables, rows

WAYS = ("a_to_b", "b_to_a")
NIGHTS = [datetime(2026, 4, day, 2, tzinfo=UTC) for day in (2, 3, 4)]
COLUMNS = ("id", "sender", "sent_at", "edited_at", "kind", "parent", "recipients", "text")

EXPORTS = {
    "berlin.csv": [
        ("autumn-first-0230", "a0", "2025-10-26T02:30:00+02:00"),
        ("autumn-second-0230", "a1", "2025-10-26T02:30:00+01:00"),
        ("spring-last-before", "a2", "2026-03-29T01:59:59+01:00"),
        ("spring-first-after", "a3", "2026-03-29T03:00:00+02:00"),
        ("month-ends", "a0", "2026-01-01T00:59:59+01:00"),
        ("month-begins", "a0", "2026-01-01T01:00:00+01:00"),
        ("edited", "a4", "2026-02-10T09:00:00+01:00"),
        ("without-offset", "a5", "2026-02-10T09:00:00"),
    ],
    "new-york.csv": [
        ("autumn-first-0130", "b0", "2025-11-02T01:30:00-04:00"),
        ("autumn-second-0130", "b1", "2025-11-02T01:30:00-05:00"),
        ("spring-last-before-0200", "b2", "2026-03-08T01:59:59-05:00"),
        ("spring-first-after-0300", "b3", "2026-03-08T03:00:00-04:00"),
        ("evening-of-the-month-before", "b0", "2025-10-31T22:30:00-04:00"),
        ("deleted", "b4", "2026-02-11T12:00:00-05:00"),
    ],
    "kathmandu.csv": [("morning-of-the-month-after", "b5", "2026-01-01T03:00:00+05:45")],
    "auckland.csv": [
        ("summer", "b6", "2026-02-01T11:00:00+13:00"),
        ("answered-before-asked", "b6", "2026-02-12T10:00:00+13:00", {"parent": "asked-later"}),
        ("asked-later", "a6", "2026-02-12T10:05:00+13:00"),
    ],
    "honolulu.csv": [
        ("no-summer-time", "a6", "2026-01-31T15:00:00-10:00"),
        ("clock-a-day-ahead", "a6", "2026-04-02T17:00:00-10:00"),
    ],
}
SECOND = {
    "late.csv": [
        ("late", "b0", "2025-11-15T12:00:00+00:00"),
        ("autumn-first-0230", "a0", "2025-10-26T00:30:00+00:00"),
        ("edited", "a4", "2026-02-10T09:00:00+01:00", {"edited_at": "2026-04-02T10:00:00+02:00", "text": "because"}),
    ]
}
THIRD = {
    "older-edit.csv": [("edited", "a4", "2026-02-10T08:00:00+00:00", {"edited_at": "2026-02-10T09:00:00+00:00"})],
    "new-york.csv": [*EXPORTS["new-york.csv"][:-1], (*EXPORTS["new-york.csv"][-1], {"kind": "deleted"})],
}
CHAT = "2025-10-26T02:30:00  <mira> Which of the two half past twos was that?\n"
CHAT += "2026-03-29T02:30:00  <pavel> There was no half past two in that night.\n"

FIRST_NIGHT = {
    "autumn-first-0230": ("2025-10-26 00:30:00", "2025-10-01", "2025-10-20", "a", 0),
    "autumn-second-0230": ("2025-10-26 01:30:00", "2025-10-01", "2025-10-20", "a", 0),
    "chat 2025-10-26": ("2025-10-26 00:30:00", "2025-10-01", "2025-10-20", "a", 0),
    "evening-of-the-month-before": ("2025-11-01 02:30:00", "2025-11-01", "2025-10-27", "b", 0),
    "autumn-first-0130": ("2025-11-02 05:30:00", "2025-11-01", "2025-10-27", "b", 0),
    "autumn-second-0130": ("2025-11-02 06:30:00", "2025-11-01", "2025-10-27", "b", 0),
    "month-ends": ("2025-12-31 23:59:59", "2025-12-01", "2025-12-29", "a", 0),
    "morning-of-the-month-after": ("2025-12-31 21:15:00", "2025-12-01", "2025-12-29", "b", 0),
    "month-begins": ("2026-01-01 00:00:00", "2026-01-01", "2025-12-29", "a", 0),
    "summer": ("2026-01-31 22:00:00", "2026-01-01", "2026-01-26", "b", 0),
    "no-summer-time": ("2026-02-01 01:00:00", "2026-02-01", "2026-01-26", "a", 0),
    "edited": ("2026-02-10 08:00:00", "2026-02-01", "2026-02-09", "a", 0),
    "answered-before-asked": ("2026-02-11 21:00:00", "2026-02-01", "2026-02-09", "b", 0),
    "asked-later": ("2026-02-11 21:05:00", "2026-02-01", "2026-02-09", "a", 0),
    "deleted": ("2026-02-11 17:00:00", "2026-02-01", "2026-02-09", "b", 0),
    "spring-last-before-0200": ("2026-03-08 06:59:59", "2026-03-01", "2026-03-02", "b", 0),
    "spring-first-after-0300": ("2026-03-08 07:00:00", "2026-03-01", "2026-03-02", "b", 0),
    "spring-last-before": ("2026-03-29 00:59:59", "2026-03-01", "2026-03-23", "a", 0),
    "spring-first-after": ("2026-03-29 01:00:00", "2026-03-01", "2026-03-23", "a", 0),
    "chat 2026-03-29": ("2026-03-29 01:30:00", "2026-03-01", "2026-03-23", "b", 0),
}
"""Message -> instant, month and week (UTC) of sending, side, and whether the scorer read "because" in it."""

SECOND_NIGHT = {
    **FIRST_NIGHT,
    "late": ("2025-11-15 12:00:00", "2025-11-01", "2025-11-10", "b", 0),
    "edited": (*FIRST_NIGHT["edited"][:4], 1),
}
THIRD_NIGHT = {
    **{name: row for name, row in SECOND_NIGHT.items() if name != "deleted"},
    "clock-a-day-ahead": ("2026-04-03 03:00:00", "2026-04-01", "2026-03-30", "a", 0),
}
LEFT_OUT = [
    {("read", "no_time"): 1, ("read", "sent_in_the_future"): 1},
    {("read", "no_time"): 1, ("read", "sent_in_the_future"): 1},
    {("read", "no_time"): 1, ("read", "deleted"): 1},
]

PUBLISHED = [
    ("2025-10", "a_to_b", "suppressed"),
    ("2025-10", "b_to_a", "no_data"),
    ("2025-11", "a_to_b", "no_data"),
    ("2025-11", "b_to_a", "suppressed"),
    *((month, way, "suppressed") for month in ("2025-12", "2026-01", "2026-02", "2026-03") for way in WAYS),
    *(("2026-04", way, "low_n") for way in WAYS),
]
"""Few people wrote where anybody did; where nobody did there is nothing, never 0; and April is not over."""


def write(program, exports):
    for name, messages in exports.items():
        with (program.root / "exports" / "tide" / name).open("w", newline="") as stream:
            table = csv.DictWriter(stream, COLUMNS, restval="")
            table.writeheader()
            for native, sender, sent_at, *more in messages:
                to = program.address("b1" if sender[0] == "a" else "a1")
                row = {"id": native, "sender": program.address(sender), "sent_at": sent_at, "recipients": to}
                text = f"The valve of {native} stays shut as its seal leaks under load."
                table.writerow({**row, "text": text, **(more[0] if more else {})})


def chat(program):
    (program.root / "exports" / "chat").mkdir()
    (program.root / "exports" / "chat" / "valves.log").write_text(CHAT)
    with (program.root / "people.csv").open("a") as roster:
        roster.write("a6,irc:irc/mira,aster,,,,\nb6,irc:irc/pavel,birch,,,,\n")
    places = '[[exports]]\npath = "exports/tide"\nalliances = ["tide"]\n'
    places += '[[exports]]\npath = "exports/chat"\nalliances = ["tide"]\nformat = "irc"\nzone = "Europe/Berlin"\n'
    settings = program.root / "program.toml"
    settings.write_text(settings.read_text() + places)


def found(program, at):
    """Return message -> what the build's table of messages says of it."""
    context = Context.open(program.root, at)
    people = people_of(ProgramFolder.open(program.root), at)["tide"]
    names = {native for exports in (EXPORTS, SECOND, THIRD) for own in exports.values() for native, *_ in own}
    keys = {people.named(f"message/{message_id('generic', name)}"): name for name in names}
    columns = "message_key, sent_at, month, week, side, medium, says_shares"
    with private_tables(inputs(context, self_reports(context), "", Memory()), "message") as connection:
        table = rows(connection, f"select {columns} from message")
    assert len({row["message_key"] for row in table}) == len(table), "each once"
    return {
        keys.get(row["message_key"], f"chat {row['sent_at'].date()}"): (
            *(f"{row['sent_at']:%Y-%m-%d %H:%M:%S}", str(row["month"]), str(row["week"])),
            *(row["side"], row["says_shares"]),
        )
        for row in table
    }


def left_out(program):
    counts = Counter()
    for state in Store(program.root / "store").states().values():
        counts.update({tuple(reason.split("/")): n for reason, n in state.get("counts", {}).items()})
    return dict(counts)


@pytest.fixture
def zones(program):
    (program.root / "exports" / "tide" / "mail.mbox").unlink()
    chat(program)
    return program


def test_messages_of_five_zones_stand_in_their_utc_month_whenever_and_however_often_they_come(zones):
    tables, counts = [], []
    for at, exports in zip(NIGHTS, (EXPORTS, SECOND, THIRD), strict=True):
        write(zones, exports)
        night(zones.root, at)
        tables.append(found(zones, at))
        counts.append(left_out(zones))
    assert tables == [FIRST_NIGHT, SECOND_NIGHT, THIRD_NIGHT]
    assert counts == LEFT_OUT
    statuses = Published(zones.root / "published" / "quietpivot.duckdb").query(
        "select period, direction, status from indicator "
        "where indicator = 'frequency' and grain = 'month' and direction <> 'both' order by all"
    )
    assert [(str(row["period"])[:7], row["direction"], row["status"]) for row in statuses] == PUBLISHED


def test_the_table_of_messages_is_the_same_in_whatever_order_the_exports_come(zones):
    write(zones, {**EXPORTS, **SECOND, **THIRD})
    night(zones.root, NIGHTS[2])
    assert json.dumps(found(zones, NIGHTS[2]), sort_keys=True) == json.dumps(THIRD_NIGHT, sort_keys=True)
