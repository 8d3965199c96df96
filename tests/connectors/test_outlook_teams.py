"""Teams messages that a mailbox keeps: chat in the shape of mail, with a copy for everyone who was there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors import Message, Skipped, message_id, read
from connectors.outlook_item import CLASS, HTML, RECIPIENT_SMTP, SENDER_SMTP, SENT, Item, message_from_item

FILE = Path(__file__).parent / "data" / "outlook_msg" / "teams_message_kept_in_a_mailbox.msg"
AT = datetime(2025, 3, 3, 9, tzinfo=UTC)


def message(name="IPM.SkypeTeams.Message", sender="ada@northwind.example", html="<p>The depot is open.</p>", at=AT):
    to = tuple({RECIPIENT_SMTP: each} for each in ("ada@northwind.example", "bo@lumen.example"))
    return message_from_item(Item({CLASS: name, SENDER_SMTP[0]: sender, HTML: html, SENT: at}, to), "#1")


def test_a_teams_message_of_a_mailbox_is_chat_of_its_sender_with_the_others():
    (found,) = read(FILE)
    assert isinstance(found, Message)
    assert (found.medium, found.source, found.kind) == ("chat", "teams", "human")
    assert [each.address for each in found.recipients] == ["bo@lumen.example"]


def test_mentions_are_tokens():
    (found,) = read(FILE)
    assert isinstance(found, Message)
    assert found.text.startswith("@someone")
    assert "Bo Lund" not in found.html


def test_copies_in_several_mailboxes_are_one_message():
    assert message().id == message(html="<div>The  depot is open.</div>").id
    assert len({message().id, message(html="<p>It is shut.</p>").id, message(at=AT.replace(hour=10)).id}) == 3


def test_a_teams_message_may_point_to_a_mail():
    assert message(html="<p>see mid:m1@northwind.example</p>").elsewhere == message_id("mail", "m1@northwind.example")


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("IPM.SkypeTeams.Message", "planner@teams.microsoft.com"),
        ("IPM.SkypeTeams.Message.Copilot.Word", "ada@x.example"),
    ],
)
def test_cards_of_apps_and_talks_with_an_assistant_are_no_words_of_people(name, sender):
    assert message(name, sender).kind == "bot"


@pytest.mark.parametrize("name", ["IPM.Note.Microsoft.Conversation", "IPM.Note.Microsoft.Voicemail.UM.CA"])
def test_a_transcript_that_holds_others_words_is_no_mail_of_its_owner(name):
    assert message(name) == Skipped("mail", "#1", "not_mail")
