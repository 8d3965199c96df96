"""What every stage of one night knows: the folder, the instant, the people and the store."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from configs import Program
from models import version_of
from pipelines.admission import oldest_kept
from pipelines.export import Export, code_digest, content_digest, exports_of
from pipelines.folder import ProgramFolder
from pipelines.keys import encrypt_published, refuse_other_keys
from pipelines.people import People, people_of
from pipelines.register_copy import alone, bring_back
from warehouse import Store

BROUGHT_BACK = "{} events were gone, an older copy or a cut end; they came back from the copy beside the keys"

Advance = Callable[[int], None]
"""Told how many more messages were read and scored."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Input that could not be used, named for the people who dropped it in; never what it says."""

    where: str
    why: str


@dataclass(slots=True)
class Context:
    """One night. `quarantined` collects what the night goes on without."""

    folder: ProgramFolder
    run_at: datetime
    people: dict[str, People]
    exports: dict[str, Export]
    store: Store
    model_version: str
    reader_version: str
    quarantined: list[Quarantined] = field(default_factory=list)
    contents: dict[str, str] = field(default_factory=dict)
    advance: Advance = lambda count: None

    @classmethod
    def open(cls, root: Path, run_at: datetime) -> "Context":
        """Read settings, people and consent, the register made whole first.

        Raises ConfigError, BadRoster, BadConsent, LostKey, ModelRefused, BadStore, NotEncrypted.
        """
        folder = ProgramFolder.open(root)
        encrypt_published(folder)
        with alone(root):
            lacking = bring_back(folder)
        people = people_of(folder, run_at)
        store = Store(folder.store)
        refuse_other_keys(folder, store)
        return cls(
            folder=folder,
            run_at=run_at,
            people=people,
            exports={each.id: each for each in exports_of(folder)},
            store=store,
            model_version=version_of(folder.model),
            reader_version=code_digest("connectors", "pipelines"),
            quarantined=[Quarantined("consent.csv", BROUGHT_BACK.format(lacking))] if lacking else [],
        )

    @property
    def program(self) -> Program:
        """The settings."""
        return self.folder.program

    @property
    def oldest(self) -> datetime:
        """The first instant that retention still covers."""
        return oldest_kept(self.run_at, self.program.privacy.retention_months)

    def record(self, alliance: str, shard: str, **facts: Any) -> None:
        """Put a shard's new state into the ledger."""
        self.store.record({"alliance": alliance, "shard": shard, **facts})

    def content_of(self, export: str) -> str:
        """Return the fingerprint of what an export holds, taken once a night."""
        if export not in self.contents:
            self.contents[export] = content_digest(self.exports[export].path)
        return self.contents[export]

    def name_of(self, export: str) -> str:
        """Return how a user knows an export: its path below the program folder."""
        return str(self.exports[export].path.relative_to(self.folder.root))


def fingerprint(*parts: object) -> str:
    """Return one hash of everything a result was made from."""
    return sha256(repr(parts).encode("utf-8", "surrogateescape")).hexdigest()


Counts = Counter[tuple[str, str]]
"""(stage, reason) -> records."""
