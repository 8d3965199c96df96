"""A night: which stages run in which order. How a stage is performed, directly or as a task, is the caller's."""

import resource
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from pipelines.audit import log_of
from pipelines.building import erase_uncovered, publish
from pipelines.context import Advance, Context, Quarantined
from pipelines.errors import DONE, NO_ROOM, QUARANTINED, no_room
from pipelines.keys import remember_keys
from pipelines.modes import close_to_others
from pipelines.recovery import recover
from pipelines.scoring import score_export
from pipelines.spaces import look, shared_spaces

Perform = Callable[[str, Callable[[], None]], None]
"""Performs one stage: its name, and what it does."""

PARTIAL = frozenset(("truncated", "zip_bomb", "path_escapes", "overlapping_members", "too_many_members"))
"""Reasons that speak of an export as a whole: it was used as far as it could be read."""


@dataclass(slots=True)
class Outcome:
    """What a night did. `seconds` and `peak_mb` (of this process, so far) are by stage."""

    run_at: datetime
    erased: int = 0
    published: bool = False
    messages: int = 0
    scored: int = 0
    quarantined: list[Quarantined] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: dict[str, int] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0, or 3 when some input could not be used."""
        return QUARANTINED if self.quarantined else DONE


def directly(name: str, work: Callable[[], None]) -> None:
    """Perform a stage here and now."""
    work()


def night(
    root: Path, run_at: datetime, *, perform: Perform = directly, advance: Advance = lambda count: None
) -> Outcome:
    """Run one night of a program for the instant `run_at`.

    Raises ConfigError, BadRoster, BadConsent, LostKey or ModelRefused before anything is touched, StoreBusy when
    another run holds the store, BadStore when it is damaged, NotVerified when what was built must not be published,
    NoRoom when the disk is full.
    """
    try:
        return _night(root, run_at, perform, advance)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise no_room(error, root) from None
        raise


def _night(root: Path, run_at: datetime, perform: Perform, advance: Advance) -> Outcome:
    context = Context.open(root, run_at)
    context.advance = advance
    outcome = Outcome(run_at)
    with context.store.writing():
        _close(context)
        recover(context)
        remember_keys(context.folder, context.store)
        for name, work in _stages(context, outcome):
            _timed(outcome, name, lambda work=work, name=name: perform(name, work))  # type: ignore[misc]
        _account(context, outcome)
        _record(context, outcome)
        _close(context)
    return outcome


def _close(context: Context) -> None:
    """Take from others what a killed night, an orchestrator or another umask left open to them."""
    for private in (context.folder.store, context.folder.keys):
        close_to_others(private)


def _stages(context: Context, outcome: Outcome) -> list[tuple[str, Callable[[], None]]]:
    """Return the stages in order. Erasure comes first: nobody reads what consent does not cover tonight."""

    def look_at_all() -> None:
        for export in context.exports:
            look(context, export)

    def score_all() -> None:
        shared = shared_spaces(context)
        for export in context.exports:
            score_export(context, export, shared)

    def erase_all() -> None:
        outcome.erased = erase_uncovered(context)

    def publish_all() -> None:
        outcome.published = publish(context)

    return [("erase", erase_all), ("look", look_at_all), ("score", score_all), ("publish", publish_all)]


def _timed(outcome: Outcome, name: str, work: Callable[[], None]) -> None:
    start = perf_counter()
    work()
    outcome.seconds[name] = round(perf_counter() - start, 2)
    outcome.peak_mb[name] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _account(context: Context, outcome: Outcome) -> None:
    """Add up the ledger: what stands in the store, and which exports could be read in part only."""
    for entry in context.store.states().values():
        outcome.messages += entry.get("messages", 0)
        outcome.scored += entry.get("scored", 0)
        found = Counter({reason.split("/")[1]: count for reason, count in entry.get("counts", {}).items()})
        for reason in sorted(PARTIAL & found.keys()) if entry["shard"] in context.exports else ():
            why = f"read as far as possible ({reason}); ask for this export again"
            context.quarantined.append(Quarantined(context.name_of(entry["shard"]), why))
    outcome.quarantined = sorted(set(context.quarantined), key=lambda each: (each.where, each.why))


def _record(context: Context, outcome: Outcome) -> None:
    """Append the night to the store's list of runs."""
    line: dict[str, Any] = {
        "run_at": outcome.run_at.isoformat(),
        "ended_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "exit_code": outcome.exit_code,
        "seconds": outcome.seconds,
        "peak_mb": outcome.peak_mb,
        "messages": outcome.messages,
        "scored": outcome.scored,
        "erased": outcome.erased,
    }
    log_of(context.folder, "runs").append(line)
