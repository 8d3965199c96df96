"""Rows of published tables in, rows of one derived table out."""

from datetime import UTC, date, datetime

import pytest

from warehouse.stewardship import stewardship

TONIGHT = datetime(2026, 4, 10, 2, tzinfo=UTC)


class Published:
    """Rows of published tables, each blank but for what a test says."""

    def run(self, **fields):
        return {"night_at": TONIGHT, "min_people": 5, **fields}

    def alliance(self, **fields):
        about = {"alliance": "coast", "stage": "scale", "started": date(2025, 1, 15), "cadence": "usual"}
        return {**about, **fields}

    def said(self, side, period, value=4.0, dimension="trust", **fields):
        row = {"alliance": "coast", "side": side, "period": period, "dimension": dimension, "value": value}
        return {**row, "status": "ok", **fields}

    def alert(self, rule, dimension, **fields):
        row = {"alliance": "coast", "rule": rule, "dimension": dimension, "fired": True, "period": date(2026, 3, 1)}
        return {**row, "default_alert": False, "false_alarm_rate": 0.05, "pivot": "Refocus", **fields}

    def logged(self, on_date, register="pivots", kind="refocus"):
        return {"alliance": "coast", "on_date": on_date, "register": register, "kind": kind, "side": ""}

    def scored(self, on_date, value, perspective="financial", item="joint_revenue", side="", **fields):
        row = {"alliance": "coast", "on_date": on_date, "perspective": perspective, "item": item, "side": side}
        return {**row, "value": value, "target": None, "better": "higher", **fields}


@pytest.fixture
def row():
    return Published()


@pytest.fixture
def derived(row):
    """Return the rows of a derived table; run and alliance are there unless they are given."""

    def table(name, **tables):
        return stewardship({"run": [row.run()], "alliance": [row.alliance()], **tables}, name)[name]

    return table
