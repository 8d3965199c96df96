def cells(program, rows, kind, grain="month", **fields):
    found = [row for row in program.table("cell", rows, **fields) if (row["kind"], row["grain"]) == (kind, grain)]
    return {row["direction"]: row for row in found}


def test_both_sides_stand_behind_a_direction_though_one_of_them_only_listens(program):
    rows = [program.message("m1", "a1", program.at(5)), program.message("m2", "a2", program.at(5))]
    rows += [program.message("m3", "b1", program.at(6))]
    found = cells(program, rows, "message")
    assert {way: (row["people_a"], row["people_b"], row["messages"]) for way, row in found.items()} == {
        "both": (2, 1, 3),
        "a_to_b": (2, 1, 2),
        "b_to_a": (2, 1, 1),
    }


def test_the_largest_shares_are_those_of_the_side_where_they_are_largest_in_every_direction(program):
    authors = ["a1"] * 6 + ["a2"] * 3 + ["a3"] + ["b1", "b2", "b3", "b4"]
    rows = [program.message(f"m{number}", author, program.at(5)) for number, author in enumerate(authors)]
    found = cells(program, rows, "message")
    assert {(row["largest"], row["two_largest"]) for row in found.values()} == {(0.6, 0.9)}


def test_behind_answers_stand_those_who_asked_and_those_who_answered(program):
    rows = []
    for number, (asker, answerer) in enumerate((("a1", "b1"), ("a2", "b1"), ("a3", ""))):
        rows.append(program.message(f"q{number}", asker, program.at(5), thread_key=f"t{number}", says_seeks=1))
        if answerer:
            rows.append(program.message(f"r{number}", answerer, program.at(6), thread_key=f"t{number}"))
    rows.append(program.message("other", "b4", program.at(7)))
    asked, evaded = cells(program, rows, "request"), cells(program, rows, "answer")
    assert (asked["a_to_b"]["people_a"], asked["a_to_b"]["people_b"]) == (3, 1)
    assert (evaded["b_to_a"]["people_a"], evaded["b_to_a"]["people_b"]) == (2, 1)


def test_a_quarter_gathers_its_months(program):
    rows = []
    for month in (1, 2, 3):
        at = program.at(5, month=month)
        rows.append(program.message(f"q{month}", f"a{month}", at, thread_key=f"t{month}", says_seeks=1))
    assert cells(program, rows, "request", "quarter")["a_to_b"]["people_a"] == 3
    assert cells(program, rows, "message", "quarter") == {}


def test_a_delivery_needs_those_who_deliver_and_an_audience(program):
    rows = [program.message("s", "a1", program.at(5), says_shares=1), program.message("m", "b1", program.at(5))]
    found = cells(program, rows, "delivery")
    assert (found["a_to_b"]["people_a"], found["a_to_b"]["people_b"], found["a_to_b"]["messages"]) == (1, 1, 1)
    assert (found["both"]["people_a"], found["both"]["people_b"]) == (1, 0)


def test_behind_repair_stand_all_who_wrote_in_threads_with_a_negative_turn(program):
    rows = [
        program.message("m1", "a1", program.at(5), thread_key="t", says_tone=-1),
        program.message("m2", "b1", program.at(6), thread_key="t"),
        program.message("m3", "b2", program.at(6), thread_key="u"),
    ]
    found = cells(program, rows, "repair")["both"]
    assert (found["people_a"], found["people_b"], found["messages"]) == (1, 1, 2)
