"""What a build needs beside the parts; everything that identifies somebody is already a pseudonym."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from warehouse.memory import Memory

SIDES = ("a", "b")


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a partner works: IANA zone, local opening and closing hour, Monday to Friday without holidays."""

    zone: str = "UTC"
    opens: int = 9
    closes: int = 17
    holidays: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class AllianceInput:
    """One alliance as the build sees it; `calendars` are those of a and b."""

    id: str
    name: str
    stage: str
    text_read: bool
    partners: tuple[str, str]
    calendars: tuple[Calendar, Calendar]
    started: date
    baseline: tuple[date, date] | None = None
    agreed_frequency: float | None = None
    cadence: str = "monthly"
    growth_share: float | None = None


@dataclass(frozen=True, slots=True)
class BuildInputs:
    """Everything that a build reads. Tables are lists of rows (dicts) with the columns named here.

    identities: alliance, pseudonym, person, side, layer, team, valid_from, valid_until.
    consents: alliance, person, medium, valid_from, valid_until. surveys: alliance, period, side, dimension, value,
    has_comment. log: alliance, on_date, register, kind, side. left_out: alliance, stage, reason, records.
    scorecard: alliance, on_date, perspective, item, side, value, target, better. causes: alliance, on_date, cause,
    finding. anchors: dimension, level, words.
    `priors` is head -> class counts of the data that the model was calibrated on, in the order of its values;
    `confusions` is head -> what its evaluation counted there, rows the truth and columns the decision; without it an
    interval does not carry how well the classifier's errors are known. `labels` are the files of own labels.
    `fingerprint` is a hash of everything that the night was built from, so that a night without news can be told.
    `memory` is that of the file which is published now; the build fills what is to be kept once its own is. Without one
    nothing is frozen, and a month is shown while it goes on.
    """

    program: str
    run_at: datetime
    min_people: int
    min_answers: int
    alliances: tuple[AllianceInput, ...]
    parts: tuple[Path, ...]
    identities: list[dict[str, Any]]
    consents: list[dict[str, Any]]
    surveys: list[dict[str, Any]]
    log: list[dict[str, Any]]
    left_out: list[dict[str, Any]]
    priors: dict[str, list[float]]
    weights: dict[str, float]
    informs: dict[str, tuple[str, ...]]
    frameworks: dict[str, tuple[str, ...]]
    model_version: str
    code_version: str
    confusions: dict[str, list[list[float]]] = field(default_factory=dict)
    labels: tuple[Path, ...] = ()
    retention_months: int = 13
    fingerprint: str = ""
    scorecard: list[dict[str, Any]] = field(default_factory=list)
    causes: list[dict[str, Any]] = field(default_factory=list)
    anchors: list[dict[str, Any]] = field(default_factory=list)
    temporary: Path | None = field(default=None)
    memory: Memory | None = field(default=None, repr=False)
