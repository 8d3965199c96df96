"""One build: parts and surveys in, the published file out. The same inputs give the same tables."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from warehouse.alerts import alerts
from warehouse.candidate import definitions
from warehouse.communication import Behind, indicators
from warehouse.disclosure import with_two_hidden, without_telling_quarters
from warehouse.freeze import Freeze
from warehouse.gaps import agreements, gaps
from warehouse.gate import SUPPRESSED, rounded, status
from warehouse.inputs import SIDES, BuildInputs
from warehouse.lead_lag import lead_lags
from warehouse.leftovers import banded
from warehouse.measured import measure
from warehouse.pivot_change import pivot_changes
from warehouse.publish import publish
from warehouse.self_report import SelfReport
from warehouse.stewardship import stewardship
from warehouse.traits import trait_methods

LEVELS = ("transactional", "operational", "strategic")


def build(inputs: BuildInputs, target: Path) -> None:
    """Compute every published table and put the new file in place of the old one."""
    publish(tables(inputs), target)


def tables(inputs: BuildInputs) -> dict[str, list[dict[str, Any]]]:
    """Return published table -> rows."""
    found = measure(inputs)
    freeze = Freeze(found.contributors, inputs)
    if inputs.memory is not None:
        inputs.memory.after |= found.baselines
    behind = replace(found.behind, coverage=freeze.coverage(found.behind.coverage))
    public = without_telling_quarters(indicators(found.candidates, behind, inputs))
    measured = without_telling_quarters(freeze.hold("indicator", public))
    velocities = freeze.hold("velocity", found.pace.velocities)
    components = freeze.hold("velocity_component", with_two_hidden(found.pace.components))
    moved = [_transition(row, behind, inputs) for row in found.moves]
    report = SelfReport(replace(inputs, surveys=freeze.answers()), measured)
    survey = freeze.hold("survey", report.side_means())
    blended = report.blends(survey)
    shown: dict[str, list[dict[str, Any]]] = {
        "run": [_run(inputs)],
        "alliance": [_alliance(each) for each in inputs.alliances],
        "definition": [{**asdict(each), "directions": ", ".join(each.directions)} for each in definitions().values()],
        "indicator": measured,
        "transition": freeze.hold("transition", [row for row in moved if row["status"] != SUPPRESSED]),
        "velocity": velocities,
        "velocity_component": components,
        "survey": survey,
        "blend": blended,
        "gap": gaps(survey, blended, report.spread),
        "agreement": agreements(blended),
        "trait_method": trait_methods(blended),
        "alert": alerts(inputs, blended, measured, components, report.errors(survey)),
        "coverage": freeze.hold("coverage", _coverage(inputs)),
        "left_out": _left_out(inputs, freeze),
        "log": inputs.log,
        "anchor": inputs.anchors,
        "scorecard": inputs.scorecard,
        "cause_record": inputs.causes,
        "pivot_change": pivot_changes(inputs.log, survey, measured, inputs.run_at.date()),
        "lead_lag": lead_lags(survey, measured, inputs.informs),
    }
    return shown | stewardship(shown)


def _run(inputs: BuildInputs) -> dict[str, Any]:
    return {
        "run_id": inputs.run_at.isoformat(),
        "program": inputs.program,
        "night_at": inputs.run_at,
        "code_version": inputs.code_version,
        "model": inputs.model_version,
        "min_people": inputs.min_people,
        "fingerprint": inputs.fingerprint,
    }


def _alliance(alliance: Any) -> dict[str, Any]:
    first, until = alliance.baseline or (None, None)
    return {
        "alliance": alliance.id,
        "name": alliance.name,
        "stage": alliance.stage,
        "text_read": alliance.text_read,
        "partner_a": alliance.partners[0],
        "partner_b": alliance.partners[1],
        "baseline_from": first,
        "baseline_until": until,
        "started": alliance.started,
        "cadence": alliance.cadence,
        "growth_share": alliance.growth_share,
    }


def _transition(row: dict[str, Any], behind: Behind, inputs: BuildInputs) -> dict[str, Any]:
    """Return a public row; moves from one level are shown all or none, so that none can be worked out.

    A few threads are the work of a few people, so that they are told to the nearest five.
    """
    cell = behind.month(row["alliance"], row["month"])
    state = status(cell, min_people=inputs.min_people, data=row["threads_before"], minimum=20, pooled=True)
    return {
        "alliance": row["alliance"],
        "period": row["month"],
        "from_level": LEVELS[row["from_level"]],
        "to_level": LEVELS[row["to_level"]],
        "share": rounded(row["share"], cell.people_a + cell.people_b) if state == "ok" else None,
        "threads": 5 * round(row["threads"] / 5) if state == "ok" else None,
        "status": state,
    }


def _left_out(inputs: BuildInputs, freeze: Freeze) -> list[dict[str, Any]]:
    """Return what was left out; from consent on a count would tell how much somebody wrote who withdraws alone."""
    found = banded(inputs)
    as_read = [row for row in found if row["stage"] == "read"]
    return as_read + freeze.hold("left_out", [row for row in found if row["stage"] != "read"])


def _coverage(inputs: BuildInputs) -> list[dict[str, Any]]:
    found = []
    for alliance in inputs.alliances:
        consenting = {row["person"] for row in inputs.consents if row["alliance"] == alliance.id}
        for side in SIDES:
            known = {r["person"] for r in inputs.identities if (r["alliance"], r["side"]) == (alliance.id, side)}
            agreed = len(known & consenting)
            shown = agreed >= inputs.min_people and len(known) - agreed not in range(1, inputs.min_people)
            wide = agreed >= inputs.min_people
            found.append(
                {
                    "alliance": alliance.id,
                    "side": side,
                    "known": len(known) if shown else None,
                    "consented": agreed if shown else None,
                    "coverage": round(round(agreed / len(known) / 0.05) * 0.05, 2) if wide else None,
                    "status": "ok" if wide else "suppressed",
                }
            )
    return found
