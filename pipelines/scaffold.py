"""`quietpivot init`: a commented program to fill in."""

from importlib.resources import files
from pathlib import Path

from configs import ConfigError
from connectors import CAUSE_COLUMNS, SCORECARD_COLUMNS
from connectors.roster import COLUMNS

FOLDERS = ("exports", "surveys", "registers")
REGISTERS = {
    "pivots.csv": "date,alliance,kind\n",
    "commitments.csv": "date,alliance,kind,partner\n",
    "milestones.csv": "date,alliance,kind\n",
    "scorecard.csv": ",".join(SCORECARD_COLUMNS) + "\n",
    "causes.csv": ",".join(CAUSE_COLUMNS) + "\n",
}


def write_scaffold(folder: Path) -> None:
    """Write a program folder. Raises ConfigError when there is a program already."""
    if (folder / "program.toml").exists():
        raise ConfigError(str(folder), ["expected a folder without program.toml, found one; choose another folder"])
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    example = files("configs").joinpath("example.toml").read_text(encoding="utf-8")
    (folder / "program.toml").write_text(example, encoding="utf-8")
    (folder / "people.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    for name, heading in REGISTERS.items():
        (folder / "registers" / name).write_text(heading, encoding="utf-8")
