import json
import zipfile

import pytest

TOLD = ("tidal-array", "cold-chain")


def chats(messages, name):
    return [each for each in messages[name] if each.medium == "chat"]


@pytest.mark.parametrize("name", TOLD)
def test_both_teams_write_in_the_shared_channel(messages, name):
    found = {each.sender.tenant for each in chats(messages, name) if each.kind == "human" and each.channel}
    assert len(found) == 2


@pytest.mark.parametrize("name", TOLD)
def test_answers_stand_in_the_thread_of_their_question(messages, world, name):
    replies = sum(each.medium == "chat" and each.parent is not None for each in world.said[name])
    assert sum(bool(each.parent_id) for each in chats(messages, name)) == replies


@pytest.mark.parametrize("name", TOLD)
def test_the_roster_knows_everybody_who_chats_on_the_side_they_were_on(messages, world, name):
    sides = {partner: side for side in "ab" for partner in [world.plans[name][side]["partner"]]}
    by_stamp = {f"{int(u.sent_at.timestamp())}.{u.number:06d}": u for u in world.said[name] if u.medium == "chat"}
    for chat in chats(messages, name):
        if chat.kind == "human":
            known = world.roster.person_at(chat.sender, chat.sent_at)
            said = by_stamp[f"{chat.sent_at.timestamp():.6f}"]
            assert (known.person, sides[known.organisation]) == (said.author.key, said.side)


def test_some_people_of_the_other_team_have_no_address_in_the_export(written):
    with zipfile.ZipFile(written / "exports" / "cold-chain" / "slack-export.zip") as archive:
        users = json.loads(archive.read("users.json"))
    assert {"email" in user["profile"] for user in users} == {True, False}


def test_there_are_direct_conversations_and_edits(messages):
    found = chats(messages, "tidal-array")
    assert any(len(each.recipients) == 1 for each in found)
    assert any(each.edited_at for each in found)
