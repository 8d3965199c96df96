"""Which messages may be read, and what of them is kept: the door between an export and the scorer.

The order matters: kind, time, author and consent are decided by headers alone; only then is a word looked at.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors import Dropped, Identity, Message, Skipped, language, message_id, own_text
from pipelines.people import People

MAX_RECIPIENTS = 25
"""A message to more is a broadcast, no conversation; it is counted and not scored."""

DAYS_A_MONTH = 30.44


@dataclass(frozen=True, slots=True)
class Admitted:
    """A message that may be kept: its row of numbers and pseudonyms, and the words to be scored ("" for none)."""

    row: dict[str, Any] = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that is not used: at which stage and why; fit for counting."""

    stage: str
    reason: str


def space_of(message: Message, people: People) -> str:
    """Return the pseudonym of the list or channel a message stands in, "" for none."""
    return people.named(f"space/{message.source}/{message.channel}") if message.channel else ""


def author_of(message: Message, people: People, oldest: datetime) -> tuple[str, str, str] | LeftOut:
    """Return (person, roster key, side) of an author whose message may be read, or why it may not."""
    if message.kind != "human":
        return LeftOut("read", message.kind)
    if message.sent_at is None:
        return LeftOut("read", "no_time")
    if message.sent_at > people.run_at:
        return LeftOut("read", "sent_in_the_future")
    if message.sent_at < oldest:
        return LeftOut("consent", "past_retention")
    author = people.known(message.sender, message.sent_at)
    if author is None:
        return LeftOut("consent", "unknown_or_other_organisation")
    if not people.consents_to(author.person, message.medium, message.sent_at):
        return LeftOut("consent", "no_consent")
    return author.person, author.key, people.side(author.organisation)


def oldest_kept(run_at: datetime, months: int) -> datetime:
    """Return the first instant that retention still covers."""
    return run_at - timedelta(days=round(DAYS_A_MONTH * months))


def admit(message: Message | Skipped, people: People, shared: frozenset[str], oldest: datetime) -> Admitted | LeftOut:
    """Return what may be kept of a record. `shared` holds the spaces that both sides use."""
    if isinstance(message, Skipped):
        return LeftOut("read", message.reason)
    author = author_of(message, people, oldest)
    if isinstance(author, LeftOut):
        return author
    _, key, side = author
    row = _row(message, people, key, side, shared)
    if not row["cross_boundary"] or row["recipient_count"] > MAX_RECIPIENTS:
        return Admitted(row, "")
    own = own_text(message)
    if isinstance(own, Dropped):
        return LeftOut("clean", own.reason)
    row["language"] = language(own.text)
    row["text_key"] = people.named(f"text/{own.text}")
    return Admitted(row, own.text if row["language"] == "en" else "")


def _row(message: Message, people: People, key: str, side: str, shared: frozenset[str]) -> dict[str, Any]:
    """Return the row of a message before it is scored."""
    addressees = [each for each in message.recipients if not _is_the_list(each, message.channel)]
    thread, parent = _place(message, people)
    return {
        "alliance": people.alliance.id,
        "message_key": people.named(f"message/{message.id}"),
        "thread_key": thread,
        "parent_key": parent,
        "author": people.named(key),
        "sent_at": message.sent_at,
        "edited_at": message.edited_at,
        "medium": message.medium,
        "recipients": _consenting(addressees, message, people),
        "recipient_count": len(message.recipients),
        "cross_boundary": space_of(message, people) in shared or _reaches_across(addressees, message, people, side),
        "text_key": "",
        "tokens": 0,
        "language": "",
        "scored": False,
    }


def _place(message: Message, people: People) -> tuple[str, str | None]:
    """Return the keys of the thread and of what a message answers.

    One that it points to in another medium takes the place of either that says nothing by itself: of the answered
    where there is none, else of the thread where that is the answered once more. Both tie a message to its thread.
    """
    thread = _key_of(message.thread_id, message, people)
    parent = _key_of(message.parent_id, message, people) if message.parent_id else None
    elsewhere = people.named(f"message/{message.elsewhere}") if message.elsewhere else None
    if parent is None:
        return thread, elsewhere
    return (elsewhere if elsewhere and thread == parent else thread), parent


def _key_of(native_id: str, message: Message, people: People) -> str:
    """Return the key that the message with this native id has, so that threads and parents join."""
    return people.named(f"message/{message_id(message.source, native_id)}")


def _is_the_list(recipient: Identity, channel: str) -> bool:
    """Whether an addressee is the posting address of the list itself (`list@host` of list id `list.host`)."""
    return bool(channel) and recipient.address.replace("@", ".") == channel.replace("@", ".")


def _reaches_across(addressees: list[Identity], message: Message, people: People, side: str) -> bool:
    assert message.sent_at is not None
    sides = {people.side(people.roster.organisation_at(each, message.sent_at)) for each in addressees}
    return bool(sides - {side, ""})


def _consenting(addressees: list[Identity], message: Message, people: People) -> list[str]:
    """Return the pseudonyms of addressees who consent themselves; nobody else leaves a trace."""
    assert message.sent_at is not None
    known = [people.known(each, message.sent_at) for each in addressees[: MAX_RECIPIENTS + 1]]
    return sorted(
        {
            people.named(each.key)
            for each in known
            if each and people.consents_to(each.person, message.medium, message.sent_at)
        }
    )
