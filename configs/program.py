"""`program.toml`: what a program is, as the partners agreed it.

Every table refuses keys it does not know: a misspelt `min_pepole` must stop the night, not be ignored.
"""

import tomllib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from configs.dimensions import COMPONENTS, DEFAULT_INFORMS, DIMENSIONS, Component
from configs.errors import ConfigError
from configs.problems import problems

GROUP_FLOOR = 5
"""Fewest people a side of any published cell; configuration can only raise it."""

RETENTION_MONTHS = 13
"""One year of comparison and the month that is being compared."""


def _known_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError(f"expected an IANA time zone such as Europe/Berlin, found {zone!r}")
    return zone


Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,40}$")]
Zone = Annotated[str, AfterValidator(_known_zone)]


def _below(path: str) -> str:
    if Path(path).is_absolute() or ".." in Path(path).parts:
        raise ValueError(f"expected a path below the program folder, found {path!r}; move the files there")
    return path


Below = Annotated[str, AfterValidator(_below)]


class Settings(BaseModel):
    """A table of the settings file: frozen, and closed to keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Partner(Settings):
    """One partner organisation: how its people are recognised and when it works.

    `domains` match whole labels from the right (`aster.example` also matches `mail.aster.example`);
    `tenants` are the ids that chat platforms give the organisation. `work_hours` are local whole hours.
    `address` and `contact` are printed on receipts of consent.
    """

    id: Id
    name: str
    domains: tuple[str, ...] = ()
    tenants: tuple[str, ...] = ()
    zone: Zone = "UTC"
    work_hours: tuple[int, int] = (9, 17)
    holidays: tuple[date, ...] = ()
    address: str = ""
    contact: str = ""

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        opens, closes = self.work_hours
        if not 0 <= opens < closes <= 24:
            raise ValueError(f"work_hours: expected two hours 0 <= open < close <= 24, found {[opens, closes]}")
        return self


class Alliance(Settings):
    """One partner pair. `partners` are `a` and `b`, in this order, everywhere.

    `stage` "scale" reads messages; every other stage is survey only and none of its messages is read.
    `agreed_frequency` is in cross-boundary messages per active participant and working day.
    `growth_share` is the share of either partner's growth that is expected from the alliance (0 to 1).
    `cadence` "usual" asks monthly for six months and then quarterly; each is asked monthly in times of change.
    """

    id: Id
    name: str
    partners: tuple[Id, Id]
    stage: Literal["explore", "early", "scale", "closing"]
    started: date
    baseline_from: date | None = None
    baseline_until: date | None = None
    cadence: Literal["usual", "monthly", "quarterly"] = "usual"
    agreed_frequency: float | None = Field(default=None, gt=0)
    growth_share: float | None = Field(default=None, ge=0, le=1)

    @property
    def text_read(self) -> bool:
        """Whether this alliance's messages may be opened at all."""
        return self.stage == "scale"

    @model_validator(mode="after")
    def _two_partners_and_a_forward_baseline(self) -> Self:
        if self.partners[0] == self.partners[1]:
            raise ValueError(f"partners: expected two different organisations, found {self.partners[0]!r} twice")
        if (self.baseline_from is None) != (self.baseline_until is None):
            raise ValueError("expected baseline_from and baseline_until together, found one of them")
        if self.baseline_from and self.baseline_until and self.baseline_from >= self.baseline_until:
            raise ValueError("expected baseline_from before baseline_until")
        return self


class Export(Settings):
    """Where one kind of export lies, below the program folder, and which alliances it may speak of.

    Without any `[[exports]]`, each alliance reads `exports/<alliance id>/`. `format` is detected when
    left out; `zone` is needed by exports that write local times without a zone.
    """

    path: Below
    alliances: tuple[Id, ...]
    format: str | None = None
    zone: Zone | None = None


class Survey(Settings):
    """A survey file and which of its columns means what.

    `layout` "long" has one row an answer with a `dimension` column; "wide" has one column a dimension,
    named in `dimensions` (column heading -> dimension). `alliance` and `side` name columns, or are fixed by
    `fixed_alliance` and `fixed_side`. `sides` and `alliances` translate what the file says into ids.
    """

    path: Below
    layout: Literal["long", "wide"] = "long"
    period: str
    period_format: str | None = None
    alliance: str | None = None
    fixed_alliance: Id | None = None
    side: str | None = None
    fixed_side: Id | None = None
    respondent: str | None = None
    dimension: str | None = None
    value: str | None = None
    comment: str | None = None
    dimensions: dict[str, str] = Field(default_factory=dict)
    alliances: dict[str, Id] = Field(default_factory=dict)
    sides: dict[str, Id] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _layout_has_its_columns(self) -> Self:
        missing = [key for key in ("alliance", "side") if not (getattr(self, key) or getattr(self, f"fixed_{key}"))]
        if missing:
            raise ValueError(f"expected a column or a fixed value for {' and '.join(missing)}, found neither")
        if self.layout == "long" and not (self.dimension and self.value):
            raise ValueError('layout "long": expected the columns dimension and value, found at least one missing')
        if self.layout == "wide" and not self.dimensions:
            raise ValueError('layout "wide": expected [surveys.dimensions] heading = "dimension", found none')
        return self

    @model_validator(mode="after")
    def _dimensions_are_known(self) -> Self:
        strange = sorted(set(self.dimensions.values()) - set(DIMENSIONS))
        if strange and self.layout == "wide":
            raise ValueError(f"dimensions: expected one of {', '.join(DIMENSIONS)}; found {', '.join(strange)}")
        return self


