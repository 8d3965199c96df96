import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import PURPOSE, BadConsent, ConsentEvent, ConsentRegister

PERSON = "p-ada"


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


def event(kind: str = "given", start: str = "2025-01-01", until: str = "2026-01-01", **changes) -> ConsentEvent:
    facts = {
        "person": PERSON,
        "controllers": "northwind;lumen",
        "alliance": "coast",
        "purpose": PURPOSE,
        "sources": ("mail",),
        "notice_version": "2",
        "event": kind,
        "valid_from": date.fromisoformat(start),
        "valid_until": date.fromisoformat(until) if until else None,
        "recorded_at": at(start),
    }
    return ConsentEvent(**{**facts, **changes})


def register(folder: Path, *events: ConsentEvent) -> ConsentRegister:
    found = ConsentRegister.load(folder / "consent.csv")
    found.append(*events)
    return ConsentRegister.load(folder / "consent.csv")


def allows(found: ConsentRegister, sent: str, run: str = "2025-06-15", **changes) -> bool:
    facts = {"alliance": "coast", "medium": "mail", **changes}
    return found.allows(facts.pop("person", PERSON), sent_at=at(sent), run_at=at(run), **facts)


def test_no_line_about_somebody_means_no_consent(tmp_path):
    assert not allows(ConsentRegister.load(tmp_path / "consent.csv"), "2025-06-01")
    assert not allows(register(tmp_path, event()), "2025-06-01", person="p-bo")


def test_consent_covers_days_from_its_first_to_the_one_before_its_end(tmp_path):
    found = register(tmp_path, event(until="2025-07-01"))
    assert [allows(found, day) for day in ("2024-12-31", "2025-01-01", "2025-06-30", "2025-07-01")] == [
        *(False, True, True, False)
    ]


def test_a_message_late_in_another_zone_counts_by_its_utc_day(tmp_path):
    found = register(tmp_path, event(until="2025-07-01"))
    evening = datetime.fromisoformat("2025-06-30T23:30:00-05:00")
    assert not found.allows(PERSON, alliance="coast", medium="mail", sent_at=evening, run_at=at("2025-06-15"))


def test_consent_that_ran_out_covers_nothing_not_even_what_was_sent_under_it(tmp_path):
    found = register(tmp_path, event(until="2025-07-01"))
    assert allows(found, "2025-06-01", run="2025-06-30")
    assert not allows(found, "2025-06-01", run="2025-07-01")


@pytest.mark.parametrize("kind", ["withdrawn", "refused", "expired"])
def test_what_ends_consent_ends_it_for_the_past_as_well(tmp_path, kind):
    found = register(tmp_path, event(), event(kind, "2025-06-01", ""))
    assert not allows(found, "2025-02-01")
    assert not allows(found, "2025-02-01", run="2025-05-31"), "a night that is run for an instant before it was said"


def test_consent_given_again_after_a_withdrawal_does_not_reach_back(tmp_path):
    again = event("given", "2025-06-10", "2026-01-01")
    found = register(tmp_path, event(), event("withdrawn", "2025-06-01", ""), again)
    assert allows(found, "2025-06-12")
    assert not allows(found, "2025-02-01")


def test_consent_renewed_without_a_gap_reaches_back_to_the_first(tmp_path):
    found = register(
        tmp_path,
        event(start="2023-01-01", until="2024-01-01"),
        event("renewed", "2024-01-01", "2025-01-01"),
        event("renewed", "2025-01-01", "2026-01-01"),
    )
    assert allows(found, "2023-02-01")
    assert not allows(found, "2022-12-31")


def test_consent_renewed_after_a_gap_does_not_reach_over_it(tmp_path):
    found = register(
        tmp_path, event(start="2023-01-01", until="2024-01-01"), event(start="2025-01-01", until="2026-01-01")
    )
    assert allows(found, "2025-02-01")
    assert not allows(found, "2023-02-01")


