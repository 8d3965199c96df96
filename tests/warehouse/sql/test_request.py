def asked(program, **fields):
    return program.message("m1", "a1", program.at(5), thread_key="t", **{"says_seeks": 1, **fields})


def test_the_first_answer_of_the_other_side_in_the_thread_counts(program):
    rows = [
        asked(program),
        program.message("own", "a2", program.at(6), thread_key="t"),
        program.message("first", "b1", program.at(7), thread_key="t"),
        program.message("second", "b2", program.at(8), thread_key="t"),
        program.message("elsewhere", "b1", program.at(6), thread_key="u"),
    ]
    (found,) = program.table("request", rows)
    assert (found["answer_key"], found["answerer"], found["answered_at"]) == ("first", "B1", program.at(7))


def test_what_was_said_before_or_at_the_same_instant_is_no_answer(program):
    rows = [
        asked(program),
        *(program.message(f"m{hour}", "b1", program.at(5, hour), thread_key="t") for hour in (9, 10)),
    ]
    (found,) = program.table("request", rows)
    assert found["answered_at"] is None


def test_an_answer_in_another_language_is_an_answer(program):
    rows = [asked(program), program.message("m2", "b1", program.at(6), thread_key="t", scored=False, language="de")]
    (found,) = program.table("request", rows)
    assert found["answer_key"] == "m2"


def test_a_message_that_seeks_nothing_is_no_request(program):
    assert program.table("request", [asked(program, says_seeks=0)]) == []


def test_each_request_of_a_thread_has_its_own_answer(program):
    rows = [
        asked(program),
        program.message("m2", "b1", program.at(6), thread_key="t"),
        program.message("m3", "a1", program.at(7), thread_key="t", says_seeks=1),
        program.message("m4", "b2", program.at(8), thread_key="t"),
    ]
    assert [(row["message_key"], row["answer_key"]) for row in program.table("request", rows)] == [
        ("m1", "m2"),
        ("m3", "m4"),
    ]
