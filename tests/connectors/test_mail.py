import pytest

from connectors import Message, Skipped, message_id
from connectors.addresses import canonical_address
from connectors.decoding import header_text, text_of
from connectors.mail import MAX_BYTES, message_from_mail


def mail(fields: str = "", body: str = "words", sender: str = "Ada Voss <ada@northwind.example>") -> Message:
    head = f"From: {sender}\nTo: bo@lumen.example\nMessage-ID: <m@x.example>\nDate: Mon, 3 Mar 2025 10:00:00 +0100\n"
    found = message_from_mail(f"{head}{fields}\n{body}".encode(), "#1")
    assert isinstance(found, Message)
    return found


KINDS = {
    "human": "",
    "human on a list": "List-Id: <dev.x.example>\nPrecedence: list\nList-Unsubscribe: <mailto:l@x.example>\n"
    "List-Post: <mailto:dev@x.example>\n",
    "human on an old list": "Precedence: bulk\nX-Mailing-List: <dev@x.example>\n",
    "human that says so": "Auto-Submitted: no\n",
    "human about an absence": "Subject: Re: Out of office on Friday?\n",
    "bounce": "Content-Type: multipart/report; boundary=x\n",
    "bounce by path": "Return-Path: <>\n",
    "bounce by field": "X-Failed-Recipients: a@x.example\n",
    "bounce by subject": "Subject: Undeliverable: Depot\n",
    "calendar": "Content-Type: text/calendar; method=REQUEST\n",
    "auto_reply": "Auto-Submitted: auto-replied (vacation)\n",
    "auto_reply by field": "X-Autoreply: yes\n",
    "auto_reply by precedence": "Precedence: auto_reply\n",
    "auto_reply by subject": "Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_Depot?=\n",
    "bot": "Auto-Submitted: auto-generated\n",
    "bulk": "Precedence: bulk\n",
    "bulk newsletter": "List-Unsubscribe: <mailto:l@x.example>\n",
}


@pytest.mark.parametrize("name", KINDS)
def test_the_kind_of_a_mail_is_told_by_its_header(name):
    assert mail(KINDS[name]).kind == name.split()[0]


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        ("MAILER-DAEMON <>", "bounce"),
        ("Mail Delivery Subsystem <x@y.example>", "bounce"),
        ("no-reply@x.example", "bot"),
        ("notifications@x.example", "bot"),
        ("dev-request@lists.x.example", "bot"),
        ("Jenkins Moreau <jenkins.moreau@x.example>", "human"),
        ("Root Vegetables <roots@x.example>", "human"),
    ],
)
def test_the_kind_of_a_mail_is_told_by_its_author(sender, kind):
    assert mail(sender=sender).kind == kind


def test_an_invitation_inside_a_mail_makes_it_calendar_and_an_attached_one_does_not():
    parts = (
        'Content-Type: multipart/mixed; boundary="x"\n',
        "--x\nContent-Type: text/plain\n\nsee you\n--x\nContent-Type: text/calendar{}\n\nBEGIN:VCALENDAR\n--x--\n",
    )
    assert mail(parts[0], parts[1].format("; method=REQUEST")).kind == "calendar"
    assert mail(parts[0], parts[1].format("\nContent-Disposition: attachment")).kind == "human"


AUTHORS = {
    "plain": ("Ada Voss <ada@northwind.example>", "ada@northwind.example"),
    "upper case and tag": ("ADA+news@Northwind.Example", "ada@northwind.example"),
    "comment": ("ada@northwind.example (Ada Voss)", "ada@northwind.example"),
    "obfuscated": ("ada at northwind.example (Ada Voss)", "ada@northwind.example"),
    "obfuscated with a sign in the name": ("ada at northwind.example (Voss @ home)", "ada@northwind.example"),
    "encoded as a whole": ("=?utf-8?q?Ada_=3Cada=40northwind=2Eexample=3E?=", "ada@northwind.example"),
    "two authors": ("ada@northwind.example, bo@lumen.example", "ada@northwind.example"),
    "quoted comma": ('"Voss, Ada" <ada@northwind.example>', "ada@northwind.example"),
    "nobody": ("undisclosed-recipients:;", ""),
    "no address": ("Ada Voss", ""),
}


