"""Kill it anywhere: the next night ends in the same tables as an undisturbed one."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.fault import POINTS, VARIABLE
from pipelines.night import night
from warehouse import Published

NIGHT = datetime(2026, 3, 2, 2, tzinfo=UTC)
ROOT = Path(__file__).parents[2]

NIGHT_IN_ITS_OWN_PROCESS = """
import importlib.util, sys
from datetime import UTC, datetime
from pathlib import Path
spec = importlib.util.spec_from_file_location("marks", {conftest!r})
marks = importlib.util.module_from_spec(spec)
sys.modules["marks"] = marks
spec.loader.exec_module(marks)
import pipelines.context, pipelines.scoring
scorer = marks.MarkScorer()
pipelines.scoring.scorer = lambda folder: scorer
pipelines.context.version_of = lambda folder: scorer.version
from pipelines.night import night
night(Path({root!r}), datetime(2026, 3, 2, 2, tzinfo=UTC))
"""


def night_process(program, **environment):
    script = NIGHT_IN_ITS_OWN_PROCESS.format(
        conftest=str(Path(__file__).with_name("conftest.py")), root=str(program.root)
    )
    return subprocess.Popen([sys.executable, "-c", script], env={**os.environ, **environment})


def tables(program):
    published = Published(program.root / "published" / "quietpivot.duckdb")
    names = [row["table_name"] for row in published.query("select table_name from duckdb_tables()")]
    found = {name: published.query(f'select * from "{name}" order by all') for name in names if name != "run"}
    return found | {"page": (program.root / "published" / "report.html").read_text(encoding="utf-8")}


@pytest.fixture
def changing(program):
    """A program in its second night: one export is new, one changed, one consent is withdrawn."""
    night(program.root, NIGHT - timedelta(days=1))
    program.mail("a0", ["b0"], "A fresh word because of the seals.", number="fresh")
    program.write_mails()
    program.mails = program.mails[:20]
    program.write_mails("copy.mbox")
    program.consent("b3", event="withdrawn", at=date(2026, 3, 1), recorded=NIGHT - timedelta(hours=3))
    return program


def undisturbed(program):
    """Return the tables of the same night in a copy that nobody kills."""
    copy = program.root.with_name("undisturbed")
    shutil.copytree(program.root, copy)
    night(copy, NIGHT)
    twin = type(program)(copy)
    return tables(twin)


def test_every_fault_point_stands_in_the_code():
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "pipelines").glob("*.py"))
    assert sorted(re.findall(r'fault\.point\("(\w+)"\)', code)) == sorted(POINTS)


@pytest.mark.parametrize("point", POINTS)
def test_a_night_killed_at_a_named_point_ends_in_the_same_tables_when_run_again(changing, point):
    expected = undisturbed(changing)
    assert night_process(changing, **{VARIABLE: point}).wait(timeout=120) == -signal.SIGKILL
    night(changing.root, NIGHT)
    assert tables(changing) == expected
    assert not list((changing.root / "store").rglob("*.writing"))


@pytest.mark.slow
def test_a_night_killed_at_random_moments_ends_in_the_same_tables_when_run_again(changing):
    expected = undisturbed(changing)
    start = changing.root.with_name("start")
    shutil.copytree(changing.root, start)
    chance = random.Random(5)
    for _ in range(200):
        shutil.rmtree(changing.root)
        shutil.copytree(start, changing.root)
        process = night_process(changing)
        time.sleep(chance.uniform(0.3, 4.0))
        process.kill()
        process.wait()
        night(changing.root, NIGHT)
        assert tables(changing) == expected
