"""Folders, zips and tars are read alike, within limits, and nothing is ever unpacked to disk."""

import io
import tarfile
import zipfile

import pytest

from connectors.archive import MAX_RATIO, Folder, Unsafe

FILES = {"export/realm.json": b"{}", "export/messages/1.json": b"[1]"}


def as_folder(tmp_path):
    for name, content in FILES.items():
        file = tmp_path / "folder" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return tmp_path / "folder"


def as_zip(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    return tmp_path / "a.zip"


def as_tar(tmp_path):
    tar(tmp_path / "a.tar.gz", {f"./{name}": content for name, content in FILES.items()})
    return tmp_path / "a.tar.gz"


def tar(path, files):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


@pytest.mark.parametrize("made", [as_folder, as_zip, as_tar])
def test_folder_zip_and_tar_hold_the_same_files_below_their_one_root(made, tmp_path):
    with Folder.open(made(tmp_path)) as folder:
        assert {name: folder.read(name) for name in folder.names()} == {"messages/1.json": b"[1]", "realm.json": b"{}"}


def test_a_lone_file_is_a_folder_of_one_only_when_asked(tmp_path):
    file = tmp_path / "chat.json"
    file.write_bytes(b"[]")
    with Folder.open(file, lone=True) as folder:
        assert folder.names() == ["chat.json"]
    with pytest.raises(OSError, match="neither a folder nor an archive"):
        Folder.open(file)


def test_a_link_in_a_tar_is_not_a_file(tmp_path):
    link = tarfile.TarInfo("passwords")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.addfile(link)
        archive.addfile(tarfile.TarInfo("realm.json"))
    with Folder.open(tmp_path / "a.tar") as folder:
        assert folder.names() == ["realm.json"]


@pytest.mark.parametrize("name", ["../out", "/etc/out", "a/../../out"])
def test_a_name_that_leaves_the_folder_is_refused(name, tmp_path):
    tar(tmp_path / "a.tar.gz", {name: b"x"})
    with pytest.raises(Unsafe, match="path_escapes"):
        Folder.open(tmp_path / "a.tar.gz")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("messages.json", b" " * (MAX_RATIO * 20_000))
    with pytest.raises(Unsafe, match="zip_bomb"):
        Folder.open(tmp_path / "a.zip")


def test_members_that_share_their_bytes_are_refused(tmp_path):
    path = as_zip(tmp_path)
    raw = path.read_bytes()
    second = raw.rindex(b"PK\x01\x02")
    path.write_bytes(raw[: second + 42] + (0).to_bytes(4, "little") + raw[second + 46 :])
    with pytest.raises(Unsafe, match="overlapping_members"):
        Folder.open(path)


@pytest.mark.parametrize("made", [as_zip, as_tar])
def test_an_archive_that_was_cut_off_is_named_as_such(made, tmp_path):
    path = made(tmp_path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises((Unsafe, OSError)):
        Folder.open(path)


def test_a_member_that_was_damaged_is_named_while_it_is_read(tmp_path):
    path = as_zip(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"[1]", b"[2]"))
    with Folder.open(path) as folder, pytest.raises(Unsafe, match="truncated"):
        folder.read("messages/1.json")


def test_a_member_behind_a_password_is_named_as_such(tmp_path):
    path = as_zip(tmp_path)
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + offset] |= 1
    path.write_bytes(raw)
    with Folder.open(path) as folder, pytest.raises(Unsafe, match="encrypted"):
        folder.read("realm.json")


def test_a_member_without_a_name_is_a_file_like_others(tmp_path):
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo(""), b"1")
    with Folder.open(tmp_path / "b.zip") as folder:
        assert folder.names() == [""]
