"""Google Hangouts: two layouts of one file, pairs and groups, calls that are no words, times in microseconds."""

from pathlib import Path

from connectors import Message, read

DATA = Path(__file__).parent / "data" / "hangouts"
TALKS = DATA / "pair_and_group_with_a_call.json"


def messages(path):
    return [record for record in read(path) if isinstance(record, Message)]


def test_the_two_layouts_name_the_same_message_in_the_same_way():
    (old,), new = messages(DATA / "first_layout_with_states.json"), messages(TALKS)[0]
    assert (old.id, old.sent_at, old.recipients) == (new.id, new.sent_at, new.recipients)


def test_a_pair_has_a_recipient_and_a_group_a_space():
    pair, _, _, group = messages(TALKS)
    assert (pair.channel, [each.native_id for each in pair.recipients]) == ("", ["202"])
    assert (group.channel, group.recipients) == ("UgGroup", ())


def test_a_call_is_no_words():
    assert [message.kind for message in messages(TALKS)] == ["human", "system", "human", "human"]


def test_segments_are_put_together_with_their_line_breaks():
    assert messages(TALKS)[0].text == "Is the depot open?\nhttps://depot.example/plan"


def test_an_event_has_an_id_of_its_conversation():
    pair, *_, group = messages(TALKS)
    assert pair.id != group.id
