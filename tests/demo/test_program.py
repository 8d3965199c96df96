import re
import zipfile
from datetime import date
from gzip import decompress
from pathlib import Path

import pytest

from configs import load_program
from demo import FolderInUse, write_demo

UNTIL = date(2026, 3, 10)


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def words(folder):
    """Every file as text, archives opened."""
    for name, data in contents(folder).items():
        if name.suffix in (".zip", ".xlsx"):
            with zipfile.ZipFile(folder / name) as archive:
                yield from (archive.read(member).decode() for member in archive.namelist() if member.endswith("json"))
        else:
            yield (decompress(data) if name.suffix == ".gz" else data).decode()


def test_it_can_end_in_any_month(tmp_path):
    write_demo(tmp_path / "demo", until=date(2025, 3, 31))
    assert load_program(tmp_path / "demo").alliance("harbour-storage").started < date(2024, 1, 1)


def test_every_domain_is_a_fictional_one(written):
    found = {domain for text in words(written) for domain in re.findall(r"[\w.+-]@([\w-]+(?:\.[\w-]+)+)", text)}
    assert found
    assert not [domain for domain in found if not domain.endswith(".example")]


def test_it_holds_no_key_no_store_and_nothing_published(written):
    assert {path.name for path in written.iterdir()} == {
        *("program.toml", "people.csv", "consent.csv"),
        *("exports", "surveys", "registers"),
    }


def test_the_settings_keep_all_fourteen_months(written):
    assert load_program(written).privacy.retention_months == 15


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderInUse, match="found other files"):
        write_demo(tmp_path, until=UNTIL)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_another_program_is_refused(tmp_path):
    (tmp_path / "program.toml").write_text('name = "Harbour"\n', encoding="utf-8")
    with pytest.raises(FolderInUse, match="found another program"):
        write_demo(tmp_path, until=UNTIL)


def test_a_file_in_its_place_is_refused(tmp_path):
    (tmp_path / "demo").write_text("", encoding="utf-8")
    with pytest.raises(FolderInUse, match="found a file"):
        write_demo(tmp_path / "demo", until=UNTIL)


def test_an_earlier_demo_of_another_seed_is_written_again_and_what_its_nights_made_stays(tmp_path, written):
    write_demo(tmp_path, until=UNTIL, seed=8)
    assert contents(tmp_path) != contents(written)
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "part").write_bytes(b"night")
    write_demo(tmp_path, until=UNTIL)
    assert contents(tmp_path) == {**contents(written), Path("store/part"): b"night"}
