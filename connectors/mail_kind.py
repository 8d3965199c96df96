"""Whether a person wrote a mail, from its headers: automatic mail is marked, counted and never scored.

"Precedence: list" and a List-Id alone mark nothing: that is every discussion list, and older list software writes
"Precedence: bulk" over everything that people post.
"""

import re

from connectors.headers import Headers
from connectors.message import Identity, Kind
from connectors.mime import Part, parts

_ROBOT = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|notifications?|bounces?|root|cron|jenkins|gerrit|"
    r"jira|bugzilla(?:-daemon)?|.{0,60}-(?:bot|noreply|bounces?|request))@",
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


def kind_of(mail: Part, headers: Headers, sender: Identity) -> Kind:
    """Return what kind of mail this is; "human" unless a header says otherwise, a subject's fixed opening at last."""
    submitted = headers.word("auto-submitted").split(";")[0].strip()
    subject = headers.text("subject")
    checks: tuple[tuple[bool, Kind], ...] = (
        (sender.address == _LOST, "fragment"),
        (_is_bounce(mail, headers, sender), "bounce"),
        (any(_is_invitation(part) for part in parts(mail)), "calendar"),
        (submitted.startswith("auto-replied") or _is_auto_reply(headers), "auto_reply"),
        (submitted not in ("", "no"), "bot"),
        (_is_bulk(headers), "bulk"),
        (bool(_ROBOT.match(sender.address)), "bot"),
        (bool(_BOUNCE_SUBJECT.match(subject)), "bounce"),
        (bool(_AWAY_SUBJECT.match(subject)), "auto_reply"),
    )
    return next((kind for found, kind in checks if found), "human")


def is_attachment(part: Part) -> bool:
    """Say whether a part is a file that came along rather than what was written."""
    return str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")


def _is_bounce(mail: Part, headers: Headers, sender: Identity) -> bool:
    daemon = _DAEMON.search(headers.text("from")[:500]) or sender.address.startswith("postmaster@")
    empty_path = headers.word("return-path") == "<>"
    reports = mail.kind == "multipart/report" or "x-failed-recipients" in headers
    return bool(daemon) or empty_path or reports


def _is_invitation(part: Part) -> bool:
    return part.kind == "text/calendar" and not is_attachment(part)


def _is_auto_reply(headers: Headers) -> bool:
    marked = any(name in headers for name in ("x-autoreply", "x-autorespond", "x-auto-response-suppress"))
    return marked or headers.word("precedence") in ("auto_reply", "auto-reply")


def _is_bulk(headers: Headers) -> bool:
    if any(name in headers for name in ("list-post", "x-beenthere", "x-mailing-list")):
        return False
    return headers.word("precedence") in ("bulk", "junk") or "list-unsubscribe" in headers
