"""Sittings: who may read, what is shown, and what is left of it."""

import os
import pwd
import sys
from collections import Counter
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from pipelines.audit import entries
from pipelines.cli import main
from pipelines.errors import NotAuthorised, NothingToLabel
from pipelines.folder import ProgramFolder
from pipelines.keys import rotate
from pipelines.labelling import sitting
from pipelines.night import night
from pipelines.people import people_of
from pipelines.rights import erase_person, my_data, record_consent
from warehouse import OwnLabels

ANSWERS = {"tone": 0, "transparency": 1, "shares": 1, "seeks": 0, "commits": 0, "social": 0, "orientation": 1}
LOGIN = pwd.getpwuid(os.getuid()).pw_name


def permit(program, notices='["1"]', steward=f'a3 = "{LOGIN}"'):
    with (program.root / "program.toml").open("a") as settings:
        settings.write(f"\n[labelling]\nnotices = {notices}\n[labelling.stewards]\n{steward}\n")


def unpublished(program, later=0):
    """Run a night up to its publication, which no sitting needs."""

    def perform(name, work):
        if name != "publish":
            work()

    night(program.root, datetime.now(UTC) + timedelta(seconds=later), perform=perform)


@pytest.fixture
def permitted(program):
    """A program after its night, in which a3 may read what people wrote who consented under notice 1: everybody."""
    program.consent_until_today()
    permit(program)
    unpublished(program)
    return program


def opened(program, count=40, seed=0):
    return sitting(program.root, "tide", count, chance=Random(seed))


def label(program, count=40, stop=None, seed=0):
    """Answer every message of a sitting, or so many; return the texts that were shown."""
    shown, found = [], opened(program, count, seed)
    for row, text in found.messages():
        shown.append(text)
        if len(shown) == stop:
            break
        found.answer(row, ANSWERS)
    return shown


def book(program):
    return OwnLabels(program.root / "store").rows("tide")


def pseudonym_of(program, person):
    people = people_of(ProgramFolder.open(program.root), datetime.now(UTC))["tide"]
    return people.named(program.address(person))


# --- who may read ---


@pytest.mark.parametrize("login", ["somebody", "", "a3"])
def test_a_login_that_the_program_does_not_name_reads_nothing(permitted, login):
    with pytest.raises(NotAuthorised, match=r"\[labelling.stewards\]"):
        sitting(permitted.root, "tide", 40, login=login or "nobody")
    assert book(permitted) == []
    assert "label" not in {entry["action"] for entry in entries(ProgramFolder.open(permitted.root))}


def test_by_default_nobody_reads(program):
    program.consent_until_today()
    with pytest.raises(NotAuthorised):
        opened(program)


@pytest.mark.parametrize("steward", [f'nobody = "{LOGIN}"', f'gone = "{LOGIN}"'])
def test_a_steward_who_is_not_of_the_roster_today_reads_nothing(program, steward):
    with (program.root / "people.csv").open("a") as roster:
        roster.write("gone,gone@aster.example,aster,,,2025-01-01,2025-02-01\n")
    permit(program, steward=steward)
    with pytest.raises(NotAuthorised):
        opened(program)


def test_consent_to_being_scored_is_no_consent_to_being_read(program):
    """Six a side consented again under the notice that tells of labelling, one of each under the old one."""
    program.consent_until_today()
    for person in program.everybody():
        if person not in ("a1", "b1"):
            record_consent(ProgramFolder.open(program.root), person, "renewed", notice="2")
    permit(program, notices='["2"]')
    unpublished(program, later=1)
    opened(program, 112)
    read = {row["author"] for row in book(program)}
    assert len(read) == 12
    assert not read & {pseudonym_of(program, each) for each in ("a1", "b1")}


def test_without_a_notice_that_tells_of_it_nobody_is_read(program):
    permit(program, notices="[]")
    with pytest.raises(NotAuthorised, match="no consent to being read"):
        opened(program)


def test_the_group_of_those_who_may_be_read_is_never_smaller_than_the_minimum(permitted):
    for person in ("b0", "b1", "b2"):
        record_consent(ProgramFolder.open(permitted.root), person, "withdrawn")
    with pytest.raises(NothingToLabel, match="at least 5 people"):
        opened(permitted)


def test_an_alliance_whose_messages_are_not_read_is_not_labelled(permitted):
    with pytest.raises(NothingToLabel, match="tide"):
        sitting(permitted.root, "early", 40)


# --- what is shown ---


def test_a_sitting_shows_own_words_of_consenting_people_and_leaves_a_line_in_the_log(permitted, scorer):
    shown = label(permitted, 20)
    assert len(shown) == 20
    assert set(shown) <= set(scorer.read), "the text that the model reads"
    people = people_of(ProgramFolder.open(permitted.root), datetime.now(UTC))["tide"]
    own = [entry for entry in entries(ProgramFolder.open(permitted.root)) if entry["action"] == "label"]
    assert [entry["subject"] for entry in own] == [people.named("person/a3")]


def test_no_text_is_shown_twice_whatever_ends_the_sitting(permitted):
    first = label(permitted, 15, stop=7)
    second = label(permitted, 15)
    third = label(permitted, 15)
    assert (len(first), len(second), len(third)) == (7, 8, 15)
    assert not set(first) & set(second)
    assert not set(third) & {*first, *second}
    assert sum(row["state"] == "shown" for row in book(permitted)) == 1, "the one during which the steward left"


def test_equal_words_in_two_messages_are_shown_once_and_count_for_both(program):
    del program.mails[14:]
    for number in range(12):
        side, other = "ab"[number % 2], "ba"[number % 2]
        program.mail(f"{side}{number % 7}", [f"{other}1"], "The same words in many mails about the valve.")
    program.write_mails()
    program.consent_until_today()
    permit(program)
    unpublished(program)
    shown = label(program, 26)
    assert shown.count("The same words in many mails about the valve.") == 1
    assert sum(row["state"] == "labelled" for row in book(program)) == 26


