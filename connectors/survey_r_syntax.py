"""What the syntax file of a LimeSurvey "R" export says of its data: a code for each column, words for answer codes.

Nothing of it is run. It lies beside the data under LimeSurvey's own name, or with it in a zip.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from connectors.archive import Folder, Unsafe
from connectors.survey_layout import Layout

MAX_SYNTAX = 16 << 20
_DATA, _SYNTAX = "_R_data_file.csv", "_R_syntax_file.R"
_TEXT = r'"(?:[^"\\\n]|\\.)*"'
_NAME = re.compile(rf"^names\(data\)\[(\d{{1,5}})\] <- ({_TEXT})", re.MULTILINE)
_FACTOR = re.compile(
    rf"^data\[, (\d{{1,5}})\] <- factor\(data\[, \d{{1,5}}\], levels=c\(((?:{_TEXT}|[\d., -])*)\),"
    rf"\s{{0,3}}labels=c\(((?:{_TEXT}|[, ])*)\)\)",
    re.MULTILINE,
)
_ITEM = re.compile(rf"{_TEXT}|-?[\d.]+")


def with_syntax(layout: Layout, path: Path) -> Layout:
    """Return a layout whose columns may be named by code as well, and whose answer codes have words."""
    syntax = _syntax_of(path)
    columns = {name: list(found) for name, found in layout.columns.items()}
    for number, code in _NAME.findall(syntax):
        at = int(number) - 1
        if at not in columns.setdefault(_said(code), []):
            columns[_said(code)].append(at)
    words = {int(number) - 1: _words(levels, labels) for number, levels, labels in _FACTOR.findall(syntax)}
    return replace(layout, columns=columns, words=words)


def _syntax_of(path: Path) -> str:
    """Return the text of the syntax file, "" where there is none."""
    try:
        with Folder.open(path, lone=True) as folder:
            names = [] if folder.lone else [name for name in folder.names() if name.endswith(".R")]
            data = folder.read(names[0]) if len(names) == 1 else b""
        beside = path.with_name(path.name.replace(_DATA, _SYNTAX))
        if not data and beside != path and beside.is_file():
            with beside.open("rb") as stream:
                data = stream.read(MAX_SYNTAX)
        return data[:MAX_SYNTAX].decode("utf-8-sig", "replace").replace("\r\n", "\n")
    except (Unsafe, OSError):
        return ""


def _words(levels: str, labels: str) -> Mapping[str, str]:
    codes, words = _ITEM.findall(levels), _ITEM.findall(labels)
    return dict(zip(map(_said, codes), map(_said, words), strict=True)) if len(codes) == len(words) else {}


def _said(text: str) -> str:
    return text[1:-1].replace('\\"', '"') if text.startswith('"') else text
