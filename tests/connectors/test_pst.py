"""Outlook data files: what they are told by, and which of their folders count. Folders here are stand-ins."""

from types import SimpleNamespace

import pytest

from connectors.pst import Pst, _items


@pytest.mark.parametrize(("mark", "known"), [(b"SM", True), (b"SO", True), (b"AB", False)])
def test_data_files_and_offline_mailboxes_are_known_by_their_first_bytes_and_address_books_are_not(
    mark, known, tmp_path
):
    (tmp_path / "0.bin").write_bytes(b"!BDN\0\0\0\0" + mark + b"\x24\0" + b"\0" * 500)
    assert Pst().matches(tmp_path / "0.bin") is known


def entry(number, value):
    return SimpleNamespace(entry_type=number, value_type=3, get_data_as_integer=lambda: value)


def folder(name, items=(), folders=(), said=0, identifier=0x42):
    properties = SimpleNamespace(number_of_entries=1, get_entry=lambda _: entry(0x3602, said or len(items)))
    return SimpleNamespace(
        name=name,
        identifier=identifier,
        number_of_sub_messages=len(items),
        get_sub_message=items.__getitem__,
        number_of_sub_folders=len(folders),
        get_sub_folder=folders.__getitem__,
        number_of_record_sets=1,
        get_record_set=lambda _: properties,
    )


def test_what_a_search_folder_lists_lies_elsewhere_and_is_not_read_twice():
    root = folder(None, folders=[folder("Posteingang", ["m1"]), folder("Suche", ["m1"], identifier=0x43)])
    assert list(_items(root, 0, "")) == [("m1", "")]


def test_what_a_server_keeps_after_deletion_is_deleted_with_all_below_it():
    kept = folder("Recoverable Items", ["m1"], [folder("SubstrateHolds", ["m2"]), folder("x", ["m3"])])
    assert list(_items(folder(None, folders=[kept]), 0, "")) == [
        ("m1", "deleted"),
        ("m2", "deleted"),
        ("m3", "deleted"),
    ]


def test_items_that_a_folder_counts_and_nobody_can_find_are_told():
    assert list(_items(folder("Inbox", ["m1"], said=3), 0, "")) == [
        ("m1", ""),
        (None, "not_found"),
        (None, "not_found"),
    ]