class Privacy(Settings):
    """The few privacy settings there are; each can only be stricter than its floor.

    `keys` is the folder of the pseudonym keys, relative to the program folder or absolute; it must lie
    outside `store/` and `published/`. `min_answers` is the fewest answers a side's survey mean needs, `jurisdiction` is
    whose law receipts of consent name. `encrypt` asks for an encrypted published database; a night is refused where
    that cannot be had.
    """

    min_people: int = Field(default=GROUP_FLOOR, ge=GROUP_FLOOR)
    min_answers: int = Field(default=3, ge=3)
    retention_months: int = Field(default=RETENTION_MONTHS, ge=1, le=120)
    keys: str = "keys"
    encrypt: bool = False
    jurisdiction: str = ""

    @model_validator(mode="after")
    def _keys_lie_outside_the_store(self) -> Self:
        first = Path(self.keys).parts[:1]
        if first in (("store",), ("published",)):
            raise ValueError(f"keys: expected a folder outside store/ and published/, found {self.keys!r}")
        return self


class Anchors(Settings):
    """What 1, 3 and 5 of a dimension look like, in the words that both sides agreed.

    For `overall`, asked from 1 to 10, they stand at 1, 5.5 and 10.
    """

    one: Annotated[str, Field(min_length=1, max_length=300)]
    three: Annotated[str, Field(min_length=1, max_length=300)]
    five: Annotated[str, Field(min_length=1, max_length=300)]


class Labelling(Settings):
    """Who may read a few messages to label them (person of people.csv -> login), and which notices tell people so."""

    stewards: dict[str, str] = Field(default_factory=dict)
    notices: tuple[str, ...] = ()


class Run(Settings):
    """How a night works: worker processes for scoring and the model folder (None: the released model)."""

    workers: int = Field(default=1, ge=1, le=64)
    threads: int | None = Field(default=None, ge=1)
    model: str | None = None


class Program(Settings):
    """A whole `program.toml`. `weights` are those of the RVI components, any positive scale.

    `informs` says which signal indicators inform which survey dimension; a dimension that is not listed
    stays survey only and says so. `anchors` are the agreed words for the levels of a dimension.
    """

    name: str
    partners: tuple[Partner, ...]
    alliances: tuple[Alliance, ...]
    exports: tuple[Export, ...] = ()
    surveys: tuple[Survey, ...] = ()
    privacy: Privacy = Privacy()
    run: Run = Run()
    labelling: Labelling = Labelling()
    weights: dict[Component, Annotated[float, Field(gt=0)]] = Field(
        default_factory=lambda: dict.fromkeys(COMPONENTS, 1.0)
    )
    informs: dict[str, tuple[str, ...]] = Field(default_factory=lambda: dict(DEFAULT_INFORMS))
    anchors: dict[str, Anchors] = Field(default_factory=dict)

    def partner(self, partner_id: str) -> Partner:
        """Return the partner with this id; ids are checked when the file is read."""
        return next(partner for partner in self.partners if partner.id == partner_id)

    def alliance(self, alliance_id: str) -> Alliance:
        """Return the alliance with this id; raise KeyError naming the known ones."""
        for alliance in self.alliances:
            if alliance.id == alliance_id:
                return alliance
        raise KeyError(f"expected one of {', '.join(a.id for a in self.alliances)}, found {alliance_id!r}")

    @model_validator(mode="after")
    def _ids_are_unique_and_known(self) -> Self:
        partners = [partner.id for partner in self.partners]
        alliances = [alliance.id for alliance in self.alliances]
        for name, ids in (("partners", partners), ("alliances", alliances)):
            if twice := sorted({each for each in ids if ids.count(each) > 1}):
                raise ValueError(f"{name}: expected each id once, found {', '.join(twice)} more than once")
        _refuse_strangers("alliances.partners", (p for a in self.alliances for p in a.partners), partners)
        _refuse_strangers("exports.alliances", (a for e in self.exports for a in e.alliances), alliances)
        _refuse_strangers("informs", self.informs, DIMENSIONS)
        _refuse_strangers("anchors", self.anchors, DIMENSIONS)
        pairs = [frozenset(each.partners) for each in self.alliances if each.text_read]
        if len(set(pairs)) < len(pairs):
            raise ValueError(
                "alliances: expected one alliance at scale for the same two partners, found two: overlapping groups"
            )
        return self


def _refuse_strangers(key: str, found: Iterable[str], known: Sequence[str]) -> None:
    if strange := sorted(set(found) - set(known)):
        raise ValueError(f"{key}: expected one of {', '.join(known)}; found {', '.join(strange)}")


def load_program(folder: Path) -> Program:
    """Read and check `folder/program.toml`. Raises ConfigError naming every fault at once."""
    file = folder / "program.toml"
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        found = "no such file" if folder.is_dir() else "no such folder"
        raise ConfigError(
            str(file), [f"expected a program file, found {found}; `quietpivot init {folder}` writes one"]
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(str(file), ["expected UTF-8 text, found other bytes; save the file as UTF-8"]) from None
    return parse_program(text, str(file))


def parse_program(text: str, file: str = "program.toml") -> Program:
    """Turn the text of a program file into settings. Raises ConfigError."""
    try:
        return Program.model_validate(tomllib.loads(text))
    except RecursionError:
        raise ConfigError(file, ["expected TOML, found values nested without end"]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(file, [f"expected TOML, found a fault: {error}"]) from None
    except ValidationError as error:
        raise ConfigError(file, problems(error, Program)) from None
