"""The data dictionary of the published database as Markdown: `python -m warehouse.dictionary` prints it."""

from collections.abc import Iterator, Mapping

from warehouse.candidate import definitions
from warehouse.publish import documented, documented_views

OPENING = """# Data dictionary

Every table, view and column of `published/quietpivot.duckdb`, and every indicator in it. This page is generated;
write it again with `python -m warehouse.dictionary > docs/data-dictionary.md`. How the numbers are made is told in
[Indicators](reference/indicators.md); [queries](queries/) shows ten ways to ask.

A number stands only where `status` is `ok` or `stale`; everywhere else it is null, and the status says why.
"""


def dictionary() -> str:
    """Return the whole page."""
    return "\n".join(
        [OPENING, *_indicators(), *_columns("Tables", documented()), *_columns("Views", documented_views())]
    )


def _indicators() -> Iterator[str]:
    yield "## Indicators\n\n| indicator | what it is | unit | directions | least data |\n|---|---|---|---|---|"
    for name, each in definitions().items():
        least = f"{each.minimum} {each.of}"
        yield f"| `{name}` | {each.meaning} | {each.unit} | {', '.join(each.directions)} | {least} |"
    yield ""


def _columns(title: str, found: Mapping[str, Mapping[str, list[str]]]) -> Iterator[str]:
    yield f"## {title}\n"
    for table, columns in found.items():
        yield f"### `{table}`\n\n| column | type | meaning |\n|---|---|---|"
        for name, (kind, meaning) in columns.items():
            yield f"| `{name}` | {kind} | {meaning} |"
        yield ""


if __name__ == "__main__":
    print(dictionary(), end="")