def test_whoever_withdraws_during_a_sitting_is_not_shown_any_more(permitted):
    found = opened(permitted, 30)
    shown = []
    for row, _ in found.messages():
        shown.append(row["author"])
        if len(shown) == 1:
            gone = next(each for each in permitted.everybody() if pseudonym_of(permitted, each) != row["author"])
            record_consent(ProgramFolder.open(permitted.root), gone, "withdrawn")
            withdrawn = pseudonym_of(permitted, gone)
    assert withdrawn not in shown[1:]
    assert len(shown) == sum(row["author"] != withdrawn for row in book(permitted)) < 30


def test_a_message_that_no_export_holds_any_more_is_passed_over_for_good(permitted):
    found = opened(permitted)
    found.texts.clear()
    assert list(found.messages()) == []
    assert {row["state"] for row in book(permitted)} == {"skipped"}


# --- what is left ---


def test_labels_and_what_the_model_said_are_kept_and_not_one_word(permitted):
    shown = label(permitted, 20)
    rows = [row for row in book(permitted) if row["state"] == "labelled"]
    assert len(rows) == 20
    assert {row["label_transparency"] for row in rows} == {1}
    assert {row["model"] for row in rows} == {"marks@000000000000"}
    assert {row["chance"] for row in rows} == {20 / 112}
    files = [file for file in (permitted.root / "store").rglob("*") if file.is_file()]
    words = {word.encode() for text in shown for word in text.split() if len(word) > 4}
    assert not [file.name for file in files if any(word in file.read_bytes() for word in words if word != b"under")]


def test_the_next_night_counts_with_the_labels_and_publishes_anew(permitted):
    now = datetime.now(UTC)
    night(permitted.root, now)
    label(permitted, 25)
    assert night(permitted.root, now).published
    assert not night(permitted.root, now).published


def test_erasure_takes_a_persons_labels_and_withdrawal_does_at_the_next_night(permitted):
    opened(permitted, 112)
    gone = pseudonym_of(permitted, "a1")
    assert sum(row["author"] == gone for row in book(permitted)) == 8
    assert erase_person(permitted.root, "a1") == 16, "eight messages, and what a steward said of each"
    assert gone not in {row["author"] for row in book(permitted)}
    record_consent(ProgramFolder.open(permitted.root), "b1", "withdrawn")
    unpublished(permitted, later=1)
    assert pseudonym_of(permitted, "b1") not in {row["author"] for row in book(permitted)}
    files = [file for file in (permitted.root / "store").rglob("*") if file.is_file()]
    assert not [file.name for file in files if gone.encode() in file.read_bytes()]


def test_my_data_tells_a_person_which_of_their_messages_were_read_when_and_how(permitted):
    label(permitted, 112, stop=15)
    found = my_data(permitted.root, "a1")["labels"]["tide"]
    assert len(found) == 8
    today = datetime.now(UTC).date()
    told = Counter((row["state"], row["shown_on"], row["label_shares"]) for row in found)
    assert told.keys() <= {("labelled", today, 1), ("shown", today, None), ("drawn", None, None)}
    assert told["shown", today, None] <= 1, "the one before which the steward stopped; whose it is, chance decides"


def test_a_new_key_forgets_the_labels_that_were_made_under_the_old_one(permitted):
    opened(permitted)
    rotate(ProgramFolder.open(permitted.root), "tide")
    assert book(permitted) == []


# --- the command ---


@pytest.fixture
def terminal(monkeypatch):
    """Pretend to be a terminal on which somebody presses keys."""

    def press(keys):
        pressed = iter(keys)
        reader = nullcontext(lambda: next(pressed))
        monkeypatch.setattr("pipelines.label_screen.one_by_one", lambda terminal: reader)
        monkeypatch.setattr(sys.stdin, "fileno", lambda: 0)
        for stream in (sys.stdin, sys.stdout):
            monkeypatch.setattr(stream, "isatty", lambda: True)

    return press


def ended(*arguments):
    with pytest.raises(SystemExit) as end:
        main([str(each) for each in arguments])
    return end.value.code


def test_the_command_labels_by_single_keys_and_says_how_many(permitted, terminal, capsys):
    terminal("+-ynny2" + "s" + "00nnnn0" + "q")
    assert ended("label", permitted.root, "--count", "20") == 0
    assert (
        capsys.readouterr()
        .out.splitlines()[-1]
        .endswith("2 labelled, 1 skipped, 16 wait; the next night counts with them")
    )
    states = [row["state"] for row in book(permitted)]
    assert [states.count(each) for each in ("labelled", "skipped", "shown", "drawn")] == [2, 1, 1, 16]


def test_the_command_shows_nothing_where_its_output_goes_into_a_file(permitted, capsys):
    assert ended("label", permitted.root) == 2
    said = capsys.readouterr()
    assert "expected a terminal" in said.err
    assert not said.out
    assert book(permitted) == []


def test_the_command_asks_for_the_alliance_where_there_is_a_choice(permitted, terminal, capsys):
    terminal("q")
    settings = permitted.root / "program.toml"
    cedar = '[[partners]]\nid = "cedar"\nname = "Cedar"\n[[alliances]]\nid = "third"\nname = "Third"\n'
    cedar += 'partners = ["aster", "cedar"]\nstage = "scale"\nstarted = 2026-01-01\n'
    settings.write_text(settings.read_text().replace("[[alliances]]", cedar + "[[alliances]]", 1))
    assert ended("label", permitted.root) == 2
    assert "one of third, tide" in capsys.readouterr().err
