"""Every promise has a row that names tests which exist, or says in plain words what is not proven."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
PROMISES = range(1, 22)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows():
    """Return number -> the cells promise, what is done, tests, last measured."""
    lines = [line for line in PAGE.splitlines() if re.match(r"\| *\d+ *\|", line)]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert len({each[0] for each in cells}) == len(cells), "a promise has one row"
    return {int(number): rest for number, *rest in cells}


ROWS = rows()


def test_every_promise_has_a_row_and_there_is_no_other():
    assert sorted(ROWS) == list(PROMISES)


@pytest.mark.parametrize("number", PROMISES)
def test_a_row_says_what_is_promised_and_what_is_done(number):
    promise, done, *_ = ROWS[number]
    assert len(ROWS[number]) == 4
    assert len(promise) > 10
    assert len(done) > 10


@pytest.mark.parametrize("number", PROMISES)
def test_a_row_names_a_test_or_says_that_it_is_not_proven(number):
    _, _, tests, measured = ROWS[number]
    assert TEST.search(tests) or "not proven:" in tests
    assert measured


@pytest.mark.parametrize("number", PROMISES)
def test_what_is_not_proven_is_said_in_words(number):
    for reason in re.findall(r"not proven:([^|;]*)", ROWS[number][2]):
        assert len(reason.split()) >= 4


@pytest.mark.parametrize(("file", "name"), sorted(set(TEST.findall(PAGE))))
def test_a_test_that_is_named_exists(file, name):
    assert (ROOT / file).is_file()
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}
    assert name in functions


def test_nothing_that_looks_like_a_test_is_misspelt():
    """What stands in backticks and begins like a test is one, path and name."""
    assert not [each for each in re.findall(r"`([^`]*test_[^`]*)`", PAGE) if not TEST.fullmatch(f"`{each}`")]


def test_no_page_promises_what_only_a_lawyer_could():
    pages = [ROOT / "README.md", ROOT / "PRIVACY.md", *(ROOT / "docs").rglob("*.md")]
    claim = re.compile(r"(gdpr|dsgvo)[ -](compliant|konform)|complian(t|ce) with the gdpr", re.IGNORECASE)
    assert not [page.name for page in pages if claim.search(page.read_text(encoding="utf-8"))]
