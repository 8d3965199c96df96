"""Requests that one medium makes and another answers: found by a link or a Message-ID, and by nothing less."""

import json
from datetime import UTC, datetime, timedelta

from pipelines.building import inputs
from pipelines.night import night
from warehouse.private import private_tables, rows

NIGHT = datetime(2026, 3, 2, 2, tzinfo=UTC)
ASKED = datetime(2026, 2, 2, 9, tzinfo=UTC)
LATER = ASKED + timedelta(hours=5)
MINUTE = timedelta(minutes=1)
NEXT_DAY = ASKED + timedelta(days=1)
LINK = "https://tide.slack.com/archives/C01LAUNCH/p1770022800000100"

QUESTIONS = {
    "a0": "On Thursday. Message-ID: <a0@mail.example>",
    "a1": "On Thursday, see <https://lore.example.org/depot/a1@mail.example/|the question>",
    "a2": "Re: the opening of the depot. On Thursday.",
    "a3": "On Thursday.",
}
"""Who asks by mail -> how somebody of the other side answers in chat."""


def write_slack(program, *said):
    """Write a channel in which these (person, instant, text) are said."""
    folder = program.root / "exports" / "tide" / "slack"
    (folder / "launch").mkdir(parents=True)
    events = [
        {"type": "message", "user": person, "ts": f"{at.timestamp():.0f}.000100", "text": text}
        for person, at, text in said
    ]
    users = [{"id": each, "team_id": "T1", "profile": {"email": program.address(each)}} for each in program.everybody()]
    (folder / "users.json").write_text(json.dumps(users), encoding="utf-8")
    (folder / "channels.json").write_text(json.dumps([{"id": "C01LAUNCH", "name": "launch"}]), encoding="utf-8")
    (folder / "launch" / "2026-02-02.json").write_text(json.dumps(events), encoding="utf-8")


def requests(program, monkeypatch):
    """Return minute of the request -> when it was answered, after a night over what is there."""
    kept = []
    monkeypatch.setattr("pipelines.building.inputs", lambda *more: kept.append(inputs(*more)) or kept[-1])
    assert night(program.root, NIGHT).exit_code == 0
    with private_tables(kept[-1], "request") as connection:
        found = rows(connection, "select sent_at, date_trunc('second', answered_at) as answered_at from request")
    return {(row["sent_at"] - ASKED) // MINUTE: row["answered_at"] for row in found}


def test_a_request_is_answered_in_another_medium_where_the_answer_names_it_and_nowhere_else(program, monkeypatch):
    program.mails.clear()
    subject = {"Subject": "The opening of the depot"}
    for minute, asker in enumerate(QUESTIONS, start=1):
        program.mail(asker, ["b0"], "When does it open?", at=ASKED + minute * MINUTE, number=asker, **subject)
    program.mail("b0", ["a0"], "Later I see.", at=NEXT_DAY, number="late", In_Reply_To="<a0@mail.example>")
    program.mail("b4", ["a4"], f"It is tight: {LINK}", at=LATER, number="to-chat")
    program.mail("b5", ["a5"], "It is tight.", at=LATER, number="to-none")
    program.write_mails()
    write_slack(
        program,
        ("a4", ASKED, "Is the seal of the valve tight?"),
        ("a5", ASKED + 5 * MINUTE, "Is the other seal tight?"),
        *(("b1", LATER + minute * MINUTE, words) for minute, words in enumerate(QUESTIONS.values(), start=1)),
    )
    by_link_in_chat = {1: LATER + 1 * MINUTE, 2: LATER + 2 * MINUTE}
    by_link_in_mail = {0: LATER}
    by_likeness = {3: None, 4: None, 5: None}
    assert requests(program, monkeypatch) == by_link_in_chat | by_link_in_mail | by_likeness
