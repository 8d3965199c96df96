from collections import defaultdict
from datetime import date

import pytest

from configs.dimensions import DIMENSIONS
from connectors import Skipped, SurveyMapping, read_survey
from demo.survey import QUESTIONS

RUN_ON = date(2026, 3, 10)
SCALES = {dimension: (1.0, 10.0 if dimension == "overall" else 5.0) for dimension in DIMENSIONS}


@pytest.fixture(scope="module")
def answers(written, world):
    found = []
    for survey in world.program.surveys:
        mapping = SurveyMapping(
            period=survey.period,
            scales=SCALES,
            alliances=frozenset(alliance.id for alliance in world.program.alliances),
            sides=frozenset(partner.id for partner in world.program.partners),
            wide=survey.layout == "wide",
            period_format=survey.period_format,
            alliance=survey.alliance,
            fixed_alliance=survey.fixed_alliance,
            side=survey.side,
            respondent=survey.respondent,
            dimension=survey.dimension,
            value=survey.value,
            comment=survey.comment,
            dimensions=survey.dimensions,
            alliance_ids=survey.alliances,
            side_ids=survey.sides,
        )
        found += read_survey(written / survey.path, mapping, run_on=RUN_ON)
    return found


def means(answers, alliance, dimension):
    months = defaultdict(list)
    for answer in answers:
        if (answer.alliance, answer.dimension) == (alliance, dimension):
            months[answer.period].append(answer.value)
    return [sum(values) / len(values) for _, values in sorted(months.items())]


def test_the_questionnaire_asks_every_dimension():
    assert tuple(QUESTIONS) == DIMENSIONS


def test_every_cell_can_be_used(answers):
    assert not [answer for answer in answers if isinstance(answer, Skipped)]


def test_five_to_nine_people_a_side_answer_each_month(answers):
    groups = defaultdict(set)
    for answer in answers:
        groups[answer.alliance, answer.side, answer.period].add(answer.respondent)
    assert len(groups) == 3 * 2 * 14
    assert {len(group) for group in groups.values()} <= set(range(5, 10))


def test_some_answers_are_blank_and_some_have_a_comment(answers, written):
    assert any(answer.has_comment for answer in answers)
    assert ",,\n" in (written / "surveys" / "pulse.csv").read_text(encoding="utf-8")


def test_where_it_stalls_trust_stays_high_and_value_falls_only_in_the_last_quarter(answers):
    assert min(means(answers, "cold-chain", "trust")) > 3.7
    value = means(answers, "cold-chain", "value")
    assert min(value[:11]) > 3.7
    assert value[-1] < 3.6


def test_where_it_stalls_learning_slips_after_the_ninth_month(answers):
    learning = means(answers, "cold-chain", "learning")
    assert min(learning[:9]) > 3.6
    assert max(learning[-2:]) < 3.4


def test_where_it_deepens_every_score_of_tvl_rises(answers):
    for dimension in ("trust", "value", "learning"):
        scores = means(answers, "tidal-array", dimension)
        assert sum(scores[-3:]) > sum(scores[:3]) + 0.9
