"""The grammar: a stock of phrases for each speech act, filled and mixed by a seeded generator.

In a phrase `{word}` takes an entry of the stock of that name, `{3..9}` a whole number, `{0.5..2.5}` a number with one
decimal, and `[this|that]` one of the alternatives. A question is followed by ` => ` and by what answers it, about the
same things. Phrases of an act come round only when all were used.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from random import Random

ANSWERED_BY = " => "
_SLOT = re.compile(r"\{(?:(\d+(?:\.\d)?)\.\.(\d+(?:\.\d)?)|(\w+))\}")
_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question was about: the phrase that answers it, and the words that the question used."""

    answer: str = field(repr=False)
    words: Mapping[str, str] = field(repr=False)


class Speech:
    """Says things in the words of one alliance; equal seeds say equal things."""

    def __init__(self, domain: str, rng: Random) -> None:
        shared, own = phrases("shared"), phrases(domain)
        self._stock: dict[str, Sequence[str]] = {**shared["stock"], **own["stock"]}
        self._acts: dict[str, Sequence[str]] = {**shared["say"], **own["say"], "subject": own["stock"]["subject"]}
        self._decks: dict[str, list[str]] = {}
        self._rng = rng

    def say(self, act: str, **known: str) -> str:
        """Return one phrase of an act, filled; `known` are words to use where a slot asks for one of their kind."""
        return self._filled(self._drawn(act).partition(ANSWERED_BY)[0], known, {})

    def ask(self, act: str, known: Mapping[str, str]) -> tuple[str, Topic]:
        """Return a question, filled, and what is needed to answer it; `known` as in `say`."""
        question, _, answer = self._drawn(act).partition(ANSWERED_BY)
        words: dict[str, list[str]] = {}
        text = self._filled(question, known, words)
        return text, Topic(answer, {**known, **{name: used[0] for name, used in words.items()}})

    def answer(self, topic: Topic) -> str:
        """Return the answer to a question, about the same things."""
        return self._filled(topic.answer, topic.words, {})

    def subject(self, act: str) -> str:
        """Return a subject line for a thread that begins with an act."""
        return self.say(f"subject_{act}" if f"subject_{act}" in self._acts else "subject")

    def _drawn(self, act: str) -> str:
        deck = self._decks.setdefault(act, [])
        if not deck:
            deck.extend(self._acts[act])
            self._rng.shuffle(deck)
        return deck.pop()

    def _filled(self, phrase: str, known: Mapping[str, str], words: dict[str, list[str]]) -> str:
        phrase = _CHOICE.sub(lambda found: self._rng.choice(found[1].split("|")), phrase)
        text = _SLOT.sub(lambda found: self._slot(found, known, words), phrase)
        return re.sub(r"(^|[.!?] )([a-z])", lambda found: found[1] + found[2].upper(), text)

    def _slot(self, found: re.Match[str], known: Mapping[str, str], words: dict[str, list[str]]) -> str:
        """Fill one slot and note the word; one that a phrase names twice is another one the second time."""
        low, high, name = found.groups()
        if low:
            return _number(low, high, self._rng)
        used = words.setdefault(name, [])
        if name in known and not used:
            word = known[name]
        else:
            word = self._plain(self._rng.choice(self._stock[name]))
            while word in used:
                word = self._plain(self._rng.choice(self._stock[name]))
        used.append(word)
        return word

    def _plain(self, word: str) -> str:
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
