from collections.abc import Hashable

from hypothesis import given
from hypothesis import strategies as st

from connectors import Threads


def test_a_root_that_nobody_holds_ties_its_answers():
    threads = Threads()
    threads.join("answer", ["root"])
    threads.join("other answer", ["root"])
    assert threads.root("answer") == threads.root("other answer")


def test_strangers_stay_apart():
    threads = Threads()
    threads.join("a", [])
    threads.join("b", ["c"])
    assert threads.root("a") != threads.root("b")


def test_a_chain_of_a_hundred_thousand_is_one_thread():
    threads = Threads()
    for number in range(100_000):
        threads.join(str(number), [str(number + 1)])
    assert threads.root("0") == threads.root("100000")


@given(st.lists(st.tuples(st.integers(0, 20), st.lists(st.integers(0, 20), max_size=4)), max_size=30), st.randoms())
def test_any_order_gives_the_same_threads(links, order):
    shuffled = list(links)
    order.shuffle(shuffled)
    assert partition(links) == partition(shuffled)


def partition(links: list[tuple[int, list[int]]]) -> set[frozenset[int]]:
    threads = Threads()
    for first, others in links:
        threads.join(str(first), map(str, others))
    groups: dict[Hashable, set[int]] = {}
    for first, others in links:
        for each in (first, *others):
            groups.setdefault(threads.root(str(each)), set()).add(each)
    return {frozenset(group) for group in groups.values()}
