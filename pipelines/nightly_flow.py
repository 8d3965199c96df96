"""The night as a Prefect flow: the same stages, each a task. Folder names and instants go in, nothing of a message.

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

_works: dict[tuple[str, str], Callable[[], None]] = {}
"""(folder, stage) -> what the stage does; waits here because the orchestrator keeps whatever it is handed."""

_outcomes: dict[str, Outcome | Exception] = {}
"""What the flow of this process came to, by program folder; never handed to the orchestrator."""

_advances: dict[str, Advance] = {}
"""Who wants to be told of progress, by program folder."""


@flow(name="quietpivot-night", persist_result=False, log_prints=False, validate_parameters=False)
def nightly(folder: str, at: str | None = None) -> None:
    """Run a night of the program in `folder`, for the instant `at` (ISO 8601, now when left out)."""
    advance = _advances.pop(folder, lambda count: None)
    try:
        _outcomes[folder] = night(Path(folder), instant_of(at), perform=_performer(folder), advance=advance)
    except Exception as error:
        _outcomes[folder] = error
        raise StageFailed(type(error).__name__) from None


@task(task_run_name="{name}", persist_result=False, retries=0)
def stage(folder: str, name: str) -> None:
    """Do the work that waits for a stage; what goes wrong leaves as a code, the error itself stays here."""
    work = _works.pop((folder, name))
    try:
        work()
    except Exception as error:
        _outcomes[folder] = error
        raise StageFailed(type(error).__name__) from None


def _performer(folder: str) -> Callable[[str, Callable[[], None]], None]:
    def perform(name: str, work: Callable[[], None]) -> None:
        _works[folder, name] = work
        try:
            stage(folder, name)
        except StageFailed:
            raise _failure(folder) from None

    return perform


def _failure(folder: str) -> Exception:
    found = _outcomes[folder]
    assert isinstance(found, Exception)
    return found


def run_as_flow(folder: Path, run_at: datetime, advance: Advance) -> Outcome:
    """Run the flow in this process. Raises what `night` raises."""
    place = str(folder.resolve())
    _advances[place] = advance
    state = nightly(place, run_at.isoformat(), return_state=True)
    found = _outcomes.pop(place, None)
    if isinstance(found, Outcome):
        return found
    raise found or StageFailed(state.name or "unknown")
