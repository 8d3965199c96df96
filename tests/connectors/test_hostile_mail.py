"""Mail made to break a reader: every record becomes a value, nothing raises, nothing takes for ever."""

import gzip
import io
import random
import resource
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import ConnectorError, Message, Skipped, UnknownFormat, detect, inspect, own_text, read
from connectors.mail import MAX_BYTES, MAX_TEXT
from connectors.mbox import read_mbox
from connectors.source import sources

HEAD = b"From: Ada Voss <ada@northwind.example>\nTo: bo@lumen.example\nDate: Mon, 3 Mar 2025 10:00:00 +0100\n"
ID = b"Message-ID: <hostile@northwind.example>\n"


def mail(fields: bytes = b"", body: bytes = b"The depot opens on Thursday.\n") -> bytes:
    return HEAD + ID + fields + b"\n" + body


def nested(depth: int, closed: bool = True) -> bytes:
    opening = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth))
    closing = b"".join(b"\n--b%d--\n" % n for n in reversed(range(depth))) if closed else b""
    return HEAD + ID + b"MIME-Version: 1.0\n" + opening + b"Content-Type: text/plain\n\nwords" + closing


def forwarded(depth: int) -> bytes:
    return HEAD + ID + b"Content-Type: message/rfc822\n\n" * depth + b"From: bo@lumen.example\n\nwords\n"


def typed(kind: bytes, encoding: bytes = b"", body: bytes = b"words\n") -> bytes:
    return mail(b"MIME-Version: 1.0\nContent-Type: " + kind + b"\nContent-Transfer-Encoding: " + encoding + b"\n", body)


