import json
import shutil
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from configs import ConfigError
from connectors import BadRoster
from pipelines.errors import LostKey
from pipelines.night import night
from warehouse import Published, Store, StoreBusy, read_part

NIGHT = datetime(2026, 3, 2, 2, tzinfo=UTC)


def rows_of(program):
    return [row for part in Store(program.root / "store").parts() for row in read_part(part)]


def published(program):
    return Published(program.root / "published" / "quietpivot.duckdb")


def tables(program):
    """Return every published table but the run's own line."""
    names = [row["table_name"] for row in published(program).query("select table_name from duckdb_tables()")]
    return {name: published(program).query(f'select * from "{name}" order by all') for name in names if name != "run"}


def left_out(program):
    """Return how many records each reason left out, as the ledger counts them; what is published is coarser."""
    counts = Counter()
    for state in Store(program.root / "store").states().values():
        counts.update(state.get("counts", {}))
    return {tuple(reason.split("/")): records for reason, records in counts.items()}


def test_a_night_keeps_numbers_of_every_consented_message_and_publishes(program):
    outcome = night(program.root, NIGHT)
    assert (outcome.exit_code, outcome.messages, outcome.scored) == (0, 112, 112)
    assert (program.root / "published" / "report.html").is_file()
    assert {row["name"] for row in published(program).query("select name from alliance")} == {"Tide", "Early days"}


def test_a_message_whose_author_never_consented_is_not_scored_and_leaves_no_trace(program, scorer):
    (program.root / "consent.csv").unlink()
    program.consent(*[each for each in program.everybody() if each != "a1"])
    night(program.root, NIGHT)
    assert len(rows_of(program)) == 104
    assert left_out(program)["consent", "no_consent"] == 8
    told = published(program).query("select records from left_out where reason = 'no_consent'")
    assert told == [{"records": None}], "it would be the number of one person's messages"
    assert len(scorer.read) == 104


def test_refusal_ends_every_earlier_consent(program):
    program.consent("a1", event="refused", at=date(2026, 2, 1))
    night(program.root, NIGHT)
    assert len(rows_of(program)) == 104


def test_consent_to_chat_alone_does_not_cover_mail(program):
    (program.root / "consent.csv").unlink()
    program.consent(*[each for each in program.everybody() if each != "a1"])
    program.consent("a1", sources=("chat",))
    night(program.root, NIGHT)
    assert len(rows_of(program)) == 104


def test_messages_of_an_alliance_that_is_not_at_scale_are_never_opened(program, monkeypatch):
    early = program.root / "exports" / "early"
    early.mkdir()
    (early / "mail.mbox").write_bytes(b"From nobody who may be read")
    opened = []
    original = type(early).open
    monkeypatch.setattr(type(early), "open", lambda self, *a, **k: opened.append(str(self)) or original(self, *a, **k))
    assert night(program.root, NIGHT).exit_code == 0
    assert opened
    assert not [path for path in opened if str(early) in path]


def test_a_second_night_with_nothing_new_scores_nothing_and_publishes_nothing(program, scorer):
    night(program.root, NIGHT)
    scorer.read.clear()
    outcome = night(program.root, NIGHT + timedelta(hours=1))
    assert (outcome.published, scorer.read, outcome.messages) == (False, [], 112)


def test_a_new_export_is_read_and_the_old_one_is_not_scored_again(program, scorer):
    night(program.root, NIGHT)
    scorer.read.clear()
    program.mails.clear()
    program.mail("a0", ["b0"], "A fresh word about the seals.", number="fresh")
    program.write_mails("more.mbox")
    outcome = night(program.root, NIGHT)
    assert scorer.read == ["A fresh word about the seals."]
    assert (outcome.messages, outcome.published) == (113, True)


def test_an_export_that_changed_scores_only_texts_that_are_new(program, scorer):
    night(program.root, NIGHT)
    scorer.read.clear()
    program.mail("a0", ["b0"], "A fresh word about the seals.", number="fresh")
    program.write_mails()
    night(program.root, NIGHT)
    assert scorer.read == ["A fresh word about the seals."]


