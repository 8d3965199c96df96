import subprocess
import sys

import pytest

from desk import summary
from warehouse import NoPublishedFile


def test_each_alliance_is_told_in_a_few_lines_of_at_most_92_columns(database):
    lines = summary(database)
    assert max(len(line) for line in lines) <= 92
    text = "\n".join(lines).replace("\u00a0", " ")
    assert "pace            deepening, +1.19 (+0.69 to +1.69) in Oct 2026" in text
    assert "communication   frequency −41 %; wording holds" in text
    assert "gaps            3 gaps flagged" in text
    assert "A material, probable and standing change (transparency)" in text
    assert "pace            not measured. Survey only: none of its messages is read." in text


def test_an_empty_night_has_nothing_to_tell(empty_database):
    assert summary(empty_database) == []


def test_a_missing_night_is_named(tmp_path):
    with pytest.raises(NoPublishedFile, match="run a night first"):
        summary(tmp_path / "missing.duckdb")


def test_the_lines_can_be_asked_for_twice(database):
    assert summary(database) == summary(database)


def test_importing_the_desk_loads_neither_templates_nor_a_database():
    code = "import desk, sys; print([m for m in ('jinja2', 'duckdb', 'numpy', 'altair') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
