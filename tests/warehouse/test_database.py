import re
from pathlib import Path

import duckdb
import pytest

import warehouse
from warehouse import NotEncrypted, Published
from warehouse.database import SHUT, connected, encrypt, refuse_plain
from warehouse.errors import NotShut
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
    assert found == {"database.py"}


@pytest.mark.parametrize("in_memory", [True, False])
def test_every_connection_is_asked_whether_it_is_shut(tmp_path, in_memory):
    path = None if in_memory else tmp_path / "a.duckdb"
    with connected(path) as connection:
        asked = ", ".join(f"current_setting('{name}') as {name}" for name in SHUT)
        assert rows(connection, f"select {asked}") == [SHUT]


def test_a_setting_that_does_not_take_is_noticed(monkeypatch):
    monkeypatch.setitem(SHUT, "enable_progress_bar", True)
    with pytest.raises(NotShut, match="enable_progress_bar"):
        connected()


# --- encryption that fails closed ---


def can_encrypt():
    try:
        refuse_plain()
    except NotEncrypted:
        return False
    return True


PLAIN_ONLY = pytest.mark.skipif(can_encrypt(), reason="DuckDB can write encrypted files here")


@pytest.fixture
def secret_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("warehouse.database._keys", {})
    encrypt(tmp_path, bytes(32))
    return tmp_path


@PLAIN_ONLY
def test_without_the_cipher_nothing_is_written_and_what_to_do_is_said(secret_folder):
    with pytest.raises(NotEncrypted, match=r"httpfs.*install it.*or set privacy\.encrypt = false.*nothing was written"):
        publish({}, secret_folder / "published.duckdb")
    assert list(secret_folder.iterdir()) == []


@PLAIN_ONLY
def test_the_database_itself_refuses_to_write_without_the_cipher(secret_folder, monkeypatch):
    monkeypatch.setattr("warehouse.database._load_cipher", lambda connection: None)
    with pytest.raises(NotEncrypted, match="cannot be opened so"):
        publish({}, secret_folder / "published.duckdb")
    assert list(secret_folder.iterdir()) == []


@pytest.mark.skipif(not can_encrypt(), reason="DuckDB has no cipher for writing here")
def test_an_encrypted_file_is_read_with_its_key_and_with_no_other(secret_folder):
    publish({"run": [{"run_id": "canary"}]}, secret_folder / "published.duckdb")
    assert Published(secret_folder / "published.duckdb").query("select run_id from run") == [{"run_id": "canary"}]
    assert b"canary" not in (secret_folder / "published.duckdb").read_bytes()
    encrypt(secret_folder, bytes(31) + b"1")
    with pytest.raises(NotEncrypted):
        Published(secret_folder / "published.duckdb").query("select run_id from run")


def test_a_plain_file_is_not_taken_for_an_encrypted_one(tmp_path, monkeypatch):
    publish({}, tmp_path / "published.duckdb")
    monkeypatch.setattr("warehouse.database._keys", {})
    encrypt(tmp_path, bytes(32))
    with pytest.raises(NotEncrypted, match="cannot be opened so"):
        Published(tmp_path / "published.duckdb").query("select 1")


def test_the_switch_for_weak_encryption_stands_nowhere():
    room = Path(warehouse.__file__).parent
    assert not [path.name for path in room.glob("*.py") if "mbedtls" in path.read_text()]


def test_a_query_is_never_put_to_a_cursor_which_would_draw_the_bar_again():
    room = Path(warehouse.__file__).parent
    assert not [path.name for path in room.glob("*.py") if re.search(r"\.cursor\(\)", path.read_text())]
