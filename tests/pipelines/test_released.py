"""What a night may publish after another: only whole groups come and go."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.night import night
from warehouse import Disclosed, Published

NIGHT = datetime(2026, 3, 2, 2, tzinfo=UTC)


def indicators(program):
    found = Published(program.root / "published" / "quietpivot.duckdb").query(
        "select * from indicator where messages is not null order by all"
    )
    return [{name: value for name, value in row.items() if name != "status"} for row in found]


def memories(program):
    return sorted((program.root / "store" / "released").glob("*.json"))


def test_one_withdrawal_changes_no_published_number(program):
    night(program.root, NIGHT)
    before = indicators(program)
    assert before
    program.consent("a1", event="withdrawn", at=date(2026, 3, 1), recorded=NIGHT + timedelta(hours=1))
    night(program.root, NIGHT + timedelta(days=1))
    assert indicators(program) == before


def test_the_store_remembers_the_published_file_and_no_other(program):
    night(program.root, NIGHT)
    night(program.root, NIGHT + timedelta(days=1))
    (memory,) = memories(program)
    published = Published(program.root / "published" / "quietpivot.duckdb").query("select fingerprint from run")
    assert memory.stem == published[0]["fingerprint"]
    assert memory.stat().st_mode & 0o777 == 0o600
    assert json.loads(memory.read_text().partition("\n")[2])


def test_a_night_whose_publication_would_give_something_away_is_not_published(program, monkeypatch):
    night(program.root, NIGHT)
    before = indicators(program)
    monkeypatch.setattr(
        "warehouse.auditor.audit", lambda *tables: ["indicator tide month 2026-02-01 tone both: follows"]
    )
    with pytest.raises(Disclosed, match="tide month 2026-02-01"):
        night(program.root, NIGHT + timedelta(days=1))
    assert indicators(program) == before
