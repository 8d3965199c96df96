import csv
import json
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connectors import BadConsent, ConsentRegister, Medium
from pipelines.audit import entries
from pipelines.consent_file import import_consent
from pipelines.errors import UnknownPerson
from pipelines.folder import ProgramFolder
from pipelines.instant import instant_of
from pipelines.night import night
from pipelines.people import people_of
from pipelines.receipt import receipt
from pipelines.rights import erase_person, inert, my_data, record_consent
from warehouse import DECISIONS, PROBABILITIES, Store, read_part
from warehouse.parts import MESSAGE_SCHEMA

NIGHT = datetime(2026, 3, 2, 2, tzinfo=UTC)
FORMULAS = ('=cmd|"/c calc"!A1', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "﻿=1+1")


def folder_of(program):
    return ProgramFolder.open(program.root)


def events(program):
    return ConsentRegister.load(program.root / "consent.csv").events()


def rows_of(program):
    return [row for part in Store(program.root / "store").parts() for row in read_part(part)]


def pseudonym_of(program, person):
    return people_of(folder_of(program), instant_of(None))["tide"].named(program.address(person))


# --- scope ---


@pytest.mark.parametrize("medium", ["mail", "chat"])
def test_withdrawal_for_one_medium_leaves_the_other(program, medium):
    program.consent_until_today()
    record_consent(folder_of(program), "a1", "withdrawn", sources=(medium,))
    people = people_of(folder_of(program), datetime.now(UTC) + timedelta(seconds=1))["tide"]
    covered = {each for each in Medium.__args__ if people.consents_to("a1", each, datetime.now(UTC))}
    assert covered == {"mail", "chat"} - {medium}


def test_withdrawal_from_one_alliance_leaves_the_other(program):
    program.consent_until_today()
    record_consent(folder_of(program), "a1", "withdrawn", alliance="early")
    people = people_of(folder_of(program), datetime.now(UTC) + timedelta(seconds=1))
    covered = {name for name, each in people.items() if each.consents_to("a1", "mail", datetime.now(UTC))}
    assert covered == {"tide"}


def test_consent_to_one_alliance_reads_nothing_for_another_that_shares_the_export(program):
    """Both alliances are at scale and read the same mails; a person said yes to one of them."""
    text = (program.root / "program.toml").read_text().replace('stage = "early"', 'stage = "scale"')
    text = text.replace('["birch", "aster"]', '["aster", "cedar"]')
    places = '[[partners]]\nid = "cedar"\nname = "Cedar"\n'
    places += '[[exports]]\npath = "exports/tide"\nalliances = ["tide", "early"]\n'
    (program.root / "program.toml").write_text(text + places)
    program.consent_until_today()
    record_consent(folder_of(program), "a1", "refused", alliance="early")
    now = datetime.now(UTC) + timedelta(seconds=1)
    night(program.root, now)
    touched = {}
    for name, people in people_of(folder_of(program), now).items():
        own, rows = people.named(program.address("a1")), [row for row in rows_of(program) if row["alliance"] == name]
        touched[name] = sum(own == row["author"] or own in row["recipients"] for row in rows)
    assert touched == {"tide": 16, "early": 0}


def test_a_decision_about_an_unknown_alliance_is_refused_with_the_known_ones(program):
    with pytest.raises(BadConsent, match=r"\* or one of tide, early"):
        record_consent(folder_of(program), "a1", "given", alliance="../tide")


# --- a register that opens in spreadsheets and reads back ---


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_that_the_register_takes_begins_a_formula(program, formula):
    text = (program.root / "program.toml").read_text().replace("Aster Works", json.dumps(formula)[1:-1])
    (program.root / "program.toml").write_text(text)
    assert tomllib.loads(text)["partners"][0]["name"] == formula
    record_consent(folder_of(program), "a1", "renewed", notice=formula)
    with (program.root / "consent.csv").open(newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert not [
        cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@")) or "\t" in cell or "\r" in cell
    ]
    assert len(events(program)) == 15


def test_a_person_whose_key_is_a_formula_can_withdraw_but_not_be_enrolled(program):
    with (program.root / "people.csv").open("a") as roster:
        roster.write("=1+1,formula@aster.example,aster,,,,\n")
    with pytest.raises(BadConsent, match="a spreadsheet reads as text"):
        record_consent(folder_of(program), "=1+1", "given")
    assert record_consent(folder_of(program), "=1+1", "withdrawn").event == "withdrawn"


@given(name=st.text(max_size=40), notice=st.text(max_size=12))
@example(name=" Aster ", notice=" 2")
@example(name="A\nB", notice="\x00")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_partners_and_notices_are_called_the_register_reads_back(tmp_path, name, notice):
    from connectors import PURPOSE, ConsentEvent

    file = tmp_path / "consent.csv"
    file.unlink(missing_ok=True)
    when = datetime(2026, 1, 1, tzinfo=UTC)
    words = ("p1", inert(name), "*", PURPOSE, ("mail",), inert(notice))
    event = ConsentEvent(*words, "given", date(2026, 1, 1), date(2026, 6, 1), when)
    ConsentRegister.load(file).append(event)
    assert ConsentRegister.load(file).events() == (event,)


def test_many_who_record_at_once_leave_one_chain(program):
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: record_consent(folder_of(program), f"a{number % 7}", "refused"), range(12)))
    assert len(events(program)) == 26


