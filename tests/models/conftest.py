"""One loaded model for the whole run, and labelled texts that nobody wrote."""

import json
from functools import cache

import pytest

import models
from models.lexicon import LexiconScorer


@cache
def loaded(kind):
    return LexiconScorer() if kind == "lexicon" else models.load(kind=kind)


@pytest.fixture(scope="session")
def scorer():
    return loaded("int8")


@pytest.fixture(scope="session")
def exact_scorer():
    return loaded("fp32")


@pytest.fixture(params=["int8", "fp32", "lexicon"])
def any_scorer(request):
    return loaded(request.param)


SUBJECTS = ["bracket", "sensor", "driver", "panel", "bus", "fan", "rack", "clock"]
NOTHING = {"tone": 0, "transparency": 0, "shares": 0, "seeks": 0, "commits": 0, "social": 0, "orientation": 0}
FRAMES = [
    ("Thanks a lot for the {}, that was wonderful work.", {"tone": 1}),
    ("This is the third time we ask for the {}. Ridiculous.", {"tone": -1, "orientation": 1}),
    ("Why does the {} fail after a restart?", {"seeks": 1, "orientation": 1}),
    ("The {} fails because the cache is filled too late; we are two weeks behind.", {"transparency": 1, "shares": 1}),
    ("We will not discuss the {}.", {"transparency": -1}),
    ("We can lend two people for the {}.", {"commits": 1, "orientation": 1}),
    ("How was the holiday? Mine smelled of {} grease.", {"social": 1, "tone": 1}),
    ("The roadmap for the {} decides our budget next year.", {"orientation": 2}),
    ("The {} arrives on Monday.", {}),
]


@pytest.fixture(scope="session")
def labelled(tmp_path_factory):
    """72 made-up messages, eight of each kind, as codebook JSONL."""
    path = tmp_path_factory.mktemp("labelled") / "made_up.jsonl"
    records = [
        {"text": frame.format(subject), "corpus": "made-up", "subject": f"{subject} {row}", **NOTHING, **labels}
        for subject in SUBJECTS
        for row, (frame, labels) in enumerate(FRAMES)
    ]
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return path
