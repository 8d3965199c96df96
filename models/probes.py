"""Does the model look at what it should not? Messages made up for the purpose, changed in ways that must not matter.

A move is the largest change of one head's probabilities; a flip is a changed decision. Nothing here is a real message.
"""

import random
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

from models.signals import HEADS, Scorer, Signals

Change = Callable[[str], str]

DEFAULT = {"name": "Sam", "other": "Alex", "org": "Norvik Systems"}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "probes.toml").read_text(encoding="utf-8"))


def filled(**values: str) -> list[str]:
    """Return the made-up messages with names and organisation filled in."""
    return [message.format(**{**DEFAULT, **values}) for message in _data()["messages"]]


def variants() -> dict[str, list[str]]:
    """Return kind of change -> the messages, changed so."""
    changes: dict[str, Change] = {
        "lower case": str.lower,
        "typing errors": with_typing_errors,
        "no full stops": lambda text: text.replace(".", ""),
        **{kind: (lambda text, form=form: form.format(text=text)) for kind, form in _data()["surroundings"].items()},  # type: ignore[misc]
    }
    changed = {kind: [change(text) for text in filled()] for kind, change in changes.items()}
    return {
        "another name": filled(name="Robin", other="Kim"),
        "another organisation": filled(org="Tessera Labs"),
        **changed,
    }


def with_typing_errors(text: str, every: int = 12) -> str:
    """Return the text with two neighbouring letters swapped inside one word in `every`, by a fixed seed."""
    chance = random.Random(7)
    words = text.split(" ")
    for place in range(chance.randrange(every), len(words), every):
        if len(word := words[place]) > 4:
            words[place] = word[:2] + word[3] + word[2] + word[4:]
    return " ".join(words)


def invariance(scorer: Scorer) -> dict[str, dict[str, float]]:
    """Return kind of change -> {"move": mean over messages and heads, "flips": share of changed decisions}."""
    plain = scorer.score(filled())
    return {kind: _compared(plain, scorer.score(texts)) for kind, texts in variants().items()}


def fairness(scorer: Scorer) -> dict[str, dict[str, float]]:
    """Return group of names -> head -> move of the mean over messages, against all other groups together, 0..1."""
    means = {group: _mean_probabilities(scorer, names) for group, names in _data()["names"].items()}
    return {group: {head: _group_move(means, group, head) for head in HEADS} for group in means}


def _mean_probabilities(scorer: Scorer, names: list[str]) -> dict[str, list[list[float]]]:
    """Return head -> message -> probabilities, averaged over the group's names."""
    scored = [scorer.score(filled(name=name, other=other)) for name, other in zip(names, names[::-1], strict=True)]
    return {
        head: [_averaged([each.probabilities()[head] for each in same]) for same in zip(*scored, strict=True)]
        for head in HEADS
    }


def _averaged(rows: list[list[float]]) -> list[float]:
    return [mean(column) for column in zip(*rows, strict=True)]


def _group_move(means: Mapping[str, Mapping[str, list[list[float]]]], group: str, head: str) -> float:
    """Signed moves are averaged over messages first: a group is treated differently if its scores shift one way."""
    others = [each[head] for name, each in means.items() if name != group]
    rest = [_averaged(list(same)) for same in zip(*others, strict=True)]
    shifts = [
        [a - b for a, b in zip(own, other, strict=True)] for own, other in zip(means[group][head], rest, strict=True)
    ]
    return round(max(map(abs, _averaged(shifts))), 4)


def _compared(plain: list[Signals], changed: list[Signals]) -> dict[str, float]:
    pairs = [(a, b, head) for a, b in zip(plain, changed, strict=True) for head in HEADS]
    moves = [
        max(abs(p - q) for p, q in zip(a.probabilities()[head], b.probabilities()[head], strict=True))
        for a, b, head in pairs
    ]
    flips = [a.labels[head] != b.labels[head] for a, b, head in pairs]
    return {"move": round(mean(moves), 4), "flips": round(mean(flips), 4)}


def hard_cases(scorer: Scorer) -> list[dict[str, Any]]:
    """Return the codebook's hard cases in made-up words: text, head, value that readers give, value decided."""
    cases = _data()["hard"]
    scored = scorer.score([case["text"] for case in cases])
    return [{**case, "decided": each.labels[case["head"]]} for case, each in zip(cases, scored, strict=True)]


def negative_control(scorer: Scorer) -> dict[str, dict[str, float]]:
    """Return head -> {"auc": how well its most telling value parts untrue from honest accounts, 0.5 to 1}.

    `accounts` comes with it: their number on each side. Near 0.5 is chance; with so few, up to about 0.68 is, too.
    """
    pairs = _data()["accounts"]
    honest, untrue = (
        [each.probabilities() for each in scorer.score([pair[kind] for pair in pairs])] for kind in ("honest", "untrue")
    )
    return {
        head: {
            "auc": max(_above([a[head][v] for a in honest], [b[head][v] for b in untrue]) for v in range(len(values))),
            "accounts": len(pairs),
        }
        for head, values in HEADS.items()
    }


def _above(these: list[float], those: list[float]) -> float:
    """Return the area under the ROC curve of a number that parts the two lists, whichever way round (0.5 to 1)."""
    higher = mean((a > b) + (a == b) / 2 for a in these for b in those)
    return round(max(higher, 1 - higher), 3)
