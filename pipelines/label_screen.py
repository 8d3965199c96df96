"""What a steward sees of a message: on the terminal's other screen, which has no history, and wiped after each.

A text's own control characters are not sent to the terminal: they could write to its history or its clipboard.
"""

import os
import shutil
import termios
import textwrap
import tty
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from select import select
from typing import TextIO

ENTER, LEAVE, WIPE = "\x1b[?1049h", "\x1b[?1049l", "\x1b[2J\x1b[3J\x1b[H"
"""Go to the other screen and back; wipe the screen, then the history, for some terminals keep there what is wiped."""

SKIP, BACK, QUIT, MORE = "s", "b", "q", " "

_SHARES = {"y": (1, "yes"), "n": (0, "no")}
QUESTIONS: Mapping[str, tuple[str, Mapping[str, tuple[int, str]]]] = {
    "tone": ("tone of the wording", {"-": (-1, "negative"), "0": (0, "neutral"), "+": (1, "positive")}),
    "transparency": ("openness", {"-": (-1, "closed"), "0": (0, "nothing to be open about"), "+": (1, "open")}),
    "shares": ("shares knowledge", _SHARES),
    "seeks": ("asks for knowledge", _SHARES),
    "commits": ("commits own resources to something joint", _SHARES),
    "social": ("contact for its own sake", _SHARES),
    "orientation": ("deals with", {"0": (0, "one order or date"), "1": (1, "the joint work"), "2": (2, "strategy")}),
}
"""Head -> what is asked, and key -> (value, what it means): the codebook in the order of its columns."""


class Left(Exception):
    """Raised when the steward leaves; what was answered is kept."""


class Screen:
    """The terminal's other screen. `key` reads one key."""

    def __init__(self, stream: TextIO, key: Callable[[], str]) -> None:
        self._stream, self._key = stream, key

    def __enter__(self) -> "Screen":
        self._put(ENTER + WIPE)
        return self

    def __exit__(self, *error: object) -> None:
        self._put(WIPE + LEAVE)

    def read(self, text: str, place: str) -> dict[str, int] | None:
        """Show a text and ask the seven questions; return head -> value, None for a skip. Raises Left."""
        try:
            pages = _pages(plain(text))
            for number, page in enumerate(pages, start=1):
                self._put(f"{WIPE}{place}\n\n{page}\n\n")
                if number < len(pages):
                    self._put("space: the rest   s skip   q leave ")
                    if (pressed := self._pressed({MORE, SKIP, QUIT})) == SKIP:
                        return None
                    self._put("\r\n" if pressed else "")
            return self._answers()
        finally:
            self._put(WIPE)

    def _answers(self) -> dict[str, int] | None:
        answers: dict[str, int] = {}
        heads = list(QUESTIONS)
        while len(answers) < len(heads):
            head = heads[len(answers)]
            asked, values = QUESTIONS[head]
            told = "  ".join(f"{key} {meaning}" for key, (_, meaning) in values.items())
            self._put(f"\r\x1b[K{len(answers) + 1}/7 {asked}?  {told}   (s skip, b back, q leave) ")
            pressed = self._pressed({*values, SKIP, BACK, QUIT})
            if pressed == SKIP:
                return None
            if pressed == BACK:
                answers.pop(heads[max(len(answers) - 1, 0)], None)
            else:
                answers[head] = values[pressed][0]
        return answers

    def _pressed(self, allowed: set[str]) -> str:
        """Return the next key that means something. Raises Left."""
        while (pressed := self._key().lower()) not in allowed:
            if pressed in ("\x03", "\x04", ""):
                raise Left
        if pressed == QUIT:
            raise Left
        return pressed

    def _put(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


@contextmanager
def one_by_one(terminal: int) -> Iterator[Callable[[], str]]:
    """Yield what reads one key of a terminal ("" at its end), also those typed ahead; nothing is echoed."""
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    try:
        yield lambda: _key(terminal)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _key(terminal: int) -> str:
    """Read a key; of one that sends several characters, such as an arrow, only the first, which means nothing."""
    pressed = os.read(terminal, 1)
    while pressed == b"\x1b" and select([terminal], [], [], 0.02)[0]:
        os.read(terminal, 32)
    return pressed.decode("ascii", "replace")


def plain(text: str) -> str:
    """Return a text in which nothing commands a terminal: line breaks stay, other control characters are shown as ·."""
    lines = text.replace("\t", "    ").split("\n")
    return "\n".join("".join(each if each.isprintable() else "·" for each in line) for line in lines)


def _pages(text: str) -> list[str]:
    """Return a text in pages that fit the screen, so that nothing scrolls away."""
    columns, rows = shutil.get_terminal_size((80, 24))
    lines = [part for line in text.split("\n") for part in textwrap.wrap(line, max(columns - 2, 20)) or [""]]
    fitting = max(rows - 8, 5)
    return ["\n".join(lines[first : first + fitting]) for first in range(0, max(len(lines), 1), fitting)]
