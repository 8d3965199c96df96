"""What counts as one export, and when it is read again."""

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.export import content_digest, exports_of
from pipelines.folder import ProgramFolder
from pipelines.night import night
from warehouse import Store, read_part

NIGHT = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture
def saved(program):
    """A program whose mails lie in a folder, one file each."""
    (program.root / "exports" / "tide" / "mail.mbox").unlink()
    save(program)
    return program


def save(program, first=0):
    folder = program.root / "exports" / "tide" / "saved"
    folder.mkdir(exist_ok=True)
    for number, mail in enumerate(program.mails[first:], start=first):
        (folder / f"{number:03}.eml").write_bytes(bytes(mail))
    return folder


def rows(program):
    return [row for part in Store(program.root / "store").parts() for row in read_part(part)]


def test_a_folder_of_single_mails_costs_one_part(saved):
    outcome = night(saved.root, NIGHT)
    assert (outcome.exit_code, outcome.messages, outcome.scored) == (0, 112, 112)
    assert len(Store(saved.root / "store").parts()) == 1


def test_a_new_mail_in_a_folder_is_read_the_next_night_and_only_that_one_is_scored(saved, scorer):
    night(saved.root, NIGHT)
    scorer.read.clear()
    saved.mail("a0", ["b0"], "A fresh word because of the seals.", number="fresh")
    save(saved, first=112)
    outcome = night(saved.root, NIGHT + timedelta(days=1))
    assert (outcome.messages, len(scorer.read)) == (113, 1)
    assert len(Store(saved.root / "store").parts()) == 1


def test_a_file_that_is_no_mail_is_named_and_the_mails_beside_it_are_read(saved):
    (save(saved) / "000.eml").write_bytes(b"\0\1 half a download")
    outcome = night(saved.root, NIGHT)
    assert outcome.messages == 111
    assert [each.where for each in outcome.quarantined] == ["exports/tide/saved/000.eml"]


def test_a_night_that_stops_within_a_folder_ends_in_the_same_rows_when_run_again(saved, scorer, monkeypatch):
    monkeypatch.setattr("pipelines.scoring.BATCH", 20)
    original = type(scorer).score

    def failing(self, texts):
        if len(self.read) >= 60:
            raise KeyboardInterrupt
        return original(self, texts)

    with monkeypatch.context() as patch:
        patch.setattr(type(scorer), "score", failing)
        with pytest.raises(KeyboardInterrupt):
            night(saved.root, NIGHT)
    assert rows(saved) == []
    assert night(saved.root, NIGHT).messages == 112
    assert len({row["message_key"] for row in rows(saved)}) == 112


def test_what_lies_beside_single_mails_does_not_make_them_be_read_again(saved):
    [export] = exports_of(ProgramFolder.open(saved.root))
    before = content_digest(export.path)
    saved.write_mails("saved/list.mbox")
    assert content_digest(export.path) == before
    save(saved).joinpath("000.eml").write_bytes(bytes(saved.mails[1]))
    assert content_digest(export.path) != before
