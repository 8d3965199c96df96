from datetime import date
from random import Random
from types import SimpleNamespace

import pytest

from configs import load_program
from connectors import ConsentRegister, Message, PartnerKeys, Roster, exports, read
from demo import write_demo
from demo.company import cast, people
from demo.program import conversation
from demo.workdays import months_before

UNTIL = date(2026, 3, 10)
TOLD = ("tidal-array", "cold-chain")


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """The demo, written once."""
    folder = tmp_path_factory.mktemp("portfolio") / "demo"
    write_demo(folder, until=UNTIL)
    return folder


@pytest.fixture(scope="session")
def messages(written):
    """Every message of each told alliance as the readers give it, each once."""
    return {name: list(each_once(written / "exports" / name)) for name in TOLD}


def each_once(folder):
    seen = set()
    for export in exports(folder):
        for record in read(export):
            if isinstance(record, Message) and record.id not in seen:
                seen.add(record.id)
                yield record


@pytest.fixture(scope="session")
def world(written):
    """What the demo's makers know: program, months, plans, people and every utterance of each told alliance."""
    program, months = load_program(written), months_before(UNTIL)
    plans = {plan["id"]: plan for plan in cast()["alliances"]}
    crowd = {name: people(plan, program, months, Random(f"7/{name}/people")) for name, plan in plans.items()}
    said = {name: conversation(plans[name], program, crowd[name], months, 7) for name in TOLD}
    keys = [PartnerKeys(partner.id, partner.domains, partner.tenants) for partner in program.partners]
    return SimpleNamespace(
        program=program,
        months=months,
        plans=plans,
        people=crowd,
        said=said,
        roster=Roster.load(written / "people.csv", keys),
        register=ConsentRegister.load(written / "consent.csv"),
    )
