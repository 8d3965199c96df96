"""Commands of the model: score, evaluate, train."""

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click

BATCH = 1_024
"""Records that are read before they are scored together."""

MODEL = click.option(
    "--model", type=click.Path(path_type=Path, exists=True), help="A model folder; default: the released one."
)


@click.command()
@click.argument("file", default="-", type=click.Path(path_type=Path, allow_dash=True))
@MODEL
def score(file: Path, model: Path | None) -> None:
    """Score JSONL {"id", "text"} and print JSONL {"id", "labels", "p"}; reads standard input without FILE.

    Example: echo '{"id": 1, "text": "Thanks, that helped a lot."}' | quietpivot score
    """
    from models import load

    scorer = load(model)
    records = _records(file)
    while batch := list(islice(records, BATCH)):
        for record, signals in zip(batch, scorer.score([each["text"] for each in batch]), strict=True):
            click.echo(json.dumps({"id": record.get("id"), "labels": signals.labels, "p": _p(signals.probabilities())}))


def _records(file: Path) -> Iterator[dict[str, Any]]:
    """Yield records; bytes that are no UTF-8 become replacement characters rather than an end."""
    from models import parse_record

    dash = str(file) == "-"
    stream = sys.stdin.buffer if dash else file.open("rb")
    for number, line in enumerate(stream, start=1):
        if line.strip():
            yield parse_record(line.decode("utf-8", "replace"), "standard input" if dash else file.name, number)


def _p(probabilities: dict[str, list[float]]) -> dict[str, float | list[float]]:
    """Return triples as they are and yes/no heads as the probability of yes."""
    return {
        head: round(values[1], 5) if len(values) == 2 else [round(each, 5) for each in values]
        for head, values in probabilities.items()
    }


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the metrics as JSON.")
@click.option("--compare", "beside", is_flag=True, help="Put word counts, a lexicon and the majority beside the model.")
@MODEL
def evaluate(file: Path, as_json: bool, beside: bool, model: Path | None) -> None:
    """Score labelled JSONL (the codebook's columns beside "text") and report how well each signal is told.

    With --compare, baselines that learn do so from the other folds of FILE.

    Example: quietpivot evaluate labelled.jsonl --compare
    """
    from models import compare, comparison, load, read_codebook, summary
    from models import evaluate as measure

    examples = read_codebook(file)
    scored = load(model).score([example.text for example in examples])
    found: Any = compare(examples, scored) if beside else measure(examples, scored)
    click.echo(json.dumps(found) if as_json else comparison(found) if beside else summary(found))


@click.command()
@click.argument("config", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The model folder to write.")
def train(config: Path, out: Path) -> None:
    """Fine-tune the shared encoder and its seven heads as CONFIG says; write a model folder with its card.

    Example: quietpivot train training.toml --out my-model
    """
    from models import summary, train_from

    found = train_from(config, out, lambda line: click.echo(line, err=True))
    click.echo(summary(found["heads"]))


COMMANDS = (score, evaluate, train)
