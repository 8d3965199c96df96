"""Teams messages as a mailbox keeps them for its administrators: one Outlook item each, without the conversation.

Purview exports them in data files or as saved items. Every mailbox of a conversation has a copy of its own, so a
message is known by what all copies share: who wrote it, when, and its words.
"""

from dataclasses import replace
from hashlib import sha256

from connectors.html_text import html_text
from connectors.links import linked
from connectors.message import Kind, Message, message_id
from connectors.teams_text import own_html

TEAMS_CLASS = "ipm.skypeteams.message"
SOURCE = "teams"
_OF_APPS = "@teams.microsoft.com"


def teams_message(found: Message, name: str) -> Message:
    """Return the item of class `name`, read as a mail so far, as the chat message that it is."""
    html = own_html(found.html)
    text = html_text(html).strip() if html else found.text
    who = found.sender.address or found.sender.native_id
    said = f"{who}\0{found.sent_at.isoformat() if found.sent_at else ''}\0{' '.join(text.split())}"
    native = f"mailbox/{sha256(said.encode('utf-8', 'replace')).hexdigest()[:32]}"
    others = tuple(each for each in found.recipients if not who or each.address != who)
    return replace(
        found,
        id=message_id(SOURCE, native),
        source=SOURCE,
        medium="chat",
        thread_id=native,
        parent_id="",
        references=(),
        recipients=others,
        kind=_kind(name, who),
        subject="",
        text=text,
        html=html,
        elsewhere=linked(SOURCE, text, html),
    )


def _kind(name: str, who: str) -> Kind:
    """Return `bot` for cards of apps and talks with an assistant, whose classes go on after the one of people."""
    return "human" if name == TEAMS_CLASS and not who.endswith(_OF_APPS) else "bot"