def test_consent_holds_for_the_media_it_names(tmp_path):
    found = register(tmp_path, event(sources=("mail", "chat")), event("withdrawn", "2025-03-01", "", sources=("chat",)))
    assert allows(found, "2025-02-01", medium="mail")
    assert not allows(found, "2025-02-01", medium="chat")


def test_consent_holds_for_its_alliance_or_for_all(tmp_path):
    found = register(tmp_path, event(), event(person="p-bo", alliance="*"))
    assert not allows(found, "2025-02-01", alliance="hills")
    assert allows(found, "2025-02-01", alliance="hills", person="p-bo")
    assert allows(found, "2025-02-01", person="p-bo")


def test_a_withdrawal_from_one_alliance_leaves_the_others(tmp_path):
    found = register(tmp_path, event(alliance="*"), event("withdrawn", "2025-03-01", "", alliance="hills"))
    assert not allows(found, "2025-02-01", alliance="hills")
    assert allows(found, "2025-02-01", alliance="coast")


def test_an_event_recorded_in_the_future_does_not_count_yet(tmp_path):
    found = register(tmp_path, event(recorded_at=at("2025-08-01")))
    assert not allows(found, "2025-06-01")
    assert allows(found, "2025-06-01", run="2025-08-02")


def test_the_order_of_looking_up_nights_does_not_matter(tmp_path):
    found = register(tmp_path, event(until="2025-07-01"))
    assert allows(found, "2025-06-01", run="2025-06-30")
    assert not allows(found, "2025-06-01", run="2025-07-02")
    assert allows(found, "2025-06-01", run="2025-06-30")


