import json
from pathlib import Path

import pyarrow
import pyarrow.parquet as parquet
import pytest

import models
from models.corpus import Example, Related, read_related, split, text_print

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "labelled" / "codebook_train.jsonl"


def example(text, group):
    return Example(text, {}, group, "made-up")


def made_up(threads=60, a_thread=5):
    """Messages that differ in their letters, since prints ignore digits."""
    return [
        example(f"message {'a' * thread} and {'b' * n}", f"thread {thread}")
        for thread in range(1, threads)
        for n in range(1, a_thread)
    ]


def test_a_split_keeps_groups_apart_and_loses_nothing():
    examples = made_up()
    training, held_out = split(examples)
    assert training and held_out
    assert not {e.group for e in training} & {e.group for e in held_out}
    assert len(training) + len(held_out) == len(examples)


def test_a_near_copy_in_another_group_does_not_leak():
    held = next(e for e in made_up() if e in split(made_up())[1])
    outside = next(group for group in map(str, range(100)) if not split([example("x", group)])[1])
    copy = example(f"  {held.text.upper()}!! 12", outside)
    assert copy not in split([*made_up(), copy])[0]


def test_prints_ignore_case_digits_and_spaces_but_not_words():
    assert text_print("Build 12 fails,  again") == text_print("build 13 FAILS again.")
    assert text_print("Build 12 fails") != text_print("Build 12 works")


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_file(), reason="the shared data are not beside this checkout")
def test_no_group_and_no_near_copy_of_the_labelled_data_stands_on_both_sides():
    training, held_out = split(models.read_codebook(SHARED))
    assert len(held_out) > 500
    assert not {e.group for e in training} & {e.group for e in held_out}
    assert not {text_print(e.text) for e in training} & {text_print(e.text) for e in held_out}


def test_the_labelled_file_is_read_by_head(labelled):
    examples = models.read_codebook(labelled)
    assert len(examples) == 72
    assert all(set(e.labels) == set(models.HEADS) for e in examples)
    assert all(0 <= value < len(models.HEADS[head]) for e in examples for head, value in e.labels.items())


def test_a_record_that_is_marked_skip_is_left_out(tmp_path):
    file = tmp_path / "skip.jsonl"
    file.write_text(json.dumps({"text": "automatic notice", "skip": 1}) + "\n", encoding="utf-8")
    assert models.read_codebook(file) == []


FAULTS = {
    "not json": ('{"text": "the canary sings"', "column"),
    "a list": ('["the canary sings"]', "text"),
    "no text": ('{"body": "the canary sings"}', "text"),
    "a label outside the codebook": ('{"text": "the canary sings", "tone": 7}', "tone"),
}


@pytest.mark.parametrize(("line", "named"), FAULTS.values(), ids=FAULTS.keys())
def test_a_bad_line_is_named_and_never_quoted(tmp_path, line, named):
    file = tmp_path / "bad.jsonl"
    file.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(models.BadRecord, match=f"line 2.*{named}") as caught:
        models.read_codebook(file)
    assert "canary" not in str(caught.value)


def test_an_example_shows_no_text():
    assert "canary" not in repr(example("the canary sings", "group"))


@pytest.fixture
def related(tmp_path):
    table = {"body": ["one", "two", "three", " "], "label": ["joy,anger", "anger", "other", "joy"]}
    parquet.write_table(pyarrow.table(table), tmp_path / "set.parquet")
    return Related("made", tmp_path / "set.parquet", "body", "label", {"joy": "warm", "anger": "sharp"})


def test_a_related_set_collapses_labels_and_drops_the_others(related):
    examples, classes = read_related(related)
    assert classes == 2
    assert {e.text: e.labels for e in examples} == {"one": {"related_made": 1}, "two": {"related_made": 0}}


def test_a_related_set_of_one_class_is_refused(related):
    lonely = Related("made", related.path, "body", "label", {"joy": "warm"})
    with pytest.raises(models.BadRecord, match="two classes"):
        read_related(lonely)
