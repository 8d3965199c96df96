from datetime import date

import pytest

from connectors import BadRegister, CauseEntry, ScorecardEntry, read_causes, read_scorecard

ALLIANCES, PARTNERS = frozenset(["coast"]), frozenset(["northwind", "lumen"])
RUN = date(2025, 6, 15)
HEADING = "date,alliance,perspective,item,partner,value,target,better,note\n"


def scored(folder, lines):
    file = folder / "scorecard.csv"
    file.write_text(HEADING + lines)
    return read_scorecard(file, ALLIANCES, PARTNERS, run_on=RUN)


def test_a_missing_scorecard_and_a_missing_record_are_empty_ones(tmp_path):
    assert read_scorecard(tmp_path / "scorecard.csv", ALLIANCES, PARTNERS, run_on=RUN) == []
    assert read_causes(tmp_path / "causes.csv", ALLIANCES, run_on=RUN) == []


def test_numbers_are_read_with_their_target_and_notes_stay_in_the_file(tmp_path):
    found = scored(
        tmp_path,
        "2025-03-31,coast,financial,joint_revenue,,4.5,6,,kestrel\n"
        '2025-03-31,coast,operational,lead_time,lumen,"12,5",,lower,\n'
        "2025-03-31,coast,reciprocity,importance,northwind,5,,,\n",
    )
    assert found == [
        ScorecardEntry("coast", date(2025, 3, 31), "financial", "joint_revenue", "", 4.5, 6.0, "higher"),
        ScorecardEntry("coast", date(2025, 3, 31), "operational", "lead_time", "lumen", 12.5, None, "lower"),
        ScorecardEntry("coast", date(2025, 3, 31), "reciprocity", "importance", "northwind", 5.0, None, "higher"),
    ]
    assert "kestrel" not in repr(found)


FAULTS = {
    "a perspective of its own": ("2025-03-31,coast,human,x,,1,,", "line 2, perspective"),
    "a day to come": ("2025-06-16,coast,market,x,,1,,", "line 2, date"),
    "no value": ("2025-03-31,coast,market,x,,,,", "line 2, value"),
    "a value in words": ("2025-03-31,coast,market,x,,plenty,,", "line 2, value"),
    "no finite value": ("2025-03-31,coast,market,x,,inf,,", "line 2, value"),
    "a target in words": ("2025-03-31,coast,market,x,,1,plenty,", "line 2, target"),
    "a sentence for an item": ("2025-03-31,coast,market,the kestrel deal,,1,,", "line 2, item"),
    "an item that is a long text without blanks": (f"2025-03-31,coast,market,{'kestrel' * 9},,1,,", "line 2, item"),
    "a reciprocity item of nobody": ("2025-03-31,coast,reciprocity,importance,,4,,", "line 2, partner"),
    "a reciprocity item off its scale": ("2025-03-31,coast,reciprocity,importance,lumen,6,,", "line 2, value"),
    "an unknown side of better": ("2025-03-31,coast,market,x,,1,,kestrel", "line 2, better"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_file_line_and_cell_and_never_what_stands_there(tmp_path, name):
    line, where = FAULTS[name]
    with pytest.raises(BadRegister, match=r"scorecard\.csv") as error:
        scored(tmp_path, line + "\n")
    assert where in str(error.value)
    assert not [word for word in ("human", "plenty", "kestrel", "inf,") if word in str(error.value)]


def test_the_record_of_the_four_causes_knows_its_words(tmp_path):
    file = tmp_path / "causes.csv"
    file.write_text("date,alliance,cause,finding,note\n2025-05-01,coast,partner_selection,in_doubt,kestrel\n")
    assert read_causes(file, ALLIANCES, run_on=RUN) == [
        CauseEntry("coast", date(2025, 5, 1), "partner_selection", "in_doubt")
    ]
    file.write_text("date,alliance,cause,finding\n2025-05-01,coast,people,in_doubt\n")
    with pytest.raises(BadRegister, match="line 2, cause: expected one of alliance_management, partner_selection"):
        read_causes(file, ALLIANCES, run_on=RUN)


def test_a_later_line_of_the_same_day_corrects_an_earlier_one(tmp_path):
    found = scored(tmp_path, "2025-03-31,coast,market,x,,1,,,\n2025-03-31,coast,market,x,,2,,,\n")
    assert [entry.value for entry in found] == [2.0]
    file = tmp_path / "causes.csv"
    file.write_text("date,alliance,cause,finding\n2025-05-01,coast,type,in_doubt\n2025-05-01,coast,type,sound\n")
    assert [entry.finding for entry in read_causes(file, ALLIANCES, run_on=RUN)] == ["sound"]
