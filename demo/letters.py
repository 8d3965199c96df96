"""Mails as bytes: headers, bodies in several programs' styles, quotes, signatures, and mbox files of them."""

import gzip
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from random import Random
from zoneinfo import ZoneInfo

from demo.company import Person
from demo.speech import Speech
from demo.talk import Utterance

WIDTH = 76
BOUNDARY = "=_part_of_a_fictional_mail"
PLAIN = (
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
)
ALTERNATIVE = (("MIME-Version", "1.0"), ("Content-Type", f'multipart/alternative; boundary="{BOUNDARY}"'))


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, ready for an mbox."""

    sent_at: datetime
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: str = field(repr=False)

    def raw(self) -> bytes:
        """Return the mail with its mbox separator, lines that begin with "From " quoted."""
        head = "\n".join(f"{name}: {value}" for name, value in self.headers)
        text = "\n".join(f">{line}" if line.lstrip(">").startswith("From ") else line for line in self.body.split("\n"))
        return f"From MAILER {self.sent_at.ctime()}\n{head}\n\n{text}\n\n".encode()


def mbox(letters: Iterable[Letter], *, packed: bool) -> bytes:
    """Return an mbox file, gzipped without a time in it when `packed`."""
    data = b"".join(letter.raw() for letter in letters)
    return gzip.compress(data, mtime=0) if packed else data


def named(person: Person, said_on: datetime, number: int) -> str:
    """Return `Name <address>` of a day; a person with two addresses uses the second for every third mail."""
    address = person.alias if person.alias and number % 3 == 0 else person.at(said_on.date()).address
    return f"{person.name} <{address}>"


class Secretary:
    """Turns utterances into mails. Each person keeps a style: greeting, width, signature, way to quote."""

    def __init__(
        self, alliance: str, names: dict[str, str], speech: Speech, zones: dict[str, ZoneInfo], rng: Random
    ) -> None:
        self._alliance = alliance
        self._names = names
        self._speech = speech
        self._zones = zones
        self._rng = rng
        self._bodies: dict[int, str] = {}

    def letter(self, said: Utterance) -> Letter:
        """Return the mail of an utterance; its parent must have been turned before."""
        own = "\n".join([*self._greeting(said), *self._paragraphs(said)])
        body = self._with_quote(said, f"{own}\n\n{self._ending(said)}")
        self._bodies[said.number] = own
        headers = [
            ("From", named(said.author, said.sent_at, said.number)),
            ("To", ", ".join(named(person, said.sent_at, 1) for person in said.to)),
            ("Date", self._date(said)),
            ("Subject", f"Re: {said.subject}" if said.parent else said.subject),
            ("Message-ID", self.identifier(said)),
        ]
        if said.parent:
            headers += [("In-Reply-To", self.identifier(said.parent)), ("References", self._references(said))]
        if sum(map(ord, said.author.last)) % 4:
            return Letter(said.sent_at, (*headers, *PLAIN), body)
        return Letter(said.sent_at, (*headers, *ALTERNATIVE), _both(body))

    def identifier(self, said: Utterance) -> str:
        """Return the Message-ID of an utterance, the same whenever it is asked for."""
        print_ = sha256(f"{self._alliance}/{said.number}".encode()).hexdigest()[:16]
        return f"<{print_}@{said.place().address.rpartition('@')[2]}>"

    def _references(self, said: Utterance) -> str:
        chain: list[str] = []
        earlier = said.parent
        while earlier:
            chain.insert(0, self.identifier(earlier))
            earlier = earlier.parent
        return " ".join(chain)

    def _date(self, said: Utterance) -> str:
        return format_datetime(said.sent_at.astimezone(self._zones[said.side]))

    def _greeting(self, said: Utterance) -> list[str]:
        if "foreign" in said.acts or (said.parent and self._rng.random() < 0.5):
            return []
        first = said.to[0].first
        act = "greeting" if len(said.to) == 1 else "greeting_all"
        return [self._speech.say(act, to=first), ""]

    def _paragraphs(self, said: Utterance) -> list[str]:
        """Return the words; half of the people's programs break lines."""
        if sum(map(ord, said.author.key)) % 2:
            return said.text.split("\n")
        return [line for each in said.text.split("\n") for line in (_lines(each, WIDTH) or [""])]

    def _ending(self, said: Utterance) -> str:
        """Return sign-off, signature and what the company's server puts under every mail."""
        person, style = said.author, sum(map(ord, said.author.key)) % 5
        company = self._names[said.side]
        lines = [self._speech.say("sign_off"), person.first]
        if style < 3:
            lines += ["", "-- ", person.name, f"{person.team}, {company}", f"+00 555 {sum(map(ord, person.last)):04d}"]
        if style == 3:
            lines = [lines[0], person.name, f"{person.team} | {company}"]
        if said.side == "b" and not said.parent:
            lines += ["", f"This e-mail is confidential and intended only for its addressee. {company}"]
        return "\n".join(lines)

    def _with_quote(self, said: Utterance, whole: str) -> str:
        """Return the body with what is quoted from the parent, in one of five styles; none at all in a sixth."""
        if not said.parent:
            return whole
        earlier = self._bodies[said.parent.number].split("\n")
        style = self._rng.randrange(6)
        if style == 0:
            return whole
        if style == 1:
            return f"{whole}\n\n{_outlook(said.parent, self._date(said.parent))}\n\n" + "\n".join(earlier)
        attribution = self._attribution(said.parent, german=style == 2)
        quote = "\n".join(f"> {line}".rstrip() for line in _wrapped(earlier))
        if style == 3:
            return f"{attribution}\n{quote}\n\n{whole}"
        if style == 4:
            half = _wrapped(earlier)[:3]
            return f"{attribution}\n" + "\n".join(f"> {line}".rstrip() for line in half) + f"\n\n{whole}"
        return f"{whole}\n\n{attribution}\n{quote}"

    def _attribution(self, earlier: Utterance, *, german: bool) -> str:
        moment = earlier.sent_at.astimezone(self._zones[earlier.side])
        who = named(earlier.author, earlier.sent_at, earlier.number)
        if german:
            return f"Am {moment:%d.%m.%Y} um {moment:%H:%M} schrieb {who}:"
        return f"On {format_datetime(moment)[:16]} at {moment:%H:%M}, {who} wrote:"


def _lines(paragraph: str, width: int) -> list[str]:
    return textwrap.wrap(paragraph, width, break_on_hyphens=False)


def _wrapped(lines: Sequence[str]) -> list[str]:
    return [part for line in lines for part in (_lines(line, WIDTH - 4) or [""])]


def _outlook(earlier: Utterance, date: str) -> str:
    return "\n".join(
        (
            "-----Original Message-----",
            f"From: {named(earlier.author, earlier.sent_at, earlier.number)}",
            f"Sent: {date}",
            f"To: {', '.join(person.name for person in earlier.to)}",
            f"Subject: {earlier.subject}",
        )
    )


def _both(body: str) -> str:
    """Return the body twice, as plain text and as HTML in which quoted lines stand in a blockquote."""
    marked = [_marked(line) for line in body.split("\n")]
    parts = (("text/plain", body), ("text/html", "\n".join(("<html><body>", *marked, "</body></html>"))))
    inside = [f"--{BOUNDARY}\nContent-Type: {kind}; charset=utf-8\n\n{text}\n" for kind, text in parts]
    return "".join(inside) + f"--{BOUNDARY}--"


def _marked(line: str) -> str:
    quoted = line.startswith(">")
    return f"<blockquote>{escape(line[1:].strip())}</blockquote>" if quoted else f"<div>{escape(line)}</div>"
