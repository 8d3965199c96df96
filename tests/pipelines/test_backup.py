"""Kept backups: what was withdrawn or erased since is gone again before anything of a restored store is read."""

import shutil
from datetime import date, timedelta

import pytest

from pipelines.audit import entries
from pipelines.folder import ProgramFolder
from pipelines.night import night
from pipelines.people import people_of
from pipelines.rights import erase_person, my_data, record_consent
from warehouse import Store, read_part


@pytest.fixture
def backup(program, night_at):
    """Run a night of a program whose people consent up to today, and keep a copy of everything but the keys."""
    program.consent_until_today()
    del program.mails[28:]
    program.write_mails()
    night(program.root, night_at)
    kept = program.root.with_name("backup")
    shutil.copytree(program.root, kept, ignore=shutil.ignore_patterns("keys"))
    return kept


def restore(program, backup, *names):
    for name in names:
        target = program.root / name
        if (backup / name).is_dir():
            shutil.rmtree(target)
            shutil.copytree(backup / name, target)
        else:
            shutil.copy(backup / name, target)


def pseudonym_of(program, person, at):
    people = people_of(ProgramFolder.open(program.root), at)["tide"]
    return people.named(program.address(person))


def holding(program, pseudonym):
    files = [file for file in (program.root / "store").rglob("*") if file.is_file()]
    found = [file.name for file in files if pseudonym.encode() in file.read_bytes()]
    parts = Store(program.root / "store").parts()
    return found + [each.name for each in parts for row in read_part(each) if pseudonym in str(row)]


RESTORED = [("store",), ("store", "consent.csv"), ("store", "consent.csv", "published"), ("consent.csv",)]


@pytest.mark.parametrize("names", RESTORED, ids=" and ".join)
def test_a_restored_backup_forgets_again_who_was_erased_since(program, backup, night_at, names, monkeypatch):
    gone = pseudonym_of(program, "a1", night_at)
    assert holding(program, gone), "the measure sees what is there"
    assert erase_person(program.root, "a1") == 2
    restore(program, backup, *names)
    read = []
    monkeypatch.setattr("pipelines.scoring.read_part", lambda part: read.append(holding(program, gone)) or [])
    outcome = night(program.root, night_at + timedelta(days=1))
    assert outcome.exit_code == 3, "it is said that older copies were brought back"
    assert not any(read), "nobody was left when the first part was read"
    assert holding(program, gone) == []
    assert night(program.root, night_at + timedelta(days=1)).exit_code == 0


def test_my_data_of_a_restored_store_is_empty_for_whoever_was_erased_and_whole_for_others(program, backup, night_at):
    erase_person(program.root, "a1")
    restore(program, backup, "store", "consent.csv")
    assert my_data(program.root, "a1")["signals"]["tide"] == []
    assert my_data(program.root, "a2")["signals"]["tide"]
    assert holding(program, pseudonym_of(program, "a1", night_at)) == []


def test_what_was_recorded_since_comes_back_in_its_order_and_is_logged(program, backup, night_at):
    folder = ProgramFolder.open(program.root)
    record_consent(folder, "a1", "withdrawn")
    record_consent(folder, "a2", "refused", sources=("chat",))
    whole = folder.consent.read_bytes()
    restore(program, backup, "consent.csv")
    assert folder.consent.read_bytes() != whole
    record_consent(folder, "a3", "withdrawn")
    assert folder.consent.read_bytes().startswith(whole)
    assert [each["subject"] for each in entries(folder) if each["action"] == "consent-brought-back"] == ["2"]


def test_two_registers_that_contradict_each_other_stop_everything(program, backup, night_at):
    from connectors import BadConsent

    folder = ProgramFolder.open(program.root)
    record_consent(folder, "a1", "withdrawn")
    restore(program, backup, "consent.csv")
    program.consent("a1", event="renewed", at=date(2025, 9, 1))
    with pytest.raises(BadConsent, match=r"consent\.csv, line \d+: expected what register-copy\.csv beside the keys"):
        night(program.root, night_at)
