import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import Dropped, Identity, Message, OwnText, own_text

CANARY = "kestrel"
STYLES = tomllib.loads((Path(__file__).parent / "quotes.toml").read_text(encoding="utf-8"))["style"]
OWN = [style for style in STYLES if "own" in style]


def mail(text: str = "", html: str = "", subject: str = "Re: Depot") -> Message:
    return Message(
        id="0" * 64,
        source="mail",
        source_version=1,
        medium="mail",
        locator="made#1",
        thread_id="t",
        parent_id="",
        sender=Identity(address="ada@northwind.example", name="Ada Voss"),
        recipients=(),
        channel="",
        sent_at=None,
        edited_at=None,
        time_quality="missing",
        kind="human",
        subject=subject,
        text=text,
        html=html,
    )


def of(style: dict[str, str]) -> Message:
    return mail(style.get("text", ""), style.get("html", ""), style.get("subject", "Re: Depot"))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def styled(style: dict[str, str]) -> str:
    return style["name"]


@pytest.mark.parametrize("style", OWN, ids=styled)
def test_only_the_authors_own_words_are_kept(style):
    found = own_text(of(style))
    assert isinstance(found, OwnText), found
    assert CANARY not in found.text.lower()
    assert set(words(style["own"])) <= set(words(found.text))
    assert found.stripped_chars >= 0


@pytest.mark.parametrize("style", [style for style in STYLES if "drop" in style], ids=styled)
def test_a_message_whose_words_cannot_be_told_apart_is_dropped(style):
    assert own_text(of(style)) == Dropped(style["drop"])


@pytest.mark.parametrize("style", [style for style in OWN if "text" in style], ids=styled)
def test_line_ends_do_not_matter(style):
    assert own_text(mail(style["text"].replace("\n", "\r\n"))) == own_text(mail(style["text"]))


PIECES = st.sampled_from([line for style in STYLES for line in (style.get("text") or style["html"]).split("\n")])


@given(st.lists(PIECES | st.text(max_size=60), max_size=25))
@settings(max_examples=300, deadline=None)
def test_cleaning_its_own_result_changes_nothing(pieces):
    once = own_text(mail("\n".join(pieces)))
    if isinstance(once, OwnText):
        again = own_text(mail(once.text))
        assert isinstance(again, OwnText)
        assert again.text == once.text


@given(st.lists(PIECES | st.text(max_size=60), max_size=25))
@settings(max_examples=300, deadline=None)
def test_a_marked_line_is_never_kept(pieces):
    marked = [f"> quoted {number} {CANARY}" for number in range(len(pieces))]
    text = "\n".join(line for pair in zip(pieces, marked, strict=True) for line in pair)
    found = own_text(mail(text))
    assert isinstance(found, Dropped) or not re.search(rf"quoted \d+ {CANARY}", found.text)


def test_addresses_links_and_numbers_become_tokens():
    text = "Write to bo@lumen.example, see https://lumen.example/x?y=1 or call +49 30 1234567."
    found = own_text(mail(text))
    assert isinstance(found, OwnText)
    assert found.text == "Write to address, see link or call number."


def test_the_html_is_read_when_the_plain_part_marks_nothing():
    html = "<p>It opens on Thursday.</p><blockquote>Is the kestrel depot open?</blockquote>"
    found = own_text(mail("It opens on Thursday.\n\nIs the kestrel depot open?", html))
    assert isinstance(found, OwnText)
    assert found.text == "It opens on Thursday."


def test_text_and_own_words_stay_out_of_what_is_shown():
    assert CANARY not in repr(own_text(mail(f"The {CANARY} depot is open.")))


def test_chat_is_not_read_as_if_it_were_forwarded_mail():
    found = own_text(replace(mail("hi Ada, all set", subject=""), medium="chat"))
    assert isinstance(found, OwnText)