# --- import ---


def imported(program, text, name="signed.csv"):
    file = program.root / name
    file.write_text(text, encoding="utf-8")
    return import_consent(folder_of(program), file)


def test_a_file_of_decisions_is_recorded_line_by_line(program):
    text = "person,event,alliance,sources,notice_version,valid_from,valid_until\n"
    text += "a1,given,tide,mail;chat,2,2026-01-01,2026-12-31\na2,withdrawn,,chat,,,\n"
    assert imported(program, text) == 2
    first, second = events(program)[-2:]
    assert (first.alliance, first.sources, first.notice_version) == ("tide", ("mail", "chat"), "2")
    assert (first.valid_from, first.valid_until) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (second.alliance, second.sources, second.event) == ("*", ("chat",), "withdrawn")


BAD_LINES = [
    ("nobody,given,,,,,", "person key of people.csv"),
    ("a2,agreed,,,,,", "event: expected one of given"),
    ("a2,given,moon,,,,", r"\* or one of tide, early"),
    ("a2,given,,fax,,,", "sources: expected mail or chat"),
    ("a2,given,,,,yesterday,", "valid_from: expected a date"),
    ("a2,given,,,,2026-01-01,2028-01-01", "within twelve months"),
    ("a2,given,,,,2026-01-01,2025-01-01", "within twelve months"),
]


@pytest.mark.parametrize(("line", "says"), BAD_LINES)
def test_one_bad_line_is_named_and_nothing_is_recorded(program, line, says):
    heading = "person,event,alliance,sources,notice_version,valid_from,valid_until\n"
    before = (program.root / "consent.csv").read_bytes()
    with pytest.raises(BadConsent, match=rf"signed\.csv, line 3: .*{says}"):
        imported(program, heading + "a1,given,,,,,\n" + line + "\na3,given,,,,,\n")
    assert (program.root / "consent.csv").read_bytes() == before


def test_all_bad_lines_are_named_at_once_and_none_is_quoted(program):
    lines = [f"canary{number},given" for number in range(30)]
    with pytest.raises(BadConsent) as refused:
        imported(program, "\n".join(["person,event", *lines, ""]))
    told = str(refused.value)
    assert told.count("signed.csv, line") == 20
    assert "10 more lines" in told
    assert "canary" not in told


@pytest.mark.parametrize("text", ["a1,given\n", "person,event,canary\na1,given,x\n", "", "person,event,event\n"])
def test_a_file_without_the_heading_is_refused_and_its_first_line_not_shown(program, text):
    with pytest.raises(BadConsent, match="line 1: expected a heading of person, event") as refused:
        imported(program, text)
    assert "canary" not in str(refused.value)
    assert len(events(program)) == 14


def test_a_file_that_is_no_text_is_refused(program):
    (program.root / "x.csv").write_bytes(b"person,event\n\xff\xfe")
    with pytest.raises(BadConsent, match="UTF-8"):
        import_consent(folder_of(program), program.root / "x.csv")
    with pytest.raises(BadConsent, match="can be read"):
        import_consent(folder_of(program), program.root / "none.csv")


# --- receipts ---


MANDATORY = {
    "header": {"schema_version", "record_id", "pii_principal_id"},
    "processing": {"privacy_notice", "language", "purposes"},
    "purpose": {"purpose", "pii_information", "pii_controllers", "storage_locations", "retention_period"}
    | {"jurisdiction", "recipient_third_parties", "withdrawal_method"},
    "party": {"party_id", "party_address", "party_name", "party_contact", "party_type"},
    "event": {"event_time", "validity_duration", "entity_id", "event_type", "event_state"},
}
"""The fields that the public account of the specification calls mandatory."""


def test_a_receipt_has_every_mandatory_field_in_its_section(program):
    found = receipt(program.root, "a1")["content"]
    purpose, processing = found["pii_processing"]["purposes"][0], found["pii_processing"]
    sections = {"header": [found], "processing": [processing], "purpose": [purpose], "event": found["event"]}
    sections["party"] = found["party_identification"]
    missing = {name: [MANDATORY[name] - each.keys() for each in own] for name, own in sections.items()}
    assert not [fields for own in missing.values() for fields in own if fields]
    assert all(each["pii_type"] for each in purpose["pii_information"])


