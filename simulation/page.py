"""The page of the study: what was wanted and found first, then each part with its tables and figures."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from simulation.section import Section, Table

HEAD = """# What can the numbers be trusted for?

Worlds whose truth is known, put through the same Python and SQL as a real night. Made by

```sh
quietpivot simulate --out docs/{name} --worlds {worlds} --seed {seed}
```

which gives the same page to the byte. Nothing here was fitted to reach a target; where one is missed, the page says
so. A simulation shows what the statistics do when the world is as assumed. It does not show that real alliances behave
so, nor that the model reads real mail as well as it read its evaluation. What the same
indicators say of a real list stands in [real-list.md](real-list.md).
"""


def write(sections: Sequence[Section], out: Path, *, worlds: int, seed: int) -> None:
    """Write `<out>.md` and the figures below `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for section in sections:
        for name, _, picture in section.figures:
            (out / f"{name}.svg").write_text(picture, encoding="utf-8")
    head = HEAD.format(name=out.name, worlds=worlds, seed=seed)
    parts = [head, *_targets(sections), *(line for section in sections for line in _section(section, out.name))]
    out.with_suffix(".md").write_text("\n".join(parts), encoding="utf-8")


def _targets(sections: Sequence[Section]) -> Iterator[str]:
    targets = [target for section in sections for target in section.targets]
    rows = [[each.what, each.wanted, each.found, "yes" if each.reached else "**no**", each.remark] for each in targets]
    yield "## Wanted and found\n"
    yield f"{sum(each.reached for each in targets)} of {len(targets)} targets are reached.\n"
    yield from _table(["what", "wanted", "found", "reached", ""], rows)


def _section(section: Section, folder: str) -> Iterator[str]:
    yield f"## {section.title}\n"
    yield f"{section.text}\n"
    for name, alternative, _ in section.figures:
        yield f"![{alternative}]({folder}/{name}.svg)\n"
    for table in section.tables:
        yield from _titled(table)


def _titled(table: Table) -> Iterator[str]:
    yield f"**{table.title}**\n"
    yield from _table(table.columns, table.rows)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""
