from datetime import date, timedelta


def keys(rows):
    return [row["message_key"] for row in rows]


def test_the_latest_edit_of_a_message_counts(program):
    first = program.message("m1", "a1", program.at(5), tokens=10, edited_at=program.at(5, 11))
    later = {**first, "tokens": 30, "edited_at": program.at(5, 12)}
    never = {**first, "tokens": 50, "edited_at": None}
    (found,) = program.table("message", [later, never, first])
    assert found["tokens"] == 30


def test_a_message_that_lies_in_two_shards_counts_once(program):
    row = program.message("m1", "a1", program.at(5))
    assert keys(program.table("message", shards=[[row], [row]])) == ["m1"]


def test_a_scored_copy_is_preferred_to_an_unscored_one(program):
    row = program.message("m1", "a1", program.at(5))
    (found,) = program.table("message", shards=[[{**row, "scored": False, "tokens": 0}], [row]])
    assert found["scored"]


def test_a_message_that_is_deleted_from_its_part_is_gone(program):
    rows = [program.message(key, "a1", program.at(5)) for key in ("m1", "m2")]
    assert keys(program.table("message", rows)) == ["m1", "m2"]
    assert keys(program.table("message", rows[1:])) == ["m2"]


def test_consent_begins_with_its_first_day_and_ends_before_its_last(program):
    days = [date(2026, 1, 5), date(2026, 1, 9)]
    held = [program.consent("A1", valid_from=days[0], valid_until=days[1])]
    rows = [program.message(f"m{day}", "a1", program.at(day, 0)) for day in (5, 8, 9)]
    rows.append(program.message("m4", "a1", program.at(4, 23, 59)))
    assert keys(program.table("message", rows, consents=held)) == ["m5", "m8"]


def test_no_record_means_no_consent(program):
    assert program.table("message", [program.message("m1", "a1", program.at(5))], consents=[]) == []


def test_consent_for_mail_does_not_cover_chat(program):
    rows = [program.message("m1", "a1", program.at(5)), program.message("m2", "a1", program.at(5), medium="chat")]
    assert keys(program.table("message", rows)) == ["m1"]


def test_somebody_whom_the_roster_does_not_know_is_left_out(program):
    assert program.table("message", [program.message("m1", "x9", program.at(5))]) == []


def test_an_author_belongs_to_the_side_of_the_day_of_sending(program):
    moved = date(2026, 1, 10)
    who = [
        program.identity("p1", "a", person="P", valid_until=moved),
        program.identity("p1", "b", person="P", valid_from=moved),
    ]
    rows = [program.message(f"m{day}", "p1", program.at(day)) for day in (9, 10)]
    found = program.table("message", rows, identities=who, consents=[program.consent("P")])
    assert [(row["side"], row["direction"]) for row in found] == [("b", "b_to_a"), ("a", "a_to_b")]


def test_two_addresses_of_one_person_are_one_person(program):
    who = [program.identity(each, "a", person="P") for each in ("p1", "p2")]
    rows = [program.message("m1", "p1", program.at(5)), program.message("m2", "p2", program.at(5))]
    found = program.table("message", rows, identities=who, consents=[program.consent("P")])
    assert {row["person"] for row in found} == {"P"}


def test_months_and_weeks_are_those_of_the_utc_instant(program):
    (found,) = program.table("message", [program.message("m1", "a1", program.at(31, 23, 59))])
    assert (found["month"], found["week"]) == (date(2026, 1, 1), date(2026, 1, 26))


def test_what_is_past_retention_or_not_yet_sent_is_left_out(program):
    rows = [
        program.message("late", "a1", program.run_at + timedelta(seconds=1)),
        program.message("old", "a1", program.run_at - timedelta(days=400)),
        program.message("kept", "a1", program.run_at - timedelta(days=390)),
    ]
    assert keys(program.table("message", rows)) == ["kept"]
