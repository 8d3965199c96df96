import pytest


def relations(program, rows, indicator, **fields):
    found = [row for row in program.table("relation", rows, **fields) if row["indicator"] == indicator]
    return {row["direction"]: row["value"] for row in found}


def exchange(program, a, b, day, **fields):
    """Return a message each way."""
    return [
        program.message(f"{a}-{b}-{day}", a, program.at(day), [b], **fields),
        program.message(f"{b}-{a}-{day}", b, program.at(day, 11), [a]),
    ]


def test_a_tie_talks_both_ways_and_socially_over_possible_pairs(program):
    rows = exchange(program, "a1", "b1", 5, says_social=1)
    rows += exchange(program, "a2", "b2", 5)
    rows += [program.message("one-way", "a1", program.at(6), ["b2"], says_social=1)]
    assert relations(program, rows, "ties") == {"both": 1 / 4}


def test_a_tie_across_layers_needs_no_social_word(program):
    who = [program.identity("a1", "a", layer="manager"), program.identity("b1", "b", layer="technical")]
    assert relations(program, exchange(program, "a1", "b1", 5), "ties", identities=who) == {"both": 1.0}
    unknown = [program.identity("a1", "a", layer=""), program.identity("b1", "b", layer="technical")]
    assert relations(program, exchange(program, "a1", "b1", 5), "ties", identities=unknown) == {"both": 0.0}


def test_a_layer_cell_is_covered_by_two_pairs_that_talk_both_ways(program):
    who = [program.identity(f"a{n}", "a", layer="manager") for n in (1, 2)]
    who += [program.identity("b1", "b", layer="manager"), program.identity("b2", "b", layer="executive")]
    rows = exchange(program, "a1", "b1", 5) + exchange(program, "a2", "b1", 5) + exchange(program, "a1", "b2", 5)
    assert relations(program, rows, "layer_coverage", identities=who)["both"] == pytest.approx(1 / 9)
    assert relations(program, rows, "layer_coverage_diagonal", identities=who)["both"] == pytest.approx(1 / 3)


def test_reciprocity_compares_who_begins_and_who_delivers(program):
    rows = [program.message(f"a{n}", "a1", program.at(5), says_shares=1) for n in range(3)]
    rows += [program.message("b", "b1", program.at(5), says_shares=1)]
    rows += [program.message("reply", "b1", program.at(6), thread_key="t-a0")]
    assert relations(program, rows, "reciprocity_initiations")["both"] == pytest.approx(0.5)
    assert relations(program, rows, "reciprocity_deliveries")["both"] == pytest.approx(0.5)


def test_concentration_is_0_when_all_carry_alike_and_half_is_a_number_of_people(program):
    rows = [program.message(f"m{n}", f"a{n % 4 + 1}", program.at(5)) for n in range(8)]
    rows += [program.message(f"o{n}", f"b{1 if n < 7 else 2}", program.at(5)) for n in range(8)]
    share = relations(program, rows, "concentration")
    assert share["a_to_b"] == pytest.approx(0)
    assert share["b_to_a"] == pytest.approx((((7 / 8) ** 2 + (1 / 8) ** 2) - 1 / 2) / (1 / 2))
    assert relations(program, rows, "half_carried_by") == {"a_to_b": 2.0, "b_to_a": 1.0, "both": 2.0}
