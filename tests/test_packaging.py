"""What is shipped: the rooms, the released model, and nothing that lies about."""

import shutil
import tarfile
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = {"connectors", "models", "warehouse", "desk", "demo", "simulation", "pipelines", "configs"}
MEBIBYTE = 2**20


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build sdist and wheel from a copy of the tree in which private files lie about."""
    sdist = pytest.importorskip("hatchling.builders.sdist")
    wheel = pytest.importorskip("hatchling.builders.wheel")
    tree = tmp_path_factory.mktemp("tree") / "quietpivot"
    hidden = shutil.ignore_patterns(".*", "__pycache__", "quietpivot-demo", "dist")
    shutil.copytree(ROOT, tree, ignore=hidden)
    (tree / "private.mbox").write_text("From nobody\n", encoding="utf-8")
    (tree / "store").mkdir()
    (tree / "store" / "part.parquet").write_bytes(b"PAR1")
    return {
        "sdist": names_in(next(iter(sdist.SdistBuilder(str(tree)).build(versions=["standard"])))),
        "wheel": names_in(next(iter(wheel.WheelBuilder(str(tree)).build(versions=["standard"])))),
    }


def names_in(path):
    if path.endswith(".whl"):
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    with tarfile.open(path) as archive:
        return archive.getnames()


@pytest.mark.parametrize("kind", ["sdist", "wheel"])
def test_no_private_file_that_lies_in_the_tree_is_shipped(built, kind):
    strange = [name for name in built[kind] if name.endswith(("private.mbox", ".parquet", ".duckdb"))]
    assert not [name for name in strange if "/tests/connectors/data/" not in name]


def test_the_wheel_holds_every_room_and_no_test(built):
    tops = {name.split("/")[0] for name in built["wheel"] if ".dist-info" not in name}
    assert tops == ROOMS


def test_the_wheel_holds_the_data_that_the_code_reads(built):
    data = (".sql", "tables.toml", "rules.toml", "words.toml", "example.toml", ".html.j2", "page.css", ".safetensors")
    for ending in (*data, "py.typed"):
        assert any(name.endswith(ending) for name in built["wheel"]), ending


def test_the_released_model_is_at_most_ten_megabytes():
    files = [path for path in (ROOT / "models").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(path.stat().st_size for path in files) <= 10 * MEBIBYTE


def test_no_other_distribution_ships_a_package_of_one_of_our_names():
    owners = packages_distributions()
    assert not {room: owners[room] for room in ROOMS & owners.keys() if set(owners[room]) - {"quietpivot"}}
