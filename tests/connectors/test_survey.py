"""Surveys: five layouts and a table of one's own; bad cells are named by place and never shown, people never read."""

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from connectors import BadSurvey, Skipped, SurveyMapping, SurveyScore, read_survey

DATA = Path(__file__).parent / "surveys"
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "samples" / "survey"
RUN_ON = date(2025, 6, 30)
MARCH = date(2025, 3, 1)


def mapping(**more):
    settings = {
        "period": "month",
        "scales": {"trust": (1.0, 5.0), "value": (1.0, 5.0)},
        "alliances": frozenset({"aster-boreal"}),
        "sides": frozenset({"aster", "boreal"}),
        "fixed_alliance": "aster-boreal",
        "fixed_side": "aster",
        "wide": True,
    }
    return SurveyMapping(**{**settings, **more})


LONG = {
    "wide": False,
    "fixed_alliance": None,
    "fixed_side": None,
    "alliance": "alliance",
    "side": "side",
    "dimension": "dimension",
    "value": "value",
    "comment": "note",
}


def answers(path, **more):
    return list(read_survey(path, mapping(**more), run_on=RUN_ON))


def values(found):
    return [(each.period, each.dimension, each.value) for each in found if isinstance(each, SurveyScore)]


def skipped(found):
    return [(each.locator.partition(":")[2], each.reason) for each in found if isinstance(each, Skipped)]


@pytest.fixture
def table(tmp_path):
    """Return a function that writes a file and gives its path."""

    def write(content, name="answers.csv"):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / name

    return write


@pytest.fixture
def workbook(tmp_path):
    """Return a function that writes rows as a workbook and gives its path."""
    openpyxl = pytest.importorskip("openpyxl")

    def write(*rows, name="answers.xlsx"):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def test_a_long_table_gives_a_value_a_line_and_names_each_bad_cell():
    found = answers(DATA / "long_table_in_semicolons.csv", **LONG)
    assert values(found) == [(MARCH, "trust", 4.5)]
    assert skipped(found) == [
        ("3:value", "value_out_of_range (expected 1 to 5, found 9)"),
        ("4:value", "unknown_dimension"),
        ("5", "unknown_alliance (expected one of aster-boreal, found another id)"),
        ("6", "bad_period (expected a date such as 2025-03-01; otherwise set period_format)"),
        ("7", "future_period (expected a day up to 2025-06-30, found 2026-01-01)"),
    ]


def test_a_comment_is_known_to_be_there_and_never_read():
    (score,) = (
        each for each in answers(DATA / "long_table_in_semicolons.csv", **LONG) if isinstance(each, SurveyScore)
    )
    assert score.has_comment
    assert "good" not in repr(score)


QUALTRICS = {"period": "RecordedDate", "dimensions": {"Q1": "trust", "QID2": "value"}, "respondent": "ResponseId"}


def test_qualtrics_is_read_by_heading_or_by_its_own_id_and_without_previews():
    found = answers(DATA / "qualtrics_with_previews_and_line_breaks.csv", **QUALTRICS)
    assert values(found) == [(MARCH, "trust", 4.0), (MARCH, "value", 5.0), (MARCH, "trust", 3.0)]
    assert skipped(found) == [
        ("7", "no_answer"),
        ("8", "unfinished"),
        ("10:Q1", "value_not_a_number (expected 1 to 5, found other text)"),
        ("10:QID2", "value_out_of_range (expected 1 to 5, found 9)"),
    ]


def test_the_line_of_an_answer_is_the_one_it_begins_on():
    path = DATA / "qualtrics_with_previews_and_line_breaks.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    (place, _), *_ = skipped(answers(path, **QUALTRICS))
    assert "R_2" in lines[int(place) - 1]


def test_a_legacy_export_of_qualtrics_has_two_headings():
    found = answers(
        DATA / "qualtrics_legacy_with_two_headings.csv",
        period="StartDate",
        dimensions={"How much do you trust the partner?": "trust"},
        respondent="V1",
    )
    assert values(found) == [(MARCH, "trust", 4.0)]
    assert skipped(found) == [("4", "no_answer")]


@pytest.mark.parametrize("personal", ["IPAddress", "recipientEmail"])
def test_a_column_that_names_people_cannot_be_mapped(personal):
    with pytest.raises(BadSurvey, match=f"expected columns of answers, found {personal}, which name people"):
        answers(DATA / "qualtrics_with_previews_and_line_breaks.csv", **{**QUALTRICS, "comment": personal})


def test_a_column_that_names_people_can_be_the_respondent_whom_nothing_shows():
    path = DATA / "qualtrics_with_previews_and_line_breaks.csv"
    first, *_ = answers(path, **{**QUALTRICS, "respondent": "RecipientEmail"})
    assert first.respondent == "mira@aster.example"
    assert "mira" not in repr(first)


