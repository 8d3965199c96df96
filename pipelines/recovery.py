"""Before anything of a store is read: what a crash, a damaged disk or an older copy left there is found and named.

What can be made again is made again; what cannot, stops the night before it touches anything.
"""

from collections.abc import Iterator
from pathlib import Path

from pipelines.audit import faults, note_faults
from pipelines.context import Context, Quarantined
from pipelines.keys import refuse_other_keys
from warehouse import BadStore, digest

PLACES = (("page", "next.html", "report.html"), ("database", "next.duckdb", "quietpivot.duckdb"))
"""The published files: their name in the ledger, where they are made, where they are put; in this order."""


def recover(context: Context) -> None:
    """Put a store right. The caller holds its lock. Raises BadStore, LostKey for what needs a human hand."""
    refuse_other_keys(context.folder, context.store)
    for fault in note_faults(context.folder):
        context.quarantined.append(Quarantined("store", fault))
    for part in context.store.damaged():
        _mend(context, part)
    _finish_publishing(context)


def needs_recovery(context: Context) -> bool:
    """Say whether whoever only wants to read must wait for `recover` and an erasure first."""
    return bool(context.store.outdated or context.quarantined or faults(context.folder))


def refuse_damaged(context: Context) -> None:
    """Raise BadStore when a part is not as its ledger names it."""
    for part in context.store.damaged():
        raise BadStore(f"{_told(part)}: expected it as the ledger names it, found it otherwise; run a night, then ask")


def _mend(context: Context, part: Path) -> None:
    """Forget a damaged or missing part: it is read again while its export is there, and missed by name when not."""
    alliance, shard = part.parent.name, part.stem
    there = part.is_file()
    if export := context.exports.get(shard) if alliance in _read_for(context, shard) else None:
        why = f"was {'damaged' if there else 'gone'}; its export {context.name_of(export.id)} is read again"
    elif there:
        raise BadStore(
            f"{_told(part)}: expected the bytes that the ledger names, found others, and its export is gone; bring the "
            "part back from a backup or its export into place, or remove the part to go on without it"
        )
    else:
        why = "is gone, and so is its export; what it held is missing from now on"
    context.quarantined.append(Quarantined(_told(part), why))
    context.store.forget(alliance, shard)


def _read_for(context: Context, shard: str) -> tuple[str, ...]:
    return context.exports[shard].alliances if shard in context.exports else ()


def _told(part: Path) -> str:
    return "/".join(("store", *part.parts[-3:]))


def _finish_publishing(context: Context) -> None:
    """Put in place what a killed night had named already; remove the rest of what it was making."""
    named = context.store.state("", "published")
    published = context.folder.database.parent
    for name, made, place in PLACES:
        if named.get(name) and digest(published / made) == named[name]:
            (published / made).replace(published / place)
    clear_made(context)


def clear_made(context: Context) -> None:
    """Remove what a night was making to be published and did not finish."""
    for stray in context.folder.database.parent.glob("next.*"):
        stray.unlink()


def changed_since(context: Context) -> Iterator[str]:
    """Yield the published files that are not as the last night left them, where the ledger knows."""
    named = context.store.state("", "published")
    for name, _, place in PLACES:
        if name in named and digest(context.folder.database.with_name(place)) != named[name]:
            yield f"published/{place}"
