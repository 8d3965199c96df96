"""A small study: coarse enough to be quick, fine enough to fail where a statistic is grossly wrong."""

import re
import subprocess
import sys

import numpy as np
import pytest

from simulation import simulate, study, summary
from simulation.alarm_page import found_within
from simulation.alarms import CONDITIONS, STILL, fired_on, nights_of, program_of, watch
from simulation.blends import INFORMATIVE, NOISE, scores
from simulation.extremes import readings, reported
from simulation.latent import generator
from simulation.paces import quarters
from simulation.streams import worlds
from simulation.wording import cells, coverage


@pytest.fixture(scope="module")
def nights():
    return list(worlds(1, 7, doubt=False))


def test_intervals_of_wording_hold_the_truth_about_as_often_as_they_say(nights):
    found = [cell for told in nights for cell in cells(told, doubt=False)]
    for indicator in ("tone", "openness", "depth_substantive", "tone_change"):
        own = coverage([cell for cell in found if cell.indicator == indicator])
        assert own.cells > 150
        assert own.held >= 0.75, indicator
        assert abs(own.bias) < own.width / 3


def test_hardly_any_state_of_the_index_goes_the_wrong_way(nights):
    found = [quarter for told in nights for quarter in quarters(told)]
    assert len(found) >= 10
    assert np.mean([quarter.wrong for quarter in found]) <= 0.1


def test_nothing_is_shown_of_a_month_in_which_one_side_is_silent(nights):
    silent = [reading for told in nights for reading in readings(told) if reading.name == "silent"]
    assert len(silent) == 1
    assert all(reading.from_silent == 0 and reading.state is None for reading in silent)


def test_fewer_messages_read_no_colder_and_notices_no_deeper(nights):
    found = {reading.name: reading for told in nights for reading in readings(told)}
    assert not found["collapse"].colder
    assert found["collapse"].state != "declining"
    assert found["notes"].rvi < found["still"].rvi + 0.5


def test_a_whole_night_blends_nearer_to_the_truth_than_its_surveys_are(nights):
    found = [each for told in nights for each in reported(told)]
    error = {name: np.mean([(getattr(each, name) - each.truth) ** 2 for each in found]) for name in ("value", "survey")}
    assert error["value"] < error["survey"]
    assert 0.8 <= np.mean([each.low <= each.truth <= each.high for each in found]) <= 0.97


@pytest.mark.parametrize(("kind", "most"), [(INFORMATIVE, 0.8), (NOISE, 1.05)])
def test_the_blend_covers_and_does_no_harm(kind, most):
    found = scores(7, 30, 3, kind)
    assert 0.8 <= found.coverage <= 0.97
    assert found.ratio <= most


def test_the_default_alert_is_calm_and_finds_most_declines():
    condition = next(each for each in CONDITIONS if each == (STILL, "sudden", INFORMATIVE, 10))
    watched = [each for each in watch(7, 8, *condition) if each.rule == "material_probable_standing"]
    assert {each.dimension for each in watched} == {"trust", "value", "learning"}
    assert sum(each.false_alarms for each in watched) <= 0.3
    assert found_within(watched, 4) >= 0.6


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_the_same_seed_writes_the_same_page(tmp_path):
    for name in ("first", "second"):
        simulate(tmp_path / name / "study", worlds=2, seed=3, report=lambda line: None)
    assert files(tmp_path / "first") == files(tmp_path / "second")


def test_the_page_says_of_every_target_whether_it_was_reached_and_shows_every_figure(tmp_path, monkeypatch):
    for name in ("BLENDS", "PROGRAMS", "CLAIMS"):
        monkeypatch.setattr(study, name, 0)
    found = simulate(tmp_path / "study", worlds=1, seed=3, report=lambda line: None)
    page = (tmp_path / "study.md").read_text("utf-8")
    pictures = re.findall(r"\]\((study/[^)]+)\)", page)
    assert len(pictures) == 4
    assert all((tmp_path / picture).read_text("utf-8").startswith("<svg") for picture in pictures)
    assert len(summary(found)) == len(found.targets) == page.count("| yes |") + page.count("| **no** |")
    assert not re.search(r"\bnan\b|\binf\b", page)


def test_the_room_is_light_to_import():
    heavy = "import sys, simulation; sys.exit(any(name in sys.modules for name in ('numpy', 'duckdb', 'scipy')))"
    assert subprocess.run([sys.executable, "-c", heavy], check=False).returncode == 0


def test_the_rules_of_the_study_fire_as_those_of_the_night_do():
    fired = 0
    for number in range(4):
        made = program_of(generator(7, number), STILL, "sudden", INFORMATIVE, 5)
        last = {key: found[:, -1] for key, found in fired_on(nights_of(made)).items()}
        for row in made.alerts():
            if row["rule"] != "decisions_slower":
                own = last[row["rule"], row["dimension"]][made.alliances.index(row["alliance"])]
                assert own == row["fired"], row["rule"]
                fired += row["fired"]
    assert fired > 4
