"""The demo as files: a complete program folder, the same bytes for the same day and seed."""

import csv
import io
import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from random import Random
from string import Template
from typing import Any
from zoneinfo import ZoneInfo

from configs import Alliance, Program, parse_program
from connectors import ConsentRegister
from demo import consent, early, registers, survey
from demo.company import Person, cast, people
from demo.errors import FolderInUse
from demo.letters import Letter, Secretary, mbox
from demo.noise import Noise
from demo.slack import Workspace, listed
from demo.speech import Speech
from demo.story import rates
from demo.talk import Talk, Utterance
from demo.threads import Month
from demo.workdays import Office, following, holidays, months_before

MARK = "# quietpivot demo program"
"""How the settings file of a demo begins; only such a folder is written over."""

OVERLAP = 4
"""Mails of the end of a quarter that the next quarter's export repeats."""

COMMENTS = {"tidal-array": "up", "cold-chain": "flat", "harbour-storage": "early"}


def write_demo(folder: Path, *, until: date, seed: int = 7) -> None:
    """Write the fictional portfolio: the 14 whole months before the month of `until`, the first day not covered.

    A demo that lies in `folder` is written again, its store, keys and published pages left alone. Raises FolderInUse
    when anything else lies there. Writes no keys and no store.
    """
    _refuse_strange(folder)
    months = months_before(until)
    text = settings(months)
    program = parse_program(text)
    _clear(folder)
    (folder / "program.toml").write_text(text, encoding="utf-8")
    everybody = [_alliance(folder, plan, program, months, seed) for plan in cast()["alliances"]]
    _write_people(folder / "people.csv", program, everybody)
    _write_consents(folder / "consent.csv", program, everybody, months)
    _write_surveys(folder / "surveys", program, months, seed)
    for name, table in registers.files(months).items():
        _write(folder / "registers" / name, table.encode())


def _refuse_strange(folder: Path) -> None:
    settings_file = folder / "program.toml"
    if folder.exists() and not folder.is_dir():
        raise FolderInUse(f"{folder}: expected a folder for the demo, found a file; name another place")
    ours = settings_file.is_file() and settings_file.read_text(encoding="utf-8", errors="replace").startswith(MARK)
    if folder.is_dir() and any(folder.iterdir()) and not ours:
        found = "another program" if settings_file.exists() else "other files"
        raise FolderInUse(f"{folder}: expected an empty folder or an earlier demo, found {found}; name another folder")


