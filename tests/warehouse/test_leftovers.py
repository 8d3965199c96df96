"""What is published of records that were not used must not tell whether one named person wrote."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from warehouse.leftovers import banded


def row(program, stage, reason, records):
    return {"alliance": program.alliance, "stage": stage, "reason": reason, "records": records}


def told(program, stage, reason, records, **fields):
    (found,) = banded(program.inputs(left_out=[row(program, stage, reason, records)], **fields))
    return found["records"]


@pytest.mark.parametrize(
    ("records", "shown"),
    [(1, 5), (4, 5), (5, 5), (6, 10), (99, 100), (100, 100), (101, 110), (1412, 1500), (20_001, 21_000)],
)
def test_counts_are_told_in_bands(program, records, shown):
    assert told(program, "read", "auto_reply", records) == shown


def consents(program, *without, media=("mail", "chat"), **fields):
    return [
        program.consent(each.upper(), medium=medium, **fields)
        for each in program.people(6)
        if each not in without
        for medium in media
    ]


def test_whether_a_lone_person_without_consent_wrote_cannot_be_told(program):
    """Everybody knows that a1 alone refused: no count, however small or large, and none is no other answer."""
    assert {told(program, "consent", "no_consent", n, consents=consents(program, "a1")) for n in (1, 57)} == {None}


def test_a_lone_refusal_is_not_told_because_all_others_began_late(program):
    """Nobody consented in the first months, and nobody wrote then: the count is a1's all the same."""
    late = {"consents": consents(program, "a1", valid_from=program.run_at.date() - timedelta(days=200))}
    assert told(program, "consent", "no_consent", 8, **late) is None


def test_where_as_many_as_a_group_do_not_consent_their_count_is_told(program):
    without = [f"{side}{n}" for side in "ab" for n in range(7, 12)]
    identities = [program.identity(each, each[0]) for each in (*program.people(6), *without)]
    both = {"consents": consents(program), "identities": identities}
    assert told(program, "consent", "no_consent", 57, **both) == 60
    identities = identities[:-1]
    assert told(program, "consent", "no_consent", 57, consents=consents(program), identities=identities) is None


def test_a_lone_person_whose_consent_began_late_or_covers_one_medium_alone_is_not_told_either(program):
    late = program.run_at.date() - timedelta(days=60)
    for own in (
        [program.consent("A1", medium=medium, valid_from=late) for medium in ("mail", "chat")],
        [program.consent("A1", medium="mail")],
    ):
        fields = {"consents": [*consents(program, "a1"), *own]}
        assert told(program, "consent", "no_consent", 12, **fields) is None


def test_renewals_without_a_gap_are_one_consent(program):
    day = date(2025, 9, 1)
    split = [*consents(program, valid_until=day), *consents(program, valid_from=day)]
    assert told(program, "consent", "no_consent", 12, consents=split) == 15
    gap = [*consents(program, valid_until=day), *consents(program, valid_from=day + timedelta(days=1))]
    assert told(program, "consent", "no_consent", 12, consents=gap) == 15, "a gap of all is no one's own"


def test_counts_of_those_who_consent_need_a_group_of_each_side(program):
    few = consents(program, "b5", "b6")
    assert told(program, "score", "other_language", 12, consents=few) is None
    assert told(program, "clean", "unsure", 12, consents=few) is None
    assert told(program, "score", "other_language", 12, consents=consents(program)) == 15


def test_what_is_no_persons_is_told_always(program):
    few = consents(program, "b2", "b3", "b4", "b5", "b6")
    assert told(program, "read", "truncated", 1, consents=few) == 5
    assert told(program, "survey", "unfinished", 3, consents=few) == 5
    assert told(program, "consent", "unknown_or_other_organisation", 31, consents=few) == 35


def test_one_message_more_changes_nothing_that_is_told_in_four_cases_of_five(program):
    shown = [told(program, "score", "other_language", n, consents=consents(program)) for n in range(1, 51)]
    assert sum(first != second for first, second in pairwise(shown)) == 9
