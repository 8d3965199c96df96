from datetime import date


def test_a_thread_knows_who_began_it_and_whether_its_last_negative_turn_was_made_good(program):
    def turn(key, author, day, tone, thread, month=1):
        return program.message(key, author, program.at(day, month=month), thread_key=thread, says_tone=tone)

    rows = [
        turn("m1", "a1", 5, -1, "mended"),
        turn("m2", "b1", 6, 0, "mended"),
        turn("m3", "b1", 30, 0, "left"),
        turn("m4", "a1", 2, -1, "left", month=2),
        turn("m5", "a1", 7, 1, "kind"),
    ]
    found = {row["thread_key"]: row for row in program.table("thread", rows)}
    assert [found["mended"][name] for name in ("begun_by", "month", "repaired")] == ["a", date(2026, 1, 1), True]
    assert [found["left"][name] for name in ("begun_by", "month", "repaired")] == ["b", date(2026, 2, 1), False]
    assert (found["kind"]["month"], found["left"]["begun_in"]) == (None, date(2026, 1, 1))
