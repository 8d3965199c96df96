import pytest

from configs import ConfigError, load_program, parse_program

MINIMAL = """
name = "Harbour"
[[partners]]
id = "aster"
name = "Aster Works"
domains = ["aster.example"]
[[partners]]
id = "birch"
name = "Birch Systems"
[[alliances]]
id = "tide"
name = "Tide"
partners = ["aster", "birch"]
stage = "scale"
started = 2025-01-01
"""


def faults(text):
    with pytest.raises(ConfigError) as caught:
        parse_program(text)
    return str(caught.value)


def test_a_minimal_program_gets_safe_defaults():
    program = parse_program(MINIMAL)
    assert program.privacy.min_people == 5
    assert program.privacy.min_answers == 3
    assert program.alliance("tide").text_read
    assert program.partner("birch").zone == "UTC"
    assert set(program.weights) == {"unsolicited", "ties", "coinvest", "escalation"}


@pytest.mark.parametrize("stage", ["explore", "early", "closing"])
def test_only_an_alliance_at_scale_may_have_its_messages_read(stage):
    assert not parse_program(MINIMAL.replace('"scale"', f'"{stage}"')).alliance("tide").text_read


def test_a_misspelt_key_is_named_with_the_key_that_was_meant():
    assert "privacy.min_pepole: unknown key; did you mean 'min_people'?" in faults(
        MINIMAL + "[privacy]\nmin_pepole = 9\n"
    )


def test_a_misspelt_key_in_a_list_of_tables_is_counted_as_a_user_counts():
    text = MINIMAL.replace('name = "Birch Systems"', 'name = "Birch Systems"\ndomain = ["birch.example"]')
    assert "partners[2].domain: unknown key; did you mean 'domains'?" in faults(text)


def test_the_minimum_group_can_be_raised_but_never_lowered():
    assert parse_program(MINIMAL + "[privacy]\nmin_people = 12\n").privacy.min_people == 12
    message = faults(MINIMAL + "[privacy]\nmin_people = 4\n")
    assert "privacy.min_people: expected greater than or equal to 5, found 4" in message


@pytest.mark.parametrize("folder", ["store", "store/keys", "published"])
def test_keys_may_not_lie_in_the_store(folder):
    assert "outside store/" in faults(MINIMAL + f'[privacy]\nkeys = "{folder}"\n')


def test_an_unknown_partner_is_named_beside_the_known_ones():
    message = faults(MINIMAL.replace('["aster", "birch"]', '["aster", "cedar"]'))
    assert "expected one of aster, birch; found cedar" in message


def test_an_alliance_with_oneself_is_refused():
    assert "two different organisations" in faults(MINIMAL.replace('["aster", "birch"]', '["aster", "aster"]'))


def test_an_unknown_time_zone_is_named():
    text = MINIMAL.replace('name = "Birch Systems"', 'name = "Birch Systems"\nzone = "Mars/Base"')
    assert "'Mars/Base'" in faults(text)


def test_all_faults_are_told_at_once():
    message = faults(MINIMAL.replace("stage", "stadge") + "[privacy]\nmin_people = 1\n")
    assert "stadge" in message
    assert "min_people" in message


def test_broken_toml_is_told_with_its_line():
    assert "line 2" in faults('name = "x"\n[[partners\n')


def test_a_missing_file_says_how_to_get_one(tmp_path):
    with pytest.raises(ConfigError, match="quietpivot init"):
        load_program(tmp_path)


def test_other_bytes_than_utf8_are_refused(tmp_path):
    (tmp_path / "program.toml").write_bytes(b"name = '\xff\xfe'")
    with pytest.raises(ConfigError, match="UTF-8"):
        load_program(tmp_path)


def test_a_wide_survey_needs_its_headings():
    text = MINIMAL + '[[surveys]]\npath="s.csv"\nlayout="wide"\nperiod="Month"\nfixed_alliance="tide"\nside="Side"\n'
    assert "surveys[1]" in faults(text)
    assert parse_program(text + '[surveys.dimensions]\n"We trust them" = "trust"\n').surveys[0].dimensions
    assert "found trsut" in faults(text + '[surveys.dimensions]\n"We trust them" = "trsut"\n')


def test_two_alliances_at_scale_of_the_same_two_partners_are_refused_as_overlapping_groups():
    second = '[[alliances]]\nid = "wave"\nname = "Wave"\npartners = ["birch", "aster"]\nstarted = 2025-01-01\nstage = '
    assert "overlapping groups" in faults(MINIMAL + second + '"scale"\n')
    assert len(parse_program(MINIMAL + second + '"early"\n').alliances) == 2


def test_the_usual_rhythm_needs_no_key_and_agreed_words_have_all_three_levels():
    program = parse_program(MINIMAL + '[anchors.trust]\none = "check"\nthree = "know"\nfive = "rely"\n')
    assert program.alliance("tide").cadence == "usual"
    assert program.anchors["trust"].three == "know"
    assert "anchors.trust.five: expected a value" in faults(MINIMAL + '[anchors.trust]\none = "a"\nthree = "b"\n')
    assert "anchors: expected one of" in faults(MINIMAL + '[anchors.morals]\none = "a"\nthree = "b"\nfive = "c"\n')
