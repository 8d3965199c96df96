"""Real archives beside the checkout: what we report must equal what was counted independently."""

import json
from pathlib import Path

import pytest

from connectors import Message, UnknownFormat, detect, inspect

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "samples"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside this checkout"),
]
AUTOMATIC = {"multipart/report", "null return-path", "mailer-daemon", "Auto-Submitted"}


def expected(folder: str) -> dict:
    file = SAMPLES / folder / "EXPECTED.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def utc(moment: str | None) -> str | None:
    return moment.replace("Z", "+00:00") if moment else None


MBOXES = [
    (folder, name)
    for folder in ("mbox/perceval-hyperkitty", "mbox/perceval-mbox", "mbox/perceval-pipermail", "mbox/tika")
    for name, facts in expected(folder).get("files", {}).items()
    if not facts["messages_without_sender_address"]
]


@pytest.mark.parametrize(("folder", "name"), MBOXES)
def test_an_archive_holds_what_was_counted(folder, name):
    facts, found = expected(folder)["files"][name], inspect(SAMPLES / folder / name)
    assert found["messages"] == facts["distinct_messages_by_message_id"]
    assert found["messages"] + found["skipped"].get("duplicate", 0) == facts["records"]
    assert (found["first"], found["last"]) == (utc(facts["first_utc"]), utc(facts["last_utc"]))
    assert found["threads"] == facts["threads_by_references_only"]
    assert found["people"] == facts["distinct_sender_addresses"]


def test_ten_years_of_a_list_hold_as_many_messages_and_threads_as_its_own_index():
    facts = expected("mbox/pipermail-fetchmail-users")
    found = inspect(SAMPLES / "mbox/pipermail-fetchmail-users")
    assert found["messages"] == facts["archive_own_index_total"]
    assert found["skipped"]["duplicate"] == facts["records"] - facts["archive_own_index_total"]
    assert found["threads"] == facts["threads_by_references_only"]
    assert found["kinds"]["fragment"] == facts["pseudo_messages_bogus_at_does_not_exist"]
    assert (found["first"], found["last"]) == (utc(facts["first_utc"]), utc(facts["last_utc"]))
    # The author of the fragments is nobody, so the people are one fewer than the addresses.
    assert found["people"] == facts["distinct_sender_addresses"] - 1


@pytest.mark.parametrize("name", sorted(expected("mbox/pipermail-fetchmail-users").get("per_month", {})))
def test_a_month_of_a_list_holds_as_many_messages_as_its_own_index(name):
    facts = expected("mbox/pipermail-fetchmail-users")["per_month"][name]
    found = inspect(SAMPLES / f"mbox/pipermail-fetchmail-users/{name}.txt.gz")
    assert found["messages"] == facts["archive_index_messages"]


MAILS = [
    (folder, name)
    for folder in ("eml/tika", "eml/cpython-test_email", "maildir/mu")
    for name in expected(folder).get("expected", {})
]


@pytest.mark.parametrize(("folder", "name"), MAILS)
def test_a_mail_says_what_two_parsers_agree_on(folder, name):
    facts, file = expected(folder)["expected"][name], SAMPLES / folder / name
    try:
        record = next(iter(detect(file).read(file)))
    except UnknownFormat:
        assert facts["sender"] is None and facts["date_utc"] is None
        return
    if not isinstance(record, Message):
        assert facts["sender"] is None
        return
    agreed = facts["two_parsers_agree"]
    if agreed["sender"]:
        assert record.sender.address == (facts["sender"] or "")
    if agreed["date"] and record.time_quality == "exact":
        assert record.sent_at is not None and record.sent_at.isoformat() == utc(facts["date_utc"])
    if agreed["subject"]:
        assert record.subject.split() == (facts["subject"] or "").split()
    if AUTOMATIC & set(facts.get("automatic_signals", [])):
        assert record.kind != "human"


def test_bounces_with_a_signal_in_their_header_are_not_taken_for_people():
    """Of 832 bounces of this set 21 carry no header signal at all; these three are among them."""
    found = inspect(SAMPLES / "bounces" / "sisimai")
    assert found["messages"] == 90
    assert found["kinds"]["human"] == 3
