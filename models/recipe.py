"""A whole training from one TOML file: what it learns from, how, and the folder that comes out."""

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.corpus import Example, Related, read_codebook, read_related, split, text_print
from models.errors import BadRecipe

if TYPE_CHECKING:
    from models.network import SignalNetwork
    from models.training import Recipe

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Course:
    """What one training run takes in; paths are relative to the file that names them.

    `held_out` = 6 keeps one group in six for measuring. `recipe` holds settings of `models.training.Recipe` by name.
    `statement` says, for the card, where the data come from and under which licence. `written` is a JSONL file of
    made-up examples, always learned from and never measured.
    """

    codebook: Path
    held_out: int = 6
    recipe: Mapping[str, Any] = field(default_factory=dict)
    related: tuple[Related, ...] = ()
    statement: str = ""
    written: Path | None = None


def read_course(config: Path) -> Course:
    """Read the TOML file of a training. Raises BadRecipe naming the key."""
    try:
        found = tomllib.loads(config.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadRecipe(
            f"{config.name}: expected a TOML file, found {type(error).__name__}; see docs/how-to/train.md"
        ) from None
    _refuse_unknown(config, "", found, {each.name for each in fields(Course)})
    if "codebook" not in found:
        raise BadRecipe(f"{config.name}: expected the key 'codebook', found none; name a JSONL file of labelled texts")
    related = tuple(_related(config, name, each) for name, each in found.get("related", {}).items())
    recipe = found.get("recipe", {})
    _refuse_unknown(config, "recipe.", recipe, _recipe_keys())
    plain = {key: found[key] for key in ("held_out", "statement") if key in found}
    written = config.parent / found["written"] if "written" in found else None
    return Course(config.parent / found["codebook"], recipe=recipe, related=related, written=written, **plain)


def _recipe_keys() -> set[str]:
    from models.training import Recipe

    return {each.name for each in fields(Recipe)}


def _related(config: Path, name: str, given: Mapping[str, Any]) -> Related:
    _refuse_unknown(config, f"related.{name}.", given, {"path", "text", "label", "values", "limit"})
    try:
        return Related(name, config.parent / given["path"], **{k: v for k, v in given.items() if k != "path"})
    except (KeyError, TypeError):
        raise BadRecipe(f"{config.name}: related.{name}: expected the keys path, text and label; add them") from None


def _refuse_unknown(config: Path, where: str, found: Mapping[str, Any], known: set[str]) -> None:
    for key in sorted(set(found) - known):
        raise BadRecipe(
            f"{config.name}: expected one of {', '.join(sorted(known))}, found {where}{key}; correct the key"
        )


def train_from(config: Path, out: Path, report: Report = lambda line: None) -> dict[str, Any]:
    """Train as the TOML file says, write the model folder `out` with its card, and return its metrics.

    One group in `held_out` is never learned from until the model is measured and calibrated; only then a few gentle
    epochs take it in. The seed stands in the recipe; the same machine gives the same model. The first stage is the
    longest part and is kept beside `out`: a training that was cut off goes on from there.

    Raises BadRecipe and BadRecord.
    """
    from models.network import arrays_of
    from models.phrases import fit_phrases
    from models.release import release
    from models.training import Recipe, refresh, teach

    course = read_course(config)
    recipe = Recipe(**course.recipe)
    everything, written = read_codebook(course.codebook), read_codebook(course.written) if course.written else []
    training, held_out = split(everything, course.held_out)
    if not training or not held_out:
        raise BadRecipe(
            f"{config.name}: expected groups on both sides of the split, found one side empty; add examples"
        )
    related = without({each.head: read_related(each) for each in course.related}, held_out)
    report(f"{len(training)} examples to learn from, {len(held_out)} held out, {len(related)} related sets")
    seen = [*training, *written]
    measured = teach(first_stage(out, training, related, recipe, report), seen, recipe, report)
    report("measured: now gently on everything")
    final = refresh(measured, [*seen, *held_out], recipe, report)
    return release(
        arrays_of(measured) | fit_phrases(seen),
        training,
        held_out,
        arrays_of(final) | fit_phrases([*seen, *held_out]),
        out,
        {"recipe": asdict(recipe), "statement": course.statement},
    )


Lent = Mapping[str, tuple[Sequence[Example], int]]


def first_stage(
    out: Path, training: Sequence[Example], related: Lent, recipe: "Recipe", report: Report
) -> "SignalNetwork":
    """Return the network after the first stage; it is kept beside `out` and read back when nothing has changed."""
    from safetensors.torch import load_file, save_file

    from models.network import SIZES
    from models.training import lend, new_network

    kept = out.with_name(f".{out.name}.{_stage_print(training, related, recipe)}.safetensors")
    if kept.exists():
        report("first stage: the one kept by an earlier run of the same recipe and data")
        network = new_network(SIZES, recipe)
        network.load_state_dict(load_file(kept))
        return network
    network = lend(training, related, recipe, report)
    kept.parent.mkdir(parents=True, exist_ok=True)
    save_file(network.state_dict(), kept.with_suffix(".part"))
    kept.with_suffix(".part").replace(kept)
    return network


def _stage_print(training: Sequence[Example], related: Lent, recipe: "Recipe") -> str:
    """Return a short hash of everything that the first stage depends on."""
    later = {"epochs", "soup", "refresh_epochs", "variation"}
    settings = {key: value for key, value in asdict(recipe).items() if key not in later}
    digest = sha256(json.dumps(settings, sort_keys=True).encode())
    for example in [*training, *(each for examples, _ in related.values() for each in examples)]:
        digest.update(f"{sorted(example.labels.items())}{example.text}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:12]


def without(related: Lent, held_out: Sequence[Example]) -> Lent:
    """Return the related sets without texts that are also held out: sets overlap, and a text must not stand in both."""
    prints = {text_print(example.text) for example in held_out}
    return {
        head: ([each for each in examples if each.group not in prints], classes)
        for head, (examples, classes) in related.items()
    }
