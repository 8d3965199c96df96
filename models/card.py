"""The card of a model folder, written from its config.json and metrics.json: a number stands in one place only."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean
from string import Template
from typing import Any

from models.folder import config_of, metrics_of, version_of
from models.signals import HEADS

NOT_MEASURED = "Not measured for this release."


def card(folder: Path) -> str:
    """Return the card in Markdown. Raises ModelRefused when the folder has no configuration."""
    config, found = config_of(folder), metrics_of(folder)
    heads = found["heads"]
    held_out = heads["tone"]["messages"]
    hard, control = found.get("hard", []), found.get("control", {})
    return Template((Path(__file__).parent / "card.md").read_text(encoding="utf-8")).substitute(
        name=folder.name,
        version=version_of(folder),
        weights_sha256=config["weights_sha256"],
        encoder_sha256=config["encoder"]["sha256"]["model.safetensors"],
        tokenizer_sha256=config["encoder"]["sha256"]["tokenizer.json"],
        statement=config.get("statement", "No data statement was given in the training configuration."),
        held_out=held_out,
        heads=_lines(_head_row(head, each, found.get("words", {})) for head, each in heads.items()),
        confusion="\n\n".join(_confusion(head, each["confusion"]) for head, each in heads.items()),
        parts="\n\n".join(_parts(found[key], title) for key, title in PARTS.items() if key in found) or NOT_MEASURED,
        reliability=_reliability(found.get("reliability", {})) or NOT_MEASURED,
        count=len(_probed()),
        invariance=_lines((kind, f"{e['move']:.3f}", f"{e['flips']:.1%}") for kind, e in found["invariance"].items()),
        signals=" | ".join(HEADS),
        fairness=_lines(_fairness_row(group, each) for group, each in found["fairness"].items()),
        accounts=next((each["accounts"] for each in control.values()), 0),
        control=_lines((f"`{head}`", f"{each['auc']:.2f}") for head, each in control.items()) or NOT_MEASURED,
        hard=len(hard),
        failures=_failures(hard),
        recipe="\n".join(f"- `{key}`: {value}" for key, value in config.get("recipe", {}).items()),
    )


PARTS = {"by_source": "source", "by_length": "length"}


def _probed() -> list[str]:
    from models.probes import filled

    return filled()


def _lines(rows: Iterable[Sequence[object]]) -> str:
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)


def _head_row(head: str, each: Mapping[str, Any], words: Mapping[str, float]) -> list[str]:
    by_value = ", ".join(f"{f1:.2f}" for f1 in each["f1"])
    compared = f"{words[head]:.3f}" if head in words else "–"
    return [f"`{head}`", f"{each['macro_f1']:.3f}", by_value, compared, f"{each['ece']:.3f}", f"{each['brier']:.3f}"]


def _confusion(head: str, counts: Sequence[Sequence[int]]) -> str:
    values = HEADS[head]
    header = [f"`{head}`", *values]
    return _lines([header, ["---"] * len(header), *([f"**{v}**", *row] for v, row in zip(values, counts, strict=True))])


def _parts(parts: Mapping[str, Mapping[str, float]], title: str) -> str:
    header = [title, "messages", *HEADS]
    rows = [[part, each["messages"], *(f"{each[head]:.2f}" for head in HEADS)] for part, each in parts.items()]
    return _lines([header, ["---"] * len(header), *rows])


def _reliability(found: Mapping[str, Sequence[Sequence[float]]]) -> str:
    rows = [
        [f"`{head}`", "; ".join(f"{sure:.2f}: {right:.2f} ({count:.0f})" for sure, right, count in bins)]
        for head, bins in found.items()
    ]
    return _lines([["signal", "confidence: right (messages)"], ["---", "---"], *rows]) if rows else ""


def _fairness_row(group: str, each: Mapping[str, float]) -> list[str]:
    moves = [each[head] for head in HEADS]
    return [group.replace("_", " "), *(f"{move:.3f}" for move in moves), f"{mean(moves):.3f}"]


def _failures(hard: Sequence[Mapping[str, Any]]) -> str:
    wrong = [case for case in hard if case["value"] != case["decided"]]
    rows = (f'- "{each["text"]}" `{each["head"]}` should be {each["value"]}, is {each["decided"]}' for each in wrong)
    return "\n".join(rows) or "None of them; which does not mean that there are none."
