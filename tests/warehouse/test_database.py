import re
from pathlib import Path

import duckdb
import pytest

import warehouse
from warehouse import Published
from warehouse.database import connected
from warehouse.private import private_tables, rows
from warehouse.publish import publish

ASKED = "select current_setting('enable_progress_bar') as bar, current_setting('TimeZone') as zone"
WANTED = [{"bar": False, "zone": "UTC"}]


@pytest.fixture(autouse=True)
def abroad(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Kathmandu")


def test_a_database_in_memory_draws_no_progress_bar_and_counts_in_utc():
    with connected() as connection:
        assert rows(connection, ASKED) == WANTED
    with duckdb.connect(":memory:") as connection:
        assert rows(connection, ASKED) != WANTED, "the measure sees a database that was opened otherwise"


def test_private_tables_and_the_published_file_are_opened_that_way(program, tmp_path):
    with private_tables(program.inputs(), "message") as connection:
        assert rows(connection, ASKED) == WANTED
    publish({}, tmp_path / "published.duckdb")
    assert Published(tmp_path / "published.duckdb").query(ASKED) == WANTED


def test_what_writes_or_may_take_long_opens_its_database_here():
    found = {path.name for path in Path(warehouse.__file__).parent.glob("*.py") if "duckdb.connect" in path.read_text()}
    assert found <= {"database.py", "auditor.py"}


def test_a_query_is_never_put_to_a_cursor_which_would_draw_the_bar_again():
    room = Path(warehouse.__file__).parent
    assert not [path.name for path in room.glob("*.py") if re.search(r"\.cursor\(\)", path.read_text())]
