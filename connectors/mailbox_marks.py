"""What a mailbox says about its own mails: drafts, thrown away, taken for spam. None of these was said to anybody.

Gmail Takeout labels (in the language of the account), Thunderbird's and mutt's status fields.
"""

from connectors.headers import Headers

_SPAM = "spam|junk|courrier indésirable|correo no deseado|posta indesiderata|迷惑メール|垃圾邮件|спам"
_DELETED = (
    "trash|deleted|papierkorb|corbeille|papelera|cestino|lixeira|lixo|prullenbak|papperskorgen|papirkurv|kosz|корзина|"
    "ゴミ箱|已删除邮件|휴지통"
)
_DRAFT = (
    "draft|drafts|entwürfe|entwurf|brouillons|borradores|bozze|rascunhos|concepten|utkast|kladder|wersje robocze|"
    "черновики|下書き|草稿|임시보관함"
)
_LABELS = {
    word: reason
    for reason, words in (("spam", _SPAM), ("deleted", _DELETED), ("draft", _DRAFT))
    for word in words.split("|")
}
_CHAT_LABELS = frozenset(["chat", "chats"])
_EXPUNGED = 0x0008
"""Bit of X-Mozilla-Status: deleted, and kept in the file until Thunderbird compacts it."""


def labels(headers: Headers) -> list[str]:
    """Return the Gmail labels of a mail in lower case."""
    return [each.strip().strip('"') for each in headers.word("x-gmail-labels").split(",") if each.strip()]


def left_out(headers: Headers) -> str:
    """Return why a mailbox does not count a mail as exchanged: `spam`, `deleted`, `draft`, or ""."""
    label = next((_LABELS[each] for each in labels(headers) if each in _LABELS), "")
    return label or _by_status(headers)


def _by_status(headers: Headers) -> str:
    status = headers.text("x-status")
    if "D" in status or _is_expunged(headers.text("x-mozilla-status")):
        return "deleted"
    return "draft" if "T" in status else ""


def _is_expunged(status: str) -> bool:
    try:
        return bool(int(status[:8] or "0", 16) & _EXPUNGED)
    except ValueError:
        return False


def is_chat_line(headers: Headers) -> bool:
    """Say whether Takeout exported a line of Hangouts among the mails."""
    return not _CHAT_LABELS.isdisjoint(labels(headers)) and "to" not in headers
