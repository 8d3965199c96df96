"""Mattermost compliance exports, in each of their three layouts; a file, a folder or a zip as the server writes it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import IO

from connectors.archive import Folder
from connectors.chat import VERSION, Records, each_file, opening, recognised, unpacked
from connectors.mattermost_listed import COLUMNS, begins_as_actiance, elements, mail, rows
from connectors.mattermost_post import SOURCE, Listed, posts
from connectors.message import Medium, Skipped

_FILES = re.compile(r"(?:^|/)(?:posts[^/]*\.csv|actiance_export\.xml|[^/]+\.eml)$", re.I)
_BESIDE = re.compile(r"(?:^|/)(?:warning\.txt|metadata\.json|posts[^/]*\.csv|actiance_export\.xml|[^/]+\.eml)$", re.I)
_RELAY = re.compile(rb"^X-GlobalRelay-MsgType:\s{0,5}Mattermost\s*$", re.I | re.M)

Layout = Callable[[IO[bytes], str], Listed]


class MattermostCompliance:
    """Reads a compliance export; an entry is in memory at a time, and which posts were deleted."""

    name = "mattermost_compliance"
    version = VERSION
    medium: Medium = "chat"

    def matches(self, path: Path) -> bool:
        """Say whether a file is the list of posts, the Actiance file, or a mail to Global Relay."""
        if path.is_dir() and not _is_listed(next((each for each in path.iterdir() if _FILES.search(each.name)), path)):
            return False
        return recognised(path, _FILES.search, lambda stream: _layout(stream) is not None, beside=_BESIDE.search)

    def takes(self, name: str) -> bool:
        """Say whether a file of this name in an export is opened."""
        return bool(_FILES.search(name))

    def read(self, path: Path) -> Records:
        """Yield a value an entry; former wordings and repetitions are skipped."""
        yield from unpacked(SOURCE, path, lambda folder: each_file(SOURCE, folder, _FILES.search, _reader(folder)))


def _is_listed(first: Path) -> bool:
    """Say whether a file of a folder is of an export; where others are mails, looking at more could take long."""
    if not first.is_file():
        return False
    with first.open("rb") as stream:
        return _layout(stream) is not None


def _layout(stream: IO[bytes]) -> Layout | None:
    """Return how a file is laid out, from its beginning."""
    start = opening(stream).read()
    first_line = start.split(b"\n", 1)[0].decode("utf-8-sig", "replace")
    if {name.strip('" \r') for name in first_line.split(",")} >= COLUMNS:
        return rows
    if begins_as_actiance(start):
        return elements
    return mail if _RELAY.search(start.split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0]) else None


def _reader(folder: Folder) -> Callable[[IO[bytes], str, str], Records]:
    def read(stream: IO[bytes], name: str, place: str) -> Records:
        if not (layout := _layout(stream)):
            yield Skipped(SOURCE, place, "unknown_format")
            return

        def again() -> Listed:
            with folder.stream(name) as afresh:
                yield from layout(afresh, place)

        yield from posts(again)

    return read
