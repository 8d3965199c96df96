"""A small program with known truth, and a scorer that reads marks instead of meaning."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from connectors import PURPOSE, ConsentEvent, ConsentRegister
from models import Signals
from warehouse.database import connected
from warehouse.private import rows

NIGHT = datetime(2026, 3, 2, 2, tzinfo=UTC)
FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)

SETTINGS = """
name = "Harbour"
[[partners]]
id = "aster"
name = "Aster Works"
domains = ["aster.example"]
[[partners]]
id = "birch"
name = "Birch Systems"
domains = ["birch.example"]
[[alliances]]
id = "tide"
name = "Tide"
partners = ["aster", "birch"]
stage = "scale"
started = 2025-01-01
[[alliances]]
id = "early"
name = "Early days"
partners = ["birch", "aster"]
stage = "early"
started = 2026-01-01
"""


class MarkScorer:
    """Says `shares` where a text holds "because", `seeks` where it holds "?"; the rest is neutral."""

    version = "marks@000000000000"

    def __init__(self):
        self.read = []

    def score(self, texts):
        self.read.extend(texts)
        return [self._signals(text) for text in texts]

    def _signals(self, text):
        shares, seeks = float("because" in text), float("?" in text)
        labels = {"tone": 0, "transparency": 0, "shares": int(shares), "seeks": int(seeks)}
        labels |= {"commits": 0, "social": 0, "orientation": 1}
        neutral = (0.0, 1.0, 0.0)
        return Signals(neutral, neutral, shares, seeks, 0.0, 0.0, neutral, len(text.split()), labels)


@pytest.fixture(autouse=True)
def scorer(monkeypatch):
    """Keep the real model out of every test that does not ask for it."""
    marks = MarkScorer()
    monkeypatch.setattr("pipelines.scoring.scorer", lambda folder: marks)
    monkeypatch.setattr("pipelines.context.version_of", lambda folder: marks.version)
    return marks


@pytest.fixture(scope="session")
def night_at():
    """Return the instant for which nights are run."""
    return NIGHT


@dataclass
class SmallProgram:
    """Seven people a side who write to each other; `person(side, n)` is `a0`..`a6`, `b0`..`b6`."""

    root: Path
    mails: list = field(default_factory=list)

    def address(self, person):
        return f"{person}@{'aster' if person[0] == 'a' else 'birch'}.example"

    def mail(self, sender, to, text, *, at=FIRST, number=None, **headers):
        mail = EmailMessage()
        mail["From"] = self.address(sender)
        mail["To"] = ", ".join(self.address(each) for each in to)
        mail["Date"] = at
        mail["Message-ID"] = f"<{number if number is not None else len(self.mails)}@mail.example>"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        self.mails.append(mail)
        return mail

    def write_mails(self, name="mail.mbox", alliance="tide"):
        folder = self.root / "exports" / alliance
        folder.mkdir(parents=True, exist_ok=True)
        framed = [b"From - Mon Jan  5 09:00:00 2026\n" + bytes(mail) + b"\n" for mail in self.mails]
        (folder / name).write_bytes(b"".join(framed))
        return folder / name

    def consent(self, *people, event="given", sources=("mail", "chat"), at=date(2025, 6, 1), recorded=None):
        until = at + timedelta(days=365) if event in ("given", "renewed") else None
        noted = recorded or datetime(at.year, at.month, at.day, tzinfo=UTC)
        events = [
            ConsentEvent(person, "both", "*", PURPOSE, sources, "1", event, at, until, noted) for person in people
        ]
        ConsentRegister.load(self.root / "consent.csv").append(*events)

    def consent_until_today(self):
        """Renew everybody's consent without a gap up to the day of the test, and keep what is older than 13 months."""
        day = date(2025, 6, 1)
        while day + timedelta(days=360) <= date.today():
            day += timedelta(days=360)
            self.consent(*self.everybody(), event="renewed", at=day)
        settings = self.root / "program.toml"
        settings.write_text(settings.read_text() + "\n[privacy]\nretention_months = 120\n", encoding="utf-8")

    def everybody(self):
        return [f"{side}{number}" for side in "ab" for number in range(7)]


