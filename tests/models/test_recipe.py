import json
from pathlib import Path

import pyarrow
import pyarrow.parquet as parquet
import pytest

import models
from models.corpus import Example, text_print
from models.errors import BadRecipe
from models.lexicon import LexiconScorer
from models.probes import filled, hard_cases
from models.recipe import read_course, without

ROOT = Path(__file__).parents[2]
WRITTEN = ROOT / "models" / "written.jsonl"

RELATED = """
[related.warmth]
path = "warmth.parquet"
text = "body"
label = "label"
"""


@pytest.fixture
def config(tmp_path, labelled):
    table = {"body": [f"Lovely number {n}" for n in range(8)] + [f"Awful number {n}" for n in range(8)]}
    table["label"] = ["warm"] * 8 + ["sharp"] * 8
    parquet.write_table(pyarrow.table(table), tmp_path / "warmth.parquet")
    file = tmp_path / "training.toml"
    recipe = "[recipe]\nseed = 3\nepochs = 1\nsoup = 1\nrefresh_epochs = 1\nlow_precision = false\n"
    few = tmp_path / "written.jsonl"
    few.write_text("".join(WRITTEN.read_text(encoding="utf-8").splitlines(keepends=True)[:60]), encoding="utf-8")
    file.write_text(
        f'codebook = "{labelled}"\nwritten = "{few}"\nstatement = "Made up."\n{recipe}{RELATED}', encoding="utf-8"
    )
    return file


@pytest.fixture
def one_thread():
    """Two threads that wait for each other on a busy machine take far longer than one."""
    import torch
    from threadpoolctl import threadpool_limits

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    with threadpool_limits(1):
        yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("one_thread")
def test_one_call_trains_measures_and_writes_a_model_that_loads(config, tmp_path):
    lines = []
    found = models.train_from(config, tmp_path / "tiny", lines.append)
    assert {head: each["messages"] for head, each in found["heads"].items()} == dict.fromkeys(
        models.HEADS, found["examples"]["held_out"]
    )
    assert any("epoch 1 of 1" in line for line in lines)
    assert not any("Lovely" in line or "third time" in line for line in lines)
    (signals,) = models.load(tmp_path / "tiny").score(["Thanks a lot, that was great work."])
    assert sum(signals.tone) == pytest.approx(1)
    written = json.loads((tmp_path / "tiny" / "metrics.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(found))
    card = (tmp_path / "tiny" / "README.md").read_text(encoding="utf-8")
    assert "Made up." in card
    assert "made-up" in card
    with pytest.raises(models.ModelRefused):
        (tmp_path / "tiny" / "model.safetensors").write_bytes(b"")
        models.load(tmp_path / "tiny")


WRONG = {
    "unknown key": ('codebok = "x.jsonl"', "codebok"),
    "unknown recipe key": ('codebook = "x.jsonl"\n[recipe]\nepoch = 1', "recipe.epoch"),
    "no codebook": ("held_out = 4", "codebook"),
    "half a related set": ('codebook = "x.jsonl"\n[related.warmth]\ntext = "body"', "related.warmth"),
    "not toml": ("codebook = ", "TOML"),
}


@pytest.mark.parametrize(("content", "named"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_configuration_is_refused_by_its_key(tmp_path, content, named):
    (tmp_path / "wrong.toml").write_text(content, encoding="utf-8")
    with pytest.raises(BadRecipe, match=named):
        read_course(tmp_path / "wrong.toml")


def test_a_missing_configuration_is_named(tmp_path):
    with pytest.raises(BadRecipe, match=r"none\.toml"):
        read_course(tmp_path / "none.toml")


def test_a_text_that_is_held_out_is_not_learned_from_a_related_set():
    held = Example("Build 12 fails again", {}, "thread", "made-up")
    lent = [Example(text, {"related_x": 0}, text_print(text), "x") for text in ("build 13 FAILS again!", "another")]
    (kept, classes) = without({"related_x": (lent, 2)}, [held])["related_x"]
    assert [each.text for each in kept] == ["another"]
    assert classes == 2


def test_a_training_of_the_released_kind_is_a_file_of_the_project():
    course = read_course(ROOT / "configs" / "training.toml")
    assert course.statement
    assert len(course.related) >= 5


def test_the_written_examples_are_read_and_none_of_them_is_a_probe():
    written = models.read_codebook(WRITTEN)
    assert len(written) > 100
    probes = {text_print(text) for text in [*filled(), *(case["text"] for case in hard_cases(LexiconScorer()))]}
    assert not probes & {text_print(example.text) for example in written}


def test_the_written_examples_show_every_value():
    written = models.read_codebook(WRITTEN)
    for head, values in models.HEADS.items():
        assert {example.labels[head] for example in written} == set(range(len(values)))
