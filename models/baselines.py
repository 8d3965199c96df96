"""What a model is compared with: the most frequent value, words by logistic regression, and a lexicon."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.calibration import Floats
from models.corpus import Example, bucket
from models.errors import BadRecord
from models.evaluation import evaluate
from models.lexicon import LexiconScorer
from models.signals import HEADS, Signals

Metrics = dict[str, dict[str, Any]]

FOLDS = 5

SMALL = 500
"""Examples up to which a word that occurs once is kept."""


def compare(
    examples: Sequence[Example], scored: Sequence[Signals], training: Sequence[Example] | None = None
) -> dict[str, Metrics]:
    """Return method -> head -> metrics on the same examples: the model and three baselines.

    Baselines that learn do so from `training`; without it from the other folds of `examples`, split by group.
    Raises BadRecord when there is nothing to learn from.
    """
    texts = [example.text for example in examples]
    return {
        "model": evaluate(examples, scored),
        "words": evaluate(examples, _learned(words, examples, training)),
        "lexicon": evaluate(examples, LexiconScorer().score(texts)),
        "majority": evaluate(examples, _learned(majority, examples, training)),
    }


def comparison(found: Mapping[str, Metrics]) -> str:
    """Return a table of macro-F1: a line a signal, a column a method, the mean last."""
    lines = [f"{'macro-F1':14}" + "".join(f"{method:>10}" for method in found)]
    for head in HEADS:
        lines.append(f"{head:14}" + "".join(f"{each[head]['macro_f1']:10.3f}" for each in found.values()))
    means = (float(np.mean([each[head]["macro_f1"] for head in HEADS])) for each in found.values())
    return "\n".join([*lines, f"{'mean':14}" + "".join(f"{mean:10.3f}" for mean in means)])


def _learned(method: Any, examples: Sequence[Example], training: Sequence[Example] | None) -> list[Signals]:
    if training is not None:
        return list(method(training, examples))
    folds = np.array([bucket(example.group) % FOLDS for example in examples])
    if len(set(folds)) < 2:
        raise BadRecord("expected messages of several conversations to learn from, found one; name a training file")
    scored: dict[int, Signals] = {}
    for fold in set(folds):
        own, rest = np.flatnonzero(folds == fold).tolist(), np.flatnonzero(folds != fold).tolist()
        scored |= zip(own, method([examples[i] for i in rest], [examples[i] for i in own]), strict=True)
    return [scored[row] for row in range(len(examples))]


def majority(training: Sequence[Example], examples: Sequence[Example]) -> list[Signals]:
    """Give every example the training's frequencies, and so its most frequent value."""
    rows = {}
    for head, values in HEADS.items():
        counts = np.bincount([example.labels[head] for example in training], minlength=len(values))
        rows[head] = np.tile(counts / max(counts.sum(), 1), (len(examples), 1))
    return _as_signals(rows)


def words(training: Sequence[Example], examples: Sequence[Example]) -> list[Signals]:
    """Words and pairs of words by TF-IDF and a logistic regression a head, rare values weighted up."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    rarest = 2 if len(training) > SMALL else 1
    features = TfidfVectorizer(ngram_range=(1, 2), min_df=rarest, sublinear_tf=True, max_features=60_000)
    seen = features.fit_transform([example.text for example in training])
    asked = features.transform([example.text for example in examples])
    rows = {}
    for head, values in HEADS.items():
        truth = np.array([example.labels[head] for example in training])
        rows[head] = np.zeros((len(examples), len(values)))
        if len(set(truth)) == 1:
            rows[head][:, truth[0]] = 1.0
            continue
        fitted = LogisticRegression(C=4.0, class_weight="balanced", max_iter=300).fit(seen, truth)
        rows[head][:, fitted.classes_] = fitted.predict_proba(asked)
    return _as_signals(rows)


def _as_signals(rows: Mapping[str, Floats]) -> list[Signals]:
    return [_one({head: values[row] for head, values in rows.items()}) for row in range(len(rows["tone"]))]


def _one(own: Mapping[str, Floats]) -> Signals:
    return Signals(
        **{head: float(p[1]) if len(p) == 2 else tuple(map(float, p)) for head, p in own.items()},  # type: ignore[arg-type]
        tokens=0,
        labels={head: HEADS[head][int(p.argmax())] for head, p in own.items()},
    )
