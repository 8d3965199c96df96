"""The kinds of threads that partners have, opened as often as the story says."""

from collections.abc import Mapping, Sequence
from datetime import date

from connectors import Medium
from demo.company import Person
from demo.talk import OTHER, Talk, Utterance
from demo.workdays import following

USUAL_DAYS = 20
"""Common working days of a usual month; a month with holidays has less talk, in proportion."""


class Month:
    """One month of an alliance's talk. `rates` are the month's values of story.toml."""

    def __init__(self, talk: Talk, first: date, rates: Mapping[str, float]) -> None:
        self._talk = talk
        self._first = first
        self._length = (following(first) - first).days
        self._rates = rates
        self._fullness = min(1.0, 0.4 + 0.6 * talk.common_days(first, self._length) / USUAL_DAYS)

    def tell(self) -> None:
        """Let everything be said that is begun in this month."""
        for side in "ab":
            for kind, thread in (
                *(("share", self._share), ("ask", self._ask), ("ask_fact", self._ask_fact)),
                *(("order", self._order), ("commit", self._commit), ("internal", self._internal)),
            ):
                for day in self._days(side, self._count(self._rates[kind])):
                    thread(side, day)
            for day in self._days(side, self._count(self._rates["strategic"] / 2)):
                self._strategic(side, day)
            self._foreign(side)

    def _days(self, side: str, count: int) -> list[date]:
        return self._talk.days(self._first, self._length, side, count)

    def _count(self, rate: float) -> int:
        return int(rate * self._fullness + self._talk.rng.random())

    def _medium(self, mail: float) -> Medium:
        return "mail" if self._talk.chance(mail) else "chat"

    def _also(self, *acts: str) -> list[str]:
        """Return those of the acts that their rate lets happen."""
        return [act for act in acts if self._talk.chance(self._rates[act])]

    def _hours(self) -> float:
        return self._rates["answer_hours"] * float(self._talk.rng.lognormvariate(0, 0.8))

    def _share(self, side: str, day: date) -> None:
        """Unsolicited: nobody asked in the thread, and the author is not one to whom requests go."""
        talk = self._talk
        medium = self._medium(0.4)
        author = talk.sharer(side, day, medium)
        few = talk.counterparts(author, day)
        named = talk.rng.sample(few, 1) if medium == "mail" or talk.chance(0.2) else []
        more = ["share_more"] if talk.chance(0.4) else []
        acts = ["share", *more, *self._also("open", "social")]
        first = talk.open(author, named, day, acts, medium=medium)
        if talk.chance(self._rates["reply"]):
            reader = (named or few)[0]
            self._thank(first, reader, self._hours())

    def _thank(self, said: Utterance, reader: Person, hours: float) -> None:
        warm = self._also("warm")
        social = ["social"] if self._talk.chance(2 * self._rates["social"]) else []
        self._talk.reply(said, reader, [*(warm or ["ack"]), *social], hours)

    def _ask(self, side: str, day: date) -> None:
        why = ["ask_why"] if self._talk.chance(0.5) else []
        asked, answerer = self._question(side, day, ["ask", *why])
        if answerer is None:
            return
        if self._talk.chance(self._rates["evade"]):
            self._talk.reply(asked, answerer, ["evade"], self._hours())
            return
        more = ["share_more"] if self._talk.chance(0.2) else []
        opening = ["reply_open"] if self._talk.chance(0.4) else []
        acts = [*opening, "answer", *more, *self._also("open", "social")]
        answer = self._talk.reply(asked, answerer, acts, self._hours())
        if answer:
            self._go_on(answer, asked.author, answerer)

    def _go_on(self, answer: Utterance, asker: Person, answerer: Person) -> None:
        """After an answer: a further question, thanks, or nothing."""
        if self._talk.chance(0.10):
            again = self._talk.reply(answer, asker, ["ask_again"], self._hours())
            if again:
                self._talk.reply(again, answerer, ["answer"], self._hours())
        elif self._talk.chance(0.10):
            self._thank(answer, asker, self._hours())

    def _question(self, side: str, day: date, acts: Sequence[str]) -> tuple[Utterance, Person | None]:
        """Ask a contact by mail or everybody in the channel; return who will answer, if anybody."""
        talk = self._talk
        medium = self._medium(0.45)
        asker = talk.somebody(side, day, medium)
        to = [talk.somebody(OTHER[side], day, medium, contact=True)] if medium == "mail" else []
        asked = talk.open(asker, to, day, acts, medium=medium)
        if talk.chance(self._rates["unanswered"]):
            return asked, None
        return asked, to[0] if to and talk.chance(0.8) else talk.somebody(OTHER[side], day, medium)

    def _ask_fact(self, side: str, day: date) -> None:
        asked, answerer = self._question(side, day, ["ask_fact"])
        if answerer:
            answer = self._talk.reply(asked, answerer, ["fact", *self._also("warm")], self._hours())
            if answer and self._talk.chance(0.08):
                self._talk.reply(answer, asked.author, ["ack"], self._hours())

    def _order(self, side: str, day: date) -> None:
        talk = self._talk
        author = talk.somebody(side, day, "mail")
        to = talk.rng.sample(talk.counterparts(author, day), 1)
        order = talk.open(author, to, day, ["order", *self._also("warm")], medium="mail")
        if talk.chance(0.3):
            talk.reply(order, to[0], ["ack"], self._hours())

    def _commit(self, side: str, day: date) -> None:
        talk = self._talk
        medium = self._medium(0.7)
        author = talk.somebody(side, day, medium)
        few = talk.rng.sample(talk.counterparts(author, day), 1)
        acts = ["commit", *self._also("open", "warm")]
        offer = talk.open(author, few if medium == "mail" else [], day, acts, medium=medium)
        if talk.chance(0.5):
            self._thank(offer, few[0], self._hours())

    def _strategic(self, side: str, day: date) -> None:
        talk = self._talk
        more = ["strategic_more"] if talk.chance(0.6) else []
        author, reader = talk.leader(side, day), talk.leader(OTHER[side], day)
        first = talk.open(author, [reader], day, ["strategic", *more], medium="mail")
        answer = talk.reply(first, reader, ["strategic_reply", *more, *self._also("social")], 2 * self._hours())
        if answer and talk.chance(0.35):
            talk.reply(answer, author, ["strategic_reply"], 2 * self._hours())

    def _internal(self, side: str, day: date) -> None:
        talk = self._talk
        author = talk.somebody(side, day, "mail")
        first = talk.somebody(side, day, "mail", but=[author])
        more = [talk.somebody(side, day, "mail", but=[author, first])] if talk.chance(0.5) else []
        talk.open(author, [first, *more], day, ["internal"], medium="mail")

    def _foreign(self, side: str) -> None:
        talk = self._talk
        day = self._days(side, 1)[0]
        author = talk.somebody(side, day, "mail")
        talk.open(author, talk.counterparts(author, day)[:1], day, ["foreign"], medium="mail")
