import shutil
from datetime import UTC, datetime

import pytest

from configs import ConfigError
from pipelines.audit import entries
from pipelines.doctor import checks
from pipelines.errors import LostKey
from pipelines.folder import ProgramFolder
from pipelines.keys import alliance_key, fingerprints, rotate
from pipelines.night import night
from pipelines.people import people_of
from warehouse import NotEncrypted, Store, StoreBusy, read_part

NIGHT = datetime(2026, 3, 2, 2, tzinfo=UTC)


def folder_of(program):
    return ProgramFolder.open(program.root)


def authors(program):
    return {row["author"] for part in Store(program.root / "store").parts() for row in read_part(part)}


def test_a_key_is_made_once_and_kept(program):
    folder = folder_of(program)
    assert alliance_key(folder, "tide") == alliance_key(folder, "tide")
    assert len(alliance_key(folder, "tide")) == 32


def test_each_alliance_has_a_key_of_its_own(program):
    folder = folder_of(program)
    assert alliance_key(folder, "tide") != alliance_key(folder, "early")


def test_two_runs_that_begin_in_the_same_moment_agree_on_one_key(program, monkeypatch):
    """The other run's key appears after this one has looked and before it writes."""
    folder = folder_of(program)
    theirs = "ab" * 32

    def late(size):
        (folder.keys / "tide.key").write_text(theirs + "\n", encoding="ascii")
        return "cd" * size

    monkeypatch.setattr("pipelines.keys.secrets.token_hex", late)
    assert alliance_key(folder, "tide") == bytes.fromhex(theirs)
    assert [path.name for path in folder.keys.iterdir()] == ["tide.key"]


@pytest.mark.parametrize("spoilt", ["", "zz" * 32, "ab" * 31, "\x00"])
def test_a_spoilt_key_is_told_and_never_used_or_replaced(program, spoilt):
    folder = folder_of(program)
    folder.keys.mkdir()
    (folder.keys / "tide.key").write_text(spoilt, encoding="ascii")
    with pytest.raises(LostKey, match=r"tide\.key: expected 64 hex digits"):
        alliance_key(folder, "tide")
    assert (folder.keys / "tide.key").read_text(encoding="ascii") == spoilt


@pytest.mark.parametrize("place", ["x/../store", "../harbour/store/keys", "published/../store", "./published/keys"])
def test_no_spelling_of_the_keys_folder_leads_into_the_store_or_the_published_files(program, place):
    settings = program.root / "program.toml"
    settings.write_text(settings.read_text() + f'\n[privacy]\nkeys = "{place}"\n')
    with pytest.raises(ConfigError, match="outside store/ and published/"):
        night(program.root, NIGHT)


def test_a_link_into_the_store_is_no_place_for_keys(program):
    (program.root / "store").mkdir()
    (program.root / "keys").symlink_to("store")
    with pytest.raises(ConfigError, match="outside store/ and published/"):
        alliance_key(folder_of(program), "tide")


def test_neither_store_nor_published_files_hold_a_key(program):
    night(program.root, NIGHT)
    files = [file for room in ("store", "published") for file in (program.root / room).rglob("*") if file.is_file()]
    for key in (alliance_key(folder_of(program), each) for each in ("tide", "early")):
        assert not [file.name for file in files if key in file.read_bytes() or key.hex().encode() in file.read_bytes()]


def test_without_its_key_nobody_can_work_out_whose_pseudonym_is_whose(program):
    """Who has the store and the roster, but not the key, arrives at other pseudonyms for the same addresses."""
    night(program.root, NIGHT)
    thief = program.root.with_name("thief")
    shutil.copytree(program.root, thief, ignore=shutil.ignore_patterns("keys"))
    folder = ProgramFolder.open(thief)
    with pytest.raises(LostKey):
        people_of(folder, NIGHT)
    shutil.rmtree(thief / "store")
    guessed = people_of(folder, NIGHT)["tide"]
    assert not authors(program) & {guessed.named(program.address(each)) for each in program.everybody()}
    own = people_of(folder_of(program), NIGHT)["tide"]
    assert authors(program) == {own.named(program.address(each)) for each in program.everybody()}


def test_rotation_forgets_the_alliance_and_the_next_night_reads_it_again_under_new_names(program, scorer):
    night(program.root, NIGHT)
    before = authors(program)
    scorer.read.clear()
    assert rotate(folder_of(program), "tide") == 1
    assert not Store(program.root / "store").parts()
    assert night(program.root, NIGHT).messages == 112
    assert len(scorer.read) == 112
    assert authors(program)
    assert not before & authors(program)