def test_the_same_exports_under_other_names_and_twice_give_the_same_tables(program):
    night(program.root, NIGHT)
    before = tables(program)
    folder = program.root / "exports" / "tide"
    shutil.copy(folder / "mail.mbox", folder / "copy.mbox")
    (folder / "mail.mbox").rename(folder / "another.mbox")
    night(program.root, NIGHT)
    after = tables(program)
    assert {name: rows for name, rows in after.items() if name != "left_out"} == {
        name: rows for name, rows in before.items() if name != "left_out"
    }


def test_withdrawal_erases_rows_and_addressees_even_when_the_export_is_gone(program):
    night(program.root, NIGHT)
    gone = next(row["author"] for row in rows_of(program))
    assert any(gone in row["recipients"] for row in rows_of(program))
    shutil.rmtree(program.root / "exports" / "tide")
    writer = next(each for each in program.everybody() if pseudonym_of(program, each) == gone)
    program.consent(writer, event="withdrawn", at=date(2026, 3, 1), recorded=NIGHT - timedelta(hours=1))
    outcome = night(program.root, NIGHT)
    assert outcome.erased == 8
    assert not [row for row in rows_of(program) if gone == row["author"] or gone in row["recipients"]]
    files = [file for file in (program.root / "store").rglob("*") if file.is_file()]
    assert not [file.name for file in files if gone.encode() in file.read_bytes()]


def pseudonym_of(program, person):
    from pipelines.folder import ProgramFolder
    from pipelines.people import people_of

    people = people_of(ProgramFolder.open(program.root), NIGHT)["tide"]
    return people.named(program.address(person))


def test_rows_past_retention_are_erased(program):
    settings = program.root / "program.toml"
    settings.write_text(settings.read_text() + "\n[privacy]\nretention_months = 1\n")
    night(program.root, NIGHT)
    oldest = min(row["sent_at"] for row in rows_of(program))
    assert oldest >= NIGHT - timedelta(days=31)
    assert left_out(program)["consent", "past_retention"] > 0


def test_internal_messages_are_counted_and_never_scored(program, scorer):
    program.mails.clear()
    program.mail("a0", ["a1"], "Only among ourselves.", number="inside")
    program.write_mails("inside.mbox")
    night(program.root, NIGHT)
    assert "Only among ourselves.\n" not in scorer.read
    assert left_out(program)["score", "inside_one_side"] == 1


def test_a_list_that_both_sides_use_is_a_shared_space(program, scorer):
    program.mails.clear()
    for number, sender in enumerate(("a0", "b0")):
        mail = program.mail(sender, [], f"Posted to the list because of valve {number}.", number=f"list{number}")
        mail.replace_header("To", "valves@lists.example")
        mail["List-Id"] = "<valves.lists.example>"
    program.write_mails("list.mbox")
    night(program.root, NIGHT)
    assert sum("Posted to the list" in text for text in scorer.read) == 2


def test_a_list_that_one_side_keeps_to_itself_is_not_read(program, scorer):
    program.mails.clear()
    for number in range(2):
        mail = program.mail(f"a{number}", [], f"Posted among us, valve {number}.", number=f"own{number}")
        mail.replace_header("To", "own@lists.example")
        mail["List-Id"] = "<own.lists.example>"
    program.write_mails("own.mbox")
    night(program.root, NIGHT)
    assert not [text for text in scorer.read if "Posted among us" in text]


def test_automatic_and_foreign_messages_are_counted_by_reason(program):
    program.mails.clear()
    program.mail("a0", ["b0"], "I am away until Monday.", number="auto", Auto_Submitted="auto-replied")
    german = "Leider können wir den Termin in der nächsten Woche nicht halten, weil die Dichtung noch fehlt."
    program.mail("a0", ["b0"], german, number="german")
    program.mail("a0", ["b0"], "> Only quoted words here.", number="quoted")
    program.write_mails("mixed.mbox")
    night(program.root, NIGHT)
    counted = left_out(program)
    assert counted["read", "auto_reply"] == 1
    assert counted["score", "other_language"] == 1
    assert counted["clean", "empty"] == 1


def test_an_unknown_format_is_quarantined_and_the_rest_of_the_night_goes_on(program):
    (program.root / "exports" / "tide" / "notes.docx").write_bytes(b"PK of another kind")
    outcome = night(program.root, NIGHT)
    assert outcome.exit_code == 3
    assert [each.where for each in outcome.quarantined] == ["exports/tide/notes.docx"]
    assert outcome.messages == 112


