"""Canaries in everything people wrote: whatever fails, none of them is left anywhere or told to anybody."""

import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from pipelines.cli import main
from warehouse import Published

NIGHT = "2026-03-02T02:00:00+00:00"
INPUTS = {"exports", "surveys", "registers", "people.csv", "consent.csv", "program.toml"}
"""What people dropped in is theirs; everything else under a program's folder is written by us."""

REGISTER_COPY = "keys/register-copy.csv"
"""Says what consent.csv says, line by line, and must say nothing else."""

PLACES = (
    "body",
    "subject",
    "name",
    "address",
    "attachment",
    "list",
    "comment",
    "respondent",
    "note",
    "team",
    "person",
    "quoted",
)
CANARIES = {place: f"canary{place}word" for place in PLACES}


def holds(text):
    """Return the canaries that stand in a text or in bytes, whatever their case."""
    told = text.lower() if isinstance(text, str) else text.lower().decode("latin-1")
    return sorted(place for place, word in CANARIES.items() if word in told)


def written(folder):
    """Yield (name, content) of every file below a folder; packed ones also unpacked."""
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            yield str(file.relative_to(folder)), file.read_bytes()
            if file.suffix == ".parquet":
                yield f"{file.name}, unpacked", str(parquet.read_table(file).to_pylist())
            if file.suffix == ".duckdb":
                yield f"{file.name}, unpacked", str(tables(file))


def tables(database):
    published = Published(database)
    names = [row["table_name"] for row in published.query("select table_name from duckdb_tables()")]
    return {name: published.query(f'select * from "{name}"') for name in names}


def ours(root):
    """Return name -> canaries of every file that we wrote into a program's folder."""
    copy, register = root / REGISTER_COPY, root / "consent.csv"
    copied = REGISTER_COPY if copy.is_file() and copy.read_bytes() == register.read_bytes() else ""
    files = [each for each in written(root) if Path(each[0]).parts[0] not in INPUTS and each[0] != copied]
    found = {name: holds(content) for name, content in files}
    return {name: canaries for name, canaries in found.items() if canaries}


