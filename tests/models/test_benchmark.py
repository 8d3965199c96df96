from models.benchmark import OPERATIONS, largest_rate, made_up_texts
from models.encoder import load_tokenizer


def test_the_texts_of_the_benchmark_have_the_lengths_of_work_mail():
    sizes = [len(each.ids) for each in load_tokenizer().encode_batch(made_up_texts(120), add_special_tokens=False)]
    assert 80 < sum(sizes) / len(sizes) < 125
    assert max(sizes) <= 254


def test_a_token_costs_twenty_one_million_operations():
    assert round(OPERATIONS / 1e6, 1) == 21.2


def test_the_limit_of_the_machine_is_measured_in_both_precisions():
    assert largest_rate(True, tokens=8, rounds=2) > 0
    assert largest_rate(False, tokens=8, rounds=2) > 0
