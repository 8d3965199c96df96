"""Texts in, Signals out: no mail, no people, no database.

Importing this loads no weights and no framework: what needs them is found by name, where it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from models.corpus import Example, parse_record, read_codebook, read_jsonl
from models.errors import BadRecord, ModelError, ModelRefused
from models.folder import metrics_of, version_of
from models.signals import HEADS, Scorer, Signals

if TYPE_CHECKING:
    from models.baselines import compare, comparison
    from models.evaluation import evaluate, summary
    from models.recipe import train_from
    from models.scorer import load

__all__ = [
    "HEADS",
    "BadRecord",
    "Example",
    "ModelError",
    "ModelRefused",
    "Scorer",
    "Signals",
    "compare",
    "comparison",
    "evaluate",
    "load",
    "metrics_of",
    "parse_record",
    "read_codebook",
    "read_jsonl",
    "summary",
    "train_from",
    "version_of",
]

_LATER = {
    "compare": "models.baselines",
    "comparison": "models.baselines",
    "evaluate": "models.evaluation",
    "load": "models.scorer",
    "summary": "models.evaluation",
    "train_from": "models.recipe",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'models' has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
