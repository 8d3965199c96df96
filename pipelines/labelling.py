"""A sitting: a steward reads a few messages drawn by chance, each once, and says what it does; no word is kept.

Who may: the stewards that program.toml names by their login on this machine. Whose messages: of people who consent
now, under a version of the notice that tells them of it; the model reads the same own text.
"""

import os
import pwd
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random, SystemRandom
from secrets import token_hex
from typing import Any

from connectors import ConsentRegister, Roster, Skipped, UnknownFormat, read
from pipelines.admission import Admitted, admit
from pipelines.audit import write
from pipelines.building import inputs
from pipelines.context import Context
from pipelines.errors import NotAuthorised, NothingToLabel
from pipelines.folder import ProgramFolder
from pipelines.people import People, partner_keys, people_of
from pipelines.recovery import needs_recovery
from pipelines.self_reports import self_reports
from pipelines.spaces import shared_spaces
from warehouse import DRAWN, LABELLED, LABELS, SHOWN, SKIPPED, BuildInputs, Memory, OwnLabels, draw

Row = dict[str, Any]
ACTION = "label"
"""What the log of accesses says of a sitting, with the pseudonym of the steward who reads."""


@dataclass(slots=True)
class Sitting:
    """What a steward still has to read in one alliance. `texts` are in memory alone, each until it is shown."""

    root: Path
    alliance: str
    book: OwnLabels
    waiting: list[Row] = field(repr=False)
    texts: dict[str, str] = field(repr=False)
    _seen: tuple[int, int] = (0, 0)
    _authors: frozenset[tuple[str, str]] = frozenset()

    def messages(self) -> Iterator[tuple[Row, str]]:
        """Yield each message's row and text, once for all time: it is marked as shown before it is.

        Who has withdrawn meanwhile, or was erased, is passed over; so is what no export holds any more.
        """
        while self.waiting:
            row = self.waiting.pop(0)
            text = self.texts.pop(row["message_key"], "")
            if self._read_before(row):
                continue
            today = datetime.now(UTC).date()
            if not text:
                self._note(row, state=SKIPPED)
            elif self._still_agreed(row) and self._note(row, state=SHOWN, shown_on=today):
                yield row, text

    def answer(self, row: Row, labels: Mapping[str, int] | None) -> None:
        """Keep what the steward said of a message, None for a message that no label fits."""
        if labels is None:
            self._note(row, state=SKIPPED)
        else:
            self._note(row, state=LABELLED, **{f"label_{head}": value for head, value in labels.items()})

    def _read_before(self, row: Row) -> bool:
        """Give a message whose words were shown before, in another one, what was said of these; False for others."""
        known = [each for each in self.book.rows(self.alliance) if each["text_key"] == row["text_key"]]
        before = next((each for each in known if each["state"] != DRAWN), None)
        if before:
            said = {name: before[name] for name in (*LABELS, "state", "shown_on")}
            self._note(row, **said)
        return before is not None

    def _note(self, row: Row, **fields: Any) -> bool:
        return self.book.change(self.alliance, row["message_key"], **fields)

    def _still_agreed(self, row: Row) -> bool:
        """Look at the register again when it has changed since the last message."""
        folder = ProgramFolder.open(self.root)
        seen = folder.consent.stat().st_mtime_ns, folder.consent.stat().st_size
        if seen != self._seen:
            people = people_of(folder, datetime.now(UTC))[self.alliance]
            agreed = agreed_consents(people, folder.program.labelling.notices)
            self._seen, self._authors = seen, _authors(people, agreed)
        return (row["author"], row["medium"]) in self._authors


def sitting(
    root: Path, alliance: str, count: int, *, login: str | None = None, chance: Random | None = None
) -> Sitting:
    """Open a sitting: go on with the messages that wait from the last one, or draw `count` new ones.

    Raises NotAuthorised, NothingToLabel, ConfigError. The access is written to the log, whoever reads how much.
    """
    context = Context.open(root, datetime.now(UTC))
    steward = authorised(context.folder, login or pwd.getpwuid(os.getuid()).pw_name)
    if alliance not in context.people or not context.program.alliance(alliance).text_read:
        wanted = ", ".join(each.id for each in context.program.alliances if each.text_read)
        raise NothingToLabel(f"alliance: expected one whose messages are read ({wanted}), found another id")
    if needs_recovery(context):
        raise NothingToLabel("expected a store that the last night left whole, found one to be put right; run a night")
    people, book = context.people[alliance], OwnLabels(context.store.folder)
    write(context.folder, ACTION, people.named(f"person/{steward}"))
    waiting = [row for row in book.rows(alliance) if row["state"] == DRAWN]
    if not waiting:
        waiting = _drawn(context, alliance, count, book, chance or SystemRandom())
        book.put(alliance, waiting)
    return Sitting(root, alliance, book, waiting, _texts(context, alliance, waiting))


