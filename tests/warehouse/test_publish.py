import tomllib
from pathlib import Path

import pytest

import warehouse
from warehouse import NoPublishedFile, Published, documented
from warehouse.publish import documented_views, publish

ROOM = Path(warehouse.__file__).parent


def described(published, name):
    return {row["column_name"]: row["column_type"].lower() for row in published.query(f'describe "{name}"')}


def test_every_table_and_view_has_the_columns_that_are_documented_and_no_other(year):
    for name, columns in {**documented(), **documented_views()}.items():
        assert described(year, name) == {column: kind for column, (kind, _) in columns.items()}
    there = {row["name"] for row in year.query("select table_name as name from information_schema.tables")}
    assert there == documented().keys() | documented_views().keys()


def test_every_column_is_explained_here_and_in_the_database_itself(year):
    told = year.query("select table_name, column_name, comment from duckdb_columns() where not internal")
    assert told
    for row in told:
        assert row["comment"], f"{row['table_name']}.{row['column_name']}"
    for columns in {**documented(), **documented_views()}.values():
        assert all(len(meaning) > 1 for _, meaning in columns.values())


def test_a_view_lies_in_a_file_of_its_own_name_and_so_does_a_private_table():
    from warehouse.private import BUILD_ORDER

    assert {path.stem for path in (ROOM / "views").glob("*.sql")} == documented_views().keys()
    assert {path.stem for path in (ROOM / "sql").glob("*.sql")} == set(BUILD_ORDER)


def test_a_derived_table_lies_in_a_file_of_its_own_name_and_is_documented():
    from warehouse.stewardship import DERIVED

    assert {path.stem for path in (ROOM / "derived").glob("*.sql")} == set(DERIVED)
    assert set(DERIVED) <= documented().keys()


@pytest.mark.parametrize("path", sorted(ROOM.glob("*/*.sql")), ids=lambda path: path.stem)
def test_every_sql_file_says_what_it_holds_at_which_grain_and_how_private(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line.split(":")[0] for line in lines[:3]] == ["-- what", "-- grain", "-- privacy"]
    assert all(len(line) <= 120 for line in lines)


def test_no_published_column_could_hold_a_person_or_a_message(year):
    names = {column for columns in documented().values() for column in columns}
    assert not names & {"person", "pseudonym", "author", "message_key", "thread_key", "text_key", "week", "address"}


def test_a_reader_keeps_its_night_while_the_file_is_replaced(tmp_path):
    import duckdb

    target = tmp_path / "published.duckdb"
    publish({"run": [{"run_id": "first"}]}, target)
    with duckdb.connect(str(target), read_only=True) as reader:
        publish({"run": [{"run_id": "second"}]}, target)
        assert reader.execute("select run_id from run").fetchall() == [("first",)]
    assert Published(target).query("select run_id from run") == [{"run_id": "second"}]


def test_a_night_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    target = tmp_path / "published.duckdb"
    publish({"run": [{"run_id": "first"}]}, target)
    with pytest.raises(Exception, match="int"):
        publish({"run": [{"run_id": "second", "min_people": "five"}]}, target)
    assert Published(target).query("select run_id from run") == [{"run_id": "first"}]
    assert [path.name for path in tmp_path.iterdir()] == ["published.duckdb"]


def test_what_was_never_published_says_so(tmp_path):
    with pytest.raises(NoPublishedFile, match="run a night first"):
        Published(tmp_path / "none.duckdb")


def test_a_query_takes_values_and_cannot_write(year):
    assert year.query("select $name as name", name="'; drop table run; --") == [{"name": "'; drop table run; --"}]
    with pytest.raises(Exception, match="read-only"):
        year.query("drop table run")


def test_the_documents_are_plain_toml():
    for name in ("tables.toml", "views.toml", "indicators.toml", "rules.toml", "diagnosis.toml"):
        assert tomllib.loads((ROOM / name).read_text(encoding="utf-8"))
