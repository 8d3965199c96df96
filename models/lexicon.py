"""A scorer that only looks wordings up: a floor for trained models, and a stand-in that needs no weights.

Each list is a handful of plain workplace wordings, chosen by hand. Nothing was fitted to any data.
"""

import re
from collections.abc import Sequence

from models.signals import HEADS, Signals, Triple

CUES = {
    "tone+": "thanks a lot, thanks for, thank you for, great, excellent, awesome, appreciate, well done, congrat, glad",
    "tone-": "ridiculous, unacceptable, disappoint, nonsense, useless, terrible, third time, waste of, stupid",
    "transparency+": "because, unfortunately, behind schedule, risk, not sure, my mistake, our mistake, delayed",
    "transparency-": "no comment, cannot say, cannot discuss, between us, do not share, do not tell, in due course",
    "shares": "the reason is, you can use, you can set, for example, we found, result, explain, this means",
    "seeks": "what, why, how, which, could you explain, could you tell, do you know, any idea, please advise",
    "commits": "we can lend, we can provide, we can contribute, count me in, happy to contribute, we will fund",
    "social": "family, holiday, birthday, lunch, beer, coffee, football, kids, vacation, haha, christmas, weekend was",
    "strategic": "roadmap, strateg, partnership, governance, budget, charter, market, vision, priorities",
    "operational": "bug, patch, build, test, design, review, version, error, driver, code, analysis, fix, issue",
}
"""Cue -> the wordings that give it, each matched where a word begins."""

_PATTERNS = {
    cue: re.compile(r"\b(?:" + "|".join(map(re.escape, wordings.split(", "))) + ")") for cue, wordings in CUES.items()
}

SURE = 0.8
"""Probability given to what was found; the rest is shared by the other values."""


class LexiconScorer:
    """Scores texts by looking up a few wordings; no weights, no training."""

    version = "lexicon@1"

    def score(self, texts: Sequence[str]) -> list[Signals]:
        """Score each text, in order."""
        return [_signals(text.lower()) for text in texts]


def _signals(text: str) -> Signals:
    labels = {
        "tone": _sign(text, "tone"),
        "transparency": _sign(text, "transparency"),
        **{head: int(_has(text, head)) for head in ("shares", "commits", "social")},
        "seeks": int("?" in text and _has(text, "seeks")),
        "orientation": 2 if _has(text, "strategic") else int(_has(text, "operational")),
    }
    triples = {head: _triple(head, labels[head]) for head in ("tone", "transparency", "orientation")}
    singles = {head: SURE if labels[head] else 1 - SURE for head in ("shares", "seeks", "commits", "social")}
    return Signals(**triples, **singles, tokens=len(text.split()), labels=labels)  # type: ignore[arg-type]


def _has(text: str, cue: str) -> bool:
    return _PATTERNS[cue].search(text) is not None


def _sign(text: str, head: str) -> int:
    return -1 if _has(text, f"{head}-") else int(_has(text, f"{head}+"))


def _triple(head: str, value: int) -> Triple:
    first, second, third = (SURE if each == value else (1 - SURE) / 2 for each in HEADS[head])
    return first, second, third