def _clear(folder: Path) -> None:
    """Take away what an earlier demo wrote, and nothing that a night made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("exports", "surveys", "registers"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("program.toml", "people.csv", "consent.csv"):
        (folder / name).unlink(missing_ok=True)


def settings(months: Sequence[date]) -> str:
    """Return the text of program.toml for these months."""
    template = Template(files("demo").joinpath("template", "program.toml").read_text(encoding="utf-8"))
    closed = {name: f"[{', '.join(map(str, holidays(days, months)))}]" for name, days in cast()["holidays"].items()}
    questions = "\n".join(f'"{words}" = "{dimension}"' for dimension, words in survey.QUESTIONS.items())
    return template.substitute(
        closed,
        started=months[0] - timedelta(days=300),
        early=months[0] - timedelta(days=40),
        long_dimensions=questions,
        wide_dimensions=questions,
    )


def _alliance(folder: Path, plan: dict[str, Any], program: Program, months: list[date], seed: int) -> list[Person]:
    """Write the exports of an alliance and return its people."""
    found = people(plan, program, months, Random(f"{seed}/{plan['id']}/people"))
    exports = folder / "exports" / plan["id"]
    if not plan["phrases"]:
        _write(exports / "never-opened.mbox", mbox(early.letters(found, months), packed=False))
        return found
    said = conversation(plan, program, found, months, seed)
    _write_mail(exports, plan, program, found, said, months, seed)
    teams = {side: program.partner(plan[side]["partner"]).tenants[0] for side in "ab"}
    rng = Random(f"{seed}/{plan['id']}/chat")
    workspace = Workspace(plan["channel"], found, teams, Speech(plan["phrases"], rng), rng)
    _write(exports / "slack-export.zip", workspace.export([u for u in said if u.medium == "chat"], months))
    return found


def conversation(
    plan: dict[str, Any], program: Program, found: Sequence[Person], months: Sequence[date], seed: int
) -> list[Utterance]:
    """Return all that is said in an alliance, in the order of sending."""
    rng = Random(f"{seed}/{plan['id']}/talk")
    offices = {side: _office(program, plan[side]["partner"]) for side in "ab"}
    talk = Talk(found, offices, Speech(plan["phrases"], rng), following(months[-1]), rng)
    told = rates(plan["id"])
    for number, month in enumerate(months):
        Month(talk, month, {name: values[number] for name, values in told.items()}).tell()
    return sorted(talk.said, key=lambda said: (said.sent_at, said.number))


def _office(program: Program, partner_id: str) -> Office:
    partner = program.partner(partner_id)
    return Office(ZoneInfo(partner.zone), *partner.work_hours, frozenset(partner.holidays))


def _write_mail(
    exports: Path,
    plan: dict[str, Any],
    program: Program,
    found: Sequence[Person],
    said: Sequence[Utterance],
    months: Sequence[date],
    seed: int,
) -> None:
    rng = Random(f"{seed}/{plan['id']}/mail")
    speech = Speech(plan["phrases"], rng)
    partners = {side: program.partner(plan[side]["partner"]) for side in "ab"}
    names = {side: partner.name for side, partner in partners.items()}
    zones = {side: ZoneInfo(partner.zone) for side, partner in partners.items()}
    secretary = Secretary(plan["id"], names, speech, zones, rng)
    written = [secretary.letter(each) for each in said if each.medium == "mail"]
    noise = Noise(found, speech, rng)
    written += [letter for number, month in enumerate(months) for letter in noise.letters(month, number)]
    for number, (name, letters) in enumerate(_by_quarter(written)):
        packed = number % 2 == 1
        _write(exports / f"mail-{name}.mbox{'.gz' if packed else ''}", mbox(letters, packed=packed))


def _by_quarter(written: Sequence[Letter]) -> list[tuple[str, list[Letter]]]:
    """Return (quarter, its mails); each begins with the last mails of the quarter before, as overlapping exports do."""
    quarters: dict[str, list[Letter]] = {}
    for letter in sorted(written, key=lambda letter: (letter.sent_at, letter.headers)):
        name = f"{letter.sent_at.year}-q{(letter.sent_at.month + 2) // 3}"
        quarters.setdefault(name, []).append(letter)
    ends = [letters[-OVERLAP:] for letters in quarters.values()]
    return [(name, [*before, *own]) for (name, own), before in zip(quarters.items(), [[], *ends], strict=False)]


def _write_people(path: Path, program: Program, everybody: Sequence[Sequence[Person]]) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("person", "address", "organisation", "layer", "team", "from", "until"))
    for person in (person for found in everybody for person in found):
        for stint in person.stints:
            where = (stint.organisation, person.layer, person.team, stint.start or "", stint.until or "")
            writer.writerow((person.key, stint.address, *where))
            if not listed(person, stint.side) or len(person.stints) > 1:
                tenant = program.partner(stint.organisation).tenants[:1]
                for team in tenant:
                    writer.writerow((person.key, f"slack:{team}/{stint.slack}", *where))
        if person.alias:
            stint = person.stints[0]
            writer.writerow((person.key, person.alias, stint.organisation, person.layer, person.team, "", ""))
    _write(path, stream.getvalue().encode())


def _write_consents(
    path: Path, program: Program, everybody: Sequence[Sequence[Person]], months: Sequence[date]
) -> None:
    decided = [
        event
        for alliance, found in zip(program.alliances, everybody, strict=True)
        for event in consent.events(found, alliance.id, " and ".join(_names(program, alliance)), months)
    ]
    ConsentRegister.load(path).append(*sorted(decided, key=lambda event: (event.recorded_at, event.person)))


def _names(program: Program, alliance: Alliance) -> list[str]:
    return [program.partner(partner).name for partner in alliance.partners]


def _write_surveys(folder: Path, program: Program, months: Sequence[date], seed: int) -> None:
    rng = Random(f"{seed}/survey")
    answered = {
        each.id: list(survey.sheets(each, program, months, COMMENTS[each.id], Speech("tidal", rng), rng))
        for each in program.alliances
    }
    wide = answered.pop("cold-chain")
    _write(folder / "pulse.csv", survey.long_csv([sheet for found in answered.values() for sheet in found]).encode())
    _write(folder / "cold-chain.xlsx", survey.wide_xlsx(wide))


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
