from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import BadRoster, Identity, PartnerKeys, Roster

HEADING = "person,address,organisation,layer,team,from,until"
PARTNERS = (
    PartnerKeys("northwind", domains=("northwind.example",), tenants=("T01",)),
    PartnerKeys("lumen", domains=("lumen.example",), tenants=("T02",)),
)


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


def roster(folder: Path, *lines: str, heading: str = HEADING) -> Roster:
    file = folder / "people.csv"
    file.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
    return Roster.load(file, PARTNERS)


def refused(folder: Path, *lines: str, heading: str = HEADING) -> str:
    with pytest.raises(BadRoster) as error:
        roster(folder, *lines, heading=heading)
    return str(error.value)


def test_an_address_leads_to_its_person_whatever_its_case_or_plus_tag(tmp_path):
    found = roster(tmp_path, "p1,Ada@Northwind.example,northwind,technical,depot,,")
    known = found.person_at(Identity(address="ada@northwind.example"), at("2025-01-01"))
    assert known is not None and (known.person, known.layer) == ("p1", "technical")


def test_a_platform_id_leads_to_its_person(tmp_path):
    found = roster(tmp_path, "p1,slack:T01/U02,northwind,,,,")
    assert found.person_at(Identity(native_id="U02", tenant="T01"), at("2025-01-01"))
    assert not found.person_at(Identity(native_id="U02", tenant="T02"), at("2025-01-01"))


def test_a_name_alone_leads_to_nobody(tmp_path):
    found = roster(tmp_path, "p1,ada@northwind.example,northwind,,,,")
    assert found.person_at(Identity(name="Ada Voss"), at("2025-01-01")) is None
    assert found.organisation_at(Identity(name="Ada Voss"), at("2025-01-01")) == ""


def test_who_changes_sides_belongs_to_each_in_its_time(tmp_path):
    found = roster(
        tmp_path,
        "p1,ada@home.example,northwind,,,2024-01-01,2025-01-01",
        "p1,ada@home.example,lumen,,,2025-01-01,",
    )
    ada = Identity(address="ada@home.example")
    assert [found.organisation_at(ada, at(day)) for day in ("2023-12-31", "2024-12-31", "2025-01-01")] == [
        *("", "northwind", "lumen")
    ]


def test_strangers_belong_where_their_domain_or_tenant_belongs(tmp_path):
    found = roster(tmp_path)
    moment = at("2025-01-01")
    assert found.organisation_at(Identity(address="x@mail.lumen.example"), moment) == "lumen"
    assert found.organisation_at(Identity(address="x@notlumen.example"), moment) == ""
    assert found.organisation_at(Identity(native_id="U9", tenant="T02"), moment) == "lumen"
    assert found.organisation_at(Identity(native_id="U9", tenant="T03"), moment) == ""


CONTRADICTIONS = {
    "two organisations at a time": ("p1,a@x.example,northwind,,,,", "p1,b@x.example,lumen,,,,"),
    "two organisations for an address": ("p1,a@x.example,northwind,,,,", "p2,a@x.example,lumen,,,,"),
    "two people for an address": ("p1,a@x.example,northwind,,,,", "p2,A+tag@x.example,northwind,,,,"),
    "overlapping days": ("p1,a@x.example,northwind,,,,2025-06-01", "p1,a@x.example,lumen,,,2025-05-01,"),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_lines_that_contradict_each_other_are_both_named(tmp_path, name):
    message = refused(tmp_path, "p9,z@x.example,lumen,,,,", *CONTRADICTIONS[name])
    assert "lines 3 and 4" in message
    assert "x.example" not in message and "p1" not in message


FAULTS = {
    "nobody": (",a@x.example,northwind,,,,", "line 2, person"),
    "a stranger to the program": ("p1,a@x.example,elsewhere,,,,", "line 2, organisation"),
    "an unknown layer": ("p1,a@x.example,northwind,boss,,,", "line 2, layer"),
    "an unreadable day": ("p1,a@x.example,northwind,,,soon,", "line 2, from"),
    "an end before the beginning": ("p1,a@x.example,northwind,,,2025-02-01,2025-01-01", "line 2"),
    "no address": ("p1,Ada Voss,northwind,,,,", "line 2, address"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_its_line_and_cell_and_shows_no_person(tmp_path, name):
    line, where = FAULTS[name]
    message = refused(tmp_path, line)
    assert where in message
    assert not [word for word in ("Ada", "x.example", "boss", "elsewhere", "soon") if word in message]


def test_missing_columns_are_named(tmp_path):
    assert "line 1: expected the columns layer, team" in refused(
        tmp_path, heading="person,address,organisation,from,until"
    )


def test_bytes_that_are_no_text_are_refused(tmp_path):
    file = tmp_path / "people.csv"
    file.write_bytes(b"person,\xff\xfe\n")
    with pytest.raises(BadRoster, match="UTF-8"):
        Roster.load(file, PARTNERS)


def test_people_stay_out_of_what_is_shown(tmp_path):
    shown = repr(roster(tmp_path, "p1,ada@northwind.example,northwind,,,,").affiliations)
    assert "ada" not in shown and "p1" not in shown


DAYS = st.dates(datetime(2024, 1, 1, tzinfo=UTC).date(), datetime(2026, 1, 1, tzinfo=UTC).date())
SPANS = st.tuples(st.sampled_from(["p1", "p2"]), st.sampled_from(["northwind", "lumen"]), DAYS, DAYS)


@given(st.lists(SPANS, max_size=6), DAYS)
@settings(max_examples=150, deadline=None)
def test_a_roster_that_is_accepted_puts_nobody_on_two_sides_at_once(tmp_path_factory, spans, day):
    lines = [f"{p},{p}@x.example,{o},,,{min(a, b)},{max(a, b)}" for p, o, a, b in spans if a != b]
    try:
        found = roster(tmp_path_factory.mktemp("roster"), *lines)
    except BadRoster:
        return
    for person in ("p1", "p2"):
        holding = {each.organisation for each in found.affiliations if each.person == person and each.covers(day)}
        assert len(holding) <= 1
