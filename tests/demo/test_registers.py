from datetime import date

from connectors import read_registers


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
