"""From an export to parts: read once for all its alliances, score what is new, keep numbers only."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from connectors import UnknownFormat, read
from models import Scorer, load
from pipelines import fault
from pipelines.context import Context, Quarantined, fingerprint
from pipelines.export import Export
from pipelines.shard import Shard, known_scores
from pipelines.spaces import looked_print, spaces_in
from warehouse import read_part, table_of

BATCH = 2_000
"""Texts that wait in memory before they are scored together."""

Shared = Mapping[str, frozenset[str]]


@cache
def scorer(folder: Path | None) -> Scorer:
    """Return the model of a process, loaded once."""
    return load(folder)


def due(context: Context, export_id: str, shared: Shared) -> dict[str, str]:
    """Return alliance -> fingerprint of the shards of an export that are not in the store as they should be."""
    export = context.exports[export_id]
    prints = {each: _print(context, export, each, shared) for each in export.alliances}
    return {
        alliance: wanted
        for alliance, wanted in prints.items()
        if context.store.state(alliance, export_id).get("print") != wanted
        or not context.store.part(alliance, export_id).exists()
    }


def _print(context: Context, export: Export, alliance: str, shared: Shared) -> str:
    own = sorted(set(spaces_in(context, export.id, alliance)) & shared.get(alliance, frozenset()))
    return fingerprint(looked_print(context, export, alliance), own, context.model_version)


def score_export(context: Context, export_id: str, shared: Shared) -> None:
    """Read an export, score what is new, and put its parts into the store; quarantine what cannot be read."""
    prints = due(context, export_id, shared)
    if not prints:
        return
    export = context.exports[export_id]
    shards = {each: _shard(context, export_id, each, shared) for each in prints}
    try:
        _fill(context, export, list(shards.values()))
    except UnknownFormat as error:
        context.quarantined.append(Quarantined(context.name_of(export_id), str(error)))
        return
    fault.point("before_parts")
    for alliance, shard in shards.items():
        part, counts = context.store.part(alliance, export_id), _counts(shard)
        context.store.put(part, table_of(shard.rows), print=prints[alliance], counts=counts)
        fault.point("after_part")


def _shard(context: Context, export_id: str, alliance: str, shared: Shared) -> Shard:
    old = read_part(context.store.part(alliance, export_id))
    known = known_scores(old, context.model_version)
    return Shard(context.people[alliance], shared.get(alliance, frozenset()), context.oldest, known)


def _counts(shard: Shard) -> dict[str, int]:
    """Return what the ledger keeps of what was left out: counts by stage and reason."""
    return {f"{stage}/{reason}": count for (stage, reason), count in sorted(shard.counts.items())}


def _fill(context: Context, export: Export, shards: list[Shard]) -> None:
    for number, record in enumerate(read(export.path, format=export.format, zone=export.zone), start=1):
        for shard in shards:
            shard.take(record)
        if sum(len(shard.waiting) for shard in shards) >= BATCH:
            _score(context, shards)
        if number % 100 == 0:
            context.advance(100)
    _score(context, shards)


def _score(context: Context, shards: Iterable[Shard]) -> None:
    """Score everything that waits in one call, so that equal texts of several alliances are scored once."""
    waiting = [(shard, shard.texts()) for shard in shards if shard.waiting]
    if not waiting:
        return
    model = scorer(context.folder.model)
    signals = iter(model.score([text for _, texts in waiting for text in texts]))
    for shard, texts in waiting:
        shard.scored([next(signals) for _ in texts], model.version)
