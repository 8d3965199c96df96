"""Commands for people's rights: consent, my-data, erase."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
PERSON = click.argument("person")
ALLIANCE = click.option("--alliance", default="*", show_default=True, help="One alliance, or * for all.")
SOURCES = click.option(
    "--source", "sources", multiple=True, type=click.Choice(["mail", "chat"]), help="Repeatable; default: both."
)
NOTICE = click.option("--notice", default="1", show_default=True, help="Version of the notice the person was given.")
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def consent() -> None:
    """Keep the consent register of a program: append-only, hash-chained, twelve months at most.

    Example: quietpivot consent give harbour p017 --source chat --until 2026-06-30
    """


@consent.command()
@FOLDER
@PERSON
@ALLIANCE
@SOURCES
@NOTICE
@click.option("--from", "start", type=DAY, help="First day of sending that is covered; default: today.")
@click.option("--until", type=DAY, help="First day that is not; default: a year later.")
def give(
    folder: Path,
    person: str,
    alliance: str,
    sources: tuple[str, ...],
    notice: str,
    start: datetime | None,
    until: datetime | None,
) -> None:
    """Record that a person consents. Example: quietpivot consent give harbour p017"""
    days = {"start": start.date() if start else None, "until": until.date() if until else None}
    _record(folder, person, "given", alliance=alliance, sources=sources, notice=notice, **days)


@consent.command()
@FOLDER
@PERSON
@ALLIANCE
@SOURCES
@NOTICE
def refuse(folder: Path, person: str, alliance: str, sources: tuple[str, ...], notice: str) -> None:
    """Record that a person refuses. Example: quietpivot consent refuse harbour p017"""
    _record(folder, person, "refused", alliance=alliance, sources=sources, notice=notice)


@consent.command()
@FOLDER
@PERSON
@ALLIANCE
@SOURCES
@NOTICE
def withdraw(folder: Path, person: str, alliance: str, sources: tuple[str, ...], notice: str) -> None:
    """Record a withdrawal; the next run erases. Example: quietpivot consent withdraw harbour p017"""
    _record(folder, person, "withdrawn", alliance=alliance, sources=sources, notice=notice)


def _record(folder: Path, person: str, event: Any, *, sources: tuple[str, ...], **facts: Any) -> None:
    from pipelines.folder import ProgramFolder
    from pipelines.rights import ALL_MEDIA, record_consent

    media: Any = sources or ALL_MEDIA
    entry = record_consent(ProgramFolder.open(folder), person, event, sources=media, **facts)
    until = f" until {entry.valid_until}" if entry.valid_until else ""
    click.echo(f"recorded: {entry.event}, {' and '.join(entry.sources)}, alliance {entry.alliance}{until}")


@consent.command(name="list")
@FOLDER
def list_events(folder: Path) -> None:
    """Count the events of the register and say how many people are covered today. Names nobody.

    Example: quietpivot consent list harbour
    """
    from pipelines.folder import ProgramFolder

    program = ProgramFolder.open(folder)
    register = _register(program.consent)
    for event, count in Counter(each.event for each in register.events()).most_common():
        click.echo(f"{event:10} {count}")
    now = datetime.now(UTC)
    for alliance in program.program.alliances:
        covered = {(each.person, each.medium) for each in register.intervals(alliance.id, now)}
        media = Counter(medium for _, medium in covered)
        click.echo(f"covered today in {alliance.id}: {media['mail']} for mail, {media['chat']} for chat")


@consent.command()
@FOLDER
def verify(folder: Path) -> None:
    """Check the hash chain of the register. Example: quietpivot consent verify harbour"""
    from pipelines.folder import ProgramFolder

    register = _register(ProgramFolder.open(folder).consent)
    click.echo(f"unbroken: {len(register.events())} events")


@consent.command(name="import")
@FOLDER
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def import_file(folder: Path, file: Path) -> None:
    """Record every line of a CSV (person, event; alliance, sources, notice_version, valid_from, valid_until), or none.

    Example: quietpivot consent import harbour signed-in-may.csv
    """
    from pipelines.consent_file import import_consent
    from pipelines.folder import ProgramFolder

    click.echo(f"recorded: {import_consent(ProgramFolder.open(folder), file)} events")


@consent.command()
@FOLDER
@PERSON
def receipt(folder: Path, person: str) -> None:
    """Print a person's receipt of consent as JSON, after ISO/IEC TS 27560; that it was made is logged.

    Example: quietpivot consent receipt harbour p017
    """
    from pipelines.receipt import receipt as made

    click.echo(json.dumps(made(folder, person), ensure_ascii=False, indent=1))


def _register(path: Path) -> Any:
    from connectors import ConsentRegister

    return ConsentRegister.load(path)


@click.command(name="my-data")
@FOLDER
@PERSON
def my_data(folder: Path, person: str) -> None:
    """Print all that is held on one person, as JSON, on that person's behalf; the access is logged.

    Example: quietpivot my-data harbour p017
    """
    from pipelines.rights import my_data as everything

    click.echo(json.dumps(everything(folder, person), default=_plain, indent=1))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


@click.command()
@FOLDER
@PERSON
def erase(folder: Path, person: str) -> None:
    """Withdraw a person's consent from everything and erase their rows from the store at once.

    Example: quietpivot erase harbour p017
    """
    from pipelines.rights import erase_person

    click.echo(f"erased {erase_person(folder, person)} rows; the next run publishes without them")


COMMANDS = (consent, my_data, erase)
