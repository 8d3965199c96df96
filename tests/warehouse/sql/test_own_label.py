import pytest

from warehouse.own_labels import OwnLabels


def read(program, key, author, sitting="first", **fields):
    """Return the row of a message that a steward has read."""
    own = program.message(key, author, program.at(5))
    names = [name for name in own if name not in ("thread_key", "parent_key", "edited_at", "recipient_count")]
    names = [name for name in names if name not in ("cross_boundary", "tokens", "language", "scored")]
    labels = {"label_tone": -1, "label_shares": 1}
    row = {name: own[name] for name in names}
    return {**row, "recipients": [], "sitting": sitting, "chance": 0.5, "state": "labelled", **labels, **fields}


@pytest.fixture
def messages(program):
    return [program.message(f"{each}-{n}", each, program.at(5)) for each in program.people(6) for n in range(2)]


def found(program, messages, labels, **fields):
    book = OwnLabels(program.folder)
    book.put(program.alliance, labels)
    return program.table("own_label", messages, labels=book.files(), **fields)


def first_of(program, size=6, **fields):
    return [read(program, f"{each}-0", each, **fields) for each in program.people(size)]


def test_labels_of_messages_as_they_stand_in_the_store_are_used(program, messages):
    rows = found(program, messages, first_of(program))
    assert len(rows) == 12
    assert rows[0] == {
        **{"alliance": program.alliance, "message_key": "a1-0", "chance": 0.5},
        **{"label_tone": -1, "label_transparency": None, "label_shares": 1, "label_seeks": None},
        **{"label_commits": None, "label_social": None, "label_orientation": None},
    }


@pytest.mark.parametrize(
    "change", [{"state": "skipped"}, {"state": "drawn"}, {"state": "shown"}, {"text_key": "edited"}]
)
def test_a_message_without_an_answer_or_with_other_words_since_is_not_used(program, messages, change):
    labels = first_of(program)
    labels[0].update(change)
    assert [row["message_key"] for row in found(program, messages, labels)] == [
        row["message_key"] for row in labels[1:]
    ]


def test_a_sitting_counts_once_a_group_of_each_side_is_behind_it(program, messages):
    labels = [row for row in first_of(program) if row["author"] not in ("b5", "b6")]
    assert found(program, messages, labels) == []
    labels.append(read(program, "b5-0", "b5"))
    assert len(found(program, messages, labels)) == 11


def test_a_few_more_labels_of_a_later_sitting_do_not_show_before_they_are_of_a_group(program, messages):
    later = [read(program, f"{each}-1", each, "second") for each in ("a1", "b1", "b2")]
    assert len(found(program, messages, [*first_of(program), *later])) == 12


def test_a_person_without_consent_tonight_has_no_label(program, messages):
    consents = [program.consent(each.upper()) for each in program.people(6) if each != "a1"]
    rows = found(program, messages, first_of(program), consents=consents)
    assert len(rows) == 11
    assert "a1-0" not in [row["message_key"] for row in rows]
