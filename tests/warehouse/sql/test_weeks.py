"""window_week, baseline_week, frequency_week and component_week: four weeks looked back over from each week."""

from datetime import date, timedelta

import pytest

MONDAY = date(2026, 1, 5)


def weekly(program, weeks, size=5, each=2, **fields):
    """Return messages of everybody to everybody's first counterpart, `each` a person and week."""
    rows = []
    for week in range(weeks):
        for author in program.people(size):
            for n in range(each):
                at = program.at(5, 9, n) + timedelta(weeks=week)
                to = [f"{'b' if author[0] == 'a' else 'a'}{author[1:]}"]
                rows.append(program.message(f"{author}-{week}-{n}", author, at, to, **fields))
    return rows


def test_a_week_looks_back_over_four_and_no_further(program):
    rows = [*weekly(program, 1), program.message("later", "a1", program.at(5, month=3))]
    found = {row["week"]: row["messages"] for row in program.table("window_week", rows)}
    assert found == {MONDAY + timedelta(weeks=n): 20 for n in range(4)} | {date(2026, 3, 2): 1}


def test_the_first_three_weeks_are_not_eligible_and_few_people_never_are(program):
    found = program.table("window_week", weekly(program, 6))
    assert [row["eligible"] for row in found] == [False, False, False, True, True, True]
    assert not any(row["eligible"] for row in program.table("window_week", weekly(program, 6, size=4, each=9)))


def test_the_baseline_is_the_first_twelve_eligible_weeks_or_what_was_agreed(program):
    until = program.run_at + timedelta(weeks=20)
    rows = weekly(program, 18)
    first = [row["week"] for row in program.table("baseline_week", rows, run_at=until)]
    assert first == [MONDAY + timedelta(weeks=n) for n in range(3, 15)]
    agreed = program.alliance_input(baseline=(date(2026, 2, 1), date(2026, 2, 16)))
    found = program.table("baseline_week", rows, run_at=until, alliances=(agreed,))
    assert [row["week"] for row in found] == [date(2026, 2, 2), date(2026, 2, 9)]


def test_eleven_eligible_weeks_are_no_baseline_yet(program):
    until = program.run_at + timedelta(weeks=20)
    assert program.table("baseline_week", weekly(program, 14), run_at=until) == []
    assert len(program.table("baseline_week", weekly(program, 15), run_at=until)) == 12


def test_weekly_frequency_is_messages_a_person_and_working_day_of_four_weeks(program):
    found = [row for row in program.table("frequency_week", weekly(program, 5)) if row["direction"] == "both"]
    assert found[3]["week"] == MONDAY + timedelta(weeks=3)
    assert found[3]["value"] == found[4]["value"] == pytest.approx(8 / 20)


def components(program, rows, name, **fields):
    found = program.table("component_week", rows, **fields)
    return {row["week"]: row["value"] for row in found if row["component"] == name}


def test_a_week_with_too_few_people_has_no_component(program):
    assert program.table("component_week", weekly(program, 6, size=4, each=9)) == []


def test_unsolicited_counts_the_smaller_direction_a_pair_and_week(program):
    rows = weekly(program, 4)
    rows += [program.message(f"s{n}", f"{'aab'[n]}1", program.at(6), says_shares=1) for n in range(3)]
    assert components(program, rows, "unsolicited")[MONDAY + timedelta(weeks=3)] == pytest.approx(1 / (5 * 4))


def test_ties_count_social_pairs_over_possible_pairs(program):
    rows = weekly(program, 4)
    rows += [program.message("s", "a1", program.at(6), ["b1"], says_social=1)]
    assert components(program, rows, "ties")[MONDAY + timedelta(weeks=3)] == pytest.approx(1 / 25)


def test_coinvest_is_the_smaller_direction_of_means_over_people(program):
    rows = weekly(program, 4, says_commits=1)
    rows = [{**row, "says_commits": int(row["author"] in ("a1", "b1", "b2"))} for row in rows]
    assert components(program, rows, "coinvest")[MONDAY + timedelta(weeks=3)] == pytest.approx(100 / 5)


def test_escalation_is_the_share_of_strategic_threads(program):
    rows = weekly(program, 4)
    rows = [{**row, "says_orientation": 2 if row["author"] == "a1" else 1} for row in rows]
    assert components(program, rows, "escalation")[MONDAY + timedelta(weeks=3)] == pytest.approx(1 / 10)
