"""What partners write into cells and settings stays text: no formula, no path, no query, no markup."""

import ast
import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from configs import ConfigError, parse_program
from connectors import BadRegister, read_registers
from pipelines.night import night
from warehouse import Published
from warehouse.database import _quoted

ROOT = Path(__file__).parents[2]
NIGHT = datetime(2026, 3, 2, 2, tzinfo=UTC)
SETTINGS = """
name = "Harbour"
[[partners]]
id = "aster"
name = "Aster"
[[partners]]
id = "birch"
name = "Birch"
[[alliances]]
id = {alliance}
name = "Tide"
partners = ["aster", "birch"]
stage = "scale"
started = 2025-01-01
"""
FORMULAS = ("=1+1", "+canary", "-canary", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://x.example")')
NO_IDS = (
    "../x",
    "a/b",
    "a\\b",
    ".",
    "..",
    "",
    " tide",
    "tide\n",
    "Tide",
    "tide*",
    "tide;drop",
    "a" * 60,
    "täde",
    "-x",
    "\x00",
)


@pytest.mark.parametrize("alliance", NO_IDS)
def test_an_id_that_could_be_a_path_or_anything_else_is_refused(alliance):
    with pytest.raises(ConfigError, match="alliances"):
        parse_program(SETTINGS.format(alliance=json.dumps(alliance)))


def test_an_id_that_is_one_is_accepted():
    assert parse_program(SETTINGS.format(alliance='"tide-2"')).alliances[0].id == "tide-2"


@pytest.mark.parametrize("alliance", ["1", "true", "[]", "2025-01-01", '["tide"]', "{}"])
def test_an_id_of_another_type_is_refused(alliance):
    with pytest.raises(ConfigError, match="alliances"):
        parse_program(SETTINGS.format(alliance=alliance))


@pytest.mark.parametrize("path", ["/exports", "../exports", "exports/../../x", "exports/.."])
@pytest.mark.parametrize("table", ["exports", "surveys"])
def test_a_path_that_leads_out_of_the_program_folder_is_refused(path, table):
    columns = (
        'period="a"\nalliance="b"\nside="c"\ndimension="d"\nvalue="e"\n'
        if table == "surveys"
        else 'alliances=["tide"]\n'
    )
    with pytest.raises(ConfigError, match="below the program folder"):
        parse_program(SETTINGS.format(alliance='"tide"') + f'\n[[{table}]]\npath = "{path}"\n' + columns)


ODD = {
    "a key twice": 'name = "a"\nname = "b"\n',
    "a table as a value": SETTINGS.format(alliance='"tide"') + "\n[privacy]\nmin_people = {}\n",
    "a number that is none": SETTINGS.format(alliance='"tide"') + "\n[privacy]\nmin_people = nan\n",
    "a boundless number": SETTINGS.format(alliance='"tide"') + "\n[privacy]\nmin_people = inf\n",
    "a truth for a number": SETTINGS.format(alliance='"tide"') + "\n[privacy]\nmin_people = false\n",
    "a floor undercut by a part": SETTINGS.format(alliance='"tide"') + "\n[privacy]\nmin_people = 4.9\n",
    "a key with a dot": SETTINGS.format(alliance='"tide"') + '\n"privacy.min_people" = 1\n',
    "a weight of nothing": SETTINGS.format(alliance='"tide"') + "\n[weights]\nties = 0\n",
    "a nesting without end": "a = " + "[" * 5_000,
    "a character that is none": 'name = "\\ud800"\n',
}


@pytest.mark.parametrize("oddity", ODD)
def test_odd_settings_are_refused_with_one_clear_error(oddity):
    with pytest.raises(ConfigError):
        parse_program(ODD[oddity])


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_register_takes_no_formula_for_a_word(tmp_path, formula):
    cell = json.dumps(formula)[1:-1].replace('\\"', "'")
    (tmp_path / "pivots.csv").write_text(f'date,alliance,kind\n2026-01-01,tide,"{cell}"\n')
    with pytest.raises(BadRegister, match="kind: expected one word") as refused:
        read_registers(tmp_path, frozenset(["tide"]), frozenset(["aster"]), run_on=NIGHT.date())
    assert formula not in str(refused.value)


def test_formulas_in_survey_and_roster_reach_no_published_cell(program):
    settings = '\n[[surveys]]\npath = "surveys/s.csv"\nperiod = "month"\nalliance = "alliance"\nside = "side"\n'
    settings += 'dimension = "dimension"\nvalue = "value"\ncomment = "comment"\n'
    with (program.root / "program.toml").open("a") as file:
        file.write(settings)
    (program.root / "surveys").mkdir()
    cells = ['"' + each.replace('"', '""') + '"' for each in FORMULAS]
    good = [f"2026-01,tide,{side},trust,3,{cell}" for side in ("aster", "birch") for cell in cells]
    bad = [row for cell in cells for row in (f"2026-01,tide,aster,{cell},4,", f"2026-01,tide,aster,trust,{cell},")]
    (program.root / "surveys" / "s.csv").write_text(
        "\n".join(["month,alliance,side,dimension,value,comment", *good, *bad, ""])
    )
    people = program.root / "people.csv"
    team = [f"z{number},z{number}@aster.example,aster,,{cell},," for number, cell in enumerate(cells)]
    people.write_text(people.read_text() + "\n".join([*team, ""]))
    outcome = night(program.root, NIGHT)
    assert len(outcome.quarantined) == len(bad)
    page = (program.root / "published" / "report.html").read_text(encoding="utf-8")
    told = f"{outcome.quarantined} {published(program)} {page}"
    assert not [formula for formula in FORMULAS if formula in told]


def published(program):
    reader = Published(program.root / "published" / "quietpivot.duckdb")
    names = [row["table_name"] for row in reader.query("select table_name from duckdb_tables()")]
    return {name: reader.query(f'select * from "{name}"') for name in names}


HOSTILE = (
    "'; drop table run; --",
    '"><script>alert(1)</script>',
    "{{ 7*7 }}",
    "$min_people",
    "Robert\\'); --",
    "\u202egnp",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_of_partner_alliance_or_program_is_kept_as_it_is_and_does_nothing(program, name):
    settings = program.root / "program.toml"
    text = settings.read_text()
    for harmless in ("Aster Works", "Tide", "Harbour"):
        text = text.replace(f'"{harmless}"', json.dumps(name), 1)
    settings.write_text(text)
    assert night(program.root, NIGHT).exit_code == 0
    found = published(program)
    assert {row["name"] for row in found["alliance"]} == {name, "Early days"}
    assert found["run"][0]["program"] == name
    assert "<script" not in (program.root / "published" / "report.html").read_text(encoding="utf-8")


# --- SQL: values are bound; what must be spliced in comes from the code ---

SQL_CALLS = {"execute", "query", "sql", "rows", "executemany"}
CLOSED = {
    "desk": {"table", "columns"},
    "warehouse": {
        "table",
        "sql",
        "view",
        "columns",
        "name",
        "names",
        "order",
        "meaning",
        "chr",
        "_text",
        "mode",
        "asked",
    },
    "pipelines": set(),
}
"""Room -> names that may be spliced into a query there: loops over documented tables, and constants of the module."""


def spliced(path):
    """Yield (line, expression) of everything that an f-string or a format puts into a query."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper()
    }
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and call.args and name_of(call.func) in SQL_CALLS):
            continue
        for part in ast.walk(call.args[0]):
            if isinstance(part, ast.FormattedValue) and "_quoted" not in ast.unparse(part.value):
                names = {each.id for each in ast.walk(part.value) if isinstance(each, ast.Name)}
                yield from ((call.lineno, each) for each in names - constants)


def name_of(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


MODULES = [path for room in ("desk", "warehouse", "pipelines") for path in sorted((ROOT / room).rglob("*.py"))]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_is_spliced_into_a_query_but_names_from_closed_lists(path):
    strange = [(line, name) for line, name in spliced(path) if name not in CLOSED[path.relative_to(ROOT).parts[0]]]
    assert not strange


def test_what_no_setting_takes_as_a_parameter_is_quoted_as_one_literal():
    with duckdb.connect() as connection:
        for hostile in ("a'); drop table t; --", "''", "\\'", "plain"):
            assert connection.execute(f"select {_quoted(hostile)}").fetchone() == (hostile,)


def test_the_measure_of_spliced_queries_sees_one(tmp_path):
    (tmp_path / "bad.py").write_text("def f(c, who):\n    c.execute(f\"select * from t where x = '{who}'\")\n")
    assert list(spliced(tmp_path / "bad.py")) == [(2, "who")]
