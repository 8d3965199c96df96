"""One Outlook item, from a .msg or .pst file, to one Message: MAPI properties by their number ([MS-OXPROPS]).

The header fields of the transport decide as for any other mail; what was sent and never transported is given
the fields that its properties say, so that one set of rules serves all mail.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import Message as Mail
from email.parser import HeaderParser
from email.utils import format_datetime, formataddr

from connectors.addresses import canonical_address
from connectors.decoding import header_value, one_line, text_of
from connectors.html_text import html_text
from connectors.mail import MAX_TEXT, SOURCE, message_from_mail
from connectors.message import Identity, Kind, Message, Skipped
from connectors.outlook_teams import TEAMS_CLASS, teams_message
from connectors.rtf_text import is_html, rtf_text

CLASS, SUBJECT, TRANSPORT, FLAGS = 0x001A, 0x0037, 0x007D, 0x0E07
SENT, DELIVERED = 0x0039, 0x0E06
BODY, HTML, RTF = 0x1000, 0x1013, 0x1009
MESSAGE_ID, IN_REPLY_TO, REFERENCES, CONVERSATION = 0x1035, 0x1042, 0x1039, 0x0071
SENDER_NAME, SENDER_KIND, SENDER = 0x0C1A, 0x0C1E, 0x0C1F
SENDER_SMTP = (0x5D01, 0x5D02, 0x5D0A)
RECIPIENT_NAME, RECIPIENT, RECIPIENT_SMTP = 0x3001, 0x3003, 0x39FE

Value = str | bytes | int | datetime
_UNSENT = 0x8
_NO_MAILS = ("ipm.note.microsoft.",)
"""Classes of notes that are none: transcripts of Skype calls and chats, which hold others' words, voice mail, fax."""

_CONVERSATION_ROOT = 22
"""Bytes of a conversation index that all messages of a thread share ([MS-OXOMSG] 2.2.1.3)."""

_KINDS: tuple[tuple[str, Kind], ...] = (
    ("ipm.note.rules.ooftemplate", "auto_reply"),
    ("ipm.note", "human"),
    ("ipm.post", "human"),
    (TEAMS_CLASS, "human"),
    ("ipm.schedule.meeting", "calendar"),
    ("report.", "bounce"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """The properties of an item, and those of each of its recipients."""

    properties: Mapping[int, Value] = field(repr=False)
    recipients: tuple[Mapping[int, Value], ...] = field(default=(), repr=False)

    def text(self, number: int) -> str:
        """Return a property as text, "" where it is none."""
        return _text(self.properties, number)

    def moment(self, number: int) -> datetime | None:
        """Return a property as an instant."""
        value = self.properties.get(number)
        return value if isinstance(value, datetime) else None


def message_from_item(item: Item, locator: str) -> Message | Skipped:
    """Turn an item into a Message; contacts, tasks, appointments and drafts are skipped."""
    name = item.text(CLASS).lower() or "ipm.note"
    kind = next((kind for opening, kind in _KINDS if name.startswith(opening)), None)
    if kind is None or name.startswith(_NO_MAILS):
        return Skipped(SOURCE, locator, "not_mail")
    flags = item.properties.get(FLAGS, 0)
    if isinstance(flags, int) and flags & _UNSENT:
        return Skipped(SOURCE, locator, "draft")
    text, html = _bodies(item)
    try:
        found = message_from_mail(_mail(item, text).as_bytes(), locator)
    except (ValueError, UnicodeError):
        return Skipped(SOURCE, locator, "undecodable")
    if isinstance(found, Skipped):
        return found
    found = _completed(found, item, kind, text, html)
    return teams_message(found, name) if name.startswith(TEAMS_CLASS) else found


def _completed(found: Message, item: Item, kind: Kind, text: str, html: str) -> Message:
    """Add what a mail's header cannot say: an Exchange account without an address, and the conversation."""
    thread = found.thread_id if found.references else _conversation(item) or found.thread_id
    sender = found.sender if found.sender.address else _account(item)
    kind = kind if kind != "human" else found.kind
    return replace(found, kind=kind, sender=sender, thread_id=thread, text=text[:MAX_TEXT], html=html[:MAX_TEXT])


def _conversation(item: Item) -> str:
    """Return what all messages of an Outlook thread share, or ""."""
    index = item.properties.get(CONVERSATION)
    whole = isinstance(index, bytes) and len(index) >= _CONVERSATION_ROOT
    return f"conversation:{index[:_CONVERSATION_ROOT].hex()}" if whole and isinstance(index, bytes) else ""


def _account(item: Item) -> Identity:
    """Return the sender by the directory's own name (X.500), which is no address."""
    return Identity(native_id=item.text(SENDER).lower(), name=item.text(SENDER_NAME))


def _bodies(item: Item) -> tuple[str, str]:
    """Return (text, HTML): as kept, else from RTF, else the one from the other."""
    html = item.text(HTML)
    rtf = item.properties.get(RTF)
    if not html and isinstance(rtf, bytes):
        unwrapped = rtf_text(rtf)
        html, plain = (unwrapped, "") if is_html(rtf) else ("", unwrapped)
    else:
        plain = ""
    text = item.text(BODY) or plain or html_text(html)
    return text.replace("\r\n", "\n").replace("\r", "\n"), html


def _mail(item: Item, text: str) -> Mail:
    """Return a mail that says in header fields what the item says in properties."""
    mail = Mail()
    for name, value in HeaderParser().parsestr(item.text(TRANSPORT)).items():
        if not name.lower().startswith(("content-", "mime-")):
            mail[name] = header_value(str(value))
    for name, value in _fields(item):
        if value and not mail.get(name):
            mail[name] = value
    mail["Content-Type"] = 'text/plain; charset="utf-8"'
    mail["Content-Transfer-Encoding"] = "8bit"
    mail.set_payload(text.encode("utf-8", "replace").decode("utf-8"), "utf-8")
    return mail


def _fields(item: Item) -> list[tuple[str, str]]:
    sent = item.moment(SENT) or item.moment(DELIVERED)
    return [
        ("From", _mailbox(item.text(SENDER_NAME), _sender_address(item))),
        ("To", ", ".join(filter(None, (_recipient(each) for each in item.recipients)))),
        ("Subject", header_value(item.text(SUBJECT))),
        ("Date", format_datetime(sent.astimezone(UTC)) if sent else ""),
        ("Message-ID", one_line(item.text(MESSAGE_ID))),
        ("In-Reply-To", one_line(item.text(IN_REPLY_TO))),
        ("References", one_line(item.text(REFERENCES))),
    ]


def _sender_address(item: Item) -> str:
    candidates = [item.text(number) for number in SENDER_SMTP]
    if item.text(SENDER_KIND).upper() != "EX":
        candidates.append(item.text(SENDER))
    return next((found for each in candidates if (found := canonical_address(each))), "")


def _recipient(properties: Mapping[int, Value]) -> str:
    addresses = (_text(properties, number) for number in (RECIPIENT_SMTP, RECIPIENT))
    address = next((found for each in addresses if (found := canonical_address(each))), "")
    return _mailbox(_text(properties, RECIPIENT_NAME), address) if address else ""


def _mailbox(name: str, address: str) -> str:
    return formataddr((one_line(name), address)) if address else header_value(name)


def _text(properties: Mapping[int, Value], number: int) -> str:
    value = properties.get(number, "")
    if isinstance(value, bytes):
        value = text_of(value, "utf-8")
    return value.replace("\0", "").strip("\r\n") if isinstance(value, str) else ""
