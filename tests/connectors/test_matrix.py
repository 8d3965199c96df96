"""Matrix rooms as Element exports them: edits, answers with their fallback, removed and encrypted messages."""

from pathlib import Path

from connectors import Message, read

ROOM = Path(__file__).parent / "data" / "matrix" / "room_with_an_edit_and_a_removed_message.json"


def messages():
    return [record for record in read(ROOM) if isinstance(record, Message)]


def one(words):
    (found,) = [message for message in messages() if message.text.startswith(words)]
    return found


def test_an_edit_is_the_latest_wording_of_its_message_at_the_time_of_the_first():
    first, edited = one("Thursday suit us"), one("Thursday suits us")
    assert (edited.id, edited.sent_at, edited.thread_id) == (first.id, first.sent_at, first.thread_id)
    assert first.edited_at is None and edited.edited_at is not None


def test_an_answer_and_a_message_of_a_thread_are_with_their_root():
    root = one("Shall the pilot")
    assert one("Thursday suits us").parent_id == one("then it is settled").parent_id == root.thread_id == "$e1"


def test_what_a_client_quotes_before_an_answer_is_cut_and_people_are_tokens():
    assert one("Thursday suit us").text == "Thursday suit us, @someone"


def test_the_server_of_a_person_is_their_organisation():
    assert one("Thursday suits us").sender.tenant == "boreal.example"


def test_the_name_of_a_picture_is_no_words_and_what_cannot_be_read_is_none():
    assert not any("plan of the depot" in message.text for message in messages())
    kinds = {message.thread_id: message.kind for message in messages()}
    assert (kinds["$e6"], kinds["$e7"], kinds["$e8"]) == ("deleted", "bot", "system")
