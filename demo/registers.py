"""What the stewards of the demo wrote down: pivots, commitments, milestones, scorecard and causes."""

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta

from connectors import CAUSE_COLUMNS, SCORECARD_COLUMNS

PIVOTS = (
    (4, 9, "tidal-array", "refocus", "one joint test plan instead of two"),
    (7, 14, "harbour-storage", "rescale", "pilot with one berth first"),
    (12, 20, "cold-chain", "refocus", "standing exchange of lessons learned"),
)
COMMITMENTS = (
    (1, 10, "cold-chain", "joint_budget", "brindavel", "season budget signed"),
    (5, 12, "tidal-array", "joint_budget", "thessolune", "test rig, half each"),
    (5, 12, "tidal-array", "joint_budget", "quorrimar", "test rig, half each"),
    (7, 1, "tidal-array", "secondment", "thessolune", "one engineer joins the partner"),
    (10, 3, "tidal-array", "joint_budget", "quorrimar", "second array, preparation"),
)
MILESTONES = (
    (2, 18, "tidal-array", "acceptance", "first berth instrumented"),
    (3, 6, "cold-chain", "go_live", "booking interface in use"),
    (8, 22, "tidal-array", "release", "common toolbox, first version"),
    (9, 15, "harbour-storage", "workshop", "success criteria agreed"),
    (11, 11, "tidal-array", "acceptance", "second berth instrumented"),
    (12, 15, "tidal-array", "recalibration", "baseline and words of the levels looked at again"),
)
SCORECARD = (
    (7, 28, "tidal-array", "financial", "joint_revenue", "", 3.1, 4.0, ""),
    (13, 28, "tidal-array", "financial", "joint_revenue", "", 4.6, 4.0, ""),
    (13, 28, "tidal-array", "market", "joint_offers", "", 5, 4, ""),
    (13, 28, "tidal-array", "operational", "test_days", "", 41, 36, ""),
    (13, 28, "tidal-array", "organisational", "people_exchanged", "thessolune", 2, 2, ""),
    (13, 20, "tidal-array", "reciprocity", "importance", "thessolune", 5, "", ""),
    (13, 20, "tidal-array", "reciprocity", "importance", "quorrimar", 5, "", ""),
    (7, 28, "cold-chain", "financial", "joint_revenue", "", 7.2, 7.5, ""),
    (13, 28, "cold-chain", "financial", "joint_revenue", "", 5.4, 7.5, ""),
    (13, 28, "cold-chain", "market", "new_shippers", "", 1, 4, ""),
    (13, 28, "cold-chain", "operational", "dwell_hours", "nerrivane", 19, 16, "lower"),
    (13, 20, "cold-chain", "reciprocity", "importance", "brindavel", 4, "", ""),
    (13, 20, "cold-chain", "reciprocity", "importance", "nerrivane", 2, "", ""),
)
CAUSES = (
    (12, 25, "cold-chain", "strategy", "sound", "both still want the corridor"),
    (13, 22, "cold-chain", "alliance_management", "in_doubt", "nobody owns the season plan"),
)


def files(months: Sequence[date]) -> dict[str, str]:
    """Return file name -> CSV text. In the lists above a day is (month from 0, day of the month)."""
    return {
        "pivots.csv": _table(("date", "alliance", "kind", "note"), PIVOTS, months),
        "commitments.csv": _table(("date", "alliance", "kind", "partner", "note"), COMMITMENTS, months),
        "milestones.csv": _table(("date", "alliance", "kind", "note"), MILESTONES, months),
        "scorecard.csv": _table(SCORECARD_COLUMNS, SCORECARD, months),
        "causes.csv": _table((*CAUSE_COLUMNS, "note"), CAUSES, months),
    }


def _table(heading: Sequence[str], entries: Sequence[tuple[int | float | str, ...]], months: Sequence[date]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(heading)
    for month, day, *rest in entries:
        writer.writerow((months[int(month)] + timedelta(days=int(day) - 1), *rest))
    return stream.getvalue()
