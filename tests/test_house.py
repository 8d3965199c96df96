"""The rules of the house that a machine can check."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ["connectors", "models", "warehouse", "desk", "demo", "simulation", "pipelines", "configs"]
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
TEXTS = sorted(
    path
    for pattern in ("*.py", "*.sql", "*.toml", "*.html", "*.j2", "*.css", "*.md")
    for path in ROOT.rglob(pattern)
    if not any(part.startswith(".") or part == "quietpivot-demo" for part in path.relative_to(ROOT).parts)
)


def name(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_module_is_over_300_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_function_is_over_50_lines(path):
    assert not [f"{name} has {lines} lines" for name, lines in functions(path) if lines > 50]


def test_the_median_function_is_at_most_8_lines():
    lines = sorted(lines for path in MODULES for _, lines in functions(path))
    assert lines[len(lines) // 2] <= 8


def functions(path):
    """Yield name and length of each function, its docstring not counted."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = node.body[0] if ast.get_docstring(node) else None
            length = node.end_lineno - node.lineno + 1
            yield node.name, length - (docstring.end_lineno - docstring.lineno + 1 if docstring else 0)


def test_no_room_has_a_drawer_for_odds_and_ends():
    assert not [name(path) for path in MODULES if path.stem in {"utils", "helpers", "base", "common", "misc"}]


EMOTION_OR_RANKING = re.compile(
    r"\b(morale|happiness|employee engagement|burn-?out|mood|sentiment of|top performers?|worst performers?|"
    r"low performers?|leader ?board|rank(ing)? of (people|persons|employees))\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", [p for p in TEXTS if p.parent.name != "tests"], ids=name)
def test_no_page_and_no_schema_speaks_of_emotions_or_ranks_people(path):
    found = EMOTION_OR_RANKING.findall(path.read_text(encoding="utf-8"))
    assert not found or says_so_to_refuse_it(path)


def says_so_to_refuse_it(path):
    """The demo's fragments are what people write, not what we say of them."""
    return path.parent.name == "phrases"


FOREIGN_PATH = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/")


@pytest.mark.parametrize("path", TEXTS, ids=name)
def test_no_file_names_a_path_of_one_machine(path):
    if path != Path(__file__):
        assert not FOREIGN_PATH.findall(path.read_text(encoding="utf-8"))
