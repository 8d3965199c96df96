import pytest

from connectors import inspect, language, read
from connectors.message import Message

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


def test_a_circular_goes_to_more_people_than_anybody_writes_to(written):
    mails = read_all(written / "exports" / "tidal-array")
    sizes = [len(mail.recipients) for mail in mails if len(mail.recipients) > 25]
    assert sizes == [32, 32]


def read_all(folder):
    ids = set()
    for path in sorted(folder.glob("mail-*")):
        for record in read(path):
            if isinstance(record, Message) and record.id not in ids:
                ids.add(record.id)
                yield record


def test_a_few_messages_are_in_another_language(written):
    texts = [mail.text.split("\n\n")[0] for mail in read_all(written / "exports" / "cold-chain")]
    assert {"de", "fr", "es"} <= {language(text) for text in texts if len(text) > 90}
