import re
from collections import defaultdict

import pytest

from connectors import OwnText, detect, inspect, own_text

TOLD = ("tidal-array", "cold-chain")
NOT_TOLD = {"outsider": 4, "broadcast": 2, "fragment": 1}
"""Human mails that lie among the noise: strangers (months 2, 6, 10, 14), circulars (3, 9), torn remains (5)."""


def plain(text):
    return re.sub(r"\s+", " ", text)


def human(messages, name):
    return [each for each in messages[name] if each.kind == "human"]


@pytest.mark.parametrize("name", TOLD)
def test_every_utterance_is_read_once_and_its_own_text_is_what_was_said(messages, world, name):
    waiting = defaultdict(list)
    for each in world.said[name]:
        waiting[each.medium, each.sent_at.replace(microsecond=0)].append(each)
    strange = 0
    for record in human(messages, name):
        own = own_text(record)
        assert isinstance(own, OwnText), record.locator
        told = waiting[record.medium, record.sent_at.replace(microsecond=0)]
        match = next((each for each in told if plain(own.text).endswith(plain(each.text))), None)
        if match is None:
            strange += 1
            continue
        told.remove(match)
        assert len(plain(own.text)) - len(plain(match.text)) <= 40, record.locator
    assert not [each.number for left in waiting.values() for each in left]
    assert strange == sum(NOT_TOLD.values())


@pytest.mark.parametrize("name", TOLD)
def test_replies_quote_in_several_styles(messages, name):
    bodies = [record.text for record in human(messages, name) if record.medium == "mail" and record.parent_id]
    for mark in (r"^> ", r"^On .* wrote:$", r"^Am .* schrieb .*:$", r"^-----Original Message-----$"):
        assert sum(bool(re.search(mark, body, re.MULTILINE)) for body in bodies) >= 20, mark


@pytest.mark.parametrize("name", TOLD)
def test_some_mails_have_html_beside_the_text(messages, name):
    assert sum(bool(record.html) for record in human(messages, name)) >= 100


@pytest.mark.parametrize("name", TOLD)
def test_quarters_repeat_the_last_mails_of_the_quarter_before(written, name):
    found = inspect(written / "exports" / name)
    quarters = len(list((written / "exports" / name).glob("mail-*")))
    assert found["skipped"]["duplicate"] == 4 * (quarters - 1)


def test_half_of_the_quarters_are_packed(written):
    names = sorted(path.name for path in (written / "exports" / "cold-chain").glob("mail-*"))
    assert {name.endswith(".gz") for name in names} == {True, False}
    assert {detect(written / "exports" / "cold-chain" / name).name for name in names} == {"mbox"}
