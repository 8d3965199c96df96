"""A Slack export: users, channels, direct conversations and one file a day, zipped without a time in it."""

import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from demo.company import Person
from demo.speech import Speech
from demo.talk import Utterance

BOT = "B0BUILD"
UNLISTED = 5
"""Every fifth person of the other team has no address in the export; people.csv names their platform id instead."""

Event = dict[str, Any]
TORN: Event = {"type": "message", "user": "", "text": "(torn)"}
"""A record without a time, as broken exports have: it cannot become a message and is counted."""

_FILE_TIME = (2020, 1, 1, 0, 0, 0)


class Workspace:
    """Writes the export of side a's workspace, in which side b takes part through a shared channel."""

    def __init__(
        self, channel: str, people: Sequence[Person], teams: Mapping[str, str], speech: Speech, rng: Random
    ) -> None:
        self._channel = channel
        self._people = people
        self._teams = teams
        self._speech = speech
        self._rng = rng

    def export(self, said: Iterable[Utterance], months: Sequence[date]) -> bytes:
        """Return the zip of all chat utterances, with bots and system events among them."""
        days: dict[str, list[Event]] = defaultdict(list)
        direct: dict[str, list[str]] = {}
        for each in said:
            folder = self._folder(each, direct)
            days[f"{folder}/{each.sent_at:%Y-%m-%d}.json"].append(self._event(each))
        for event in self._machines(months):
            moment = datetime.fromtimestamp(float(event["ts"]), UTC)
            days[f"{self._channel}/{moment:%Y-%m-%d}.json"].append(event)
        days[f"{self._channel}/{months[4]:%Y-%m-%d}.json"].append(TORN)
        files: dict[str, Any] = {
            "users.json": self._users(),
            "channels.json": [{"id": "C0SHARED", "name": self._channel, "is_ext_shared": True}],
            "dms.json": [{"id": name, "members": members} for name, members in sorted(direct.items())],
        }
        files |= {
            name: sorted(events, key=lambda event: str(event.get("ts", ""))) for name, events in sorted(days.items())
        }
        return _zipped(files)

    def _folder(self, said: Utterance, direct: dict[str, list[str]]) -> str:
        """Return where an utterance stands: the shared channel, or the conversation of the two."""
        if not said.to:
            return self._channel
        day = said.root.sent_at.date()
        pair = sorted((said.author.at(day).slack, said.to[0].at(day).slack))
        name = f"D{''.join(pair)}"
        direct[name] = pair
        return name

    def _event(self, said: Utterance) -> Event:
        stint = said.place()
        event: Event = {
            "type": "message",
            "user": stint.slack,
            "user_team": self._teams[stint.side],
            "ts": stamp(said),
            "text": self._text(said),
        }
        if said.parent:
            event["thread_ts"] = stamp(said.root)
        if said.number % 97 == 0:
            event["edited"] = {"user": stint.slack, "ts": f"{said.sent_at.timestamp() + 60:.0f}.000000"}
        return event

    def _text(self, said: Utterance) -> str:
        """Return the words as people chat: now and then with an opening or a mention."""
        text = said.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        if not said.parent and self._rng.random() < 0.3:
            return f"{self._speech.say('chat_open').lower()} {text}"
        if said.parent and self._rng.random() < 0.3:
            return f"<@{said.parent.place().slack}> {text}"
        return text

    def _machines(self, months: Sequence[date]) -> Iterable[Event]:
        """Yield what bots and the platform write: reports, somebody joins, something was deleted."""
        for number, month in enumerate(months):
            for place in range(9):
                moment = datetime.combine(month, time(7), UTC) + timedelta(
                    days=3 * place, seconds=self._rng.randrange(9999)
                )
                yield {**_at(moment), "subtype": "bot_message", "bot_id": BOT, "text": self._speech.say("bot")}
            start = datetime.combine(month, time(8), UTC)
            person = self._people[number % len(self._people)].at(month)
            yield {**_at(start), "subtype": "channel_join", "user": person.slack, "text": "has joined the channel"}
            if number % 5 == 3:
                deleted = _at(start + timedelta(days=2))
                yield {**deleted, "subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted."}

    def _users(self) -> list[Event]:
        found = []
        for person in self._people:
            for stint in person.stints:
                profile = {"real_name": person.name, "team": self._teams[stint.side]}
                if listed(person, stint.side):
                    profile["email"] = stint.address
                found.append({"id": stint.slack, "team_id": self._teams[stint.side], "profile": profile})
        return list({user["id"]: user for user in found}.values())


def listed(person: Person, side: str) -> bool:
    """Say whether the export names the address of a person of a side."""
    return side == "a" or int(person.key[2:]) % UNLISTED != 0


def stamp(said: Utterance) -> str:
    """Return the time stamp that identifies an utterance in its conversation."""
    return f"{int(said.sent_at.timestamp())}.{said.number:06d}"


def _at(moment: datetime) -> Event:
    return {"type": "message", "ts": f"{moment.timestamp():.0f}.000001"}


def _zipped(files: Mapping[str, Any]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _FILE_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, json.dumps(content, ensure_ascii=False, indent=1))
    return buffer.getvalue()
