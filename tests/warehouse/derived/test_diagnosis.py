from warehouse.named_rules import rules
from warehouse.stewardship import diagnosis


def test_there_are_five_questions_each_with_an_intervention():
    questions = diagnosis()["question"]
    assert len(questions) == 5
    assert all(each["asks"].endswith("?") and each["intervention"] for each in questions.values())


def test_every_rule_raises_a_question_on_every_series_it_reads_and_on_no_other():
    asked = [
        (rule, dimension)
        for question in diagnosis()["question"].values()
        for rule, dimensions in question["raised_by"].items()
        for dimension in dimensions
    ]
    read = {(rule, dimension) for rule, each in rules().items() for dimension in each["dimensions"]}
    assert len(asked) == len(set(asked))
    assert set(asked) == read


def raised(found):
    return {each["question"]: (each["raised_by"], each["also_fires"]) for each in found if each["raised"]}


def test_a_rule_that_fires_raises_its_question_unless_it_often_fires_without_any_change(derived, row):
    alerts = [
        row.alert("value_stagnant", "value", false_alarm_rate=0.6),
        row.alert("material_probable_standing", "transparency", default_alert=True, false_alarm_rate=0.14),
        row.alert("slow_drift", "trust", false_alarm_rate=0.1),
        row.alert("below_threshold", "learning", fired=False),
    ]
    found = derived("diagnosis", alert=alerts)
    assert len(found) == 5
    assert raised(found) == {"reliance": ("material_probable_standing transparency, slow_drift trust", "")}
    (value,) = [each for each in found if each["question"] == "value"]
    assert (value["raised"], value["also_fires"]) == (False, "value_stagnant value")
