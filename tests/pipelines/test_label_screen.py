import contextlib
import io
import os
import termios
from select import select

import pytest

from models import HEADS
from pipelines.label_screen import ENTER, LEAVE, QUESTIONS, WIPE, Left, Screen, one_by_one, plain


def read(keys, text="Words to read.", shown=None):
    """Return what a steward says of a text by pressing keys, one after the other."""
    stream, pressed = shown if shown is not None else io.StringIO(), iter(keys)
    with Screen(stream, lambda: next(pressed)) as screen:
        return screen.read(text, "3 more wait after this one")


def test_seven_keys_are_seven_labels_in_the_order_of_the_codebook():
    assert read("+-ynny2") == {
        **{"tone": 1, "transparency": -1, "shares": 1, "seeks": 0},
        **{"commits": 0, "social": 1, "orientation": 2},
    }


def test_every_value_of_the_codebook_has_a_key_and_no_key_another():
    assert {head: {value for value, _ in keys.values()} for head, (_, keys) in QUESTIONS.items()} == {
        head: set(values) for head, values in HEADS.items()
    }


def test_s_skips_the_message_at_any_question():
    assert read("s") is None
    assert read("+-ys") is None


def test_b_goes_back_one_question_and_other_keys_do_nothing():
    assert read("x+b-0yxyyb?yy1") == {
        **{"tone": -1, "transparency": 0, "shares": 1, "seeks": 1},
        **{"commits": 1, "social": 1, "orientation": 1},
    }


@pytest.mark.parametrize("keys", ["q", "+0q", "\x03", "+\x04"])
def test_q_and_the_keys_that_end_programs_leave(keys):
    with pytest.raises(Left):
        read(keys)


@pytest.mark.parametrize("keys", ["+-ynny2", "s", "q"])
def test_the_words_stand_on_the_other_screen_alone_and_are_wiped_with_its_history(keys):
    shown = io.StringIO()
    with contextlib.suppress(Left):
        read(keys, "Canary words.", shown)
    said = shown.getvalue()
    assert said.startswith(ENTER)
    assert said.endswith(WIPE + LEAVE)
    assert WIPE in said.split("Canary")[1].split(LEAVE)[0]
    assert "Canary" not in said.split(LEAVE)[1]


def test_a_text_cannot_command_the_terminal():
    hostile = "\x1b]52;c;Y2FuYXJ5\x07\x1b[?1049l\x9b2J\rover\x00\u202eback\nnext"
    assert plain(hostile) == "·]52;c;Y2FuYXJ5··[?1049l·2J·over··back\nnext"
    shown = io.StringIO()
    read("s", hostile, shown)
    inside = shown.getvalue().removeprefix(ENTER).removesuffix(LEAVE)
    assert LEAVE not in inside
    assert "]52" not in inside.split("·")[0]


def test_a_long_text_comes_in_pages_so_that_nothing_scrolls_into_history(monkeypatch):
    monkeypatch.setenv("LINES", "20")
    monkeypatch.setenv("COLUMNS", "60")
    shown = io.StringIO()
    read("  +-ynny2", "\n".join(f"line {n}" for n in range(30)), shown)
    pages = shown.getvalue().split(WIPE)
    assert max(page.count("\n") for page in pages) < 20
    assert [sum(f"line {n}\n" in page for page in pages) for n in (0, 29)] == [1, 1]
    assert sum(page.count("line 11") for page in pages) == 1


@pytest.fixture
def terminal():
    """Return both ends of a terminal: where somebody types, and what a program reads."""
    keyboard, screen = os.openpty()
    yield keyboard, screen
    os.close(keyboard)
    os.close(screen)


def test_keys_that_were_typed_ahead_are_read_one_by_one_and_not_echoed(terminal):
    keyboard, screen = terminal
    with one_by_one(screen) as key:
        os.write(keyboard, b"+0yq")
        assert [key() for _ in range(4)] == ["+", "0", "y", "q"]
        assert not select([keyboard], [], [], 0.05)[0], "nothing came back"
    assert termios.tcgetattr(screen)[3] & termios.ECHO, "as it was"


def test_an_arrow_key_is_no_letter(terminal):
    """Down sends ESC [ B, whose last letter would be the key that goes back."""
    keyboard, screen = terminal
    with one_by_one(screen) as key:
        os.write(keyboard, b"\x1b[B")
        assert key() == "\x1b"
        os.write(keyboard, b"y")
        assert key() == "y"
