"""The phrases must be what they are meant to be, and read as such by the released model."""

from collections import defaultdict
from random import Random

import pytest

from demo.speech import Speech, phrases
from models import load

MEANT = {
    "share": ("shares", 1),
    "ask_why": ("seeks", 0),
    "share_more": ("seeks", 0),
    "ack": ("shares", 0),
    "commit": ("commits", 1),
    "social": ("social", 1),
    "strategic": ("orientation", 2),
    "strategic_reply": ("orientation", 2),
    "order": ("orientation", 0),
    "open": ("transparency", 1),
    "warm": ("tone", 1),
}
"""Act -> the head and label that it is written for. Evasions are left out: the model reads few of them as closed."""


ASKED = {"ask": ("shares", 1), "ask_again": ("shares", 1), "ask_fact": ("shares", 0)}
"""Kind of question -> the head and label that its answer is written for; each question itself is meant as `seeks`."""


@pytest.fixture(scope="module")
def scorer():
    return load()


def said(domain):
    """Yield (act, text, head, label), each phrase twice with other words."""
    speech = Speech(domain, Random(1))
    for act in [*MEANT, *ASKED]:
        for _ in phrases(domain)["say"].get(act) or phrases("shared")["say"][act]:
            if act in ASKED:
                question, topic = speech.ask(act, {})
                yield act, question, "seeks", 1
                yield f"answer to {act}", speech.answer(topic), *ASKED[act]
            else:
                yield act, speech.say(act), *MEANT[act]


@pytest.mark.parametrize("domain", ["tidal", "cold"])
def test_the_released_model_reads_nearly_all_phrases_as_they_are_meant(scorer, domain):
    found = list(said(domain))
    right = defaultdict(list)
    for (act, _, head, label), signals in zip(found, scorer.score([text for _, text, _, _ in found]), strict=True):
        right[act].append(signals.labels[head] == label)
    assert not {act: sum(each) / len(each) for act, each in right.items() if sum(each) / len(each) < 0.85}
