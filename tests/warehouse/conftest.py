"""A fictional program in the warehouse's own terms: hand-made rows for SQL, and a seeded world for whole builds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from warehouse import DECISIONS, AllianceInput, BuildInputs, Calendar, Published, write_part
from warehouse.assembly import build
from warehouse.private import private_tables
from warehouse.private import rows as read

ALLIANCE = "aster-birch"
MODEL = "fake@0"
START, UNTIL = date(2000, 1, 1), date(2999, 12, 31)
RUN_AT = datetime(2026, 4, 1, 2, tzinfo=UTC)
FRAMEWORKS = {
    "tvl": ("trust", "value", "learning"),
    "communication": ("frequency", "transparency", "responsiveness"),
    "governance": ("decision_speed", "role_clarity", "conflict_resolution"),
    "overall": ("overall",),
}
PRIORS = {
    "tone": [60, 700, 140],
    "transparency": [15, 600, 285],
    "shares": [600, 300],
    "seeks": [750, 150],
    "commits": [860, 40],
    "social": [850, 50],
    "orientation": [200, 600, 100],
}
INFORMS = {
    "trust": ("transparency", "tone", "ties"),
    "learning": ("unsolicited", "depth_substantive"),
    "responsiveness": ("answer_within_day",),
    "overall": ("depth_index", "transparency"),
}
QUIET = {
    **{"tone_negative": 0.05, "tone_neutral": 0.9, "tone_positive": 0.05},
    **{"transparency_closed": 0.02, "transparency_none": 0.9, "transparency_open": 0.08},
    **{"shares": 0.1, "seeks": 0.1, "commits": 0.02, "social": 0.02},
    **{"transactional": 0.2, "operational": 0.7, "strategic": 0.1},
    **{**dict.fromkeys(DECISIONS, 0), "says_orientation": 1},
}


def message(key, author, sent_at, to=(), **fields):
    """Return a part's row: one mail of `author`, a1 .. on side a and b1 .. on side b, to pseudonyms."""
    row = {
        "alliance": ALLIANCE,
        "message_key": key,
        "thread_key": f"t-{key}",
        "parent_key": None,
        "author": author,
        "sent_at": sent_at,
        "edited_at": None,
        "medium": "mail",
        "recipients": list(to),
        "recipient_count": len(to) or 1,
        "cross_boundary": True,
        "text_key": f"x-{key}",
        "tokens": 20,
        "language": "en",
        "scored": True,
        **QUIET,
        "model": MODEL,
    }
    assert fields.keys() <= row.keys()
    return {**row, **fields}


def identity(pseudonym, side, **fields):
    """Return an identity row; the person is the pseudonym in capitals unless told otherwise."""
    row = {"alliance": ALLIANCE, "pseudonym": pseudonym, "person": pseudonym.upper(), "side": side}
    return {**row, "layer": "technical", "team": "", "valid_from": START, "valid_until": UNTIL, **fields}


def consent(person, **fields):
    """Return a consent row for mail, for ever unless told otherwise."""
    return {
        **{"alliance": ALLIANCE, "person": person, "medium": "mail", "valid_from": START, "valid_until": UNTIL},
        **fields,
    }


def alliance_input(**fields):
    """Return the alliance of aster and birch, nine to five in UTC."""
    about = AllianceInput(
        id=ALLIANCE,
        name="Aster and Birch",
        stage="scale",
        text_read=True,
        partners=("aster", "birch"),
        calendars=(Calendar(), Calendar()),
        started=date(2025, 1, 1),
    )
    return replace(about, **fields)


def people(size):
    """Return the pseudonyms a1 .. and b1 .. of two sides of a size."""
    return [f"{side}{number}" for side in "ab" for number in range(1, size + 1)]


def world(seed=0, months=14, size=7, a_week=60, until=RUN_AT, **rates):
    """Return a year of fictional traffic: threads of one to six turns between the sides, labelled at given rates."""
    rng = np.random.default_rng(seed)
    likely = {"shares": 0.34, "seeks": 0.2, "commits": 0.08, "social": 0.06, **rates}
    start = until - timedelta(days=30.4 * months)
    found, moment = [], start
    while moment < until - timedelta(days=1):
        moment += timedelta(hours=float(rng.exponential(168 / (a_week / 2.5))))
        found += _thread(len(found), moment, size, likely, rng)
    return [row for row in found if row["sent_at"] < until]


def _thread(number, moment, size, likely, rng):
    side, at, found, before = "ab"[rng.integers(2)], moment, [], None
    members = {each: rng.choice(size, 2, replace=False) + 1 for each in "ab"}
    for turn in range(int(rng.geometric(0.4))):
        author = f"{side}{members[side][rng.integers(2)]}"
        side = "ba"["ab".index(side)] if rng.random() < 0.8 else side
        to = [f"{other}{one}" for other in "ab" for one in members[other] if f"{other}{one}" != author]
        labels = {name: int(rng.random() < likely[name]) for name in ("shares", "seeks", "commits", "social")}
        tone, openness = rng.choice([-1, 0, 1], p=[0.06, 0.76, 0.18]), rng.choice([-1, 0, 1], p=[0.02, 0.66, 0.32])
        level = rng.choice(3, p=[0.2, 0.7, 0.1])
        key = f"m{number + turn:06d}"
        scores = _scores(labels, int(tone), int(openness), int(level), rng)
        reply = {"thread_key": f"t{number}", "parent_key": before, "tokens": int(rng.integers(10, 90))}
        found.append(message(key, author, at, to, **reply, **scores))
        before, at = key, at + timedelta(hours=float(rng.exponential(14)))
    return found


