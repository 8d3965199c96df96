"""Nights in processes of their own, cheaply: everything is imported once, each night is a fork that may be harmed.

Started by the fixture `nights`. Reads one order a line (JSON) and answers each with one line (JSON): how the night
ended, what it said, how many times it changed a file, and after how long.

With the argument `short` the arithmetic of a build and the drawing of its page are left out, and nothing else: what is
published says which rows the store held and which releases it remembered, so that a difference in either shows.

`kill` kills the night when it is about to change a file for the k-th time, `full` lets every new file find no room on
the disk from then on, `stop` holds it there until somebody lets it go on, `after` kills it after so many seconds.
"""

import contextlib
import errno
import importlib.util
import io
import json
import math
import os
import select
import signal
import sys
import time
from hashlib import sha256
from pathlib import Path

CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def marks():
    """Return the module that holds the scorer which reads marks instead of meaning."""
    spec = importlib.util.spec_from_file_location("marks", Path(__file__).with_name("conftest.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules["marks"] = module
    spec.loader.exec_module(module)
    return module


def changes_a_file(event, arguments):
    return event in CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES)


def watch(order):
    """Count changes of files below the program's folder, and harm the one that the order names."""
    seen = {"changes": 0}

    def hook(event, arguments):
        if not changes_a_file(event, arguments) or not str(arguments[0]).startswith((order["root"], *"0123456789")):
            return
        seen["changes"] += 1
        if seen["changes"] == order.get("kill"):
            os.kill(os.getpid(), signal.SIGKILL)
        if seen["changes"] == order.get("stop"):
            os.kill(os.getpid(), signal.SIGSTOP)
        if seen["changes"] >= order.get("full", math.inf) and event in ("open", "os.mkdir"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    sys.addaudithook(hook)
    return seen


def perform(order, answer):
    """Run the night and answer; never returns."""
    os.environ.update(order.get("environment", {}))
    seen = watch(order)
    said = io.StringIO()
    start = time.perf_counter()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        code = _run(["run", order["root"], "--direct", "--at", order["at"]])
    told = {"code": code, "said": said.getvalue(), "changes": seen["changes"], "seconds": time.perf_counter() - start}
    os.write(answer, json.dumps(told).encode())
    os._exit(0)


def compile_once():
    """Compile the page's templates here, once for all forks: it would be a third of a small night."""
    from jinja2 import Environment, PackageLoader

    compiled, compile_anew = {}, Environment.compile

    def known(environment, source, *rest):
        if source not in compiled:
            compiled[source] = compile_anew(environment, source, *rest)
        return compiled[source]

    Environment.compile = known
    environment = Environment(loader=PackageLoader("desk"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    for name in environment.list_templates():
        environment.get_template(name)


def short_tables(inputs):
    """Return published tables that tell the store's rows, byte for byte, and how many releases were remembered."""
    from warehouse import read_part
    from warehouse.assembly import _run as line_of_run
    from warehouse.memory import Behind, Block

    rows = sorted(repr(sorted(row.items(), key=str)) for part in inputs.parts for row in read_part(part))
    people = sorted({each["person"] for each in inputs.consents})
    block = inputs.memory.blocks.get("night", Block())
    block.release({"all": Behind({inputs.memory.digest("tide", each): "" for each in people})}, inputs.min_people)
    inputs.memory.after = {"night": block}
    told = {"rows": len(rows), sha256("\n".join(rows).encode()).hexdigest(): 1, "releases": len(block.releases)}
    counted = [{"alliance": "tide", "stage": "short", "reason": name, "records": told[name]} for name in told]
    return {"run": [line_of_run(inputs)], "left_out": [*inputs.left_out, *counted]}


def short_page(database, target):
    """Write a page that says what the database says was left out."""
    from warehouse import Published

    target.write_text(str(Published(database).query("select * from left_out order by all")), encoding="utf-8")


def ordered(order):
    """Fork, let the child run the night, and return what became of it."""
    heard, answer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        try:
            perform(order, answer)
        finally:
            os._exit(99)
    os.close(answer)
    if "after" in order and not select.select([heard], [], [], order["after"])[0]:
        os.kill(child, signal.SIGKILL)
    told = b"".join(iter(lambda: os.read(heard, 65536), b""))
    os.close(heard)
    _, status = os.waitpid(child, 0)
    return {"killed": os.WIFSIGNALED(status), "code": None, "said": "", **(json.loads(told) if told else {})}


if __name__ == "__main__":
    import desk
    import pipelines.building
    import pipelines.context
    import pipelines.night
    import pipelines.scoring
    import warehouse.assembly
    import warehouse.erasure
    import warehouse.publish
    from desk import report, summary  # noqa: F401
    from pipelines.cli import _run

    scorer = marks().MarkScorer()
    pipelines.scoring.scorer = lambda folder: scorer
    pipelines.context.version_of = lambda folder: scorer.version
    compile_once()
    if sys.argv[1:] == ["short"]:
        warehouse.assembly.tables, desk.write_report, desk.summary = short_tables, short_page, lambda database: []
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(ordered(json.loads(line))), flush=True)