def test_an_export_of_which_nothing_is_kept_leaves_an_empty_part_and_the_night_goes_on(program):
    program.mails.clear()
    program.mail("a0", ["b0"], "I am away until Monday.", number="auto", Auto_Submitted="auto-replied")
    program.write_mails("automatic.mbox")
    assert night(program.root, NIGHT).exit_code == 0
    assert sorted(len(read_part(part)) for part in Store(program.root / "store").parts()) == [0, 112]


def test_an_empty_export_is_named(program):
    (program.root / "exports" / "tide" / "empty.mbox").touch()
    outcome = night(program.root, NIGHT)
    assert (outcome.exit_code, outcome.quarantined[0].where) == (3, "exports/tide/empty.mbox")
    assert "empty" in outcome.quarantined[0].why


def test_a_survey_value_out_of_range_is_named_by_file_line_and_column(program):
    survey = '\n[[surveys]]\npath="surveys/s.csv"\nperiod="month"\nalliance="alliance"\nside="side"\n'
    survey += 'dimension="dimension"\nvalue="value"\n'
    settings = program.root / "program.toml"
    settings.write_text(settings.read_text() + survey)
    (program.root / "surveys").mkdir()
    text = "month,alliance,side,dimension,value\n2026-01,tide,aster,trust,4\n2026-01,tide,birch,trust,9\n"
    (program.root / "surveys" / "s.csv").write_text(text)
    outcome = night(program.root, NIGHT)
    assert outcome.exit_code == 3
    found = outcome.quarantined[0]
    assert "s.csv:3" in found.where
    assert "expected 1 to 5, found 9" in found.why


def test_a_survey_nobody_mapped_is_not_forgotten_in_silence(program):
    (program.root / "surveys").mkdir()
    (program.root / "surveys" / "stray.csv").write_text("a,b\n1,2\n")
    outcome = night(program.root, NIGHT)
    assert [each.where for each in outcome.quarantined] == ["surveys/stray.csv"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("z,a0@aster.example,aster,,,,", "expected one person for an address at a time"),
        ("a0,a0@birch.example,birch,,,,", "expected one organisation at a time"),
    ],
)
def test_a_roster_that_contradicts_itself_stops_the_night_and_leaves_everything_as_it_was(program, line, says):
    night(program.root, NIGHT)
    before = tables(program)
    with (program.root / "people.csv").open("a") as stream:
        stream.write(line + "\n")
    with pytest.raises(BadRoster, match=says):
        night(program.root, NIGHT)
    assert tables(program) == before


def test_a_misspelt_key_stops_the_night_before_anything_is_touched(program):
    settings = program.root / "program.toml"
    settings.write_text(settings.read_text() + "\n[privacy]\nmin_pepole = 9\n")
    with pytest.raises(ConfigError, match="min_people"):
        night(program.root, NIGHT)
    assert not (program.root / "store").exists()


def test_a_second_run_refuses_and_names_the_holder(program):
    with Store(program.root / "store").writing(), pytest.raises(StoreBusy, match="process"):
        night(program.root, NIGHT)


def test_a_lost_key_is_told_and_never_replaced(program):
    night(program.root, NIGHT)
    (program.root / "keys" / "tide.key").unlink()
    with pytest.raises(LostKey, match=r"tide\.key"):
        night(program.root, NIGHT)


def test_nothing_a_night_writes_holds_a_word_a_subject_a_name_or_an_address(program):
    program.mails.clear()
    canary = program.mail("a0", ["b0"], "Canarywordone because canarywordtwo.", number="canary")
    canary["Subject"] = "Canarysubject"
    program.write_mails("canary.mbox")
    night(program.root, NIGHT)
    written = [file for room in ("store", "published") for file in (program.root / room).rglob("*") if file.is_file()]
    assert written
    for secret in (b"anaryword", b"anarysubject", b"@aster.example", b"@birch.example"):
        assert not [file.name for file in written if secret in file.read_bytes()], secret


def test_every_night_is_entered_in_the_list_of_runs(program):
    night(program.root, NIGHT)
    line = json.loads((program.root / "store" / "runs.jsonl").read_text().splitlines()[0])
    assert line["exit_code"] == 0
    assert set(line["seconds"]) == {"look", "score", "erase", "publish"}


