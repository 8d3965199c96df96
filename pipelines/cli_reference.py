"""The reference of the command, written from the command itself."""

from collections.abc import Iterator

import click

from pipelines.cli import quietpivot

HEADING = "# The command\n\nWritten by `make reference` from the command itself; a test compares.\n"


def reference() -> str:
    """Return the help of every command as Markdown."""
    return "\n".join([HEADING, *_sections(quietpivot, "quietpivot")])


def _sections(command: click.Command, name: str) -> Iterator[str]:
    asked = quietpivot.context_settings["help_option_names"]
    context = click.Context(command, info_name=name, terminal_width=100, help_option_names=asked)
    yield f"## `{name}`\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for each in sorted(command.commands):
            yield from _sections(command.commands[each], f"{name} {each}")


if __name__ == "__main__":
    click.echo(reference(), nl=False)
