import os
import re
import stat
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from desk import write_report
from warehouse import NoPublishedFile
from warehouse.publish import publish

GOLDEN = Path(__file__).parent / "golden" / "report.html"
VOID = {"meta", "link", "br", "img", "rect", "circle", "line", "path", "input", "hr"}


class Outline(HTMLParser):
    """Collects elements with their attributes, the text of each, and whether all of them close."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.visible = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "attrs": dict(attrs), "text": "", "inside": [each["tag"] for each in self.open]}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.elements.append({"tag": tag, "attrs": dict(attrs), "text": "", "inside": [e["tag"] for e in self.open]})

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data
        if not any(element["tag"] in ("style", "title") for element in self.open):
            self.visible.append(data)

    def all(self, *tags):
        return [element for element in self.elements if element["tag"] in tags]


@pytest.fixture(scope="module")
def text(page):
    return page.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def outline(text):
    return Outline(text)


@pytest.fixture(scope="module")
def seen(outline):
    return " ".join(" ".join(outline.visible).split())


def written(tables, folder):
    database, target = folder / "night.duckdb", folder / "report.html"
    publish(tables, database)
    write_report(database, target)
    return target.read_text(encoding="utf-8")


def test_the_page_is_as_reviewed(tables, rendered):
    since = tables["velocity"][6]["period"]
    short = {name: [row for row in rows if row.get("period", since) >= since] for name, rows in tables.items()}
    found = rendered(short)
    if os.environ.get("QUIETPIVOT_GOLDEN") == "write":
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8"), "look at the page, then `make golden` and review the diff"


def test_the_same_night_gives_the_same_bytes(page, tables, tmp_path):
    shuffled = {name: list(reversed(rows)) for name, rows in tables.items()}
    assert written(shuffled, tmp_path).encode() == page.read_bytes()


def test_a_page_replaces_the_old_one_in_one_step(database, tmp_path):
    target = tmp_path / "report.html"
    target.write_text("old")
    old = target.open()
    write_report(database, target)
    assert old.read() == "old"
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert stat.S_IMODE(target.stat().st_mode) & 0o022 == 0


def test_without_a_published_file_the_old_page_stays(tmp_path):
    target = tmp_path / "report.html"
    target.write_text("old")
    with pytest.raises(NoPublishedFile):
        write_report(tmp_path / "missing.duckdb", target)
    assert target.read_text() == "old"


def test_every_element_is_closed_and_every_id_is_its_own(outline):
    assert not outline.open
    ids = Counter(element["attrs"]["id"] for element in outline.elements if "id" in element["attrs"])
    assert max(ids.values()) == 1
    named = {e["attrs"]["aria-labelledby"] for e in outline.elements if "aria-labelledby" in e["attrs"]}
    linked = {e["attrs"]["href"].removeprefix("#") for e in outline.all("a")}
    assert named | linked <= set(ids)


def test_no_script_and_nothing_from_outside(outline, text):
    assert not outline.all("script", "iframe", "object", "embed", "link", "img", "form", "base")
    assert not [name for e in outline.elements for name in e["attrs"] if name.startswith("on") or name == "src"]
    assert all(e["attrs"]["href"].startswith("#") for e in outline.all("a"))
    assert not re.findall(r"https?:|//\w|url\(|@import|javascript:", text)


def test_the_content_policy_is_closed(outline):
    (policy,) = [e["attrs"]["content"] for e in outline.all("meta") if e["attrs"].get("http-equiv")]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_hostile_names_are_text_and_nothing_else(outline, seen):
    assert "Lantern <script>alert(1)</script>" in seen
    assert 'Oriel "Labs" <b>bold</b>' in seen
    assert "=cmd()|'/c calc'!A1" in seen
    assert not [e for e in outline.all("b") if "bold" in e["text"] and "Oriel" not in e["text"]]


@pytest.mark.parametrize(
    "hostile", ['"><svg onload=x>', "{{ 7*7 }}", "{0.__class__}", "</style><p>", "'-->", "\x00\u202e"]
)
def test_any_name_of_a_partner_or_alliance_is_inert(outline, tables, hostile, rendered):
    usual = Counter(e["tag"] for e in outline.elements)
    for row in tables["alliance"]:
        row |= {"name": hostile, "partner_a": hostile, "partner_b": hostile}
    tables["run"] = [tables["run"][0] | {"program": hostile, "model": hostile}]
    for row in tables["left_out"]:
        row["reason"] = hostile
    found = Outline(rendered(tables))
    assert Counter(e["tag"] for e in found.elements) == usual
    assert not [name for e in found.elements for name in e["attrs"] if name.startswith("on")]


def test_every_status_is_told_apart_in_words_and_marks(outline, seen):
    for label in ("not enough yet", "withheld", "nothing there", "kept from before"):
        assert label in seen
    legend = outline.all("dl")
    assert [e for e in legend if e["attrs"].get("class") == "legend" and "not the same as zero" in e["text"]]
    cells = Counter(e["text"] for e in outline.all("td"))
    assert cells["withheld"] > 10 and cells["nothing there"] > 10 and cells["not enough yet"] > 10


def test_a_cell_without_a_value_is_never_shown_as_zero(tables, rendered):
    for row in tables["indicator"]:
        row |= {"value": None, "low": None, "high": None, "status": "suppressed"}
    outline = Outline(rendered(tables))
    figures = [e for e in outline.all("svg") if "Fjordline asks" in e["attrs"].get("aria-label", "")]
    assert figures and all("no month can be shown; 14 months withheld" in e["attrs"]["aria-label"] for e in figures)
    assert {number for e in figures for number in re.findall(r"\d+", e["attrs"]["aria-label"])} == {"14"}


def test_headings_step_down_one_level_at_a_time(outline):
    levels = [int(e["tag"][1]) for e in outline.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_chart_has_a_text_alternative_and_every_figure_a_caption(outline):
    outer = [e for e in outline.all("svg") if "svg" not in e["inside"]]
    assert len(outer) > 100
    for svg in outer:
        assert svg["attrs"].get("aria-hidden") == "true" or (
            svg["attrs"].get("role") == "img" and svg["attrs"]["aria-label"]
        )
    assert len(outline.all("figure")) == len(outline.all("figcaption"))
    assert all(e["text"].strip() for e in outline.all("figcaption"))


def test_tables_name_their_rows_and_columns_and_the_page_its_regions(outline):
    assert {e["attrs"].get("scope") for e in outline.all("th")} == {"col", "row", "rowgroup"}
    assert [len(outline.all(tag)) for tag in ("main", "footer")] == [1, 1]
    assert outline.all("html")[0]["attrs"]["lang"] == "en"
    assert all(e["attrs"].get("aria-label") for e in outline.all("nav"))


def test_an_alliance_that_is_not_at_scale_says_that_no_message_is_read(seen):
    meadow = seen[seen.index("Alliance Meadow") :]
    assert "None of this alliance's messages is read." in meadow
    assert "Responsiveness How soon" not in meadow


def test_fewer_messages_with_held_wording_are_not_read_as_hostility(seen):
    assert "Less is written, while the wording holds. Volume is not hostility" in seen


def test_scores_that_stay_high_while_text_changes_are_a_reason_to_ask(seen):
    assert seen.count("Overall health is still scored high. Text and scores tell two stories") == 1


def test_tone_is_shown_as_a_change_only(tables, rendered):
    before = rendered(tables)
    for row in tables["indicator"]:
        if row["indicator"] == "tone":
            row |= {"value": 0.987, "low": 0.981, "high": 0.992}
    assert rendered(tables) == before


def test_the_weight_of_the_survey_stands_beside_each_blended_value(outline):
    weights = [e["text"].strip() for e in outline.all("td") if e["attrs"].get("data-of") == "Weight of the survey"]
    assert weights.count("71\u00a0%") == 12 and weights.count("survey only") == 27


def test_fired_default_alerts_come_first_and_the_others_are_folded(outline):
    open_alerts = [e["text"] for e in outline.all("article") if e["attrs"]["class"] == "alert"]
    assert [text.split("\n")[1] for text in open_alerts] == [
        "A material, probable and standing change Transparency, Oct 2026",
        "Unsolicited sharing falls Unsolicited sharing, Oct 2026",
    ]
    folded = [e["text"] for e in outline.all("details") if "All other rules" in e["text"]]
    assert len(folded) == 3 and all("Fires in a year without any change" in text for text in folded)


def test_a_coordination_trap_is_named(seen):
    assert seen.count("This looks like a coordination trap") == 1


def test_months_at_the_end_without_anything_are_said_once(tables, page, rendered):
    late = max(row["period"] for row in tables["velocity"]).replace(month=11)
    blank = {"value": None, "low": None, "high": None, "rvi": None, "z": None, "state": None, "status": "no_data"}
    for name in ("indicator", "velocity", "velocity_component"):
        last = [row for row in tables[name] if row["period"] == late.replace(month=10)]
        tables[name] += [{**row, **{key: blank[key] for key in blank if key in row}, "period": late} for row in last]
    said = "<li>Nothing has come in since Nov 2026 began.</li>\n"
    found = rendered(tables)
    assert found.count(said) == 2
    assert found.replace(said, "") == page.read_text(encoding="utf-8")


def test_a_database_without_the_column_of_the_trap_is_read(tables, rendered):
    for row in tables["velocity"]:
        row["coordination_trap"] = None
    assert "coordination trap" not in rendered(tables)


def test_what_was_left_out_is_counted_by_reason(seen):
    assert "Consent No record 1,412" in seen
    assert "Read Not readable 2" in seen


def test_an_indicator_that_the_page_does_not_know_is_shown_as_the_database_defines_it(seen):
    assert "Also measured Loop share Share of threads that come back to where they began. Needs 30 messages." in seen


def test_a_quarter_stands_in_for_months_with_too_few_answers(seen):
    assert "27 % (18 to 36 %) in Q3 2026; Oct 2026: not enough yet" in seen


def test_weeks_still_needed_are_said_while_no_state_can_be_named(tables, rendered):
    for row in tables["velocity"]:
        row |= {
            "rvi": None,
            "low": None,
            "high": None,
            "state": None,
            "status": "low_n",
            "weeks_used": 4,
            "weeks_needed": 6,
        }
    found = rendered(tables)
    assert "4 weeks of the last twelve can be used; 6 weeks still needed" in found


@pytest.mark.parametrize(
    ("weeks", "said"), [(9, "At this pace 9 more weeks"), (1, "At this pace 1 more week"), (52, "more than a year")]
)
def test_an_undetermined_state_says_how_many_weeks_it_needs(tables, weeks, said, rendered):
    for row in tables["velocity"]:
        row |= {"rvi": 0.3, "low": -0.4, "high": 1.0, "state": "undetermined", "status": "ok", "weeks_needed": weeks}
    assert said in rendered(tables)


def test_the_footer_says_what_the_page_is_not_for(outline):
    (footer,) = outline.all("footer")
    said = " ".join(footer["text"].split())
    assert "no ground for a decision about any individual" in said
    assert "5 people a side" in said and "signals-1 (3f9c2a7be1d0)" in said and "2026-11-03" in said


@pytest.mark.parametrize("word", ["happy", "sentiment", "emotion", "feel", "GDPR", "compliant", "angry"])
def test_the_page_describes_wording_and_nobody(seen, word):
    assert word.lower() not in seen.lower()


def test_the_first_night_with_nothing_in_it_makes_a_page(empty_database, tmp_path):
    write_report(empty_database, tmp_path / "report.html")
    outline = Outline((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "No alliance has been published yet" in " ".join(outline.visible)
    assert not outline.open


def test_an_alliance_without_any_row_makes_a_page(tables, rendered):
    found = rendered({"run": tables["run"], "alliance": tables["alliance"]})
    assert "Nothing has been measured yet." in found and "No survey has come in yet." in found


@pytest.mark.parametrize("status", ["ok", "stale", "suppressed", "a status of tomorrow"])
def test_rows_without_any_value_make_a_page_whatever_their_status(tables, status, rendered):
    for name in ("indicator", "velocity", "velocity_component", "transition", "survey", "blend"):
        for row in tables[name]:
            row |= {key: None for key, held in row.items() if isinstance(held, float) and key != "weight"}
            row["status"] = status
    assert "standard deviations a quarter (" not in rendered(tables)


def test_a_night_without_run_and_nameless_alliances_makes_a_page(tables, rendered):
    bare = [{"alliance": row["alliance"], "text_read": True} for row in tables["alliance"]]
    assert "harbour" in rendered(tables | {"alliance": bare, "run": []})
