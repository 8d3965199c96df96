"""The grammar: a stock of phrases for each speech act, filled and mixed by a seeded generator.

In a phrase `{word}` takes an entry of the stock of that name, `{3..9}` a whole number, `{0.5..2.5}` a number with one
decimal, and `[this|that]` one of the alternatives. Phrases of an act come round only when all were used.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from random import Random

_SLOT = re.compile(r"\{(?:(\d+(?:\.\d)?)\.\.(\d+(?:\.\d)?)|(\w+))\}")
_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")


class Speech:
    """Says things in the words of one alliance; equal seeds say equal things."""

    def __init__(self, domain: str, rng: Random) -> None:
        shared, own = phrases("shared"), phrases(domain)
        self._stock: dict[str, Sequence[str]] = {**shared["stock"], **own["stock"]}
        self._acts: dict[str, Sequence[str]] = {**shared["say"], **own["say"], "subject": own["stock"]["subject"]}
        self._decks: dict[str, list[str]] = {}
        self._rng = rng

    def say(self, act: str, **known: str) -> str:
        """Return one phrase of an act, filled; `known` fills slots that are not in the stock."""
        return self._filled(self._drawn(act), known)

    def _drawn(self, act: str) -> str:
        deck = self._decks.setdefault(act, [])
        if not deck:
            deck.extend(self._acts[act])
            self._rng.shuffle(deck)
        return deck.pop()

    def _filled(self, phrase: str, known: Mapping[str, str]) -> str:
        phrase = _CHOICE.sub(lambda found: self._rng.choice(found[1].split("|")), phrase)
        words: dict[str, list[str]] = {}
        text = _SLOT.sub(lambda found: self._slot(found, known, words), phrase)
        return re.sub(r"(^|[.!?] )([a-z])", lambda found: found[1] + found[2].upper(), text)

    def _slot(self, found: re.Match[str], known: Mapping[str, str], words: dict[str, list[str]]) -> str:
        """Fill one slot. A word that a phrase names twice is another one the second time."""
        low, high, name = found.groups()
        if low:
            return _number(low, high, self._rng)
        if name in known:
            return known[name]
        used = words.setdefault(name, [])
        used.append(self._rng.choice([word for word in self._stock[name] if word not in used]))
        return self._filled_word(used[-1])

    def _filled_word(self, word: str) -> str:
        return _SLOT.sub(lambda found: self._slot(found, {}, {}), word)


def _number(low: str, high: str, rng: Random) -> str:
    return f"{rng.uniform(float(low), float(high)):.1f}" if "." in low else str(rng.randint(int(low), int(high)))


@cache
def phrases(name: str) -> dict[str, dict[str, list[str]]]:
    """Return one file: "say" holds act -> phrases, "stock" holds word -> entries."""
    found: dict[str, dict[str, list[str]]] = tomllib.loads(
        files("demo").joinpath("phrases", f"{name}.toml").read_text(encoding="utf-8")
    )
    return found
