"""Which lists and channels both sides use: a first look at an export, by headers of consenting people only."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from connectors import Skipped, UnknownFormat, read
from pipelines import fault
from pipelines.admission import LeftOut, author_of, space_of
from pipelines.context import Context, Quarantined, fingerprint
from pipelines.export import Export

Uses = set[tuple[str, str]]
"""(pseudonym of a space, side that posts there)."""


def look(context: Context, export_id: str) -> None:
    """Record which spaces each side uses in an export, unless that is known already."""
    export = context.exports[export_id]
    prints = {each: looked_print(context, export, each) for each in export.alliances}
    due = [
        each for each in export.alliances if context.store.state(each, _shard(export_id)).get("print") != prints[each]
    ]
    try:
        uses = _uses(context, export, due) if due else {}
    except UnknownFormat as error:
        context.quarantined.append(Quarantined(context.name_of(export_id), str(error)))
        return
    for alliance in due:
        spaces = sorted(uses.get(alliance, ()))
        context.record(alliance, _shard(export_id), print=prints[alliance], spaces=spaces)
        fault.point("after_spaces")


def looked_print(context: Context, export: Export, alliance: str) -> str:
    """Return a fingerprint of what decides which messages of an export may be read for an alliance."""
    people = context.people[alliance].digest()
    month = context.oldest.strftime("%Y-%m")
    told = export.format, export.zone, people, month, context.reader_version, _awaited(context, export, alliance)
    return fingerprint(context.content_of(export.id), *told)


def _awaited(context: Context, export: Export, alliance: str) -> str:
    """Return the night where an export had messages of a clock that runs ahead: their time may have come since."""
    counts = context.store.state(alliance, export.id).get("counts", {})
    return context.run_at.isoformat() if counts.get("read/sent_in_the_future") else ""


def shared_spaces(context: Context) -> dict[str, frozenset[str]]:
    """Return alliance -> the spaces that both sides post in, over all its exports."""
    uses: dict[str, Uses] = defaultdict(set)
    for entry in context.store.states().values():
        uses[entry["alliance"]] |= {(space, side) for space, side in entry.get("spaces", ())}
    return {alliance: _used_by_both(found) for alliance, found in uses.items()}


def _used_by_both(uses: Uses) -> frozenset[str]:
    return frozenset(space for space, side in uses if side == "a" and (space, "b") in uses)


def _uses(context: Context, export: Export, alliances: Iterable[str]) -> dict[str, Uses]:
    found: dict[str, Uses] = defaultdict(set)
    for record in read(export.path, format=export.format, zone=export.zone):
        if not isinstance(record, Skipped) and record.channel:
            for alliance in alliances:
                people = context.people[alliance]
                author = author_of(record, people, context.oldest)
                if not isinstance(author, LeftOut):
                    found[alliance].add((space_of(record, people), author[2]))
    return found


def spaces_in(context: Context, export_id: str, alliance: str) -> Iterator[str]:
    """Yield the spaces that an export speaks in."""
    yield from (space for space, _ in context.store.state(alliance, _shard(export_id)).get("spaces", ()))


def _shard(export_id: str) -> str:
    return f"{export_id}.spaces"
