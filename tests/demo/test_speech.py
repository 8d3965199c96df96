import re
from random import Random

import pytest

from demo.speech import Speech, phrases

DOMAINS = ("tidal", "cold")


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_slot_of_every_phrase_can_be_filled(domain):
    speech = Speech(domain, Random(1))
    for file in ("shared", domain):
        for act, said in phrases(file)["say"].items():
            for _ in said:
                assert not re.search(r"[{}\[\]|]|=>", speech.say(act, to="Nix"))


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_question_has_an_answer_about_the_same_things(domain):
    speech = Speech(domain, Random(1))
    for act in ("ask", "ask_again", "ask_fact"):
        for _ in range(60):
            question, topic = speech.ask(act, {})
            answer = speech.answer(topic)
            assert answer
            assert not re.search(r"[{}\[\]|]", answer)
            for name in re.findall(r"{(\w+)}", topic.answer):
                assert name not in topic.words or topic.words[name].lower() in answer.lower(), question


@pytest.mark.parametrize("domain", DOMAINS)
def test_both_domains_say_the_same_acts(domain):
    assert phrases(domain)["say"].keys() == phrases(DOMAINS[0])["say"].keys()


def test_a_phrase_comes_round_only_when_all_of_its_act_were_used():
    said = phrases("shared")["say"]["foreign"]
    speech = Speech("tidal", Random(1))
    for _ in range(3):
        assert {speech.say("foreign") for _ in said} == set(said)


def test_a_word_that_a_phrase_names_twice_is_another_one_the_second_time():
    speech = Speech("tidal", Random(1))
    pairs = [speech._filled("{quarter} {quarter}", {}, {}).lower() for _ in range(60)]
    assert not [pair for pair in pairs if pair[: len(pair) // 2] == pair[len(pair) // 2 + 1 :]]


def test_numbers_stay_in_their_range():
    speech = Speech("tidal", Random(1))
    assert {speech._filled("{2..4}", {}, {}) for _ in range(60)} == {"2", "3", "4"}
    assert all(0.5 <= float(speech._filled("{0.5..0.9}", {}, {})) <= 0.9 for _ in range(60))


def test_equal_seeds_say_equal_things():
    one, other = (Speech("cold", Random(3)) for _ in range(2))
    assert [one.say("share") for _ in range(50)] == [other.say("share") for _ in range(50)]