def test_limesurvey_is_read_by_whole_questions_and_without_what_was_not_submitted():
    found = answers(
        DATA / "limesurvey_with_whole_questions_as_headings.csv",
        period="Date submitted",
        dimensions={"How much do you trust the partner?": "trust", "What is it worth? [Money]": "value"},
        respondent="Response ID",
    )
    assert values(found) == [(MARCH, "trust", 4.0), (MARCH, "value", 5.0)]
    assert skipped(found) == [("4", "unfinished"), ("5", "date_not_kept")]


def test_a_vv_file_is_read_by_its_codes():
    found = answers(
        DATA / "limesurvey_codes_in_a_vv_file.csv",
        period="submitdate",
        dimensions={"G1Q1[SQ001]": "trust", "G1Q2": "value"},
        respondent="id",
    )
    assert (values(found), skipped(found)) == ([(MARCH, "trust", 4.0)], [("4", "unfinished")])


GOOGLE = {"period": "Timestamp", "dimensions": {"Trust": "trust", "Worth": "value"}}


def test_google_forms_tells_day_from_month_by_its_whole_column():
    found = answers(DATA / "google_forms_with_day_first_and_a_doubled_heading.csv", **GOOGLE)
    assert {each.period for each in found} == {date(2025, 4, 1)}


def test_google_forms_in_a_zip_with_zones_in_its_times_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "form.csv.zip", "w") as archive:
        archive.writestr(
            "form.csv", '"Timestamp","Username","Trust","Worth"\n"2025/03/30 10:10:23 am GMT+2","m","4","5"\n'
        )
    assert values(answers(tmp_path / "form.csv.zip", **GOOGLE)) == [(MARCH, "trust", 4.0), (MARCH, "value", 5.0)]


def test_day_and_month_that_cannot_be_told_apart_are_refused_until_a_format_is_set(table):
    path = table("Timestamp,Trust,Worth\n3/4/2025 9:00:00,4,5\n5/4/2025 9:00:00,4,5\n")
    assert [reason.split(" ")[0] for _, reason in skipped(answers(path, **GOOGLE))] == ["bad_period"] * 2
    found = answers(path, **GOOGLE, period_format="%m/%d/%Y %H:%M:%S")
    assert {period for period, _, _ in values(found)} == {MARCH, date(2025, 5, 1)}


def test_a_heading_that_stands_twice_cannot_be_mapped():
    with pytest.raises(BadSurvey, match="expected the columns Comment once each"):
        answers(DATA / "google_forms_with_day_first_and_a_doubled_heading.csv", **GOOGLE, comment="Comment")


FORMS = ("ID", "Start time", "Completion time", "Email", "Name", "How much do you trust\nthe\xa0partner?")


@pytest.mark.parametrize("time", [datetime(2025, 3, 3, 9, 5, 1), 45719.378])
def test_microsoft_forms_is_read_whatever_its_name_and_its_form_of_times(workbook, time):
    rows = (FORMS, (1, time, time, "mira@aster.example", "Mira", 4), (2, time, time, "anonymous", None, "5 - fully"))
    path = workbook(*rows, name="answers.csv")
    found = answers(
        path, period="Completion time", dimensions={"How much do you trust the partner?": "trust"}, respondent="ID"
    )
    assert values(found) == [(MARCH, "trust", 4.0), (MARCH, "trust", 5.0)]


def test_a_bad_cell_of_a_workbook_is_named_by_its_row(workbook):
    path = workbook(FORMS, (1, None, datetime(2025, 3, 3), "", "", "a secret answer"))
    (bad,) = answers(path, period="Completion time", dimensions={FORMS[-1]: "trust"})
    assert bad.locator == "answers.xlsx:2:How much do you trust the partner?"
    assert "secret" not in repr(bad)


@pytest.mark.parametrize(
    "cell", ["3-4", "4 or 5", "3 4", "four", "4" * 50, "4 " + "a" * 5000 + "5", "nan", "1e3", "=1+1"]
)
def test_what_is_not_one_number_is_refused_and_not_shown(table, cell):
    (bad,) = answers(table(f"month,trust\n2025-03,{cell}\n"), dimensions={"trust": "trust"})
    assert bad.reason == "value_not_a_number (expected 1 to 5, found other text)"


@pytest.mark.parametrize(
    ("cell", "value"), [("4", 4), ("4,5", 4.5), (" 4.5 ", 4.5), ("5 = fully", 5), ("4 (agree)", 4)]
)
def test_a_number_may_have_a_comma_and_words_behind_it(table, cell, value):
    assert values(answers(table(f'month,trust\n2025-03,"{cell}"\n'), dimensions={"trust": "trust"}))[0][2] == value