def test_a_receipt_says_who_for_what_how_long_and_how_to_withdraw(program):
    record_consent(folder_of(program), "a1", "renewed", sources=("chat",), notice="7")
    made = receipt(program.root, "a1")
    found = made["content"]
    assert set(made) == {"schema_version", "receipt_id", "content", "not_stated"}
    assert [each["event_state"] for each in found["event"]] == ["consent given", "consent renewed"]
    assert {each["event_type"] for each in found["event"]} == {"explicit"}
    assert found["event"][-1]["validity_duration"] == "P365D"
    assert found["pii_processing"]["privacy_notice"] == "7"
    purpose = found["pii_processing"]["purposes"][0]
    assert purpose["pii_controllers"] == ["aster", "birch"]
    assert "13 months" in purpose["retention_period"]
    assert "quietpivot erase" in purpose["withdrawal_method"]
    assert not [each for each in purpose["pii_information"] if "mails" in each["pii_type"]], "consented to chat alone"
    json.dumps(made)


def test_what_a_program_does_not_state_is_named_and_not_made_up(program):
    assert receipt(program.root, "a1")["not_stated"] == ["jurisdiction", "party_address", "party_contact"]
    settings = program.root / "program.toml"
    stated = 'address = "1 Quay"\ncontact = "privacy@{0}.example"\ndomains = ["{0}.example"]'
    text = settings.read_text()
    for partner in ("aster", "birch"):
        text = text.replace(f'domains = ["{partner}.example"]', stated.format(partner))
    settings.write_text(text + '\n[privacy]\njurisdiction = "IE"\n')
    found = receipt(program.root, "a1")
    assert found["not_stated"] == []
    assert found["content"]["party_identification"][1]["party_contact"] == "privacy@birch.example"
    assert found["content"]["pii_processing"]["purposes"][0]["jurisdiction"] == "IE"


def test_a_receipt_tells_that_a_person_may_read_where_the_notice_did(program):
    with (program.root / "program.toml").open("a") as settings:
        settings.write('\n[labelling]\nnotices = ["2"]\n')

    def types():
        purpose = receipt(program.root, "a1")["content"]["pii_processing"]["purposes"][0]
        return [each["pii_type"] for each in purpose["pii_information"]]

    assert not [each for each in types() if "steward" in each]
    record_consent(folder_of(program), "a1", "renewed", notice="2")
    assert [each for each in types() if "steward" in each]


def test_a_receipt_is_about_one_person_and_the_same_until_something_is_decided(program):
    first = receipt(program.root, "a1")
    assert receipt(program.root, "a1") == first
    assert {each["entity_id"] for each in first["content"]["event"]} == {"a1"}
    record_consent(folder_of(program), "a1", "withdrawn")
    second = receipt(program.root, "a1")
    assert second["receipt_id"] != first["receipt_id"]
    assert second["content"]["record_id"] == first["content"]["record_id"], "one record, another state of it"
    assert second["content"]["event"][-1]["event_state"] == "consent withdrawn"
    assert receipt(program.root, "a2")["content"]["record_id"] != first["content"]["record_id"]


def test_a_receipt_of_somebody_unknown_is_refused_and_of_somebody_known_logged(program):
    with pytest.raises(UnknownPerson):
        receipt(program.root, "canary")
    receipt(program.root, "a1")
    assert {entry["action"] for entry in entries(folder_of(program))} == {"receipt"}


# --- my data, and erasure to the last byte ---


def test_my_data_tells_who_looked_before(program):
    my_data(program.root, "a1")
    my_data(program.root, "a2")
    found = my_data(program.root, "a1")["accesses"]
    assert [entry["action"] for entry in found] == ["my-data", "my-data"], "one an alliance, and nobody else's"


@pytest.fixture
def plain_parts(monkeypatch):
    """Write parts without packing or dictionaries, so that what they hold can be found byte by byte."""
    write = parquet.write_table

    def plainly(table, where, **options):
        write(table, where, compression="none", use_dictionary=False)

    monkeypatch.setattr("warehouse.parts.parquet.write_table", plainly)


def files_with(program, *needles):
    files = [file for file in (program.root / "store").rglob("*") if file.is_file()]
    return [file.name for file in files if any(each.encode() in file.read_bytes() for each in needles)]


def test_not_a_byte_of_an_erased_person_is_left_in_the_store(program, plain_parts):
    program.consent_until_today()
    night(program.root, NIGHT)
    gone = pseudonym_of(program, "a1")
    own = [row for row in rows_of(program) if row["author"] == gone]
    keys = [row[name] for row in own for name in ("message_key", "text_key")]
    assert files_with(program, gone), "the measure sees what is there"
    assert files_with(program, *keys)
    assert erase_person(program.root, "a1") == 8
    assert files_with(program, gone, *keys) == []


