"""Examples as they might have been written: other people, other organisations, a greeting more or less.

The codebook asks about none of this, so a model that sees each example with changing names learns not to ask either.
"""

import random
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from models.corpus import Example


def varied(example: Example, chance: random.Random, share: float) -> Example:
    """Return the example with other names, and now and then other formulas, in `share` (0 to 1) of the cases."""
    if chance.random() >= share:
        return example
    text = _renamed(example.text, chance)
    if chance.random() < 0.2:
        text = chance.choice(_FORMULAS)(text, chance.choice(_names("people")))
    return replace(example, text=text)


_FORMULAS: tuple[Callable[[str, str], str], ...] = (
    lambda text, name: f"Hi {name},\n\n{text}",
    lambda text, name: f"Hello all,\n\n{text}",
    lambda text, name: f"@{name.lower()} {text}",
    lambda text, name: f"{text}\n\nRegards,\n{name}",
    lambda text, name: f"{text}\n\nBest,\n{name}",
    lambda text, name: f"{text}\n-{name}",
)


def _renamed(text: str, chance: random.Random) -> str:
    """Replace each known name by another one of its kind, the same name by the same one throughout."""
    given: dict[str, str] = {}

    def other(found: re.Match[str]) -> str:
        kind = found.lastgroup or "people"
        return given.setdefault(found[0], chance.choice(_names(kind)))

    return _pattern().sub(other, text)


@cache
def _pattern() -> re.Pattern[str]:
    kinds = (f"(?P<{kind}>{'|'.join(map(re.escape, _names(kind)))})" for kind in ("people", "organisations"))
    return re.compile(rf"\b(?:{'|'.join(kinds)})\b")


@cache
def _names(kind: str) -> tuple[str, ...]:
    listed = tomllib.loads((Path(__file__).parent / "variation.toml").read_text(encoding="utf-8"))
    return tuple(listed[kind])
