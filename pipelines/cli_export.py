"""The command that looks at exports without reading a word out."""

import json
from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument("exports", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object an export.")
@click.option("--format", "form", metavar="NAME", help="Read as this format instead of detecting it.")
@click.option("--zone", metavar="ZONE", help="IANA zone of exports that write local times without one.")
def inspect(exports: tuple[Path, ...], as_json: bool, form: str | None, zone: str | None) -> int:
    """Say what would be read from exports: counts, people, threads, first and last instant, kinds. No word of any text.

    Example: quietpivot inspect exports/*.mbox --json
    """
    from connectors import UnknownFormat
    from connectors import inspect as look
    from pipelines.errors import BAD_CONFIGURATION, DONE

    code = DONE
    for export in exports:
        try:
            found = look(export, format=form, zone=zone)
        except UnknownFormat as error:
            click.echo(f"quietpivot: {error}", err=True)
            code = BAD_CONFIGURATION
            continue
        click.echo(json.dumps(found) if as_json else _table(export, found))
    return code


def _table(export: Path, found: dict[str, Any]) -> str:
    return "\n".join([str(export), *(f"  {name:10} {_said(value)}" for name, value in found.items())])


def _said(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    return ", ".join(f"{each} {count}" for each, count in value.items()) or "none"


COMMANDS = (inspect,)
