"""Qualtrics CSV: two or three rows of headings, previews and unfinished answers among the rows."""

import json
from collections.abc import Sequence

from connectors.survey_layout import Head, Layout, cell, positions

_PERSONAL = frozenset(
    ("ipaddress", "recipientlastname", "recipientfirstname", "recipientemail", "locationlatitude", "locationlongitude")
) | frozenset(("externalreference", "externaldatareference", "name", "emailaddress"))
_NO_ANSWER = frozenset(
    ("survey preview", "survey test", "spam", "imported", "offline response preview", "preview", "test")
)
_UNFINISHED = frozenset(("0", "false", "falsch", "faux", "falso", "onwaar"))


def layout(head: Head) -> Layout | None:
    """Return the layout of a current export (third row with ImportIds) or a legacy one (two rows), or None."""
    if len(head) > 2 and (ids := _import_ids(head[2])):
        return _laid_out(positions(head[0], ids), 3)
    if len(head) > 1 and _is_legacy(head):
        return _laid_out(positions(head[0], head[1]), 2)
    return None


def _import_ids(row: Sequence[str]) -> list[str]:
    """Return the ImportId of each column, an empty list where the row is something else."""
    try:
        found = [json.loads(each) if each.strip() else {} for each in row]
    except (ValueError, RecursionError):
        return []
    ids = [str(each.get("ImportId", "")) if isinstance(each, dict) else "" for each in found]
    return ids if any(ids) else []


def _is_legacy(head: Head) -> bool:
    return head[0][:1] in (["V1"], ["ResponseID"]) and head[1][:1] == ["ResponseID"]


def _laid_out(columns: dict[str, list[int]], headings: int) -> Layout:
    status, channel, finished = (
        columns.get(new) or columns.get(old, [])
        for new, old in (("status", "Status"), ("distributionChannel", "DistributionChannel"), ("finished", "Finished"))
    )

    def left_out(cells: Sequence[str]) -> str:
        said = cell(cells, status).lower()
        if (said.isdecimal() and said != "0") or said in _NO_ANSWER or cell(cells, channel).lower() in _NO_ANSWER:
            return "no_answer"
        return "unfinished" if cell(cells, finished).lower() in _UNFINISHED else ""

    return Layout("Qualtrics", columns, headings, _PERSONAL, left_out=left_out)
