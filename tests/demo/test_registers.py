from datetime import date

from connectors import PERSPECTIVES, read_causes, read_registers, read_scorecard


def test_the_registers_hold_pivots_commitments_and_milestones_within_the_months(written, world):
    alliances = frozenset(alliance.id for alliance in world.program.alliances)
    partners = frozenset(partner.id for partner in world.program.partners)
    entries = read_registers(written / "registers", alliances, partners, run_on=date(2026, 3, 1))
    assert {(entry.register, entry.kind) for entry in entries} >= {
        ("pivots", "refocus"),
        ("commitments", "joint_budget"),
        ("commitments", "secondment"),
    }
    assert min(entry.on for entry in entries) >= world.months[0]
    assert {entry.alliance for entry in entries} == alliances


def test_the_scorecard_and_the_look_at_the_causes_can_be_read(written, world):
    alliances = frozenset(alliance.id for alliance in world.program.alliances)
    partners = frozenset(partner.id for partner in world.program.partners)
    last = date(2026, 3, 1)
    scored = read_scorecard(written / "registers" / "scorecard.csv", alliances, partners, run_on=last)
    assert {entry.perspective for entry in scored} == set(PERSPECTIVES)
    causes = read_causes(written / "registers" / "causes.csv", alliances, run_on=last)
    assert {entry.alliance for entry in causes} == {"cold-chain"}
