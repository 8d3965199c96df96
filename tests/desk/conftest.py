"""A made-up night of three alliances: one deepens, one stalls behind green surveys, one is surveyed only."""

from datetime import UTC, date, datetime
from math import sin

import pytest

from warehouse.publish import publish
from warehouse.stewardship import stewardship

MONTHS = [date(2025 + (8 + n) // 12, (8 + n) % 12 + 1, 1) for n in range(14)]
MODEL = "signals-1 (3f9c2a7be1d0)"
NO_TEXT = {"low": None, "high": None, "value": None, "people_a": None, "people_b": None, "messages": None}
HOSTILE = "<script>alert(1)</script>"
PARTNERS = {
    "harbour": ("Fjordline", "Castell & Sons"),
    "lantern": ('Oriel "Labs" <b>bold</b>', "=cmd()|'/c calc'!A1"),
    "meadow": ("Tern Foods", "Quill Union"),
}


def wave(n, seed):
    """A small, fixed wobble."""
    return sin(n * 1.7 + seed * 2.3) * 0.5 + sin(n * 0.6 + seed) * 0.5


def indicator(alliance, n, name, way, value, margin=None, status="ok", unit="share"):
    shown = status in ("ok", "stale")
    numbers = {
        "value": round(value, 3) if shown else None,
        "low": round(value - margin, 3) if shown and margin else None,
        "high": round(value + margin, 3) if shown and margin else None,
    }
    people = {"people_a": 11, "people_b": 9, "messages": 240 - n} if status in ("ok", "low_n", "stale") else {}
    key = {"alliance": alliance, "period": MONTHS[n], "grain": "month", "indicator": name, "direction": way}
    return {**NO_TEXT, **key, "unit": unit, "coverage": 0.8, "model": MODEL, "status": status, **numbers, **people}


SHAPES = {
    # name: ways, start, change over the year (deepening, stalled), wobble, interval, unit
    "frequency": (("both", "a_to_b", "b_to_a"), 1.8, (0.1, -0.8), 0.08, None),
    "frequency_change": (("both",), 0.0, (0.06, -0.52), 0.03, None),
    "depth_substantive": (("both",), 0.41, (0.08, 0.05), 0.02, 0.05),
    "depth_tokens": (("both",), 62, (14, 9), 3, None),
    "depth_thread_length": (("both",), 4.1, (0.7, -0.2), 0.2, None),
    "answer_within_day": (("a_to_b", "b_to_a"), 0.66, (0.12, -0.28), 0.03, 0.08),
    "answer_within_5_days": (("a_to_b", "b_to_a"), 0.86, (0.06, -0.15), 0.02, 0.06),
    "answer_median_hours": (("a_to_b", "b_to_a"), 5.5, (-1.5, 6.0), 0.5, 1.4),
    "answer_ratio": (("both",), 1.1, (0.0, 0.9), 0.1, None),
    "transparency": (("both", "a_to_b", "b_to_a"), 0.34, (0.1, -0.22), 0.02, 0.06),
    "openness": (("a_to_b", "b_to_a"), 0.48, (0.08, -0.12), 0.02, 0.05),
    "closedness": (("a_to_b", "b_to_a"), 0.14, (-0.02, 0.12), 0.01, 0.03),
    "evaded": (("a_to_b", "b_to_a"), 0.12, (-0.02, 0.19), 0.02, None),
    "tone": (("both",), 0.41, (0.02, -0.01), 0.02, 0.04),
    "tone_change": (("both",), 0.0, (0.02, -0.01), 0.02, 0.04),
    "repair": (("both",), 0.71, (0.08, -0.12), 0.04, None),
    "reciprocity_initiations": (("both",), 0.83, (0.05, -0.1), 0.03, None),
    "half_carried_by": (("both", "a_to_b", "b_to_a"), 4, (1, -1), 0.1, None),
    "loop_share": (("both",), 0.2, (0.1, -0.1), 0.02, None),
    "layer_coverage": (("both",), 0.44, (0.12, -0.12), 0.02, None),
}


def statuses(alliance, n, name):
    if alliance == "harbour":
        return "low_n" if n == 13 and name == "repair" else "stale" if n == 12 and name == "depth_tokens" else "ok"
    if n == 4:
        return "no_data"
    if n == 7:
        return "suppressed"
    return "low_n" if name in ("repair", "evaded") and n > 9 else "ok"


def indicators(alliance, story):
    for seed, (name, (ways, start, changes, wobble, margin)) in enumerate(SHAPES.items()):
        for place, way in enumerate(ways):
            for n in range(14):
                late = max(0, n - 4) / 9
                value = start + changes[story] * late + wobble * wave(n, seed + place) - 0.05 * start * place
                yield indicator(alliance, n, name, way, value, margin, statuses(alliance, n, name))


def quarters(alliance):
    """The first quarter that is whole has too few answers in each month, and enough in all three."""
    for row in (indicator(alliance, 11, "evaded", way, 0.27, 0.09) for way in ("a_to_b", "b_to_a")):
        yield {**row, "period": date(2026, 7, 1), "grain": "quarter"}


DEFINITION = {
    "indicator": "loop_share",
    "unit": "share",
    "directions": "both",
    "kind": "message",
    "minimum": 30,
    "of": "messages",
    "pooled": False,
    "meaning": "share of threads that come back to where they began",
}


def velocities(alliance, story):
    for n in range(14):
        status = "low_n" if n < 4 else statuses(alliance, n, "rvi")
        rvi = (0.1, 0.1)[story] + (1.1, -0.17)[story] * max(0, n - 5) / 8 + 0.12 * wave(n, 1)
        margin = (0.55 - 0.01 * n, 0.62 - 0.01 * n)[story] if n < 12 else (0.5, 0.12)[story]
        ok = status == "ok"
        state = "deepening" if rvi > margin else "stalled" if abs(rvi) + margin < 0.25 else "undetermined"
        yield {
            "alliance": alliance,
            "period": MONTHS[n],
            "rvi": round(rvi, 2) if ok else None,
            "low": round(rvi - margin, 2) if ok else None,
            "high": round(rvi + margin, 2) if ok else None,
            "state": state if ok else None,
            "coordination_trap": ok and story == 1 and n == 13,
            "depth": round((0.9, -0.7)[story] * n / 13, 2) if ok else None,
            "weeks_used": min(12, 4 * n),
            "weeks_needed": max(0, 10 - 4 * n),
            "sign_stability": (0.96, 0.55)[story] if ok else None,
            "status": status,
        }


def components(alliance, story):
    for seed, name in enumerate(("unsolicited", "ties", "coinvest", "escalation")):
        for n in range(1, 14):
            status = statuses(alliance, n, name)
            z = (1.6, -1.1)[story] * n / 13 + 0.4 * wave(n, seed)
            key = {"alliance": alliance, "period": MONTHS[n], "component": name, "weight": 0.25}
            yield {**key, "z": round(z, 2) if status == "ok" else None, "status": status}


def transitions(alliance):
    levels = ("transactional", "operational", "strategic")
    shares = (0.62, 0.3, 0.08, 0.21, 0.58, 0.21, 0.06, 0.29, None)
    for place, share in enumerate(shares):
        key = {"alliance": alliance, "period": MONTHS[13], "from_level": levels[place // 3]}
        known = share is not None
        status = "ok" if known else "low_n"
        yield {**key, "to_level": levels[place % 3], "share": share, "threads": 21 if known else None, "status": status}


DIMENSIONS = {
    "trust": "tvl",
    "value": "tvl",
    "learning": "tvl",
    "frequency": "communication",
    "transparency": "communication",
    "responsiveness": "communication",
    "decision_speed": "governance",
    "role_clarity": "governance",
    "conflict_resolution": "governance",
    "strategic_priorities": "alignment",
    "resource_commitments": "alignment",
    "incentive_structures": "alignment",
    "overall": "overall",
}
SIGNALLED = ("trust", "value", "learning", "transparency", "responsiveness", "overall")
FLAGGED = {("transparency", "a_b"), ("transparency", "a_signal"), ("learning", "a_signal")}


def surveys(alliance, story):
    for seed, (dimension, framework) in enumerate(DIMENSIONS.items()):
        for n in range(14):
            for place, side in enumerate("ab"):
                level = (3.6, 4.1, 3.3)[story] + (0.5, 0.05, -0.1)[story] * n / 13 + 0.15 * wave(n, seed + place)
                level -= 0.9 * place if story == 1 and dimension == "transparency" and n > 8 else 0.1 * place
                level = level * 1.9 if dimension == "overall" else level
                shown = (n, side, dimension) != (9, "b", "role_clarity") and not (story == 2 and n in (3, 13) and place)
                yield {
                    "alliance": alliance,
                    "period": MONTHS[n],
                    "side": side,
                    "framework": framework,
                    "dimension": dimension,
                    "value": round(level, 2) if shown else None,
                    "low": round(level - 0.35, 2) if shown else None,
                    "high": round(level + 0.35, 2) if shown else None,
                    "answers": 7 - place if shown else None,
                    "comments": 4 if shown else None,
                    "status": "ok" if shown else "low_n",
                }


def blends(alliance, story, survey):
    for dimension in DIMENSIONS:
        for n in range(14):
            own = [r for r in survey if (r["dimension"], r["period"]) == (dimension, MONTHS[n])]
            values = [row["value"] for row in own if row["value"] is not None]
            mean = sum(values) / 2 if len(values) == 2 else None
            signals = story < 2 and dimension in SIGNALLED
            scale = 1.9 if dimension == "overall" else 1.0
            drift = (0.4, -1.3)[story] * n / 13 if story < 2 else 0.0
            signal = (3.7 + drift) * scale if signals else None
            if mean is None and signal is None:
                continue
            g = (0.71 if signals else 1.0) if mean is not None else 0.0
            value = mean * g + signal * (1 - g) if signals and mean is not None else mean if signal is None else signal
            origin = "survey_only" if signal is None else "blend" if mean is not None else "signals_only"
            yield {
                "alliance": alliance,
                "period": MONTHS[n],
                "dimension": dimension,
                "value": round(value, 2),
                "low": round(value - 0.24 * scale, 2),
                "high": round(value + 0.24 * scale, 2),
                "survey_weight": g,
                "survey_value": None if mean is None else round(mean, 2),
                "signal_value": None if signal is None else round(signal, 2),
                "signal_low": None if signal is None else round(signal - 0.6 * scale, 2),
                "signal_high": None if signal is None else round(signal + 0.6 * scale, 2),
                "answers": 13 if mean is not None else None,
                "origin": origin,
                "status": "ok",
            }


def gaps(alliance, story, survey, blend):
    for row in blend:
        sides = {r["side"]: r["value"] for r in survey if all(r[k] == row[k] for k in ("dimension", "period"))}
        if None in sides.values():
            continue
        found = {"a_b": sides["a"] - sides["b"]}
        if row["signal_value"] is not None:
            found |= {f"{side}_signal": sides[side] - row["signal_value"] for side in "ab"}
        for name, value in found.items():
            flagged = story == 1 and (row["dimension"], name) in FLAGGED and row["period"] >= MONTHS[11]
            key = {k: row[k] for k in ("alliance", "period", "dimension")}
            numbers = {"value": round(value, 2), "z": round(value / 0.3, 2), "q_value": 0.02 if flagged else 0.4}
            yield {**key, "gap": name, **numbers, "flagged": flagged, "status": "ok"}


RULES = (
    ("material_probable_standing", "transparency", True, 0.02, 0.81),
    ("material_probable_standing", "trust", True, 0.02, 0.81),
    ("sharing_falls", "unsolicited", True, 0.03, 0.64),
    ("two_consecutive_declines", "trust", False, 0.46, 0.88),
    ("below_threshold", "learning", False, 0.01, 0.2),
    ("value_stagnant", "value", False, 0.6, 0.55),
)


def alerts(alliance, story):
    for rule, dimension, default, false_alarm, power in RULES:
        fires = story == 1 and (rule, dimension) in {
            ("material_probable_standing", "transparency"),
            ("sharing_falls", "unsolicited"),
            ("value_stagnant", "value"),
        }
        yield {
            "alliance": alliance,
            "period": MONTHS[13],
            "rule": rule,
            "version": 1,
            "dimension": dimension,
            "default_alert": default,
            "fired": fires,
            "threshold": 0.5,
            "false_alarm_rate": false_alarm,
            "power": power,
            "question": "Do both stewards see the same change, and since when?",
            "intervention": "Compare signals and scores in a joint session before deciding anything",
            "pivot": "Refocus",
        }


def about(alliance, name, stage):
    first, second = PARTNERS[alliance]
    agreed = alliance == "harbour"
    return {
        "alliance": alliance,
        "name": name,
        "stage": stage,
        "text_read": stage == "scale",
        "partner_a": first,
        "partner_b": second,
        "baseline_from": MONTHS[0] if agreed else None,
        "baseline_until": MONTHS[3] if agreed else None,
        "started": date(2025, 2, 1),
        "cadence": "usual",
        "growth_share": 0.3 if agreed else None,
    }


def coverage(alliance, text_read):
    for side, known, agreed in (("a", 14, 11), ("b", 12, 9)):
        shown = text_read and (alliance, side) != ("lantern", "b")
        numbers = {"known": known, "consented": agreed, "coverage": 0.8} if shown else {}
        status = "ok" if shown else "suppressed"
        yield {
            "alliance": alliance,
            "side": side,
            "known": None,
            "consented": None,
            "coverage": None,
            **numbers,
            "status": status,
        }


STORIES = {
    "harbour": ("Harbour Cold Chain", "scale"),
    "lantern": (f"Lantern {HOSTILE}", "scale"),
    "meadow": ("Meadow", "early"),
}


def night():
    """Return table -> rows of the made-up night."""
    tables = {name: [] for name in ("alliance", "indicator", "transition", "velocity", "velocity_component", "survey")}
    tables |= {name: [] for name in ("blend", "gap", "alert", "coverage", "left_out", "log")}
    for story, (alliance, (name, stage)) in enumerate(STORIES.items()):
        survey = list(surveys(alliance, story))
        blend = list(blends(alliance, story, survey))
        tables["alliance"].append(about(alliance, name, stage))
        tables["survey"] += survey
        tables["blend"] += blend
        tables["gap"] += gaps(alliance, story, survey, blend)
        tables["coverage"] += coverage(alliance, story < 2)
        tables["alert"] += alerts(alliance, story)
        if story < 2:
            tables["indicator"] += [*indicators(alliance, story), *(quarters(alliance) if story else ())]
            tables["velocity"] += velocities(alliance, story)
            tables["velocity_component"] += components(alliance, story)
            tables["transition"] += transitions(alliance)
    tables["log"] = [
        {"alliance": "lantern", "on_date": date(2026, 3, 17), "register": "pivots", "kind": "refocus", "side": None},
        {
            "alliance": "lantern",
            "on_date": date(2026, 8, 4),
            "register": "commitments",
            "kind": "joint_budget",
            "side": "a",
        },
        {"alliance": "harbour", "on_date": date(2026, 5, 12), "register": "milestones", "kind": "go_live", "side": "b"},
    ]
    tables["left_out"] = [
        {"alliance": "lantern", "stage": "consent", "reason": "no_record", "records": 1412},
        {"alliance": "lantern", "stage": "clean", "reason": "unsure_of_quote", "records": 37},
        {"alliance": "harbour", "stage": "read", "reason": "broadcast", "records": 88},
        {"alliance": "", "stage": "read", "reason": "not_readable", "records": 2},
    ]
    tables["agreement"] = [
        {"dimension": dimension, "statistic": statistic, "value": value, "n": 28}
        for dimension in ("trust", "transparency")
        for statistic, value in (("bias", -0.42), ("ccc", 0.11), ("icc_a1", 0.12), ("icc_c1", 0.16), ("r", 0.18))
    ]
    tables["definition"] = [DEFINITION]
    tables["run"] = [RUN]
    tables |= kept()
    return tables | stewardship(tables)


def kept():
    """Return what partners wrote down, and what stood before and after a pivot; hostile words where words are free."""
    at = {"alliance": "lantern", "on_date": date(2026, 9, 30)}
    return {
        "anchor": [
            {"dimension": "trust", "level": 1.0, "words": f"They <b>check</b> {HOSTILE}"},
            {"dimension": "trust", "level": 3.0, "words": "They rely on what they know"},
            {"dimension": "trust", "level": 5.0, "words": "They decide on the other's word"},
            {"dimension": "overall", "level": 10.0, "words": "We would sign it again"},
        ],
        "scorecard": [
            {**at, **dict(zip(("perspective", "item", "side", "value", "target", "better"), each, strict=True))}
            for each in (
                ("financial", "joint_revenue", "", 5.4, 7.5, "higher"),
                ("market", "new_offers", "", 1.0, 4.0, "higher"),
                ("operational", "lead_time", "b", 12.0, 14.0, "lower"),
                ("organisational", "exchanges", "a", 3.0, None, "higher"),
                ("reciprocity", "importance", "a", 5.0, None, "higher"),
                ("reciprocity", "importance", "b", 3.0, None, "higher"),
            )
        ],
        "cause_record": [{**at, "cause": "type", "finding": "in_doubt"}],
        "pivot_change": [around("trust", 0.62, "rose"), around("overall", -0.9, "fell"), around("transparency", 0.02)],
        "lead_lag": [lagged(lag, r) for lag, r in enumerate((0.1, 0.44, 0.71, -0.3, None))] + [lagged(0, None, "tone")],
    }


def around(series, difference, outcome="undecided"):
    source = "indicator" if series == "transparency" else "survey"
    key = {"alliance": "lantern", "on_date": date(2026, 3, 17), "kind": "refocus", "source": source, "series": series}
    numbers = {"before": 3.1, "after": 3.1 + difference, "difference": difference}
    numbers |= {"low": difference - 0.4, "high": difference + 0.4, "months_before": 6, "months_after": 6}
    return {**key, **numbers, "outcome": outcome, "whole_time": True, "other_pivots": 0, "status": "ok"}


def lagged(lag, r, leads="unsolicited"):
    numbers = {"low": r - 0.2, "high": min(r + 0.2, 1.0), "p_value": 0.01, "q_value": 0.04} if r is not None else {}
    row = {"leads": leads, "follows": "learning", "lag": lag, "r": r, "pairs": 41 - 4 * lag, "alliances": 3}
    return {**row, **numbers, "precedes": r is not None and r > 0.6, "status": "low_n" if r is None else "ok"}


RUN = {
    "run_id": "2026-11-03T02:00:00+00:00",
    "program": "Coastal Partnerships",
    "night_at": datetime(2026, 11, 3, 2, tzinfo=UTC),
    "code_version": "0.1.0",
    "model": MODEL,
    "min_people": 5,
}


@pytest.fixture(scope="session")
def database(tmp_path_factory):
    path = tmp_path_factory.mktemp("published") / "quietpivot.duckdb"
    publish(night(), path)
    return path


@pytest.fixture(scope="session")
def page(database, tmp_path_factory):
    from desk import write_report

    target = tmp_path_factory.mktemp("page") / "report.html"
    write_report(database, target)
    return target


@pytest.fixture
def empty_database(tmp_path):
    """The first night of a program that has read nothing yet."""
    path = tmp_path / "empty.duckdb"
    publish({"run": [RUN]}, path)
    return path


@pytest.fixture
def tables():
    """Rows of the made-up night, free to change."""
    return night()


@pytest.fixture(scope="session")
def rendered():
    """Return the page of given rows, as the published file would hold them, without writing that file."""
    from desk import reading, report
    from warehouse import documented

    def filled(tables):
        columns = {name: dict.fromkeys(fields) for name, fields in documented().items()}
        return {name: [blank | row for row in tables.get(name, ())] for name, blank in columns.items()}

    return lambda tables: report.render(reading.night(filled(tables)))
