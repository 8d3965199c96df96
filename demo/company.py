"""The people of the fictional companies: names of invented syllables, addresses, layers, teams, and moves."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from configs import Partner, Program
from connectors import Medium

_FIRST = ("Ve Ky Or Zi Tha Lu Nae Bru Pel Sor Ji Ad", "lin mek vra dor nix sha tull wen ris bo gard thea")
_LAST = (
    "Quan Brel Tor Wyn Hask Mor Dren Falk Ost Vell Grim Ulv",
    "mavar ickoly ovanth essund undrey aryksen itherby owendar addurin ushkar",
)
CONTACTS = (3, 4)
"""Places in a company's list of the people to whom requests go by mail."""

ALIAS = 6
"""Place of the person who writes from two addresses."""


@dataclass(frozen=True, slots=True)
class Stint:
    """Where somebody works, from when until when (first day no longer counted; None: open)."""

    side: str
    organisation: str
    address: str = field(repr=False)
    slack: str = field(repr=False)
    start: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part. `consent` is a pattern of cast.toml; `alias` a second address or ""."""

    key: str
    first: str
    last: str
    layer: str
    team: str
    consent: str
    contact: bool
    stints: tuple[Stint, ...]
    alias: str = ""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    @property
    def consents(self) -> bool:
        """Whether the person's messages may be read today, in at least one medium."""
        return self.consent in ("both", "wide", "chat")

    def consents_to(self, medium: Medium) -> bool:
        """Whether what the person writes in a medium may be read today."""
        return self.consent in ("both", "wide") or (self.consent, medium) == ("chat", "chat")

    def at(self, day: date) -> Stint:
        """Return where the person works on a day."""
        return next(stint for stint in self.stints if stint.until is None or day < stint.until)


@cache
def cast() -> dict[str, Any]:
    """Return cast.toml: "holidays" and "alliances"."""
    return tomllib.loads(files("demo").joinpath("cast.toml").read_text(encoding="utf-8"))


def people(plan: dict[str, Any], program: Program, months: Sequence[date], rng: Random) -> list[Person]:
    """Return everybody of an alliance, side a first; names are distinct."""
    names = _names(rng, sum(len(plan[side]["consents"]) for side in "ab"))
    hiring = _Hiring(plan, {side: program.partner(plan[side]["partner"]) for side in "ab"}, months)
    return [hiring.person(side, place, next(names)) for side in "ab" for place in range(len(plan[side]["consents"]))]


def _names(rng: Random, count: int) -> Iterator[tuple[str, str]]:
    first, last = ([one + other for one in a.split() for other in b.split()] for a, b in (_FIRST, _LAST))
    return zip(rng.sample(first, count), rng.sample(last, count), strict=True)


@dataclass(frozen=True, slots=True)
class _Hiring:
    """Makes the people of one alliance from its plan in cast.toml."""

    plan: dict[str, Any]
    partners: dict[str, Partner]
    months: Sequence[date]

    def person(self, side: str, place: int, name: tuple[str, str]) -> Person:
        partner, teams = self.partners[side], self.plan[side]["teams"]
        return Person(
            key=f"{partner.id[:2]}{place + 1:02d}",
            first=name[0],
            last=name[1],
            layer="executive" if place == 0 else "manager" if place < 4 else "technical",
            team=teams[place % len(teams)],
            consent=self.plan[side]["consents"][place],
            contact=place in CONTACTS,
            stints=self._stints(side, place, ".".join(name).lower()),
            alias=f"{name[0]}@lab.{partner.domains[0]}".lower() if place == ALIAS and self.plan["phrases"] else "",
        )

    def _stints(self, side: str, place: int, local: str) -> tuple[Stint, ...]:
        slack = f"U{side.upper()}{place + 1:03d}"
        first = self._stint(side, f"{local}@{self.partners[side].domains[0]}", slack)
        for kind in ("move", "rename"):
            change = self.plan.get(kind)
            if change and (change["side"], change["person"]) == (side, place):
                on = self.months[change["month"]]
                return replace(first, until=on), replace(self._after(change, first, local), start=on)
        return (first,)

    def _after(self, change: dict[str, Any], before: Stint, local: str) -> Stint:
        """Return where somebody works after a change: under another domain, or with the other company."""
        if "domain" in change:
            return replace(before, address=f"{local}@{change['domain']}")
        side = "b" if before.side == "a" else "a"
        return self._stint(side, f"{local}@{self.partners[side].domains[0]}", f"{before.slack}X")

    def _stint(self, side: str, address: str, slack: str) -> Stint:
        return Stint(side, self.partners[side].id, address, slack)
