"""Commands for those who keep a program: its pseudonym keys and its log of accesses."""

from collections import Counter
from pathlib import Path

import click

FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))


@click.group()
def keys() -> None:
    """Look after the pseudonym keys, one an alliance; without its key an alliance's store names nobody, ever.

    Example: quietpivot keys list harbour
    """


@keys.command(name="list")
@FOLDER
def list_keys(folder: Path) -> None:
    """Say which alliances have a key, each with a fingerprint that tells backups apart. Shows no key.

    Example: quietpivot keys list harbour
    """
    from pipelines.folder import ProgramFolder
    from pipelines.keys import fingerprints

    for alliance, print_of_key in fingerprints(ProgramFolder.open(folder)):
        click.echo(f"{alliance:20} {print_of_key or 'none yet; its first night makes one'}")


@keys.command()
@FOLDER
@click.argument("alliance")
def rotate(folder: Path, alliance: str) -> None:
    """Give an alliance a new key and forget what the store holds under the old one; the next night reads again.

    Example: quietpivot keys rotate harbour aster-birch
    """
    from pipelines.folder import ProgramFolder
    from pipelines.keys import rotate as made_anew

    forgotten = made_anew(ProgramFolder.open(folder), alliance)
    click.echo(f"new key for {alliance}; {forgotten} parts of the store forgotten, the next night reads their exports")
    click.echo("destroy backups of the old key, too; and make one of the new")


@click.group()
def audit() -> None:
    """Look after the log of who looked at whose data.

    Example: quietpivot audit verify harbour
    """


@audit.command()
@FOLDER
def verify(folder: Path) -> None:
    """Check the hash chain of the log and count what was done. Example: quietpivot audit verify harbour"""
    from pipelines.audit import entries, faults
    from pipelines.errors import BrokenLog
    from pipelines.folder import ProgramFolder

    program = ProgramFolder.open(folder)
    if broken := faults(program):
        raise BrokenLog("; ".join(broken))
    found = Counter(entry["action"] for entry in entries(program))
    click.echo(f"unbroken: {found.total()} entries")
    for action, count in found.most_common():
        click.echo(f"{action:10} {count}")


COMMANDS = (keys, audit)