@pytest.fixture
def program(tmp_path):
    """Return a program whose fourteen people all consent and exchanged mail for eight weeks."""
    small = SmallProgram(tmp_path / "harbour")
    small.root.mkdir()
    (small.root / "program.toml").write_text(SETTINGS, encoding="utf-8")
    lines = [
        f"{each},{small.address(each)},{'aster' if each[0] == 'a' else 'birch'},technical,,,"
        for each in small.everybody()
    ]
    heading = "person,address,organisation,layer,team,from,until"
    (small.root / "people.csv").write_text("\n".join([heading, *lines, ""]), encoding="utf-8")
    small.consent(*small.everybody())
    for number in range(112):
        side, other = ("a", "b") if number % 2 else ("b", "a")
        sender, to = f"{side}{number % 7}", f"{other}{(number + 3) % 7}"
        text = f"The valve of line {number} stays shut because its seal number {number * 7} leaks under load."
        small.mail(sender, [to], text, at=FIRST + timedelta(hours=12 * number))
    small.write_mails()
    return small


class ForkedNights:
    """Nights in processes of their own, see `forked_nights.py`; each starts in some hundredths of a second."""

    def __init__(self, *arguments):
        script = Path(__file__).with_name("forked_nights.py")
        here = str(Path(__file__).parents[2])
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": here}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen([sys.executable, script, *arguments], env=environment, **pipes)
        assert self.process.stdout.readline() == "ready\n"

    def run(self, root, at=NIGHT, **order):
        """Run a night, harmed as the order says; return how it ended."""
        self.process.stdin.write(json.dumps({"root": str(root), "at": at.isoformat(), **order}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


@pytest.fixture(scope="session")
def nights():
    """Return a process that forks a night for each order."""
    forked = ForkedNights()
    yield forked
    forked.end()


@pytest.fixture(scope="session")
def short_nights():
    """Return the same without the arithmetic of a build: everything that a night does to files, in half the time."""
    forked = ForkedNights("short")
    yield forked
    forked.end()


def tables_of(root):
    """Return every published table but the run's own line, and the page."""
    with connected(root / "published" / "quietpivot.duckdb", read_only=True) as published:
        names = [row["table_name"] for row in rows(published, "select table_name from duckdb_tables()")]
        found = {name: rows(published, f'select * from "{name}" order by all') for name in names if name != "run"}
    return found | {"page": (root / "published" / "report.html").read_text(encoding="utf-8")}


@pytest.fixture(scope="session")
def tables():
    """Return the function that reads what a program has published."""
    return tables_of


class Changing:
    """A program before its second night: one export is new, one changed, one consent is withdrawn.

    `undisturbed` is how that night went in a copy that nobody harms, `tables` what it came to.
    """

    def __init__(self, program, nights):
        self.program, self.root, self.nights = program, program.root, nights
        assert nights.run(program.root, NIGHT - timedelta(days=1))["code"] == 0
        program.mail("a0", ["b0"], "A fresh word because of the seals.", number="fresh")
        program.write_mails()
        program.mails = program.mails[:20]
        program.write_mails("copy.mbox")
        program.consent("b3", event="withdrawn", at=date(2026, 3, 1), recorded=NIGHT - timedelta(hours=3))
        self.start = self.root.with_name("start")
        shutil.copytree(self.root, self.start)
        self.undisturbed = nights.run(self.root)
        assert self.undisturbed["code"] == 0, self.undisturbed["said"]
        self.tables = tables_of(self.root)

    def put_back(self, root=None):
        """Put the program back to before its second night, in its own place or another."""
        shutil.rmtree(root or self.root, ignore_errors=True)
        shutil.copytree(self.start, root or self.root)

    def same(self, root=None):
        """Say whether a program has published what the undisturbed one has."""
        return tables_of(root or self.root) == self.tables


@pytest.fixture
def changing(program, nights):
    """Return a program that changes between two nights."""
    return Changing(program, nights)


@pytest.fixture
def changing_shortly(program, short_nights):
    """Return the same for nights without the arithmetic of a build; it has 28 mails."""
    del program.mails[28:]
    program.write_mails()
    return Changing(program, short_nights)
