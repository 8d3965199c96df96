"""Two runs at once: one works, the other refuses at once and names it."""

import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.cli import main


def stopped(root):
    """Wait until the night that holds a store has come to its stop; return its process."""
    for _ in range(6000):
        time.sleep(0.01)
        lock = root / "store" / "lock"
        holder = re.match(r"process (\d+)", lock.read_text()) if lock.is_file() else None
        state = Path(f"/proc/{holder[1]}/stat") if holder else None
        if holder and state and state.exists() and ") T " in state.read_text():
            return int(holder[1])
    raise AssertionError("expected a night that stops while it holds the store")


def test_of_two_runs_one_works_and_the_other_refuses_naming_it(changing_shortly, capsys, night_at, record_property):
    changing_shortly.put_back()
    root = changing_shortly.root
    with ThreadPoolExecutor(1) as beside:
        stop = changing_shortly.undisturbed["changes"] // 2
        first = beside.submit(changing_shortly.nights.run, root, stop=stop)
        holder = stopped(root)
        start, work = time.perf_counter(), time.process_time()
        with pytest.raises(SystemExit) as ended:
            main(["run", str(root), "--direct", "--at", night_at.isoformat()])
        record_property("refused_after_seconds", round(time.perf_counter() - start, 3))
        record_property("of which work", round(time.process_time() - work, 3))
        os.kill(holder, signal.SIGCONT)
        assert first.result()["code"] == 0
    assert ended.value.code == 75
    assert f"held by process {holder}" in capsys.readouterr().err
    assert changing_shortly.same()
