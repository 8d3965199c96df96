"""Labelled texts: the codebook's seven columns, and related sets that lend supervision.

Splits are made by group (thread, or channel and day), so that no conversation stands on both sides.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from models.errors import BadRecord
from models.signals import HEADS


@dataclass(frozen=True, slots=True)
class Example:
    """A text with the labels that somebody gave it. `group` is what must not be torn apart by a split."""

    text: str = field(repr=False)
    labels: Mapping[str, int]
    group: str
    source: str
    sampled: str = "random"


def read_codebook(path: Path) -> list[Example]:
    """Read JSONL with `text` and the seven columns; records marked `skip` are left out. Raises BadRecord."""
    return [_example(record, path, line) for line, record in read_jsonl(path) if not record.get("skip")]


def read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, record). Raises BadRecord naming the line."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, parse_record(line, path.name, number)


def parse_record(line: str, name: str, number: int) -> dict[str, Any]:
    """Return the JSON object of one line. Raises BadRecord; the message never quotes the line."""
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadRecord(
            f"{name}, line {number}: expected a JSON object, found a fault at column {error.colno}"
        ) from None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise BadRecord(f"{name}, line {number}: expected an object with the key 'text', found none")
    return record


def _example(record: dict[str, Any], path: Path, line: int) -> Example:
    labels = {}
    for head, values in HEADS.items():
        if record.get(head) not in values:
            raise BadRecord(f"{path.name}, line {line}: {head}: expected one of {values}, found {record.get(head)!r}")
        labels[head] = values.index(record[head])
    return Example(
        record["text"], labels, _group(record), str(record.get("corpus", "")), str(record.get("sampled", ""))
    )


_REPLY = re.compile(r"^(?:(?:re|aw|sv|fwd?|wg)\s*:\s*|\[[^\]]{0,60}\]\s*)+", re.IGNORECASE)
_CHAT_KEY = re.compile(r"^([^/]+)/(\d{9,10})")


def _group(record: Mapping[str, Any]) -> str:
    """Thread by normalised subject for mail, channel and week for chat, the text itself otherwise."""
    corpus, key, subject = (str(record.get(name, "")) for name in ("corpus", "key", "subject"))
    if chat := _CHAT_KEY.match(key):
        return f"{corpus}/{chat[1]}/{int(chat[2]) // 604_800}"
    thread = _REPLY.sub("", subject).strip().lower()
    if thread and not thread.startswith("("):
        return f"{corpus}/{thread}"
    return f"{corpus}/{text_print(record['text'])}"


def text_print(text: str) -> str:
    """Return a fingerprint under which near-copies (case, digits, spaces) coincide."""
    return sha256(re.sub(r"[\W\d_]+", " ", text.lower()).strip().encode("utf-8", "replace")).hexdigest()[:16]


def split(examples: Sequence[Example], parts: int = 6) -> tuple[list[Example], list[Example]]:
    """Return (training, development): one of `parts` groups by hash is held out; equal prints never part."""
    held = [example for example in examples if bucket(example.group) % parts == 0]
    prints = {text_print(example.text) for example in held}
    kept = [e for e in examples if bucket(e.group) % parts and text_print(e.text) not in prints]
    return kept, held


def bucket(group: str) -> int:
    """Return a number that follows from the group's name alone: modulo something, it says which part a group is in."""
    return int(sha256(group.encode("utf-8", "replace")).hexdigest()[:8], 16)


@dataclass(frozen=True, slots=True)
class Related:
    """A related set: a Parquet file, its text and label columns, at most `limit` rows.

    `values` collapses labels to classes (label -> class); without it each distinct label is a class of its own.
    """

    name: str
    path: Path
    text: str
    label: str
    values: Mapping[str, str] = field(default_factory=dict)
    limit: int = 10_000

    @property
    def head(self) -> str:
        """Name of the head that is trained on this set and dropped afterwards."""
        return f"related_{self.name}"


def read_related(related: Related) -> tuple[list[Example], int]:
    """Return (examples, number of classes), an evenly spread sample of the set. Raises BadRecord."""
    import pyarrow.parquet as parquet

    columns = parquet.read_table(related.path, columns=[related.text, related.label]).to_pydict()
    rows = [
        (str(text), _collapsed(str(label), related.values))
        for text, label in zip(columns[related.text], columns[related.label], strict=True)
    ]
    rows = sorted(((t, c) for t, c in rows if c and t.strip()), key=lambda row: bucket(row[0]))[: related.limit]
    classes = sorted({label for _, label in rows})
    if len(classes) < 2:
        raise BadRecord(f"{related.path.name}: {related.label}: expected two classes or more, found {len(classes)}")
    examples = [Example(t, {related.head: classes.index(c)}, text_print(t), related.name) for t, c in rows]
    return examples, len(classes)


def _collapsed(label: str, values: Mapping[str, str]) -> str:
    """Return the class of a label; of several labels joined by commas the first that has one."""
    if not values:
        return label
    return next((values[part] for part in label.split(",") if part in values), "")