@pytest.mark.parametrize("name", AUTHORS)
def test_the_author_is_who_from_names(name):
    raw, address = AUTHORS[name]
    assert mail(sender=raw).sender.address == address


LIST = "List-Post: <mailto:dev@lists.x.example>\n"


@pytest.mark.parametrize(
    ("fields", "address", "name"),
    [
        ("X-Original-From: Ada <ada@northwind.example>\n", "ada@northwind.example", "Ada"),
        ("Reply-To: ada@northwind.example\n", "ada@northwind.example", ""),
        ("Reply-To: dev@lists.x.example, ada@northwind.example\n", "ada@northwind.example", ""),
        ("Reply-To: dev@lists.x.example\n", "", "Ada Voss"),
    ],
)
def test_a_list_that_put_itself_into_from_is_not_the_author(fields, address, name):
    found = mail(LIST + fields, sender="Ada Voss via Dev <dev@lists.x.example>").sender
    assert (found.address, found.name) == (address, name)


@pytest.mark.parametrize("text", ["", "@", "a@", "@b", "a b@c.example", "a@b@c", "a@-b.example ", "<>"])
def test_what_is_no_address_is_none(text):
    assert canonical_address(text) in ("", text.strip())
    assert canonical_address(text) == "" or "@" in canonical_address(text)


def test_threads_are_named_by_the_first_and_the_parent_by_in_reply_to():
    found = mail("References: <root@x> <middle@x>\nIn-Reply-To: <parent@x>\n")
    assert (found.thread_id, found.parent_id) == ("root@x", "parent@x")
    assert found.references == ("root@x", "middle@x", "parent@x")


def test_references_may_be_folded_and_given_twice():
    found = mail("References: <a@x>\n <b@x>\nReferences: <c@x>\n")
    assert (found.references, found.parent_id) == (("a@x", "b@x", "c@x"), "c@x")


def test_a_mail_without_an_id_is_the_same_in_any_export():
    body = b"From: ada@northwind.example\nSubject: x\n\nwords\n"
    unix, dos = message_from_mail(body, "#1"), message_from_mail(body.replace(b"\n", b"\r\n") + b"\r\n", "#2")
    assert isinstance(unix, Message) and isinstance(dos, Message)
    assert unix.id == dos.id


TIMES = {
    "Mon, 3 Mar 2025 10:00:00 +0100": ("2025-03-03T09:00:00+00:00", "exact"),
    "Mon, 3 Mar 2025 10:00:00 -0000": ("2025-03-03T10:00:00+00:00", "exact"),
    "Mon, 3 Mar 2025 10:00:00 GMT": ("2025-03-03T10:00:00+00:00", "exact"),
    "Fri, 3 Mar 2025 10:00:00 +0100": ("2025-03-03T09:00:00+00:00", "exact"),
    "3 Mar 25 10:00 EST": ("2025-03-03T15:00:00+00:00", "exact"),
    "Mon, 3 Mar 2025 10:00:00": ("2025-03-03T10:00:00+00:00", "zone_assumed"),
    "soon": (None, "missing"),
    "": (None, "missing"),
}


@pytest.mark.parametrize("raw", TIMES)
def test_a_date_is_an_instant_or_says_what_is_wrong_with_it(raw):
    found = message_from_mail(f"From: a@x.example\nDate: {raw}\n\nw".encode(), "#1")
    assert isinstance(found, Message)
    assert (found.sent_at.isoformat() if found.sent_at else None, found.time_quality) == TIMES[raw]


def test_a_mail_without_a_date_is_dated_by_who_received_it_last():
    fields = "Received: from a; Tue, 4 Mar 2025 10:00:00 +0000\nReceived: from b; Mon, 3 Mar 2025 10:00:00 +0000\n"
    found = message_from_mail(f"From: a@x.example\n{fields}\nw".encode(), "#1")
    assert isinstance(found, Message) and found.sent_at is not None
    assert (found.sent_at.isoformat(), found.time_quality) == ("2025-03-04T10:00:00+00:00", "envelope_only")