def test_store_and_keys_are_closed_to_others(program):
    night(program.root, NIGHT)
    assert (program.root / "store").stat().st_mode & 0o077 == 0
    for file in [*(program.root / "store").rglob("*.parquet"), *(program.root / "keys").iterdir()]:
        assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("stage", ["look", "score", "erase", "publish"])
def test_a_night_that_is_cut_short_at_any_stage_ends_in_the_same_tables_when_run_again(program, stage):
    def cut(name, work):
        work()
        if name == stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        night(program.root, NIGHT, perform=cut)
    night(program.root, NIGHT)
    cut_short = tables(program)
    for room in ("store", "published"):
        shutil.rmtree(program.root / room)
    night(program.root, NIGHT)
    assert tables(program) == cut_short


def test_missing_roster_columns_are_named_and_nothing_is_written(program):
    people = program.root / "people.csv"
    people.write_text(people.read_text().replace("organisation", "company", 1))
    with pytest.raises(
        BadRoster, match=r"people.csv, line 1: expected the columns organisation; found person, address"
    ):
        night(program.root, NIGHT)
    assert not (program.root / "store").exists()


def test_a_message_from_the_future_is_counted_and_not_used(program, scorer):
    program.mails.clear()
    program.mail("a0", ["b0"], "Sent from tomorrow.", at=NIGHT + timedelta(days=9), number="future")
    program.write_mails("future.mbox")
    night(program.root, NIGHT)
    assert left_out(program)["read", "sent_in_the_future"] == 1
    assert not [text for text in scorer.read if "tomorrow" in text]


def test_a_register_with_a_future_date_is_named_and_the_night_goes_on(program):
    (program.root / "registers").mkdir()
    (program.root / "registers" / "pivots.csv").write_text("date,alliance,kind\n2030-01-01,tide,refocus\n")
    outcome = night(program.root, NIGHT)
    assert outcome.exit_code == 3
    assert "pivots.csv, line 2, date: expected a day up to 2026-03-02" in outcome.quarantined[0].why


def test_a_truncated_export_is_used_as_far_as_it_can_be_read_and_stays_named(program):
    import gzip

    folder = program.root / "exports" / "tide"
    whole = gzip.compress((folder / "mail.mbox").read_bytes())
    (folder / "mail.mbox").unlink()
    (folder / "mail.mbox.gz").write_bytes(whole[: len(whole) // 2])
    for _ in range(2):
        outcome = night(program.root, NIGHT)
        assert outcome.exit_code == 3
        assert "truncated" in outcome.quarantined[0].why
        assert 0 < outcome.messages < 112


def test_a_new_model_scores_everything_anew(program, scorer, monkeypatch):
    night(program.root, NIGHT)
    scorer.read.clear()
    monkeypatch.setattr(type(scorer), "version", "marks@111111111111")
    monkeypatch.setattr("pipelines.context.version_of", lambda folder: "marks@111111111111")
    night(program.root, NIGHT)
    assert len(scorer.read) == 112
    assert {row["model"] for row in rows_of(program)} == {"marks@111111111111"}


def test_answers_that_were_broken_off_are_counted_and_are_no_fault(program):
    survey = (
        '\n[[surveys]]\npath="surveys/q.csv"\nlayout="wide"\nperiod="StartDate"\nfixed_alliance="tide"\nside="side"\n'
    )
    settings = program.root / "program.toml"
    settings.write_text(settings.read_text() + survey + '[surveys.dimensions]\nQ1 = "trust"\n')
    (program.root / "surveys").mkdir()
    ids = '"{""ImportId"":""startDate"",""timeZone"":""UTC""}","{""ImportId"":""finished""}"'
    ids += ',"{""ImportId"":""QID1""}","{""ImportId"":""side""}"'
    rows = ["2026-01-05 10:00:00,1,4,aster", "2026-01-05 11:00:00,0,2,aster", "2026-01-06 10:00:00,1,5,birch"]
    heading = ["StartDate,Finished,Q1,side", "Start,Finished,We trust them,Company", ids]
    (program.root / "surveys" / "q.csv").write_text("\n".join([*heading, *rows, ""]))
    outcome = night(program.root, NIGHT)
    assert outcome.exit_code == 0, outcome.quarantined
    assert {"alliance": "", "stage": "survey", "reason": "unfinished", "records": 5} in published(program).query(
        "select * from left_out"
    )
