from datetime import date, timedelta

import pytest

from warehouse import erase, held, read_part, write_part


@pytest.fixture
def parts(program):
    """Return two parts: one with messages of a1 and b1, one of b2 alone."""
    first = [
        program.message("m1", "a1", program.at(5), ["b1", "b2"]),
        program.message("m2", "b1", program.at(6), ["a1"]),
        program.message("m3", "a1", program.at(7), ["b1"]),
    ]
    paths = [program.folder / "parts" / name for name in ("s1.parquet", "s2.parquet")]
    write_part(paths[0], first)
    write_part(paths[1], [program.message("m4", "b2", program.at(8), ["b1"])])
    return paths


def who(program):
    return [program.identity(each, each[0]) for each in ("a1", "b1", "b2")]


def consents(program, *people, **fields):
    return [program.consent(each, **fields) for each in people]


def keys(path):
    return [row["message_key"] for row in read_part(path)]


def oldest(program):
    return program.run_at - timedelta(days=400)


def test_nothing_is_erased_and_no_part_rewritten_while_all_consent(program, parts):
    before = [path.stat().st_mtime_ns for path in parts]
    assert erase(parts, who(program), consents(program, "A1", "B1", "B2"), oldest(program)) == 0
    assert [path.stat().st_mtime_ns for path in parts] == before


def test_somebody_who_withdraws_is_gone_as_author_and_as_addressee(program, parts):
    assert erase(parts, who(program), consents(program, "A1", "B2"), oldest(program)) == 1
    assert (keys(parts[0]), keys(parts[1])) == (["m1", "m3"], ["m4"])
    assert [row["recipients"] for row in read_part(parts[0])] == [["b2"], []]
    assert [row["recipients"] for row in read_part(parts[1])] == [[]]


def test_no_byte_of_an_erased_pseudonym_is_left(program, parts):
    erased = "pseudonym-that-goes"
    rows = [program.message("m5", erased, program.at(5)), program.message("m6", "a1", program.at(6), [erased])]
    write_part(parts[0], rows)
    assert erased.encode() in parts[0].read_bytes()
    erase(parts, who(program), consents(program, "A1", "B1", "B2"), oldest(program))
    assert erased.encode() not in parts[0].read_bytes()
    assert keys(parts[0]) == ["m6"]


def test_what_was_sent_outside_the_days_of_consent_is_erased(program, parts):
    days = {"valid_from": date(2026, 1, 6), "valid_until": date(2026, 1, 8)}
    covered = [*consents(program, "A1", **days), *consents(program, "B1", "B2")]
    assert erase(parts, who(program), covered, oldest(program)) == 1
    assert keys(parts[0]) == ["m2", "m3"]


def test_consent_for_chat_keeps_no_mail(program, parts):
    chat = consents(program, "A1", "B1", "B2", medium="chat")
    assert erase(parts, who(program), chat, oldest(program)) == 4
    assert [keys(path) for path in parts] == [[], []]


def test_what_is_past_retention_is_erased_whoever_consents(program, parts):
    assert erase(parts, who(program), consents(program, "A1", "B1", "B2"), program.at(6, 12)) == 2
    assert keys(parts[0]) == ["m3"]


def test_without_any_consent_nothing_is_left(program, parts):
    assert erase(parts, who(program), [], oldest(program)) == 4
    assert [keys(path) for path in parts] == [[], []]


def test_erasing_twice_is_the_same_as_once(program, parts):
    erase(parts, who(program), consents(program, "A1"), oldest(program))
    content = [path.read_bytes() for path in parts]
    assert erase(parts, who(program), consents(program, "A1"), oldest(program)) == 0
    assert [path.read_bytes() for path in parts] == content


def test_no_parts_need_no_erasing(program):
    assert erase([], who(program), [], oldest(program)) == 0


def test_what_is_held_on_somebody_is_what_they_wrote_and_what_was_sent_to_them(program, parts):
    assert [row["message_key"] for row in held(parts, ["b1"])] == ["m1", "m2", "m3", "m4"]
    assert [row["message_key"] for row in held(parts, ["a1"])] == ["m1", "m2", "m3"]
    assert held(parts, []) == held([], ["a1"]) == held(parts, ["nobody"]) == []
