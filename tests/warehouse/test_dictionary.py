from pathlib import Path

from warehouse.dictionary import dictionary
from warehouse.publish import documented

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_the_page_is_what_the_software_says_now():
    """Write it again with: python -m warehouse.dictionary > docs/data-dictionary.md."""
    assert PAGE.read_text(encoding="utf-8") == dictionary()


def test_every_table_has_its_section():
    assert all(f"### `{table}`" in dictionary() for table in documented())
