"""What stewards write down comes through a night: registers, agreed words, and what is made from them."""

from datetime import UTC, date, datetime

import pytest

from pipelines.night import night
from warehouse import Published

NIGHT = datetime(2026, 3, 2, 2, tzinfo=UTC)
ANCHORS = '\n[anchors.overall]\none = "about to leave"\nthree = "it runs"\nfive = "sign again"\n'
SCORECARD = """date,alliance,perspective,item,partner,value,target,better,note
2026-01-31,tide,financial,joint_revenue,,2,4,,kestrel
2026-01-31,tide,reciprocity,importance,aster,5,,,
2026-01-31,tide,reciprocity,importance,birch,3,,,
"""
REGISTERS = {
    "pivots.csv": "date,alliance,kind,note\n2026-01-15,tide,refocus,kestrel\n",
    "milestones.csv": "date,alliance,kind,note\n2026-01-20,tide,recalibration,kestrel\n",
    "scorecard.csv": SCORECARD,
    "causes.csv": "date,alliance,cause,finding,note\n2026-02-01,tide,strategy,sound,kestrel\n",
}


@pytest.fixture
def kept(program):
    """Return the program with every register and agreed words."""
    with (program.root / "program.toml").open("a") as settings:
        settings.write(ANCHORS)
    (program.root / "registers").mkdir()
    for name, text in REGISTERS.items():
        (program.root / "registers" / name).write_text(text)
    return program


def rows(program, sql):
    return Published(program.root / "published" / "quietpivot.duckdb").query(sql)


def test_everything_that_stewards_keep_is_published_and_no_note_is(kept):
    assert night(kept.root, NIGHT).exit_code == 0
    assert [row["words"] for row in rows(kept, "from anchor order by level")] == [
        "about to leave",
        "it runs",
        "sign again",
    ]
    assert [row["level"] for row in rows(kept, "from anchor order by level")] == [1.0, 5.5, 10.0]
    assert rows(kept, "select item, value, met from scorecard_latest") == [
        {"item": "joint_revenue", "value": 2.0, "met": False}
    ]
    assert rows(kept, "select difference, equally from reciprocity") == [{"difference": 2.0, "equally": False}]
    (strategy,) = rows(kept, "from cause_check where cause = 'strategy'")
    assert (strategy["reasons"], strategy["finding"]) == ("below_target", "sound")
    (recalibration,) = rows(kept, "from due where what = 'recalibration' and alliance = 'tide'")
    assert (recalibration["last_on"], recalibration["due_on"]) == (date(2026, 1, 20), date(2027, 1, 20))
    for file in (kept.root / "published").iterdir():
        assert b"kestrel" not in file.read_bytes()


def test_a_faulty_register_is_named_and_the_others_are_used(kept):
    (kept.root / "registers" / "scorecard.csv").write_text(SCORECARD.replace("financial", "kestrel"))
    outcome = night(kept.root, NIGHT)
    assert outcome.exit_code == 3
    assert [each.why.partition(": expected")[0] for each in outcome.quarantined] == [
        "scorecard.csv, line 2, perspective"
    ]
    assert rows(kept, "from scorecard") == []
    assert len(rows(kept, "from log")) == 2


def test_a_changed_register_is_news(kept):
    night(kept.root, NIGHT)
    with (kept.root / "registers" / "causes.csv").open("a") as register:
        register.write("2026-02-09,tide,type,in_doubt,\n")
    night(kept.root, NIGHT)
    assert rows(kept, "select finding from cause_check where cause = 'type'") == [{"finding": "in_doubt"}]
