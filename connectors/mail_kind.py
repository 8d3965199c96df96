"""Whether a person wrote a mail, from its headers: automatic mail is marked, counted and never scored.

"Precedence: list" and a List-Id alone mark nothing: that is every discussion list, and older list software writes
"Precedence: bulk" over everything that people post.
"""

import re
from collections.abc import Iterator
from email.message import Message as Mail

from connectors.decoding import header_text
from connectors.message import Identity, Kind

MAX_PARTS = 200
"""Parts of one mail that are looked at."""

_ROBOT = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|notifications?|bounces?|root|cron|jenkins|gerrit|"
    r"bugzilla(?:-daemon)?|.{0,60}-(?:bot|noreply|bounces?))@",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"mailer-daemon|mail delivery (?:sub)?system|^\s{0,9}<?postmaster@", re.IGNORECASE)
_LOST = "bogus@does.not.exist.com"
"""The author that Mailman 2 writes into the remnants of a message it tore apart."""

_BOUNCE_SUBJECT = re.compile(
    r"(?:undeliver(?:able|ed)|mail delivery failed|mail delivery failure|delivery status notification|"
    r"delivery (?:failure|has failed)|returned mail:|failure notice|mail system error|non remis|unzustellbar|"
    r"no se puede entregar|mensagem não entregue)",
    re.IGNORECASE,
)
_AWAY_SUBJECT = re.compile(
    r"(?:automatic reply|auto-?reply|out of (?:the )?office|automatische antwort|abwesenheitsnotiz|réponse automatique|"
    r"absence du bureau|respuesta automática|risposta automatica|resposta automática|automatisch antwoord|"
    r"autosvar|automatiskt svar|automatyczna odpowiedź|автоответ|自動応答|自动回复)\b",
    re.IGNORECASE,
)


def kind_of(mail: Mail, sender: Identity) -> Kind:
    """Return what kind of mail this is; "human" unless a header says otherwise, a subject's fixed opening at last."""
    submitted = _header(mail, "Auto-Submitted").split(";")[0].strip()
    subject = header_text(str(mail.get("Subject", "")))
    checks: tuple[tuple[bool, Kind], ...] = (
        (sender.address == _LOST, "fragment"),
        (_is_bounce(mail, sender), "bounce"),
        (any(_is_invitation(part) for part in parts(mail)), "calendar"),
        (submitted.startswith("auto-replied") or _is_auto_reply(mail), "auto_reply"),
        (submitted not in ("", "no"), "bot"),
        (_is_bulk(mail), "bulk"),
        (bool(_ROBOT.match(sender.address)), "bot"),
        (bool(_BOUNCE_SUBJECT.match(subject)), "bounce"),
        (bool(_AWAY_SUBJECT.match(subject)), "auto_reply"),
    )
    return next((kind for found, kind in checks if found), "human")


def parts(mail: Mail) -> Iterator[Mail]:
    """Yield a mail and its parts in order, at most MAX_PARTS; never what lies inside a forwarded mail."""
    waiting, seen = [mail], 0
    while waiting and seen < MAX_PARTS:
        part, seen = waiting.pop(), seen + 1
        yield part
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting += [each for each in reversed(payload) if isinstance(each, Mail)]


def is_attachment(part: Mail) -> bool:
    """Say whether a part is a file that came along rather than what was written."""
    return _header(part, "Content-Disposition").startswith("attachment")


def _header(mail: Mail, name: str) -> str:
    return str(mail.get(name, "")).strip().lower()


def _is_bounce(mail: Mail, sender: Identity) -> bool:
    daemon = _DAEMON.search(str(mail.get("From", ""))[:500]) or sender.address.startswith("postmaster@")
    empty_path = _header(mail, "Return-Path") == "<>"
    reports = mail.get_content_type() == "multipart/report" or bool(mail.get("X-Failed-Recipients"))
    return bool(daemon) or empty_path or reports


def _is_invitation(part: Mail) -> bool:
    return part.get_content_type() == "text/calendar" and not is_attachment(part)


def _is_auto_reply(mail: Mail) -> bool:
    marked = any(mail.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress"))
    return marked or _header(mail, "Precedence") in ("auto_reply", "auto-reply")


def _is_bulk(mail: Mail) -> bool:
    if mail.get("List-Post") or mail.get("X-BeenThere") or mail.get("X-Mailing-List"):
        return False
    return _header(mail, "Precedence") in ("bulk", "junk") or bool(mail.get("List-Unsubscribe"))
