"""The night as a Prefect flow: the same stages, each a task. Paths and instants go in; nothing of a message does.

Results are not persisted, logs are not sent to the server, and what goes wrong inside a stage crosses the
boundary as a code: the orchestrator's database must never hold a text, a name or an address.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from prefect import flow, task

from pipelines.context import Advance
from pipelines.errors import StageFailed
from pipelines.instant import instant_of
from pipelines.night import Outcome, night

_outcomes: dict[str, Outcome | Exception] = {}
"""What the flow of this process came to, by its program folder; never handed to the orchestrator."""

_advances: dict[str, Advance] = {}
"""Who wants to be told of progress, by program folder."""


@flow(name="quietpivot-night", persist_result=False, log_prints=False, validate_parameters=False)
def nightly(folder: str, at: str | None = None) -> None:
    """Run a night of the program in `folder`, for the instant `at` (ISO 8601, now when left out)."""
    advance = _advances.pop(folder, lambda count: None)
    try:
        _outcomes[folder] = night(Path(folder), instant_of(at), perform=_as_task, advance=advance)
    except Exception as error:
        _outcomes[folder] = error
        raise StageFailed(type(error).__name__) from None


def _as_task(name: str, work: Callable[[], None]) -> None:
    """Perform a stage as a task. The real error waits here while the orchestrator is told its class only."""
    failures: list[Exception] = []

    def guarded() -> None:
        try:
            work()
        except Exception as error:
            failures.append(error)
            raise StageFailed(type(error).__name__) from None

    try:
        task(name=name, persist_result=False, retries=0)(guarded)()
    except StageFailed:
        raise failures[0] from None


def run_as_flow(folder: Path, run_at: datetime, advance: Advance) -> Outcome:
    """Run the flow in this process. Raises what `night` raises."""
    place = str(folder.resolve())
    _advances[place] = advance
    state = nightly(place, run_at.isoformat(), return_state=True)
    found = _outcomes.pop(place, None)
    if isinstance(found, Outcome):
        return found
    raise found or StageFailed(state.name or "unknown")
