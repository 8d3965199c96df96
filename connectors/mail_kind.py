"""Whether a person wrote a mail, from its headers: automatic mail is marked, counted and never scored.

"Precedence: list" and a List-Id alone mark nothing: that is every discussion list.
"""

import re
from email.message import Message as Mail

from connectors.message import Identity, Kind

_ROBOT = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|notifications?|bounces?|root|cron|jenkins|gerrit|"
    r"bugzilla(?:-daemon)?|.{0,60}-(?:bot|noreply|bounces?))@",
    re.IGNORECASE,
)
_LOST = "bogus@does.not.exist.com"
"""The author that Mailman 2 writes into the remnants of a message it tore apart."""


def kind_of(mail: Mail, sender: Identity) -> Kind:
    """Return what kind of mail this is; "human" unless a header says otherwise."""
    checks: tuple[tuple[bool, Kind], ...] = (
        (sender.address == _LOST, "fragment"),
        (_is_bounce(mail, sender), "bounce"),
        (_is_calendar(mail), "calendar"),
        (_is_auto_reply(mail), "auto_reply"),
        (_is_bulk(mail), "bulk"),
        (bool(_ROBOT.match(sender.address)), "bot"),
    )
    return next((kind for found, kind in checks if found), "human")


def _header(mail: Mail, name: str) -> str:
    return str(mail.get(name, "")).strip().lower()


def _is_bounce(mail: Mail, sender: Identity) -> bool:
    daemon = sender.address.startswith(("mailer-daemon@", "postmaster@"))
    empty_path = _header(mail, "Return-Path") == "<>"
    return mail.get_content_type() == "multipart/report" or daemon or empty_path


def _is_calendar(mail: Mail) -> bool:
    if mail.get_content_type() == "text/calendar":
        return True
    parts = mail.get_payload() if mail.is_multipart() else []
    return any(isinstance(part, Mail) and part.get_content_type() == "text/calendar" for part in parts)


def _is_auto_reply(mail: Mail) -> bool:
    submitted = _header(mail, "Auto-Submitted")
    marked = any(mail.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress"))
    return (submitted not in ("", "no")) or marked or _header(mail, "Precedence") == "auto_reply"


def _is_bulk(mail: Mail) -> bool:
    newsletter = bool(mail.get("List-Unsubscribe")) and not (mail.get("List-Post") or mail.get("List-Id"))
    return _header(mail, "Precedence") in ("bulk", "junk") or newsletter
