"""Links from one medium to another: what leads to which message, and all that leads to none."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import Message, message_id, read
from connectors.links import linked

MAIL = message_id("mail", "q1.77@northwind.example")
TO_MAIL = [
    "mid:q1.77@northwind.example",
    "Message-ID: <q1.77@northwind.example>",
    "https://groups.google.com/d/msgid/depot/q1.77%40northwind.example",
    "https://groups.google.com/a/northwind.example/d/msgid/depot/q1.77%40northwind.example",
    "https://lore.kernel.org/depot/q1.77@northwind.example/",
    "https://lore.kernel.org/r/q1.77@northwind.example/T/#u",
    "http://public-inbox.example/depot/q1.77@northwind.example/raw",
    "https://marc.info/?i=q1.77@northwind.example",
]
TO_CHAT = {
    "https://aster.slack.com/archives/C01LAUNCH/p1740992400000100": ("slack", "C01LAUNCH/1740992400.000100"),
    "https://aster.slack.com/archives/C01LAUNCH/p1740992500000100?thread_ts=1740992400.000100&amp;cid=C01LAUNCH": (
        "slack",
        "C01LAUNCH/1740992400.000100",
    ),
    "https://teams.microsoft.com/l/message/19%3Aabc%40thread.tacv2/1740992500000?tenantId=t&groupId=11111111-0000"
    "&parentMessageId=1740992400000": ("teams", "11111111-0000/19:abc@thread.tacv2/1740992400000"),
    "https://teams.microsoft.com/l/message/19:pair@unq.gbl.spaces/1740992500000?context=%7B%7D": (
        "teams",
        "19:pair@unq.gbl.spaces/1740992500000",
    ),
    "https://aster.zulipchat.com/#narrow/channel/5-launch/topic/opening/near/77": ("zulip", "77"),
    "https://discord.com/channels/1/22222222/33333333": ("discord", "22222222/33333333"),
    "https://chat.google.com/room/AAAA/BBBB/CCCC": ("google_chat", "AAAA/BBBB/CCCC"),
    "https://matrix.to/#/%21launch%3Aaster.example/%24e1?via=aster.example": ("matrix", "$e1"),
    "https://chat.aster.example/channel/launch?msg=m2": ("rocket_chat", "m2"),
    "https://mm.aster.example/depot/pl/abcdefghijklmnopqrstuvwxyz": ("mattermost", "abcdefghijklmnopqrstuvwxyz"),
}
TO_NONE = [
    "write to <ada@northwind.example>",
    "ada@northwind.example answered",
    "Re: When does the depot open?",
    "https://northwind.example/q1.77@northwind.example",
    "https://aster.slack.com/archives/C01LAUNCH",
    "timid:q1.77@northwind.example",
    "https://lore.kernel.org/depot/",
]


@pytest.mark.parametrize("link", TO_MAIL)
def test_a_chat_message_points_to_the_mail_that_it_names(link):
    assert linked("slack", f"Answered there: {link}") == linked("teams", f"<a href='{link}'>there</a>") == MAIL


@pytest.mark.parametrize("link", TO_CHAT)
def test_a_mail_points_to_the_chat_message_that_it_links_to(link):
    assert linked("mail", f"We agreed on it here:\n{link}.\nAda") == message_id(*TO_CHAT[link])


@pytest.mark.parametrize("words", TO_NONE)
@pytest.mark.parametrize("source", ["mail", "slack"])
def test_an_address_a_subject_or_another_link_points_to_nothing(words, source):
    assert linked(source, words) == ""


def test_a_link_into_the_same_medium_is_no_answer_from_another():
    assert linked("mail", TO_MAIL[0], *TO_MAIL) == ""
    assert linked("slack", next(iter(TO_CHAT))) == ""


def test_a_message_that_points_to_several_is_a_list_and_points_to_none():
    assert linked("slack", f"{TO_MAIL[0]} and mid:q2@northwind.example") == ""
    assert linked("slack", *TO_MAIL) == MAIL


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="htps:/@.?#&=%mid<>lorechannelrow \n", max_size=400))
def test_nothing_that_looks_like_links_is_too_much(text):
    linked("mail", text * 20)
    linked("slack", text * 20, "#narrow/ /archives/ mid: lore.")


def test_a_mail_that_links_to_a_chat_message_says_so(tmp_path):
    link = next(iter(TO_CHAT))
    mail = f"From: ada@northwind.example\nMessage-ID: <a@x>\nDate: Mon, 03 Mar 2025 10:00:00 +0000\n\nSee {link}\n"
    (tmp_path / "0.eml").write_text(mail, encoding="utf-8")
    (found,) = read(tmp_path / "0.eml")
    assert isinstance(found, Message)
    assert found.elsewhere == message_id(*TO_CHAT[link])


def test_a_permalink_of_a_fixture_is_the_id_that_its_thread_has():
    folder = Path(__file__).parent / "data" / "slack" / "thread_whose_root_was_deleted"
    threads = {message_id("slack", each.thread_id) for each in read(folder) if isinstance(each, Message)}
    assert linked("mail", "https://aster.slack.com/archives/C01/p1740992460000200") in threads
