"""What lies in every mailbox beside people's own words: answers of machines, invitations, bounces, news, strangers."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from hashlib import sha256
from random import Random

from demo.company import Person
from demo.letters import PLAIN, Letter, named
from demo.speech import Speech

BROADCAST_SIZE = 32
"""Recipients of a circular: more than anybody writes to in person."""


class Noise:
    """Writes the mails of one alliance that no indicator may use, each counted by the readers as what it is."""

    def __init__(self, people: Sequence[Person], speech: Speech, rng: Random) -> None:
        self._people = people
        self._speech = speech
        self._rng = rng

    def letters(self, month: date, number: int) -> Iterator[Letter]:
        """Yield the noise of a month; `number` counts months from 0."""
        for place in range(2 + number % 3):
            yield self._auto_reply(self._moment(month, 3 + 8 * place))
        for place in range(2):
            yield self._invitation(self._moment(month, 1 + 14 * place))
        yield self._newsletter(self._moment(month, 5))
        if number % 3 == 0:
            yield self._bounce(self._moment(month, 9))
        if number % 4 == 1:
            yield self._stranger(self._moment(month, 17))
        if number % 6 == 2:
            yield self._broadcast(self._moment(month, 11))
        if number == 4:
            yield self._fragment(self._moment(month, 21))

    def _moment(self, month: date, day: int) -> datetime:
        start = datetime.combine(month, time(9), UTC) + timedelta(days=day - 1)
        return start + timedelta(seconds=self._rng.randrange(6 * 3600))

    def _letter(
        self, sent_at: datetime, sender: str, to: str, subject: str, body: str, *more: tuple[str, str]
    ) -> Letter:
        marks = {name for name, _ in more}
        identifier = sha256(f"{sender}{sent_at.isoformat()}".encode()).hexdigest()[:20]
        head = (
            *(("From", sender), ("To", to), ("Date", format_datetime(sent_at)), ("Subject", subject)),
            ("Message-ID", f"<{identifier}@mail.example>"),
        )
        return Letter(sent_at, (*head, *more, *(() if "Content-Type" in marks else PLAIN)), body)

    def _pair(self, sent_at: datetime) -> tuple[str, str]:
        one, other = self._rng.sample([p for p in self._people if p.at(sent_at.date()).until is None], 2)
        return named(one, sent_at, 1), named(other, sent_at, 1)

    def _auto_reply(self, sent_at: datetime) -> Letter:
        sender, to = self._pair(sent_at)
        body = self._speech.say("auto_reply")
        return self._letter(sent_at, sender, to, "Out of office", body, ("Auto-Submitted", "auto-replied"))

    def _invitation(self, sent_at: datetime) -> Letter:
        sender, to = self._pair(sent_at)
        start = sent_at + timedelta(days=2)
        lines = ("BEGIN:VCALENDAR", "METHOD:REQUEST", "BEGIN:VEVENT", f"DTSTART:{start:%Y%m%dT%H0000Z}", "END:VEVENT")
        calendar = "\n".join((*lines, "END:VCALENDAR"))
        kind = ("Content-Type", "text/calendar; method=REQUEST; charset=utf-8")
        return self._letter(sent_at, sender, to, "Invitation: weekly call", calendar, kind)

    def _newsletter(self, sent_at: datetime) -> Letter:
        body = f"{self._speech.say('newsletter')}\n\nTo unsubscribe use the link in your profile."
        marks = (("List-Unsubscribe", "<mailto:leave@news.example>"), ("Precedence", "bulk"))
        return self._letter(sent_at, "News <news@news.example>", "readers@news.example", "Our news", body, *marks)

    def _bounce(self, sent_at: datetime) -> Letter:
        body = "Delivery to the following recipient failed permanently: former.colleague@nobody.example"
        to = self._pair(sent_at)[1]
        return self._letter(sent_at, "Mail Delivery <mailer-daemon@mail.example>", to, "Undelivered mail", body)

    def _stranger(self, sent_at: datetime) -> Letter:
        to = self._pair(sent_at)[1]
        return self._letter(
            sent_at, "A Stranger <hello@elsewhere.example>", to, "Request", self._speech.say("outsider")
        )

    def _broadcast(self, sent_at: datetime) -> Letter:
        author, other = self._pair(sent_at)
        domains = [each.rpartition("@")[2].rstrip(">") for each in (author, other)]
        to = ", ".join(f"desk{place:02d}@{domains[place % 2]}" for place in range(BROADCAST_SIZE))
        return self._letter(sent_at, author, to, "For information", self._speech.say("broadcast"))

    def _fragment(self, sent_at: datetime) -> Letter:
        """Return the torn remains of a mail that name nobody as their sender, so nobody can have consented to it."""
        head = (("Date", format_datetime(sent_at)), ("X-Torn", "yes"))
        return Letter(sent_at, (*head, *PLAIN), "(the beginning of this message was lost)")