def test_a_missing_column_is_named_with_what_was_found(table):
    with pytest.raises(
        BadSurvey, match=r"answers.csv, line 1: expected the columns trust; found a table with month, value"
    ):
        answers(table("month,value\n2025-03,4\n"), dimensions={"trust": "trust"})


def test_an_empty_file_is_named(table):
    with pytest.raises(BadSurvey, match="expected a heading and answers, found an empty file"):
        answers(table(""), dimensions={"trust": "trust"})


@pytest.mark.parametrize(
    "content",
    [
        "month,trust\n2025-03,größer\n".encode("cp1252"),
        b"month,trust\n2025-03," + b'"' + b"a" * 200_000,
        b"PK\x03\x04 no zip",
    ],
)
def test_bytes_that_are_no_table_are_refused_with_what_to_do(table, content):
    with pytest.raises(BadSurvey, match=r"answers.csv.*expected"):
        answers(table(content), dimensions={"trust": "trust"})


def test_a_file_in_utf_16_is_read(table):
    path = table("month\ttrust\n2025-03\t4\n".encode("utf-16"))
    assert values(answers(path, dimensions={"trust": "trust"})) == [(MARCH, "trust", 4.0)]


def test_a_zip_that_would_fill_the_machine_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 5_000_000)
    with pytest.raises(BadSurvey, match="found zip_bomb"):
        answers(tmp_path / "bomb.zip", dimensions={"trust": "trust"})


R_DATA = '"Response ID","Date submitted","Last page","Trust?"\n"1","2025-03-03","2","A4"\n"2","2025-03-04","2","A1"\n'
R_SYNTAX = """data <- read.csv("survey_1_R_data_file.csv", quote = "'\\"")
names(data)[2] <- "submitdate"
attributes(data)$variable.labels[4] <- "Trust?"
data[, 4] <- factor(data[, 4], levels=c("A1","A4"),labels=c("not \\"at all\\"", "4 - agree"))
names(data)[4] <- "Q1_SQ001"
"""
BY_CODE = {"period": "submitdate", "dimensions": {"Q1_SQ001": "trust"}}
AGREED = [(MARCH, "trust", 4.0)]


def test_the_syntax_file_beside_a_limesurvey_export_gives_codes_and_words(table):
    path = table(R_DATA, "survey_1_R_data_file.csv")
    table(R_SYNTAX, "survey_1_R_syntax_file.R")
    found = answers(path, **BY_CODE)
    assert (values(found), len(skipped(found))) == (AGREED, 1)
    assert values(answers(path, period="Date submitted", dimensions={"Trust?": "trust"})) == AGREED


def test_data_and_syntax_may_come_in_one_zip(tmp_path):
    with zipfile.ZipFile(tmp_path / "answers.zip", "w") as archive:
        archive.writestr("data.csv", R_DATA)
        archive.writestr("syntax.R", R_SYNTAX)
    assert values(answers(tmp_path / "answers.zip", **BY_CODE)) == AGREED


def test_without_its_syntax_file_an_export_has_no_codes(table):
    with pytest.raises(BadSurvey, match="Q1_SQ001"):
        answers(table(R_DATA, "survey_1_R_data_file.csv"), **BY_CODE)


def test_a_personal_column_cannot_be_mapped_by_its_code_either(table):
    path = table(R_DATA.replace("Trust?", "IP address"), "survey_1_R_data_file.csv")
    table('names(data)[4] <- "Q9"\n', "survey_1_R_syntax_file.R")
    with pytest.raises(BadSurvey, match="which name people"):
        answers(path, period="Date submitted", dimensions={"Q9": "trust"})


def test_more_answers_than_any_partnership_has_are_refused(table, monkeypatch):
    monkeypatch.setattr("connectors.survey_table.MAX_ROWS", 2)
    with pytest.raises(BadSurvey, match="expected at most 2 answers"):
        answers(table("month,trust\n" + "2025-03,4\n" * 3), dimensions={"trust": "trust"})


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="no shared data beside the checkout")
def test_real_exports_are_recognised_and_read():
    scale = {"scales": {"trust": (0.0, 100.0)}}
    (score,) = read_survey(
        SAMPLES / "qualtrics" / "sample.csv",
        mapping(period="recordedDate", dimensions={"QID1": "trust"}, respondent="ResponseId", **scale),
        run_on=RUN_ON,
    )
    assert (score.period, score.value) == (date(2017, 7, 1), 2.0)
    lime = SAMPLES / "limesurvey" / "survey_998192_R_data_file.csv"
    found = list(
        read_survey(
            lime, mapping(period="Date submitted", dimensions={"How old are you?": "trust"}, **scale), run_on=RUN_ON
        )
    )
    assert found
    assert {each.reason for each in found if isinstance(each, Skipped)} <= {"unfinished", "date_not_kept"}
