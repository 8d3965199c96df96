from datetime import date

import pytest

from warehouse import Calendar


def measures(program, rows, indicator, **fields):
    return {row["direction"]: row for row in program.table("measure", rows, **fields) if row["indicator"] == indicator}


def test_frequency_is_a_mean_over_people_of_messages_a_working_day(program):
    """January 2026 has 18 working days from the 7th on; A1 writes 9 and A2 27 messages."""
    rows = [program.message(f"m{n}", "a1" if n % 4 == 0 else "a2", program.at(7, 9, n)) for n in range(36)]
    found = measures(program, rows, "frequency")
    assert found["a_to_b"]["value"] == pytest.approx((9 / 18 + 27 / 18) / 2)
    assert (found["a_to_b"]["groups"], found["a_to_b"]["data"]) == (2, 36)


def test_frequency_knows_the_holidays_of_the_side_that_writes(program):
    closed = tuple(date(2026, 1, day) for day in range(8, 31))
    calendars = (Calendar(holidays=closed), Calendar())
    rows = [program.message(f"m{side}", f"{side}1", program.at(7)) for side in "ab"]
    found = measures(program, rows, "frequency", alliances=(program.alliance_input(calendars=calendars),))
    assert (found["a_to_b"]["value"], found["b_to_a"]["value"]) == (1.0, pytest.approx(1 / 18))


def test_length_is_a_mean_over_people_of_their_median_message(program):
    lengths = {"a1": (10, 10, 1000), "a2": (30,)}
    rows = [
        program.message(f"{author}-{n}", author, program.at(5, 9, n), tokens=tokens)
        for author, own in lengths.items()
        for n, tokens in enumerate(own)
    ]
    assert measures(program, rows, "depth_tokens")["a_to_b"]["value"] == 20


def test_thread_length_and_escalation_are_means_over_the_threads_of_a_month(program):
    rows = [
        program.message("m1", "a1", program.at(5), thread_key="t", says_orientation=2),
        program.message("m2", "b1", program.at(6), thread_key="t"),
        program.message("m3", "b1", program.at(7), thread_key="t"),
        program.message("m4", "a1", program.at(5), thread_key="u"),
    ]
    length, level = measures(program, rows, "depth_thread_length"), measures(program, rows, "escalation")
    assert (length["both"]["value"], length["both"]["data"]) == (2.0, 4)
    assert (level["both"]["value"], level["both"]["data"]) == (0.5, 2)


def test_repair_counts_threads_with_a_negative_turn(program):
    rows = [program.message(f"m{n}", "a1", program.at(5), thread_key=f"t{n}", says_tone=-1) for n in range(4)]
    rows.append(program.message("r", "b1", program.at(6), thread_key="t0", says_tone=1))
    rows.append(program.message("k", "b1", program.at(6), thread_key="kind", says_tone=1))
    found = measures(program, rows, "repair")["both"]
    assert (found["value"], found["data"]) == (0.25, 4)


def test_unsolicited_sharing_is_counted_a_pair_and_week_and_both_is_the_smaller_direction(program):
    """Two pairs in the first week and one in the second: three pair-weeks."""
    rows = [
        program.message("s1", "a1", program.at(5), ["b1"], says_shares=1),
        program.message("s2", "a1", program.at(6), ["b2"], says_shares=1),
        program.message("s3", "b1", program.at(12), ["a1"], says_shares=1),
    ]
    found = measures(program, rows, "unsolicited")
    assert found["a_to_b"]["value"] == pytest.approx(2 / 3)
    assert found["b_to_a"]["value"] == found["both"]["value"] == pytest.approx(1 / 3)
    assert found["both"]["data"] == 3


def test_ei_is_a_mean_over_people_and_counts_inner_messages(program):
    rows = [program.message(f"in{n}", "a1", program.at(5), cross_boundary=False, scored=False) for n in range(3)]
    rows += [program.message("out1", "a1", program.at(5)), program.message("out2", "b1", program.at(5))]
    found = measures(program, rows, "ei_index")["both"]
    assert found["value"] == pytest.approx((-0.5 + 1) / 2)
