"""The command `quietpivot`. Importing this loads no framework; each command imports what it needs."""

import atexit
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from pipelines import cli_export, cli_keeping, cli_label, cli_model, cli_night, cli_people, cli_study
from pipelines.errors import DONE, EXPECTED, FAILED, INTERRUPTED, exit_code


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="quietpivot")
def quietpivot() -> None:
    """Reads the health of a business alliance from consented text and surveys, and names no one.

    Start with `quietpivot demo`, or `quietpivot init DIR` for a program of your own.
    """


for _module in (cli_night, cli_export, cli_model, cli_label, cli_people, cli_keeping, cli_study):
    for _command in _module.COMMANDS:
        quietpivot.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and turn errors into one clear line and an exit code."""
    code = _run(arguments)
    if "prefect" in sys.modules:
        _leave_at_once(code)
    sys.exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        return quietpivot(arguments, standalone_mode=False) or DONE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except EXPECTED as error:
        click.echo(f"quietpivot: {error}", err=True)
        return exit_code(error)
    except BrokenPipeError:
        return DONE
    except Exception as error:
        click.echo(_where(error), err=True)
        return FAILED


def _leave_at_once(code: int) -> None:
    """End the process after its exit handlers: Prefect's threads outlive the interpreter and make DuckDB complain."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _where(error: Exception) -> str:
    """Say where a fault of ours struck; never what the error says, for that may quote a message."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    steps = " <- ".join(f"{each.name} ({Path(each.filename).name}, line {each.lineno})" for each in reversed(frames))
    return f"quietpivot: a fault of the program itself, {type(error).__name__} in {steps}; nothing new was published"