IMPOSSIBLE = {
    "an unknown event": {"event": "perhaps"},
    "another purpose": {"purpose": "ranking"},
    "nobody": {"person": ""},
    "no source": {"sources": ()},
    "an unknown source": {"sources": ("telephone",)},
    "a naive instant": {"recorded_at": datetime(2025, 1, 1)},
    "an end before the beginning": {"valid_until": date(2024, 12, 31)},
    "no end": {"valid_until": None},
    "more than twelve months": {"valid_until": date(2026, 2, 1)},
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_an_event_that_must_not_be_recorded_leaves_no_trace(tmp_path, name):
    found = register(tmp_path, event())
    before = (tmp_path / "consent.csv").read_bytes()
    with pytest.raises(BadConsent) as error:
        found.append(event(person="p-bo"), event(**IMPOSSIBLE[name]))
    assert (tmp_path / "consent.csv").read_bytes() == before
    assert PERSON not in str(error.value)
    assert len(found.events()) == 1


def lines_of(folder: Path) -> list[str]:
    return (folder / "consent.csv").read_text(encoding="utf-8").splitlines()


def written(folder: Path, lines: list[str]) -> Path:
    file = folder / "consent.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


TAMPERINGS = {
    "altered": (lambda lines: [*lines[:2], lines[2].replace("refused", "given"), *lines[3:]], 3),
    "removed": (lambda lines: [*lines[:2], *lines[3:]], 3),
    "moved": (lambda lines: [*lines[:1], lines[2], lines[1], *lines[3:]], 2),
    "inserted": (lambda lines: [*lines[:2], lines[1], *lines[2:]], 3),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_line_that_was_tampered_with_is_named(tmp_path, name):
    register(tmp_path, event(), event("refused", "2025-02-01", "2025-12-01", person="p-bo"), event(person="p-cy"))
    change, line = TAMPERINGS[name]
    file = written(tmp_path, change(lines_of(tmp_path)))
    with pytest.raises(BadConsent, match=f"line {line}: .*chain"):
        ConsentRegister.load(file)


def test_a_register_without_its_columns_says_which(tmp_path):
    file = written(tmp_path, ["person,alliance"])
    with pytest.raises(BadConsent, match=r"line 1: expected the columns controllers"):
        ConsentRegister.load(file)


@pytest.mark.parametrize("cell", ["recorded_at", "valid_from", "event", "sources"])
def test_a_cell_that_says_nothing_is_named_and_not_shown(tmp_path, cell):
    register(tmp_path, event())
    heading, row = (line.split(",") for line in lines_of(tmp_path))
    row[heading.index(cell)] = "kestrel"
    with pytest.raises(BadConsent) as error:
        ConsentRegister.load(written(tmp_path, [",".join(heading), ",".join(row)]))
    assert "line 2" in str(error.value)
    assert "kestrel" not in str(error.value) and PERSON not in str(error.value)


def test_events_are_kept_as_they_were_recorded(tmp_path):
    events = (event(), event("withdrawn", "2025-06-01", "", controllers='a "b", c', notice_version="=2+2"))
    assert register(tmp_path, *events).events() == events


def test_people_stay_out_of_what_is_shown(tmp_path):
    found = register(tmp_path, event())
    assert PERSON not in repr(found.events()) + repr(found.intervals("coast", at("2025-06-15")))


DAYS = st.integers(0, 900).map(lambda number: date(2023, 1, 1) + timedelta(days=number))
CELLS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=8).map(str.strip).filter(bool)


@st.composite
def histories(draw) -> list[ConsentEvent]:
    events = []
    for start in sorted(draw(st.lists(DAYS, max_size=8))):
        kind = draw(st.sampled_from(["given", "renewed", "withdrawn", "refused", "expired"]))
        until = start + timedelta(days=draw(st.integers(1, 366)))
        events.append(
            event(
                kind,
                start.isoformat(),
                until.isoformat(),
                person=draw(st.sampled_from(["p-ada", "p-bo"])),
                alliance=draw(st.sampled_from(["*", "coast", "hills"])),
                sources=tuple(draw(st.lists(st.sampled_from(["mail", "chat"]), min_size=1, unique=True))),
                notice_version=draw(CELLS),
            )
        )
    return events


@given(histories(), DAYS, DAYS)
@settings(max_examples=150, deadline=None)
def test_whoever_is_allowed_gave_consent_for_that_day_and_did_not_end_it_since(tmp_path_factory, events, sent, run):
    folder = tmp_path_factory.mktemp("register")
    found = register(folder, *events)
    if not found.allows("p-ada", alliance="coast", medium="mail", sent_at=at(str(sent)), run_at=at(str(run))):
        return
    mine = [
        each
        for each in events
        if each.person == "p-ada"
        and each.alliance in ("*", "coast")
        and "mail" in each.sources
        and each.recorded_at <= at(str(run))
    ]
    assert mine[-1].event in ("given", "renewed")
    ends = max(
        (number for number, each in enumerate(mine) if each.event in ("withdrawn", "refused", "expired")), default=-1
    )
    since = mine[ends + 1 :]
    assert any(each.valid_from <= sent < each.valid_until for each in since if each.valid_until)
    assert any(each.valid_from <= run < each.valid_until for each in since if each.valid_until)


@given(histories(), st.data())
@settings(max_examples=100, deadline=None)
def test_no_changed_character_goes_unseen(tmp_path_factory, events, data):
    folder = tmp_path_factory.mktemp("register")
    register(folder, *events)
    file = folder / "consent.csv"
    text = file.read_text(encoding="utf-8")
    body = [
        place for place, sign in enumerate(text) if place > len(text.splitlines()[0]) and re.match(r"[0-9a-z]", sign)
    ]
    if not body:
        return
    place = data.draw(st.sampled_from(body))
    file.write_text(f"{text[:place]}{'x' if text[place] != 'x' else 'y'}{text[place + 1 :]}", encoding="utf-8")
    with pytest.raises(BadConsent):
        ConsentRegister.load(file)


def test_utc_is_what_the_register_writes(tmp_path):
    register(tmp_path, event(recorded_at=datetime(2025, 1, 1, tzinfo=UTC)))
    assert "2025-01-01T00:00:00+00:00" in lines_of(tmp_path)[1]
