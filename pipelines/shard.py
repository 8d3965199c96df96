"""A shard is one export for one alliance: its messages become rows, and its rows one part of the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors import Message, Skipped
from models import Signals
from pipelines.admission import LeftOut, admit
from pipelines.context import Counts
from pipelines.people import People
from warehouse import DECISIONS, PROBABILITIES

SCORES = (*PROBABILITIES, *DECISIONS, "tokens", "model")
"""Columns that a scorer fills; equal texts have equal ones under the same model."""


@dataclass(slots=True)
class Shard:
    """Collects the rows of a shard. `known` maps a text's key to its scores by the present model."""

    people: People
    shared: frozenset[str]
    oldest: datetime
    known: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[tuple[dict[str, Any], str]] = field(default_factory=list, repr=False)
    counts: Counts = field(default_factory=Counts)

    def take(self, record: Message | Skipped) -> None:
        """Admit a record or count why not; what has to be scored waits."""
        found = admit(record, self.people, self.shared, self.oldest)
        if isinstance(found, LeftOut):
            self.counts[found.stage, found.reason] += 1
            return
        self.rows.append(found.row)
        if not found.text:
            self._count_unscored(found.row)
        elif scores := self.known.get(found.row["text_key"]):
            found.row.update(scores, scored=True)
        else:
            self.waiting.append((found.row, found.text))

    def _count_unscored(self, row: Mapping[str, Any]) -> None:
        internal = not row["cross_boundary"]
        reason = "inside_one_side" if internal else "other_language" if row["language"] else "broadcast"
        self.counts["score", reason] += 1

    def texts(self) -> list[str]:
        """Return the texts that wait for a scorer."""
        return [text for _, text in self.waiting]

    def scored(self, signals: Sequence[Signals], model: str) -> None:
        """Fill the waiting rows and forget their texts."""
        for (row, _), each in zip(self.waiting, signals, strict=True):
            row.update(columns(each), scored=True, model=model)
        self.waiting.clear()


def columns(signals: Signals) -> dict[str, Any]:
    """Return a message's signals as the columns of a part."""
    single = (signals.shares, signals.seeks, signals.commits, signals.social)
    values = (*signals.tone, *signals.transparency, *single, *signals.orientation)
    decided = {f"says_{head}": label for head, label in signals.labels.items()}
    return {**dict(zip(PROBABILITIES, values, strict=True)), **decided, "tokens": signals.tokens}


def known_scores(rows: Sequence[Mapping[str, Any]], model: str) -> dict[str, dict[str, Any]]:
    """Return text key -> scores that an older part holds from the present model."""
    return {row["text_key"]: {name: row[name] for name in SCORES} for row in rows if row["model"] == model}
