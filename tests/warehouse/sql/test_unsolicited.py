def unsolicited(program, *rows):
    return [row["message_key"] for row in program.table("unsolicited", rows)]


def share(program, key, author, day, to=(), thread="t", **fields):
    return program.message(key, author, program.at(day), to, thread_key=thread, **{"says_shares": 1, **fields})


def seek(program, key, author, day, to=(), thread="t"):
    return program.message(key, author, program.at(day), to, thread_key=thread, says_seeks=1)


def test_sharing_that_nobody_asked_for_is_unsolicited(program):
    assert unsolicited(program, share(program, "s", "b1", 6, ["a1"])) == ["s"]


def test_a_message_without_knowledge_is_not_counted(program):
    assert unsolicited(program, share(program, "s", "b1", 6, says_shares=0)) == []


def test_an_answer_is_solicited(program):
    assert unsolicited(program, seek(program, "q", "a1", 5), share(program, "s", "b1", 6)) == []


def test_sharing_after_the_answer_was_given_is_unsolicited_again(program):
    answer = program.message("r", "b2", program.at(6), thread_key="t")
    rows = [seek(program, "q", "a1", 5), answer, share(program, "s", "b1", 7)]
    assert unsolicited(program, *rows) == ["s"]


def test_a_request_of_the_own_side_solicits_nothing(program):
    assert unsolicited(program, seek(program, "q", "b2", 5), share(program, "s", "b1", 6)) == ["s"]


def test_a_request_after_the_sharing_solicits_nothing(program):
    assert unsolicited(program, share(program, "s", "b1", 5), seek(program, "q", "a1", 6)) == ["s"]


def test_an_answer_in_a_new_thread_to_the_one_who_asked_is_solicited_for_14_days(program):
    asked = seek(program, "q", "a1", 2, ["b1"], thread="t")
    rows = [share(program, f"s{day}", "b1", day, ["a1"], thread=f"u{day}") for day in (10, 15, 17)]
    assert unsolicited(program, asked, *rows) == ["s17"]


def test_a_request_to_one_person_does_not_solicit_what_another_shares_elsewhere(program):
    rows = [seek(program, "q", "a1", 2, ["b1"]), share(program, "s", "b2", 3, ["a1"], thread="u")]
    assert unsolicited(program, *rows) == ["s"]


def test_an_early_request_stays_open_though_a_later_one_was_answered(program):
    rows = [
        seek(program, "q1", "a1", 2, ["b1"], thread="t1"),
        seek(program, "q2", "a1", 3, ["b1"], thread="t2"),
        program.message("r2", "b1", program.at(4), thread_key="t2"),
        share(program, "s", "b1", 5, ["a1"], thread="u"),
    ]
    assert unsolicited(program, *rows) == []
