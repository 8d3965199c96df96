"""A simulated program as the warehouse knows one: what a build reads, and a night's published tables."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from configs.dimensions import COMPONENTS, DEFAULT_INFORMS, FRAMEWORKS
from simulation.latent import Floats
from simulation.traffic import MODEL, SIZE, pseudonym
from warehouse import AllianceInput, BuildInputs, Calendar, Published, build, write_part

RUN_AT = datetime(2026, 4, 1, 2, tzinfo=UTC)
HOLIDAYS = tuple(date(2025, 12, day) for day in range(22, 32)) + tuple(date(2026, 1, day) for day in (1, 2))
ALWAYS = {"valid_from": date(2000, 1, 1), "valid_until": date(2999, 12, 31)}
Rows = list[dict[str, Any]]


def program(
    alliances: Sequence[str],
    surveys: Rows,
    priors: dict[str, list[float]] | None = None,
    informs: Mapping[str, tuple[str, ...]] = DEFAULT_INFORMS,
    agreed_frequency: float | None = None,
    confusions: Mapping[str, list[list[float]]] | None = None,
) -> BuildInputs:
    """Return what a build reads, without any part yet; everybody consents to mail."""
    people = [(alliance, person) for alliance in alliances for person in range(2 * SIZE)]
    return BuildInputs(
        program="Simulated program",
        run_at=RUN_AT,
        min_people=5,
        min_answers=3,
        alliances=tuple(_alliance(each, agreed_frequency) for each in alliances),
        parts=(),
        identities=[_identity(*each) for each in people],
        consents=[
            {"alliance": alliance, "person": f"p{pseudonym(alliance, person)}", "medium": "mail", **ALWAYS}
            for alliance, person in people
        ],
        surveys=surveys,
        log=[],
        left_out=[],
        priors=priors or {},
        confusions=dict(confusions or {}),
        weights=dict.fromkeys((str(each) for each in COMPONENTS), 1.0),
        informs=dict(informs),
        frameworks=FRAMEWORKS,
        model_version=MODEL,
        code_version="simulation",
    )


def _alliance(name: str, agreed_frequency: float | None) -> AllianceInput:
    calendar = Calendar(holidays=HOLIDAYS)
    return AllianceInput(
        id=name,
        name=name,
        stage="scale",
        text_read=True,
        partners=("first", "second"),
        calendars=(calendar, calendar),
        started=date(2025, 1, 1),
        agreed_frequency=agreed_frequency,
    )


def _identity(alliance: str, person: int) -> dict[str, Any]:
    own = pseudonym(alliance, person)
    layer = "manager" if person % SIZE < 2 else "technical"
    about = {"alliance": alliance, "pseudonym": own, "person": f"p{own}", "side": "ab"[person // SIZE]}
    return {**about, "layer": layer, "team": "", **ALWAYS}


def periods(count: int, last: date = date(2026, 3, 1)) -> list[date]:
    """Return the first days of `count` months, the last of them `last`."""
    end = last.year * 12 + last.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(end - count + 1, end + 1)]


def survey_rows(alliance: str, dimension: str, months: Sequence[date], said: Floats) -> Rows:
    """Return the answers of both sides [side, month, n] as a survey file has them; nan is no answer."""
    return [
        {**{"alliance": alliance, "period": month, "side": side}, "dimension": dimension, "value": value}
        | {"has_comment": False}
        for side, own in zip("ab", said.tolist(), strict=True)
        for month, values in zip(months, own, strict=True)
        for value in values
        if value == value
    ]


def night(folder: Path, inputs: BuildInputs, parts: Mapping[str, Rows]) -> Published:
    """Write one part an alliance, build as a real night does, and return what it published."""
    paths = [folder / "parts" / alliance / "all.parquet" for alliance in parts]
    for path, rows in zip(paths, parts.values(), strict=True):
        write_part(path, rows)
    target = folder / "published.duckdb"
    build(replace(inputs, parts=tuple(paths)), target)
    return Published(target)
