from datetime import UTC, datetime

import pyarrow as pa
import pytest

from warehouse.parts import MESSAGE_SCHEMA
from warehouse.threads import united as unite

AT = datetime(2026, 1, 5, tzinfo=UTC)


def united(*messages):
    """Return message -> thread after the union; messages are (key, named thread, parent)."""
    rows = [row(*message) for message in messages]
    found = unite(pa.Table.from_pylist(rows, MESSAGE_SCHEMA))
    return dict(zip(found["message_key"].to_pylist(), found["thread_key"].to_pylist(), strict=True))


def row(key, thread, parent=None):
    empty = {"recipients": [], "recipient_count": 1, "cross_boundary": True, "text_key": "", "tokens": 1}
    facts = {"alliance": "tide", "author": "a1", "medium": "mail", "language": "en", "scored": False, "sent_at": AT}
    return {**empty, **facts, "message_key": key, "thread_key": thread, "parent_key": parent}


def test_a_chain_whose_references_were_cut_is_one_thread():
    found = united(("m1", "m1"), ("m2", "m1", "m1"), ("m3", "m2", "m2"), ("m4", "m3", "m3"))
    assert set(found.values()) == {"m1"}


def test_two_answers_to_a_message_that_nobody_may_read_are_one_thread():
    found = united(("m1", "absent", "absent"), ("m2", "absent", "absent"))
    assert found == {"m1": "absent", "m2": "absent"}


def test_messages_that_name_nothing_in_common_stay_apart():
    found = united(("m1", "m1"), ("m2", "m2"), ("m3", "m2", "m2"))
    assert found == {"m1": "m1", "m2": "m2", "m3": "m2"}


def test_copies_of_a_message_in_two_exports_tie_their_threads_together():
    found = united(("m2", "m1", "m1"), ("m2", "m2"), ("m3", "m2"))
    assert len(set(found.values())) == 1


def test_an_empty_store_has_no_threads():
    assert united() == {}


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_records_does_not_matter(order):
    chain = [("m1", "m1"), ("m2", "m1", "m1"), ("m3", "m2", "m2"), ("m9", "m9")]
    assert united(*chain[::order]) == {"m1": "m1", "m2": "m1", "m3": "m1", "m9": "m9"}
