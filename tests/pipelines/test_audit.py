import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.audit import entries, first_broken_line, write
from pipelines.cli import main


@pytest.fixture
def log(tmp_path):
    for number in range(3):
        write(tmp_path / "store", "my-data", f"pseudonym{number}")
    return tmp_path / "store" / "audit.jsonl"


def changed(log, number, change):
    """Replace a line by what `change` makes of it."""
    lines = log.read_text(encoding="utf-8").splitlines()
    lines[number] = change(lines[number])
    log.write_text("\n".join(each for each in lines if each is not None) + "\n", encoding="utf-8")


def test_an_untouched_log_is_unbroken_and_an_empty_one_too(log, tmp_path):
    assert first_broken_line(log.parent) is None
    assert first_broken_line(tmp_path) is None
    assert [entry["subject"] for entry in entries(log.parent)] == ["pseudonym0", "pseudonym1", "pseudonym2"]


@pytest.mark.parametrize("field", ["at", "action", "subject", "hash", "previous"])
def test_an_altered_line_is_named(log, field):
    changed(log, 1, lambda line: json.dumps({**json.loads(line), field: "other"}))
    assert first_broken_line(log.parent) == 2


def test_a_removed_line_is_named_by_the_one_that_followed(log):
    changed(log, 1, lambda line: None)
    assert first_broken_line(log.parent) == 2


def test_moved_lines_are_named(log):
    lines = log.read_text(encoding="utf-8").splitlines()
    log.write_text("\n".join(reversed(lines)) + "\n", encoding="utf-8")
    assert first_broken_line(log.parent) == 1


@pytest.mark.parametrize("spoilt", ["{", "[]", '{"at": 1}', ""])
def test_a_line_that_is_no_entry_is_named_and_stops_nobody_from_writing(log, spoilt):
    changed(log, 1, lambda line: spoilt)
    assert first_broken_line(log.parent) == 2
    write(log.parent, "erase", "pseudonym1")
    assert entries(log.parent)[-1]["action"] == "erase"


def test_a_line_torn_by_a_crash_is_named_and_the_next_entry_is_whole(log):
    log.write_text(log.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    write(log.parent, "erase", "pseudonym1")
    assert first_broken_line(log.parent) == 3
    assert entries(log.parent)[-1]["subject"] == "pseudonym1"


def test_many_who_write_at_once_leave_one_chain(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: write(tmp_path, "my-data", f"p{number}"), range(40)))
    assert first_broken_line(tmp_path) is None
    assert len(entries(tmp_path)) == 40


def test_entries_about_somebody_are_found_by_pseudonym(log):
    assert len(entries(log.parent, ["pseudonym1"])) == 1
    assert entries(log.parent, ["pseudonym9"]) == []


def test_the_log_is_its_owners_alone(log):
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


def told(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    streams = capsys.readouterr()
    return ended.value.code, streams.out + streams.err


def test_the_command_counts_an_unbroken_log_and_names_a_broken_line(program, capsys):
    store = program.root / "store"
    for action in ("my-data", "my-data", "erase"):
        write(store, action, "pseudonym")
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
