import pytest

from warehouse import Published, Store, write_part
from warehouse.database import connected
from warehouse.publish import publish

ESCAPES = [
    "select * from read_text('{secret}')",
    "select * from read_csv('{secret}')",
    "select * from '{secret}'",
    "select * from glob('{folder}/*')",
    "attach '{folder}/other.duckdb'",
    "copy (select 1) to '{folder}/out.csv'",
    "export database '{folder}/out'",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set allowed_paths = ['{secret}']",
    "set temp_directory = '{folder}'",
    "reset lock_configuration",
    "select * from read_csv('http://127.0.0.1:9/x.csv')",
]


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "secret.csv"
    file.write_text("canary\n1\n", encoding="utf-8")
    return {"secret": file, "folder": tmp_path}


@pytest.mark.parametrize("escape", ESCAPES)
def test_a_published_file_opened_by_our_reader_reaches_no_other_file(tmp_path, secret, escape):
    target = tmp_path / "published" / "quietpivot.duckdb"
    publish({"run": [{"run_id": "first"}]}, target)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Exception, match=r"(?i)disabled|locked|cannot|read-only|not found") as refused:
        Published(target).query(escape.format(**secret))
    assert "canary" not in str(refused.value)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("escape", ESCAPES)
def test_the_database_of_a_build_reads_the_files_it_was_given_and_no_other(tmp_path, secret, escape):
    part = Store(tmp_path / "store").part("tide", "one")
    write_part(part, [])
    before = sorted(tmp_path.rglob("*"))
    with connected(reads=[part]) as connection:
        assert connection.execute("select count(*) from read_parquet($file)", {"file": str(part)}).fetchall() == [(0,)]
        with pytest.raises(Exception, match=r"(?i)disabled|locked|cannot|not found"):
            connection.execute(escape.format(**secret)).fetchall()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_quote_in_the_name_of_a_folder_ends_no_string(tmp_path):
    part = Store(tmp_path / "o'hara's").part("tide", "one")
    write_part(part, [])
    with connected(reads=[part]) as connection:
        assert connection.execute("select count(*) from read_parquet($file)", {"file": str(part)}).fetchall() == [(0,)]
