"""A year of an alliance's messages, their true labels, and what a classifier makes of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.classifier import Classifier
from simulation.course import LEANS, PEOPLE_SD, Course
from simulation.latent import Floats

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
MONDAY = date(2025, 3, 3)
SIZE = 8
"""People a side."""

MODEL = "simulated@1"
TURNS = 2.5
"""Mean messages of a thread."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Messages as columns [n], ordered by thread and turn; `columns` are those of a part that the classifier fills."""

    thread: Ints
    parent: Ints
    author: Ints
    week: Ints
    sent_at: list[datetime]
    to: list[list[int]]
    labels: dict[str, Ints]
    answers: Mask
    columns: dict[str, list[Any]]

    @property
    def month(self) -> NDArray[np.datetime64]:
        """Return the first day of each message's month."""
        return np.array([moment.date().replace(day=1) for moment in self.sent_at], dtype="datetime64[D]")

    def rows(self, alliance: str, kept: Mask) -> list[dict[str, Any]]:
        """Return the rows of a part for the messages that are kept."""
        names = list(self.columns)
        values = list(zip(*self.columns.values(), strict=True))
        return [
            {**self._message(alliance, place), **dict(zip(names, values[place], strict=True))}
            for place in np.flatnonzero(kept).tolist()
        ]

    def _message(self, alliance: str, place: int) -> dict[str, Any]:
        parent = int(self.parent[place])
        to = [pseudonym(alliance, each) for each in self.to[place]]
        key = f"{alliance}-{place:06d}"
        return {
            **{"alliance": alliance, "message_key": key, "thread_key": f"{alliance}-t{self.thread[place]}"},
            **{"parent_key": f"{alliance}-{parent:06d}" if parent >= 0 else None, "edited_at": None},
            **{"author": pseudonym(alliance, int(self.author[place])), "sent_at": self.sent_at[place]},
            **{"medium": "mail", "recipients": to, "recipient_count": len(to), "cross_boundary": True},
            **{"text_key": f"x{key}", "tokens": 20 + place % 50, "language": "en", "scored": True, "model": MODEL},
        }


def pseudonym(alliance: str, person: int) -> str:
    """Return a pseudonym; people from 0 are of side a, from SIZE of side b."""
    return f"{alliance}-{'ab'[person // SIZE]}{person % SIZE}"


def traffic(rng: np.random.Generator, course: Course, classifier: Classifier) -> Traffic:
    """Return the messages of a course; people differ in how much they write and in their habits of wording."""
    skeleton = list(_threads(rng, course.volume))
    thread, parent, author, week = (np.array([row[place] for row in skeleton]) for place in range(4))
    labels = {head: _labels(rng, course, head, week, author) for head in LEANS}
    answers = _answers(thread, author, labels["seeks"])
    sent_at, to = [row[4] for row in skeleton], [row[5] for row in skeleton]
    return Traffic(thread, parent, author, week, sent_at, to, labels, answers, classifier.columns(labels))


def _threads(rng: np.random.Generator, volume: Floats) -> Iterator[tuple[int, int, int, int, datetime, list[int]]]:
    """Yield thread, parent, author, week, instant and recipients of each message, thread by thread."""
    busy = -np.log(np.arange(2, SIZE + 2))
    place = thread = 0
    for week, mean in enumerate(volume):
        for _ in range(int(rng.poisson(mean / TURNS))):
            people = [
                np.argsort(busy + each)[-2:] + side * SIZE for side, each in enumerate(rng.gumbel(size=(2, SIZE)))
            ]
            for row in _turns(rng, thread, place, _begins(rng, week), people):
                yield row
                place += 1
            thread += 1


def _begins(rng: np.random.Generator, week: int) -> datetime:
    hours = 24 * int(rng.integers(5)) + 9 + 8 * rng.random()
    return datetime.combine(MONDAY, datetime.min.time(), UTC) + timedelta(weeks=week, hours=hours)


def _turns(
    rng: np.random.Generator, thread: int, place: int, begins: datetime, people: list[Ints]
) -> Iterator[tuple[int, int, int, int, datetime, list[int]]]:
    side, at, everybody = int(rng.integers(2)), begins, [int(each) for both in people for each in both]
    for turn in range(int(rng.geometric(1 / TURNS))):
        author = int(people[side][rng.integers(2)])
        week = (at.date() - MONDAY).days // 7
        yield thread, place + turn - 1 if turn else -1, author, week, at, [x for x in everybody if x != author]
        at += timedelta(hours=0.05 + float(rng.exponential(10)))
        side = 1 - side if rng.random() < 0.8 else side


def _labels(rng: np.random.Generator, course: Course, head: str, week: Ints, author: Ints) -> Ints:
    habit = rng.normal(0, PEOPLE_SD, 2 * SIZE)
    chances = course.shares(head, habit)[np.minimum(week, len(course.depth) - 1), author]
    drawn: Ints = (rng.random(len(week))[:, None] > chances.cumsum(1)[:, :-1]).sum(1)
    return drawn


def _answers(thread: Ints, author: Ints, seeks: Ints) -> Mask:
    """Return which messages are the first answer of their side to a true request of the other."""
    found, open_to, before = np.zeros(len(thread), dtype=bool), [False, False], -1
    for place, (own, person, asks) in enumerate(zip(thread.tolist(), author.tolist(), seeks.tolist(), strict=True)):
        if own != before:
            open_to, before = [False, False], own
        side = person // SIZE
        found[place], open_to[side] = open_to[side], False
        open_to[1 - side] |= bool(asks)
    return found
