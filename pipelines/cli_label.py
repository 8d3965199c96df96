"""The command by which a program labels its own sample: label."""

import sys
from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--alliance", help="Whose messages; needed where more than one alliance is at scale.")
@click.option("--count", default=100, show_default=True, type=click.IntRange(10, 1000), help="How many to draw.")
def label(folder: Path, alliance: str | None, count: int) -> None:
    """Read a few messages drawn by chance, each once, and say what it does: one key an answer, seven answers a message.

    Only on a terminal, and only for the stewards that program.toml names. No word is kept. Leave with q at any time;
    the next call goes on where this one ended.

    Example: quietpivot label harbour --count 50
    """
    from pipelines.errors import NotAuthorised
    from pipelines.label_screen import Left, Screen, one_by_one
    from pipelines.labelling import sitting

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NotAuthorised("expected a terminal to read on, found a pipe or a file: messages are not written anywhere")
    opened = sitting(folder, alliance or _only(folder), count)
    labelled = skipped = 0
    try:
        with one_by_one(sys.stdin.fileno()) as key, Screen(sys.stdout, key) as screen:
            for row, text in opened.messages():
                answers = screen.read(text, f"{len(opened.waiting)} more wait after this one")
                opened.answer(row, answers)
                labelled, skipped = labelled + (answers is not None), skipped + (answers is None)
    except Left:
        pass
    click.echo(f"{labelled} labelled, {skipped} skipped, {len(opened.waiting)} wait; the next night counts with them")


def _only(folder: Path) -> str:
    """Return the only alliance whose messages are read; raises UsageError where there is a choice."""
    from pipelines.folder import ProgramFolder

    found = [each.id for each in ProgramFolder.open(folder).program.alliances if each.text_read]
    if len(found) != 1:
        raise click.UsageError(
            f"expected --alliance, one of {', '.join(found)}" if found else "no alliance is at scale"
        )
    return found[0]


COMMANDS = (label,)
