import re

import pytest

from connectors import Identity, identity_keys, message_id, pseudonym

KEY, OTHER = b"k" * 32, b"o" * 32


def test_the_same_person_has_another_pseudonym_in_each_alliance():
    assert pseudonym(KEY, "ada@northwind.example") == pseudonym(KEY, "ada@northwind.example")
    assert pseudonym(KEY, "ada@northwind.example") != pseudonym(OTHER, "ada@northwind.example")
    assert re.fullmatch(r"[0-9a-f]{32}", pseudonym(KEY, "ada@northwind.example"))


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="32 bytes or more, found 31"):
        pseudonym(b"k" * 31, "x")


def test_half_characters_have_a_pseudonym_too():
    assert pseudonym(KEY, "\udc80")


def test_an_identity_is_matched_by_address_then_by_platform_id_never_by_name():
    assert identity_keys(Identity("ada@northwind.example", "U1", "Ada", "T1")) == ["ada@northwind.example", "T1/U1"]
    assert identity_keys(Identity(name="Ada")) == []


@pytest.mark.parametrize("parts", [("", "x"), ("mail", "")])
def test_an_id_of_an_empty_part_is_refused(parts):
    with pytest.raises(ValueError, match="two non-empty parts"):
        message_id(*parts)


def test_the_parts_of_an_id_cannot_run_together():
    assert message_id("a", "bc") != message_id("ab", "c")
