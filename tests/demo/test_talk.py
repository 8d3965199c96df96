from collections import Counter, defaultdict
from statistics import median

import pytest

from demo.workdays import following

TOLD = ("tidal-array", "cold-chain")
ASKS = {"ask", "ask_fact", "ask_again"}


def monthly(said, acts, side=None):
    """How many utterances of each of the 14 months have one of the acts."""
    found = Counter()
    for each in said:
        if set(each.acts) & acts and side in (None, each.side):
            found[each.sent_at.year, each.sent_at.month] += 1
    return [count for _, count in sorted(found.items())]


def answer_hours(said):
    """Month -> hours from a question to its answer, nights and weekends included."""
    found = defaultdict(list)
    for each in said:
        if each.parent and set(each.parent.acts) & ASKS and each.side != each.parent.side:
            asked = each.parent.sent_at
            found[asked.year, asked.month].append((each.sent_at - asked).total_seconds() / 3600)
    return [median(hours) for _, hours in sorted(found.items())]


def test_all_human_messages_together_are_few_enough_for_a_demo(world):
    assert sum(map(len, world.said.values())) <= 7700


@pytest.mark.parametrize("name", TOLD)
def test_more_than_nine_in_ten_texts_are_unlike_all_others(world, name):
    texts = [each.text for each in world.said[name]]
    assert len(set(texts)) / len(texts) > 0.9


@pytest.mark.parametrize("name", TOLD)
def test_nobody_answers_before_they_were_asked(world, name):
    assert all(each.sent_at > each.parent.sent_at for each in world.said[name] if each.parent)


@pytest.mark.parametrize("name", TOLD)
def test_everything_is_said_within_the_fourteen_months(world, name):
    days = [each.sent_at.date() for each in world.said[name]]
    assert world.months[0] <= min(days)
    assert max(days) < following(world.months[-1])


@pytest.mark.parametrize("name", TOLD)
def test_nobody_writes_when_their_company_is_closed(world, name):
    partners = {side: world.program.partner(world.plans[name][side]["partner"]) for side in "ab"}
    days = {(each.side, each.sent_at.date()) for each in world.said[name]}
    assert not [1 for side, day in days if day in partners[side].holidays]


@pytest.mark.parametrize("name", TOLD)
def test_seven_or_more_consenting_people_of_each_side_write_in_every_month(world, name):
    active = defaultdict(set)
    for each in world.said[name]:
        if each.author.consents_to(each.medium) and "internal" not in each.acts:
            active[each.side, each.sent_at.year, each.sent_at.month].add(each.author.key)
    assert len(active) == 28
    assert min(map(len, active.values())) >= 7


@pytest.mark.parametrize("name", TOLD)
@pytest.mark.parametrize("side", ["a", "b"])
def test_requests_of_consenting_people_suffice_in_most_months(world, name, side):
    said = [each for each in world.said[name] if each.author.consents_to(each.medium)]
    counts = monthly(said, ASKS, side)
    assert median(counts) >= 33
    assert sum(count >= 30 for count in counts) >= 11


@pytest.mark.parametrize("name", TOLD)
@pytest.mark.parametrize("side", ["a", "b"])
def test_twenty_unsolicited_shares_a_month_at_the_start(world, name, side):
    assert median(monthly(world.said[name], {"share"}, side)[:3]) >= 20


def test_where_it_stalls_sharing_falls_and_orders_grow(world):
    said = world.said["cold-chain"]
    shares, orders = monthly(said, {"share"}), monthly(said, {"order", "ask_fact"})
    assert sum(shares[9:]) < 0.6 * sum(shares[:5])
    assert sum(orders[9:]) > 1.7 * sum(orders[:5])


def test_where_it_stalls_answers_get_slower(world):
    hours = answer_hours(world.said["cold-chain"])
    assert median(hours[10:]) > 2 * median(hours[:4])


def test_where_it_stalls_warm_words_stay(world):
    said = world.said["cold-chain"]
    share = [count / total for count, total in zip(monthly(said, {"warm"}), monthly_all(said), strict=True)]
    assert sum(share[9:]) > 0.9 * sum(share[:5])


def monthly_all(said):
    counts = Counter((each.sent_at.year, each.sent_at.month) for each in said)
    return [count for _, count in sorted(counts.items())]


def test_where_it_deepens_sharing_and_commitment_grow_and_answers_get_faster(world):
    said = world.said["tidal-array"]
    shares, commits = monthly(said, {"share"}), monthly(said, {"commit"})
    assert sum(shares[11:]) > 1.3 * sum(shares[:3])
    assert sum(commits[11:]) > 1.7 * sum(commits[:3])
    hours = answer_hours(said)
    assert median(hours[10:]) < median(hours[:4])
