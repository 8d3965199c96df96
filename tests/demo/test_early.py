from connectors import read
from demo import NEVER_READ


def test_the_export_that_must_never_be_opened_is_a_good_export_and_unmistakable(written):
    (export,) = (written / "exports" / "harbour-storage").iterdir()
    mails = list(read(export))
    assert len(mails) == 28
    assert all(mail.kind == "human" and NEVER_READ in mail.text and NEVER_READ in mail.subject for mail in mails)


def test_its_mark_stands_nowhere_else(written):
    holders = [path.name for path in written.rglob("*") if path.is_file() and NEVER_READ.encode() in path.read_bytes()]
    assert holders == ["never-opened.mbox"]


def test_its_authors_are_known_people_of_both_sides(written, world):
    (export,) = (written / "exports" / "harbour-storage").iterdir()
    found = {world.roster.person_at(mail.sender, mail.sent_at).organisation for mail in read(export)}
    assert found == {"pellundra", "vashkeel"}
