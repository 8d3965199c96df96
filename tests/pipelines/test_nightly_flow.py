"""The flow runs the same night and tells the orchestrator nothing. One flow serves all: starting one takes seconds."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.night import night
from warehouse import Published

WATCHED_RUN = """
import sys
strange = []
here = ("127.0.0.1", "::1", "localhost", None)
def watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] not in here:
        strange.append(arguments[1])
    if event == "socket.getaddrinfo" and arguments[0] not in here:
        strange.append(arguments[0])
sys.addaudithook(watch)
import pipelines.scoring, pipelines.shard
from pipelines.cli import _run
if {broken!r}:
    def broken(*arguments):
        raise ValueError("Canarytext")
    pipelines.shard.admit = broken
code = _run(["run", {root!r}, "--at", "2026-03-02T02:00:00+00:00"])
print("strange", strange)
print("code", code)
sys.stdout.flush()
import atexit, os
atexit._run_exitfuncs()
os._exit(0)
"""


def flow_night(root, broken=False):
    """Run a night as a flow in a process of its own that notes every connection which leaves the machine."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    script = WATCHED_RUN.format(root=str(root), broken=broken)
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=240, env=environment, check=False
    )


def orchestrator_bytes(root):
    """Return everything the orchestrator keeps, its database's log included."""
    home = root / "store" / "orchestrator"
    database = home / "prefect.db"
    assert database.is_file()
    with sqlite3.connect(database) as connection:
        runs = connection.execute("select count(*) from flow_run").fetchone()[0]
        tasks = {name.split("-")[0] for (name,) in connection.execute("select name from task_run")}
    return runs, tasks, b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())


def tables(root, skip=("run",)):
    published = Published(root / "published" / "quietpivot.duckdb")
    names = [row["table_name"] for row in published.query("select table_name from duckdb_tables()")]
    return {name: published.query(f'select * from "{name}" order by all') for name in names if name not in skip}


@pytest.fixture
def real_model_but_few_mails(program):
    """The flow's process has the real model; fourteen mails keep it quick. A canary stands in each."""
    del program.mails[14:]
    for number, mail in enumerate(program.mails):
        mail.set_content(f"The valve of line {number} stays shut. Canarytext number {number}.")
        mail["Subject"] = "Canarysubject"
    program.write_mails()
    return program


def test_the_flow_gives_the_same_tables_and_the_orchestrator_learns_nothing(real_model_but_few_mails, monkeypatch):
    from models import load, version_of

    root = real_model_but_few_mails.root
    ran = flow_night(root)
    assert "code 0" in ran.stdout, ran.stderr[-2000:]
    assert "strange []" in ran.stdout
    runs, _, kept = orchestrator_bytes(root)
    assert runs == 1
    for secret in (b"anarytext", b"anarysubject", b"@aster.example", b"@birch.example"):
        assert secret not in kept
    as_flow = tables(root)
    for room in ("store", "published"):
        shutil.rmtree(root / room)
    monkeypatch.setattr("pipelines.scoring.scorer", lambda folder: load())
    monkeypatch.setattr("pipelines.context.version_of", version_of)
    from pipelines.instant import instant_of

    night(root, instant_of("2026-03-02T02:00:00+00:00"))
    assert tables(root) == as_flow


def test_a_stage_that_fails_reaches_the_orchestrator_and_the_user_as_a_code(program):
    ran = flow_night(program.root, broken=True)
    assert "code 1" in ran.stdout
    assert "ValueError" in ran.stderr
    _, _, kept = orchestrator_bytes(program.root)
    assert b"StageFailed" in kept or b"ValueError" in kept
    assert b"anarytext" not in kept + ran.stdout.encode() + ran.stderr.encode()


@pytest.mark.slow
def test_a_served_program_runs_its_scheduled_night_with_a_server_on_loopback(program):
    command = Path(sys.executable).with_name("quietpivot")
    serving = subprocess.Popen(
        [command, "serve", program.root, "--cron", "* * * * *"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    ledger = program.root / "store" / "runs.jsonl"
    try:
        for _ in range(240):
            if ledger.exists():
                break
            time.sleep(1)
        assert ledger.exists(), "no scheduled night within four minutes"
    finally:
        serving.terminate()
        serving.wait(timeout=60)
