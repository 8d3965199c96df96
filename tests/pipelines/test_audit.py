import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.audit import entries, faults, log_of, note_faults, write
from pipelines.cli import main
from pipelines.folder import ProgramFolder


@pytest.fixture
def folder(program):
    return ProgramFolder.open(program.root)


@pytest.fixture
def log(folder):
    for number in range(3):
        write(folder, "my-data", f"pseudonym{number}")
    return folder.store / "audit.jsonl"


def changed(log, number, change):
    """Replace a line by what `change` makes of it."""
    lines = log.read_text(encoding="utf-8").splitlines()
    lines[number] = change(lines[number])
    log.write_text("\n".join(each for each in lines if each is not None) + "\n", encoding="utf-8")


def test_an_untouched_log_is_unbroken_and_an_empty_one_too(folder, log):
    assert faults(folder) == []
    assert [entry["subject"] for entry in entries(folder)] == ["pseudonym0", "pseudonym1", "pseudonym2"]
    log.unlink()
    (folder.keys / "audit.head").unlink()
    assert faults(folder) == []


@pytest.mark.parametrize("field", ["at", "action", "subject", "hash", "previous"])
def test_an_altered_line_is_named(folder, log, field):
    changed(log, 1, lambda line: json.dumps({**json.loads(line), field: "other"}))
    assert "audit.jsonl, line 2" in faults(folder)[0]


def test_a_removed_line_is_named_by_the_one_that_followed(folder, log):
    changed(log, 1, lambda line: None)
    assert "audit.jsonl, line 2" in faults(folder)[0]


def test_moved_lines_are_named(folder, log):
    lines = log.read_text(encoding="utf-8").splitlines()
    log.write_text("\n".join(reversed(lines)) + "\n", encoding="utf-8")
    assert "audit.jsonl, line 1" in faults(folder)[0]


@pytest.mark.parametrize("spoilt", ["{", "[]", '{"at": 1}', ""])
def test_a_line_that_is_no_entry_is_named_and_stops_nobody_from_writing(folder, log, spoilt):
    changed(log, 1, lambda line: spoilt)
    assert "audit.jsonl, line 2" in faults(folder)[0]
    write(folder, "erase", "pseudonym1")
    assert entries(folder)[-1]["action"] == "erase"


@pytest.mark.parametrize("lines", [0, 1, 2])
def test_lines_cut_off_at_the_end_are_told_noted_and_told_no_more(folder, log, lines):
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:lines]))
    assert f"audit.jsonl: expected at least 3 lines, found {lines}" in faults(folder)[0]
    write(folder, "erase", "pseudonym1")
    assert faults(folder), "going on hides nothing"
    assert len(note_faults(folder)) == 1
    assert faults(folder) == []
    assert entries(folder)[-1] == {**entries(folder)[-1], "action": "found-cut-off", "subject": "audit"}


def test_half_a_last_line_is_told_because_the_head_knows_it_was_whole(folder, log):
    log.write_text(log.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    assert "found 2 that are others" in faults(folder)[0]


def test_a_line_torn_before_it_was_acknowledged_makes_way_for_the_next(folder, log):
    with log.open("a", encoding="utf-8") as stream:
        stream.write('{"at": "20')
    assert faults(folder) == []
    write(folder, "erase", "pseudonym1")
    assert faults(folder) == []
    assert [entry["action"] for entry in entries(folder)] == ["my-data"] * 3 + ["erase"]


def test_an_older_copy_of_a_log_and_a_spoilt_head_are_told(folder, log):
    older = log.read_bytes()
    write(folder, "erase", "pseudonym1")
    log.write_bytes(older)
    assert "an older copy was brought back" in faults(folder)[0]
    (folder.keys / "audit.head").write_text("x")
    assert "audit.head is damaged" in faults(folder)[0]


def test_a_log_that_found_no_room_holds_whole_lines_only(folder, log, monkeypatch):
    before = log.read_bytes()
    monkeypatch.setattr("os.pwrite", lambda descriptor, content, place: len(content) - 1)
    with pytest.raises(OSError, match="No space left"):
        write(folder, "erase", "pseudonym1")
    assert log.read_bytes() == before


def test_many_who_write_at_once_leave_one_chain(folder):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: write(folder, "my-data", f"p{number}"), range(40)))
    assert faults(folder) == []
    assert len(entries(folder)) == 40


def test_entries_about_somebody_are_found_by_pseudonym(folder, log):
    assert len(entries(folder, ["pseudonym1"])) == 1
    assert entries(folder, ["pseudonym9"]) == []


def test_the_log_is_its_owners_alone(folder, log):
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(log_of(folder, "audit").head.stat().st_mode) == 0o600


def told(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    streams = capsys.readouterr()
    return ended.value.code, streams.out + streams.err


def test_the_command_counts_an_unbroken_log_and_names_a_broken_line(program, capsys):
    store = program.root / "store"
    for action in ("my-data", "my-data", "erase"):
        write(ProgramFolder.open(program.root), action, "pseudonym")
    code, said = told(capsys, "audit", "verify", program.root)
    assert (code, said.splitlines()) == (0, ["unbroken: 3 entries", "my-data    2", "erase      1"])
    changed(store / "audit.jsonl", 1, lambda line: line.replace("my-data", "nothing"))
    code, said = told(capsys, "audit", "verify", program.root)
    assert code == 1
    assert "line 2" in said
    assert "line 2" in told(capsys, "doctor", program.root)[1]


def test_doctor_names_what_others_could_open_and_the_next_night_closes_it(program, capsys):
    night = ("run", program.root, "--direct", "--at", "2026-03-02T02:00:00+00:00")
    told(capsys, *night)
    assert told(capsys, "doctor", program.root)[0] == 0
    (program.root / "store" / "parts" / "tide").chmod(0o755)
    (program.root / "store" / "ledger.jsonl").chmod(0o644)
    code, said = told(capsys, "doctor", program.root)
    assert code == 1
    assert "found ledger.jsonl, tide open; the next night closes it" in said
    told(capsys, *night)
    assert told(capsys, "doctor", program.root)[0] == 0


def test_keys_are_listed_by_fingerprint_and_rotated_by_command(program, capsys):
    told(capsys, "run", program.root, "--direct", "--at", "2026-03-02T02:00:00+00:00")
    before = told(capsys, "keys", "list", program.root)[1]
    key = (program.root / "keys" / "tide.key").read_text().strip()
    code, said = told(capsys, "keys", "rotate", program.root, "tide")
    assert code == 0
    assert "1 parts of the store forgotten" in said
    after = told(capsys, "keys", "list", program.root)[1]
    assert before.splitlines()[0] != after.splitlines()[0]
    assert before.splitlines()[1] == after.splitlines()[1]
    assert key not in before + after + said