HEADS = {
    "tone": (-1, ("tone_negative", "tone_neutral", "tone_positive")),
    "transparency": (-1, ("transparency_closed", "transparency_none", "transparency_open")),
    "orientation": (0, ("transactional", "operational", "strategic")),
    **{name: (0, (None, name)) for name in ("shares", "seeks", "commits", "social")},
}


def _scores(labels, tone, openness, level, rng):
    """Return probabilities as a calibrated model would give them for the labels, and the decisions that follow."""
    found = {}
    for head, value in {"tone": tone, "transparency": openness, "orientation": level, **labels}.items():
        lowest, names = HEADS[head]
        p = calibrated(value - lowest, PRIORS[head], rng)
        found.update({name: float(each) for name, each in zip(names, p, strict=True) if name})
        found[f"says_{head}"] = int(p.argmax()) + lowest
    return found


def calibrated(value, prior, rng, apart=2.5):
    """Return the posterior of a class seen through unit normal noise, given the frequencies of the classes."""
    seen = rng.normal(size=len(prior)) + apart * (np.arange(len(prior)) == value)
    p = np.asarray(prior) * np.exp(apart * seen - (apart * seen).max())
    return p / p.sum()


def surveys(seed=0, months=12, answers=4, dimensions=("trust", "value", "learning", "overall"), until=RUN_AT):
    """Return a year of monthly answers of both sides, around 3.5 (overall around 7)."""
    rng = np.random.default_rng(seed)
    found = []
    for back in range(months, 0, -1):
        place = until.year * 12 + until.month - 1 - back
        period = date(place // 12, place % 12 + 1, 1)
        for side in "ab":
            for dimension in dimensions:
                top, centre = (10, 7) if dimension == "overall" else (5, 3.5)
                for value in np.clip(np.round(rng.normal(centre, 0.8, answers)), 1, top):
                    key = {"alliance": ALLIANCE, "period": period, "side": side, "dimension": dimension}
                    found.append({**key, "value": float(value), "has_comment": bool(rng.random() < 0.3)})
    return found


class Program:
    """A fictional program in a folder of its own; six people a side, who all consent, unless told otherwise."""

    alliance, start, until, run_at, priors = ALLIANCE, START, UNTIL, RUN_AT, PRIORS
    message, identity, consent = staticmethod(message), staticmethod(identity), staticmethod(consent)
    alliance_input, people, calibrated = staticmethod(alliance_input), staticmethod(people), staticmethod(calibrated)

    def __init__(self, folder):
        self.folder = folder

    def world(self, *args, **fields):
        return world(*args, **fields)

    def surveys(self, *args, **fields):
        return surveys(*args, **fields)

    def at(self, day, hour=10, minute=0, month=1, year=2026):
        return datetime(year, month, day, hour, minute, tzinfo=UTC)

    def inputs(self, rows=(), shards=None, size=6, **fields):
        """Return what a build reads, its rows written as parts, one part a shard."""
        parts = [self.folder / "parts" / f"s{number}.parquet" for number in range(len(shards or [rows]))]
        for path, shard in zip(parts, shards or [rows], strict=True):
            write_part(path, shard)
        made = BuildInputs(
            program="Fictional program",
            run_at=RUN_AT,
            min_people=5,
            min_answers=3,
            alliances=(alliance_input(),),
            parts=tuple(parts),
            identities=[identity(each, each[0]) for each in people(size)],
            consents=[consent(each.upper()) for each in people(size)],
            surveys=[],
            log=[],
            left_out=[],
            priors=PRIORS,
            weights=dict.fromkeys(("unsolicited", "ties", "coinvest", "escalation"), 1.0),
            informs=INFORMS,
            frameworks=FRAMEWORKS,
            model_version=MODEL,
            code_version="0",
            fingerprint="f",
        )
        return replace(made, **fields)

    def table(self, name, rows=(), **fields):
        """Return the rows of a private table."""
        with private_tables(self.inputs(rows, **fields), name) as connection:
            return read(connection, f"select * from {name} order by all")

    def publish(self, rows=(), **fields):
        """Build and return the published database."""
        return self.built(self.inputs(rows, **fields))

    def built(self, inputs):
        target = self.folder / "published.duckdb"
        build(inputs, target)
        return Published(target)


@pytest.fixture
def program(tmp_path):
    return Program(tmp_path)


@pytest.fixture(scope="session")
def program_in():
    """Return the class itself, for what needs a folder of its own."""
    return Program


@pytest.fixture(scope="session")
def year(tmp_path_factory):
    """A year of traffic and surveys of two alliances' worth of people, published once for all who only read it."""
    made = Program(tmp_path_factory.mktemp("year"))
    return made.publish(world(1), size=7, surveys=surveys(1))
