"""Who is who in one alliance on one night: sides, consent and pseudonyms."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from configs import Alliance, Program
from connectors import (
    Affiliation,
    ConsentRegister,
    Identity,
    Medium,
    PartnerKeys,
    Roster,
    pseudonym,
)
from pipelines.folder import ProgramFolder
from pipelines.keys import alliance_key

ALWAYS, NEVER = date(1900, 1, 1), date(2999, 12, 31)
"""What stands for an open beginning and an open end."""


@dataclass(frozen=True, slots=True)
class People:
    """The people of one alliance as a night that runs at `run_at` sees them."""

    alliance: Alliance
    roster: Roster = field(repr=False)
    register: ConsentRegister = field(repr=False)
    key: bytes = field(repr=False)
    run_at: datetime

    def side(self, organisation: str) -> str:
        """Return a, b, or "" for an organisation that is no partner of this alliance."""
        partners = self.alliance.partners
        return "ab"[partners.index(organisation)] if organisation in partners else ""

    def known(self, identity: Identity, at: datetime) -> Affiliation | None:
        """Return somebody of either partner, None for everybody else."""
        found = self.roster.person_at(identity, at)
        return found if found and self.side(found.organisation) else None

    def consents_to(self, person: str, medium: Medium, sent_at: datetime) -> bool:
        """Whether a message of this person sent then may be read tonight."""
        return self.register.allows(
            person, alliance=self.alliance.id, medium=medium, sent_at=sent_at, run_at=self.run_at
        )

    def named(self, value: str) -> str:
        """Return the keyed pseudonym of an address, id, person, thread or text."""
        return pseudonym(self.key, value)

    def identities(self) -> list[dict[str, Any]]:
        """Return which pseudonyms are one person, on which side, from when until when."""
        return [
            {
                "alliance": self.alliance.id,
                "pseudonym": self.named(each.key),
                "person": self.named(f"person/{each.person}"),
                "side": self.side(each.organisation),
                "layer": each.layer,
                "team": each.team,
                "valid_from": each.start or ALWAYS,
                "valid_until": each.until or NEVER,
            }
            for each in self.roster.affiliations
            if self.side(each.organisation)
        ]

    def consents(self) -> list[dict[str, Any]]:
        """Return the days of sending that are covered tonight."""
        return [
            {
                "alliance": self.alliance.id,
                "person": self.named(f"person/{each.person}"),
                "medium": each.medium,
                "valid_from": each.start,
                "valid_until": each.until,
            }
            for each in self.register.intervals(self.alliance.id, self.run_at)
        ]

    def digest(self) -> str:
        """Return a fingerprint of everything that decides whose messages are read."""
        partners = (self.alliance.partners, self.alliance.stage)
        return sha256(repr((partners, self.identities(), self.consents())).encode()).hexdigest()


def people_of(folder: ProgramFolder, run_at: datetime) -> dict[str, People]:
    """Return the people of each alliance. Raises BadRoster, BadConsent, LostKey."""
    program = folder.program
    roster = Roster.load(folder.people, partner_keys(program))
    register = ConsentRegister.load(folder.consent)
    return {
        each.id: People(each, roster, register, alliance_key(folder, each.id), run_at) for each in program.alliances
    }


def partner_keys(program: Program) -> Sequence[PartnerKeys]:
    """Return how each partner is recognised."""
    return [PartnerKeys(each.id, each.domains, each.tenants) for each in program.partners]
