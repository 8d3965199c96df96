from collections import Counter
from datetime import UTC, datetime

from connectors import Identity

TOLD = ("tidal-array", "cold-chain")


def test_names_and_keys_are_nobody_elses(world):
    everybody = [person for crowd in world.people.values() for person in crowd]
    assert len({person.key for person in everybody}) == len(everybody)
    for crowd in world.people.values():
        assert len({person.name for person in crowd}) == len(crowd)


def test_both_sides_have_all_layers_and_two_teams(world):
    for name in TOLD:
        for side in "ab":
            crowd = [person for person in world.people[name] if person.stints[0].side == side]
            assert 9 <= len(crowd) <= 14
            assert set(Counter(person.layer for person in crowd)) == {"technical", "manager", "executive"}
            assert len({person.team for person in crowd}) == 2


def test_one_person_changes_sides_and_is_known_on_each(world):
    (mover,) = [p for p in world.people["tidal-array"] if len({stint.side for stint in p.stints}) == 2]
    before, after = mover.stints
    day = datetime.combine(before.until, datetime.min.time(), UTC)
    assert world.roster.organisation_at(Identity(address=after.address), day) == after.organisation
    assert {each.side for each in world.said["tidal-array"] if each.author == mover} == {"a", "b"}


def test_one_person_gets_another_address(world):
    (renamed,) = [p for p in world.people["cold-chain"] if len(p.stints) == 2]
    assert len({stint.organisation for stint in renamed.stints}) == 1
    assert len({stint.address for stint in renamed.stints}) == 2


def test_somebody_on_each_side_writes_from_two_addresses(world):
    for name in TOLD:
        assert Counter(person.stints[0].side for person in world.people[name] if person.alias) == {"a": 1, "b": 1}