def test_a_clock_that_was_never_set_is_kept_and_flagged():
    found = message_from_mail(b"From: a@x.example\nDate: Tue, 1 Jan 1980 00:00:00 +0000\n\nw", "#1")
    assert isinstance(found, Message)
    assert found.flags == {"odd_time"}
    assert mail().flags == frozenset()


MIXED = 'Content-Type: multipart/mixed; boundary="x"\n'


def test_attachments_and_forwarded_mails_are_never_read():
    body = (
        "--x\nContent-Type: text/plain\n\nown words\n"
        "--x\nContent-Type: text/plain; name=log.txt\n\nkestrel\n"
        "--x\nContent-Type: text/plain\nContent-Disposition: attachment\n\nkestrel\n"
        "--x\nContent-Type: message/rfc822\n\nFrom: b@x.example\n\nkestrel\n--x--\n"
    )
    found = mail(MIXED, body)
    assert found.text.strip() == "own words"


def test_the_html_is_kept_beside_the_text_and_stands_in_for_it():
    body = "--x\nContent-Type: text/html\n\n<p>own <b>words</b></p>\n--x--\n"
    found = mail(MIXED, body)
    assert found.text == "own words"
    assert "<b>" in found.html


def test_flowed_lines_are_joined_and_quotes_stay():
    found = mail("Content-Type: text/plain; format=flowed\n", "one \ntwo\n> three \n> four\n-- \nAda")
    assert found.text == "one two\n> three \n> four\n-- \nAda"


def test_a_large_mail_is_read_up_to_its_attachments():
    body = (
        "--x\nContent-Type: text/plain\n\nown words\n--x\nContent-Type: image/png\n\n" + "A" * MAX_BYTES + "\n--x--\n"
    )
    assert mail(MIXED, body).text.strip() == "own words"


def test_what_has_no_header_is_no_mail():
    assert message_from_mail(b"\nwords only", "#7") == Skipped("mail", "#7", "no_header")


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("张毓".encode("gb18030"), "gb2312", "张毓"),
        ("café".encode(), "us-ascii", "café"),
        ("café".encode("cp1252"), "utf-8", "café"),
        ("café".encode("cp1252"), "", "café"),
        ("“x”".encode("cp1252"), "iso-8859-1", "“x”"),
        ("日本".encode("cp932"), "shift_jis", "日本"),
        (b"\x81\x8d", "klingon", "\ufffd\ufffd"),
        (b"abc", "rot13", "abc"),
        (b"6162", "hex", "6162"),
    ],
)
def test_a_charset_that_lies_is_read_as_what_it_really_is(data, charset, text):
    assert text_of(data, charset) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?q?M=C3=A4rz?=", "März"),
        ("=?utf-8?b?TcOkcno=?=", "März"),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?= b", "a b"),
        ("=?none?q?a?=", "a"),
        ("=?utf-8?b?A?=", "A"),
        ("plain\r\n folded", "plain folded"),
        ("=?utf-8?q?a", "=?utf-8?q?a"),
        ("nul\0", "nul"),
    ],
)
def test_header_words_are_decoded_or_left(raw, text):
    assert header_text(raw) == text


def test_an_id_ends_at_its_bracket_so_that_answers_find_it():
    odd = message_from_mail(b"From: a@x.example\nMessage-ID:\n <1@x.example>+4075DA63\n\nw", "#1")
    answer = message_from_mail(b"From: b@x.example\nMessage-ID: <2@x.example>\nIn-Reply-To: <1@x.example>\n\nw", "#2")
    assert isinstance(odd, Message) and isinstance(answer, Message)
    assert odd.id == message_id("mail", answer.parent_id)


def test_a_mail_from_a_tagged_address_is_of_the_same_person():
    plain, tagged = (
        mail(sender=each).sender.address for each in ("ada@northwind.example", "ada+list@northwind.example")
    )
    assert plain == tagged
