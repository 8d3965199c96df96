"""A post as a compliance export lists it, and what becomes of a list in which posts are edited, deleted and repeated.

Such exports are logs: a post that was edited stands there with its former wording, one that was deleted twice. So a
list is read two times: first for who was where and what was deleted, then for the posts.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from connectors.addresses import canonical_address
from connectors.chat import Records, chat_message, epoch_instant, unnamed
from connectors.message import Identity, Kind, Message, Skipped

SOURCE = "mattermost"
"""As of bulk exports, so that a person's line in people.csv serves both."""

EDITED_AWAY, DELETED, FILE_DELETED = "EditedOriginalMsg", "Deleted", "FileDeleted"
_FILES = ("attachment", "deleted attachment")
_DELETED_OPENING = "delete "
"""What stands before the words of a post that was deleted, in versions that have no word of their own for it."""

_PRIVATE_TALKS = frozenset(("direct", "group"))


@dataclass(frozen=True, slots=True)
class Post:
    """One entry. `sort` is the post's type ("" or "message" for words), `update` what happened to it, `at` epoch ms."""

    native: str
    channel: str
    channel_kind: str
    username: str
    address: str
    words: str = field(repr=False)
    at: str
    sort: str = ""
    update: str = ""
    updated_at: str = ""
    user_kind: str = ""
    root: str = ""


Listed = Iterator[tuple[str, Post | None]]
"""(where an entry stands, the entry or None for one that is none)."""


def posts(entries: Callable[[], Listed]) -> Records:
    """Yield a value an entry of a list, which `entries` begins anew at each call."""
    talks = _Talks()
    for _, post in entries():
        if post:
            talks.learn(post)
    copies: Counter[str] = Counter()
    for locator, post in entries():
        yield talks.record(post, locator, copies) if post else Skipped(SOURCE, locator, "undecodable")


class _Talks:
    """Who takes part in direct conversations, which posts were deleted, and which begin a thread."""

    def __init__(self) -> None:
        self.members: dict[str, dict[str, Identity]] = defaultdict(dict)
        self.deleted: set[str] = set()
        self.roots: set[str] = set()
        self._words: dict[str, str] = {}

    def learn(self, post: Post) -> None:
        if post.channel_kind in _PRIVATE_TALKS and post.address:
            self.members[post.channel][post.address] = _identity(post)
        if post.native and (post.update == DELETED or self._is_said_again(post)):
            self.deleted.add(post.native)
        self.roots.update([post.root] if post.root else [])

    def _is_said_again(self, post: Post) -> bool:
        """Whether an entry repeats a post as one that was deleted; of the words only a hash is kept."""
        said = post.words.removeprefix(_DELETED_OPENING)
        before = self._words.setdefault(post.native, _hashed(post.words))
        return said != post.words and before == _hashed(said)

    def record(self, post: Post, locator: str, copies: Counter[str]) -> Message | Skipped:
        if post.sort in _FILES or post.update == FILE_DELETED:
            return Skipped(SOURCE, locator, "attachment")
        if post.update == EDITED_AWAY:
            return Skipped(SOURCE, locator, "edited_copy")
        if not post.channel or not (post.address or post.username):
            return Skipped(SOURCE, locator, "no_sender")
        native = post.native or _made_up(post, copies)
        members = self.members[post.channel] if post.channel_kind in _PRIVATE_TALKS else {}
        kind = self._kind(post)
        root = post.root or (native if native in self.roots else "")
        return chat_message(
            SOURCE,
            native,
            locator,
            sender=_identity(post),
            text="" if kind == "deleted" else unnamed(post.words),
            sent_at=epoch_instant(post.at, milliseconds=True),
            kind=kind,
            thread=root,
            parent=root,
            channel="" if members else post.channel,
            recipients=tuple(each for address, each in sorted(members.items()) if address != post.address),
            edited_at=epoch_instant(post.updated_at, milliseconds=True) if post.update == "EditedNewMsg" else None,
        )

    def _kind(self, post: Post) -> Kind:
        if post.native in self.deleted:
            return "deleted"
        if post.user_kind == "bot" or post.sort == "slack_attachment":
            return "bot"
        return "human" if post.sort in ("", "message", "me") else "system"


def _identity(post: Post) -> Identity:
    return Identity(canonical_address(post.address), post.username, tenant=SOURCE)


def _hashed(words: str) -> str:
    return sha256(words.encode("utf-8", "replace")).hexdigest()[:16]


def _made_up(post: Post, copies: Counter[str]) -> str:
    """Return an id for an entry without one: joins and leaves, and posts of formats that name none."""
    said = _hashed("\0".join((post.channel, post.address or post.username, post.at, post.sort, post.words)))
    copies[said] += 1
    return f"{post.channel}/{said}/{copies[said]}"
