import json
import shutil

import pytest

import models
from models.encoder import PINNED, refuse_unless_hash
from models.folder import RELEASED


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(RELEASED, tmp_path / "copy")


def changed(folder, **values):
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps(config | values), encoding="utf-8")


def test_a_true_copy_is_accepted(folder, scorer):
    assert models.version_of(folder).partition("@")[2] == models.version_of().partition("@")[2]
    texts = ["Thanks a lot, great work."]
    assert models.load(folder).score(texts) == scorer.score(texts)


def test_weights_with_one_altered_byte_are_refused(folder):
    file = folder / "model.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(models.ModelRefused, match="expected sha256"):
        models.load(folder)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "weights.pkl"])
def test_a_folder_with_a_pickled_file_is_refused(folder, name):
    (folder / name).write_bytes(b"\x80\x04.")
    with pytest.raises(models.ModelRefused, match="safetensors only"):
        models.load(folder)


def test_missing_weights_are_named(folder):
    (folder / "model.safetensors").unlink()
    with pytest.raises(models.ModelRefused, match=r"model\.safetensors"):
        models.load(folder)


def test_a_folder_without_configuration_is_refused(tmp_path):
    with pytest.raises(models.ModelRefused, match=r"config\.json"):
        models.load(tmp_path)


def test_a_folder_without_metrics_is_named(folder):
    (folder / "metrics.json").unlink()
    with pytest.raises(models.ModelRefused, match=r"metrics\.json"):
        models.metrics_of(folder)


def test_a_configuration_without_a_hash_is_refused(folder):
    (folder / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(models.ModelRefused, match="weights_sha256"):
        models.load(folder)


def test_a_model_made_for_another_encoder_is_refused(folder):
    changed(folder, encoder={"name": "other", "sha256": dict.fromkeys(PINNED, "0" * 64)})
    with pytest.raises(models.ModelRefused, match="pinned encoder"):
        models.load(folder)


def test_an_encoder_file_with_another_hash_is_refused(tmp_path):
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"other weights")
    with pytest.raises(models.ModelRefused, match="expected sha256"):
        refuse_unless_hash(file, PINNED["model.safetensors"])


def test_the_released_weights_are_pinned_in_the_code(folder, monkeypatch):
    monkeypatch.setattr("models.folder.RELEASED", folder)
    changed(folder, weights_sha256="0" * 64)
    with pytest.raises(models.ModelRefused, match="released weights"):
        models.load()
