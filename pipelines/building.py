"""From the store to the published files: assemble the inputs, build beside, verify, then put both in place."""

from collections import Counter
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from configs import Alliance, Partner
from configs.dimensions import FRAMEWORKS
from models import metrics_of
from pipelines import fault
from pipelines.context import Context, Quarantined, fingerprint
from pipelines.errors import NotVerified
from pipelines.export import code_digest
from pipelines.recovery import changed_since, clear_made
from pipelines.self_reports import SelfReports, report_files, self_reports
from warehouse import (
    AllianceInput,
    BuildInputs,
    Calendar,
    Memory,
    OwnLabels,
    Published,
    build,
    digest,
    erase,
    forget_others,
    refuse_disclosure,
)


def erase_uncovered(context: Context) -> int:
    """Erase rows of the store whose author does not consent tonight, or that are past retention; return how many."""
    fault.point("before_erasure")
    store = context.store
    who = identities(context), consents(context), context.oldest
    return erase(store.parts(), *who, store.put) + OwnLabels(store.folder).erase(*who)


def identities(context: Context) -> list[dict[str, Any]]:
    """Return the identities of all alliances."""
    return [row for people in context.people.values() for row in people.identities()]


def consents(context: Context) -> list[dict[str, Any]]:
    """Return the consents of all alliances that are in force tonight."""
    return [row for people in context.people.values() for row in people.consents()]


def publish(context: Context) -> bool:
    """Build database and page and put them in place of the old ones; False when nothing has changed since these.

    Raises NotVerified or Disclosed when the new database breaks a promise; the old files stay then.
    """
    from desk import write_report

    reports = self_reports(context)
    context.quarantined += reports.quarantined
    wanted, published, memories = night_print(context), _published_print(context), released(context)
    forget_others(memories, published)
    changed = [Quarantined(each, "was not as the last night left it; made anew") for each in changed_since(context)]
    context.quarantined += changed
    memory = memory_of(context, published)
    if published == wanted and not changed and context.folder.page.is_file():
        return False
    beside = context.folder.database.with_name("next.duckdb"), context.folder.page.with_name("next.html")
    fault.point("before_build")
    try:
        build(inputs(context, reports, wanted, memory), beside[0])
        _check(context, beside[0], bool(published) and not changed, memory)
        write_report(beside[0], beside[1])
        memory.save(memories, wanted)
        fault.point("before_publish")
        context.record("", "published", print=wanted, page=digest(beside[1]), database=digest(beside[0]))
    except BaseException:
        clear_made(context)
        raise
    _put_in_place(context, *beside)
    forget_others(memories, wanted)
    return True


def released(context: Context) -> Path:
    """Return where the store remembers what was published."""
    return context.store.folder / "released"


def memory_of(context: Context, published: str = "") -> Memory:
    """Return what the store remembers of a published file, the latest when none is named. Raises BadMemory."""
    return Memory.load(released(context), published, {name: people.key for name, people in context.people.items()})


def _check(context: Context, built: Path, whole: bool, memory: Memory) -> None:
    """Verify what was built and audit it against what is published now, when that is whole."""
    fault.point("before_verify")
    verify(built, context)
    refuse_disclosure(built, context.folder.database if whole else None, memory)


def _put_in_place(context: Context, database: Path, page: Path) -> None:
    """Replace page and database, which the ledger names already; what is cut short here, the next run finishes."""
    fault.point("between_ledger_and_page")
    page.replace(context.folder.page)
    fault.point("between_page_and_database")
    database.replace(context.folder.database)
    fault.point("after_publish")


def night_print(context: Context) -> str:
    """Return a fingerprint of everything that the published files are made from, and of the day they are made for."""
    parts = [(path.parent.name, path.name, _named(context, path)) for path in context.store.parts()]
    own = OwnLabels(context.store.folder).files()
    files = [sha256(file.read_bytes()).hexdigest() for file in (*report_files(context), *own)]
    people = [each.digest() for each in context.people.values()]
    code = code_digest("warehouse", "desk"), context.model_version
    return fingerprint(context.run_at.date(), repr(context.program), parts, files, people, left_out(context), code)


def _named(context: Context, part: Path) -> str:
    """Return by what hash the ledger names a part; a night compares them before it reads anything."""
    return str(context.store.state(part.parent.name, part.stem).get("sha256", ""))


