"""Who says what to whom and when: utterances, cast and timed by the story, in the words of the grammar."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random

from connectors import Medium
from demo.company import Person, Stint
from demo.speech import Speech, Topic
from demo.workdays import Office

APART = frozenset(("social", "warm", "evade"))
"""Acts that stand in a paragraph of their own."""

SELDOM = 0.18
"""How much of a consenting person's share of the talk one who does not consent has; it is read nowhere."""

QUESTIONS = frozenset(("ask", "ask_again", "ask_fact"))

QUIET_DAY = 0.3
"""How likely a thread begins on a day when only one of the two companies works, against a common day."""

OTHER = {"a": "b", "b": "a"}


@dataclass(frozen=True, slots=True)
class Utterance:
    """One message that a person writes, before it takes the form of a mail or a chat event.

    `text` is all that own-text cleaning should leave of it, greeting aside; `to` is empty in a channel.
    `acts` are the speech acts in it, in the words of the phrase files: what was planted, for counting.
    """

    number: int
    medium: Medium
    side: str
    author: Person = field(repr=False)
    to: tuple[Person, ...] = field(repr=False)
    sent_at: datetime
    subject: str = field(repr=False)
    text: str = field(repr=False)
    acts: tuple[str, ...]
    parent: "Utterance | None" = field(default=None, repr=False)
    topic: Topic | None = field(default=None, repr=False)

    @property
    def root(self) -> "Utterance":
        """The utterance that began the thread."""
        return self.parent.root if self.parent else self

    @property
    def depth(self) -> int:
        """How many utterances of the thread came before."""
        return self.parent.depth + 1 if self.parent else 0

    def place(self) -> Stint:
        """Return where the author worked when writing."""
        return self.author.at(self.sent_at.date())


class Talk:
    """Collects the utterances of one alliance. Everything random comes from one seeded generator."""

    def __init__(
        self, people: Sequence[Person], offices: Mapping[str, Office], speech: Speech, end: date, rng: Random
    ) -> None:
        self.rng = rng
        self.said: list[Utterance] = []
        self._people = people
        self._shared: Counter[str] = Counter()
        self._offices = offices
        self._speech = speech
        self._end = datetime(end.year, end.month, end.day, tzinfo=UTC)

    def chance(self, probability: float) -> bool:
        """Throw a coin of the given bias."""
        return self.rng.random() < probability

    def days(self, month: date, length: int, side: str, count: int) -> list[date]:
        """Return days on which `side` works, spread over the month; fewer where the other side is away."""
        days = [month + timedelta(days=number) for number in range(length)]
        reached = list(accumulate(self._weight(day, side) for day in days))
        places = [(place + self.rng.random()) / count * reached[-1] for place in range(count)]
        return [days[bisect_right(reached, place)] for place in places]

    def _weight(self, day: date, side: str) -> float:
        own, other = self._offices[side].is_open(day), self._offices[OTHER[side]].is_open(day)
        return float(own) * (1.0 if other else QUIET_DAY)

    def common_days(self, month: date, length: int) -> int:
        """Return on how many days of a month both companies work."""
        days = [month + timedelta(days=number) for number in range(length)]
        return sum(all(office.is_open(day) for office in self._offices.values()) for day in days)

    def somebody(
        self, side: str, day: date, medium: Medium, *, contact: bool = False, but: Sequence[Person] = ()
    ) -> Person:
        """Return somebody who works for a side; people write seldom where they do not consent. `contact`: one to whom
        requests go; none of `but`."""
        found = [p for p in self._people if p.at(day).side == side and p not in but and p.contact >= contact]
        return self.rng.choices(found, [1.0 if p.consents_to(medium) else SELDOM for p in found])[0]

    def sharer(self, side: str, day: date, medium: Medium) -> Person:
        """Return who of a side shares next: it goes round, so that no month's sharing is one or two people's."""
        found = [p for p in self._people if p.at(day).side == side and not p.contact]
        asked = [p for p in found if p.consents_to(medium)]
        silent = [p for p in found if p not in asked]
        if self.chance(SELDOM * len(silent) / len(found)):
            return self.rng.choice(silent)
        chosen = min(asked, key=lambda p: (self._shared[p.key], self.rng.random()))
        self._shared[chosen.key] += 1
        return chosen

    def leader(self, side: str, day: date) -> Person:
        """Return an executive or manager of a side who consents."""
        found = [p for p in self._people if p.at(day).side == side and p.layer != "technical" and p.consents]
        return self.rng.choice(found)

    def counterparts(self, person: Person, day: date) -> list[Person]:
        """Return the few people of the other side with whom somebody usually works."""
        others = [p for p in self._people if p.at(day).side != person.at(day).side]
        consenting = [p for p in others if p.consents]
        place = self._people.index(person)
        return [*(consenting[(place + step) % len(consenting)] for step in (0, 1, 3)), others[place % len(others)]]

    def open(
        self, author: Person, to: Sequence[Person], day: date, acts: Sequence[str], *, medium: Medium
    ) -> Utterance:
        """Begin a thread within the author's working hours of a day."""
        sent_at = self._offices[author.at(day).side].moment(day, self.rng)
        return self._say(author, to, sent_at, acts, medium, None)

    def reply(self, parent: Utterance, author: Person, acts: Sequence[str], hours: float) -> Utterance | None:
        """Answer after so many working hours of the author's side; None when that is after the end."""
        side = author.at(parent.sent_at.date()).side
        sent_at = self._offices[side].later(parent.sent_at, max(hours, 0.02))
        if sent_at >= self._end or author.at(sent_at.date()).side != side:
            return None
        direct = parent.medium == "mail" or parent.to
        copied = [each for each in parent.to if each != author and self.chance(0.3)]
        to = (parent.author, *copied) if direct and parent.medium == "mail" else (parent.author,) if direct else ()
        return self._say(author, to, sent_at, acts, parent.medium, parent)

    def _say(
        self,
        author: Person,
        to: Sequence[Person],
        sent_at: datetime,
        acts: Sequence[str],
        medium: Medium,
        parent: Utterance | None,
    ) -> Utterance:
        subject = parent.subject if parent else self._speech.subject(acts[0])
        text, topic = self._worded(acts, parent.topic if parent else None)
        side = author.at(sent_at.date()).side
        said = Utterance(
            len(self.said) + 1,
            medium,
            side,
            author,
            tuple(each for each in to if each != author),
            sent_at,
            subject,
            text,
            tuple(acts),
            parent,
            topic,
        )
        self.said.append(said)
        return said

    def _worded(self, acts: Sequence[str], asked: Topic | None) -> tuple[str, Topic | None]:
        """Return the words of several acts, and what they ask: one paragraph, one more for each act that stands apart.

        `asked` is what the utterance before was about.
        """
        paragraphs: list[str] = []
        joined = False
        for act in acts:
            words, asked = self._act(act, asked)
            if joined and act not in APART:
                paragraphs[-1] += f" {words}"
            else:
                paragraphs.append(words)
            joined = act not in APART
        return "\n\n".join(paragraphs), asked

    def _act(self, act: str, asked: Topic | None) -> tuple[str, Topic | None]:
        known = asked.words if asked else {}
        if act in QUESTIONS:
            return self._speech.ask(act, known)
        if act in ("answer", "fact") and asked:
            return self._speech.answer(asked), asked
        return self._speech.say(act, **known), asked
