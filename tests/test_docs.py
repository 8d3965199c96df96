"""What the documentation says is what the software does."""

import re
import shlex
from pathlib import Path

import pytest

from configs import parse_program
from pipelines.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
NEVER_ENDS = "serve"


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def lines(command):
    """Return the README's shell lines of one command, comments taken off, in order."""
    found = [line.split("#")[0].strip() for block in blocks(README, "sh") for line in block.splitlines()]
    return [line for line in found if line.startswith(f"{command} ")]


def test_the_two_commands_of_the_first_screen_are_targets_of_the_makefile():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    wanted = [line.split()[1] for line in lines("make")]
    assert wanted == ["demo", "test"]
    assert set(wanted) <= set(targets)


def test_the_commands_of_the_readme_run_one_after_the_other(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for line in lines("quietpivot"):
        words = shlex.split(line)[1:]
        if words[0] == NEVER_ENDS:
            words = [NEVER_ENDS, "--help"]
        if words[0] == "run":
            words.append("--direct")
        assert ended(expanded(words)) == 0, line
        if words[0] == "init":
            drop_a_mail(Path(words[1]))
    assert Path("harbour/published/quietpivot.duckdb").is_file()
    for line in lines("duckdb"):
        from warehouse import Published

        _, database, sql = shlex.split(line)
        assert Published(Path(database)).query(sql)
    capsys.readouterr()


def expanded(words):
    """Do what a shell does with a star."""
    return [each for word in words for each in (sorted(map(str, Path().glob(word))) if "*" in word else [word])]


def drop_a_mail(program):
    with (program / "people.csv").open("a") as roster:
        roster.write("p017,p017@aster.example,aster,,,,\n")
    mail = "From - Mon Jan  5 09:00:00 2026\nFrom: p017@aster.example\nTo: x@birch.example\nMessage-ID: <1@x>\n\nHi\n"
    (program / "exports" / "one.mbox").write_text(mail)


def ended(words):
    with pytest.raises(SystemExit) as end:
        main(words)
    return end.value.code


@pytest.mark.parametrize("block", blocks((ROOT / "docs" / "how-to" / "surveys.md").read_text("utf-8"), "toml"))
def test_the_survey_tables_of_the_how_to_are_valid_settings(block):
    example = (ROOT / "configs" / "example.toml").read_text(encoding="utf-8")
    assert len(parse_program(example + "\n" + block).surveys) == 1


def test_every_link_between_the_documents_leads_somewhere():
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "PRIVACY.md", *(ROOT / "docs").rglob("*.md")]
    missing = [
        f"{page.relative_to(ROOT)} -> {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert not missing