def _published_print(context: Context) -> str:
    """Return what the published files were made from: as the ledger says, or a file of a store without one."""
    if known := context.store.state("", "published").get("print"):
        return str(known) if context.folder.database.is_file() else ""
    if not context.folder.database.is_file():
        return ""
    try:
        return str(Published(context.folder.database).query("select fingerprint from run")[0]["fingerprint"])
    except Exception:  # an older or damaged file is simply built again
        return ""


def inputs(context: Context, reports: SelfReports, wanted: str, memory: Memory) -> BuildInputs:
    """Return what the build reads."""
    program, measured = context.program, metrics_of(context.folder.model)
    return BuildInputs(
        program=program.name,
        run_at=context.run_at,
        min_people=program.privacy.min_people,
        min_answers=program.privacy.min_answers,
        alliances=tuple(_alliance(context, each) for each in program.alliances),
        parts=tuple(context.store.parts()),
        identities=identities(context),
        consents=consents(context),
        surveys=reports.surveys,
        log=reports.log,
        scorecard=reports.scorecard,
        causes=reports.causes,
        anchors=_anchors(context),
        left_out=[*left_out(context), *reports.left_out],
        priors=measured["prior"],
        labels=OwnLabels(context.store.folder).files(),
        confusions={head: each["confusion"] for head, each in measured["heads"].items()},
        weights={str(name): weight for name, weight in program.weights.items()},
        informs=program.informs,
        frameworks=FRAMEWORKS,
        model_version=context.model_version,
        code_version=version("quietpivot"),
        retention_months=program.privacy.retention_months,
        fingerprint=wanted,
        memory=memory,
    )


def _anchors(context: Context) -> list[dict[str, Any]]:
    """Return the agreed words of each dimension's levels, at their place on its scale."""
    return [
        {"dimension": dimension, "level": 1 + part * (9.0 if dimension == "overall" else 4.0), "words": words}
        for dimension, agreed in sorted(context.program.anchors.items())
        for part, words in ((0.0, agreed.one), (0.5, agreed.three), (1.0, agreed.five))
    ]


def _alliance(context: Context, each: Alliance) -> AllianceInput:
    first, second = (context.program.partner(partner) for partner in each.partners)
    baseline = (each.baseline_from, each.baseline_until) if each.baseline_from and each.baseline_until else None
    return AllianceInput(
        id=each.id,
        name=each.name,
        stage=each.stage,
        text_read=each.text_read,
        partners=(first.name, second.name),
        calendars=(_calendar(first), _calendar(second)),
        started=each.started,
        baseline=baseline,
        agreed_frequency=each.agreed_frequency,
        cadence=each.cadence,
        growth_share=each.growth_share,
    )


def _calendar(partner: Partner) -> Calendar:
    return Calendar(partner.zone, *partner.work_hours, partner.holidays)


def left_out(context: Context) -> list[dict[str, Any]]:
    """Return how many records were left out, by alliance, stage and reason."""
    counts: Counter[tuple[str, str]] = Counter()
    for entry in context.store.states().values():
        for reason, records in entry.get("counts", {}).items():
            counts[entry["alliance"], reason] += records
    return [
        {"alliance": alliance, "stage": reason.split("/")[0], "reason": reason.split("/")[1], "records": records}
        for (alliance, reason), records in sorted(counts.items())
    ]


def verify(database: Path, context: Context) -> None:
    """Look at a built database once more before anybody else can. Raises NotVerified."""
    published = Published(database)
    small = published.query(
        "select count(*) as rows from indicator where status = 'ok' and least(people_a, people_b) < $floor",
        floor=context.program.privacy.min_people,
    )
    if small[0]["rows"]:
        raise NotVerified(f"expected no published cell below the minimum group, found {small[0]['rows']}; kept the old")
    told = published.everything() if context.program.privacy.encrypt else ""
    content = database.read_bytes() + repr(told).encode()  # what is encrypted is looked through once it is read
    keys = {row[name] for row in identities(context) for name in ("pseudonym", "person")}
    if any(key.encode() in content for key in keys):
        raise NotVerified("expected no pseudonym in the published database, found one; kept the old one")
