"""The command that asks what the numbers can be trusted for."""

from pathlib import Path

import click


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path), default="study", show_default=True, help="Folder of the figures."
)
@click.option("--worlds", default=24, show_default=True, type=click.IntRange(min=2), help="Full worlds a question.")
@click.option("--seed", default=7, show_default=True, help="The same seed gives the same page.")
def simulate(out: Path, worlds: int, seed: int) -> None:
    """Build worlds whose truth is known, put them through the same build as a real night, and write what it found.

    Writes the page OUT.md beside the folder OUT of its figures. Some minutes for the default worlds.

    Example: quietpivot simulate --out study --worlds 8
    """
    from simulation import simulate as study
    from simulation import summary

    found = study(out, worlds=worlds, seed=seed, report=lambda line: click.echo(line, err=True))
    for line in summary(found):
        click.echo(line)


COMMANDS = (simulate,)
