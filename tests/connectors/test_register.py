from datetime import date

import pytest

from connectors import BadRegister, LogEntry, read_registers

ALLIANCES, PARTNERS = frozenset(["coast"]), frozenset(["northwind", "lumen"])
RUN = date(2025, 6, 15)


def entries(folder):
    return read_registers(folder, ALLIANCES, PARTNERS, run_on=RUN)


def test_a_missing_register_is_an_empty_one(tmp_path):
    assert entries(tmp_path) == []


def test_entries_are_read_and_their_notes_stay_in_the_file(tmp_path):
    (tmp_path / "pivots.csv").write_text("date,alliance,kind,note\n2025-03-01,coast,refocus,kestrel\n")
    (tmp_path / "commitments.csv").write_text("date,alliance,kind,partner\n2025-03-02,coast,joint_budget,lumen\n")
    found = entries(tmp_path)
    assert found == [
        LogEntry("coast", date(2025, 3, 1), "pivots", "refocus", ""),
        LogEntry("coast", date(2025, 3, 2), "commitments", "joint_budget", "lumen"),
    ]
    assert "kestrel" not in repr(found)


FAULTS = {
    "a day to come": ("2025-06-16,coast,refocus", "line 2, date"),
    "no day": (",coast,refocus", "line 2, date"),
    "a day that is none": ("yesterday,coast,refocus", "line 2, date"),
    "an unknown alliance": ("2025-03-01,hills,refocus", "line 2, alliance"),
    "a sentence for a kind": ('2025-03-01,coast,"we changed our minds"', "line 2, kind"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_file_line_and_cell(tmp_path, name):
    row, where = FAULTS[name]
    (tmp_path / "pivots.csv").write_text(f"date,alliance,kind\n{row}\n")
    with pytest.raises(BadRegister, match=r"pivots\.csv") as error:
        entries(tmp_path)
    assert where in str(error.value)
    assert not [word for word in ("hills", "minds", "yesterday") if word in str(error.value)]