MAILS: dict[str, bytes] = {
    "parts nested a thousand deep": nested(1000),
    "parts nested a thousand deep and never closed": nested(1000, closed=False),
    "mails forwarded a thousand deep": forwarded(1000),
    "two thousand flat parts": typed(b'multipart/mixed; boundary="x"', body=b"--x\n\nword\n" * 2000 + b"--x--\n"),
    "a boundary that is everywhere": typed(b'multipart/mixed; boundary=""', body=b"--\n" * 5000),
    "a boundary of 30,000 characters": typed(
        b'multipart/mixed; boundary="' + b"b" * 30_000 + b'"', body=b"--" + b"b" * 30_000
    ),
    "a boundary that never ends": typed(b'multipart/mixed; boundary="x', body=b"--x\nwords"),
    "a boundary of NULs": typed(b'multipart/mixed; boundary="\0\0"', body=b"--\0\0\n\nwords"),
    "a multipart without a boundary": typed(b"multipart/mixed"),
    "a report that is not one": typed(b"multipart/report; report-type=delivery-status"),
    "a text that says it is a multipart": typed(b"multipart/alternative; boundary=y", body=b"no parts at all"),
    "an encoding that nobody knows": typed(b"text/plain", b"x-shift-by-three"),
    "an encoding that lies: base64": typed(b"text/plain", b"base64", b"not base64 at all !!! ====\n"),
    "an encoding that lies: uuencode": typed(b"text/plain", b"x-uuencode", b"begin 644 x\nM broken\nend\n"),
    "an encoding that lies: quoted-printable": typed(b"text/plain", b"quoted-printable", b"=ZZ=\n==\n=0"),
    "base64 of one character": typed(b"text/plain", b"base64", b"A"),
    "a charset that nobody knows": typed(b"text/plain; charset=klingon"),
    "a charset with a path": typed(b"text/plain; charset=../../etc/passwd"),
    "a charset with a NUL": typed(b"text/plain; charset=utf\0-8"),
    "a charset that is a codec of another kind": typed(b"text/plain; charset=rot13"),
    "a charset that unpacks": typed(b"text/plain; charset=zlib", body=zlib.compress(b"0" * 100_000)),
    "a charset that is hex": typed(b"text/plain; charset=hex", body=b"6869"),
    "a charset that is idna": typed(b"text/plain; charset=idna", body=b"xn--" * 1000),
    "utf-16 said to be utf-8": typed(b"text/plain; charset=utf-8", body="words".encode("utf-16")),
    "utf-7": typed(b"text/plain; charset=utf-7", body=b"+ADw-script+AD4-"),
    "a type that is no type": typed(b";;;;"),
    "a type of 100,000 parameters": typed(b"text/plain" + b"; a=b" * 100_000),
    "a type with continued parameters": typed(b"text/plain; charset*0=ut; charset*1=f-8; charset*2*=%ff%ff"),
    "a parameter with a bad number": typed(b"text/plain; charset*x*=a; charset*99999999999=b"),
    "ten thousand header fields": mail(b"".join(b"X-%d: y\n" % n for n in range(10_000))),
    "one header field of a megabyte": mail(b"X-Long: " + b"a" * (1 << 20) + b"\n"),
    "a header that never ends": HEAD + b"X: " + b"b\n " * 100_000,
    "a subject of encoded words": mail(b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n"),
    "a subject that opens encoded words": mail(b"Subject: " + b"=?utf-8?q?" * 20_000 + b"\n"),
    "a subject with broken base64": mail(b"Subject: =?utf-8?b?A?= =?utf-8?b?====?=\n"),
    "a subject in a codec of another kind": mail(b"Subject: =?zlib?b?eJwDAAAAAAE=?= =?rot13?q?uryyb?=\n"),
    "a subject of bytes": mail(b"Subject: \xff\xfe\x80\n"),
    "fifty thousand recipients": mail(b"Cc: " + b"a@b.example, " * 50_000 + b"\n"),
    "recipients that open brackets": mail(b"Cc: " + b"<" * 50_000 + b"\n"),
    "recipients that open comments": mail(b"Cc: " + b"(" * 50_000 + b"\n"),
    "recipients that open quotes": mail(b'Cc: "' + b'\\"' * 50_000 + b"\n"),
    "groups inside groups": mail(b"Cc: " + b"a:" * 20_000 + b";\n"),
    "routes": mail(b"Cc: <@a,@b" + b",@c" * 10_000 + b":d@e.example>\n"),
    "an author of two thousand signs": HEAD.replace(b"ada@northwind.example", b"a" * 2000 + b"@" + b"b." * 1000 + b"c"),
    "an author with two signs": b"From: a@b@c.example\nTo: x@y.example\n\nwords\n",
    "an author of NULs": b"From: \0\0 <\0@\0>\nTo: x@y.example\n\nwords\n",
    "an author that is a control sequence": b"From: \x1b[2J\x07 <a@b.example>\nTo: x@y.example\n\nwords\n",
    "no author": b"To: bo@lumen.example\nReceived: x\n\nwords\n",
    "a mail that is its own parent": mail(
        b"In-Reply-To: <hostile@northwind.example>\nReferences: <hostile@northwind.example>\n"
    ),
    "references without end": mail(b"References: " + b"<a@b> " * 100_000 + b"\n"),
    "references that open brackets": mail(b"References: " + b"<" * 100_000 + b"\n"),
    "a date beyond the calendar": b"From: a@b.example\nDate: Mon, 99 Foo 99999 99:99:99 +9999\nTo: c@d.example\n\nw",
    "a date at the end of time": b"From: a@b.example\nDate: Fri, 31 Dec 9999 23:59:59 -2359\nTo: c@d.example\n\nwords",
    "a date before time": b"From: a@b.example\nDate: Mon, 1 Jan 0001 00:00:00 +2359\nTo: c@d.example\n\nwords",
    "a date of digits": b"From: a@b.example\nDate: " + b"9" * 10_000 + b"\nTo: c@d.example\n\nwords",
    "a zone of digits": b"From: a@b.example\nDate: Mon, 3 Mar 2025 10:00:00 +"
    + b"9" * 5000
    + b"\nTo: c@d.example\n\nwords",
    "half a mail": HEAD[:40],
    "only a header": HEAD,
    "only NULs in a body": mail(body=b"\0" * 100_000),
    "one line of a megabyte": mail(body=b"a" * (1 << 20)),
    "a line of a megabyte that looks quoted": mail(body=b">" * (1 << 20)),
    "html nested ten thousand deep": typed(b"text/html", body=b"<div>" * 10_000 + b"words"),
    "html quotes nested ten thousand deep": typed(b"text/html", body=b"<blockquote>" * 10_000 + b"words"),
    "html that never closes a tag": typed(b"text/html", body=b"<p " + b"a='b' " * 20_000),
    "html of open tags only": typed(b"text/html", body=b"<" * 50_000),
    "html entities without end": typed(b"text/html", body=b"&#x110000;&#99999999999999999999;&" * 5_000),
    "html comments that never end": typed(b"text/html", body=b"<!-- " * 10_000),
    "html declarations": typed(b"text/html", body=b"<![CDATA[<!DOCTYPE [<!ENTITY a 'b'>]>" * 1000),
    "a winmail.dat of zeroes": typed(b"application/ms-tnef", body=b"\x78\x9f\x3e\x22" + b"\0" * 1000),
    "flowed text that never ends a line": typed(b"text/plain; format=flowed; delsp=yes", body=b"word \n" * 50_000),
    "bare carriage returns": mail().replace(b"\n", b"\r"),
    "mixed line ends": mail(body=b"a\r\nb\rc\n\rd\r\r\n"),
    "a label that is a list of labels": mail(b"X-Gmail-Labels: " + b"spam," * 50_000 + b"\n"),
    "a status that is no number": mail(b"X-Mozilla-Status: zzzz\n"),
}


def values(records: Iterator[Message | Skipped]) -> list[Message | Skipped]:
    found = list(records)
    for record in found:
        if isinstance(record, Message):
            assert len(record.text) <= MAX_TEXT
            own_text(record)
            (record.subject + record.sender.address + record.sender.name + record.text).encode("utf-8")
    return found


@pytest.mark.parametrize("name", MAILS)
def test_a_hostile_mail_is_one_value(name, tmp_path):
    file = tmp_path / "0.bin"
    file.write_bytes(MAILS[name])
    assert len(values(read(file, format="eml"))) == 1


def test_a_hostile_mail_does_not_hide_the_next_one_of_an_mbox(tmp_path):
    separator = b"From ada@northwind.example Mon Mar  3 10:00:00 2025\n"
    mails = [each for name, each in MAILS.items() if not name.startswith(("half", "bare"))]
    file = tmp_path / "0.bin"
    file.write_bytes(b"".join(separator + each + b"\n\n" for each in mails))
    assert len(values(read(file, format="mbox"))) == len(mails)


@pytest.mark.parametrize("name", MAILS)
def test_no_reader_raises_at_a_look_at_a_hostile_file(name, tmp_path):
    file = tmp_path / "0.bin"
    file.write_bytes(MAILS[name])
    assert all(isinstance(source.matches(file), bool) for source in sources())


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_no_reader_raises_at_a_look_at_folders_and_binaries(source, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "noise").write_bytes(random.Random(0).randbytes(5000))
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for magic in (
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"PAR1",
        b"!BDN",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"{",
        b"[",
        b"\xef\xbb\xbf",
    ):
        (tmp_path / f"cut {magic.hex()}").write_bytes(magic + b"\0" * 20)
    for each in [tmp_path, *tmp_path.iterdir(), tmp_path / "nothing here"]:
        if source.matches(each):
            assert all(isinstance(record, Skipped) for record in read_if_installed(each, source.name))


def read_if_installed(path, name):
    """Read an export; where an optional package is missing, that is all the reader may say."""
    try:
        return list(read(path, format=name))
    except UnknownFormat as error:
        assert "quietpivot[pst]" in str(error)
        return []


class Endless(io.RawIOBase):
    """A file of one line, longer than memory would hold, that never exists."""

    def __init__(self, opening: bytes, filling: bytes, size: int) -> None:
        self._opening, self._filling, self.left = opening, filling, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        wanted = min(len(buffer), self.left + len(self._opening))
        piece = (self._opening + self._filling * (wanted // len(self._filling) + 1))[:wanted]
        self.left -= wanted - min(wanted, len(self._opening))
        self._opening = self._opening[wanted:]
        buffer[: len(piece)] = piece
        return len(piece)


FILLINGS = {
    "letters": b"a" * 65536,
    "NULs": b"\0" * 65536,
    "line ends": b"\n" * 65536,
    "separators": b"From a@b.example Mon Mar  3 10:00:00 2025\n" * 1500,
    "quotes": b">From " * 10_000,
}


@pytest.mark.parametrize("filling", FILLINGS)
def test_a_gigabyte_of_one_mail_is_read_past_in_bounded_memory(filling):
    opening = b"From ada@northwind.example Mon Mar  3 10:00:00 2025\n" + HEAD + b"\n"
    size = 1 << 30 if filling in ("letters", "NULs") else 100 << 20
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    records = list(read_mbox(cast(BinaryIO, io.BufferedReader(Endless(opening, FILLINGS[filling], size)))))
    assert 1 <= len(records) <= 2
    grown_bytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10
    assert grown_bytes < 12 * MAX_BYTES


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(members: list[tarfile.TarInfo], data: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(data[: member.size]))
    return stream.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0, link: str = "") -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.size, found.linkname = kind, size, link
    return found


def overlapping() -> bytes:
    """A zip whose directory names one member twice, a megabyte each."""
    data = zipped({"a": b"0" * 1000, "b": b"1" * 1000})
    first, second = data.index(b"PK\x01\x02"), data.rindex(b"PK\x01\x02")
    return data[: second + 42] + data[first + 42 : first + 46] + data[second + 46 :]


MAIL = mail()
ARCHIVES: dict[str, bytes] = {
    "a zip bomb": zipped({"a.eml": MAIL, "b.eml": b"0" * (300 << 20)}),
    "paths that lead out": zipped({"../../a.eml": MAIL}),
    "an absolute path": zipped({"/etc/a.eml": MAIL}),
    "a path of another system": zipped({"..\\a.eml": MAIL}),
    "overlapping members": overlapping(),
    "a zip in a zip": zipped({"inner.zip": zipped({"a.eml": MAIL}), "b.eml": MAIL}),
    "a zip that was cut": zipped({"a.eml": MAIL * 50})[:-200],
    "a member that was altered": zipped({"a.eml": MAIL}).replace(b"\x9d", b"\x00"),
    "a name with a NUL": zipped({"a\0b.eml": MAIL}),
    "a tar with links": tarred(
        [member("a", tarfile.SYMTYPE, link="/etc/passwd"), member("b", tarfile.LNKTYPE, link="a")], b""
    ),
    "a tar with devices": tarred([member("a", tarfile.CHRTYPE), member("b", tarfile.FIFOTYPE)], b""),
    "a tar that leads out": tarred([member("../a.eml", size=len(MAIL))], MAIL),
    "a tar that was cut": tarred([member("a.eml", size=len(MAIL))], MAIL)[:-30],
    "a gzip bomb as a mail": zipped(
        {"a.mbox.gz": gzip.compress(b"From a@b.example Mon Mar  3 10:00:00 2025\n" + b"0" * (64 << 20))}
    ),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_hostile_archive_is_skipped_and_named_and_writes_nothing(name, tmp_path):
    file = tmp_path / "0.bin"
    file.write_bytes(ARCHIVES[name])
    try:
        records = values(read(file, format="mail_archive"))
    except UnknownFormat:
        records = []
    assert len(records) <= 2
    assert all(isinstance(record, Skipped) or record.text for record in records)
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    "name", ["a zip bomb", "paths that lead out", "an absolute path", "overlapping members", "a tar that leads out"]
)
def test_no_mail_of_an_unsafe_archive_is_read(name, tmp_path):
    file = tmp_path / "0.bin"
    file.write_bytes(ARCHIVES[name])
    assert not [record for record in read(file, format="mail_archive") if isinstance(record, Message)]


def test_a_gzip_file_that_breaks_off_gives_what_came_before_and_says_so(tmp_path):
    separator = b"From ada@northwind.example Mon Mar  3 10:00:00 2025\n"
    noise = random.Random(0).randbytes(50_000).hex().encode()
    file = tmp_path / "0.bin"
    file.write_bytes(gzip.compress(separator + MAIL + b"\n" + separator + mail(body=noise) + b"\n")[:-20_000])
    records = values(read(file))
    assert isinstance(records[0], Message)
    assert records[-1] == Skipped("mail", "#2", "truncated")


@pytest.mark.parametrize("wrapped", [False, True], ids=["plain", "in a zip"])
def test_a_gzip_file_that_swells_gives_what_came_before_and_is_named(wrapped, tmp_path):
    separator = b"From ada@northwind.example Mon Mar  3 10:00:00 2025\n"
    noise = random.Random(0).randbytes(50_000).hex().encode()
    mails = separator + mail(body=noise) + b"\n\n" + separator + mail(body=b"0" * (100 << 20))
    packed = gzip.compress(mails, compresslevel=1)
    file = tmp_path / "0.bin"
    file.write_bytes(zipped({"a.mbox.gz": packed}) if wrapped else packed)
    records = values(read(file))
    assert isinstance(records[0], Message)
    assert [record.reason for record in records if isinstance(record, Skipped)] == ["zip_bomb"]


def test_a_gzip_file_of_text_that_says_the_same_again_and_again_is_read_whole(tmp_path):
    separator = b"From ada@northwind.example Mon Mar  3 10:00:00 2025\n"
    file = tmp_path / "0.bin"
    file.write_bytes(gzip.compress((separator + mail() + b"\n") * 3000))
    assert not [record for record in read(file) if isinstance(record, Skipped)]


def test_threads_that_go_in_circles_are_one_thread(tmp_path):
    file = tmp_path / "0.bin"
    separator = b"From a@b.example Mon Mar  3 10:00:00 2025\n"
    ring = 5000
    file.write_bytes(
        b"".join(
            separator
            + b"From: a@b.example\nTo: c@d.example\nMessage-ID: <%d@x>\nIn-Reply-To: <%d@x>\n\nw\n\n"
            % (n, (n + 1) % ring)
            for n in range(ring)
        )
    )
    assert inspect(file)["threads"] == 1


def mutated(data: bytes, order: random.Random) -> bytes:
    """Return the data after some cuts, doublings, swaps and altered bytes."""
    changed = bytearray(data)
    for _ in range(order.randrange(1, 12)):
        start, end = sorted(order.randrange(len(changed) + 1) for _ in range(2))
        end = min(end, start + 400)
        piece = changed[start:end]
        action = order.randrange(5)
        if action == 0:
            del changed[start:end]
        elif action == 1:
            changed[start:start] = piece * order.randrange(1, 4)
        elif action == 2:
            changed[start:end] = order.randbytes(len(piece))
        elif action == 3:
            changed[start:start] = order.choice(
                [b"\n", b"\r", b"\0", b":", b"<", b'"', b"=?", b"--", b"\n\n", b"From ", b"\xff"]
            )
        else:
            other = order.choice(SEEDS)
            changed[start:start] = other[: order.randrange(1, 400)]
    return bytes(changed)


SEEDS = [each for each in MAILS.values() if len(each) < 5000] + [
    file.read_bytes() for file in sorted((Path(__file__).parent / "data" / "eml").glob("*.eml*"))
]


def survives(seed: int, file: Path) -> None:
    order = random.Random(seed)
    file.write_bytes(mutated(order.choice(SEEDS), order) or b"x")
    assert len(values(read(file, format="eml"))) == 1
    values(read(file, format="mbox"))
    try:
        detect(file)
    except ConnectorError:
        return


@given(seed=st.integers(0, 2**64))
@settings(max_examples=200, deadline=None)
def test_a_mutated_mail_is_a_value(seed, tmp_path_factory):
    survives(seed, tmp_path_factory.getbasetemp() / "mutated.bin")


@pytest.mark.slow
def test_a_hundred_thousand_mutated_mails_are_values(tmp_path):
    for seed in range(100_000):
        survives(seed, tmp_path / "mutated.bin")


PIECES = (
    *("> ", "On ", "a:", "wrote:", "From: a@b.c ", "-", "_", "<a@b ", " ", "\t", "a@", "a.", "+1 (", "1:1", "@", "| "),
    *("--", "=?", "http://", "&lt;", "<!-- ", "<p ", "<", "</p>", "<blockquote>", "a<b>", "P.S", "Ada "),
)
CPU_SECONDS = 60
"""For some fifty megabytes; what takes time in the square of a line would need days."""

PROGRAM = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]), int(sys.argv[1])))
from dataclasses import replace
from connectors import own_text
from connectors.html_text import html_text
from connectors.mail import message_from_mail
made = message_from_mail(b"From: Ada Voss <a@b.example>\\nTo: c@d.example\\n\\nw", "#1")
for piece in sys.argv[2:]:
    for text in (piece * ((1 << 20) // len(piece)), (piece * 40 + "\\n") * ((1 << 18) // (40 * len(piece)))):
        own_text(replace(made, text=text))
        html_text(text)
"""


def test_cleaning_takes_time_in_proportion_to_the_text():
    arguments = [sys.executable, "-c", PROGRAM, str(CPU_SECONDS), *PIECES]
    done = subprocess.run(arguments, cwd=Path(__file__).parents[2], capture_output=True)
    assert done.returncode == 0, done.stderr[-500:]
