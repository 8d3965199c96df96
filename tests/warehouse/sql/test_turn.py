from datetime import date


def turns(program, rows, **fields):
    return [(row["person"], row["addressee"]) for row in program.table("turn", rows, **fields)]


def test_one_turns_to_the_addressees_of_the_other_side(program):
    assert turns(program, [program.message("m1", "a1", program.at(5), ["b1", "b2", "a2"])]) == [
        ("A1", "B1"),
        ("A1", "B2"),
    ]


def test_a_message_to_more_than_five_turns_to_nobody(program):
    to = [f"b{number}" for number in range(1, 7)]
    assert turns(program, [program.message("m1", "a1", program.at(5), to)]) == []


def test_a_reply_in_a_list_turns_to_the_author_it_answers(program):
    rows = [
        program.message("m1", "a1", program.at(5), recipient_count=20),
        program.message("m2", "b1", program.at(6), parent_key="m1", recipient_count=20),
    ]
    assert turns(program, rows) == [("B1", "A1")]


def test_a_reply_to_an_addressee_counts_once(program):
    rows = [
        program.message("m1", "a1", program.at(5), ["b1"]),
        program.message("m2", "b1", program.at(6), ["a1"], parent_key="m1"),
    ]
    assert turns(program, rows) == [("A1", "B1"), ("B1", "A1")]


def test_an_addressee_stands_on_the_side_of_that_day(program):
    moved = date(2026, 1, 10)
    who = [
        program.identity("a1", "a"),
        program.identity("p1", "b", person="P", valid_until=moved),
        program.identity("p1", "a", person="P", valid_from=moved),
    ]
    rows = [program.message(f"m{day}", "a1", program.at(day), ["p1"]) for day in (9, 10)]
    found = program.table("turn", rows, identities=who)
    assert [row["message_key"] for row in found] == ["m9"]
