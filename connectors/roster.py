"""people.csv: who is who, in which organisation, from when until when.

A person is an opaque key that the partners choose; addresses and platform ids lead to it. Nothing is guessed by name.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from connectors.addresses import canonical_address
from connectors.errors import BadRoster
from connectors.message import Identity
from connectors.pseudonym import identity_keys
from connectors.table import parsed_date, rows

COLUMNS = ("person", "address", "organisation", "layer", "team", "from", "until")
LAYERS = ("technical", "manager", "executive", "")


@dataclass(frozen=True, slots=True)
class PartnerKeys:
    """How an organisation is recognised: its id, mail domains and platform tenants."""

    id: str
    domains: tuple[str, ...] = ()
    tenants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Affiliation:
    """One line of the roster. `until` is the first day that no longer counts, None while it lasts."""

    person: str = field(repr=False)
    key: str = field(repr=False)
    organisation: str
    layer: str
    team: str
    start: date | None
    until: date | None
    line: int

    def covers(self, day: date) -> bool:
        """Whether the affiliation holds on a day."""
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)

    def overlaps(self, other: "Affiliation") -> bool:
        """Whether the two hold on a common day."""
        first, last = date.min, date.max
        return (self.start or first) < (other.until or last) and (other.start or first) < (self.until or last)


class Roster:
    """Looks people up by address or platform id at a time."""

    def __init__(self, affiliations: Sequence[Affiliation], partners: Sequence[PartnerKeys]) -> None:
        self._partners = partners
        self._by_key: dict[str, list[Affiliation]] = defaultdict(list)
        for affiliation in affiliations:
            self._by_key[affiliation.key].append(affiliation)
        self.affiliations = tuple(affiliations)

    @classmethod
    def load(cls, path: Path, partners: Sequence[PartnerKeys]) -> "Roster":
        """Read people.csv. Raises BadRoster naming the line and what contradicts what."""
        known = {partner.id for partner in partners}
        lines = [_affiliation(path.name, line, row, known) for line, row in rows(path, COLUMNS, BadRoster)]
        _refuse_contradictions(path.name, lines)
        return cls(lines, partners)

    def person_at(self, identity: Identity, at: datetime) -> Affiliation | None:
        """Return the affiliation of an identity at an instant, or None when the roster does not know it."""
        for key in identity_keys(identity):
            for affiliation in self._by_key.get(key, ()):
                if affiliation.covers(at.date()):
                    return affiliation
        return None

    def organisation_at(self, identity: Identity, at: datetime) -> str:
        """Return the partner id of an identity: by roster, else by tenant, else by mail domain; "" when unknown."""
        if known := self.person_at(identity, at):
            return known.organisation
        domain = identity.address.rpartition("@")[2]
        for partner in self._partners:
            by_tenant = not identity.address and identity.tenant in partner.tenants
            if by_tenant or (domain and any(_is_below(domain, each) for each in partner.domains)):
                return partner.id
        return ""


def _is_below(domain: str, partner: str) -> bool:
    return domain == partner or domain.endswith(f".{partner}")


def _affiliation(name: str, line: int, row: dict[str, str], known: set[str]) -> Affiliation:
    where = f"{name}, line {line}"
    if not row["person"]:
        raise BadRoster(f"{where}, person: expected an opaque key, found an empty cell")
    if row["organisation"] not in known:
        expected = ", ".join(sorted(known))
        raise BadRoster(
            f"{where}, organisation: expected one of {expected}; found an id that program.toml does not have"
        )
    if row["layer"] not in LAYERS:
        raise BadRoster(f"{where}, layer: expected technical, manager, executive or nothing; found another word")
    start, until = (parsed_date(row[each], f"{where}, {each}", BadRoster) for each in ("from", "until"))
    if start and until and start >= until:
        raise BadRoster(f"{where}: expected from before until, found {start} and {until}")
    key = _key(row["address"], where)
    return Affiliation(row["person"], key, row["organisation"], row["layer"], row["team"], start, until, line)


def _key(address: str, where: str) -> str:
    """Return the matching key of a cell: a mail address, or `slack:TEAM/USER` and its like."""
    platform, _, native = address.partition(":")
    if native and "/" in native and "@" not in platform:
        return native
    if canonical := canonical_address(address):
        return canonical
    raise BadRoster(f"{where}, address: expected a mail address or platform id such as slack:T01/U02, found neither")


def _refuse_contradictions(name: str, lines: Sequence[Affiliation]) -> None:
    by_key: dict[str, list[Affiliation]] = defaultdict(list)
    by_person: dict[str, list[Affiliation]] = defaultdict(list)
    for line in lines:
        for other in by_key[line.key]:
            if line.overlaps(other):
                _refuse_pair(name, line, other)
        for other in by_person[line.person]:
            if line.overlaps(other) and other.organisation != line.organisation:
                _refuse_pair(name, line, other)
        by_key[line.key].append(line)
        by_person[line.person].append(line)


def _refuse_pair(name: str, line: Affiliation, other: Affiliation) -> None:
    where = f"{name}, lines {other.line} and {line.line}"
    if line.organisation != other.organisation:
        raise BadRoster(
            f"{where}: expected one organisation at a time, found {other.organisation} and {line.organisation} "
            "on common days; end one with `until`"
        )
    if line.person != other.person:
        raise BadRoster(f"{where}: expected one person for an address at a time, found two; end one with `until`")