def authorised(folder: ProgramFolder, login: str) -> str:
    """Return the person who labels under this login. Raises NotAuthorised: by default nobody may."""
    stewards, today = folder.program.labelling.stewards, datetime.now(UTC).date()
    person = next((each for each, own in stewards.items() if own == login), None)
    if person is None or not _belongs(folder, person, today):
        raise NotAuthorised(
            "expected a login that [labelling.stewards] in program.toml gives to somebody of people.csv, found "
            'another; both partners agree on who may read, then add `person = "login"` there'
        )
    if not folder.program.labelling.notices:
        raise NotAuthorised(
            "labelling.notices: expected the versions of the notice that tell people that a steward may read a few of "
            "their messages, found none; consent to being scored is no consent to being read"
        )
    return person


def _belongs(folder: ProgramFolder, person: str, today: date) -> bool:
    roster = Roster.load(folder.people, partner_keys(folder.program))
    return any(each.person == person and each.covers(today) for each in roster.affiliations)


def agreed_consents(people: People, notices: tuple[str, ...]) -> list[Row]:
    """Return the consents in force whose latest notice told of labelling, as `People.consents` does."""
    told = {
        (people.named(f"person/{person}"), medium)
        for (person, medium), notice in _latest_notices(people.register, people.alliance.id, people.run_at).items()
        if notice in notices
    }
    return [row for row in people.consents() if (row["person"], row["medium"]) in told]


def _authors(people: People, agreed: list[Row]) -> frozenset[tuple[str, str]]:
    """Return (pseudonym, medium) of those who agree now."""
    media = {(row["person"], row["medium"]) for row in agreed}
    return frozenset(
        (each["pseudonym"], medium)
        for each in people.identities()
        for person, medium in media
        if each["person"] == person
    )


def _latest_notices(register: ConsentRegister, alliance: str, run_at: datetime) -> dict[tuple[str, str], str]:
    """Return person and medium -> the notice of the last consent that was given."""
    given = ("given", "renewed")
    return {
        (event.person, medium): event.notice_version
        for event in register.events()
        if event.event in given and event.alliance in ("*", alliance) and event.recorded_at <= run_at
        for medium in event.sources
    }


def _drawn(context: Context, alliance: str, count: int, book: OwnLabels, chance: Random) -> list[Row]:
    seen = [row["message_key"] for row in book.rows(alliance)]
    rows = draw(_pool(context, alliance), alliance, count, seen, token_hex(8), chance)
    if not rows:
        raise NothingToLabel(
            f"expected messages that nobody was shown yet, of at least {context.program.privacy.min_people} people on "
            "each side who agreed to it, found too few; run a night first, or wait for more people to agree"
        )
    return rows


def _pool(context: Context, alliance: str) -> BuildInputs:
    """Return what a build reads, of the people alone who agreed to be read."""
    made = inputs(context, self_reports(context), "", Memory())
    return replace(made, consents=agreed_consents(context.people[alliance], context.program.labelling.notices))


def _texts(context: Context, alliance: str, rows: list[Row]) -> dict[str, str]:
    """Return message key -> own text, read from the exports once more; what has changed since the night is left out."""
    wanted = {row["message_key"]: row["text_key"] for row in rows}
    people, shared = context.people[alliance], shared_spaces(context).get(alliance, frozenset())
    found: dict[str, str] = {}
    for export in context.exports.values():
        if alliance not in export.alliances:
            continue
        try:
            for record in read(export.path, format=export.format, zone=export.zone):
                key = "" if isinstance(record, Skipped) else people.named(f"message/{record.id}")
                if key in wanted and key not in found:
                    own = admit(record, people, shared, context.oldest)
                    if isinstance(own, Admitted) and own.text and own.row["text_key"] == wanted[key]:
                        found[key] = own.text
        except UnknownFormat:
            continue  # the night has named it
    return found
