"""What a build costs goes with the messages, and its memory with the largest alliance."""

import pytest

from simulation.bulk import bulk, cost
from warehouse import Published, build


def test_a_store_of_any_size_can_be_made_and_built(tmp_path):
    inputs = bulk(tmp_path / "parts", 20_000)
    build(inputs, tmp_path / "published.duckdb")
    found = Published(tmp_path / "published.duckdb").query("select count(*) as n from indicator where status = 'ok'")
    assert len(inputs.alliances) == 20
    assert found[0]["n"] > 1000


@pytest.mark.slow
def test_twice_the_messages_cost_no_more_than_about_twice_the_computing(record_property):
    """Seconds of computing, not of waiting, so that a busy machine does not decide."""
    half, whole = cost(500_000), cost(1_000_000)
    record_property("half", half)
    record_property("whole", whole)
    assert whole[1] < 2.6 * half[1]
    assert whole[2] < 4