def test_an_erased_person_stays_away_although_the_export_is_still_there(program):
    program.consent_until_today()
    night(program.root, NIGHT)
    erase_person(program.root, "a1")
    night(program.root, datetime.now(UTC) + timedelta(seconds=2))
    gone = pseudonym_of(program, "a1")
    assert not [row for row in rows_of(program) if gone == row["author"] or gone in row["recipients"]]


# --- at scale ---

PARTS, ROWS = 20, 50_000
PEOPLE = 400


def crowd(program):
    """Let 400 people a side into the roster, all of them consenting; return the pseudonym of each."""
    folder = folder_of(program)
    names = [f"{side}{number}" for side in "ab" for number in range(PEOPLE)]
    lines = [f"{each},{program.address(each)},{'aster' if each[0] == 'a' else 'birch'},,,," for each in names]
    (program.root / "people.csv").write_text("\n".join(["person,address,organisation,layer,team,from,until", *lines]))
    (program.root / "consent.csv").unlink()
    program.everybody = lambda: names
    program.consent(*names)
    program.consent_until_today()
    people = people_of(folder, NIGHT)["tide"]
    return np.array([people.named(program.address(each)) for each in names])


def fill(program, pseudonyms):
    """Write a million signals into parts, packed as a night packs them."""
    chance = np.random.default_rng(7)
    store = Store(program.root / "store")
    for number in range(PARTS):
        authors = chance.integers(0, len(pseudonyms), ROWS)
        others = chance.integers(0, len(pseudonyms), ROWS)
        keys = [f"{number:04x}{row:08x}{row * 7:020x}" for row in range(ROWS)]
        columns = {
            "alliance": pa.repeat("tide", ROWS),
            **{name: pa.array(keys) for name in ("message_key", "thread_key", "text_key")},
            "author": pa.array(pseudonyms[authors]),
            "sent_at": pa.array(np.datetime64("2026-01-05", "us") + chance.integers(0, 80 * 86400 * 10**6, ROWS)),
            "medium": pa.repeat("mail", ROWS),
            "recipients": pa.array(pseudonyms[others].reshape(-1, 1).tolist()),
            **{name: pa.array(chance.random(ROWS, dtype="f4")) for name in PROBABILITIES},
            **{name: pa.array(chance.integers(0, 2, ROWS, dtype="i1")) for name in DECISIONS},
            "cross_boundary": pa.repeat(True, ROWS),
            "scored": pa.repeat(True, ROWS),
            "language": pa.repeat("en", ROWS),
            "model": pa.repeat("marks@000000000000", ROWS),
        }
        filled = [
            columns.get(field.name, pa.nulls(ROWS) if field.nullable else pa.repeat(1, ROWS))
            for field in MESSAGE_SCHEMA
        ]
        table = pa.table(
            [each.cast(field.type) for each, field in zip(filled, MESSAGE_SCHEMA, strict=True)], MESSAGE_SCHEMA
        )
        part = store.part("tide", f"part{number:02}")
        store.put(part, table)


def values_of(part):
    """Return every text that a part holds, unpacked: in its columns and in the statistics beside them."""
    table = parquet.read_table(part)
    columns = [table[name].combine_chunks() for name in ("author", "message_key", "thread_key", "text_key")]
    columns += [table["parent_key"].combine_chunks(), table["recipients"].combine_chunks().flatten()]
    found = {value for column in columns for value in column.unique().to_pylist()}
    meta = parquet.ParquetFile(part).metadata
    for group in range(meta.num_row_groups):
        for column in range(meta.num_columns):
            if statistics := meta.row_group(group).column(column).statistics:
                found |= {str(statistics.min), str(statistics.max)}
    return found


@pytest.mark.slow
def test_one_of_eight_hundred_people_is_erased_from_a_million_signals(program, record_property):
    """Measured, not judged: how long it takes. Judged: that nothing is left and nobody else has lost anything."""
    pseudonyms = crowd(program)
    fill(program, pseudonyms)
    store = Store(program.root / "store")
    gone = str(pseudonyms[0])
    before = sum(parquet.ParquetFile(part).metadata.num_rows for part in store.parts())
    assert all(gone in values_of(part) for part in store.parts())

    start = time.perf_counter()
    held = my_data(program.root, "a0")["signals"]["tide"]
    record_property("my_data_seconds", round(time.perf_counter() - start, 2))
    own = sum(row["author"] == gone for row in held)
    assert own
    assert len(held) > own

    start = time.perf_counter()
    assert erase_person(program.root, "a0") == own
    record_property("erase_seconds", round(time.perf_counter() - start, 2))
    assert not [part.name for part in store.parts() if gone in values_of(part)]
    after = sum(parquet.ParquetFile(part).metadata.num_rows for part in store.parts())
    assert after == before - own
    assert not files_with(program, gone)
