"""The standard parser finds the same fields, parts and bodies, wherever it finds any at all."""

import random
from email import message_from_bytes
from email.message import Message as Mail

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.mime import MAX_DEPTH, MAX_FIELDS, MAX_MARKS, MAX_PARTS, parsed, parts

HEAD = b"From: ada@northwind.example\nMIME-Version: 1.0\n"
MULTIPART = b'Content-Type: multipart/mixed; boundary="x"\n'


def by_standard(mail: Mail) -> list[tuple[object, ...]]:
    """Return fields, type and body of each part in order, none of what lies in a forwarded mail."""
    below = mail.get_payload()
    inside = below if isinstance(below, list) and mail.get_content_maintype() == "multipart" else []
    body = mail.get_payload(decode=True) if mail.get_content_maintype() not in ("multipart", "message") else b""
    fields: dict[str, list[str]] = {}
    for name, value in mail.raw_items():
        fields.setdefault(name.lower(), []).append(str(value))
    found = (fields, mail.get_content_type(), body)
    return [found, *(each for part in inside for each in by_standard(part))]


def by_us(data: bytes) -> list[tuple[object, ...]]:
    return [
        (part.fields, part.kind, b"" if part.kind.startswith(("multipart/", "message/")) else part.content())
        for part in parts(parsed(data))
    ]


def same(data: bytes, ends: bytes = b"\n") -> bool:
    """Compare the two; a blank line below a "From " line that ends a header is all that the standard parser loses."""
    ours, standard = by_us(data.replace(b"\n", ends)), by_standard(message_from_bytes(data))
    return ours == standard or (b"From a@" in data and without_blank_lines(ours) == without_blank_lines(standard))


def without_blank_lines(found: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return [(fields, kind, [line for line in body.split(b"\n") if line]) for fields, kind, body in found]


LINES = [
    *(b"", b"", b"words", b" folded", b"\tfolded", b"From: a@x.example", b"Subject:  two\xff", b": no name", b"a b: c"),
    *(b"From a@x.example Mon Mar  3 10:00:00 2025", b"Content-Type: text/plain; charset=utf-8", b"no colon here"),
    *(
        b"Content-Transfer-Encoding: quoted-printable",
        b"Content-Transfer-Encoding: base64",
        b"=4D=\xe4rz=",
        b"TcOkcno=",
    ),
    *(MULTIPART.strip(), b"Content-Type: multipart/digest; boundary=y", b"Content-Type: multipart/alternative"),
    *(b'Content-Type: multipart/mixed; boundary=""', b'Content-Type: multipart/mixed;\n boundary="x y"', b"--x y"),
    *(b"Content-Type: message/rfc822", b"Content-Type: message/delivery-status", b"Content-Type: nothing"),
    *(b"--x", b"--x", b"--x--", b"--x  ", b"--x-", b"--xx", b" --x", b"--y", b"--y", b"--y--", b"--", b"----"),
]


@given(lines=st.lists(st.sampled_from(LINES), max_size=30), ends=st.sampled_from([b"\n", b"\r\n", b"\r"]))
@settings(max_examples=500, deadline=None)
def test_any_lines_are_fields_parts_and_bodies_as_in_the_standard_parser(lines, ends):
    data = b"\n".join(lines)
    assert same(data, ends)


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_mail(data):
    assert by_us(HEAD + MULTIPART + b"\n--x\n" + data)[0][1] == "multipart/mixed"


def test_more_than_may_be_looked_at_is_left_in_place():
    many = HEAD + b"".join(b"X-%d: y\n" % number for number in range(MAX_FIELDS * 2))
    assert len(parsed(many).fields) == MAX_FIELDS
    flat = HEAD + MULTIPART + b"\n" + b"--x\n\nword\n" * (MAX_PARTS * 2)
    assert len(list(parts(parsed(flat)))) == MAX_PARTS
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(MAX_DEPTH * 2))
    assert len(list(parts(parsed(deep)))) == MAX_DEPTH + 1
    false = HEAD + MULTIPART + b"\n--x\n\nfirst\n" + b"--xx\n" * MAX_MARKS + b"--x\n\nlost\n"
    assert [part.content()[:5] for part in parts(parsed(false))][1:] == [b"first"]


@pytest.mark.slow
def test_mutated_mails_are_parsed_as_by_the_standard_parser():
    order = random.Random(0)
    for _ in range(100_000):
        data = b"\n".join(order.choice(LINES) for _ in range(order.randrange(40)))
        assert same(data)
