"""Rows of a survey file, whatever its name ends in: CSV in one of three delimiters, a workbook, or one CSV in a zip."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from connectors.archive import Folder, Unsafe
from connectors.errors import BadSurvey

Rows = Iterator[tuple[int, Sequence[str]]]
"""(line on which the row begins, its cells)."""

MAX_ROWS = 100_000
MAX_CELL = 1 << 17
"""Characters that a cell may hold; a quote that is never closed would swallow the file."""

_QUOTED = re.compile(r'"[^"]*"?')
_WORKBOOK = "[Content_Types].xml"


def table(path: Path) -> Rows:
    """Yield the rows of a file, headings first. Raises BadSurvey saying what was expected."""
    try:
        with Folder.open(path, lone=True) as folder:
            names = folder.names()
            if _WORKBOOK in names:
                yield from _bounded(_workbook(path), path)
            else:
                (name,) = [path.name] if folder.lone else [each for each in names if each.lower().endswith(".csv")]
                with folder.stream(name) as stream:
                    yield from _bounded(_csv(stream), path)
    except (UnicodeDecodeError, csv.Error):
        raise BadSurvey(f"{path.name}: expected UTF-8 text in columns, found other bytes; export it again") from None
    except Unsafe as error:
        raise BadSurvey(f"{path.name}: expected a file that is safe to open, found {error.reason}") from None
    except (zipfile.BadZipFile, ValueError, KeyError, OSError, SyntaxError):
        raise BadSurvey(
            f"{path.name}: expected a CSV, an Excel workbook or a zip with one CSV, found something else; export again"
        ) from None


def _bounded(rows: Rows, path: Path) -> Rows:
    for number, row in enumerate(rows):
        if number > MAX_ROWS:
            raise BadSurvey(f"{path.name}: expected at most {MAX_ROWS} answers, found more; split the file by months")
        yield row


def _csv(stream: IO[bytes]) -> Rows:
    opening = stream.read(2)
    stream.seek(0)
    encoding = "utf-16" if opening in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = io.TextIOWrapper(stream, encoding, newline="")
    sample = text.read(1 << 16)
    text.seek(0)
    csv.field_size_limit(MAX_CELL)  # a limit of the process, which other readers may have raised
    reader = csv.reader(text, delimiter=_delimiter(sample))
    line = 1
    for cells in reader:
        yield line, cells
        line = reader.line_num + 1


def _delimiter(sample: str) -> str:
    """Return what parts the first row, quoted headings aside, which may hold anything."""
    return max("\t;,", key=_QUOTED.sub("", sample).split("\n")[0].count)


def _workbook(path: Path) -> Rows:
    from openpyxl import load_workbook

    with path.open("rb") as file:
        sheet = load_workbook(file, read_only=True, data_only=True).active
        for number, cells in enumerate(sheet.iter_rows(values_only=True) if sheet else (), start=1):
            yield number, ["" if cell is None else str(cell) for cell in cells]
