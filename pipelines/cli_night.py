"""Commands around a night: demo, init, run, serve, report, doctor."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.errors import QUARANTINED

if TYPE_CHECKING:
    from pipelines.context import Advance
    from pipelines.night import Outcome

FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="quietpivot-demo")
@click.option("--direct", is_flag=True, help="Run the stages without the orchestrator.")
def demo(folder: Path, direct: bool) -> int:
    """Write a fictional program of three alliances, run its night, and say where to look.

    Example: quietpivot demo my-demo
    """
    from demo import write_demo

    if (folder / "program.toml").exists():
        click.echo(f"{folder} is there already: running its next night.")
    else:
        click.echo(f"Writing fourteen months of three fictional alliances into {folder} ...")
        write_demo(folder, until=datetime.now(UTC).date())
    return _night(folder, None, direct)


@click.command()
@FOLDER
def init(folder: Path) -> None:
    """Write a commented program folder to fill in.

    Example: quietpivot init harbour
    """
    from pipelines.scaffold import write_scaffold

    write_scaffold(folder)
    click.echo(f"Wrote {folder}/program.toml, people.csv and empty folders. Fill them in, record consent with")
    click.echo(
        f"`quietpivot consent give {folder} PERSON`, drop exports into {folder}/exports/, then `quietpivot run`."
    )


@click.command()
@FOLDER
@click.option("--direct", is_flag=True, help="Run the same stages without the orchestrator.")
@click.option("--at", metavar="INSTANT", help="Run for this instant (ISO 8601) instead of now.")
def run(folder: Path, direct: bool, at: str | None) -> int:
    """Run one night: read what is new, score, build, publish.

    Exit codes: 0 done; 3 done, with input that could not be used; 75 another run holds the store; 2 bad configuration.

    Example: quietpivot run harbour --direct
    """
    return _night(folder, at, direct)


def _night(folder: Path, at: str | None, direct: bool) -> int:
    from pipelines.instant import instant_of

    with _progress() as advance:
        outcome = _performed(folder, instant_of(at), direct, advance)
    for line in closing_lines(folder, outcome):
        click.echo(line)
    return outcome.exit_code


def _performed(folder: Path, run_at: datetime, direct: bool, advance: "Advance") -> "Outcome":
    if direct:
        from pipelines.night import night

        return night(folder, run_at, advance=advance)
    from configs import load_program

    load_program(folder)
    from pipelines.orchestrator import settle

    settle(folder)
    from pipelines.nightly_flow import run_as_flow

    return run_as_flow(folder, run_at, advance)


@contextmanager
def _progress() -> "Iterator[Advance]":
    """Show on a terminal how many messages were read; say nothing elsewhere."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda count: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} messages read"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("night", total=None)
        yield lambda count: progress.advance(task, count)


def closing_lines(folder: Path, outcome: "Outcome") -> Iterator[str]:
    """Yield what a user is told at the end of a night."""
    from desk import summary

    database = folder / "published" / "quietpivot.duckdb"
    yield from summary(database)
    yield ""
    news = "published anew" if outcome.published else "nothing new since the last night"
    yield f"{outcome.messages:,} messages kept as numbers, {outcome.scored:,} of them scored; {news}."
    if outcome.erased:
        yield f"{outcome.erased:,} rows erased: consent withdrawn or expired, or past retention."
    for each in outcome.quarantined:
        yield f"not used: {each.where}: {each.why}"
    if outcome.exit_code == QUARANTINED:
        yield "Done, without the input named above (exit code 3)."
    yield f"page      {folder / 'published' / 'report.html'}"
    yield f"database  {database}"


@click.command()
@FOLDER
@click.option("--cron", required=True, metavar="CRON", help='When to run, as cron writes it: "0 2 * * *".')
@click.option("--zone", default="UTC", show_default=True, help="IANA time zone of the schedule.")
def serve(folder: Path, cron: str, zone: str) -> None:
    """Run a night on a schedule, with a Prefect server on loopback (or the one PREFECT_API_URL names).

    Example: quietpivot serve harbour --cron "0 2 * * *" --zone Europe/Berlin
    """
    from configs import load_program
    from pipelines.serving import serve_nightly

    load_program(folder)
    click.echo(f"Serving {folder} at {cron} ({zone}); stop with Ctrl-C.")
    serve_nightly(folder, cron, zone)


@click.command()
@FOLDER
def report(folder: Path) -> None:
    """Write the page again from the published database.

    Example: quietpivot report harbour
    """
    from desk import write_report
    from pipelines.folder import ProgramFolder
    from pipelines.keys import encrypt_published

    program = ProgramFolder.open(folder)
    encrypt_published(program)
    write_report(program.database, program.page)
    click.echo(program.page)


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
def doctor(folder: Path | None) -> int:
    """Check environment, model, orchestrator, and (with a folder) settings, keys, lock and disk.

    Example: quietpivot doctor harbour
    """
    from pipelines.doctor import checks

    failed = 0
    for name, problem in checks(folder):
        failed += bool(problem)
        click.echo(f"{'not ok' if problem else 'ok':7} {name}{': ' + problem if problem else ''}")
    return 1 if failed else 0


COMMANDS = (demo, init, run, serve, report, doctor)
