import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli import main, quietpivot
from pipelines.cli_reference import reference

ROOT = Path(__file__).parents[2]
NIGHT = "2026-03-02T02:00:00+00:00"


def commands(group=quietpivot, path=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield pytest.param(command, id=" ".join((*path, name)))


def told(capsys, *arguments):
    """Run the command as a shell would; return exit code, standard output and error."""
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    out, err = capsys.readouterr()
    return ended.value.code, out, err


@pytest.mark.parametrize("command", list(commands()))
def test_every_command_has_a_help_with_an_example(command):
    assert "Example: " in command.help


def test_the_reference_shows_every_command_as_it_is():
    assert (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8") == reference()


def test_commands_that_need_no_model_load_no_framework():
    heavy = ("torch", "prefect", "transformers", "duckdb", "spacy", "pyarrow", "onnxruntime", "numpy")
    look = f"import sys, pipelines.cli; print([each for each in {heavy} if each in sys.modules])"
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_night_ends_by_saying_what_matters_and_where_to_look(program, capsys):
    code, out, _ = told(capsys, "run", program.root, "--direct", "--at", NIGHT)
    assert code == 0
    assert "Tide" in out
    assert str(program.root / "published" / "report.html") in out
    assert "112 messages kept as numbers" in out


def test_bad_configuration_exits_with_2_and_one_clear_line(program, capsys):
    settings = program.root / "program.toml"
    settings.write_text(settings.read_text().replace("stage", "stadge", 1))
    code, _, err = told(capsys, "run", program.root, "--direct")
    assert code == 2
    assert "stadge" in err
    assert "Traceback" not in err


def test_a_folder_without_a_program_says_how_to_make_one(tmp_path, capsys):
    code, _, err = told(capsys, "run", tmp_path / "nowhere")
    assert code == 2
    assert "quietpivot init" in err


def test_quarantined_input_exits_with_3_and_is_named(program, capsys):
    (program.root / "exports" / "tide" / "empty.mbox").touch()
    code, out, _ = told(capsys, "run", program.root, "--direct", "--at", NIGHT)
    assert code == 3
    assert "not used: exports/tide/empty.mbox" in out


def test_a_busy_store_exits_with_75(program, capsys):
    from warehouse import Store

    with Store(program.root / "store").writing():
        code, _, err = told(capsys, "run", program.root, "--direct", "--at", NIGHT)
    assert code == 75
    assert "held by process" in err


def test_a_fault_of_our_own_names_the_place_and_never_what_was_read(program, capsys, monkeypatch):
    def broken(*arguments, **options):
        raise ValueError("Canarytext of a message")

    monkeypatch.setattr("pipelines.shard.admit", broken)
    code, out, err = told(capsys, "run", program.root, "--direct", "--at", NIGHT)
    assert code == 1
    assert "ValueError" in err
    assert "Canarytext" not in out + err


def test_inspect_counts_an_export_as_one_json_object(program, capsys):
    export = program.root / "exports" / "tide" / "mail.mbox"
    code, out, _ = told(capsys, "inspect", export, "--json")
    found = json.loads(out)
    assert (code, found["format"], found["messages"], found["people"]) == (0, "mbox", 112, 14)
    assert set(found) == {"format", "messages", "people", "threads", "first", "last", "kinds", "skipped"}


def test_inspect_gives_one_line_an_export_and_goes_on_after_a_bad_one(program, tmp_path, capsys):
    (tmp_path / "bad.bin").write_bytes(b"\x00\x01")
    export = program.root / "exports" / "tide" / "mail.mbox"
    code, out, err = told(capsys, "inspect", tmp_path / "bad.bin", export, export, "--json")
    assert code == 2
    assert len(out.splitlines()) == 2
    assert "bad.bin" in err


def test_init_writes_a_program_whose_first_night_runs(tmp_path, capsys):
    code, out, _ = told(capsys, "init", tmp_path / "own")
    assert code == 0
    assert "consent give" in out
    assert told(capsys, "run", tmp_path / "own", "--direct")[0] == 0


def test_init_never_overwrites_a_program(program, capsys):
    before = (program.root / "program.toml").read_text()
    code, _, err = told(capsys, "init", program.root)
    assert (code, (program.root / "program.toml").read_text()) == (2, before)
    assert "choose another folder" in err


def test_consent_is_given_counted_and_verified_from_the_command(program, capsys):
    assert told(capsys, "consent", "give", program.root, "a1", "--source", "chat")[0] == 0
    assert "given      15" in told(capsys, "consent", "list", program.root)[1]
    assert "unbroken: 15 events" in told(capsys, "consent", "verify", program.root)[1]


def test_consent_of_somebody_unknown_is_refused(program, capsys):
    code, _, err = told(capsys, "consent", "give", program.root, "nobody")
    assert code == 2
    assert "people.csv" in err


def test_my_data_lists_all_that_is_held_and_the_access_is_logged(program, capsys):
    told(capsys, "run", program.root, "--direct", "--at", NIGHT)
    code, out, _ = told(capsys, "my-data", program.root, "a1")
    found = json.loads(out)
    assert code == 0
    assert len(found["consent"]) == 1
    assert len(found["signals"]["tide"]) == 16, "eight written, eight received"
    assert found["published_groups"]["tide"], "the months that were published with a digest of this person"
    log = (program.root / "store" / "audit.jsonl").read_text().splitlines()
    assert {json.loads(line)["action"] for line in log} == {"my-data"}
    assert "a1@aster.example" not in "".join(log)


def test_erase_withdraws_and_removes_the_rows_at_once(program, capsys):
    program.consent_until_today()
    told(capsys, "run", program.root, "--direct", "--at", NIGHT)
    code, out, _ = told(capsys, "erase", program.root, "a1")
    assert code == 0
    assert "erased 8 rows" in out
    assert json.loads(told(capsys, "my-data", program.root, "a1")[1])["signals"]["tide"] == []


def test_doctor_names_a_key_that_others_can_read(program, capsys):
    told(capsys, "run", program.root, "--direct", "--at", NIGHT)
    assert told(capsys, "doctor", program.root)[0] == 0
    (program.root / "keys" / "tide.key").chmod(0o644)
    code, out, _ = told(capsys, "doctor", program.root)
    assert code == 1
    assert "tide.key" in out


def test_score_reads_lines_and_gives_lines(monkeypatch, scorer):
    monkeypatch.setattr("models.load", lambda folder=None: scorer)
    lines = '{"id": "x", "text": "Why does it leak?"}\n\n{"id": 2, "text": ""}\n'
    result = CliRunner().invoke(quietpivot, ["score"], input=lines)
    found = [json.loads(line) for line in result.output.splitlines()]
    assert [each["id"] for each in found] == ["x", 2]
    assert found[0]["labels"]["seeks"] == 1
    assert found[0]["p"]["tone"] == [0.0, 1.0, 0.0]
    assert found[0]["p"]["seeks"] == 1.0


def test_score_names_a_line_that_is_no_record_and_does_not_quote_it(monkeypatch, scorer, capsys, tmp_path):
    monkeypatch.setattr("models.load", lambda folder=None: scorer)
    (tmp_path / "x.jsonl").write_text('{"id": 1, "text": "a"}\nCanarytext\n')
    code, _, err = told(capsys, "score", tmp_path / "x.jsonl")
    assert code != 0
    assert "line 2" in err
    assert "Canarytext" not in err


def test_demo_never_writes_over_a_program_of_somebody_else(program, tmp_path, capsys):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    code, _, err = told(capsys, "demo", tmp_path / "mine", "--direct")
    assert code == 2
    assert "fault of the program" not in err
    assert [each.name for each in (tmp_path / "mine").iterdir()] == ["notes.txt"]