@pytest.fixture
def canaries(program, tmp_path, monkeypatch):
    """A program in which everything that somebody wrote holds a canary; temporary files land where they are seen."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    mail = EmailMessage()
    mail["From"] = f"{CANARIES['name']} Somebody <{CANARIES['address']}@aster.example>"
    mail["To"] = f"{CANARIES['name']} <b0@birch.example>"
    mail["Subject"] = CANARIES["subject"]
    mail["Date"] = program.mails[0]["Date"]
    mail["Message-ID"] = "<canary@mail.example>"
    mail["List-Id"] = f"<{CANARIES['list']}.lists.example>"
    mail.set_content(
        f"The {CANARIES['body']} holds because of the seal.\n\nOn Monday, B wrote:\n> {CANARIES['quoted']}\n"
    )
    mail.add_attachment(b"x", maintype="application", subtype="pdf", filename=f"{CANARIES['attachment']}.pdf")
    program.mails.append(mail)
    program.write_mails()
    with (program.root / "people.csv").open("a") as roster:
        roster.write(f"{CANARIES['person']},{CANARIES['address']}@aster.example,aster,,{CANARIES['team']},,\n")
    program.consent(CANARIES["person"])
    survey(program)
    return program


def survey(program):
    settings = '\n[[surveys]]\npath = "surveys/s.csv"\nperiod = "month"\nalliance = "alliance"\nside = "side"\n'
    settings += 'dimension = "dimension"\nvalue = "value"\ncomment = "comment"\nrespondent = "who"\n'
    with (program.root / "program.toml").open("a") as file:
        file.write(settings)
    for name in ("surveys", "registers"):
        (program.root / name).mkdir(exist_ok=True)
    lines = [
        f"2026-01,tide,{side},trust,{value},{CANARIES['comment']},{CANARIES['respondent']}{side}{value}"
        for side in ("aster", "birch")
        for value in (3, 4, 5)
    ]
    heading = "month,alliance,side,dimension,value,comment,who"
    (program.root / "surveys" / "s.csv").write_text("\n".join([heading, *lines, ""]))
    register = f"date,alliance,kind,note\n2026-01-15,tide,refocus,{CANARIES['note']}\n"
    (program.root / "registers" / "pivots.csv").write_text(register)


def told(capsys, caplog, recwarn, *arguments):
    """Run the command; return its exit code and everything that it said: streams, logs and warnings."""
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    streams = capsys.readouterr()
    warned = [f"{each.message} {each.filename}" for each in recwarn]
    return ended.value.code, "\n".join([streams.out, streams.err, caplog.text, *warned])


def test_the_measure_finds_a_canary_in_every_kind_of_file_that_we_write(tmp_path):
    import duckdb
    import pyarrow as pa

    word = CANARIES["body"]
    parquet.write_table(pa.table({"x": [word] * 50}), tmp_path / "a.parquet", compression="zstd")
    with duckdb.connect(str(tmp_path / "b.duckdb")) as connection:
        connection.execute("create table t as select $word as x from range(5000)", {"word": word.upper()})
    (tmp_path / "c.jsonl").write_text(word.title())
    assert {name.split(",")[0] for name in ours(tmp_path)} == {"a.parquet", "b.duckdb", "c.jsonl"}


def test_a_night_that_goes_well_leaves_no_canary_anywhere(canaries, tmp_path, scorer, capsys, caplog, recwarn):
    code, said = told(capsys, caplog, recwarn, "run", canaries.root, "--direct", "--at", NIGHT)
    assert code == 0
    assert [text for text in scorer.read if CANARIES["body"] in text], "it was read"
    assert not [text for text in scorer.read if CANARIES["quoted"] in text], "and without what it quotes"
    assert holds(said) == []
    assert ours(canaries.root) == {}
    assert [name for name, content in written(tmp_path / "temporary") if holds(content)] == []


STEPS = (
    *("pipelines.spaces.read", "pipelines.spaces.author_of", "pipelines.scoring.read", "pipelines.shard.admit"),
    *("pipelines.admission.own_text", "pipelines.admission.language", "pipelines.shard.columns"),
    *("pipelines.scoring.scorer", "warehouse.parts.write_beside", "warehouse.store.Store.record"),
    *("pipelines.building.erase", "pipelines.self_reports.read_survey", "pipelines.self_reports.read_registers"),
    *("warehouse.assembly.tables", "warehouse.assembly.publish", "desk.write_report", "pipelines.building.verify"),
    *("pipelines.night._account", "pipelines.night._record", "desk.summary"),
)
"""What a night calls, one after the other; each is made to fail with all the canaries in its error."""


@pytest.mark.parametrize("step", STEPS)
def test_a_night_that_fails_at_any_step_tells_no_canary_and_leaves_none(
    step, canaries, tmp_path, monkeypatch, capsys, caplog, recwarn
):
    failed = []

    def broken(*arguments, **options):
        failed.append(step)
        raise ValueError(" ".join(CANARIES.values())) from RuntimeError(f"{arguments!r} {CANARIES['body']}")

    monkeypatch.setattr(step, broken)
    code, said = told(capsys, caplog, recwarn, "run", canaries.root, "--direct", "--at", NIGHT)
    assert failed, "the night came by here"
    assert code == 1
    assert "ValueError" in said
    assert holds(said) == []
    assert ours(canaries.root) == {}
    assert [name for name, content in written(tmp_path / "temporary") if holds(content)] == []


def spoil_survey(program):
    file = program.root / "surveys" / "s.csv"
    cells = (f"2026-01,tide,aster,trust,{CANARIES['comment']},x,y", f"{CANARIES['comment']},tide,aster,trust,3,x,y")
    more = (f"2026-01,{CANARIES['comment']},aster,trust,3,x,y", f"2026-01,tide,aster,{CANARIES['comment']},3,x,y")
    file.write_text(file.read_text() + "\n".join([*cells, *more, ""]))


def spoil_register(program):
    file = program.root / "registers" / "pivots.csv"
    file.write_text(file.read_text() + f"2026-01-15,tide,{CANARIES['note']} and more,x\n")


def spoil_roster(program):
    file = program.root / "people.csv"
    file.write_text(file.read_text() + f"{CANARIES['person']},{CANARIES['address']},{CANARIES['team']},,,,\n")


def spoil_consent(program):
    file = program.root / "consent.csv"
    file.write_text(file.read_text() + f"{CANARIES['person']},x,*,{CANARIES['note']},mail,1,given,2026-01-01,,x,y,z\n")


def spoil_exports(program):
    folder = program.root / "exports" / "tide"
    (folder / "unknown.bin").write_bytes(b"\x00" + CANARIES["body"].encode())
    (folder / "broken.zip").write_bytes(b"PK\x03\x04" + CANARIES["body"].encode() * 20)
    (folder / "broken.json").write_text('{"messages": [' + f'"{CANARIES["body"]}' * 3)
    (folder / "broken.mbox").write_bytes(b"From \xff\n" + CANARIES["body"].encode() + b"\x00\xff\n\n")


def forget_heading(*parts):
    def spoil(program):
        """A file whose first line is somebody's data, because nobody wrote a heading."""
        file = program.root.joinpath(*parts)
        file.write_text("\n".join(file.read_text().splitlines()[-1:] + file.read_text().splitlines()[1:]) + "\n")

    return spoil


