"""Fault points: where a test may kill a night, as a power cut would. Without the variable they do nothing."""

import os
import signal

VARIABLE = "QUIETPIVOT_KILL_AT"
"""Names the point; `name:3` is the third time it is passed."""

POINTS = (
    *("after_spaces", "before_parts", "after_part", "before_erasure", "before_build"),
    *("before_verify", "before_publish", "between_ledger_and_page", "between_page_and_database", "after_publish"),
)
_passed: dict[str, int] = {}


def point(name: str) -> None:
    """Kill this process (SIGKILL, nothing is flushed) when the variable names this point and passage."""
    wanted = os.environ.get(VARIABLE)
    if not wanted:
        return
    _passed[name] = _passed.get(name, 0) + 1
    target, _, passage = wanted.partition(":")
    if target == name and _passed[name] == int(passage or 1):
        os.kill(os.getpid(), signal.SIGKILL)
