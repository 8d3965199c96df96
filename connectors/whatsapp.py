"""WhatsApp chats as text, alone or in a zip or folder with their media."""

import re
from collections import Counter
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import IO

from connectors.chat import (
    VERSION,
    Records,
    chat_message,
    each_file,
    local_instant,
    opening,
    recognised,
    refuse_without_zone,
    unpacked,
)
from connectors.message import Identity, Kind, Medium, Message, Skipped
from connectors.whatsapp_lines import Entry, date_order, entries, local_time

SOURCE = "whatsapp"
_CHAT = re.compile(r"\.txt$", re.I)
_BESIDE = re.compile(
    r"\.(?:txt|jpe?g|png|webp|gif|mp4|mov|3gp|opus|ogg|m4a|mp3|aac|amr|pdf|vcf|docx?|xlsx?|pptx?)$", re.I
)
_PHONE = re.compile(r"\+?[\d ()./-]{6,24}")
_ATTACHED = re.compile("\u200e.*|^<[^<>]{3,60}>$|^\\S{1,200}\\.\\w{2,5} \\([^()]{3,60}\\)$", re.MULTILINE)
_EDITED = re.compile(r" ?<[^<>]{4,30} [^<>]{4,40}>$")
_DIGITS_FIRST = re.compile(rb"[^\w\[]{0,9}\[?\d{1,4}[./-]")
_MENTION = re.compile("@(?:\u2068[^\u2069]{1,100}\u2069|\\d{6,20})")
_DELETED = re.compile(
    r"(?:you deleted this message|this message was deleted|(?:du hast )?diese nachricht (?:wurde )?gelöscht"
    r"|(?:vous avez supprimé ce|ce) message(?: a été supprimé)?|eliminaste este mensaje|se eliminó este mensaje"
    r"|hai eliminato questo messaggio|questo messaggio è stato eliminato|você apagou esta mensagem|mensagem apagada"
    r"|(?:je hebt dit|dit) bericht (?:verwijderd|is verwijderd))\.?",
    re.IGNORECASE,
)
_ENCRYPTED = re.compile(r"end-to-end|ende-zu-ende|de bout en bout|de extremo a extremo|crittografi|ponta a ponta", re.I)


class WhatsApp:
    """Reads exported chats; a message is in memory at a time. The dates are looked through once before."""

    version = VERSION
    medium: Medium = "chat"
    needs_zone = True

    def __init__(self, order: str = "") -> None:
        """Take "day_first" or "month_first" where the program says so; otherwise each file has to tell."""
        self.name = f"{SOURCE}_{order}" if order else SOURCE
        self.order = order

    def matches(self, path: Path) -> bool:
        """Say whether a file begins with a line such as a chat has, and somebody says something in it."""
        return recognised(path, _CHAT.search, _begins_as_chat, beside=_BESIDE.search)

    def takes(self, name: str) -> bool:
        """Say whether a file of this name in an export is opened."""
        return bool(_CHAT.search(name))

    def read(self, path: Path, zone: str | None = None) -> Records:
        """Yield a value a message and a system line. Raises UnknownFormat without a `zone`: no chat has one.

        Where dates do not tell day from month, one record is skipped as `day_or_month_first`, and no other has a time.
        """
        told = refuse_without_zone(path, zone)

        chat = partial(_chat, export=path.stem, zone=told, named=self.order)
        yield from unpacked(SOURCE, path, lambda folder: each_file(SOURCE, folder, _CHAT.search, chat))


def _begins_as_chat(stream: IO[bytes]) -> bool:
    start = opening(stream)
    first = list(islice(entries(start), 20))
    start.seek(0)
    return any(entry.sender for entry in first) and bool(_DIGITS_FIRST.match(start.readline()))


def _chat(stream: IO[bytes], name: str, place: str, *, export: str, zone: str, named: str) -> Records:
    order = named or date_order(entries(stream))
    if not order:
        yield Skipped(SOURCE, place, "day_or_month_first")
    stream.seek(0)
    chat = sha256(stream.readline().strip()).hexdigest()[:16]
    stream.seek(0)
    copies: Counter[str] = Counter()
    for number, entry in enumerate(entries(stream), start=1):
        native = f"{chat}/{_print(entry)}"
        copies[native] += 1
        yield _message(entry, f"{native}/{copies[native]}", f"{place}#{number}", export, chat, order, zone)


def _print(entry: Entry) -> str:
    """Return what tells an entry from others of its chat; equal ones are counted on."""
    said = f"{entry.date} {entry.time} {entry.sender}\0{entry.text}"
    return sha256(said.encode("utf-8", "replace")).hexdigest()[:24]


def _message(entry: Entry, native: str, locator: str, export: str, chat: str, order: str, zone: str) -> Message:
    local = local_time(entry, order) if order or len(entry.date[0]) == 4 else None
    kind = _kind(entry)
    return chat_message(
        SOURCE,
        native,
        locator,
        sender=_sender(entry.sender, export),
        text=_own_text(entry.text) if kind == "human" else "",
        sent_at=local_instant(local, zone) if local else None,
        time_quality="zone_assumed",
        kind=kind,
        channel=chat,
    )


def _sender(name: str, export: str) -> Identity:
    """Return a phone number as such; a name holds only inside this export, whose owner's address book it comes from."""
    if _PHONE.fullmatch(name):
        return Identity(native_id="+" + re.sub(r"\D", "", name), tenant=SOURCE)
    return Identity(native_id=f"{export}/{name}", name=name, tenant=SOURCE) if name else Identity()


def _kind(entry: Entry) -> Kind:
    if not entry.sender or (_ENCRYPTED.search(entry.text) and len(entry.text) > 60):
        return "system"
    return "deleted" if _DELETED.fullmatch(entry.text.strip("\u200e ")) else "human"


def _own_text(said: str) -> str:
    """Return the words, without names of attachments, remarks of the program and mentioned names."""
    return _EDITED.sub("", _ATTACHED.sub("", _MENTION.sub("@someone", said))).strip()