HEADLESS = (("people.csv",), ("surveys", "s.csv"), ("registers", "pivots.csv"), ("consent.csv",))


@pytest.mark.parametrize("parts", HEADLESS, ids="/".join)
def test_a_first_line_that_is_no_heading_is_not_shown(parts, canaries, capsys, caplog, recwarn):
    forget_heading(*parts)(canaries)
    code, said = told(capsys, caplog, recwarn, "run", canaries.root, "--direct", "--at", NIGHT)
    assert code in (2, 3)
    assert "line 1" in said
    assert holds(said) == []


SPOILT = (spoil_survey, spoil_register, spoil_roster, spoil_consent, spoil_exports)


@pytest.mark.parametrize("spoil", SPOILT)
def test_input_that_cannot_be_used_is_named_without_a_word_of_it(spoil, canaries, capsys, caplog, recwarn):
    spoil(canaries)
    code, said = told(capsys, caplog, recwarn, "run", canaries.root, "--direct", "--at", NIGHT)
    assert code in (2, 3)
    assert holds(said) == []
    assert ours(canaries.root) == {}


COMMANDS = (("consent", "list"), ("consent", "verify"), ("keys", "list"), ("audit", "verify"), ("doctor",), ("report",))


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_that_looks_after_a_program_names_anybody(command, canaries, capsys, caplog, recwarn):
    told(capsys, caplog, recwarn, "run", canaries.root, "--direct", "--at", NIGHT)
    code, said = told(capsys, caplog, recwarn, *command, canaries.root)
    assert code == 0
    assert holds(said) == []


def test_inspect_reads_no_canary_out(canaries, capsys, caplog, recwarn):
    code, said = told(capsys, caplog, recwarn, "inspect", canaries.root / "exports" / "tide" / "mail.mbox")
    assert code == 0
    assert "113" in said
    assert holds(said) == []


def test_my_data_and_erase_leave_names_with_the_one_who_asked(canaries, capsys, caplog, recwarn):
    told(capsys, caplog, recwarn, "run", canaries.root, "--direct", "--at", NIGHT)
    code, said = told(capsys, caplog, recwarn, "my-data", canaries.root, CANARIES["person"])
    assert (code, holds(said)) == (0, ["address", "person", "team"]), "their own roster line and decisions, no text"
    code, said = told(capsys, caplog, recwarn, "erase", canaries.root, CANARIES["person"])
    assert (code, holds(said)) == (0, [])
    assert ours(canaries.root) == {}


# --- no network at all ---


def isolated(*command):
    """Return a command line that runs where there is no network, not even loopback unless it is raised."""
    return ["unshare", "--map-root-user", "--net", *command]


def can_isolate():
    try:
        return subprocess.run(isolated("true"), capture_output=True, check=False).returncode == 0
    except OSError:
        return False


NO_NETWORK = pytest.mark.skipif(not can_isolate(), reason="this machine gives no network namespace to its users")

RAISE_LOOPBACK = """
import fcntl, os, socket, struct, sys
with socket.socket() as probe:
    fcntl.ioctl(probe, 0x8914, struct.pack("16sh14x", b"lo", 0x49))
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Sets the flags UP, LOOPBACK and RUNNING of the only device there is, then becomes the command."""


@pytest.fixture
def few_mails(program):
    del program.mails[14:]
    program.write_mails()
    return program


def ran(command):
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@NO_NETWORK
def test_a_direct_night_needs_no_network_at_all(few_mails):
    quietpivot = Path(sys.executable).with_name("quietpivot")
    night = ran(isolated(quietpivot, "run", few_mails.root, "--direct", "--at", NIGHT))
    assert night.returncode == 0, night.stderr[-2000:]
    assert "14 messages kept as numbers" in night.stdout


@NO_NETWORK
def test_a_night_of_the_orchestrator_needs_loopback_only_and_closes_what_it_writes_whatever_the_umask(few_mails):
    quietpivot = Path(sys.executable).with_name("quietpivot")
    command = [sys.executable, "-c", RAISE_LOOPBACK, quietpivot, "run", few_mails.root, "--at", NIGHT]
    night = ran(["sh", "-c", 'umask 000; exec "$0" "$@"', *isolated(*command)])
    assert night.returncode == 0, night.stderr[-2000:]
    assert "14 messages kept as numbers" in night.stdout
    private = [few_mails.root / room for room in ("store", "keys")]
    paths = [path for room in private for path in (room, *room.rglob("*"))]
    assert any(path.name == "prefect.db" for path in paths)
    assert [str(path) for path in paths if path.stat().st_mode & 0o077] == []


@NO_NETWORK
def test_the_place_without_a_network_has_none():
    probe = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    failed = ran(isolated(sys.executable, "-c", probe))
    assert "unreachable" in failed.stderr
