import pytest

from desk.communication import changed, communication, phrase, volume_is_not_hostility
from desk.pace import verdict
from desk.panel import events
from desk.reading import Alliance, read
from warehouse.publish import publish


def alliance_with(tables, name, **changes):
    """Return an alliance whose last shown months of the given indicators hold (value, low, high)."""
    rows = {table: [row for row in found if row.get("alliance") == name] for table, found in tables.items()}
    for indicator, (value, low, high) in changes.items():
        own = [row for row in rows["indicator"] if row["indicator"] == indicator]
        for row in own:
            row |= {"value": value, "low": low, "high": high, "status": "ok"}
    return Alliance(rows["alliance"][0], rows)


FEWER = (-0.5, None, None)


@pytest.mark.parametrize(
    ("frequency", "tone", "expected"),
    [
        (FEWER, (0.0, -0.05, 0.05), "Volume is not hostility"),
        (FEWER, (-0.2, -0.3, -0.1), "its wording is more negative than at baseline"),
        ((0.5, None, None), (0.0, -0.05, 0.05), "More messages alone are not a deeper relationship"),
    ],
)
def test_volume_is_never_read_alone(tables, frequency, tone, expected):
    found = alliance_with(tables, "harbour", frequency_change=frequency, tone_change=tone)
    assert expected in volume_is_not_hostility(found)


def test_a_small_change_of_volume_is_not_worth_a_sentence(tables):
    assert volume_is_not_hostility(alliance_with(tables, "harbour", frequency_change=(0.05, None, None))) == ""


def test_without_a_tone_nothing_is_said_about_wording(tables):
    tables["indicator"] = [row for row in tables["indicator"] if row["indicator"] != "tone_change"]
    said = volume_is_not_hostility(alliance_with(tables, "harbour", frequency_change=FEWER))
    assert "volume alone says nothing" in said and "wording" not in said


def test_the_phrase_names_volume_wording_and_answers(tables):
    found = alliance_with(
        tables, "harbour", frequency_change=FEWER, tone_change=(-0.2, -0.3, -0.1), answer_within_day=(0.6, 0.5, 0.7)
    )
    assert (
        phrase(found).replace("\u00a0", " ")
        == "frequency −39 %; wording more negative; answered in a day 60 % and 60 %"
    )


def test_the_newest_month_that_is_not_shown_is_named_beside_the_last_that_is(database):
    harbour = read(database).alliances[0]
    groups = communication(harbour, harbour.months(), events(harbour))
    (repair,) = [panel for group in groups for panel in group.panels if panel.title == "Threads that recover"]
    assert repair.latest[0][2].endswith("in Sep 2026; Oct 2026: not enough yet")


def test_each_direction_is_told_by_the_names_of_its_sides(database):
    harbour = read(database).alliances[0]
    groups = {group.title: group for group in communication(harbour, harbour.months(), {})}
    labels = [label for _, label, _ in groups["Responsiveness"].panels[0].latest]
    assert labels == ["Fjordline asks, Castell & Sons answers", "Castell & Sons asks, Fjordline answers"]
    evaded = groups["Transparency"].panels[-1]
    assert [label for _, label, _ in evaded.latest] == ["answers by Fjordline", "answers by Castell & Sons"]


def test_what_lies_clearly_off_its_baseline_is_named_with_its_direction(tables):
    found = alliance_with(tables, "harbour")
    below, above = changed(found)
    assert below == [] and "open minus closed wording" in above
    for row in found.rows("indicator", indicator="answer_within_day", direction="a_to_b")[3:]:
        row.update(value=0.2, low=0.1, high=0.3)
    assert changed(found)[0] == ["answers within a working day (Fjordline asks, Castell & Sons answers)"]
    for row in found.rows("indicator", indicator="answer_within_day", direction="b_to_a")[3:]:
        row.update(value=0.2, low=0.1, high=0.3)
    assert changed(found)[0] == ["answers within a working day"]


def test_an_indicator_without_an_interval_is_not_said_to_have_changed(tables):
    found = alliance_with(tables, "harbour", transparency=(0.9, None, None))
    assert "open minus closed wording" not in [each for side in changed(found) for each in side]


@pytest.mark.parametrize(
    ("status", "needed", "label", "note"),
    [
        ("suppressed", 0, "withheld", ""),
        ("no_data", 0, "nothing there", ""),
        ("low_n", 6, "undetermined", "6 weeks still needed."),
        ("low_n", 0, "not enough yet", ""),
    ],
)
def test_an_alliance_without_a_state_says_why(tables, status, needed, label, note):
    found = alliance_with(tables, "harbour")
    for row in found.tables["velocity"]:
        row |= {"rvi": None, "state": None, "status": status, "weeks_needed": needed}
    assert (verdict(found).label, verdict(found).note) == (label, note)


def test_the_state_of_an_earlier_month_names_its_month_and_what_came_since(tables):
    found = alliance_with(tables, "harbour")
    max(found.tables["velocity"], key=lambda row: row["period"]).update(rvi=None, state=None, status="suppressed")
    assert (verdict(found).when, verdict(found).note) == ("Sep 2026", "Oct 2026: withheld")


def test_the_log_is_numbered_in_the_months_of_its_entries(database):
    lantern = read(database).alliances[1]
    assert [(when.month, label) for when, label in events(lantern).items()] == [(3, "1"), (8, "2")]


def test_a_name_loses_what_would_turn_the_text_around_it(tables, tmp_path):
    tables["alliance"][0]["name"] = "Har\u202ebour\x1b[2J"
    publish(tables, tmp_path / "night.duckdb")
    assert read(tmp_path / "night.duckdb").alliances[0].name == "Har bour [2J"
