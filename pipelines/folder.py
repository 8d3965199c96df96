"""A program folder: where everything of a program lies."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from configs import Program, load_program


@dataclass(frozen=True, slots=True)
class ProgramFolder:
    """A program's folder and its settings."""

    root: Path
    program: Program

    @classmethod
    def open(cls, root: Path) -> Self:
        """Read `root/program.toml`. Raises ConfigError."""
        return cls(root, load_program(root))

    @property
    def people(self) -> Path:
        """The roster."""
        return self.root / "people.csv"

    @property
    def consent(self) -> Path:
        """The consent register."""
        return self.root / "consent.csv"

    @property
    def registers(self) -> Path:
        """The folder of the stewards' registers."""
        return self.root / "registers"

    @property
    def keys(self) -> Path:
        """The folder of the pseudonym keys, outside the store."""
        return self.root / self.program.privacy.keys

    @property
    def store(self) -> Path:
        """The private store."""
        return self.root / "store"

    @property
    def database(self) -> Path:
        """The published database."""
        return self.root / "published" / "quietpivot.duckdb"

    @property
    def page(self) -> Path:
        """The published page."""
        return self.root / "published" / "report.html"

    @property
    def model(self) -> Path | None:
        """The model folder that the program names, None for the released model."""
        return self.root / self.program.run.model if self.program.run.model else None
