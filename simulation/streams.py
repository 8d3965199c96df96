"""Whole programs through a whole night: what each alliance truly was, beside what the night published of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from simulation.classifier import Classifier, evaluated
from simulation.course import WEEKS, Course, course
from simulation.latent import Floats, answers, expected, generator, wander
from simulation.program import night, periods, program, survey_rows
from simulation.traffic import MONDAY, SIZE, Mask, Traffic, traffic
from warehouse import Published

VOLUME = 80.0
LAST = 48
"""Week from which a collapse of volume, or a side's silence, lasts until the end."""

NOTES = 53
"""Week of the burst of release notes."""

SURVEYED = ("trust", "value", "learning", "overall")
ANSWERS = 5
FIRST = periods(13)
AGREED = 0.8 * VOLUME / (2 * SIZE * 5)
"""Agreed frequency: four fifths of what a usual week comes to, a person and working day."""


@dataclass(frozen=True, slots=True)
class Told:
    """One alliance of one world: its truth, and what was published of it."""

    world: int
    name: str
    course: Course
    traffic: Traffic
    kept: Mask
    states: dict[str, Floats]
    published: dict[str, list[dict[str, Any]]]


def worlds(count: int, seed: int, *, doubt: bool) -> Iterator[list[Told]]:
    """Yield the alliances of each world. With `doubt` the classifier errs as its evaluation leaves open."""
    for number in range(count):
        yield _world(number, generator(seed, 1, int(doubt), number), doubt)


def _world(number: int, rng: np.random.Generator, doubt: bool) -> list[Told]:
    classifier = Classifier(evaluated(), rng, doubt=doubt)
    size = rng.uniform(0.15, 0.6, 2)
    courses = {
        "still": course(rng, volume=VOLUME),
        "deepening": course(rng, volume=VOLUME, slope=size[0]),
        "declining": course(rng, volume=VOLUME, slope=-size[1]),
        "shock": course(rng, volume=VOLUME, shock=int(rng.integers(24, 46))),
    }
    streams = {name: traffic(rng, each, classifier) for name, each in courses.items()}
    kept = {name: np.ones(len(each.thread), dtype=bool) for name, each in streams.items()}
    quiet = _variants(rng, streams["still"])
    courses |= dict.fromkeys(quiet, courses["still"])
    streams |= dict.fromkeys(quiet, streams["still"])
    kept |= quiet
    states = {name: _states(rng, each) for name, each in courses.items()}
    parts = {name: streams[name].rows(name, kept[name]) for name in courses}
    parts["notes"] += list(_release_notes(parts["notes"]))
    surveys = [row for name, each in states.items() for row in _answers(rng, name, each)]
    inputs = program(
        list(courses), surveys, classifier.priors, agreed_frequency=AGREED, confusions=classifier.confusions
    )
    with TemporaryDirectory() as folder:
        found = _read(night(Path(folder), inputs, parts), list(courses))
    return [
        Told(number, name, each, streams[name], kept[name], states[name], found[name]) for name, each in courses.items()
    ]


def _variants(rng: np.random.Generator, still: Traffic) -> dict[str, Mask]:
    """Return which messages of the still alliance are left when volume collapses, a side falls silent, or nothing."""
    late = still.week >= LAST
    begun = np.zeros(still.thread.max() + 1, dtype=int)
    np.maximum.at(begun, still.thread, still.week)
    gone = (rng.random(len(begun)) < 0.75) & (begun >= LAST)
    return {
        "collapse": ~gone[still.thread],
        "silent": ~(late & (still.author >= SIZE)),
        "notes": np.ones(len(late), dtype=bool),
    }


def _release_notes(rows: list[dict[str, Any]], count: int = 150) -> Iterator[dict[str, Any]]:
    """Yield what one person sends to several of the other side within three days: knowledge, and nothing asked for."""
    first = min(rows, key=lambda row: row["sent_at"])["sent_at"] + timedelta(weeks=NOTES)
    like = next(row for row in rows if row["says_shares"] == 1 and row["author"] == "notes-a0")
    for number in range(count):
        own = {"message_key": f"notes-n{number}", "thread_key": "notes-release", "parent_key": None}
        to = [f"notes-b{person}" for person in range(5)]
        sent = {"sent_at": first + timedelta(minutes=25 * number), "recipients": to, "recipient_count": len(to)}
        yield {**like, **own, **sent, "text_key": f"xnotes-n{number}"}


def _states(rng: np.random.Generator, own: Course) -> dict[str, Floats]:
    """Return dimension -> both sides' state each month, [2, months]: partly what shows in text, partly its own."""
    months = np.array([(MONDAY + timedelta(weeks=week)).replace(day=1) for week in range(WEEKS)])
    means = np.array([[each[months == month].mean() for month in FIRST] for each in (own.depth, own.warmth)])
    shown = {
        "trust": 0.3 * means.sum(0),
        "value": 0.4 * means[0],
        "learning": 0.6 * means[0],
        "overall": 0.5 * means[0],
    }
    return {
        name: 3.6 + rng.normal(0, 0.3) + rng.normal(0, 0.2, (2, 1)) + wander(rng, (len(FIRST),), 0.2, 0.6) + each
        for name, each in shown.items()
    }


def _answers(rng: np.random.Generator, alliance: str, states: dict[str, Floats]) -> Iterator[dict[str, Any]]:
    for dimension, state in states.items():
        own, top = on_scale(dimension, state)
        yield from survey_rows(alliance, dimension, FIRST, answers(rng, own, ANSWERS, top))


def on_scale(dimension: str, state: Floats) -> tuple[Floats, int]:
    """Return states on the scale of their dimension, and its highest answer."""
    return (1 + 2.25 * (state - 1), 10) if dimension == "overall" else (state, 5)


def asked(dimension: str, state: Floats) -> Floats:
    """Return the truth that a survey of both sides asks for, [months]: the mean of the sides' expected answers."""
    truth: Floats = expected(*on_scale(dimension, state)).mean(0)
    return truth


def _read(published: Published, names: list[str]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    tables = ("indicator", "velocity", "velocity_component", "blend", "alert")
    found: dict[str, dict[str, list[dict[str, Any]]]] = {name: {table: [] for table in tables} for name in names}
    for table in tables:
        for row in published.query(f"from {table} order by all"):
            found[row["alliance"]][table].append(row)
    return found
