"""What the page says to stewards: what is due, asked and suggested, and what the partners keep."""

import re

import pytest


@pytest.fixture(scope="module")
def said(page):
    """Return the page's words without elements, each alliance from its own heading on."""
    text = re.sub(r"<style.*?</style>|<[^>]+>", " ", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(text.split())


def of(said, alliance):
    return re.split(r"Alliance (?=Harbour Cold Chain|Lantern|Meadow)", said)[alliance]


HARBOUR, LANTERN, MEADOW = 1, 2, 3


def test_what_is_due_names_whose_survey_since_when_and_why(said):
    assert re.search(r"due now Survey of Oriel .* since Nov 2026 monthly, because a default alert fires", said)
    assert "not yet Survey of Fjordline from Jan 2027 quarterly; last Oct 2026" in of(said, HARBOUR)
    assert "not yet Recalibration from Dec 2026 yearly; last Dec 2025" in of(said, HARBOUR)
    assert "overdue Recalibration since Sep 2026 yearly; never yet" in of(said, LANTERN)


def test_a_question_that_is_raised_comes_with_its_rules_and_what_to_try(said):
    assert (
        "Can each side rely on what the other says, the unwelcome included? "
        "Raised by: A material, probable and standing change (transparency). "
        "Try first: Bring both executive sponsors together" in of(said, LANTERN)
    )
    assert "Not raised. Fires, but often by chance: Value stands still." in of(said, LANTERN)


def test_an_alliance_without_cause_for_a_question_keeps_them_folded(page, said):
    folded = re.findall(r"<summary>None of the five questions is raised", page.read_text(encoding="utf-8"))
    assert len(folded) == 2
    assert "Raised by" not in of(said, HARBOUR)


def test_a_pivot_is_suggested_by_rules_with_their_chance_and_retire_says_what_it_lacks(said):
    lantern = of(said, LANTERN)
    assert "Refocus to discuss" in lantern
    assert "Each fires in 3 % of years without any change, or fewer." in lantern
    assert "Retire A good end." in lantern
    assert (
        "Not suggested: 2 of 3 benchmarks have fallen, and 0 of 1 logged pivot brought no rise. It needs both."
        in lantern
    )


def test_the_four_causes_are_looked_at_only_where_the_return_is_insufficient(said):
    assert "The return is insufficient: most financial and market targets are missed." in of(said, LANTERN)
    assert re.search(r"Type of alliance .* in doubt 30 Sep 2026", of(said, LANTERN))
    assert "The return is insufficient" not in of(said, HARBOUR) + of(said, MEADOW)


def test_the_scorecard_shows_how_much_of_a_target_is_reached(page):
    text = page.read_text(encoding="utf-8")
    assert re.findall(r'<span class="reached( met)?"><i style="width:([\d.]+)%">', text) == [
        ("", "72.0"),
        ("", "25.0"),
        (" met", "100.0"),
    ]


def test_items_that_both_answer_stand_side_by_side(said):
    assert "Importance: 5.0 and 3.0: not equally important" in of(said, LANTERN)


def test_the_light_question_stands_at_its_place_beside_the_full_questionnaire(said):
    found = re.search(r"Fjordline (\d\.\d) of 10: (\d\.\d\d), full questionnaire (\d\.\d\d)", of(said, HARBOUR))
    assert float(found[2]) == pytest.approx(1 + (float(found[1]) - 1) / 2.25, abs=0.03)
    assert "nearest to “We would sign it again”" in of(said, HARBOUR)


def test_before_and_after_a_pivot_is_called_a_difference_and_no_effect(said):
    lantern = of(said, LANTERN)
    assert "It is a difference and no effect" in lantern
    assert "Refocus, 17 Mar 2026" in lantern
    assert "Trust +0.62 (+0.22 to +1.02)" in lantern
    assert "Before and after each pivot" not in of(said, HARBOUR)


def test_a_pivot_without_enough_months_says_so(tables, rendered):
    for row in tables["pivot_change"]:
        row |= dict.fromkeys(("before", "after", "difference", "low", "high", "outcome")) | {"status": "low_n"}
    assert "three are needed on each side" in rendered(tables)


def test_the_gate_to_scale_says_each_criterion_and_what_is_only_a_hint(said):
    assert "✓ Declared by both partners : met" in of(said, HARBOUR)
    assert "✗ Declared by both partners : not met" in of(said, MEADOW)
    assert "30 %; at least 10 % (a hint whether it is worth it) : met" in of(said, HARBOUR)


def test_what_may_come_first_is_told_with_its_delay_and_withheld_pairs_are_counted(said):
    assert "Unsolicited sharing → learning in the survey, 2 months later: +0.71" in said
    assert "Correlation is no cause." in said
    assert "1 more pairs have too few" not in said
    assert "1 more pair has too few changes" in said


def test_nothing_that_precedes_is_said_as_nothing(tables, rendered):
    for row in tables["lead_lag"]:
        row["precedes"] = None
    assert "None is more than chance so far." in rendered(tables)


def test_words_that_partners_chose_are_inert(page):
    text = page.read_text(encoding="utf-8")
    assert "They &lt;b&gt;check&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_night_that_keeps_nothing_has_no_section_of_it(tables, rendered):
    found = rendered({"run": tables["run"], "alliance": tables["alliance"]})
    assert "What to do next" not in found and "What the partners keep" not in found
