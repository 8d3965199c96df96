"""A chat export in which any value was replaced by any other is still read, record by record."""

import copy
import json
import random
import shutil
from pathlib import Path

import pytest

from connectors import ConnectorError, Message, Skipped, read

DATA = Path(__file__).parent / "data"
CHATS = ("slack", "teams", "google_chat", "mattermost", "zulip", "discord", "rocket_chat", "telegram")
EXPORTS = sorted(
    export
    for chat in CHATS
    for export in (DATA / chat).iterdir()
    if not export.name.endswith(".expected.json") and export.suffix not in (".zip", ".gz")
)
WRONG = (
    None,
    True,
    7,
    -1,
    1e308,
    "",
    "x",
    "\ud800\0",
    "9" * 40,
    [],
    [[]],
    {},
    {"a": {"b": [1]}},
    ["x"],
    [{}],
    "[[" * 500,
)
CHANGES = 25


def json_files(export):
    files = [export] if export.is_file() else export.rglob("*")
    return sorted(file for file in files if file.suffix in (".json", ".jsonl"))


def values(node):
    """Yield where each value below a node stands: (the object or array that holds it, its key or position)."""
    for key in list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield node, key
        yield from values(node[key])


def changed(text, lines, chance):
    """Return a JSON text in which one value is another."""
    documents = [json.loads(line) for line in text.splitlines() if complete(line)] if lines else [json.loads(text)]
    documents = copy.deepcopy(documents)
    holder, key = chance.choice(list(values(documents)))
    holder[key] = chance.choice(WRONG)
    return "\n".join(json.dumps(each) for each in documents)


def complete(line):
    try:
        return bool(json.loads(line))
    except ValueError:
        return False


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: f"{export.parent.name}/{export.name}")
def test_a_value_of_another_type_costs_at_most_its_record(export, tmp_path):
    chance = random.Random(export.name)
    target = tmp_path / "export"
    shutil.copytree(export, target) if export.is_dir() else shutil.copyfile(export, target)
    for _ in range(CHANGES):
        original = chance.choice(json_files(export))
        file = target / original.relative_to(export) if export.is_dir() else target
        text = original.read_text(encoding="utf-8")
        file.write_text(changed(text, original.suffix == ".jsonl", chance), encoding="utf-8")
        for record in read_or_refuse(target, export.parent.name):
            assert isinstance(record, Message | Skipped)
        file.write_text(text, encoding="utf-8")


def read_or_refuse(target, name):
    try:
        yield from read(target, format=name, zone="Europe/Berlin")
    except ConnectorError:
        return
