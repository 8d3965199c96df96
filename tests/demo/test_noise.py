import pytest

from connectors import inspect, language
from demo.speech import phrases

TOLD = ("tidal-array", "cold-chain")


@pytest.mark.parametrize("name", TOLD)
def test_every_record_is_accounted_for(written, world, name):
    found = inspect(written / "exports" / name)
    assert found["format"] == "mbox+slack"
    assert found["kinds"] == {
        "auto_reply": 41,
        "bot": 9 * 14,
        "bounce": 5,
        "bulk": 14,
        "calendar": 2 * 14,
        "deleted": 3,
        "human": len(world.said[name]) + 7,
        "system": 14,
    }
    assert set(found["skipped"]) == {"duplicate", "no_time"}
    assert found["skipped"]["no_time"] == 1


def test_a_circular_goes_to_more_people_than_anybody_writes_to(messages):
    sizes = [len(each.recipients) for each in messages["tidal-array"] if len(each.recipients) > 25]
    assert sizes == [32, 32]


def test_a_few_messages_are_in_another_language(messages):
    foreign = set(phrases("shared")["say"]["foreign"])
    texts = [text for each in messages["cold-chain"] for text in foreign if plain(text) in plain(each.text)]
    assert {language(text) for text in texts} == {"de", "fr", "es"}
    assert len(texts) == 28


def plain(text):
    return " ".join(text.split())
