"""`nlp.add_pipe("alliance_signals")`: the released model as a spaCy component; sets `doc._.alliance_signals`."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from models.scorer import load


@Language.factory("alliance_signals", default_config={"folder": None})  # type: ignore[untyped-decorator]
def alliance_signals(nlp: Any, name: str, folder: str | None) -> "AllianceSignals":
    """Make the component; `folder` is a model folder, None the released model."""
    return AllianceSignals(folder)


class AllianceSignals:
    """Scores the text of each document."""

    def __init__(self, folder: str | None) -> None:
        self._scorer = load(Path(folder) if folder else None)
        if not Doc.has_extension("alliance_signals"):
            Doc.set_extension("alliance_signals", default=None)

    def __call__(self, doc: Any) -> Any:
        """Score one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Any], batch_size: int = 256) -> Iterator[Any]:
        """Score documents in batches."""
        waiting = iter(stream)
        while docs := list(islice(waiting, batch_size)):
            for doc, signals in zip(docs, self._scorer.score([doc.text for doc in docs]), strict=True):
                doc._.alliance_signals = signals
                yield doc