def test_rotation_leaves_every_other_alliance_alone(program):
    folder = folder_of(program)
    kept = alliance_key(folder, "early")
    alliance_key(folder, "tide")
    rotate(folder, "tide")
    assert alliance_key(folder, "early") == kept
    assert entries(folder)[-1]["subject"] == "tide"


def test_rotation_leaves_no_pseudonym_of_a_channel_that_the_old_key_made(program):
    """Export by export the old ones could be matched to the new ones, and so could the counts beside them."""
    for mail in program.mails:
        mail["List-Id"] = "<valves.lists.example>"
    program.write_mails()
    night(program.root, NIGHT)
    store = program.root / "store"
    before = Store(store).states()
    (old,) = {space for state in before.values() for space, _ in state.get("spaces", ())}
    rotate(folder_of(program), "tide")
    kept = [path.name for path in store.rglob("*") if path.is_file() and old.encode() in path.read_bytes()]
    assert kept == []
    assert not [state for state in Store(store).states().values() if state["alliance"] == "tide"]
    assert night(program.root, NIGHT).messages == 112
    (new,) = {space for state in Store(store).states().values() for space, _ in state.get("spaces", ())}
    assert new != old


def test_rotation_leaves_what_the_ledger_says_of_every_other_alliance(program):
    night(program.root, NIGHT)
    store = program.root / "store"
    Store(store).record({"alliance": "early", "shard": "s", "messages": 7})
    before = {name: state for name, state in Store(store).states().items() if state["alliance"] != "tide"}
    assert len(before) >= 2
    rotate(folder_of(program), "tide")
    assert Store(store).states() == before


def test_a_rotation_that_is_cut_short_in_the_ledger_ends_at_the_next(program, monkeypatch):
    night(program.root, NIGHT)

    def power_cut(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("pipelines.keys._forget_history", power_cut)
    with pytest.raises(KeyboardInterrupt):
        rotate(folder_of(program), "tide")
    monkeypatch.undo()
    assert rotate(folder_of(program), "tide") == 0
    assert not [state for state in Store(program.root / "store").states().values() if state["alliance"] == "tide"]
    assert night(program.root, NIGHT).messages == 112


def test_rotation_helps_when_a_key_is_lost(program):
    night(program.root, NIGHT)
    (program.root / "keys" / "tide.key").unlink()
    rotate(folder_of(program), "tide")
    assert night(program.root, NIGHT).messages == 112


def test_a_rotation_that_is_cut_short_leaves_no_part_under_a_key_that_did_not_make_it(program, monkeypatch):
    night(program.root, NIGHT)

    def power_cut(path):
        raise KeyboardInterrupt

    monkeypatch.setattr("pipelines.keys._made", power_cut)
    with pytest.raises(KeyboardInterrupt):
        rotate(folder_of(program), "tide")
    monkeypatch.undo()
    assert not Store(program.root / "store").parts()


def test_rotation_waits_for_no_running_night(program):
    night(program.root, NIGHT)
    with Store(program.root / "store").writing(), pytest.raises(StoreBusy):
        rotate(folder_of(program), "tide")
    assert Store(program.root / "store").parts()


def test_rotation_of_an_unknown_alliance_names_the_known_ones(program):
    with pytest.raises(ConfigError, match="one of tide, early"):
        rotate(folder_of(program), "../tide")


def test_a_fingerprint_tells_keys_apart_and_gives_none_away(program):
    folder = folder_of(program)
    assert dict(fingerprints(folder)) == {"tide": "", "early": ""}
    keys = [alliance_key(folder, each).hex() for each in ("tide", "early")]
    found = dict(fingerprints(folder))
    assert found["tide"] != found["early"]
    assert not [print_ for print_ in found.values() if any(print_ in key for key in keys)]


def test_a_program_that_asks_for_encryption_is_refused_where_it_cannot_be_had_and_doctor_says_so(program, monkeypatch):
    settings = program.root / "program.toml"
    settings.write_text(settings.read_text() + "\n[privacy]\nencrypt = true\n")
    before = sorted(program.root.rglob("*"))

    def without_cipher(connection):
        raise NotEncrypted("no cipher")

    monkeypatch.setattr("warehouse.database._load_cipher", without_cipher)
    with pytest.raises(NotEncrypted):
        night(program.root, NIGHT)
    assert sorted(program.root.rglob("*")) == before
    assert ("encryption", "no cipher") in list(checks(program.root))
